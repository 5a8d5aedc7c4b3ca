// SPDX-License-Identifier: GPL-2.0
/* AES-128 as FIPS 197 writes it, octet by octet. */
#include <string.h>

#include "aes.h"

static u8 twice(u8 x)
{
	return x << 1 ^ (x >> 7) * 0x1b;
}

static u8 times(u8 a, u8 b)
{
	u8 r = 0;

	for (; b; b >>= 1, a = twice(a))
		if (b & 1)
			r ^= a;
	return r;
}

static u8 sub(u8 x)
{
	u8 y = 1, r = 0x63;
	unsigned int i;

	/* x^254 */
	for (i = 0; i < 254; i++)
		y = times(y, x);
	for (i = 0; i < 5; i++)
		r ^= y << i | y >> (8 - i);
	return r;
}

void aes(const u8 key[16], const u8 in[16], u8 out[16])
{
	static u8 box[256];
	u8 k[16], s[16], t[16], rcon = 1;
	unsigned int round, i, j;

	if (!box[0])
		for (i = 0; i < 256; i++)
			box[i] = sub(i);
	memcpy(k, key, 16);
	for (i = 0; i < 16; i++)
		s[i] = in[i] ^ k[i];
	for (round = 1; round <= 10; round++) {
		for (i = 0; i < 4; i++)
			k[i] ^= box[k[12 + (i + 1) % 4]];
		k[0] ^= rcon;
		rcon = twice(rcon);
		for (i = 4; i < 16; i++)
			k[i] ^= k[i - 4];
		/* SubBytes and ShiftRows */
		for (i = 0; i < 16; i++)
			t[i] = box[s[(i + i % 4 * 4) % 16]];
		for (i = 0; i < 16; i += 4)
			for (j = 0; j < 4; j++)
				s[i + j] = k[i + j] ^ (round == 10 ? t[i + j] :
					   twice(t[i + j]) ^ twice(t[i + (j + 1) % 4]) ^
					   t[i + (j + 1) % 4] ^ t[i + (j + 2) % 4] ^
					   t[i + (j + 3) % 4]);
	}
	memcpy(out, s, 16);
}
