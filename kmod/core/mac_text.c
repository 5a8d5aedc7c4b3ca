// SPDX-License-Identifier: GPL-2.0
/* The mac value: base64url of RFC 4648 clause 5, unpadded. */
#include "integrity.h"

static const u8 digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/*
 * The values of the digits, each plus DIGIT; a table without branches, since no CPU
 * can foretell what the next digit is.
 */
#define DIGIT	0x80
static const u8 values[256] = {
#define AT(c, value)	[(c)] = DIGIT + (value)
#define FOUR(c, value)	AT(c, value), AT((c) + 1, (value) + 1), \
			AT((c) + 2, (value) + 2), AT((c) + 3, (value) + 3)
	FOUR('A', 0), FOUR('E', 4), FOUR('I', 8), FOUR('M', 12), FOUR('Q', 16), FOUR('U', 20),
	AT('Y', 24), AT('Z', 25),
	FOUR('a', 26), FOUR('e', 30), FOUR('i', 34), FOUR('m', 38), FOUR('q', 42), FOUR('u', 46),
	AT('y', 50), AT('z', 51),
	FOUR('0', 52), FOUR('4', 56), AT('8', 60), AT('9', 61),
	AT('-', 62), AT('_', 63),
#undef AT
#undef FOUR
};

bool sipsec_mac_decode(const u8 *text, unsigned int chars, u8 *mac, unsigned int mac_len)
{
	unsigned int whole = mac_len / 3, left = mac_len % 3, all = DIGIT, acc, i;

	if (chars != (mac_len * 8 + 5) / 6)
		return false;
	for (; whole; whole--, mac += 3, text += 4) {
		unsigned int a = values[text[0]], b = values[text[1]];
		unsigned int c = values[text[2]], d = values[text[3]];

		all &= a & b & c & d;
		/* what they have too much is the same for all */
		acc = (a << 18) + (b << 12) + (c << 6) + d -
		      ((DIGIT << 18) + (DIGIT << 12) + (DIGIT << 6) + DIGIT);
		mac[0] = acc >> 16;
		mac[1] = acc >> 8;
		mac[2] = acc;
	}
	/* the last one or two octets, in two or three characters */
	if (left) {
		acc = 0;
		for (i = 0; i <= left; i++) {
			u32 value = values[text[i]];

			all &= value;
			acc |= (value & ~DIGIT) << (26 - 6 * i);
		}
		for (i = 0; i < left; i++, acc <<= 8)
			mac[i] = acc >> 24;
		if (acc)
			return false;
	}
	return all;
}

void sipsec_mac_encode(u8 *text, const u8 *mac, unsigned int mac_len)
{
	unsigned int acc, i;

	for (; mac_len >= 3; mac_len -= 3, mac += 3, text += 4) {
		acc = mac[0] << 16 | mac[1] << 8 | mac[2];
		text[0] = digits[acc >> 18];
		text[1] = digits[acc >> 12 & 63];
		text[2] = digits[acc >> 6 & 63];
		text[3] = digits[acc & 63];
	}
	if (!mac_len)
		return;
	/* the last one or two octets, in two or three characters */
	acc = mac[0] << 16 | (mac_len > 1 ? mac[1] << 8 : 0);
	for (i = 0; i <= mac_len; i++)
		text[i] = digits[acc >> (18 - 6 * i) & 63];
}
