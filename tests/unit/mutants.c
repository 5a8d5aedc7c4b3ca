// SPDX-License-Identifier: GPL-2.0
/*
 * Messages cut, changed and made up, between guard pages: core/ must give the
 * answer of the reference, wherever the octets lie.
 */
#include <linux/kernel.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "guard.h"
#include "reference.h"
#include "tap.h"

/* Small ones that hold every kind of thing: each octet takes each value. */
static const char *const handful[] = {
	"OPTIONS sip:x@y SIP/2.0\r\n"
	"Integrity: 1001;seq=1f;mac=AAAAAA\r\n"
	"l: 3\r\n\r\nabc",

	"SIP/2.0 200 OK\r\n"
	"f:<sip:a@b>;tag=1\r\nt: b\r\ni:c\r\nCSeq: 1\r\n INVITE \r\n"
	"g : 12 ; scope = e2e;seq=1;mac=-_;q=\"\xc3\xa9\\\"\"\r\n\r\n",

	"M u SIP/2.0\r\nFrom: a\r\nTo\t: b\r\n\tc\r\nCall-ID: d\r\n"
	"Content-Length:\r\n  0001 \r\n\r\n\r\n",

	"X y sip/2.0\r\ng:z!;scope=moon;h=[::ffff:192.0.2.1]\r\n"
	"g:1;x;seq=1;mac=A;y=[1::8]\r\n\r\n",

	"REGISTER sip:\xc3\xa9 SIP/2.0\r\nVia: \tx\t\x01\x7f\x80\xff\r\nIntegrity-X: 1\r\n"
	"Integrity: word;1001  \r\n\r\n",
};

/* What is worth putting anywhere. */
static const u8 some[] = {
	0, '\r', '\n', ' ', '\t', ':', ';', '"', '=', 'A', 0x0e, 0x7f, 0x80, 0xff
};

static void show(const u8 *buf, u32 len)
{
	u32 i;

	printf("# ");
	for (i = 0; i < len && i < 400; i++)
		if (buf[i] >= ' ' && buf[i] < 0x7f && buf[i] != '\\')
			putchar(buf[i]);
		else
			printf("\\x%02x", buf[i]);
	putchar('\n');
}

/* Behind the page, and before it every now and then: half the calls would do. */
static bool agrees(const u8 *buf, u32 len)
{
	static unsigned int turn;

	if (ref_agrees(++turn % 4 ? guard_high(buf, len) : guard_low(buf, len), len))
		return true;
	show(buf, len);
	return false;
}

static bool prefixes(const u8 *buf, u32 len)
{
	bool good = true;
	u32 n;

	for (n = 0; n <= len && good; n++)
		good = agrees(buf, n);
	return good;
}

static bool changes(const u8 *buf, u32 len, const u8 *values, unsigned int nr)
{
	u8 *copy = malloc(len);
	bool good = true;
	unsigned int v;
	u32 i;

	memcpy(copy, buf, len);
	for (i = 0; i < len; i++) {
		for (v = 0; v < nr && good; v++) {
			copy[i] = values ? values[v] : v;
			good = agrees(copy, len);
		}
		copy[i] = buf[i];
	}
	free(copy);
	return good;
}

/* At each place of a line of the cache, and against either page. */
static bool places(const u8 *buf, u32 len)
{
	u8 *room = malloc(len + 64);
	bool good = true;
	u32 i;

	for (i = 0; i < 64 && good; i++) {
		memcpy(room + i, buf, len);
		good = ref_agrees(room + i, len);
	}
	good &= ref_agrees(guard_high(buf, len), len) && ref_agrees(guard_low(buf, len), len);
	free(room);
	return good;
}

static void few(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(handful); i++) {
		const u8 *buf = (const u8 *)handful[i];
		u32 len = strlen(handful[i]);

		tap_ok(prefixes(buf, len), "message %u: every prefix", i);
		tap_ok(changes(buf, len, NULL, 256), "message %u: every octet, every value", i);
		tap_ok(places(buf, len), "message %u: every place", i);
	}
}

/* Those of the specification: real ones. */
static void spec_messages(void)
{
	struct json_object *root = data_json(VECTORS "/integrity.json");
	struct json_object *list = data_array(root, "messages");
	bool prefix = true, change = true, place = true;
	size_t i, n = 0;

	for (i = 0; i < json_object_array_length(list); i++) {
		struct json_object *entry = json_object_array_get_idx(list, i);
		struct octets octets;

		if (strcmp(data_string(entry, "class"), "verified"))
			continue;
		octets = data_octets(entry, "message");
		if (octets.len > 1500) {
			data_free(&octets);
			continue;
		}
		/* one of each algorithm's; all of them differ in little else */
		if (n % 6 == (n / 6) % 6) {
			prefix &= prefixes(octets.data, octets.len);
			change &= changes(octets.data, octets.len, some, sizeof(some));
		}
		place &= places(octets.data, octets.len);
		n++;
		data_free(&octets);
	}
	tap_ok(prefix && n > 40, "real messages: every prefix");
	tap_ok(change, "real messages: every octet, %zu values", sizeof(some));
	tap_ok(place, "real messages: every place");
	json_object_put(root);
}

static u64 state = 0x5395ec;
static u8 made[65536];
static u32 made_len;

static u32 below(u32 n)
{
	return data_random(&state) % n;
}

static void add(const char *text)
{
	u32 len = strlen(text);

	memcpy(made + made_len, text, len);
	made_len += len;
}

#define PICK(list)	((list)[below(ARRAY_SIZE(list))])

static const char *const starts[] = {
	"OPTIONS sip:x SIP/2.0", "OPTIONS sip:x SIP/2.0", "SIP/2.0 200 OK", "SIP/2.0 180 ",
	"M u SIP/2.0", "a.b!c u sIp/2.0", "SIP/2.0 20 OK", "SIP/2.0 200", "M  u SIP/2.0",
	"SIP/2.0 sip:x SIP/2.0", "M u SIP/2.0 ", "SIP u SIP/2.0", "M u\tv SIP/2.0", "M u SIP/2",
	"SIP/2.0 999 \xff\x7f\x01\t", "sip/2.0 000 x", "",
};

static const char *const names[] = {
	"Integrity", "g", "G", "integritY", "From", "f", "To", "t", "Call-ID", "i", "CSeq", "cseq",
	"Content-Length", "l", "Via", "v", "X", "Max-Forwards", "Contact", "c", "Too", "Integrit",
	"Integrityy", "Call_ID", "x!%*_+`'~.-", "",
};

static const char *const plain[] = {
	"1", "0", " 3 ", "abc", "<sip:a@b>;tag=1", " 1 INVITE", "1\r\n\tACK", "\r\n ", "\t", "",
	"000000000000000000001", "99999999999", "4294967296", "\xc3\xa9", "a\x01z",
};

static const char *const spis[] = { "1001", "ff", "0", "x!y", "123456789", "A B", "", "12345678" };

static const char *const params[] = {
	"seq=1", "seq=1f", "SEQ=0", "seq=\"1\"", "seq", "mac=AAAA", "mac=-_", "MAC = A", "mac=A+",
	"scope=hop", "scope=e2e", "scope=moon", "scope=HOP", "scope", "scope=\"hop\"", "x", "X=1",
	"y=\"a;b\"", "y=\"\\\"\"", "z=[::1]", "z=[1:2:3:4:5:6:7:8]", "z=[::1.2.3.4]", "z=[1]",
	"q=\"\xe2\x82\xac\"", "q=\"\xe2\"", "w=a.b", "w=", "=w", "", "a b", "n=1.2.3.4", "m=\"",
};

static const char *const seps[] = { ";", ";", ";", ";", " ; ", ";\t", ",", "", ";;", ";\r\n " };

/* Good as it is, and perhaps spoilt by what follows. */
static const char *const fields[] = {
	"1001;seq=1;mac=AAAA", " ff ; mac=- ; seq=1f ;x", "1;scope=e2e;seq=2;mac=A",
	"1;scope=hop;y=\"a;b\";seq=1;mac=A", "x!y;scope=moon;z=[::1]",
};

static void add_integrity(bool clean)
{
	u32 i, n = below(clean ? 2 : 6);

	if (clean || below(3))
		add(PICK(fields));
	else
		add(PICK(spis));
	for (i = 0; i < n; i++) {
		add(clean ? ";" : PICK(seps));
		add(PICK(params));
	}
	add(below(4) ? "" : " \t");
}

/* Half of them have little wrong with them, or nothing, before they are damaged. */
static void make(void)
{
	bool clean = below(2);
	u32 i, n = below(7);

	made_len = 0;
	add(clean || below(4) ? starts[below(4)] : PICK(starts));
	add("\r\n");
	for (i = 0; i < n; i++) {
		const char *name = clean ? names[i ? 4 + below(22) : below(4)] : PICK(names);

		add(name);
		add(clean || below(8) ? ":" : below(2) ? " \t:" : "");
		if (strchr("Gg", name[0]) || !strncasecmp(name, "Integ", 5))
			add_integrity(clean);
		else
			add(clean ? plain[below(2)] : PICK(plain));
		add(clean || below(12) ? "\r\n" : below(2) ? "\r\n " : "\r");
		if (!below(10))
			add(clean ? "X: y\r\n" : "folded\r\n");
	}
	add(clean || below(12) ? "\r\n" : "");
	add(below(2) ? "abc" : "");
}

/* Up to three blows with an axe. */
static void damage(void)
{
	u32 blows = below(4), at, n;

	while (blows-- && made_len) {
		at = below(made_len);
		switch (below(5)) {
		case 0:
			made[at] = PICK(some);
			break;
		case 1:
			made[at] ^= 1 << below(8);
			break;
		case 2:
			memmove(made + at, made + at + 1, --made_len - at);
			break;
		case 3:
			memmove(made + at + 1, made + at, made_len++ - at);
			made[at] = PICK(some);
			break;
		case 4:
			n = 1 + below(made_len - at);
			if (n > 40)
				n = 40;
			memmove(made + at + n, made + at, made_len - at);
			made_len += n;
			break;
		}
	}
}

static void made_up(u32 rounds)
{
	u32 i, wellformed = 0, hop = 0;
	static struct ref_msg msg;
	bool good = true;

	for (i = 0; i < rounds && good; i++) {
		make();
		if (below(2))
			damage();
		good = agrees(made, made_len);
		if (i % 64 == 0 && ref_parse(made, made_len, 16384, false, &msg)) {
			wellformed++;
			hop += msg.has_hop;
		}
	}
	tap_ok(good, "%u made-up messages", rounds);
	/* else the generator would only make rubbish */
	tap_ok(wellformed > rounds / 64 / 4 && hop > rounds / 64 / 40,
	       "of every 64th of them %u well-formed, %u with a hop field", wellformed, hop);
}

/* Octets without any plan, of the few that matter. */
static void without_plan(u32 rounds)
{
	static const u8 octets[] = "\r\n\r\n\r\n\r\n :;=\"\\[]A1g\0\t\x0e\x7f\x80\xff";
	bool good = true;
	u32 i, n;

	for (i = 0; i < rounds && good; i++) {
		made_len = 0;
		if (below(8))
			add("M u SIP/2.0\r\n");
		if (below(2))
			add("g:1;seq=1;mac=A");
		for (n = below(40); n; n--)
			made[made_len++] = octets[below(sizeof(octets) - 1)];
		if (below(2))
			add("\r\n\r\n");
		good = agrees(made, made_len);
	}
	tap_ok(good, "%u messages of noise", rounds);
}

/* As many lines as may be, one more, and continuations among them. */
static void line_limit(void)
{
	bool good = true;
	u32 n, i, folded;

	for (n = 254; n <= 258; n++) {
		for (folded = 0; folded < 3; folded++) {
			made_len = 0;
			add("M u SIP/2.0\r\n");
			for (i = 0; i < n; i++)
				add(folded && i && i % folded == 0 ? " x\r\n" : "A: b\r\n");
			add("\r\n");
			good &= agrees(made, made_len);
		}
	}
	tap_ok(good, "254 to 258 lines, with and without continuations");
}

int main(void)
{
	few();
	spec_messages();
	made_up(2000000);
	without_plan(1000000);
	line_limit();
	return tap_done();
}
