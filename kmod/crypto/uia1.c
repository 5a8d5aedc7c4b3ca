// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>
#include <linux/unaligned.h>

#include "blocks.h"
#include "uia1.h"

void uia1_set_key(struct uia1_key *key, const u8 raw[SIPSEC_3GPP_KEY_LEN])
{
	u8 changed[SIPSEC_3GPP_KEY_LEN];
	unsigned int i;

	for (i = 0; i < sizeof(changed); i++)
		changed[i] = raw[i] ^ 0xaa;
	kasumi_set_key(&key->k, raw);
	kasumi_set_key(&key->last, changed);
	memzero_explicit(changed, sizeof(changed));
}

static __always_inline void block(struct uia1_state *st, const struct uia1_key *key, u64 x)
{
	st->chain = kasumi_encrypt(&key->k, st->chain ^ x);
	st->sum ^= st->chain;
}

static void do_blocks(void *state, const void *key, const u8 *data, unsigned int nr)
{
	for (; nr; nr--, data += KASUMI_BLOCK)
		block(state, key, get_unaligned_be64(data));
}

void uia1_init(struct uia1_state *st, const struct uia1_key *key,
	       const struct sipsec_3gpp_parm *p)
{
	*st = (struct uia1_state){ .bits = p->bits, .direction = p->direction };
	block(st, key, (u64)p->count << 32 | p->fresh);
}

void uia1_update(struct uia1_state *st, const struct uia1_key *key, const u8 *data,
		 unsigned int len)
{
	st->have = blocks_update(st->buf, st->have, KASUMI_BLOCK, data, len, do_blocks, st, key);
}

void uia1_final(struct uia1_state *st, const struct uia1_key *key, u8 mac[SIPSEC_3GPP_MAC_LEN])
{
	unsigned int bits = blocks_end(st->buf, st->have, KASUMI_BLOCK, st->bits);
	/* DIRECTION and a 1 behind the message, from the left of two blocks. */
	u64 pad = (u64)(st->direction << 1 | 1) << 62;
	u64 last = get_unaligned_be64(st->buf);

	if (bits == 64) {
		block(st, key, last);
		block(st, key, pad);
	} else {
		block(st, key, last | pad >> bits);
		if (bits == 63)
			block(st, key, 1ULL << 63);
	}
	put_unaligned_be32(kasumi_encrypt(&key->last, st->sum) >> 32, mac);
}
