// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>
#include <linux/unaligned.h>

#include "blocks.h"
#include "eia3.h"
#include "zuchash.h"

void eia3_set_key(struct eia3_key *key, const u8 raw[SIPSEC_3GPP_KEY_LEN])
{
	memcpy(key->raw, raw, sizeof(key->raw));
}

void eia3_init(struct eia3_state *st, const struct eia3_key *key,
	       const struct sipsec_3gpp_parm *p)
{
	u8 iv[16];

	put_unaligned_be32(p->count, iv);
	put_unaligned_be32(p->fresh, iv + 4);
	memcpy(iv + 8, iv, 8);
	iv[8] ^= p->direction << 7;
	iv[14] ^= p->direction << 7;
	zuc_init(&st->zuc, key->raw, iv);
	zuc_words(&st->zuc, &st->z, 1);
	st->t = 0;
	st->have = 0;
	st->bits = p->bits;
}

/* words: even. */
static __always_inline void do_words(struct eia3_state *st, const u8 *data, unsigned int words)
{
	u32 z[EIA3_WORDS + 1];
	struct zuchash h = {};
	unsigned int i;

	z[0] = st->z;
	zuc_words(&st->zuc, z + 1, words);
	for (i = 0; i < words; i += 2)
		zuchash_pair(&h, z + i, zuchash_message(data + 4 * i));
	st->t ^= zuchash_end(&h);
	st->z = z[words];
	memzero_explicit(z, sizeof(z));
}

static void do_blocks(void *state, const void *key, const u8 *data, unsigned int nr)
{
	for (; nr; nr--, data += EIA3_BLOCK)
		do_words(state, data, EIA3_WORDS);
}

void eia3_update(struct eia3_state *st, const struct eia3_key *key, const u8 *data,
		 unsigned int len)
{
	st->have = blocks_update(st->buf, st->have, EIA3_BLOCK, data, len, do_blocks, st, key);
}

void eia3_final(struct eia3_state *st, const struct eia3_key *key, u8 mac[SIPSEC_3GPP_MAC_LEN])
{
	unsigned int bits = blocks_end(st->buf, st->have, EIA3_BLOCK, st->bits);
	/* Whole pairs of words; then up to two that the message ends in. */
	unsigned int words = bits / 64 * 2, more;
	u32 z[4] = {};

	do_words(st, st->buf, words);
	bits -= words * 32;
	more = (bits + 31) / 32;
	/* Two words beyond the message. */
	z[0] = st->z;
	zuc_words(&st->zuc, z + 1, more + 1);
	if (more) {
		struct zuchash h = {};

		/* Behind the message there are zeros: z need not be there. */
		zuchash_pair(&h, z, zuchash_message(st->buf + 4 * words));
		st->t ^= zuchash_end(&h);
	}
	put_unaligned_be32(st->t ^ zuchash_window(z, bits) ^ z[more + 1], mac);
	memzero_explicit(z, sizeof(z));
}
