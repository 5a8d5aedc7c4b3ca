// SPDX-License-Identifier: GPL-2.0
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "blocks.h"
#include "clmul.h"
#include "eia3.h"
#include "zuchash.h"

/* Blocks in a row for which the FPU is worth the time it takes to have it. */
#define CLMUL_PAYS	2

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

/* words: as hash() takes them. */
static __always_inline void
do_words(struct eia3_state *st, const u8 *data, unsigned int words,
	 u32 (*hash)(const u32 *z, const u8 *data, unsigned int words))
{
	u32 z[EIA3_WORDS + 1];

	z[0] = st->z;
	zuc_words(&st->zuc, z + 1, words);
	st->t ^= hash(z, data, words);
	st->z = z[words];
	memzero_explicit(z, sizeof(z));
}

static void do_blocks(void *state, const void *key, const u8 *data, unsigned int nr)
{
	for (; nr; nr--, data += EIA3_BLOCK)
		do_words(state, data, EIA3_WORDS, zuchash);
}

static void do_blocks_clmul(void *state, const void *key, const u8 *data, unsigned int nr)
{
	unsigned int n;

	while (nr >= CLMUL_PAYS && clmul_begin()) {
		n = min_t(unsigned int, nr, CLMUL_SECTION / EIA3_BLOCK);
		for (nr -= n; n; n--, data += EIA3_BLOCK)
			do_words(state, data, EIA3_WORDS, zuchash_clmul);
		clmul_end();
	}
	do_blocks(state, key, data, nr);
}

void eia3_update(struct eia3_state *st, const struct eia3_key *key, const u8 *data,
		 unsigned int len)
{
	st->have = blocks_update(st->buf, st->have, EIA3_BLOCK, data, len, do_blocks, st, key);
}

void eia3_update_clmul(struct eia3_state *st, const struct eia3_key *key, const u8 *data,
		       unsigned int len)
{
	st->have = blocks_update(st->buf, st->have, EIA3_BLOCK, data, len, do_blocks_clmul, st,
				 key);
}

void eia3_final(struct eia3_state *st, const struct eia3_key *key, u8 mac[SIPSEC_3GPP_MAC_LEN])
{
	unsigned int bits = blocks_end(st->buf, st->have, EIA3_BLOCK, st->bits);
	/* Whole pairs of words; then up to two that the message ends in. */
	unsigned int words = bits / 64 * 2, more;
	u32 z[4] = {};

	do_words(st, st->buf, words, zuchash);
	bits -= words * 32;
	more = (bits + 31) / 32;
	/* Two words beyond the message. */
	z[0] = st->z;
	zuc_words(&st->zuc, z + 1, more + 1);
	/* Behind the message there are zeros: z need not be there. */
	if (more)
		st->t ^= zuchash(z, st->buf + 4 * words, 2);
	put_unaligned_be32(st->t ^ zuchash_window(z, bits) ^ z[more + 1], mac);
	memzero_explicit(z, sizeof(z));
}
