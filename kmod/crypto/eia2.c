// SPDX-License-Identifier: GPL-2.0
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "blocks.h"
#include "eia2.h"

/* CMAC's doubling in GF(2^128), without a branch. */
static void double_block(u8 block[EIA2_BLOCK])
{
	u64 hi = get_unaligned_be64(block), lo = get_unaligned_be64(block + 8);

	put_unaligned_be64(hi << 1 | lo >> 63, block);
	put_unaligned_be64(lo << 1 ^ (0x87 & -(hi >> 63)), block + 8);
}

int eia2_new(struct eia2_key *key)
{
	key->cmac = eia2_cmac_new();
	return PTR_ERR_OR_ZERO(key->cmac);
}

void eia2_free(struct eia2_key *key)
{
	eia2_cmac_free(key->cmac);
}

int eia2_set_key(struct eia2_key *key, const u8 raw[SIPSEC_3GPP_KEY_LEN])
{
	static const u8 zeros[EIA2_BLOCK];
	u8 k[EIA2_BLOCK];
	unsigned int i;
	int err;

	err = eia2_cmac_set_key(key->cmac, raw);
	if (err)
		return err;
	err = eia2_aes(raw, zeros, k);
	if (err)
		return err;
	double_block(k);
	memcpy(key->twist, k, sizeof(k));
	double_block(k);
	for (i = 0; i < EIA2_BLOCK; i++)
		key->twist[i] ^= k[i];
	memzero_explicit(k, sizeof(k));
	return 0;
}

int eia2_init(struct eia2_state *st, const struct eia2_key *key,
	      const struct sipsec_3gpp_parm *p)
{
	int err = eia2_cmac_init(st->cmac, key->cmac);

	if (err)
		return err;
	/* With these in front the message begins in the middle of a block. */
	put_unaligned_be32(p->count, st->buf);
	put_unaligned_be32(p->fresh | (u32)p->direction << 26, st->buf + 4);
	st->have = 8;
	st->bits = p->bits;
	return 0;
}

int eia2_update(struct eia2_state *st, const struct eia2_key *key, const u8 *data,
		unsigned int len)
{
	unsigned int n;
	int err;

	n = min_t(unsigned int, EIA2_BLOCK - st->have, len);
	memcpy(st->buf + st->have, data, n);
	st->have += n;
	data += n;
	len -= n;
	if (!len)
		return 0;

	/* The last block stays in the buffer. */
	err = eia2_cmac_update(st->cmac, key->cmac, st->buf, EIA2_BLOCK);
	if (err)
		return err;
	n = (len - 1) / EIA2_BLOCK * EIA2_BLOCK;
	if (n) {
		err = eia2_cmac_update(st->cmac, key->cmac, data, n);
		if (err)
			return err;
	}
	st->have = len - n;
	memcpy(st->buf, data + n, st->have);
	return 0;
}

int eia2_final(struct eia2_state *st, const struct eia2_key *key, u8 mac[SIPSEC_3GPP_MAC_LEN])
{
	unsigned int len = st->have, i;
	u8 full[EIA2_BLOCK];
	int err;

	if (st->bits) {
		unsigned int bits = blocks_end(st->buf, len, EIA2_BLOCK, st->bits);

		/*
		 * The 1 behind the message, and zeros.  CMAC adds K2 to a block
		 * that is padded and K1 to one that is whole, as this looks.
		 */
		st->buf[bits / 8] |= 0x80 >> bits % 8;
		len = EIA2_BLOCK;
		for (i = 0; i < EIA2_BLOCK; i++)
			st->buf[i] ^= key->twist[i];
	}
	err = eia2_cmac_finup(st->cmac, key->cmac, st->buf, len, full);
	if (!err)
		memcpy(mac, full, SIPSEC_3GPP_MAC_LEN);
	memzero_explicit(full, sizeof(full));
	return err;
}

int eia2_export(const struct eia2_state *st, const struct eia2_key *key, void *out)
{
	memcpy(out, st, offsetof(struct eia2_state, cmac));
	return eia2_cmac_export(st->cmac, key->cmac, out + offsetof(struct eia2_state, cmac));
}

int eia2_import(struct eia2_state *st, const struct eia2_key *key, const void *in)
{
	memcpy(st, in, offsetof(struct eia2_state, cmac));
	return eia2_cmac_import(st->cmac, key->cmac, in + offsetof(struct eia2_state, cmac));
}
