// SPDX-License-Identifier: GPL-2.0
#include <linux/compiler.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "ghash.h"

void sipsec_ghash_begin(struct sipsec_ghash *g, const u8 h[SIPSEC_GHASH_BLOCK])
{
	u64 first = get_unaligned_be64(h), last = get_unaligned_be64(h + 8);

	product_factor(&g->first, first);
	product_factor(&g->last, last);
	product_factor(&g->both, first ^ last);
	g->y[0] = 0;
	g->y[1] = 0;
}

/*
 * What v has of x^128 and more is taken x^128 = 1 + x + x^2 + x^7 times.  The highest bit
 * of an octet is of the lowest power, so to multiply by x is to shift to the right; what
 * falls out there goes into carry.
 */
static __always_inline u64 fold(u64 v, u64 *carry)
{
	*carry ^= v << 63 ^ v << 62 ^ v << 57;
	return v ^ v >> 1 ^ v >> 2 ^ v >> 7;
}

void sipsec_ghash_blocks(struct sipsec_ghash *g, const u8 *data, u32 nr)
{
	u64 y0 = g->y[0], y1 = g->y[1];

	for (; nr; nr--, data += SIPSEC_GHASH_BLOCK) {
		u64 a = y0 ^ get_unaligned_be64(data);
		u64 b = y1 ^ get_unaligned_be64(data + 8);
		u64 sum = a ^ b, v2, v3;
		struct product first = product_sum(&a, &g->first, 1);
		struct product last = product_sum(&b, &g->last, 1);
		struct product mid = product_sum(&sum, &g->both, 1);

		/* Karatsuba; of 255 bits, which begin at the top once they are shifted */
		mid.hi ^= first.hi ^ last.hi ^ first.lo;
		mid.lo ^= first.lo ^ last.lo ^ last.hi;
		y0 = first.hi << 1 | mid.hi >> 63;
		y1 = mid.hi << 1 | mid.lo >> 63;
		v2 = mid.lo << 1 | last.lo >> 63;
		v3 = last.lo << 1;

		y1 ^= fold(v3, &v2);
		y0 ^= fold(v2, &y1);
	}
	g->y[0] = y0;
	g->y[1] = y1;
}

/* More than the functions above and their callers up to the one that wipes have there. */
#define STACK	512

static noinline void wipe_stack(void)
{
	u8 stack[STACK] __uninitialized;

	memzero_explicit(stack, sizeof(stack));
}

void sipsec_ghash_wipe(struct sipsec_ghash *g)
{
	memzero_explicit(g, sizeof(*g));
	wipe_stack();
}

void sipsec_ghash_get(const struct sipsec_ghash *g, u8 out[SIPSEC_GHASH_BLOCK])
{
	put_unaligned_be64(g->y[0], out);
	put_unaligned_be64(g->y[1], out + 8);
}
