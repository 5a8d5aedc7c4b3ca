// SPDX-License-Identifier: GPL-2.0
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "blocks.h"
#include "clmul.h"
#include "zuc256.h"
#include "zuchash.h"

/* Blocks in a row for which the FPU is worth the time it takes to have it. */
#define CLMUL_PAYS	2

void zuc256_set_key(struct zuc256_key *key, const u8 raw[ZUC256_KEY_LEN])
{
	memcpy(key->raw, raw, sizeof(key->raw));
}

/* An octet, 7 bits, two octets. */
static u32 load(u8 a, u8 b, u8 c, u8 d)
{
	return (u32)a << 23 | (u32)b << 16 | (u32)c << 8 | d;
}

int zuc256_init(struct zuc256_state *st, const struct zuc256_key *key,
		const u8 iv[ZUC256_IV_LEN], unsigned int words, unsigned int bits)
{
	const u8 d0 = words == 1 ? 0x22 : 0x23, d2 = words == 2 ? 0x24 : 0x25;
	const u8 *k = key->raw;
	u32 *s = st->zuc.s;
	unsigned int i;

	for (i = 17; i < ZUC256_IV_LEN; i++)
		if (iv[i] > 0x3f)
			return -EINVAL;
	s[0] = load(k[0], d0, k[21], k[16]);
	s[1] = load(k[1], 0x2f, k[22], k[17]);
	s[2] = load(k[2], d2, k[23], k[18]);
	s[3] = load(k[3], 0x2a, k[24], k[19]);
	s[4] = load(k[4], 0x6d, k[25], k[20]);
	s[5] = load(iv[0], 0x40 | iv[17], k[5], k[26]);
	s[6] = load(iv[1], 0x40 | iv[18], k[6], k[27]);
	s[7] = load(iv[10], 0x40 | iv[19], k[7], iv[2]);
	s[8] = load(k[8], 0x40 | iv[20], iv[3], iv[11]);
	s[9] = load(k[9], 0x40 | iv[21], iv[12], iv[4]);
	s[10] = load(iv[5], 0x40 | iv[22], k[10], k[28]);
	s[11] = load(k[11], 0x40 | iv[23], iv[6], iv[13]);
	s[12] = load(k[12], 0x40 | iv[24], iv[7], iv[14]);
	s[13] = load(k[13], 0x52, iv[15], iv[8]);
	s[14] = load(k[14], 0x10 | k[31] >> 4, iv[16], iv[9]);
	s[15] = load(k[15], 0x30 | (k[31] & 0xf), k[30], k[29]);
	zuc_start(&st->zuc, 32);
	zuc_words(&st->zuc, st->tag, words);
	zuc_words(&st->zuc, st->z, words);
	st->words = words;
	st->have = 0;
	st->bits = bits;
	return 0;
}

/* n words of message, as hash() takes them; z has n + 4 of keystream from its place on. */
static __always_inline void
do_words(struct zuc256_state *st, const u32 *z, const u8 *data, unsigned int n,
	 u32 (*hash)(const u32 *z, const u8 *data, unsigned int words))
{
	unsigned int j;

	for (j = 0; j < st->words; j++)
		st->tag[j] ^= hash(z + j, data, n);
}

static __always_inline void
do_block(struct zuc256_state *st, const u8 *data,
	 u32 (*hash)(const u32 *z, const u8 *data, unsigned int words))
{
	u32 z[ZUC256_WORDS + ZUC256_MAX_TAG];

	memcpy(z, st->z, st->words * sizeof(*z));
	zuc_words(&st->zuc, z + st->words, ZUC256_WORDS);
	do_words(st, z, data, ZUC256_WORDS, hash);
	memcpy(st->z, z + ZUC256_WORDS, st->words * sizeof(*z));
	memzero_explicit(z, sizeof(z));
}

static void do_blocks(void *state, const void *key, const u8 *data, unsigned int nr)
{
	for (; nr; nr--, data += ZUC256_BLOCK)
		do_block(state, data, zuchash);
}

static void do_blocks_clmul(void *state, const void *key, const u8 *data, unsigned int nr)
{
	unsigned int n;

	while (nr >= CLMUL_PAYS && clmul_begin()) {
		n = min_t(unsigned int, nr, CLMUL_SECTION / ZUC256_BLOCK);
		for (nr -= n; n; n--, data += ZUC256_BLOCK)
			do_block(state, data, zuchash_clmul);
		clmul_end();
	}
	do_blocks(state, key, data, nr);
}

void zuc256_update(struct zuc256_state *st, const struct zuc256_key *key, const u8 *data,
		   unsigned int len)
{
	st->have = blocks_update(st->buf, st->have, ZUC256_BLOCK, data, len, do_blocks, st, key);
}

void zuc256_update_clmul(struct zuc256_state *st, const struct zuc256_key *key, const u8 *data,
			 unsigned int len)
{
	st->have = blocks_update(st->buf, st->have, ZUC256_BLOCK, data, len, do_blocks_clmul, st,
				 key);
}

void zuc256_final(struct zuc256_state *st, const struct zuc256_key *key, u8 *mac)
{
	unsigned int bits = blocks_end(st->buf, st->have, ZUC256_BLOCK, st->bits), j;
	/* The words of message, in pairs, and the tag's behind its end. */
	u32 z[ZUC256_WORDS + ZUC256_MAX_TAG + 1];

	memcpy(z, st->z, st->words * sizeof(*z));
	zuc_words(&st->zuc, z + st->words, ZUC256_WORDS + 1);
	do_words(st, z, st->buf, (bits + 63) / 64 * 2, zuchash);
	for (j = 0; j < st->words; j++)
		put_unaligned_be32(st->tag[j] ^ zuchash_window(z + j, bits), mac + 4 * j);
	memzero_explicit(z, sizeof(z));
}
