// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>
#include <linux/unaligned.h>

#include "blocks.h"
#include "snow3g.h"
#include "uia2.h"

#define LAST	(GF64_MAX_SUM - 1)	/* power[LAST] is P itself */

void uia2_set_key(struct uia2_key *key, const u8 raw[SIPSEC_3GPP_KEY_LEN])
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		key->k[3 - i] = get_unaligned_be32(raw + 4 * i);
}

void uia2_init(struct uia2_state *st, const struct uia2_key *key,
	       const struct sipsec_3gpp_parm *p)
{
	const u32 iv[4] = {
		p->fresh ^ (u32)p->direction << 15, p->count ^ (u32)p->direction << 31,
		p->fresh, p->count
	};
	u32 z[5];
	u64 power;
	int i;

	snow3g(key->k, iv, z, 5);
	power = (u64)z[0] << 32 | z[1];
	gf64_factor(&st->power[LAST], power);
	for (i = LAST - 1; i >= 0; i--) {
		power = gf64_mul(power, &st->power[LAST]);
		gf64_factor(&st->power[i], power);
	}
	st->q = (u64)z[2] << 32 | z[3];
	st->mask = z[4];
	st->eval = 0;
	st->length = 0;
	st->have = 0;
	st->bits = p->bits;
	memzero_explicit(z, sizeof(z));
	memzero_explicit(&power, sizeof(power));
}

/*
 * Horner's rule, several blocks in a step: they need not wait for each other's
 * products, and are reduced together.
 */
static void do_blocks(void *state, const void *key, const u8 *data, unsigned int nr)
{
	struct uia2_state *st = state;
	u64 eval = st->eval;

	for (; nr >= GF64_MAX_SUM; nr -= GF64_MAX_SUM, data += GF64_MAX_SUM * UIA2_BLOCK) {
		const u64 a[GF64_MAX_SUM] = {
			eval ^ get_unaligned_be64(data),
			get_unaligned_be64(data + UIA2_BLOCK),
			get_unaligned_be64(data + 2 * UIA2_BLOCK),
			get_unaligned_be64(data + 3 * UIA2_BLOCK)
		};

		eval = gf64_dot(a, st->power, GF64_MAX_SUM);
	}
	for (; nr; nr--, data += UIA2_BLOCK)
		eval = gf64_mul(eval ^ get_unaligned_be64(data), &st->power[LAST]);
	st->eval = eval;
}

void uia2_update(struct uia2_state *st, const struct uia2_key *key, const u8 *data,
		 unsigned int len)
{
	st->length += len;
	st->have = blocks_update(st->buf, st->have, UIA2_BLOCK, data, len, do_blocks, st, key);
}

void uia2_final(struct uia2_state *st, const struct uia2_key *key, u8 mac[SIPSEC_3GPP_MAC_LEN])
{
	u64 length = (st->length - st->have) * 8;
	struct gf64_factor q;

	length += blocks_end(st->buf, st->have, UIA2_BLOCK, st->bits);
	if (st->have)
		do_blocks(st, key, st->buf, 1);
	gf64_factor(&q, st->q);
	put_unaligned_be32((u32)(gf64_mul(st->eval ^ length, &q) >> 32) ^ st->mask, mac);
	memzero_explicit(&q, sizeof(q));
}
