// SPDX-License-Identifier: GPL-2.0
/* Keepalives, STUN, SigComp's shim, and what looks like SIP. */
#include <linux/kernel.h>
#include <string.h>

#include "data.h"
#include "guard.h"
#include "limits.h"
#include "sipmsg.h"
#include "tap.h"

#define OCTETS(text)	(const u8 *)(text), sizeof(text) - 1

static void keepalives(void)
{
	u8 buf[70];
	u32 len, i;
	bool good = true;

	for (i = 0; i < sizeof(buf); i++)
		buf[i] = "\r\n\0"[i % 3];
	for (len = 0; len <= sizeof(buf); len++)
		good &= sipsec_is_keepalive(guard_high(buf, len), len) == (len <= 64);
	tap_ok(good, "CR, LF and NUL up to 64 octets");
	for (good = true, len = 1; len <= 64; len++) {
		for (i = 0; i < len; i++) {
			u8 old = buf[i];

			buf[i] = i % 2 ? ' ' : 'x';
			good &= !sipsec_is_keepalive(guard_high(buf, len), len);
			buf[i] = old;
		}
	}
	tap_ok(good, "none with any other octet at any place");
}

static enum sipsec_class look(const u8 *buf, u32 len, bool request, bool response)
{
	const struct sipsec_look how = {
		.max = 1000, .stun_request = request, .stun_response = response
	};
	struct sipsec_msg msg;
	enum sipsec_why why;

	return sipsec_look(guard_high(buf, len), len, &how, &msg, &why);
}

static void stun(void)
{
	u8 buf[72] = { 0x00, 0x01, 0x00, 0x00, 0x21, 0x12, 0xa4, 0x42 };
	static const u16 types[] = { 0x0001, 0x0101, 0x0111, 0x0011, 0x0002, 0x1001, 0x4001 };
	bool good = true, never = true;
	u32 len, i;

	for (len = 0; len <= 70; len++) {
		bool right = len >= 20 && len <= 64 && len % 4 == 0;

		buf[3] = len - 20;
		good &= sipsec_is_stun_binding(guard_high(buf, len), len, false) == right;
		/* where STUN is not allowed it is none of the others either */
		if (len >= 20)
			never &= look(buf, len, false, false) == SIPSEC_CLASS_MALFORMED &&
				 look(buf, len, false, true) == SIPSEC_CLASS_MALFORMED;
	}
	tap_ok(good, "STUN requests of all sizes");
	tap_ok(never, "STUN requests where they are not allowed");
	for (good = true, i = 0; i < 7; i++) {
		buf[0] = types[i] >> 8;
		buf[1] = types[i];
		buf[3] = 8;
		good &= sipsec_is_stun_binding(buf, 28, false) == (i == 0);
		good &= sipsec_is_stun_binding(buf, 28, true) == (i == 1 || i == 2);
		good &= look(buf, 28, false, true) ==
			(i == 1 || i == 2 ? SIPSEC_CLASS_KEEPALIVE : SIPSEC_CLASS_MALFORMED);
	}
	tap_ok(good, "STUN types");
	buf[0] = 0;
	buf[1] = 1;
	tap_ok(look(buf, 28, true, false) == SIPSEC_CLASS_KEEPALIVE, "a STUN request is accepted");
	for (good = true, i = 2; i < 8; i++) {
		buf[i] ^= 1;
		good &= !sipsec_is_stun_binding(buf, 28, false);
		buf[i] ^= 1;
	}
	tap_ok(good, "STUN with another length or cookie");
}

static void shim(void)
{
	u8 buf[40] = { 0xfc, 0x80 | 18, 0x49, 0x01 };
	unsigned int n;
	bool good = true;
	u32 len, i;

	for (n = 0; n < 128; n++) {
		bool right = n == 14 + 4 || n == 14 + 12 || n == 14 + 16;

		buf[1] = 0x80 | n;
		good &= sipsec_shim_probe(buf, sizeof(buf)) ==
			(!n ? SIPSEC_SHIM_NONE : right ? SIPSEC_SHIM_OK : SIPSEC_SHIM_MALFORMED);
	}
	tap_ok(good, "shims of every length of item");
	buf[1] = 0x80 | 18;
	for (good = true, len = 1; len <= 30; len++)
		good &= sipsec_shim_probe(guard_high(buf, len), len) ==
			(len < 3 ? SIPSEC_SHIM_NONE :
			 len < 20 ? SIPSEC_SHIM_MALFORMED : SIPSEC_SHIM_OK);
	tap_ok(good, "shims cut off");
	for (good = true, i = 0xf8; i <= 0xff; i++) {
		buf[0] = i;
		good &= sipsec_shim_probe(buf, 30) ==
			(i >= 0xfc ? SIPSEC_SHIM_OK : SIPSEC_SHIM_NONE);
		good &= look(buf, 30, true, true) == SIPSEC_CLASS_COMPRESSED;
	}
	tap_ok(good, "the T bit");
	buf[1] = 18;
	tap_ok(sipsec_shim_probe(buf, 30) == SIPSEC_SHIM_NONE, "a short item");
	buf[1] = 0x80 | 18;
	buf[2] = 0x4a;
	tap_ok(sipsec_shim_probe(buf, 30) == SIPSEC_SHIM_NONE, "another item");
	buf[2] = 0x49;
	buf[3] = 0x02;
	tap_ok(sipsec_shim_probe(buf, 30) == SIPSEC_SHIM_MALFORMED &&
	       look(buf, 30, true, true) == SIPSEC_CLASS_MALFORMED, "another version");
	buf[0] = 0xf7;
	tap_ok(look(buf, 30, true, true) == SIPSEC_CLASS_MALFORMED, "0xf7 is not SigComp");
}

static void oversized(void)
{
	static u8 buf[1001];

	memset(buf, 0xf8, sizeof(buf));
	tap_ok(look(buf, 1001, true, true) == SIPSEC_CLASS_COMPRESSED, "SigComp of any size");
	buf[0] = 0xff;
	buf[1] = 0x80 | 18;
	buf[2] = 0x49;
	buf[3] = 0x01;
	tap_ok(look(buf, 1000, true, true) == SIPSEC_CLASS_COMPRESSED,
	       "a shim and the largest size");
	tap_ok(look(buf, 1001, true, true) == SIPSEC_CLASS_MALFORMED, "a shim and one octet more");
}

struct probe {
	const u8 *text;
	u32 len;
	bool want;
};

static void says(const char *what, bool (*of)(const u8 *buf, u32 len), const struct probe *cases,
		 unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		tap_ok(of(guard_high(cases[i].text, cases[i].len), cases[i].len) == cases[i].want,
		       "%s, %u: %d", what, i, cases[i].want);
}

static void lookalikes(void)
{
	static const struct probe cases[] = {
		{ OCTETS("INVITE sip:a SIP/2.0\r\n"), true },
		{ OCTETS("SIP/2.0 200 OK\r\n"), true },
		{ OCTETS("sip/"), true },
		{ OCTETS("\r\n\r\n \0\tSIP/2.0"), true },
		{ OCTETS("X\tsIp/9"), true },
		{ OCTETS("a b c d Sip/\r"), true },
		{ OCTETS("INVITE sip:a SIP/2.0"), true },
		{ OCTETS("INVITE sip:aSIP/2.0\r\n"), false },
		{ OCTETS("INVITE sip:a\r\n SIP/2.0\r\n"), false },
		{ OCTETS("INVITE sip:a\n SIP/2.0\r\n"), false },
		{ OCTETS("INVITE sip:a\0 SIP/2.0\r\n"), false },
		{ OCTETS("XSIP/2.0"), false },
		{ OCTETS("SIP"), false },
		{ OCTETS("GET / HTTP/1.1\r\n"), false },
		{ OCTETS(""), false },
		{ OCTETS("\r\n\r\n"), false },
		{ OCTETS("\x80\x00 RTP"), false },
		{ OCTETS("\xf8"), true },
		{ OCTETS("\xff..."), true },
		{ OCTETS("\xf7..."), false },
	};
	says("looks like SIP", sipsec_looks_like_sip, cases, ARRAY_SIZE(cases));
}

static void answerable(void)
{
	static const struct probe cases[] = {
		{ OCTETS("INVITE sip:a SIP/2.0\r\n"), true },
		{ OCTETS("ACKS sip:a SIP/2.0\r\n"), true },
		{ OCTETS("AC sip:a SIP/2.0\r\n"), true },
		{ OCTETS("INVITE"), true },
		{ OCTETS("\xff/\r\n"), true },
		{ OCTETS("\xf7/\r\n"), false },
		{ OCTETS("\xf8..."), true },
		{ OCTETS(""), true },
		{ OCTETS(" \r\n"), true },
		{ OCTETS("SIP/2.0 200 OK\r\n"), false },
		{ OCTETS("sip/"), false },
		{ OCTETS("\r\n \0\tSIP/2.0 200 OK\r\n"), false },
		{ OCTETS("HTTP/1.1 200 OK\r\n"), false },
		{ OCTETS("ACK sip:a SIP/2.0\r\n"), false },
		{ OCTETS("\n ack\tx"), false },
		{ OCTETS("ACK\0x"), false },
		{ OCTETS("ACK"), false },
	};
	says("can be answered", sipsec_can_be_answered, cases, ARRAY_SIZE(cases));
}

int main(void)
{
	keepalives();
	stun();
	shim();
	oversized();
	lookalikes();
	answerable();
	return tap_done();
}
