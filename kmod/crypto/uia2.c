// SPDX-License-Identifier: GPL-2.0
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "blocks.h"
#include "clmul.h"
#include "snow3g.h"
#include "uia2.h"

#define LAST	(GF64_MAX_SUM - 1)	/* power[LAST] is P itself */

/* Blocks in a row for which the powers of P are worth their time. */
#define POWERS_PAY	(2 * GF64_MAX_SUM)

/* Blocks in a row for which the FPU is worth the time it takes to have it. */
#define CLMUL_PAYS	8

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

	snow3g(key->k, iv, z, 5);
	st->p = (u64)z[0] << 32 | z[1];
	product_factor(&st->power[LAST], st->p);
	st->powers = false;
	st->q = (u64)z[2] << 32 | z[3];
	st->mask = z[4];
	st->eval = 0;
	st->length = 0;
	st->have = 0;
	st->bits = p->bits;
	memzero_explicit(z, sizeof(z));
}

/* Those above P, which a short message does not need. */
static void make_powers(struct uia2_state *st)
{
	u64 power = st->p;
	int i;

	for (i = LAST - 1; i >= 0; i--) {
		power = gf64_mul(power, &st->power[LAST]);
		product_factor(&st->power[i], power);
	}
	st->powers = true;
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

	if (nr >= POWERS_PAY && !st->powers)
		make_powers(st);
	while (st->powers && nr >= GF64_MAX_SUM) {
		const u64 a[GF64_MAX_SUM] = {
			eval ^ get_unaligned_be64(data),
			get_unaligned_be64(data + UIA2_BLOCK),
			get_unaligned_be64(data + 2 * UIA2_BLOCK),
			get_unaligned_be64(data + 3 * UIA2_BLOCK)
		};

		eval = gf64_dot(a, st->power, GF64_MAX_SUM);
		nr -= GF64_MAX_SUM;
		data += GF64_MAX_SUM * UIA2_BLOCK;
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

static void do_blocks_clmul(void *state, const void *key, const u8 *data, unsigned int nr)
{
	struct uia2_state *st = state;
	unsigned int n;

	for (; nr >= CLMUL_PAYS && clmul_begin(); nr -= n, data += n * UIA2_BLOCK) {
		n = min_t(unsigned int, nr, CLMUL_SECTION / UIA2_BLOCK);
		st->eval = gf64_clmul_horner(st->eval, st->p, data, n);
		clmul_end();
	}
	do_blocks(st, key, data, nr);
}

void uia2_update_clmul(struct uia2_state *st, const struct uia2_key *key, const u8 *data,
		       unsigned int len)
{
	st->length += len;
	st->have = blocks_update(st->buf, st->have, UIA2_BLOCK, data, len, do_blocks_clmul, st,
				 key);
}

void uia2_final(struct uia2_state *st, const struct uia2_key *key, u8 mac[SIPSEC_3GPP_MAC_LEN])
{
	u64 length = (st->length - st->have) * 8;
	struct product_factor q;

	length += blocks_end(st->buf, st->have, UIA2_BLOCK, st->bits);
	if (st->have)
		do_blocks(st, key, st->buf, 1);
	product_factor(&q, st->q);
	put_unaligned_be32((u32)(gf64_mul(st->eval ^ length, &q) >> 32) ^ st->mask, mac);
	memzero_explicit(&q, sizeof(q));
}
