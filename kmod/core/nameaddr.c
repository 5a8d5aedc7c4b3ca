// SPDX-License-Identifier: GPL-2.0
#include "genvalue.h"
#include "nameaddr.h"
#include "octet.h"
#include "quoted.h"
#include "word.h"

static u32 skip_lws(const u8 *buf, u32 pos, u32 end)
{
	return sipsec_octet_skip(buf, pos, end, SIPSEC_OCTET_LWS);
}

/* *( token LWS ) or quoted-string; the end of it and of the white space behind it. */
static bool skip_name(const u8 *buf, u32 *pos, u32 end, bool *ambiguous)
{
	struct sipsec_quoted q;
	u32 at = *pos;

	*ambiguous = false;
	if (at < end && buf[at] == '"') {
		if (!sipsec_quoted_read(buf, &at, end, &q))
			return false;
		*ambiguous = q.brackets;
		at = skip_lws(buf, at, end);
	} else {
		for (; at < end; at++) {
			if (buf[at] >= 0x80)
				*ambiguous = true;
			else if (!sipsec_octet_is(buf[at], SIPSEC_OCTET_TOKEN | SIPSEC_OCTET_LWS))
				break;
		}
	}
	*pos = at;
	return at < end && buf[at] == '<';
}

/* The URI between angle brackets, the first of which is at *pos. */
static bool read_bracketed(const u8 *buf, u32 *pos, u32 end, struct sipsec_span *uri)
{
	u32 at = *pos + 1;

	uri->off = at;
	while (at < end && buf[at] > ' ' && buf[at] != '<' && buf[at] != '>' && buf[at] != '"')
		at++;
	uri->len = at - uri->off;
	*pos = at + 1;
	return at < end && buf[at] == '>' && uri->len;
}

/* One without brackets, which then has no ";", "," or "?". */
static bool read_bare(const u8 *buf, u32 *pos, u32 end, struct sipsec_span *uri)
{
	u32 at = *pos;

	uri->off = at;
	while (at < end && buf[at] > ' ' && buf[at] != ';' && buf[at] != ',') {
		if (buf[at] == '<' || buf[at] == '>' || buf[at] == '"' || buf[at] == '?')
			return false;
		at++;
	}
	uri->len = at - uri->off;
	*pos = at;
	return uri->len;
}

bool sipsec_nameaddr_read(const u8 *buf, u32 *pos, u32 end, struct sipsec_nameaddr *addr)
{
	u32 at = skip_lws(buf, *pos, end);
	u32 name = at;

	if (skip_name(buf, &at, end, &addr->ambiguous)) {
		if (!read_bracketed(buf, &at, end, &addr->uri))
			return false;
	} else {
		at = name;
		addr->ambiguous = false;
		if (!read_bare(buf, &at, end, &addr->uri))
			return false;
	}
	*pos = skip_lws(buf, at, end);
	return true;
}

/* gen-value at *pos: a token (hosts are tokens), IPv6reference or quoted-string. */
static bool skip_value(const u8 *buf, u32 *pos, u32 end, bool *token)
{
	struct sipsec_quoted q;
	u32 at = *pos;

	*token = false;
	if (at == end)
		return false;
	switch (buf[at]) {
	case '"':
		return sipsec_quoted_read(buf, pos, end, &q) && !q.escapes && !q.brackets;
	case '[':
		*pos = at + sipsec_genvalue_len(buf + at, end - at);
		break;
	default:
		*token = true;
		*pos = sipsec_octet_skip(buf, at, end, SIPSEC_OCTET_TOKEN);
		break;
	}
	return *pos != at;
}

bool sipsec_nameaddr_params(const u8 *buf, u32 pos, u32 end, struct sipsec_span *tag)
{
	u32 name, len, value = 0;
	bool is_tag, token;

	tag->off = 0;
	tag->len = 0;
	for (pos = skip_lws(buf, pos, end); pos < end; pos = skip_lws(buf, pos, end)) {
		if (buf[pos] != ';')
			return false;
		name = skip_lws(buf, pos + 1, end);
		pos = sipsec_octet_skip(buf, name, end, SIPSEC_OCTET_TOKEN);
		len = pos - name;
		if (!len)
			return false;
		is_tag = sipsec_token_is(buf + name, len, "tag");
		token = false;
		pos = skip_lws(buf, pos, end);
		if (pos < end && buf[pos] == '=') {
			pos = skip_lws(buf, pos + 1, end);
			value = pos;
			if (!skip_value(buf, &pos, end, &token))
				return false;
		}
		if (!is_tag)
			continue;
		if (tag->len || !token)
			return false;
		tag->off = value;
		tag->len = pos - value;
	}
	return true;
}
