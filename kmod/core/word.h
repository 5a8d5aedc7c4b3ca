/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Eight octets at a time.  Words are loaded little-endian on every machine, so
 * that the first octet in memory is the lowest one of the word.  The masks have
 * bit 7 of each octet that is meant; nothing carries from one octet into the
 * next, so they are exact.
 */
#ifndef SIPSEC_CORE_WORD_H
#define SIPSEC_CORE_WORD_H

#include <linux/bitops.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#define SIPSEC_WORD		8
#define SIPSEC_WORD_OF(octet)	(0x0101010101010101ULL * (octet))

static inline u64 sipsec_word(const u8 *p)
{
	return get_unaligned_le64(p);
}

/* The octets below n (1 to 128). */
static inline u64 sipsec_word_below(u64 word, u8 n)
{
	return ~(((word & SIPSEC_WORD_OF(0x7f)) + SIPSEC_WORD_OF(0x80 - n)) | word) &
	       SIPSEC_WORD_OF(0x80);
}

/* The octets that are c (0 to 127). */
static inline u64 sipsec_word_equal(u64 word, u8 c)
{
	return sipsec_word_below(word ^ SIPSEC_WORD_OF(c), 1);
}

/* Of octets below 128, those that are not first to last; bits but bit 7 mean nothing. */
static inline u64 sipsec_word_outside(u64 ascii, u8 first, u8 last)
{
	return ~(ascii + SIPSEC_WORD_OF(0x80 - first)) | (ascii + SIPSEC_WORD_OF(0x7f - last));
}

/* Of octets below 128, those that are not c; bits but bit 7 mean nothing. */
static inline u64 sipsec_word_differs(u64 ascii, u8 c)
{
	return (ascii ^ SIPSEC_WORD_OF(c)) + SIPSEC_WORD_OF(0x7f);
}

/* The octets that are neither letters nor "-": what ends almost every header name. */
static inline u64 sipsec_word_no_name(u64 word)
{
	u64 ascii = word & SIPSEC_WORD_OF(0x7f);
	u64 lower = ascii | SIPSEC_WORD_OF(0x20);

	return ((sipsec_word_outside(lower, 'a', 'z') & sipsec_word_differs(ascii, '-')) | word) &
	       SIPSEC_WORD_OF(0x80);
}

/* The octets that are no HEXDIG. */
static inline u64 sipsec_word_no_hex(u64 word)
{
	u64 ascii = word & SIPSEC_WORD_OF(0x7f);
	u64 lower = ascii | SIPSEC_WORD_OF(0x20);

	return ((sipsec_word_outside(ascii, '0', '9') & sipsec_word_outside(lower, 'a', 'f')) |
		word) & SIPSEC_WORD_OF(0x80);
}

/* The octets that are not of base64url (RFC 4648 clause 5). */
static inline u64 sipsec_word_no_base64(u64 word)
{
	u64 ascii = word & SIPSEC_WORD_OF(0x7f);
	u64 lower = ascii | SIPSEC_WORD_OF(0x20);

	return ((sipsec_word_outside(ascii, '0', '9') & sipsec_word_outside(lower, 'a', 'z') &
		 sipsec_word_differs(ascii, '-') & sipsec_word_differs(ascii, '_')) |
		word) & SIPSEC_WORD_OF(0x80);
}

/* The value of the first n (1 to 8) of eight octets, which are HEXDIGs. */
static inline u32 sipsec_word_hex(const u8 *p, unsigned int n)
{
	/* the last of them lowest, and nothing of what follows */
	u64 x = get_unaligned_be64(p) >> (64 - 8 * n);

	x = (x & SIPSEC_WORD_OF(0x0f)) + 9 * (x >> 6 & SIPSEC_WORD_OF(1));
	x |= x >> 4;
	x &= 0x00ff00ff00ff00ffULL;
	x |= x >> 8;
	x &= 0x0000ffff0000ffffULL;
	return x | x >> 16;
}

/* Which octet is the first of a mask that is not 0. */
static inline unsigned int sipsec_word_first(u64 mask)
{
	return __ffs64(mask) / 8;
}

/*
 * Are two tokens of len octets equal without regard to case?  Among the octets
 * of a token, bit 5 tells upper from lower case and nothing else.
 */
static __always_inline bool sipsec_token_equal(const u8 *a, const u8 *b, u32 len)
{
	u64 differ = 0;
	u32 i = 0;

	if (len >= SIPSEC_WORD) {
		for (; len - i > SIPSEC_WORD; i += SIPSEC_WORD)
			if ((sipsec_word(a + i) ^ sipsec_word(b + i)) & ~SIPSEC_WORD_OF(0x20))
				return false;
		/* the last word, which may overlap the one before it */
		i = len - SIPSEC_WORD;
		differ = sipsec_word(a + i) ^ sipsec_word(b + i);
	} else if (len >= 4) {
		i = len - 4;
		differ = (get_unaligned_le32(a) ^ get_unaligned_le32(b)) |
			 (get_unaligned_le32(a + i) ^ get_unaligned_le32(b + i));
	} else {
		for (; i < len; i++)
			differ |= a[i] ^ b[i];
	}
	return !(differ & ~SIPSEC_WORD_OF(0x20));
}

/* The same with a name; of want, a literal, the length is known where it is built. */
static __always_inline bool sipsec_token_is(const u8 *at, u32 len, const char *want)
{
	return len == strlen(want) && sipsec_token_equal(at, (const u8 *)want, len);
}

#endif
