// SPDX-License-Identifier: GPL-2.0
/* The AES-CMAC under 128-EIA2: the fastest the crypto API has. */
#include <crypto/aes.h>
#include <crypto/hash.h>
#include <linux/err.h>

#include "eia2.h"

/* A state is a struct shash_desc and what the driver keeps. */
#define MAX_DESCSIZE	(EIA2_CMAC_STATE - sizeof(struct shash_desc))

void *eia2_cmac_new(void)
{
	struct crypto_shash *tfm = crypto_alloc_shash("cmac(aes)", 0, 0);

	if (IS_ERR(tfm))
		return tfm;
	if (crypto_shash_descsize(tfm) > MAX_DESCSIZE ||
	    crypto_shash_statesize(tfm) > EIA2_CMAC_STATE) {
		crypto_free_shash(tfm);
		return ERR_PTR(-EOPNOTSUPP);
	}
	return tfm;
}

void eia2_cmac_free(void *cmac)
{
	crypto_free_shash(cmac);
}

int eia2_cmac_set_key(void *cmac, const u8 raw[SIPSEC_3GPP_KEY_LEN])
{
	return crypto_shash_setkey(cmac, raw, SIPSEC_3GPP_KEY_LEN);
}

int eia2_cmac_init(void *state, void *cmac)
{
	struct shash_desc *desc = state;

	desc->tfm = cmac;
	return crypto_shash_init(desc);
}

int eia2_cmac_update(void *state, void *cmac, const u8 *data, unsigned int len)
{
	return crypto_shash_update(state, data, len);
}

int eia2_cmac_finup(void *state, void *cmac, const u8 *data, unsigned int len,
		    u8 mac[EIA2_BLOCK])
{
	return crypto_shash_finup(state, data, len, mac);
}

int eia2_cmac_export(const void *state, void *cmac, void *out)
{
	return crypto_shash_export((struct shash_desc *)state, out);
}

int eia2_cmac_import(void *state, void *cmac, const void *in)
{
	struct shash_desc *desc = state;

	desc->tfm = cmac;
	return crypto_shash_import(desc, in);
}

int eia2_aes(const u8 raw[SIPSEC_3GPP_KEY_LEN], const u8 in[EIA2_BLOCK], u8 out[EIA2_BLOCK])
{
	return sipsec_aes_encrypt(raw, SIPSEC_3GPP_KEY_LEN, in, out, 1);
}
