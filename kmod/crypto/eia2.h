/* SPDX-License-Identifier: GPL-2.0 */
/*
 * 128-EIA2 of TS 33.401, Annex B.2.3: AES-CMAC, of any number of bits.
 *
 * The AES-CMAC of whole octets is somebody else's, below: the kernel's crypto
 * API has drivers for it, which know nothing of bits.  The last block is turned
 * into one that they treat rightly.
 */
#ifndef SIPSEC_CRYPTO_EIA2_H
#define SIPSEC_CRYPTO_EIA2_H

#include "threegpp.h"

#define EIA2_BLOCK	16

struct eia2_key {
	void *cmac;		/* eia2_cmac_new()'s */
	u8 twist[EIA2_BLOCK];	/* K1 xor K2 of CMAC */
};

/* Octets that an AES-CMAC that is being computed may take. */
#define EIA2_CMAC_STATE	192

struct eia2_state {
	u8 buf[EIA2_BLOCK];
	u8 have, bits;
	u8 cmac[EIA2_CMAC_STATE] __aligned(8);
};

/* The key object; may sleep.  All may fail with a negative errno. */
int eia2_new(struct eia2_key *key);
void eia2_free(struct eia2_key *key);
int eia2_set_key(struct eia2_key *key, const u8 raw[SIPSEC_3GPP_KEY_LEN]);
int eia2_init(struct eia2_state *st, const struct eia2_key *key,
	      const struct sipsec_3gpp_parm *p);
int eia2_update(struct eia2_state *st, const struct eia2_key *key, const u8 *data,
		unsigned int len);
/* Not with bits but no octet. */
int eia2_final(struct eia2_state *st, const struct eia2_key *key, u8 mac[SIPSEC_3GPP_MAC_LEN]);

/*
 * A message in the middle, to go on with another key object of the same key;
 * out and in are of the size of a state.
 */
int eia2_export(const struct eia2_state *st, const struct eia2_key *key, void *out);
int eia2_import(struct eia2_state *st, const struct eia2_key *key, const void *in);

/*
 * What eia2.c needs: AES-CMAC with the key object cmac in EIA2_CMAC_STATE octets
 * of state, and one AES block.  0, or a negative errno (new: as ERR_PTR).
 */
void *eia2_cmac_new(void);
void eia2_cmac_free(void *cmac);
int eia2_cmac_export(const void *state, void *cmac, void *out);
int eia2_cmac_import(void *state, void *cmac, const void *in);
int eia2_cmac_set_key(void *cmac, const u8 raw[SIPSEC_3GPP_KEY_LEN]);
int eia2_cmac_init(void *state, void *cmac);
int eia2_cmac_update(void *state, void *cmac, const u8 *data, unsigned int len);
int eia2_cmac_finup(void *state, void *cmac, const u8 *data, unsigned int len,
		    u8 mac[EIA2_BLOCK]);
int eia2_aes(const u8 raw[SIPSEC_3GPP_KEY_LEN], const u8 in[EIA2_BLOCK], u8 out[EIA2_BLOCK]);

#endif
