/* SPDX-License-Identifier: GPL-2.0 */
/*
 * UIA2 of TS 35.215: a polynomial of the message, at a point and with a mask
 * out of SNOW 3G.  128-EIA1 of TS 33.401 is the same with BEARER for FRESH.
 */
#ifndef SIPSEC_CRYPTO_UIA2_H
#define SIPSEC_CRYPTO_UIA2_H

#include "gf64.h"
#include "threegpp.h"

#define UIA2_BLOCK	8

struct uia2_key {
	u32 k[4];	/* as snow3g() takes it */
};

struct uia2_state {
	struct product_factor power[GF64_MAX_SUM];	/* of P, the highest first */
	u64 p;
	u64 q;
	u64 eval;
	u64 length;		/* in octets */
	u32 mask;		/* z5 */
	u8 buf[UIA2_BLOCK];
	u8 have, bits;
	bool powers;		/* those above P are made */
};

void uia2_set_key(struct uia2_key *key, const u8 raw[SIPSEC_3GPP_KEY_LEN]);
void uia2_init(struct uia2_state *st, const struct uia2_key *key,
	       const struct sipsec_3gpp_parm *p);
void uia2_update(struct uia2_state *st, const struct uia2_key *key, const u8 *data,
		 unsigned int len);
/* The same by carry-less multiplication where that can be had (clmul.h). */
void uia2_update_clmul(struct uia2_state *st, const struct uia2_key *key, const u8 *data,
		       unsigned int len);
/* Not with bits but no octet. */
void uia2_final(struct uia2_state *st, const struct uia2_key *key, u8 mac[SIPSEC_3GPP_MAC_LEN]);

#endif
