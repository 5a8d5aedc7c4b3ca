// SPDX-License-Identifier: GPL-2.0
/* The AES-CMAC of whole octets that eia2.c takes from its surroundings. */
#include <linux/build_bug.h>
#include <stdlib.h>
#include <string.h>

#include "aes.h"
#include "eia2.h"

struct cmac {
	u8 chain[16], last[16];
	unsigned int have;
};

int eia2_aes(const u8 raw[16], const u8 in[16], u8 out[16])
{
	aes(raw, in, out);
	return 0;
}

void *eia2_cmac_new(void)
{
	void *cmac = malloc(16);

	if (!cmac)
		abort();
	return cmac;
}

void eia2_cmac_free(void *cmac)
{
	free(cmac);
}

int eia2_cmac_export(const void *state, void *cmac, void *out)
{
	(void)cmac;
	memcpy(out, state, sizeof(struct cmac));
	return 0;
}

int eia2_cmac_import(void *state, void *cmac, const void *in)
{
	(void)cmac;
	memcpy(state, in, sizeof(struct cmac));
	return 0;
}

int eia2_cmac_set_key(void *cmac, const u8 raw[16])
{
	memcpy(cmac, raw, 16);
	return 0;
}

int eia2_cmac_init(void *state, void *cmac)
{
	BUILD_BUG_ON(sizeof(struct cmac) > EIA2_CMAC_STATE);
	(void)cmac;
	memset(state, 0, sizeof(struct cmac));
	return 0;
}

int eia2_cmac_update(void *state, void *cmac, const u8 *data, unsigned int len)
{
	struct cmac *c = state;
	unsigned int i;

	for (; len; len--) {
		if (c->have == 16) {
			for (i = 0; i < 16; i++)
				c->chain[i] ^= c->last[i];
			aes(cmac, c->chain, c->chain);
			c->have = 0;
		}
		c->last[c->have++] = *data++;
	}
	return 0;
}

static void twice(u8 k[16])
{
	u8 top = k[0] >> 7;
	unsigned int i;

	for (i = 0; i < 15; i++)
		k[i] = k[i] << 1 | k[i + 1] >> 7;
	k[15] = k[15] << 1 ^ top * 0x87;
}

int eia2_cmac_finup(void *state, void *cmac, const u8 *data, unsigned int len, u8 mac[16])
{
	struct cmac *c = state;
	u8 k[16] = { 0 };
	unsigned int i;

	eia2_cmac_update(state, cmac, data, len);
	aes(cmac, k, k);
	twice(k);
	if (c->have < 16) {
		twice(k);
		c->last[c->have] = 0x80;
		memset(c->last + c->have + 1, 0, 15 - c->have);
	}
	for (i = 0; i < 16; i++)
		c->chain[i] ^= c->last[i] ^ k[i];
	aes(cmac, c->chain, mac);
	return 0;
}
