/* SPDX-License-Identifier: GPL-2.0 */
/* KASUMI, the block cipher of TS 35.202: blocks of 64 bits, keys of 128. */
#ifndef SIPSEC_CRYPTO_KASUMI_H
#define SIPSEC_CRYPTO_KASUMI_H

#include <linux/types.h>

#define KASUMI_KEY_LEN	16
#define KASUMI_BLOCK	8

struct kasumi_round {
	u16 kl1, kl2;
	u16 ko1, ko2, ko3;
	u16 ki1, ki2, ki3;	/* halves exchanged: as FI() in kasumi.c has its value */
};

struct kasumi_key {
	struct kasumi_round round[8];
};

void kasumi_set_key(struct kasumi_key *key, const u8 raw[KASUMI_KEY_LEN]);

/* A block as a number in network order. */
u64 kasumi_encrypt(const struct kasumi_key *key, u64 block);

#endif
