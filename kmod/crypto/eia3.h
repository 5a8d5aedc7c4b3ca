/* SPDX-License-Identifier: GPL-2.0 */
/* 128-EIA3 of TS 35.221: a universal hash with the keystream of ZUC. */
#ifndef SIPSEC_CRYPTO_EIA3_H
#define SIPSEC_CRYPTO_EIA3_H

#include "threegpp.h"
#include "zuc.h"

/* Words of message, and of keystream, at once. */
#define EIA3_WORDS	16
#define EIA3_BLOCK	(EIA3_WORDS * 4)

struct eia3_key {
	u8 raw[SIPSEC_3GPP_KEY_LEN];
};

struct eia3_state {
	struct zuc zuc;
	u32 z;			/* the keystream's next word */
	u32 t;
	u8 buf[EIA3_BLOCK];
	u8 have, bits;
};

void eia3_set_key(struct eia3_key *key, const u8 raw[SIPSEC_3GPP_KEY_LEN]);
void eia3_init(struct eia3_state *st, const struct eia3_key *key,
	       const struct sipsec_3gpp_parm *p);
void eia3_update(struct eia3_state *st, const struct eia3_key *key, const u8 *data,
		 unsigned int len);
/* The same by carry-less multiplication where that can be had (clmul.h). */
void eia3_update_clmul(struct eia3_state *st, const struct eia3_key *key, const u8 *data,
		       unsigned int len);
/* Not with bits but no octet. */
void eia3_final(struct eia3_state *st, const struct eia3_key *key, u8 mac[SIPSEC_3GPP_MAC_LEN]);

#endif
