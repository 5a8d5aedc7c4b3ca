/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Eight octets at a time.  Words are loaded little-endian on every machine, so
 * that the first octet in memory is the lowest one of the word.
 */
#ifndef SIPSEC_CORE_WORD_H
#define SIPSEC_CORE_WORD_H

#include <linux/bitops.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#define SIPSEC_WORD		8
#define SIPSEC_WORD_OF(octet)	(0x0101010101010101ULL * (octet))

static inline u64 sipsec_word(const u8 *p)
{
	return get_unaligned_le64(p);
}

/*
 * Bit 7 of each octet below n (1 to 128).  The lowest bit set is always right
 * and no octet below n is missed; a bit above the lowest may be wrong, by the
 * borrow of the subtraction.
 */
static inline u64 sipsec_word_below(u64 word, u8 n)
{
	return (word - SIPSEC_WORD_OF(n)) & ~word & SIPSEC_WORD_OF(0x80);
}

/* Bit 7 of each octet that is c; with the same reservation. */
static inline u64 sipsec_word_equal(u64 word, u8 c)
{
	return sipsec_word_below(word ^ SIPSEC_WORD_OF(c), 1);
}

/* Which octet has the lowest bit of a mask that is not 0. */
static inline unsigned int sipsec_word_first(u64 mask)
{
	return __ffs64(mask) / 8;
}

/* Is c a CR, an LF or a NUL? */
static inline bool sipsec_is_eol(u8 c)
{
	return c == '\r' || c == '\n' || c == '\0';
}

/* The offset of the first CR, LF or NUL in [pos, len), or len. */
static __always_inline u32 sipsec_find_eol(const u8 *buf, u32 pos, u32 len)
{
	for (; len - pos >= SIPSEC_WORD; pos += SIPSEC_WORD) {
		u64 low = sipsec_word_below(sipsec_word(buf + pos), '\r' + 1);

		/* HTAB and the rarer controls come here too, and are passed */
		for (; low; low &= low - 1) {
			u32 at = pos + sipsec_word_first(low);

			if (sipsec_is_eol(buf[at]))
				return at;
		}
	}
	while (pos < len && !sipsec_is_eol(buf[pos]))
		pos++;
	return pos;
}

/*
 * Are two tokens of len octets equal without regard to case?  Among the octets
 * of a token, bit 5 tells upper from lower case and nothing else.
 */
static inline bool sipsec_token_equal(const u8 *a, const u8 *b, u32 len)
{
	u32 i = 0;

	for (; len - i >= SIPSEC_WORD; i += SIPSEC_WORD)
		if ((sipsec_word(a + i) ^ sipsec_word(b + i)) & ~SIPSEC_WORD_OF(0x20))
			return false;
	for (; i < len; i++)
		if ((a[i] ^ b[i]) & ~0x20)
			return false;
	return true;
}

#endif
