// SPDX-License-Identifier: GPL-2.0
/*
 * A product of polynomials from products of integers, which CPUs have in
 * constant time.  Where only every fifth bit of both factors is set, at most
 * 13 ones meet in a bit of the product; their sum takes four bits, and the bit
 * itself is the parity, which is the polynomial's coefficient.  So both factors
 * are taken apart by the residues of their bits' numbers modulo five.
 *
 * Without 128-bit products (most CPUs of 32 bits) the same is done with halves
 * and every fourth bit, three products of halves being enough (Karatsuba).
 */
#include "gf64.h"

/* Every fifth bit, from bit n on. */
#define FIFTH(n)	(0x1084210842108421ULL << (n))

static __always_inline u64 reduce(u64 hi, u64 lo)
{
	/* What the second step shifts beyond x^63 again has three bits. */
	u64 top = hi >> 63 ^ hi >> 61 ^ hi >> 60;

	lo ^= hi ^ hi << 1 ^ hi << 3 ^ hi << 4;
	return lo ^ top ^ top << 1 ^ top << 3 ^ top << 4;
}

#if defined(__SIZEOF_INT128__) && !defined(GF64_NO_INT128)

void gf64_factor(struct gf64_factor *f, u64 b)
{
	unsigned int i;

	for (i = 0; i < 5; i++)
		f->part[i] = b & FIFTH(i);
}

/* The bits of residue n modulo 5 of a product; bit 64 is of residue 4. */
static __always_inline unsigned __int128 residue(unsigned __int128 x, unsigned int n)
{
	return x & ((unsigned __int128)FIFTH((n + 1) % 5) << 64 | FIFTH(n));
}

static __always_inline unsigned __int128 product(u64 a, u64 b)
{
	return (unsigned __int128)a * b;
}

static __always_inline unsigned __int128 times(const u64 *a, const u64 *b, unsigned int n)
{
	/* a's residue and b's add up to n. */
	return product(a[0], b[n]) ^
	       product(a[1], b[(n + 4) % 5]) ^
	       product(a[2], b[(n + 3) % 5]) ^
	       product(a[3], b[(n + 2) % 5]) ^
	       product(a[4], b[(n + 1) % 5]);
}

u64 gf64_dot(const u64 *a, const struct gf64_factor *f, unsigned int n)
{
	unsigned __int128 r0 = 0, r1 = 0, r2 = 0, r3 = 0, r4 = 0;
	unsigned int i;
	unsigned __int128 r;

	for (i = 0; i < n; i++) {
		const u64 part[5] = {
			a[i] & FIFTH(0), a[i] & FIFTH(1), a[i] & FIFTH(2),
			a[i] & FIFTH(3), a[i] & FIFTH(4)
		};

		r0 ^= times(part, f[i].part, 0);
		r1 ^= times(part, f[i].part, 1);
		r2 ^= times(part, f[i].part, 2);
		r3 ^= times(part, f[i].part, 3);
		r4 ^= times(part, f[i].part, 4);
	}
	r = residue(r0, 0) ^ residue(r1, 1) ^ residue(r2, 2) ^ residue(r3, 3) ^ residue(r4, 4);
	return reduce(r >> 64, r);
}

#else

void gf64_factor(struct gf64_factor *f, u64 b)
{
	f->part[0] = b;
}

/* The product of two halves, of which each fourth bit is taken at a time. */
static u64 times(u32 a, u32 b)
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

u64 gf64_dot(const u64 *a, const struct gf64_factor *f, unsigned int n)
{
	u64 hi = 0, lo = 0, mid = 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		u32 ah = a[i] >> 32, al = a[i];
		u32 bh = f[i].part[0] >> 32, bl = f[i].part[0];

		hi ^= times(ah, bh);
		lo ^= times(al, bl);
		mid ^= times(ah ^ al, bh ^ bl);
	}
	mid ^= hi ^ lo;
	return reduce(hi ^ mid >> 32, lo ^ mid << 32);
}

#endif

u64 gf64_mul(u64 a, const struct gf64_factor *f)
{
	return gf64_dot(&a, f, 1);
}
