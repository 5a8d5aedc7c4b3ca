/* SPDX-License-Identifier: GPL-2.0 */
/* Of the kernel's AES library, with what compat/ adds: libcrypto's. */
#ifndef UNIT_KMOD_CRYPTO_AES_H
#define UNIT_KMOD_CRYPTO_AES_H

#include <err.h>
#include <linux/types.h>
#include <openssl/evp.h>

#define AES_BLOCK_SIZE		16
#define AES_KEYSIZE_128		16

static inline int sipsec_aes_encrypt(const u8 *raw, unsigned int key_len, const u8 *in, u8 *out,
				     unsigned int n)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int len;

	if (!ctx || key_len != AES_KEYSIZE_128 ||
	    !EVP_EncryptInit_ex(ctx, EVP_aes_128_ecb(), NULL, raw, NULL) ||
	    !EVP_EncryptUpdate(ctx, out, &len, in, n * AES_BLOCK_SIZE))
		errx(1, "libcrypto: AES");
	EVP_CIPHER_CTX_free(ctx);
	return 0;
}

#endif
