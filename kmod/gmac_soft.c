// SPDX-License-Identifier: GPL-2.0
#include <crypto/aes.h>
#include <crypto/gf128mul.h>
#include <crypto/utils.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "gmac_soft.h"

int sipsec_gmac_soft(const u8 *raw, const u8 *iv, const u8 *data, u32 len, u8 *mac)
{
	/* H and what hides the tag: the block of zeros and J0, encrypted. */
	u8 block[2][AES_BLOCK_SIZE] = {};
	be128 hash = {}, end = { .a = cpu_to_be64((u64)len * 8) };
	be128 h;
	int err;

	memcpy(block[1], iv, SIPSEC_GMAC_IV_LEN);
	block[1][AES_BLOCK_SIZE - 1] = 1;
	err = sipsec_aes_encrypt(raw, AES_KEYSIZE_128, block[0], block[0], 2);
	if (err)
		return err;
	memcpy(&h, block[0], sizeof(h));

	while (len) {
		u32 n = min_t(u32, len, AES_BLOCK_SIZE);

		crypto_xor((u8 *)&hash, data, n);
		gf128mul_lle(&hash, &h);
		data += n;
		len -= n;
	}
	crypto_xor((u8 *)&hash, (const u8 *)&end, sizeof(end));
	gf128mul_lle(&hash, &h);
	crypto_xor_cpy(mac, (const u8 *)&hash, block[1], AES_BLOCK_SIZE);

	memzero_explicit(block, sizeof(block));
	memzero_explicit(&h, sizeof(h));
	return 0;
}
