/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_COMPAT_CRYPTO_AES_H
#define SIPSEC_COMPAT_CRYPTO_AES_H

#include_next <crypto/aes.h>
#include <linux/string.h>

/*
 * n blocks, each by itself, with a key of key_len octets.  The library took a
 * struct crypto_aes_ctx before 7.0 and takes a key for one sense since.
 */
static inline int sipsec_aes_encrypt(const u8 *raw, unsigned int key_len, const u8 *in, u8 *out,
				     unsigned int n)
{
#ifdef SIPSEC_HAVE_AES_ENCKEY
	struct aes_enckey key;
	int err = aes_prepareenckey(&key, raw, key_len);
#else
	struct crypto_aes_ctx key;
	int err = aes_expandkey(&key, raw, key_len);
#endif

	for (; !err && n; n--, in += AES_BLOCK_SIZE, out += AES_BLOCK_SIZE)
		aes_encrypt(&key, out, in);
	memzero_explicit(&key, sizeof(key));
	return err;
}

#endif
