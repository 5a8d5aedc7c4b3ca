/* SPDX-License-Identifier: GPL-2.0 */
/* What an octet may be in SIP's grammar (RFC 3261 clause 25.1). */
#ifndef SIPSEC_CORE_OCTET_H
#define SIPSEC_CORE_OCTET_H

#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/types.h>

#define SIPSEC_OCTET_TOKEN	BIT(0)	/* token */
#define SIPSEC_OCTET_DIGIT	BIT(1)
#define SIPSEC_OCTET_HEX	BIT(2)	/* HEXDIG, without regard to case */
#define SIPSEC_OCTET_BASE64	BIT(3)	/* base64url, RFC 4648 clause 5 */
#define SIPSEC_OCTET_WS		BIT(4)	/* SP, HTAB */
#define SIPSEC_OCTET_LWS	BIT(5)	/* SP, HTAB and, inside a folded value, CR LF */

extern const u8 sipsec_octets[256];

/* Is c of a class in mask? */
static inline bool sipsec_octet_is(u8 c, u8 mask)
{
	return sipsec_octets[c] & mask;
}

/* The first offset in [pos, end) whose octet is of no class in mask, or end. */
static inline u32 sipsec_octet_skip(const u8 *buf, u32 pos, u32 end, u8 mask)
{
	while (pos < end && sipsec_octet_is(buf[pos], mask))
		pos++;
	return pos;
}

/*
 * The end of the token at pos (pos, if there is none), and in *all the classes
 * that each of its octets is of.
 */
static __always_inline u32 sipsec_token_end(const u8 *buf, u32 pos, u32 end, u8 *all)
{
	const u8 *p = buf + pos;
	u8 classes = 0xff;

	for (; p < buf + end && sipsec_octet_is(*p, SIPSEC_OCTET_TOKEN); p++)
		classes &= sipsec_octets[*p];
	*all = classes;
	return p - buf;
}

/* Write value as lower-case HEXDIG without leading zeros; returns how many, 1 to 16. */
static inline u32 sipsec_octet_put_hex(u8 *out, u64 value)
{
	u32 n = (fls64(value | 1) + 3) / 4, i;

	for (i = n; i--; value >>= 4)
		out[i] = "0123456789abcdef"[value & 0xf];
	return n;
}

/* The value of a HEXDIG. */
static inline unsigned int sipsec_octet_hex(u8 c)
{
	return (c & 0xf) + (c & 0x40 ? 9 : 0);
}

#endif
