/* SPDX-License-Identifier: GPL-2.0 */
/* UIA1: f9 of TS 35.201, a CBC-MAC with KASUMI. */
#ifndef SIPSEC_CRYPTO_UIA1_H
#define SIPSEC_CRYPTO_UIA1_H

#include "kasumi.h"
#include "threegpp.h"

struct uia1_key {
	struct kasumi_key k;
	struct kasumi_key last;	/* of the key xor KM */
};

struct uia1_state {
	u64 chain;
	u64 sum;
	u8 buf[KASUMI_BLOCK];
	u8 have, bits, direction;
};

void uia1_set_key(struct uia1_key *key, const u8 raw[SIPSEC_3GPP_KEY_LEN]);
void uia1_init(struct uia1_state *st, const struct uia1_key *key,
	       const struct sipsec_3gpp_parm *p);
void uia1_update(struct uia1_state *st, const struct uia1_key *key, const u8 *data,
		 unsigned int len);
/* Not with bits but no octet. */
void uia1_final(struct uia1_state *st, const struct uia1_key *key, u8 mac[SIPSEC_3GPP_MAC_LEN]);

#endif
