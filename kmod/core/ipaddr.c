// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>

#include "ipaddr.h"
#include "octet.h"

#define IPV6_LEN	16

u32 sipsec_ipv4_parse(const u8 *buf, u32 len, u8 *addr)
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
		addr[i] = value;
	}
	return pos;
}

/* A group of one to four hexadecimal digits; what stands there, however long. */
static u32 group(const u8 *buf, u32 pos, u32 len, u16 *value)
{
	u32 n = 0;

	*value = 0;
	while (pos + n < len && sipsec_octet_is(buf[pos + n], SIPSEC_OCTET_HEX))
		*value = *value << 4 | sipsec_octet_hex(buf[pos + n++]);
	return n;
}

/* Groups, the last two of them perhaps an IPv4 address, and one "::" where fewer than eight. */
u32 sipsec_ipv6_reference_parse(const u8 *buf, u32 len, u8 *addr)
{
	u32 pos = 1, n, filled = 0, gap = IPV6_LEN + 1;
	u16 value;

	if (len - pos >= 2 && buf[pos] == ':' && buf[pos + 1] == ':') {
		gap = 0;
		pos += 2;
	}
	while (pos < len && buf[pos] != ']') {
		n = group(buf, pos, len, &value);
		if (pos + n < len && buf[pos + n] == '.') {
			if (filled > IPV6_LEN - 4)
				return 0;
			n = sipsec_ipv4_parse(buf + pos, len - pos, addr + filled);
			if (!n)
				return 0;
			pos += n;
			filled += 4;
			break;
		}
		if (!n || n > 4 || filled == IPV6_LEN)
			return 0;
		addr[filled++] = value >> 8;
		addr[filled++] = value;
		pos += n;
		if (pos == len || buf[pos] != ':')
			break;
		if (++pos < len && buf[pos] == ':') {
			if (gap <= IPV6_LEN)
				return 0;
			gap = filled;
			pos++;
		} else if (pos < len && buf[pos] == ']') {
			return 0;
		}
	}
	if (pos == len || buf[pos] != ']' ||
	    (gap <= IPV6_LEN ? filled > IPV6_LEN - 2 : filled != IPV6_LEN))
		return 0;
	if (gap <= IPV6_LEN) {
		memmove(addr + IPV6_LEN - (filled - gap), addr + gap, filled - gap);
		memset(addr + gap, 0, IPV6_LEN - filled);
	}
	return pos + 1;
}
