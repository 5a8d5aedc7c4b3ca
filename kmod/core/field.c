// SPDX-License-Identifier: GPL-2.0
#include "field.h"
#include "octet.h"

/*
 * The end of a name of letters and "-" that begins at name, where a colon follows: almost
 * every field's.  Or name itself, where it is not as simple as that.
 */
static const u8 *plain_name(const u8 *name, const u8 *end)
{
	const u8 *p = name;

	for (; end - p >= 2 * SIPSEC_WORD; p += 2 * SIPSEC_WORD) {
		/* both words always: no CPU can foretell which of them has it */
		u64 first = sipsec_word_no_name(sipsec_word(p));
		u64 second = sipsec_word_no_name(sipsec_word(p + SIPSEC_WORD));
		u64 stop = first ? first : second;

		if (unlikely(!stop))
			continue;
		p += sipsec_word_first(stop) + (first ? 0 : SIPSEC_WORD);
		return *p == ':' ? p : name;
	}
	return name;
}

const u8 *sipsec_field_colon(const u8 *name, const u8 *end, enum sipsec_field_name *is)
{
	const u8 *p = plain_name(name, end);

	if (p == name)
		/* no need to count: a CR is no token, nor white space */
		while (sipsec_octet_is(*p, SIPSEC_OCTET_TOKEN))
			p++;
	if (p == name)
		return NULL;
	*is = sipsec_field_name(name, p - name);
	while (sipsec_octet_is(*p, SIPSEC_OCTET_WS))
		p++;
	return *p == ':' ? p : NULL;
}

bool sipsec_field_read_any(const u8 *p, const u8 *end, struct sipsec_field *f,
			   enum sipsec_why *why)
{
	const u8 *eol = sipsec_find_eol(p, end), *colon;

	if (!sipsec_crlf(eol, end))
		goto bad_line;
	colon = sipsec_field_colon(p, end, &f->is);
	if (!colon) {
		*why = SIPSEC_WHY_HEADER_NAME;
		return false;
	}
	for (f->lines = 1; eol + 2 < end && sipsec_octet_is(eol[2], SIPSEC_OCTET_WS); f->lines++) {
		eol = sipsec_find_eol(eol + 2, end);
		if (!sipsec_crlf(eol, end))
			goto bad_line;
	}
	f->name = p;
	f->value = colon + 1;
	f->end = eol;
	f->follows = SIPSEC_FOLLOWS_ANY;
	return true;

bad_line:
	*why = sipsec_eol_why(eol, end);
	return false;
}

bool sipsec_field_next(const u8 *buf, const struct sipsec_msg *msg, struct sipsec_field *f)
{
	const u8 *p = f->end ? f->end + 2 : buf + msg->start_len, *end = buf + msg->body_off;
	enum sipsec_why why;

	return p < end - 2 && sipsec_field_read(p, end, f, &why);
}
