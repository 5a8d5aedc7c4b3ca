/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A product of polynomials over GF(2) from products of integers, which CPUs have in
 * constant time.  Where only every fifth bit of both factors is set, at most
 * 13 ones meet in a bit of the product; their sum takes four bits, and the bit
 * itself is the parity, which is the polynomial's coefficient.  So both factors
 * are taken apart by the residues of their bits' numbers modulo five.
 *
 * Without 128-bit products (most CPUs of 32 bits) the same is done with halves
 * and every fourth bit, three products of halves being enough (Karatsuba).
 */
#ifndef SIPSEC_CRYPTO_PRODUCT_H
#define SIPSEC_CRYPTO_PRODUCT_H

#include <linux/compiler.h>
#include <linux/types.h>

/* A factor that many numbers are multiplied by. */
struct product_factor {
	u64 part[5];
};

struct product {
	u64 hi;
	u64 lo;
};

/* Every fifth bit, from bit n on. */
#define PRODUCT_FIFTH(n)	(0x1084210842108421ULL << (n))

#if defined(__SIZEOF_INT128__) && !defined(PRODUCT_NO_INT128)

static __always_inline void product_factor(struct product_factor *f, u64 b)
{
	unsigned int i;

	for (i = 0; i < 5; i++)
		f->part[i] = b & PRODUCT_FIFTH(i);
}

/* The bits of residue n modulo 5 of a product; bit 64 is of residue 4. */
static __always_inline unsigned __int128 product_residue(unsigned __int128 x, unsigned int n)
{
	return x & ((unsigned __int128)PRODUCT_FIFTH((n + 1) % 5) << 64 | PRODUCT_FIFTH(n));
}

static __always_inline unsigned __int128 product_one(u64 a, u64 b)
{
	return (unsigned __int128)a * b;
}

static __always_inline unsigned __int128 product_times(const u64 *a, const u64 *b, unsigned int n)
{
	/* a's residue and b's add up to n. */
	return product_one(a[0], b[n]) ^
	       product_one(a[1], b[(n + 4) % 5]) ^
	       product_one(a[2], b[(n + 3) % 5]) ^
	       product_one(a[3], b[(n + 2) % 5]) ^
	       product_one(a[4], b[(n + 1) % 5]);
}

/* a[0] * f[0] + ... + a[n - 1] * f[n - 1] */
static __always_inline struct product product_sum(const u64 *a, const struct product_factor *f,
						  unsigned int n)
{
	unsigned __int128 r0 = 0, r1 = 0, r2 = 0, r3 = 0, r4 = 0;
	unsigned int i;
	unsigned __int128 r;

	for (i = 0; i < n; i++) {
		const u64 part[5] = {
			a[i] & PRODUCT_FIFTH(0), a[i] & PRODUCT_FIFTH(1), a[i] & PRODUCT_FIFTH(2),
			a[i] & PRODUCT_FIFTH(3), a[i] & PRODUCT_FIFTH(4)
		};

		r0 ^= product_times(part, f[i].part, 0);
		r1 ^= product_times(part, f[i].part, 1);
		r2 ^= product_times(part, f[i].part, 2);
		r3 ^= product_times(part, f[i].part, 3);
		r4 ^= product_times(part, f[i].part, 4);
	}
	r = product_residue(r0, 0) ^ product_residue(r1, 1) ^ product_residue(r2, 2) ^
	    product_residue(r3, 3) ^ product_residue(r4, 4);
	return (struct product){ .hi = r >> 64, .lo = r };
}

#else

static __always_inline void product_factor(struct product_factor *f, u64 b)
{
	f->part[0] = b;
}

/* The product of two halves, of which each fourth bit is taken at a time. */
static inline u64 product_times(u32 a, u32 b)
{
	u64 r = 0;
	unsigned int i, j;

	for (i = 0; i < 4; i++) {
		u64 x = 0;

		for (j = 0; j < 4; j++)
			x ^= (u64)(a & 0x11111111U << j) *
			     (b & 0x11111111U << ((i - j) & 3));
		r ^= x & 0x1111111111111111ULL << i;
	}
	return r;
}

static inline struct product product_sum(const u64 *a, const struct product_factor *f,
					 unsigned int n)
{
	u64 hi = 0, lo = 0, mid = 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		u32 ah = a[i] >> 32, al = a[i];
		u32 bh = f[i].part[0] >> 32, bl = f[i].part[0];

		hi ^= product_times(ah, bh);
		lo ^= product_times(al, bl);
		mid ^= product_times(ah ^ al, bh ^ bl);
	}
	mid ^= hi ^ lo;
	return (struct product){ .hi = hi ^ mid >> 32, .lo = lo ^ mid << 32 };
}

#endif

#endif
