// SPDX-License-Identifier: GPL-2.0
/* AES-CMAC (RFC 4493) by the kernel's crypto library. */
#include <crypto/aes-cbc-macs.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "mac.h"

int sipsec_cmac_init(void)
{
	return 0;
}

void sipsec_cmac_exit(void)
{
}

const char *sipsec_cmac_driver(void)
{
	return "cmac-aes-lib";
}

int sipsec_cmac_set_key(const u8 *raw, struct sipsec_mac_key *key)
{
	struct aes_cmac_key *k = kmalloc(sizeof(*k), GFP_KERNEL_ACCOUNT);
	int err;

	if (!k)
		return -ENOMEM;
	err = aes_cmac_preparekey(k, raw, AES_KEYSIZE_128);
	if (err) {
		kfree_sensitive(k);
		return err;
	}
	key->ptr = k;
	return 0;
}

void sipsec_cmac_clear_key(struct sipsec_mac_key *key)
{
	kfree_sensitive(key->ptr);
}

int sipsec_cmac(const struct sipsec_mac_key *key, const struct sipsec_text *t, u8 *mac)
{
	struct aes_cmac_ctx ctx;
	u8 digest[AES_BLOCK_SIZE];
	unsigned int i;

	aes_cmac_init(&ctx, key->ptr);
	for (i = 0; i < t->nr; i++)
		aes_cmac_update(&ctx, t->part[i].data, t->part[i].len);
	aes_cmac_final(&ctx, digest);
	memcpy(mac, digest, 12);
	return 0;
}
