/* SPDX-License-Identifier: GPL-2.0 */
/*
 * GHASH (NIST SP 800-38D, 6.4) in constant time and without the FPU: on a CPU of 64 bits
 * somewhat faster than the kernel's by tables, on one of 32 bits several times slower.
 */
#ifndef SIPSEC_GHASH_H
#define SIPSEC_GHASH_H

#include <linux/types.h>

#include "crypto/product.h"

#define SIPSEC_GHASH_BLOCK	16

/* As good as the key: to be wiped. */
struct sipsec_ghash {
	struct product_factor first;	/* of H: its first eight octets, */
	struct product_factor last;	/* its last, */
	struct product_factor both;	/* and their sum */
	u64 y[2];			/* what there is so far, likewise */
};

void sipsec_ghash_begin(struct sipsec_ghash *g, const u8 h[SIPSEC_GHASH_BLOCK]);

/* nr whole blocks more. */
void sipsec_ghash_blocks(struct sipsec_ghash *g, const u8 *data, u32 nr);

/* Wipe it, and what the calls before have left of H on the stack. */
void sipsec_ghash_wipe(struct sipsec_ghash *g);

/* What there is so far; the lengths in the last block are the caller's. */
void sipsec_ghash_get(const struct sipsec_ghash *g, u8 out[SIPSEC_GHASH_BLOCK]);

#endif
