// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "hex.h"

/* Digits that no name of ours begins with. */
#define HIDDEN_DIGITS	16

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

size_t hex_span(const char *text)
{
	return strspn(text, "0123456789abcdefABCDEF");
}

const char *hex_shown(const char *text)
{
	return hex_span(text) < HIDDEN_DIGITS ? text : "(a key?)";
}

int number_read(const char *text, uint64_t max, uint64_t *value)
{
	unsigned int base = 10;
	uint64_t v = 0;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
	}
	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		int digit = hex_digit(*text);

		if (digit < 0 || (unsigned int)digit >= base || v > (max - digit) / base)
			return -EINVAL;
		v = v * base + digit;
	}
	*value = v;
	return 0;
}
