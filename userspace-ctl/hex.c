// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "hex.h"

int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int hex_decode(const char *text, size_t digits, uint8_t *out, size_t size, size_t *len)
{
	size_t i;

	if (digits % 2)
		return -EINVAL;
	if (digits / 2 > size)
		return -EMSGSIZE;
	for (i = 0; i < digits / 2; i++) {
		int high = hex_digit(text[2 * i]);
		int low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return -EINVAL;
		out[i] = high << 4 | low;
	}
	*len = digits / 2;
	return 0;
}

void hex_encode(char *text, const uint8_t *data, size_t len)
{
	static const char digit[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < len; i++) {
		*text++ = digit[data[i] >> 4];
		*text++ = digit[data[i] & 15];
	}
	*text = '\0';
}

int hex_u32(const char *text, uint32_t *value)
{
	uint32_t v = 0;
	int i;

	for (i = 0; text[i]; i++) {
		int digit = hex_digit(text[i]);

		if (i == 8 || digit < 0)
			return -EINVAL;
		v = v << 4 | digit;
	}
	if (!i)
		return -EINVAL;
	*value = v;
	return 0;
}
