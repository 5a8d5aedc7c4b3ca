// SPDX-License-Identifier: GPL-2.0
#include <linux/bitops.h>
#include <linux/string.h>

#include "tables.h"
#include "zuc.h"

#define MASK31	0x7fffffff

static __always_inline u32 sbox(u32 x)
{
	return (u32)zuc_s0[x >> 24] << 24 | zuc_s1[x >> 16 & 0xff] << 16 |
	       zuc_s0[x >> 8 & 0xff] << 8 | zuc_s1[x & 0xff];
}

static __always_inline u32 l1(u32 x)
{
	return x ^ rol32(x, 2) ^ rol32(x, 10) ^ rol32(x, 18) ^ rol32(x, 24);
}

static __always_inline u32 l2(u32 x)
{
	return x ^ rol32(x, 8) ^ rol32(x, 14) ^ rol32(x, 22) ^ rol32(x, 30);
}

/* The nonlinear function F, with the bits of the LFSR it takes. */
static __always_inline u32 nonlinear(u32 *r1, u32 *r2, const u32 *s)
{
	u32 x0 = (s[15] & 0x7fff8000) << 1 | (s[14] & 0xffff);
	u32 x1 = s[11] << 16 | s[9] >> 15;
	u32 x2 = s[7] << 16 | s[5] >> 15;
	u32 w = (x0 ^ *r1) + *r2;
	u32 w1 = *r1 + x1;
	u32 w2 = *r2 ^ x2;

	*r1 = sbox(l1(w1 << 16 | w2 >> 16));
	*r2 = sbox(l2(w2 << 16 | w1 >> 16));
	return w;
}

/* Modulo 2^31 - 1, where 0 is 2^31 - 1. */
static __always_inline u32 feedback(const u32 *s, u32 u)
{
	u64 v = ((u64)s[15] << 15) + ((u64)s[13] << 17) + ((u64)s[10] << 21) +
		((u64)s[4] << 20) + ((u64)s[0] << 8) + s[0] + u;

	v = (v & MASK31) + (v >> 31);
	return (v & MASK31) + (v >> 31);
}

void zuc_start(struct zuc *z, unsigned int rounds)
{
	u32 lfsr[16 + 48 + 1];
	u32 *s = lfsr;

	memcpy(s, z->s, sizeof(z->s));
	z->r1 = 0;
	z->r2 = 0;
	for (; rounds; rounds--, s++)
		s[16] = feedback(s, nonlinear(&z->r1, &z->r2, s) >> 1);
	/* One word is not used. */
	nonlinear(&z->r1, &z->r2, s);
	s[16] = feedback(s, 0);
	memcpy(z->s, s + 1, sizeof(z->s));
	memzero_explicit(lfsr, sizeof(lfsr));
}

void zuc_init(struct zuc *z, const u8 key[16], const u8 iv[16])
{
	static const u16 d[16] = {
		0x44d7, 0x26bc, 0x626b, 0x135e, 0x5789, 0x35e2, 0x7135, 0x09af,
		0x4d78, 0x2f13, 0x6bc4, 0x1af1, 0x5e26, 0x3c4d, 0x789a, 0x47ac
	};
	unsigned int i;

	for (i = 0; i < 16; i++)
		z->s[i] = (u32)key[i] << 23 | (u32)d[i] << 8 | iv[i];
	zuc_start(z, 32);
}

void zuc_words(struct zuc *z, u32 *out, unsigned int n)
{
	/* The LFSR does not move: s walks along it, and each clock adds a word. */
	u32 lfsr[16 + ZUC_MAX_WORDS];
	u32 r1 = z->r1, r2 = z->r2;
	u32 *s = lfsr;

	memcpy(lfsr, z->s, sizeof(z->s));
	for (; n; n--, s++) {
		u32 x3 = s[2] << 16 | s[0] >> 15;

		*out++ = nonlinear(&r1, &r2, s) ^ x3;
		s[16] = feedback(s, 0);
	}
	memcpy(z->s, s, sizeof(z->s));
	z->r1 = r1;
	z->r2 = r2;
	memzero_explicit(lfsr, sizeof(lfsr));
}
