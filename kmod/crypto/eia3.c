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

/* The bits of each octet in the opposite order. */
static __always_inline u64 reverse_in_octets(u64 x)
{
	x = (x >> 1 & 0x5555555555555555) | (x & 0x5555555555555555) << 1;
	x = (x >> 2 & 0x3333333333333333) | (x & 0x3333333333333333) << 2;
	return (x >> 4 & 0x0f0f0f0f0f0f0f0f) | (x & 0x0f0f0f0f0f0f0f0f) << 4;
}

#define FOURTH(n)	(0x1111111111111111ULL << (n))

/*
 * For each bit of the message that is set T takes the 32 bits of keystream that
 * begin at its place: the middle of a product of polynomials, if the message's
 * bits are turned round.  As in gf64.c it is made of products of integers, in
 * constant time; with every fourth bit of a word set, at most eight meet.
 *
 * Here are sums of such products, by the residues of their bits' numbers modulo
 * four; between the bits that count is what hash_end() takes away.
 */
struct hash {
	u64 r0, r1, r2, r3;
};

/* z: two words of keystream; m: a word of the message, its first bit the lowest. */
static __always_inline void hash_word(struct hash *h, u64 z, u64 m)
{
	u64 m0 = m & FOURTH(0), m1 = m & FOURTH(1), m2 = m & FOURTH(2), m3 = m & FOURTH(3);
	u64 z0 = z & FOURTH(0), z1 = z & FOURTH(1), z2 = z & FOURTH(2), z3 = z & FOURTH(3);

	h->r0 ^= m0 * z0 ^ m1 * z3 ^ m2 * z2 ^ m3 * z1;
	h->r1 ^= m0 * z1 ^ m1 * z0 ^ m2 * z3 ^ m3 * z2;
	h->r2 ^= m0 * z2 ^ m1 * z1 ^ m2 * z0 ^ m3 * z3;
	h->r3 ^= m0 * z3 ^ m1 * z2 ^ m2 * z1 ^ m3 * z0;
}

static __always_inline u32 hash_end(const struct hash *h)
{
	return ((h->r0 & FOURTH(0)) | (h->r1 & FOURTH(1)) |
		(h->r2 & FOURTH(2)) | (h->r3 & FOURTH(3))) >> 32;
}

/* words: even. */
static __always_inline void do_words(struct eia3_state *st, const u8 *data, unsigned int words)
{
	u32 z[EIA3_WORDS + 1];
	struct hash h = {};
	unsigned int i;

	z[0] = st->z;
	zuc_words(&st->zuc, z + 1, words);
	for (i = 0; i < words; i += 2) {
		u64 m = reverse_in_octets(get_unaligned_le64(data + 4 * i));

		hash_word(&h, (u64)z[i] << 32 | z[i + 1], (u32)m);
		hash_word(&h, (u64)z[i + 1] << 32 | z[i + 2], m >> 32);
	}
	st->t ^= hash_end(&h);
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
	u32 z[4];
	u64 m;

	do_words(st, st->buf, words);
	bits -= words * 32;
	more = (bits + 31) / 32;
	/* Two words beyond the message. */
	z[0] = st->z;
	zuc_words(&st->zuc, z + 1, more + 1);
	if (more) {
		struct hash h = {};

		m = reverse_in_octets(get_unaligned_le64(st->buf + 4 * words));
		hash_word(&h, (u64)z[0] << 32 | z[1], (u32)m);
		if (more > 1)
			hash_word(&h, (u64)z[1] << 32 | z[2], m >> 32);
		st->t ^= hash_end(&h);
	}
	/* The 32 bits of keystream at the message's end, and the last word. */
	m = (u64)z[bits / 32] << 32 | z[bits / 32 + 1];
	st->t ^= (u32)(m >> (32 - bits % 32)) ^ z[more + 1];
	put_unaligned_be32(st->t, mac);
	memzero_explicit(z, sizeof(z));
}
