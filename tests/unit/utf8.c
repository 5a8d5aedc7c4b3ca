// SPDX-License-Identifier: GPL-2.0
/* UTF-8: each character of Unicode is good, and nothing else is. */
#include "tap.h"
#include "utf8.h"

/* RFC 3629 clause 3, by its table of bits. */
static u32 encode(u32 ch, u8 *buf)
{
	u32 n = ch < 0x80 ? 1 : ch < 0x800 ? 2 : ch < 0x10000 ? 3 : 4, i;
	static const u8 lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (i = n - 1; i; i--, ch >>= 6)
		buf[i] = 0x80 | (ch & 0x3f);
	buf[0] = lead[n] | ch;
	return n;
}

static void characters(void)
{
	u32 bad = 0, cut = 0, ch, n;
	u8 buf[4];

	for (ch = 0; ch < 0x110000; ch++) {
		if (ch >= 0xd800 && ch < 0xe000)
			continue;
		n = encode(ch, buf);
		bad += sipsec_utf8_len(buf, n) != n;
		cut += n > 1 && sipsec_utf8_len(buf, n - 1);
	}
	tap_ok(!bad, "each character is good");
	tap_ok(!cut, "none is without its last octet");
}

/* All that is good of n octets; the last ones only at the edges of what they may be. */
static u32 count(u32 n)
{
	static const u8 edges[] = { 0, 0x7f, 0x80, 0xbf, 0xc0, 0xff };
	u32 good = 0, all, last, i;
	u8 buf[4];

	for (all = 0; all < 1U << 8 * (n - 1); all++) {
		for (i = 0; i < n - 1; i++)
			buf[i] = all >> 8 * i;
		for (last = 0; last < sizeof(edges); last++) {
			buf[n - 1] = edges[last];
			good += sipsec_utf8_len(buf, n) == n;
		}
	}
	return good;
}

static void nothing_else(void)
{
	/* of 64 last octets two are asked for */
	tap_ok(count(2) == 2 * (0x800 - 0x80) / 64, "two octets");
	tap_ok(count(3) == 2 * (0x10000 - 0x800 - 0x800) / 64,
	       "three octets, without surrogates");
	tap_ok(count(4) == 2 * (0x110000 - 0x10000) / 64, "four octets");
}

int main(void)
{
	characters();
	nothing_else();
	return tap_done();
}
