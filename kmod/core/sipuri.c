// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>

#include "octet.h"
#include "sipuri.h"
#include "urichar.h"
#include "word.h"

static const u8 *find(const u8 *at, const u8 *end, u8 c)
{
	while (at < end && *at != c)
		at++;
	return at;
}

/*
 * A reserved character that may stand in a user part by itself is not the same as
 * its escape (RFC 3261 clause 19.1.4), but there are programs that make it so:
 * who uses such an escape means one identity or the other.
 */
static bool is_ambiguous(int c)
{
	return c & SIPSEC_URI_ESCAPED && sipsec_urichar_is(c & 0xff, SIPSEC_URI_USER);
}

static bool good_user(const u8 *at, const u8 *end)
{
	int c;

	if (at == end || !sipsec_uri_chars(at, end, SIPSEC_URI_USER))
		return false;
	while ((c = sipsec_uri_next(&at, end)) != SIPSEC_URI_END)
		if (is_ambiguous(c))
			return false;
	return true;
}

/* userinfo "@", if there is an "@" at all: no other part of a URI may have one. */
static enum sipsec_uri_why read_user(const u8 **at, const u8 *end, struct sipsec_str *user)
{
	const u8 *p = find(*at, end, '@');

	user->at = *at;
	user->len = 0;
	if (p == end)
		return SIPSEC_URI_WHY_OK;
	if (find(*at, p, ':') != p)
		return SIPSEC_URI_WHY_PASSWORD;
	if (!good_user(*at, p))
		return SIPSEC_URI_WHY_USER;
	user->len = p - *at;
	*at = p + 1;
	return SIPSEC_URI_WHY_OK;
}

/* ":" port, if there is one. */
static bool read_port(const u8 **at, const u8 *end, u16 *port)
{
	const u8 *p = *at, *digits;
	u32 value = 0;

	*port = 0;
	if (p == end || *p != ':')
		return true;
	for (digits = ++p; p < end && sipsec_octet_is(*p, SIPSEC_OCTET_DIGIT); p++) {
		value = value * 10 + *p - '0';
		/* "05060" as well: it is not what a comparison of text would find */
		if (!value || value > U16_MAX)
			return false;
	}
	*at = p;
	*port = value;
	return p != digits;
}

/* ";" pname [ "=" pvalue ], each. */
static bool read_params(const u8 **at, const u8 *end, bool *phone)
{
	const u8 *p = *at, *name, *value, *stop;
	bool user = false;

	*phone = false;
	while (p < end && *p == ';') {
		name = p + 1;
		p = sipsec_urichar_skip(name, end, SIPSEC_URI_PARAM);
		stop = p;
		value = p;
		if (p == name)
			return false;
		if (p < end && *p == '=') {
			value = p + 1;
			for (p = value; p < end && *p != ';' && *p != '?'; p++)
				;
			if (p == value || !sipsec_uri_chars(value, p, SIPSEC_URI_PARAM))
				return false;
		}
		if (!sipsec_token_is(name, stop - name, "user"))
			continue;
		if (user || find(value, p, '%') != p)
			return false;
		user = true;
		*phone = sipsec_token_is(value, p - value, "phone");
	}
	*at = p;
	return true;
}

enum sipsec_uri_why sipsec_sipuri_parse(struct sipsec_str rest, struct sipsec_sipuri *uri)
{
	const u8 *at = rest.at, *end = rest.at + rest.len;
	enum sipsec_uri_why why;
	u32 len;

	why = read_user(&at, end, &uri->user);
	if (why)
		return why;
	len = sipsec_host_parse(at, end, &uri->host);
	if (!len)
		return SIPSEC_URI_WHY_HOST;
	at += len;
	if (!read_port(&at, end, &uri->port))
		return SIPSEC_URI_WHY_PORT;
	if (at < end && *at != ';' && *at != '?')
		return uri->port ? SIPSEC_URI_WHY_PORT : SIPSEC_URI_WHY_HOST;
	if (!read_params(&at, end, &uri->phone))
		return SIPSEC_URI_WHY_PARAM;
	if (at == end)
		return SIPSEC_URI_WHY_OK;
	return *at == '?' ? SIPSEC_URI_WHY_HEADERS : SIPSEC_URI_WHY_PARAM;
}

static bool users_equal(const struct sipsec_str *a, const struct sipsec_str *b)
{
	const u8 *p = a->at, *q = b->at;
	int c, d;

	if (!a->len || !b->len)
		return a->len == b->len;
	do {
		c = sipsec_uri_next(&p, a->at + a->len);
		d = sipsec_uri_next(&q, b->at + b->len);
		if (c != d || c == SIPSEC_URI_BAD)
			return false;
	} while (c != SIPSEC_URI_END);
	return true;
}

bool sipsec_sipuri_equal(const struct sipsec_sipuri *a, const struct sipsec_sipuri *b)
{
	return a->secure == b->secure && a->port == b->port &&
	       users_equal(&a->user, &b->user) && sipsec_host_equal(&a->host, &b->host);
}
