/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The MAC of ZUC-256 in its form of 2018, with an IV of 184 bits: 17 octets and
 * eight times 6 bits, here in 25 octets.  Tags of 32, 64 or 128 bits, which are
 * three functions: the length goes into the initialisation.
 */
#ifndef SIPSEC_CRYPTO_ZUC256_H
#define SIPSEC_CRYPTO_ZUC256_H

#include "zuc.h"

#define ZUC256_KEY_LEN		32
#define ZUC256_IV_LEN		25
#define ZUC256_MAX_TAG		4	/* words */

/* Words of message at once. */
#define ZUC256_WORDS		16
#define ZUC256_BLOCK		(ZUC256_WORDS * 4)

struct zuc256_key {
	u8 raw[ZUC256_KEY_LEN];
};

struct zuc256_state {
	struct zuc zuc;
	u32 z[ZUC256_MAX_TAG];	/* the keystream's next words, as many as tag */
	u32 tag[ZUC256_MAX_TAG];
	u8 buf[ZUC256_BLOCK];
	u8 words;		/* of the tag */
	u8 have, bits;
};

void zuc256_set_key(struct zuc256_key *key, const u8 raw[ZUC256_KEY_LEN]);

/* words: 1, 2 or 4, of the tag; bits: LENGTH modulo 8.  -EINVAL of an IV of more than 184 bits. */
int zuc256_init(struct zuc256_state *st, const struct zuc256_key *key,
		const u8 iv[ZUC256_IV_LEN], unsigned int words, unsigned int bits);
void zuc256_update(struct zuc256_state *st, const struct zuc256_key *key, const u8 *data,
		   unsigned int len);
/* The same by carry-less multiplication where that can be had (clmul.h). */
void zuc256_update_clmul(struct zuc256_state *st, const struct zuc256_key *key, const u8 *data,
			 unsigned int len);
/* Not with bits but no octet.  mac gets 4, 8 or 16 octets. */
void zuc256_final(struct zuc256_state *st, const struct zuc256_key *key, u8 *mac);

#endif
