// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "reference.h"

static bool is_blank(u8 c)
{
	return c == ' ' || c == '\t';
}

static struct ref_part trim(const u8 *buf, struct ref_part p)
{
	while (p.len && is_blank(buf[p.off])) {
		p.off++;
		p.len--;
	}
	while (p.len && is_blank(buf[p.off + p.len - 1]))
		p.len--;
	return p;
}

bool ref_is_token(const u8 *buf, struct ref_part part)
{
	u32 i;

	for (i = 0; i < part.len; i++) {
		u8 c = buf[part.off + i];

		if (c == 0 || c >= 0x80 || (!isalnum(c) && !strchr("-.!%*_+`'~", c)))
			return false;
	}
	return part.len > 0;
}

static bool is_ipv6_reference(const u8 *buf, struct ref_part p)
{
	struct in6_addr address;
	char text[64];

	if (p.len < 2 || p.len > sizeof(text) || buf[p.off] != '[' || buf[p.off + p.len - 1] != ']')
		return false;
	memcpy(text, buf + p.off + 1, p.len - 2);
	text[p.len - 2] = 0;
	return inet_pton(AF_INET6, text, &address) == 1;
}

static bool is_quoted_string(const u8 *buf, struct ref_part p)
{
	u32 i, more = 0, end = p.off + p.len - 1;

	if (p.len < 2 || buf[p.off] != '"' || buf[end] != '"')
		return false;
	for (i = p.off + 1; i < end; i++) {
		u8 c = buf[i];

		if (more) {
			/* UTF8-CONT */
			if (c < 0x80 || c > 0xbf)
				return false;
			more--;
		} else if (c == '\\') {
			/* what is quoted is an octet of ASCII, and not the last '"' */
			if (++i >= end || buf[i] > 0x7f)
				return false;
		} else if (c >= 0xfc && c <= 0xfd) {
			more = 5;
		} else if (c >= 0xf8 && c <= 0xfb) {
			more = 4;
		} else if (c >= 0xf0 && c <= 0xf7) {
			more = 3;
		} else if (c >= 0xe0 && c <= 0xef) {
			more = 2;
		} else if (c >= 0xc0 && c <= 0xdf) {
			more = 1;
		} else if (c == '"' || (c < 0x20 && c != '\t') || c > 0x7e) {
			return false;
		}
	}
	return !more;
}

static bool same_text(const u8 *buf, struct ref_part p, const char *text)
{
	return p.len == strlen(text) && !strncasecmp((const char *)buf + p.off, text, p.len);
}

static bool hexadecimal(const u8 *buf, struct ref_part p, u32 most, u64 *value)
{
	char text[32];
	u32 i;

	if (!p.len || p.len > most)
		return false;
	for (i = 0; i < p.len; i++)
		if (!isxdigit(buf[p.off + i]))
			return false;
	memcpy(text, buf + p.off, p.len);
	text[p.len] = 0;
	*value = strtoull(text, NULL, 16);
	return true;
}

static bool base64url(const u8 *buf, struct ref_part p)
{
	u32 i;

	for (i = 0; i < p.len; i++)
		if (!isalnum(buf[p.off + i]) && buf[p.off + i] != '-' && buf[p.off + i] != '_')
			return false;
	return p.len >= 1 && p.len <= 43;
}

struct param {
	struct ref_part name, value;
	bool has_value;
};

static int find(const u8 *buf, const struct param *params, int nr, const char *name, int from)
{
	int i;

	for (i = from; i < nr; i++)
		if (same_text(buf, params[i].name, name))
			return i;
	return -1;
}

/* Cut at the semicolons that are not in quotes; what is in them is judged later. */
static int cut(const u8 *buf, struct ref_part value, struct ref_part *pieces)
{
	u32 i, start = value.off;
	bool quoted = false;
	int nr = 0;

	for (i = value.off; i < value.off + value.len; i++) {
		if (quoted && buf[i] == '\\') {
			i++;
		} else if (buf[i] == '"') {
			quoted = !quoted;
		} else if (buf[i] == ';' && !quoted) {
			pieces[nr++] = (struct ref_part){ start, i - start };
			start = i + 1;
		}
	}
	pieces[nr++] = (struct ref_part){ start, value.off + value.len - start };
	return nr;
}

/* Read one piece as generic-param. */
static bool read_param(const u8 *buf, struct ref_part piece, struct param *param)
{
	const u8 *equal = memchr(buf + piece.off, '=', piece.len);
	u32 at = equal ? equal - (buf + piece.off) : piece.len;

	param->name = trim(buf, (struct ref_part){ piece.off, at });
	param->has_value = equal;
	if (!ref_is_token(buf, param->name))
		return false;
	if (!equal)
		return true;
	param->value = trim(buf, (struct ref_part){ piece.off + at + 1, piece.len - at - 1 });
	return ref_is_token(buf, param->value) || is_ipv6_reference(buf, param->value) ||
	       is_quoted_string(buf, param->value);
}

static bool known_scope(const u8 *buf, struct ref_part spi, const struct param *params,
			int nr, struct ref_integrity *field)
{
	int i, j, seq, mac, generic = 0;

	for (i = 0; i < nr; i++) {
		for (j = 0; j < i; j++)
			if (params[i].name.len == params[j].name.len &&
			    !strncasecmp((const char *)buf + params[i].name.off,
					 (const char *)buf + params[j].name.off,
					 params[i].name.len))
				return false;
		if (!same_text(buf, params[i].name, "seq") &&
		    !same_text(buf, params[i].name, "mac") &&
		    !same_text(buf, params[i].name, "scope"))
			generic++;
	}
	/* this project's own bound */
	if (generic > 64)
		return false;
	seq = find(buf, params, nr, "seq", 0);
	mac = find(buf, params, nr, "mac", 0);
	if (seq < 0 || mac < 0 || !params[seq].has_value || !params[mac].has_value)
		return false;
	field->mac = params[mac].value;
	return hexadecimal(buf, spi, 8, &field->spi) &&
	       hexadecimal(buf, params[seq].value, 16, &field->seq) && field->seq &&
	       base64url(buf, field->mac);
}

bool ref_integrity(const u8 *buf, struct ref_part value, struct ref_integrity *field)
{
	struct ref_part *pieces = calloc(value.len + 1, sizeof(*pieces));
	struct param *params = calloc(value.len + 1, sizeof(*params));
	int nr, i, scope;
	bool good = false;

	memset(field, 0, sizeof(*field));
	for (i = 0; i < (int)value.len; i++)
		if (memchr("\r\n", buf[value.off + i], 3))
			goto out;
	nr = cut(buf, value, pieces);
	pieces[0] = trim(buf, pieces[0]);
	if (!ref_is_token(buf, pieces[0]))
		goto out;
	for (i = 1; i < nr; i++)
		if (!read_param(buf, pieces[i], &params[i - 1]))
			goto out;
	nr--;

	scope = find(buf, params, nr, "scope", 0);
	if (scope >= 0) {
		if (!params[scope].has_value || !ref_is_token(buf, params[scope].value) ||
		    find(buf, params, nr, "scope", scope + 1) >= 0)
			goto out;
		if (same_text(buf, params[scope].value, "e2e"))
			field->scope = REF_E2E;
		else if (!same_text(buf, params[scope].value, "hop"))
			field->scope = REF_UNKNOWN;
	}
	good = field->scope == REF_UNKNOWN || known_scope(buf, pieces[0], params, nr, field);
out:
	free(pieces);
	free(params);
	return good;
}
