// SPDX-License-Identifier: GPL-2.0
/* The Integrity field: its value, its mac's text, writing it, finding those to remove. */
#include <linux/kernel.h>
#include <string.h>

#include "data.h"
#include "guard.h"
#include "limits.h"
#include "reference.h"
#include "sipmsg.h"
#include "tap.h"

#define BAD	(-1)
#define HOP	SIPSEC_SCOPE_HOP
#define E2E	SIPSEC_SCOPE_E2E
#define OTHER	SIPSEC_SCOPE_UNKNOWN

/* What clause 3 makes of a value. */
static const struct {
	const char *text;
	int scope;
} values[] = {
	{ "1;seq=1;mac=A", HOP },
	{ "ABCDEF09;MAC=A;SEQ=abcdefABCDEF0123", HOP },
	{ "\t 1 \t;\tseq\t=\t1 ; mac = A\t ", HOP },
	{ "1;seq=1;mac=A;scope=hop", HOP },
	{ "1;ScOpE=HOP;seq=1;mac=A", HOP },
	{ "1;scope=E2e;seq=1;mac=A", E2E },
	{ "1;seq=1;mac=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", HOP },
	{ "1;seq=1;mac=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", BAD },
	{ "1;seq=1;mac=-_09azAZ", HOP },
	{ "1;seq=0000000000000001;mac=A", HOP },
	{ "1;seq=00000000000000001;mac=A", BAD },
	{ "00000001;seq=1;mac=A", HOP },
	{ "000000001;seq=1;mac=A", BAD },
	{ "1;seq=0000000000000000;mac=A", BAD },
	{ "1;seq=g;mac=A", BAD },
	{ "1;seq=;mac=A", BAD },
	{ "1;seq;mac=A", BAD },
	{ "1;seq=1;mac", BAD },
	{ "1;seq=1;mac=", BAD },
	{ "1;seq=1;mac=A;mac", BAD },
	{ "1;seq=1;mac=A.", BAD },
	{ "1;seq=1;mac=\"A\"", BAD },
	{ "1;seq=1;mac=[::1]", BAD },
	{ "1;seq=1;mac=A B", BAD },
	{ "1;seq=1 2;mac=A", BAD },
	{ "1 2;seq=1;mac=A", BAD },
	{ "1;seq=1;;mac=A", BAD },
	{ "1;seq=1;mac=A;", BAD },
	{ ";seq=1;mac=A", BAD },
	{ "", BAD },
	{ " ", BAD },
	{ "1", BAD },
	{ "1;seq=1;mac=A,1;seq=1;mac=A", BAD },
	{ "1;seq=1;mac=A;a;A", BAD },
	{ "1;seq=1;mac=A;a;b;c;d=1;e=\"x\";f=[::1];g=1.2.3.4;h=x.example", HOP },
	{ "1;seq=1;mac=A;hop", HOP },
	{ "1;seq=1;mac=A;scop=moon", HOP },
	{ "1;seq=1;mac=A;scope=hop;scope=hop", BAD },
	/* of unknown scope: token *( SEMI generic-param ), whatever the names */
	{ "1;scope=moon", OTHER },
	{ "x!y;scope=moon;z", OTHER },
	{ "z;z;z;scope=moon;seq=?", BAD },
	{ "z;z;z;scope=moon;seq=1;seq=0;mac=[::]", OTHER },
	{ "1;scope=moon;scope=hop", BAD },
	{ "1;scope=hop;scope=moon", BAD },
	{ "1;scope=moon;", BAD },
	{ "1 x;scope=moon", BAD },
	{ ";scope=moon", BAD },
	{ "1;scope", BAD },
	{ "1;scope=", BAD },
	{ "1;scope=\"moon\"", BAD },
	{ "1;scope=[::1]", BAD },
	{ "1;scope=1.2.3.4", OTHER },
	/* gen-value: quoted strings */
	{ "1;seq=1;mac=A;q=\"\"", HOP },
	{ "1;seq=1;mac=A;q=\";seq=2;=\\\"\t\\\\\"", HOP },
	{ "1;seq=1;mac=A;q=\"\\\x7f\\\x01\"", HOP },
	{ "1;seq=1;mac=A;q=\"\x01\"", BAD },
	{ "1;seq=1;mac=A;q=\"\x7f\"", BAD },
	{ "1;seq=1;mac=A;q=\"\\\x80\"", BAD },
	{ "1;seq=1;mac=A;q=\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"", HOP },
	{ "1;seq=1;mac=A;q=\"\xc3\"", BAD },
	{ "1;seq=1;mac=A;q=\"\x80\"", BAD },
	{ "1;seq=1;mac=A;q=\"\xfe\x80\x80\x80\x80\x80\x80\"", BAD },
	{ "1;seq=1;mac=A;q=\"\xfd\x80\x80\x80\x80\x80\"", HOP },
	{ "1;seq=1;mac=A;q=\"\xe2\x82\"", BAD },
	{ "1;seq=1;mac=A;q=\"a\\\"", BAD },
	{ "1;seq=1;mac=A;q=\"a", BAD },
	{ "1;seq=1;mac=A;q=\"", BAD },
	{ "1;seq=1;mac=A;q=\"a\"b", BAD },
	{ "1;seq=1;mac=A;q=b\"a\"", BAD },
	{ "1;seq=1;mac=A;q=\xc3\xa9", BAD },
	/* gen-value: hosts in brackets */
	{ "1;seq=1;mac=A;h=[1:2:3:4:5:6:7:8]", HOP },
	{ "1;seq=1;mac=A;h=[1:2:3:4:5:6:7:8:9]", BAD },
	{ "1;seq=1;mac=A;h=[1:2:3:4:5:6:7]", BAD },
	{ "1;seq=1;mac=A;h=[::]", HOP },
	{ "1;seq=1;mac=A;h=[1:2:3:4:5:6:7::]", HOP },
	{ "1;seq=1;mac=A;h=[1:2:3:4::5:6:7:8]", BAD },
	{ "1;seq=1;mac=A;h=[1::2::3]", BAD },
	{ "1;seq=1;mac=A;h=[:::1]", BAD },
	{ "1;seq=1;mac=A;h=[:1:2:3:4:5:6:7:8]", BAD },
	{ "1;seq=1;mac=A;h=[1:2:3:4:5:6:7:]", BAD },
	{ "1;seq=1;mac=A;h=[::FFFF:192.0.2.255]", HOP },
	{ "1;seq=1;mac=A;h=[::192.0.2.256]", BAD },
	{ "1;seq=1;mac=A;h=[::192.0.2.01]", BAD },
	{ "1;seq=1;mac=A;h=[::192.0.2]", BAD },
	{ "1;seq=1;mac=A;h=[::192.0.2.1.5]", BAD },
	{ "1;seq=1;mac=A;h=[::192.0.2.1:1]", BAD },
	{ "1;seq=1;mac=A;h=[1:2:3:4:5:6:1.2.3.4]", HOP },
	{ "1;seq=1;mac=A;h=[1:2:3:4:5:6:7:1.2.3.4]", BAD },
	{ "1;seq=1;mac=A;h=[12345::]", BAD },
	{ "1;seq=1;mac=A;h=[g::]", BAD },
	{ "1;seq=1;mac=A;h=[]", BAD },
	{ "1;seq=1;mac=A;h=[", BAD },
	{ "1;seq=1;mac=A;h=[::1", BAD },
	{ "1;seq=1;mac=A;h=[::1]x", BAD },
	/* folding, and what no header can hold */
	{ "1;\r\n seq=1;mac=A", BAD },
	{ "1;seq=1;mac=A\r", BAD },
	{ "1;seq=1;mac=A;q=\"\\\n\"", BAD },
};

static void parse(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		u32 len = strlen(values[i].text);
		const u8 *high = guard_high((const u8 *)values[i].text, len);
		struct sipsec_integrity field, low;
		struct ref_integrity ref;
		bool good, good_low, good_ref;

		good = sipsec_integrity_parse(high, 0, len, &field);
		good_ref = ref_integrity(high, (struct ref_part){ 0, len }, &ref);
		good_low = sipsec_integrity_parse(guard_low((const u8 *)values[i].text, len), 0,
						  len, &low);
		tap_ok(good == (values[i].scope != BAD) && good == good_low && good == good_ref &&
		       (!good || (field.scope == values[i].scope && low.scope == field.scope &&
				  (int)ref.scope == values[i].scope)),
		       "value %u: %s", i, good ? "well-formed" : "malformed");
	}
}

/* So many parameters: all names differ, or the last is the first again. */
static bool many(const char *head, unsigned int generic, bool repeat, u8 *scope)
{
	static char text[70000];
	struct sipsec_integrity field;
	unsigned int i, n;

	n = sprintf(text, "%s", head);
	for (i = 0; i < generic; i++)
		n += sprintf(text + n, ";p%x", repeat && i == generic - 1 ? 0 : i);
	if (!sipsec_integrity_parse(guard_high((u8 *)text, n), 0, n, &field))
		return false;
	*scope = field.scope;
	return true;
}

static void bounds(void)
{
	u8 scope;

	tap_ok(many("1;seq=1;mac=A;scope=hop", 64, false, &scope) && scope == HOP,
	       "64 generic parameters");
	tap_ok(!many("1;seq=1;mac=A;scope=hop", 65, false, &scope), "65 are too many");
	tap_ok(!many("1;seq=1;mac=A", 64, true, &scope), "the last repeats the first");
	tap_ok(many("1;scope=moon", 9000, false, &scope) && scope == OTHER,
	       "9,000 in a field of unknown scope");
}

/* The value's numbers and its place in the message. */
static void contents(void)
{
	static const char text[] = "xx 89abcdef ;mac= AZ_-09 ;seq=fedcba9876543210";
	struct sipsec_integrity f;

	tap_ok(sipsec_integrity_parse((const u8 *)text, 2, sizeof(text) - 3, &f) &&
	       f.spi == 0x89abcdef && f.seq == 0xfedcba9876543210ULL && f.mac_chars == 6 &&
	       !memcmp(text + f.mac_off, "AZ_-09", 6) && f.scope == HOP,
	       "SPI, seq and the mac's place");
}

/* base64url of every length there is, each bit that has to be zero, each character. */
static void mac_text(void)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	u8 mac[33], back[33], text[48];
	bool trip = true, lengths = true, bits = true, chars = true;
	unsigned int len, n, i, c;
	u64 state = 7;

	for (len = 1; len <= 32; len++) {
		unsigned int want = (len * 8 + 5) / 6, spare = want * 6 - len * 8;

		for (i = 0; i < len; i++)
			mac[i] = data_random(&state);
		memset(text, '#', sizeof(text));
		sipsec_mac_encode(text, mac, len);
		trip &= text[want] == '#' && !memchr(text, '#', want) &&
			sipsec_mac_decode(guard_high(text, want), want, back, len) &&
			!memcmp(mac, back, len);
		for (n = 0; n < 46; n++)
			lengths &= n == want || !sipsec_mac_decode(text, n, back, len);
		for (i = 0; i < 6; i++) {
			u8 old = text[want - 1];

			text[want - 1] = digits[(strchr(digits, old) - digits) ^ 1 << i];
			bits &= sipsec_mac_decode(text, want, back, len) == (i >= spare);
			text[want - 1] = old;
		}
		for (c = 0; c < 256; c++) {
			u8 old = text[want / 2];

			if (want < 3)
				break;
			text[want / 2] = c;
			chars &= sipsec_mac_decode(text, want, back, len) ==
				 (c && strchr(digits, c));
			text[want / 2] = old;
		}
	}
	tap_ok(trip, "mac: 1 to 32 octets to text and back");
	tap_ok(lengths, "mac: no other length");
	tap_ok(bits, "mac: unused bits are zero");
	tap_ok(chars, "mac: no other character");
	memcpy(mac, "\x00\x10\x83\x10\x51\x87\x20\x92\x8b\x30\xd3\x8f\x41\x14\x93\x51", 16);
	sipsec_mac_encode(text, mac, 16);
	tap_ok(!memcmp(text, "ABCDEFGHIJKLMNOPQRSTUQ", 22), "mac: 16 octets as RFC 4648 has them");
}

static bool trip(bool compact, u32 spi, u64 seq, unsigned int chars)
{
	unsigned int n, mac_off, name = compact ? 2 : 10;
	u8 out[SIPSEC_MAX_FIELD_LEN + 1];
	struct sipsec_integrity f;

	out[SIPSEC_MAX_FIELD_LEN] = '#';
	n = sipsec_integrity_format(out, compact, spi, seq, chars, &mac_off);
	return out[SIPSEC_MAX_FIELD_LEN] == '#' && !memcmp(out + n - 2, "\r\n", 2) &&
	       sipsec_integrity_parse(out, name, n - name - 2, &f) && f.spi == spi &&
	       f.seq == seq && f.mac_off == mac_off && f.mac_chars == chars && f.scope == HOP;
}

static void format(void)
{
	static const u32 spis[] = { 0, 1, 0x100, 0x4f1a22c0, 0xffffffff };
	static const u64 seqs[] = { 1, 0x1f, 0x100000000ULL, ~0ULL };
	static const unsigned int chars[] = { 1, 6, 16, 22 };
	u8 out[SIPSEC_MAX_FIELD_LEN + 1];
	unsigned int i, mac_off, n;
	bool good = true;

	n = sipsec_integrity_format(out, false, 0x4f1a22c0, 0x1f, 16, &mac_off);
	tap_ok(n == 49 && mac_off == 31 &&
	       !memcmp(out, "Integrity: 4f1a22c0;seq=1f;mac=AAAAAAAAAAAAAAAA\r\n", 49),
	       "the full form");
	n = sipsec_integrity_format(out, true, 0x4f1a22c0, 0x1f, 6, &mac_off);
	tap_ok(n == 30 && !memcmp(out, "g:4f1a22c0;seq=1f;mac=AAAAAA\r\n", 30),
	       "the compact form, 30 octets with a 32-bit MAC");
	n = sipsec_integrity_format(out, false, ~0U, ~0ULL, 22, &mac_off);
	tap_ok(n == SIPSEC_MAX_FIELD_LEN, "the longest has as many octets as limits.h says");
	for (i = 0; i < 5 * 4 * 4 * 2; i++)
		good &= trip(i & 1, spis[i / 32], seqs[i / 8 % 4], chars[i / 2 % 4]);
	tap_ok(good, "what is written is read again");
}

static void pseudo(void)
{
	u8 out[SIPSEC_PSEUDO_LEN];

	sipsec_pseudo(out, SIPSEC_SCOPE_HOP, 1, 8, 0x01020304, 0x05060708090a0b0cULL);
	tap_ok(!memcmp(out, "\1\1\10\0\1\2\3\4\5\6\7\10\11\12\13\14", 16), "PSEUDO, hop, downlink");
	sipsec_pseudo(out, SIPSEC_SCOPE_E2E, 0, 1, 0, 1);
	tap_ok(!memcmp(out, "\1\2\1\0\0\0\0\0\0\0\0\0\0\0\0\1", 16), "PSEUDO, e2e, uplink");
}

/* Clause 9 takes out what is not e2e, and not of an unknown scope, and no more. */
static void removal(void)
{
	static const char message[] =
		"SIP/2.0 200 OK\r\n"
		"Integrity: 1001;seq=1;mac=AAAA\r\n"	/* gone */
		"A: b\r\n"
		"g: 1001;seq=1;mac=AAAA;scope=e2e\r\n"	/* stays */
		"INTEGRITY: word;1001     \r\n"		/* gone: an annotation */
		"Integrity:           \r\n"		/* gone: another */
		"g : x;scope=moon\r\n"			/* stays */
		"G:1001;\r\n seq=1;\r\n\tmac=AAAA;scope=e2e\r\n"	/* gone: folded */
		"Integrity-X: 1001;seq=1;mac=AAAA\r\n"	/* stays */
		"g: 2;scope=hop\r\n"			/* gone */
		"\r\n"
		"g: 1001;seq=1;mac=AAAA\r\n";		/* body */
	static const char *const gone[] = {
		"Integrity: 1001;seq=1;mac=AAAA\r\n", "INTEGRITY: word;1001     \r\n",
		"Integrity:           \r\n", "G:1001;\r\n seq=1;\r\n\tmac=AAAA;scope=e2e\r\n",
		"g: 2;scope=hop\r\n",
	};
	u32 len = sizeof(message) - 1, pos, n = 0;
	const u8 *buf = guard_high((const u8 *)message, len);
	struct sipsec_span line;
	struct sipsec_msg msg;
	bool good = true;

	good = !sipsec_msg_parse_out(buf, len, len, &msg) && msg.nr_integrity == 7 && !msg.has_hop;
	for (pos = msg.start_len; sipsec_msg_next_hop_field(buf, &msg, &pos, &line); n++)
		good &= n < 5 && line.len == strlen(gone[n]) &&
			!memcmp(buf + line.off, gone[n], line.len) && pos == line.off + line.len;
	tap_ok(good && n == 5, "fields that clause 9 removes, %u of 5", n);
	tap_ok(sipsec_msg_parse(buf, len, len, &msg) == SIPSEC_WHY_INTEGRITY,
	       "the same message is malformed where it arrives");
}

int main(void)
{
	parse();
	bounds();
	contents();
	mac_text();
	format();
	pseudo();
	removal();
	return tap_done();
}
