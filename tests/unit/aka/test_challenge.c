// SPDX-License-Identifier: GPL-2.0
/*
 * The 401 of an S-CSCF: what is read from it, what the UE gets, and every bad
 * one.  Each message lies against a page that may not be touched.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "challenge.h"
#include "tap.h"
#include "vec.h"

#define ROOM	(16 * 4096)

/* TS 35.208 set 1 */
#define NONCE	"nonce=\"I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M=\""
#define CK_HEX	"b40ba9a3c58b2a05bbf0d987b21bf8cb"
#define IK_HEX	"f769bcd751044604127672711c6d3441"
#define CK	"ck=\"" CK_HEX "\""
#define IK	"ik=\"" IK_HEX "\""
#define REALM	"realm=\"ims.example\""
#define ALG	"algorithm=AKAv1-MD5"

#define STATUS	"SIP/2.0 401 Unauthorized\r\n"
#define VIA	"Via: SIP/2.0/UDP pcscf.example;branch=z9hG4bK1\r\n"
#define FROM	"From: <sip:u@ims.example>;tag=a\r\n"
#define TO	"To: \"A <b>\" <sip:u@ims.example>;tag=b\r\n"
#define CALL_ID	"Call-ID: c1@ue\r\n"
#define CSEQ	"CSeq: 1 REGISTER\r\n"
#define HEAD	"" STATUS VIA FROM TO CALL_ID CSEQ
#define TAIL	"Content-Length: 0\r\n\r\n"
#define WWW	"WWW-Authenticate: Digest "
#define MSG(params)	HEAD WWW params "\r\n" TAIL

static uint8_t *room;		/* ROOM octets, and a page that may not be touched */
static uint8_t *room_end;

static uint8_t *guarded(const void *data, size_t len)
{
	return memcpy(room_end - len, data, len);
}

static int read_text(const char *text, struct challenge *c)
{
	const size_t len = strlen(text);

	return challenge_read(guarded(text, len), len, c);
}

static bool contains(const uint8_t *p, size_t len, const char *text)
{
	return memmem(p, len, text, strlen(text));
}

static void gives_span(const char *text, const struct sipsec_span *s, const char *want,
		       const char *what)
{
	ok(s->len == strlen(want) && !memcmp(text + s->off, want, s->len), "%s", what);
}

/* The message with these parameters reads, and the UE gets those. */
static void strips(const char *params, const char *left)
{
	char text[4096], want[4096];
	uint8_t out[4096], *msg;
	struct challenge c;
	size_t len, out_len = 0;
	int err;

	snprintf(text, sizeof(text), MSG("%s"), params);
	snprintf(want, sizeof(want), MSG("%s"), left);
	len = strlen(text);
	msg = guarded(text, len);
	err = challenge_read(msg, len, &c);
	if (!err)
		err = challenge_rewrite(&c, msg, len, "", out, sizeof(out), &out_len);
	if (!ok(!err && out_len == strlen(want) && !memcmp(out, want, out_len),
		"%s becomes %s", params, left))
		printf("# %s\n# %.*s\n", challenge_strerror(err), (int)out_len, out);
	ok(!err && c.ck_len == 16 && c.ik_len == 16 && c.ck[0] == 0xb4 && c.ck[15] == 0xcb &&
	   c.ik[0] == 0xf7 && c.ik[15] == 0x41 && c.rand[0] == 0x23 && c.rand[15] == 0x35 &&
	   c.autn[0] == 0x55 && c.autn[15] == 0xb3, "CK, IK, RAND and AUTN");
	/* Twice is once: nothing is left to cut. */
	ok(challenge_read(out, out_len, &c) == CHALLENGE_E_CK_MISSING, "no key is left");
}

static void places(void)
{
	const char *left = REALM ", " NONCE ", " ALG;

	strips(REALM ", " NONCE ", " ALG ", " IK ", " CK, left);
	strips(REALM ", " NONCE ", " ALG ", " CK ", " IK, left);
	strips(IK ", " CK ", " REALM ", " NONCE ", " ALG, left);
	strips(IK ", " REALM ", " NONCE ", " ALG ", " CK, left);
	strips(REALM ", " IK ", " NONCE ", " CK ", " ALG, left);
	strips(REALM ", " IK ", " CK ", " NONCE ", " ALG, left);
	strips(REALM ", " IK "," CK ", " NONCE ", " ALG, left);
	strips(REALM "," IK "," NONCE "," CK "," ALG, REALM "," NONCE "," ALG);
	strips(REALM " , " IK " , " NONCE " , " CK " , " ALG, REALM " , " NONCE " , " ALG);
	strips("IK = \"" IK_HEX "\" , " REALM ", " NONCE ", " ALG ", Ck\t=\t\"" CK_HEX "\" ",
	       REALM ", " NONCE ", " ALG " ");
	strips(REALM ",\r\n " IK ",\r\n\t" CK ",\r\n " NONCE ",\r\n " ALG,
	       REALM ",\r\n " NONCE ",\r\n " ALG);
	strips("\r\n " IK "\r\n ,\r\n " CK ",\r\n " REALM "," NONCE "," ALG "\r\n ",
	       "\r\n " REALM "," NONCE "," ALG "\r\n ");
	strips(REALM "\r\n , " IK "\r\n , " NONCE "," ALG "," CK "\r\n ",
	       REALM "\r\n , " NONCE "," ALG "\r\n ");
	strips("ik=" IK_HEX "," REALM "," NONCE "," ALG ",ck=" CK_HEX, REALM "," NONCE "," ALG);
}

static void quoting(void)
{
	strips("realm=\"a, ik=\\\"00\\\", ck=\", " NONCE ", " ALG ", " IK ", " CK,
	       "realm=\"a, ik=\\\"00\\\", ck=\", " NONCE ", " ALG);
	strips("opaque=\"\\\\\", " IK ", " REALM ", " NONCE ", " ALG ", " CK,
	       "opaque=\"\\\\\", " REALM ", " NONCE ", " ALG);
	strips("xik=\"1\", ikx=\"2\", " REALM "," NONCE "," ALG "," IK "," CK
	       ",qop=\"auth,auth-int\"",
	       "xik=\"1\", ikx=\"2\", " REALM "," NONCE "," ALG ",qop=\"auth,auth-int\"");
}

static void refused(const char *text, int want, const char *what)
{
	static const struct challenge zero;
	struct challenge c;
	int err = read_text(text, &c);

	if (!ok(err == want && !memcmp(&c, &zero, sizeof(c)), "no: %s", what))
		printf("# %d %s\n", err, challenge_strerror(err));
}

static void params_refused(const char *params, int want)
{
	char text[4096];

	snprintf(text, sizeof(text), MSG("%s"), params);
	refused(text, want, challenge_strerror(want));
}

#define GOOD	REALM "," NONCE "," ALG "," IK "," CK

static void missing_and_twice(void)
{
	params_refused(NONCE "," ALG "," IK "," CK, CHALLENGE_E_REALM_MISSING);
	params_refused(REALM "," ALG "," IK "," CK, CHALLENGE_E_NONCE_MISSING);
	params_refused(REALM "," NONCE "," IK "," CK, CHALLENGE_E_ALGORITHM_MISSING);
	params_refused(REALM "," NONCE, CHALLENGE_E_ALGORITHM_MISSING);
	params_refused(REALM "," NONCE "," ALG "," IK, CHALLENGE_E_CK_MISSING);
	params_refused(REALM "," NONCE "," ALG "," CK, CHALLENGE_E_IK_MISSING);
	params_refused(IK "," CK, CHALLENGE_E_ALGORITHM_MISSING);
	params_refused(GOOD "," REALM, CHALLENGE_E_REALM_TWICE);
	params_refused(GOOD "," NONCE, CHALLENGE_E_NONCE_TWICE);
	params_refused(GOOD ",ALGORITHM=AKAv1-MD5", CHALLENGE_E_ALGORITHM_TWICE);
	params_refused(GOOD "," IK, CHALLENGE_E_IK_TWICE);
	params_refused(GOOD ",CK=\"\"", CHALLENGE_E_CK_TWICE);
}

static void algorithms(void)
{
	static const struct {
		const char *name;
		unsigned int version;
	} algs[] = {
		{ "AKAv1-MD5", 1 }, { "akaV1-md5", 1 }, { "\"AKAv1-MD5\"", 1 },
		{ "AKAv2-MD5", 2 }, { "AKAv1-SHA-256", 1 }, { "AKAv2-SHA-256", 2 },
		{ "AKAv2-SHA-512-256", 2 }, { "AKAv1-MD5-sess", 1 }, { "AKAv2-SHA-256-sess", 2 },
		{ "AKAv3-MD5", 0 }, { "AKAv1-", 0 }, { "AKAv1", 0 }, { "MD5", 0 },
		{ "AKAv1-SHA-1", 0 }, { "AKAv1-MD55", 0 }, { "AKAv1-MD", 0 }, { "\"\"", 0 },
	};
	struct challenge c;
	char text[2048];
	size_t i;

	for (i = 0; i < sizeof(algs) / sizeof(*algs); i++) {
		int err;

		snprintf(text, sizeof(text),
			 MSG(REALM "," NONCE ",algorithm=%s," IK "," CK), algs[i].name);
		err = read_text(text, &c);
		ok(algs[i].version ? !err && c.aka_version == algs[i].version :
				     err == CHALLENGE_E_ALGORITHM, "algorithm=%s", algs[i].name);
	}
}

static void nonces(void)
{
	static const struct {
		const char *nonce;
		bool good;
	} nonces[] = {
		{ "I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M=", true },
		{ "I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7MA", true },
		{ "I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7MAAAAA", true },
		{ "I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7MAAA==", true },
		{ "I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7N=", false },
		{ "I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M", false },
		{ "I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfrw==", false },
		{ "I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tf", false },
		{ "I1U8vpY3qJ0hiuZNrke_NVXzKLQ1d7m5Sp_6w1Tfr7M=", false },
		{ "I1U8vpY3qJ0h=uZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M=", false },
		{ "I1U8vpY3qJ0h iuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M=", false },
		{ "I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr===", false },
		{ "====", false },
		{ "", false },
	};
	struct challenge c;
	char text[2048];
	size_t i;

	for (i = 0; i < sizeof(nonces) / sizeof(*nonces); i++) {
		snprintf(text, sizeof(text),
			 MSG(REALM ",nonce=\"%s\"," ALG "," IK "," CK), nonces[i].nonce);
		is_int(read_text(text, &c), nonces[i].good ? 0 : CHALLENGE_E_NONCE,
		       nonces[i].nonce);
	}
}

static void keys(void)
{
	static const struct {
		const char *hex;
		int len;
	} keys[] = {
		{ CK_HEX, 16 }, { CK_HEX CK_HEX, 32 }, { "B40BA9A3C58B2A05BBF0D987B21BF8CB", 16 },
		{ "", 0 }, { "00", 0 }, { CK_HEX "0", 0 }, { CK_HEX "00", 0 },
		{ "b40ba9a3c58b2a05bbf0d987b21bf8c", 0 }, { CK_HEX CK_HEX "00", 0 },
		{ "b40ba9a3c58b2a05bbf0d987b21bf8cg", 0 },
		{ "\\40ba9a3c58b2a05bbf0d987b21bf8cb", 0 },
		{ "b40ba9a3c58b2a05 bf0d987b21bf8cb", 0 },
	};
	struct challenge c;
	char text[2048];
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		int err;

		snprintf(text, sizeof(text), MSG(REALM "," NONCE "," ALG "," IK ",ck=\"%s\""),
			 keys[i].hex);
		err = read_text(text, &c);
		if (keys[i].len)
			ok(!err && c.ck_len == keys[i].len && c.ik_len == 16 &&
			   c.ck[c.ck_len - 1] == 0xcb, "ck=%s", keys[i].hex);
		else
			is_int(err, CHALLENGE_E_CK, keys[i].hex);
		snprintf(text, sizeof(text), MSG(REALM "," NONCE "," ALG "," CK ",ik=\"%s\""),
			 keys[i].hex);
		err = read_text(text, &c);
		if (keys[i].len)
			ok(!err && c.ik_len == keys[i].len && c.ck_len == 16 &&
			   c.ik[c.ik_len - 1] == 0xcb, "ik=%s", keys[i].hex);
		else
			is_int(err, CHALLENGE_E_IK, keys[i].hex);
	}
}

static void syntax(void)
{
	static const char *const bad[] = {
		"", ",", GOOD ",", "," GOOD, GOOD ",,qop=\"auth\"", GOOD ",qop", GOOD ",qop=",
		GOOD ",=\"a\"", GOOD ",qop=\"auth", GOOD ",qop=\"auth\\\"", GOOD ",qop=\"a\\",
		GOOD " qop=\"auth\"", GOOD ";qop=\"auth\"", GOOD ", Digest " REALM,
		GOOD ",q op=a", GOOD ",qop=a b", GOOD ",\"qop\"=a", GOOD ",ik",
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		params_refused(bad[i], CHALLENGE_E_SYNTAX);
	refused(HEAD "WWW-Authenticate: Digest\r\n" TAIL, CHALLENGE_E_SYNTAX, "no parameters");
	refused(HEAD "WWW-Authenticate:\r\n" TAIL, CHALLENGE_E_SYNTAX, "no scheme");
	refused(HEAD "WWW-Authenticate: \"x\"\r\n" TAIL, CHALLENGE_E_SYNTAX, "quoted scheme");
	refused(HEAD "WWW-Authenticate: Digest=a\r\n" TAIL, CHALLENGE_E_SYNTAX, "Digest=");
}

static void messages(void)
{
	const char *good = WWW GOOD "\r\n";
	char text[4096];

#define TRY(before, want, what) \
	do { \
		snprintf(text, sizeof(text), "%s%s%s", before, good, TAIL); \
		refused(text, want, what); \
	} while (0)
	TRY("SIP/2.0 100 Trying\r\n" VIA FROM TO CALL_ID CSEQ, CHALLENGE_E_STATUS, "a 100");
	TRY("SIP/2.0 407 X\r\n" VIA FROM TO CALL_ID CSEQ, CHALLENGE_E_STATUS, "a 407");
	TRY("REGISTER sip:ims.example SIP/2.0\r\n" VIA FROM TO CALL_ID CSEQ, CHALLENGE_E_STATUS,
	    "a request");
	TRY(STATUS VIA FROM TO CALL_ID, CHALLENGE_E_CSEQ, "no CSeq");
	TRY(STATUS VIA FROM TO CALL_ID "CSeq: 1 INVITE\r\n", CHALLENGE_E_CSEQ, "INVITE");
	TRY(STATUS VIA FROM TO CALL_ID "CSeq: 1 register\r\n", CHALLENGE_E_CSEQ, "register");
	TRY(STATUS VIA FROM TO CSEQ, CHALLENGE_E_CALL_ID, "no Call-ID");
	TRY(STATUS VIA FROM TO CSEQ "i: \r\n", CHALLENGE_E_CALL_ID, "empty Call-ID");
	TRY(STATUS VIA FROM TO CSEQ "i: a\x1b-b\r\n", CHALLENGE_E_CALL_ID, "Call-ID with ESC");
	TRY(STATUS VIA TO CALL_ID CSEQ, CHALLENGE_E_FROM, "no From");
	TRY(STATUS VIA FROM CALL_ID CSEQ, CHALLENGE_E_TO, "no To");
	TRY(STATUS VIA FROM CALL_ID CSEQ "t: <>;tag=1\r\n", CHALLENGE_E_TO, "empty To URI");
	TRY(STATUS VIA FROM CALL_ID CSEQ "t: <sip:a\r\n", CHALLENGE_E_TO, "open To URI");
	TRY(STATUS VIA FROM CALL_ID CSEQ "t: \"<sip:a>\r\n", CHALLENGE_E_TO, "open quote");
	TRY(STATUS VIA FROM CALL_ID CSEQ "t: <sip: a>\r\n", CHALLENGE_E_TO, "space in a URI");
	TRY(HEAD "X: a\n\r\n", CHALLENGE_E_MESSAGE, "bare LF");
	TRY("", CHALLENGE_E_MESSAGE, "no start line");
#undef TRY
	refused(HEAD TAIL, CHALLENGE_E_MISSING, "no WWW-Authenticate");
	refused(HEAD TAIL WWW GOOD "\r\n\r\n", CHALLENGE_E_MISSING, "one in the body");
	refused(HEAD "X-WWW-Authenticate: Digest " GOOD "\r\n" TAIL, CHALLENGE_E_MISSING,
		"another name");
	refused(HEAD "WWW-Authenticate: Basic " REALM "\r\n" TAIL, CHALLENGE_E_MISSING, "Basic");
	refused(STATUS, CHALLENGE_E_MESSAGE, "no end");
	refused("", CHALLENGE_E_MESSAGE, "no octet");
}

static void spans(void)
{
	static const char text[] = STATUS VIA
		"f: sip:u@ims.example;tag=a\r\n"
		"To: \"A <b>\\\"\" <sip:v@ims.example;x=1>;tag=b\r\n"
		"i:  c1@ue \r\n" CSEQ
		"www-authenticate :\r\n dIGEST " GOOD "\r\n" TAIL;
	struct challenge c;

	is_int(read_text(text, &c), 0, "compact names, folding, letter case");
	gives_span(text, &c.from_uri, "sip:u@ims.example", "From: addr-spec");
	gives_span(text, &c.to_uri, "sip:v@ims.example;x=1", "To: name-addr");
	gives_span(text, &c.call_id, "c1@ue", "Call-ID");
	gives_span(text, &c.realm, "ims.example", "realm");
	gives_span(text, &c.algorithm, "AKAv1-MD5", "algorithm");
}

#define OTHER	"Digest realm=\"x\",nonce=\"y\",algorithm=MD5\r\n"

static void several(void)
{
	static const char two[] = HEAD WWW GOOD "\r\n" WWW IK ",algorithm=AKAv2-SHA-256,"
		REALM "," NONCE "," CK "\r\n" TAIL;
	static const char two_left[] = HEAD WWW REALM "," NONCE "," ALG "\r\n"
		WWW "algorithm=AKAv2-SHA-256," REALM "," NONCE "\r\n" TAIL;
	uint8_t out[4096], *msg;
	char many[8192];
	struct challenge c;
	size_t out_len = 0;
	int i, n;

	msg = guarded(two, sizeof(two) - 1);
	is_int(challenge_read(msg, sizeof(two) - 1, &c), 0, "two AKA challenges of one vector");
	is_int(c.aka_version, 1, "the first is described");
	challenge_rewrite(&c, msg, sizeof(two) - 1, "", out, sizeof(out), &out_len);
	is_hex(out, out_len, (const uint8_t *)two_left, sizeof(two_left) - 1, "both are cut");
	is_int(challenge_rewrite(&c, msg, sizeof(two) - 1, "", out, out_len, &out_len), 0,
	       "exact room");
	is_int(challenge_rewrite(&c, msg, sizeof(two) - 1, "", out, out_len - 1, &out_len),
	       CHALLENGE_E_ROOM, "no room");

	refused(HEAD WWW GOOD "\r\n" WWW REALM "," NONCE "," ALG "," CK ",ik=\"" CK_HEX
		"\"\r\n" TAIL, CHALLENGE_E_TWO, "two that differ in IK");
	refused(HEAD WWW GOOD "\r\n" WWW REALM "," NONCE "," ALG "," IK ",ck=\"" CK_HEX CK_HEX
		"\"\r\n" TAIL, CHALLENGE_E_TWO, "two that differ in CK");
	refused(HEAD WWW GOOD "\r\n" WWW REALM "," ALG "," IK "," CK
		",nonce=\"AAAAAAAAAAAAAAAAAAAAAAMEBQYHCAAAAAECAwQFBgc=\"\r\n" TAIL,
		CHALLENGE_E_TWO, "two that differ in RAND");
	refused(HEAD WWW GOOD "\r\n" WWW REALM "," NONCE "," ALG "\r\n" TAIL,
		CHALLENGE_E_CK_MISSING, "a second without keys");
	refused(HEAD "WWW-Authenticate: " OTHER TAIL, CHALLENGE_E_ALGORITHM, "MD5 alone");
	refused(HEAD WWW GOOD "\r\n" WWW "algorithm=MD5," REALM "," IK "\r\n" TAIL,
		CHALLENGE_E_ALGORITHM, "IK beside MD5");
	refused(HEAD WWW GOOD "\r\n" WWW REALM "," CK "\r\n" TAIL,
		CHALLENGE_E_ALGORITHM_MISSING, "CK beside no algorithm");
	is_int(read_text(HEAD "WWW-Authenticate: " OTHER WWW GOOD "\r\n"
			 "WWW-Authenticate: Basic realm=\"r\"\r\n" TAIL, &c), 0,
	       "others before and after");
	is_int(c.nr_cuts, 1, "which stay");

	for (n = CHALLENGE_MAX_CUTS; n <= CHALLENGE_MAX_CUTS + 1; n++) {
		int at = snprintf(many, sizeof(many), "%s", HEAD);

		for (i = 0; i < n; i++)
			at += snprintf(many + at, sizeof(many) - at, "%s%s\r\n", WWW, GOOD);
		snprintf(many + at, sizeof(many) - at, "%s", TAIL);
		is_int(read_text(many, &c), n > CHALLENGE_MAX_CUTS ? CHALLENGE_E_MANY : 0,
		       "many challenges");
	}
}

/*
 * Whatever the octets are: nothing is read outside of them (the guard page and
 * ASan say so), and what reads leaves no key in the UE's message.
 */
static bool holds(const uint8_t *msg, size_t len)
{
	uint8_t *out = room;	/* far below the message */
	struct challenge c, again;
	size_t out_len;
	unsigned int i;

	if (challenge_read(msg, len, &c))
		return true;
	for (i = 0; i < c.nr_cuts; i++) {
		const uint32_t before = i ? c.cuts[i - 1].off + c.cuts[i - 1].len : 0;

		if (!c.cuts[i].len || c.cuts[i].off <= before ||
		    c.cuts[i].off + c.cuts[i].len > len)
			return false;
	}
	if (challenge_rewrite(&c, msg, len, "", out, len, &out_len) || out_len >= len)
		return false;
	return challenge_read(out, out_len, &again) == CHALLENGE_E_CK_MISSING;
}

static void mutate(const uint8_t *data, size_t len, const char *what)
{
	static const uint8_t octets[] = {
		0, '\t', '\n', '\r', ' ', '"', ',', '=', '\\', ':', ';', '<', 'a', '0', 0x80, 0xff
	};
	bool good = true;
	uint8_t *msg;
	size_t i, j;

	for (i = 0; i <= len; i++)
		good &= holds(guarded(data, i), i);
	ok(good, "%s: every prefix", what);

	good = true;
	msg = guarded(data, len);
	for (i = 0; i < len; i++) {
		for (j = 0; j < sizeof(octets); j++) {
			msg[i] = octets[j];
			good &= holds(msg, len);
		}
		msg[i] = data[i];
	}
	ok(good, "%s: every octet changed", what);

	good = true;
	for (i = 0; i < len; i++) {
		msg = guarded(data, len);
		memmove(msg + 1, msg, i);
		good &= holds(msg + 1, len - 1);
	}
	ok(good, "%s: every octet left out", what);
}

/* 0: no such file, which is said. */
static size_t load(const char *path, uint8_t data[ROOM / 4])
{
	FILE *f = fopen(path, "rb");
	size_t len;

	if (!f) {
		skip(path, "not here");
		return 0;
	}
	len = fread(data, 1, ROOM / 4, f);
	fclose(f);
	return len;
}

static void file(const char *path, int want)
{
	static uint8_t data[ROOM / 4];
	size_t len = load(path, data), out_len = 0;
	struct challenge c;
	uint8_t *msg;
	int err;

	if (!len)
		return;
	msg = guarded(data, len);
	err = challenge_read(msg, len, &c);
	is_int(err, want, path);
	if (!err) {
		err = challenge_rewrite(&c, msg, len, "", room, len, &out_len);
		ok(!err && out_len + 2 * 38 <= len && !contains(room, out_len, "ik=") &&
		   !contains(room, out_len, "ck="), "no keys are left");
	}
	mutate(data, len, path);
}

/* What a P-CSCF made of a 401 elsewhere: the very same field. */
static void published(void)
{
	static uint8_t in[ROOM / 4], want[ROOM / 4];
	size_t len = load(SHARED("material/sip/ims-derived-milenage1/02_401_scscf_to_pcscf.sip"),
			  in);
	size_t want_len = load(SHARED("material/sip/ims-derived-milenage1/03_401_pcscf_to_ue.sip"),
			       want);
	const uint8_t *field, *end;
	struct challenge c;
	size_t out_len = 0;

	if (!len || !want_len)
		return;
	field = memmem(want, want_len, "WWW-Authenticate", 16);
	end = memmem(field, want + want_len - field, "\r\n", 2);
	ok(!challenge_read(in, len, &c) &&
	   !challenge_rewrite(&c, in, len, "", room, len, &out_len) &&
	   memmem(room, out_len, field, end + 2 - field), "the field that the UE got there");
}

/* RAND, AUTN and keys of every Digest AKA vector, in a 401 made of it. */
static void one_digest(struct json_object *t)
{
	uint8_t rand[16], autn[16], ck[32], ik[32];
	size_t ck_len = vec_hex(t, "ck", ck, sizeof(ck));
	size_t ik_len = vec_hex(t, "ik", ik, sizeof(ik));
	struct challenge c;
	char text[4096];

	if (!ck_len || !ik_len)
		return;
	vec_hex(t, "rand", rand, sizeof(rand));
	vec_hex(t, "autn", autn, sizeof(autn));
	snprintf(text, sizeof(text),
		 MSG("realm=\"%s\", nonce=\"%s\", algorithm=%s, ik=\"%s\", ck=\"%s\""),
		 vec_text(t, "realm"), vec_text(t, "nonce"), vec_text(t, "algorithm"),
		 vec_text(t, "ik"), vec_text(t, "ck"));
	ok(!read_text(text, &c) && c.ck_len == ck_len && c.ik_len == ik_len &&
	   !memcmp(c.ck, ck, ck_len) && !memcmp(c.ik, ik, ik_len) &&
	   !memcmp(c.rand, rand, 16) && !memcmp(c.autn, autn, 16) &&
	   c.aka_version == (strstr(vec_text(t, "algorithm"), "v2") ? 2 : 1),
	   "%s", vec_label(t, "digest_aka.json"));
}

static void digests(const char *path)
{
	struct json_object *f, *tests = vec_load(path, "tests", &f);
	size_t i;

	if (!tests) {
		skip(path, "not here");
		return;
	}
	for (i = 0; i < json_object_array_length(tests); i++)
		one_digest(json_object_array_get_idx(tests, i));
	json_object_put(f);
}

void test_challenge(void)
{
	static const char folded[] = HEAD "WWW-Authenticate: " OTHER
		WWW "\r\n " IK ",\r\n " REALM ", " NONCE "," CK "," ALG "\r\n \r\n" TAIL "body";

	room = mmap(NULL, ROOM + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED || mprotect(room + ROOM, 4096, PROT_NONE))
		abort();
	room_end = room + ROOM;

	places();
	quoting();
	missing_and_twice();
	algorithms();
	nonces();
	keys();
	syntax();
	messages();
	spans();
	several();
	mutate((const uint8_t *)MSG(GOOD), sizeof(MSG(GOOD)) - 1, "a 401");
	mutate((const uint8_t *)folded, sizeof(folded) - 1, "a folded 401");
	file(SHARED("material/sip/ims-lioneagle/03_sip_flow_reg_register_401.sip"),
	     CHALLENGE_E_STATUS);
	file(SHARED("material/sip/ims-lioneagle/03_sip_flow_reg_register_401_status_fixed.sip"),
	     0);
	file(SHARED("material/sip/ims-derived-milenage1/02_401_scscf_to_pcscf.sip"), 0);
	file(SHARED("material/sip/ims-derived-milenage1/03_401_pcscf_to_ue.sip"),
	     CHALLENGE_E_CK_MISSING);
	published();
	digests(SHARED("material/digest/digest_aka.json"));
	munmap(room, ROOM + 4096);
}
