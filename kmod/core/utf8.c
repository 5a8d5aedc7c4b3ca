// SPDX-License-Identifier: GPL-2.0
#include "utf8.h"

u32 sipsec_utf8_len(const u8 *buf, u32 len)
{
	/* What the second octet may be, by the first; the others are any of 80 to BF. */
	u8 low = 0x80, high = 0xbf;
	u32 n, i;

	switch (buf[0]) {
	case 0x00 ... 0x7f:
		return 1;
	case 0xc2 ... 0xdf:
		n = 2;
		break;
	case 0xe0 ... 0xef:
		n = 3;
		if (buf[0] == 0xe0)
			low = 0xa0;
		else if (buf[0] == 0xed)
			high = 0x9f;
		break;
	case 0xf0 ... 0xf4:
		n = 4;
		if (buf[0] == 0xf0)
			low = 0x90;
		else if (buf[0] == 0xf4)
			high = 0x8f;
		break;
	default:
		return 0;
	}
	if (n > len || buf[1] < low || buf[1] > high)
		return 0;
	for (i = 2; i < n; i++)
		if ((buf[i] & 0xc0) != 0x80)
			return 0;
	return n;
}
