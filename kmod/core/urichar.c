// SPDX-License-Identifier: GPL-2.0
#include "octet.h"
#include "urichar.h"

#define ALPHA	(SIPSEC_URI_ALPHA | DIGIT)
#define DIGIT	(SIPSEC_URI_ALNUM | MARK)
#define MARK	(SIPSEC_URI_USER | SIPSEC_URI_PARAM)
#define VISUAL	SIPSEC_URI_VISUAL
#define RES	SIPSEC_URI_RESERVED
#define USER	SIPSEC_URI_USER
#define PARAM	SIPSEC_URI_PARAM

const u8 sipsec_urichars[256] = {
	['!'] = MARK,
	['$'] = RES | USER | PARAM,
	['&'] = RES | USER | PARAM,
	['\''] = MARK,
	['(' ... ')'] = MARK | VISUAL,
	['*'] = MARK,
	['+'] = RES | USER | PARAM,
	[','] = RES | USER,
	['-' ... '.'] = MARK | VISUAL,
	['/'] = RES | USER | PARAM,
	['0' ... '9'] = DIGIT,
	[':'] = RES | PARAM,
	[';'] = RES | USER,
	['='] = RES | USER,
	['?'] = RES | USER,
	['@'] = RES,
	['A' ... 'Z'] = ALPHA,
	['['] = PARAM,
	[']'] = PARAM,
	['_'] = MARK,
	['a' ... 'z'] = ALPHA,
	['~'] = MARK,
};

int sipsec_uri_next(const u8 **at, const u8 *end)
{
	const u8 *p = *at;
	u8 c;

	if (p == end)
		return SIPSEC_URI_END;
	c = *p;
	if (c != '%') {
		*at = p + 1;
		return c;
	}
	if (end - p < 3 || !sipsec_octet_is(p[1], SIPSEC_OCTET_HEX) ||
	    !sipsec_octet_is(p[2], SIPSEC_OCTET_HEX))
		return SIPSEC_URI_BAD;
	c = sipsec_octet_hex(p[1]) << 4 | sipsec_octet_hex(p[2]);
	/* a proxy written in C would see the end of a text, or of a line, there */
	if (c < ' ' || c == 0x7f)
		return SIPSEC_URI_BAD;
	*at = p + 3;
	return sipsec_urichar_is(c, SIPSEC_URI_RESERVED) ? c | SIPSEC_URI_ESCAPED : c;
}

bool sipsec_uri_chars(const u8 *at, const u8 *end, u8 mask)
{
	while (at < end) {
		if (*at != '%' && !sipsec_urichar_is(*at, mask))
			return false;
		if (sipsec_uri_next(&at, end) < 0)
			return false;
	}
	return true;
}
