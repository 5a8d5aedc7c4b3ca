// SPDX-License-Identifier: GPL-2.0
#include "genvalue.h"
#include "octet.h"

/* Four numbers to 255 without leading zeros, dots between; 0: there is none such. */
static u32 ipv4_len(const u8 *buf, u32 len)
{
	u32 pos = 0, part, value, i;

	for (i = 0; i < 4; i++) {
		if (i && (pos == len || buf[pos++] != '.'))
			return 0;
		part = pos;
		value = 0;
		while (pos < len && sipsec_octet_is(buf[pos], SIPSEC_OCTET_DIGIT)) {
			if (pos - part == 3 || (pos > part && !value))
				return 0;
			value = value * 10 + buf[pos++] - '0';
		}
		if (pos == part || value > 255)
			return 0;
	}
	return pos;
}

/*
 * "[" IPv6address "]": groups of one to four hexadecimal digits, the last two
 * of them perhaps an IPv4 address, and one "::" where fewer than eight.
 */
static u32 ipv6_reference_len(const u8 *buf, u32 len)
{
	u32 groups = 0, pos = 1, n;
	bool gap = false;

	if (len - pos >= 2 && buf[pos] == ':' && buf[pos + 1] == ':') {
		gap = true;
		pos += 2;
	}
	while (pos < len && buf[pos] != ']') {
		n = sipsec_octet_skip(buf, pos, len, SIPSEC_OCTET_HEX) - pos;
		if (pos + n < len && buf[pos + n] == '.') {
			n = ipv4_len(buf + pos, len - pos);
			if (!n)
				return 0;
			pos += n;
			groups += 2;
			break;
		}
		if (!n || n > 4)
			return 0;
		pos += n;
		groups++;
		if (pos == len || buf[pos] != ':')
			break;
		if (++pos < len && buf[pos] == ':') {
			if (gap)
				return 0;
			gap = true;
			pos++;
		} else if (pos < len && buf[pos] == ']') {
			return 0;
		}
	}
	if (pos == len || buf[pos] != ']' || (gap ? groups > 7 : groups != 8))
		return 0;
	return pos + 1;
}

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
	if (!len)
		return 0;
	switch (buf[0]) {
	case '"':
		return quoted_string_len(buf, len);
	case '[':
		return ipv6_reference_len(buf, len);
	default:
		return 0;
	}
}
