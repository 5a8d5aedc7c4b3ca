// SPDX-License-Identifier: GPL-2.0
#include "genvalue.h"
#include "ipaddr.h"

/* UTF8-NONASCII: the octets that lead announces, all there; else 0. */
static u32 utf8_len(const u8 *buf, u32 len)
{
	u32 n, i;

	switch (buf[0]) {
	case 0xc0 ... 0xdf:
		n = 2;
		break;
	case 0xe0 ... 0xef:
		n = 3;
		break;
	case 0xf0 ... 0xf7:
		n = 4;
		break;
	case 0xf8 ... 0xfb:
		n = 5;
		break;
	case 0xfc ... 0xfd:
		n = 6;
		break;
	default:
		return 0;
	}
	if (n > len)
		return 0;
	for (i = 1; i < n; i++)
		if ((buf[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

static u32 quoted_string_len(const u8 *buf, u32 len)
{
	u32 pos = 1, n;

	while (pos < len) {
		switch (buf[pos]) {
		case '"':
			return pos + 1;
		case '\\':
			pos++;
			/* RFC 3261 lets NUL be quoted, clause 8 does not */
			if (pos == len || buf[pos] >= 0x80 || buf[pos] == '\0' ||
			    buf[pos] == '\r' || buf[pos] == '\n')
				return 0;
			pos++;
			break;
		case '\t':
		case ' ' ... '!':
		case '#' ... '[':
		case ']' ... '~':
			pos++;
			break;
		default:
			n = utf8_len(buf + pos, len - pos);
			if (!n)
				return 0;
			pos += n;
		}
	}
	return 0;
}

u32 sipsec_genvalue_len(const u8 *buf, u32 len)
{
	u8 addr[16];

	if (!len)
		return 0;
	switch (buf[0]) {
	case '"':
		return quoted_string_len(buf, len);
	case '[':
		return sipsec_ipv6_reference_parse(buf, len, addr);
	default:
		return 0;
	}
}
