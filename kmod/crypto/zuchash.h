/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The universal hash of 128-EIA3 and of the ZUC-256 MAC.  For each bit of the
 * message that is set the tag takes the 32 bits of keystream that begin at its
 * place: the middle of a product of polynomials, if the message's bits are turned
 * round.  As in product.h it is made of products of integers, in constant time; with
 * every fourth bit of a word set, at most eight meet.
 */
#ifndef SIPSEC_CRYPTO_ZUCHASH_H
#define SIPSEC_CRYPTO_ZUCHASH_H

#include <linux/types.h>
#include <linux/unaligned.h>

/*
 * Sums of such products, by the residues of their bits' numbers modulo four;
 * between the bits that count is what zuchash_end() takes away.
 */
struct zuchash {
	u64 r[4];
};

#define ZUCHASH_FOURTH(n)	(0x1111111111111111ULL << (n))

/* Eight octets of the message, of each the first bit the lowest. */
static __always_inline u64 zuchash_message(const u8 *data)
{
	u64 x = get_unaligned_le64(data);

	x = (x >> 1 & 0x5555555555555555) | (x & 0x5555555555555555) << 1;
	x = (x >> 2 & 0x3333333333333333) | (x & 0x3333333333333333) << 2;
	return (x >> 4 & 0x0f0f0f0f0f0f0f0f) | (x & 0x0f0f0f0f0f0f0f0f) << 4;
}

/* z: two words of keystream; m: 32 bits of zuchash_message(). */
static __always_inline void zuchash_word(struct zuchash *h, const u32 *z, u32 m)
{
	u64 zz = (u64)z[0] << 32 | z[1];
	u64 z0 = zz & ZUCHASH_FOURTH(0), z1 = zz & ZUCHASH_FOURTH(1);
	u64 z2 = zz & ZUCHASH_FOURTH(2), z3 = zz & ZUCHASH_FOURTH(3);
	u64 m0 = m & ZUCHASH_FOURTH(0), m1 = m & ZUCHASH_FOURTH(1);
	u64 m2 = m & ZUCHASH_FOURTH(2), m3 = m & ZUCHASH_FOURTH(3);

	h->r[0] ^= m0 * z0 ^ m1 * z3 ^ m2 * z2 ^ m3 * z1;
	h->r[1] ^= m0 * z1 ^ m1 * z0 ^ m2 * z3 ^ m3 * z2;
	h->r[2] ^= m0 * z2 ^ m1 * z1 ^ m2 * z0 ^ m3 * z3;
	h->r[3] ^= m0 * z3 ^ m1 * z2 ^ m2 * z1 ^ m3 * z0;
}

/* A pair of words of the message; z has three. */
static __always_inline void zuchash_pair(struct zuchash *h, const u32 *z, u64 m)
{
	zuchash_word(h, z, m);
	zuchash_word(h, z + 1, m >> 32);
}

static __always_inline u32 zuchash_end(const struct zuchash *h)
{
	return ((h->r[0] & ZUCHASH_FOURTH(0)) | (h->r[1] & ZUCHASH_FOURTH(1)) |
		(h->r[2] & ZUCHASH_FOURTH(2)) | (h->r[3] & ZUCHASH_FOURTH(3))) >> 32;
}

/* What words of the message give, an even number; z has one more. */
static __always_inline u32 zuchash(const u32 *z, const u8 *data, unsigned int words)
{
	struct zuchash h = {};
	unsigned int i;

	for (i = 0; i < words; i += 2)
		zuchash_pair(&h, z + i, zuchash_message(data + 4 * i));
	return zuchash_end(&h);
}

/* The 32 bits of keystream at bit at of z. */
static __always_inline u32 zuchash_window(const u32 *z, unsigned int at)
{
	z += at / 32;
	return ((u64)z[0] << 32 | z[1]) >> (32 - at % 32);
}

#endif
