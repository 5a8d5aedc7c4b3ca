/* SPDX-License-Identifier: GPL-2.0 */
/* What an octet may be in a URI (RFC 3261 clause 25.1, RFC 3966), and escapes. */
#ifndef SIPSEC_CORE_URICHAR_H
#define SIPSEC_CORE_URICHAR_H

#include <linux/bits.h>
#include <linux/types.h>

#define SIPSEC_URI_ALPHA	BIT(0)
#define SIPSEC_URI_ALNUM	BIT(1)
#define SIPSEC_URI_RESERVED	BIT(2)	/* reserved */
#define SIPSEC_URI_USER		BIT(3)	/* of a user part: unreserved, user-unreserved */
#define SIPSEC_URI_PARAM	BIT(4)	/* of a parameter: unreserved, param-unreserved */
#define SIPSEC_URI_VISUAL	BIT(5)	/* visual-separator of RFC 3966 */

extern const u8 sipsec_urichars[256];

static inline bool sipsec_urichar_is(u8 c, u8 mask)
{
	return sipsec_urichars[c] & mask;
}

/* The first of [at, end) that is of no class in mask, or end. */
static inline const u8 *sipsec_urichar_skip(const u8 *at, const u8 *end, u8 mask)
{
	while (at < end && sipsec_urichar_is(*at, mask))
		at++;
	return at;
}

/*
 * What one octet of a text stands for, or what the escape there does: RFC 3261
 * clause 19.1.4 takes "%61" for "a", but not "%3B" for ";", which is reserved.
 */
#define SIPSEC_URI_ESCAPED	0x100	/* a reserved character, written as an escape */
#define SIPSEC_URI_END		(-1)
#define SIPSEC_URI_BAD		(-2)	/* no escape, or one of a control character */

/* Read it at *at, which is moved behind it. */
int sipsec_uri_next(const u8 **at, const u8 *end);

/* Is all of [at, end) of a class in mask or an escape? */
bool sipsec_uri_chars(const u8 *at, const u8 *end, u8 mask);

#endif
