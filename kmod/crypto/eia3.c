// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>
#include <linux/unaligned.h>

#include "blocks.h"
#include "eia3.h"

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

static __always_inline u32 reverse_in_octets(u32 x)
{
	x = (x >> 1 & 0x55555555) | (x & 0x55555555) << 1;
	x = (x >> 2 & 0x33333333) | (x & 0x33333333) << 2;
	return (x >> 4 & 0x0f0f0f0f) | (x & 0x0f0f0f0f) << 4;
}

#define FOURTH(n)	(0x1111111111111111ULL << (n))

/*
 * For each bit of the message that is set T takes the 32 bits of keystream that
 * begin at its place: the middle of a product of polynomials, if the message's
 * bits are turned round.  As in gf64.c it is made of products of integers, in
 * constant time; with every fourth bit of a word set, at most eight meet.
 *
 * word holds four octets of the message, the first the least significant.
 */
static __always_inline u32 hash_word(u64 z, u32 word)
{
	u64 m = reverse_in_octets(word);
	u64 m0 = m & FOURTH(0), m1 = m & FOURTH(1), m2 = m & FOURTH(2), m3 = m & FOURTH(3);
	u64 z0 = z & FOURTH(0), z1 = z & FOURTH(1), z2 = z & FOURTH(2), z3 = z & FOURTH(3);
	u64 r;

	r = (m0 * z0 ^ m1 * z3 ^ m2 * z2 ^ m3 * z1) & FOURTH(0);
	r |= (m0 * z1 ^ m1 * z0 ^ m2 * z3 ^ m3 * z2) & FOURTH(1);
	r |= (m0 * z2 ^ m1 * z1 ^ m2 * z0 ^ m3 * z3) & FOURTH(2);
	r |= (m0 * z3 ^ m1 * z2 ^ m2 * z1 ^ m3 * z0) & FOURTH(3);
	return r >> 32;
}

static void do_words(struct eia3_state *st, const u8 *data, unsigned int words)
{
	u32 z[EIA3_WORDS + 1];
	unsigned int i;

	z[0] = st->z;
	zuc_words(&st->zuc, z + 1, words);
	for (i = 0; i < words; i++)
		st->t ^= hash_word((u64)z[i] << 32 | z[i + 1],
				   get_unaligned_le32(data + 4 * i));
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
	unsigned int words = bits / 32;
	u32 z[3];

	do_words(st, st->buf, words);
	/* The word the message ends in, if any, and two beyond the message. */
	bits %= 32;
	z[0] = st->z;
	zuc_words(&st->zuc, z + 1, bits ? 2 : 1);
	if (bits) {
		u64 window = (u64)z[0] << 32 | z[1];

		st->t ^= hash_word(window, get_unaligned_le32(st->buf + 4 * words));
		st->t ^= window >> (32 - bits) ^ z[2];
	} else {
		st->t ^= z[0] ^ z[1];
	}
	put_unaligned_be32(st->t, mac);
	memzero_explicit(z, sizeof(z));
}
