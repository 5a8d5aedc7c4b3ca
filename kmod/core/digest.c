// SPDX-License-Identifier: GPL-2.0
#include "digest.h"
#include "octet.h"
#include "quoted.h"
#include "word.h"

#define USERNAME_LEN	8

struct param {
	struct sipsec_span name;
	struct sipsec_span value;	/* without the quotes */
	bool quoted;
};

static u32 skip_lws(const u8 *buf, u32 pos, u32 end)
{
	return sipsec_octet_skip(buf, pos, end, SIPSEC_OCTET_LWS);
}

static bool is_username(const u8 *buf, struct sipsec_span name)
{
	return name.len >= USERNAME_LEN &&
	       sipsec_token_equal(buf + name.off, (const u8 *)"username", USERNAME_LEN);
}

/* name EQUAL ( token / quoted-string ) and the white space behind it. */
static bool read_param(const u8 *buf, u32 *pos, u32 end, struct param *p)
{
	struct sipsec_quoted q;
	u32 at;

	p->name.off = skip_lws(buf, *pos, end);
	at = sipsec_octet_skip(buf, p->name.off, end, SIPSEC_OCTET_TOKEN);
	p->name.len = at - p->name.off;
	at = skip_lws(buf, at, end);
	if (!p->name.len || at == end || buf[at] != '=')
		return false;
	at = skip_lws(buf, at + 1, end);
	p->value.off = at;
	p->quoted = at < end && buf[at] == '"';
	if (p->quoted) {
		if (!sipsec_quoted_read(buf, &at, end, &q) || q.escapes)
			return false;
		p->value.off++;
		p->value.len = at - 1 - p->value.off;
	} else {
		at = sipsec_octet_skip(buf, at, end, SIPSEC_OCTET_TOKEN);
		p->value.len = at - p->value.off;
		if (!p->value.len)
			return false;
	}
	*pos = skip_lws(buf, at, end);
	return true;
}

bool sipsec_digest_username(const u8 *buf, u32 pos, u32 end, struct sipsec_span *username)
{
	struct sipsec_span scheme;
	bool found = false;
	struct param p;

	scheme.off = skip_lws(buf, pos, end);
	pos = sipsec_octet_skip(buf, scheme.off, end, SIPSEC_OCTET_TOKEN);
	scheme.len = pos - scheme.off;
	if (!sipsec_token_is(buf + scheme.off, scheme.len, "digest") ||
	    skip_lws(buf, pos, end) == pos)
		return false;
	for (;; pos++) {
		if (!read_param(buf, &pos, end, &p))
			return false;
		if (is_username(buf, p.name)) {
			/* "username*" and others that begin so are none that all can read */
			if (found || !p.quoted || p.name.len != USERNAME_LEN)
				return false;
			found = true;
			*username = p.value;
		}
		if (pos == end)
			return found;
		if (buf[pos] != ',')
			return false;
	}
}
