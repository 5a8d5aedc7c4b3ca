// SPDX-License-Identifier: GPL-2.0
#include "octet.h"
#include "siphost.h"
#include "teluri.h"
#include "urichar.h"
#include "word.h"

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_visual(int c)
{
	return c >= 0 && c <= 0xff && sipsec_urichar_is(c, SIPSEC_URI_VISUAL);
}

/* HEXDIG, "*", "#": of a local number. */
static bool is_local(int c)
{
	return c == '*' || c == '#' ||
	       (c >= 0 && c <= 0xff && sipsec_octet_is(c, SIPSEC_OCTET_HEX));
}

/*
 * Digits and visual separators up to end, at least one of them a digit; global:
 * decimal ones.
 */
static bool all_digits(const u8 *at, const u8 *end, bool global)
{
	bool any = false;
	int c;

	while ((c = sipsec_uri_next(&at, end)) != SIPSEC_URI_END) {
		if (global ? is_digit(c) : is_local(c))
			any = true;
		else if (!is_visual(c))
			return false;
	}
	return any;
}

static bool is_number(struct sipsec_str text)
{
	bool global = text.len && *text.at == '+';

	return all_digits(text.at + global, text.at + text.len, global);
}

/* Octet by octet, without regard to case; digits: nor to visual separators. */
static bool texts_equal(struct sipsec_str a, struct sipsec_str b, bool digits)
{
	const u8 *p = a.at, *q = b.at;
	int c, d;

	do {
		do
			c = sipsec_uri_next(&p, a.at + a.len);
		while (digits && is_visual(c));
		do
			d = sipsec_uri_next(&q, b.at + b.len);
		while (digits && is_visual(d));
		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		if (d >= 'A' && d <= 'Z')
			d |= 0x20;
		if (c != d || c == SIPSEC_URI_BAD)
			return false;
	} while (c != SIPSEC_URI_END);
	return true;
}

static bool is_context(struct sipsec_str name)
{
	return sipsec_token_is(name.at, name.len, "phone-context");
}

static const struct sipsec_tel_param *param(const struct sipsec_tel *tel, struct sipsec_str name)
{
	u32 i;

	for (i = 0; i < tel->nr; i++)
		if (texts_equal(tel->params[i].name, name, false))
			return &tel->params[i];
	return NULL;
}

static bool good_context(struct sipsec_str value)
{
	if (value.len && *value.at == '+')
		return is_number(value);
	return value.len && sipsec_hostname_len(value.at, value.at + value.len) == value.len;
}

/* ";" pname [ "=" pvalue ] at *at; pname is 1*( ALPHA / DIGIT / "-" ). */
static enum sipsec_uri_why read_param(const u8 **at, const u8 *end, struct sipsec_tel *tel)
{
	struct sipsec_tel_param *new = &tel->params[tel->nr];
	const u8 *p = *at + 1;

	new->name.at = p;
	while (p < end && (sipsec_urichar_is(*p, SIPSEC_URI_ALNUM) || *p == '-'))
		p++;
	new->name.len = p - new->name.at;
	new->value.at = p;
	new->value.len = 0;
	if (p < end && *p == '=') {
		new->value.at = ++p;
		while (p < end && *p != ';')
			p++;
		new->value.len = p - new->value.at;
		if (!new->value.len || !sipsec_uri_chars(new->value.at, p, SIPSEC_URI_PARAM))
			return SIPSEC_URI_WHY_PARAM;
	}
	if (!new->name.len || (p < end && *p != ';') || param(tel, new->name))
		return SIPSEC_URI_WHY_PARAM;
	if (is_context(new->name) && !good_context(new->value))
		return SIPSEC_URI_WHY_CONTEXT;
	tel->nr++;
	*at = p;
	return SIPSEC_URI_WHY_OK;
}

enum sipsec_uri_why sipsec_tel_parse(struct sipsec_str text, bool user, struct sipsec_tel *tel)
{
	const struct sipsec_str context = { (const u8 *)"phone-context", 13 };
	const u8 *at = text.at, *end = text.at + text.len;
	enum sipsec_uri_why why;

	for (tel->nr = 0; at < end && *at != ';'; at++)
		if (*at == '%' && !user)
			return SIPSEC_URI_WHY_NUMBER;
	tel->number.at = text.at;
	tel->number.len = at - text.at;
	if (!is_number(tel->number))
		return SIPSEC_URI_WHY_NUMBER;
	while (at < end) {
		if (tel->nr == SIPSEC_MAX_TEL_PARAMS)
			return SIPSEC_URI_WHY_PARAM;
		why = read_param(&at, end, tel);
		if (why)
			return why;
	}
	if (*text.at != '+' && !param(tel, context))
		return SIPSEC_URI_WHY_NO_CONTEXT;
	return SIPSEC_URI_WHY_OK;
}

static bool values_equal(const struct sipsec_tel_param *a, const struct sipsec_tel_param *b)
{
	bool digits = sipsec_token_is(a->name.at, a->name.len, "ext") ||
		      (is_context(a->name) && *a->value.at == '+' && *b->value.at == '+');

	return texts_equal(a->value, b->value, digits);
}

bool sipsec_tel_equal(const struct sipsec_tel *a, const struct sipsec_tel *b)
{
	const struct sipsec_tel_param *other;
	u32 i;

	/* a "+" is one of the octets: a global number never equals a local one */
	if (a->nr != b->nr || !texts_equal(a->number, b->number, true))
		return false;
	for (i = 0; i < a->nr; i++) {
		other = param(b, a->params[i].name);
		if (!other || !values_equal(&a->params[i], other))
			return false;
	}
	return true;
}
