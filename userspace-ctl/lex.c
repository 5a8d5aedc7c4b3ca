// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "core/quoted.h"
#include "core/utf8.h"
#include "lex.h"

bool lex_end(const struct cursor *c)
{
	return c->pos >= c->end;
}

bool lex_is_space(uint8_t o)
{
	return o == ' ' || o == '\t' || o == '\r' || o == '\n';
}

static bool is_token(uint8_t o)
{
	if ((o >= '0' && o <= '9') || (o >= 'a' && o <= 'z') || (o >= 'A' && o <= 'Z'))
		return true;
	return o && o < 0x80 && strchr("-.!%*_+`'~", o);
}

void lex_skip_space(struct cursor *c)
{
	while (!lex_end(c) && lex_is_space(c->msg[c->pos]))
		c->pos++;
}

bool lex_octet(struct cursor *c, uint8_t o)
{
	if (lex_end(c) || c->msg[c->pos] != o)
		return false;
	c->pos++;
	return true;
}

bool lex_token(struct cursor *c, struct sipsec_span *s)
{
	s->off = c->pos;
	while (!lex_end(c) && is_token(c->msg[c->pos]))
		c->pos++;
	s->len = c->pos - s->off;
	return s->len;
}

bool lex_quoted(struct cursor *c, struct sipsec_span *s)
{
	struct sipsec_quoted q;
	uint32_t pos = c->pos, n;

	if (lex_end(c) || c->msg[pos] != '"' ||
	    !sipsec_quoted_read(c->msg, &pos, c->end, &q))
		return false;
	s->off = c->pos + 1;
	s->len = pos - 1 - s->off;
	for (pos = s->off; pos < s->off + s->len; pos += n) {
		n = sipsec_utf8_len(c->msg + pos, s->off + s->len - pos);
		if (!n)
			return false;
	}
	c->pos = pos + 1;
	return true;
}

bool lex_text_is(const uint8_t *name, size_t len, const char *text)
{
	size_t i;

	if (len != strlen(text))
		return false;
	for (i = 0; i < len; i++) {
		uint8_t o = name[i];

		if (o >= 'A' && o <= 'Z')
			o += 'a' - 'A';
		if (o != (uint8_t)text[i])
			return false;
	}
	return true;
}

bool lex_same(const uint8_t *msg, const struct sipsec_span *s, const char *text)
{
	return lex_text_is(msg + s->off, s->len, text);
}

/* The end of the field at pos, with its continuation lines and without the CRLF. */
static uint32_t field_end(const uint8_t *msg, uint32_t pos, uint32_t header_end)
{
	for (; pos + 2 < header_end; pos++)
		if (msg[pos] == '\r' && msg[pos + 2] != ' ' && msg[pos + 2] != '\t')
			break;
	return pos;
}

bool lex_next_field(const uint8_t *msg, const struct sipsec_msg *m, uint32_t *pos,
		    struct sipsec_span *name, struct cursor *value)
{
	/* header_end is behind the CRLF of the last field, before the empty line. */
	const uint32_t header_end = m->body_off - 2;

	if (*pos >= header_end)
		return false;
	value->msg = msg;
	value->pos = *pos;
	value->end = field_end(msg, *pos, header_end);
	*pos = value->end + 2;
	/* Well-formed: there are a name and a colon. */
	lex_token(value, name);
	lex_skip_space(value);
	lex_octet(value, ':');
	return true;
}
