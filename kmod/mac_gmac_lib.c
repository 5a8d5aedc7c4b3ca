// SPDX-License-Identifier: GPL-2.0
/* AES-GMAC (RFC 4543) by the kernel's crypto library: T is the associated data. */
#include <crypto/aes-gcm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "mac.h"

#define GMAC_TAG	16

int sipsec_gmac_init(void)
{
	return 0;
}

void sipsec_gmac_exit(void)
{
}

const char *sipsec_gmac_driver(void)
{
	return "gcm-aes-lib";
}

int sipsec_gmac_set_key(const u8 *raw, struct sipsec_mac_key *key)
{
	struct aes_gcm_key *k = kmalloc(sizeof(*k), GFP_KERNEL_ACCOUNT);
	int err;

	if (!k)
		return -ENOMEM;
	err = aes_gcm_preparekey(k, raw, AES_KEYSIZE_128, GMAC_TAG);
	if (err) {
		kfree_sensitive(k);
		return err;
	}
	key->ptr = k;
	memcpy(key->salt, raw + AES_KEYSIZE_128, sizeof(key->salt));
	return 0;
}

void sipsec_gmac_clear_key(struct sipsec_mac_key *key)
{
	kfree_sensitive(key->ptr);
}

int sipsec_gmac(const struct sipsec_mac_key *key, u64 seq, const struct sipsec_text *t, u8 *mac)
{
	__be64 be_seq = cpu_to_be64(seq);
	struct aes_gcm_ctx ctx;
	unsigned int i;
	u8 nonce[12];

	memcpy(nonce, key->salt, sizeof(key->salt));
	memcpy(nonce + sizeof(key->salt), &be_seq, sizeof(be_seq));
	aes_gcm_init(&ctx, nonce, key->ptr);
	for (i = 0; i < t->nr; i++)
		aes_gcm_auth_update(&ctx, t->part[i].data, t->part[i].len);
	aes_gcm_encrypt_final(&ctx, mac);
	return 0;
}
