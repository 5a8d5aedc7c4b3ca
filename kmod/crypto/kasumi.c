// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>
#include <linux/unaligned.h>

#include "kasumi.h"
#include "tables.h"

static u16 rol16(u16 x, unsigned int n)
{
	return x << n | x >> (16 - n);
}

void kasumi_set_key(struct kasumi_key *key, const u8 raw[KASUMI_KEY_LEN])
{
	static const u16 c[8] = {
		0x0123, 0x4567, 0x89ab, 0xcdef, 0xfedc, 0xba98, 0x7654, 0x3210
	};
	u16 k[8], kc[8];	/* K and K' of TS 35.202 */
	unsigned int i;

	for (i = 0; i < 8; i++) {
		k[i] = get_unaligned_be16(raw + 2 * i);
		kc[i] = k[i] ^ c[i];
	}
	for (i = 0; i < 8; i++) {
		struct kasumi_round *r = &key->round[i];

		r->kl1 = rol16(k[i], 1);
		r->kl2 = kc[(i + 2) % 8];
		r->ko1 = rol16(k[(i + 1) % 8], 5);
		r->ko2 = rol16(k[(i + 5) % 8], 8);
		r->ko3 = rol16(k[(i + 6) % 8], 13);
		/* KI is 7 bits and 9 bits, in FI's middle 9 and 7. */
		r->ki1 = rol16(kc[(i + 4) % 8], 7);
		r->ki2 = rol16(kc[(i + 3) % 8], 7);
		r->ki3 = rol16(kc[(i + 7) % 8], 7);
	}
	memzero_explicit(k, sizeof(k));
	memzero_explicit(kc, sizeof(kc));
}

/*
 * Each half of FI is a linear mix of S9 of the upper nine bits and S7 of the
 * lower seven, so a table for each input has its share of all sixteen output
 * bits.  Variables are of 32 bits: partial registers cost time.
 */
static __always_inline u32 fi(u32 x, u32 ki)
{
	x = kasumi_first9[x >> 7] ^ kasumi_first7[x & 0x7f] ^ ki;
	return kasumi_second9[x >> 7] ^ kasumi_second7[x & 0x7f];
}

/* The halves of a word apart: FI of one does not wait for the other. */
struct halves {
	u32 l, r;
};

static __always_inline struct halves fl(struct halves x, const struct kasumi_round *k)
{
	x.r ^= rol16(x.l & k->kl1, 1);
	x.l ^= rol16(x.r | k->kl2, 1);
	return x;
}

static __always_inline struct halves fo(struct halves x, const struct kasumi_round *k)
{
	u32 a = fi(x.l ^ k->ko1, k->ki1) ^ x.r;
	u32 b = fi(x.r ^ k->ko2, k->ki2) ^ a;

	return (struct halves){ .l = b, .r = fi(a ^ k->ko3, k->ki3) ^ b };
}

u64 kasumi_encrypt(const struct kasumi_key *key, u64 block)
{
	struct halves l = { .l = block >> 48, .r = block >> 32 & 0xffff };
	struct halves r = { .l = block >> 16 & 0xffff, .r = block & 0xffff };
	const struct kasumi_round *k;
	struct halves x;

	for (k = key->round; k < key->round + 8; k += 2) {
		x = fo(fl(l, k), k);
		r.l ^= x.l;
		r.r ^= x.r;
		x = fl(fo(r, k + 1), k + 1);
		l.l ^= x.l;
		l.r ^= x.r;
	}
	return (u64)l.l << 48 | (u64)l.r << 32 | r.l << 16 | r.r;
}
