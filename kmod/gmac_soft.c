// SPDX-License-Identifier: GPL-2.0
#include <crypto/aes.h>
#include <crypto/utils.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "ghash.h"
#include "gmac_soft.h"

int sipsec_gmac_soft_key(const u8 *raw, u8 *h)
{
	static const u8 zeros[AES_BLOCK_SIZE];

	return sipsec_aes_encrypt(raw, AES_KEYSIZE_128, zeros, h, 1);
}

/* All of T, filled up with zeros to whole blocks. */
static void hash_text(struct sipsec_ghash *g, const struct sipsec_text *t)
{
	u8 block[SIPSEC_GHASH_BLOCK];
	u32 have = 0, i;

	for (i = 0; i < t->nr; i++) {
		const u8 *data = t->part[i].data;
		u32 left = t->part[i].len, n;

		if (have) {
			n = min_t(u32, left, sizeof(block) - have);
			memcpy(block + have, data, n);
			have += n;
			data += n;
			left -= n;
			if (have < sizeof(block))
				continue;
			sipsec_ghash_blocks(g, block, 1);
		}
		sipsec_ghash_blocks(g, data, left / sizeof(block));
		have = left % sizeof(block);
		memcpy(block, data + left - have, have);
	}
	if (have) {
		memset(block + have, 0, sizeof(block) - have);
		sipsec_ghash_blocks(g, block, 1);
	}
}

int sipsec_gmac_soft(const u8 *raw, const u8 *h, const u8 *iv, const struct sipsec_text *t,
		     u8 *mac)
{
	struct sipsec_ghash g __uninitialized;
	/* J0, which hides the tag once it is encrypted; then the lengths of T and of no text */
	u8 block[AES_BLOCK_SIZE] = {}, hide[AES_BLOCK_SIZE];
	int err;

	memcpy(block, iv, SIPSEC_GMAC_IV_LEN);
	block[AES_BLOCK_SIZE - 1] = 1;
	err = sipsec_aes_encrypt(raw, AES_KEYSIZE_128, block, hide, 1);
	if (err)
		return err;

	sipsec_ghash_begin(&g, h);
	hash_text(&g, t);
	put_unaligned_be64((u64)t->len * 8, block);
	put_unaligned_be64(0, block + 8);
	sipsec_ghash_blocks(&g, block, 1);
	sipsec_ghash_get(&g, mac);
	crypto_xor(mac, hide, SIPSEC_GMAC_TAG);

	sipsec_ghash_wipe(&g);
	memzero_explicit(hide, sizeof(hide));
	return 0;
}
