// SPDX-License-Identifier: GPL-2.0
/*
 * AES-CMAC (RFC 4493) over the crypto API.  The key schedule lives in the tfm,
 * so each SA has one.
 */
#include <linux/kmod.h>
#include <linux/string.h>

#include "mac.h"
#include "mac_desc.h"

#define CMAC_DIGEST	16

/* Holds the driver and names it; never used to compute. */
static struct crypto_shash *probe;

int sipsec_cmac_init(void)
{
	request_module("crypto-aes");
	probe = crypto_alloc_shash("cmac(aes)", 0, 0);
	if (IS_ERR(probe)) {
		int err = PTR_ERR(probe);

		probe = NULL;
		return sipsec_mac_without(SIPSEC_ALG_AES_CMAC_96, "cmac(aes)", err);
	}
	return 0;
}

void sipsec_cmac_exit(void)
{
	if (probe)
		crypto_free_shash(probe);
	probe = NULL;
}

const char *sipsec_cmac_driver(void)
{
	return probe ? crypto_tfm_alg_driver_name(crypto_shash_tfm(probe)) : NULL;
}

int sipsec_cmac_set_key(const u8 *raw, struct sipsec_mac_key *key)
{
	struct crypto_shash *tfm;
	int err;

	if (!probe)
		return -EOPNOTSUPP;
	tfm = crypto_alloc_shash("cmac(aes)", 0, 0);
	if (IS_ERR(tfm))
		return PTR_ERR(tfm);
	err = crypto_shash_setkey(tfm, raw, 16);
	if (err) {
		crypto_free_shash(tfm);
		return err;
	}
	key->ptr = tfm;
	return 0;
}

void sipsec_cmac_clear_key(struct sipsec_mac_key *key)
{
	crypto_free_shash(key->ptr);
}

int sipsec_cmac(const struct sipsec_mac_key *key, const struct sipsec_text *t, u8 *mac)
{
	struct crypto_shash *tfm = key->ptr;
	union sipsec_mac_desc room __uninitialized;
	struct shash_desc *desc = &room.desc;
	u8 digest[CMAC_DIGEST];
	unsigned int i;
	int err;

	desc->tfm = tfm;
	err = crypto_shash_init(desc);
	for (i = 0; !err && i < t->nr - 1; i++)
		err = crypto_shash_update(desc, t->part[i].data, t->part[i].len);
	if (!err)
		err = crypto_shash_finup(desc, t->part[i].data, t->part[i].len, digest);
	if (!err)
		memcpy(mac, digest, 12);
	shash_desc_zero(desc);
	return err;
}
