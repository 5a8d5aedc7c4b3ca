// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "aes.h"
#include "kasumi.h"
#include "slow.h"
#include "snow3g.h"
#include "zuc.h"

/* More than any message here has. */
#define MAX_BITS	8192

static u8 get_bit(const u8 *text, unsigned int i)
{
	return text[i / 8] >> (7 - i % 8) & 1;
}

static void put_bit(u8 *text, unsigned int i, u8 bit)
{
	text[i / 8] |= bit << (7 - i % 8);
}

static unsigned int put_bits(u8 *text, unsigned int at, u64 value, unsigned int n)
{
	while (n--)
		put_bit(text, at++, value >> n & 1);
	return at;
}

static unsigned int put_message(u8 *text, unsigned int at, const u8 *msg, unsigned int bits)
{
	unsigned int i;

	for (i = 0; i < bits; i++)
		put_bit(text, at++, get_bit(msg, i));
	return at;
}

u32 slow_uia1(const u8 *key, const struct sipsec_3gpp_parm *p, const u8 *msg, unsigned int bits)
{
	u8 text[MAX_BITS / 8] = { 0 }, changed[16];
	unsigned int at, i;
	struct kasumi_key k;
	u64 a = 0, b = 0;

	at = put_bits(text, 0, p->count, 32);
	at = put_bits(text, at, p->fresh, 32);
	at = put_message(text, at, msg, bits);
	at = put_bits(text, at, p->direction, 1);
	at = put_bits(text, at, 1, 1);
	kasumi_set_key(&k, key);
	for (i = 0; i < at; i += 64) {
		a = kasumi_encrypt(&k, a ^ get_unaligned_be64(text + i / 8));
		b ^= a;
	}
	for (i = 0; i < 16; i++)
		changed[i] = key[i] ^ 0xaa;
	kasumi_set_key(&k, changed);
	return kasumi_encrypt(&k, b) >> 32;
}

u64 slow_mul64(u64 a, u64 b)
{
	u64 r = 0;

	for (; b; b >>= 1) {
		if (b & 1)
			r ^= a;
		a = a << 1 ^ (a >> 63 ? 0x1b : 0);
	}
	return r;
}

u32 slow_uia2(const u8 *key, const struct sipsec_3gpp_parm *p, const u8 *msg, unsigned int bits)
{
	u32 k[4], iv[4], z[5];
	u8 text[MAX_BITS / 8] = { 0 };
	u64 eval = 0;
	unsigned int i;

	for (i = 0; i < 4; i++)
		k[i] = get_unaligned_be32(key + 12 - 4 * i);
	iv[3] = p->count;
	iv[2] = p->fresh;
	iv[1] = p->count ^ (u32)p->direction << 31;
	iv[0] = p->fresh ^ (u32)p->direction << 15;
	snow3g(k, iv, z, 5);
	put_message(text, 0, msg, bits);
	for (i = 0; i < bits; i += 64)
		eval = slow_mul64(eval ^ get_unaligned_be64(text + i / 8),
				  (u64)z[0] << 32 | z[1]);
	eval = slow_mul64(eval ^ bits, (u64)z[2] << 32 | z[3]);
	return (eval >> 32) ^ z[4];
}

u32 slow_eia2(const u8 *key, const struct sipsec_3gpp_parm *p, const u8 *msg, unsigned int bits)
{
	u8 text[MAX_BITS / 8] = { 0 }, l[16] = { 0 }, sub[16] = { 0 }, chain[16] = { 0 };
	unsigned int at, i, j, doubled;

	at = put_bits(text, 0, p->count, 32);
	at = put_bits(text, at, p->fresh >> 27, 5);
	at = put_bits(text, at, p->direction, 1);
	at = put_bits(text, at, 0, 26);
	at = put_message(text, at, msg, bits);
	aes(key, l, l);
	/* K1, or K2 and padding. */
	for (doubled = 0; doubled < (at % 128 ? 2 : 1); doubled++) {
		memset(sub, 0, sizeof(sub));
		for (i = 0; i < 127; i++)
			put_bit(sub, i, get_bit(l, i + 1));
		if (get_bit(l, 0))
			sub[15] ^= 0x87;
		memcpy(l, sub, sizeof(l));
	}
	if (at % 128) {
		put_bit(text, at, 1);
		at = (at / 128 + 1) * 128;
	}
	for (i = 0; i < at; i += 128) {
		for (j = 0; j < 16; j++)
			chain[j] ^= text[i / 8 + j] ^ (i + 128 == at ? sub[j] : 0);
		aes(key, chain, chain);
	}
	return get_unaligned_be32(chain);
}

u32 slow_eia3(const u8 *key, const struct sipsec_3gpp_parm *p, const u8 *msg, unsigned int bits)
{
	u32 z[MAX_BITS / 32 + 3];
	unsigned int words = (bits + 31) / 32 + 2, i, j;
	u8 iv[16] = { 0 }, stream[sizeof(z)] = { 0 };
	struct zuc zuc;
	u32 t = 0;

	put_bits(iv, 0, p->count, 32);
	put_bits(iv, 32, p->fresh >> 27, 5);
	memcpy(iv + 8, iv, 8);
	iv[8] ^= p->direction << 7;
	iv[14] ^= p->direction << 7;
	zuc_init(&zuc, key, iv);
	for (i = 0; i < words; i++) {
		zuc_words(&zuc, z + i, 1);
		put_bits(stream, 32 * i, z[i], 32);
	}
	for (i = 0; i <= bits; i++) {
		u32 window = 0;

		if (i < bits && !get_bit(msg, i))
			continue;
		for (j = 0; j < 32; j++)
			window = window << 1 | get_bit(stream, i + j);
		t ^= window;
	}
	return t ^ z[words - 1];
}
