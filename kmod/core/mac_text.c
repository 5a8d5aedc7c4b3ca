// SPDX-License-Identifier: GPL-2.0
/* The mac value: base64url of RFC 4648 clause 5, unpadded. */
#include "integrity.h"
#include "octet.h"

static const u8 digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static unsigned int digit_value(u8 c)
{
	switch (c) {
	case 'A' ... 'Z':
		return c - 'A';
	case 'a' ... 'z':
		return c - 'a' + 26;
	case '0' ... '9':
		return c - '0' + 52;
	case '-':
		return 62;
	default:
		return 63;
	}
}

bool sipsec_mac_decode(const u8 *text, unsigned int chars, u8 *mac, unsigned int mac_len)
{
	unsigned int bits = 0, acc = 0, i;

	if (chars != (mac_len * 8 + 5) / 6)
		return false;
	for (i = 0; i < chars; i++) {
		if (!sipsec_octet_is(text[i], SIPSEC_OCTET_BASE64))
			return false;
		acc = acc << 6 | digit_value(text[i]);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			*mac++ = acc >> bits;
			acc &= (1U << bits) - 1;
		}
	}
	return !acc;
}

void sipsec_mac_encode(u8 *text, const u8 *mac, unsigned int mac_len)
{
	unsigned int bits = 0, acc = 0, i;

	for (i = 0; i < mac_len; i++) {
		acc = acc << 8 | mac[i];
		bits += 8;
		while (bits >= 6) {
			bits -= 6;
			*text++ = digits[acc >> bits & 63];
		}
		acc &= (1U << bits) - 1;
	}
	if (bits)
		*text = digits[acc << (6 - bits)];
}
