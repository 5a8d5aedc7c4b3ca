// SPDX-License-Identifier: GPL-2.0
/* The fields of RFC 3329: what is read, chosen, written and compared. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "msg.h"
#include "secagree.h"
#include "tap.h"
#include "tests.h"

#define IPSEC	"ipsec-3gpp; alg=hmac-sha-1-96; spi-c=1234; spi-s=1235; port-c=31677; port-s=31678"

static int read_text(const char *text, struct secagree *a)
{
	/* Of exactly its size, so that the sanitizer sees what is read behind it. */
	const size_t len = strlen(text);
	uint8_t *copy = malloc(len ? len : 1);
	int err;

	memcpy(copy, text, len);
	err = secagree_read_value(copy, len, a);
	free(copy);
	a->octets = (const uint8_t *)text;
	return err;
}

static void reads(void)
{
	static const struct {
		const char *text;
		int err;
	} values[] = {
		{ "sipsec;ver=1;alg=aes-gmac;spi=a001", 0 },
		{ "tls", 0 },
		{ "digest;d-alg=MD5;d-qop=auth;d-ver=\"0000\";q=0.1,tls;q=0.2", 0 },
		{ "x;a=[2001:db8::1];b=\"\\\",;\";c", 0 },
		{ IPSEC ";q=1.000", 0 },
		{ "sipsec;ver=2;future", 0 },
		{ "sipsec;ver=\"1\"", 0 },
		{ "", SECAGREE_E_SYNTAX },
		{ ",tls", SECAGREE_E_SYNTAX },
		{ "tls,", SECAGREE_E_SYNTAX },
		{ "tls;", SECAGREE_E_SYNTAX },
		{ "tls;q=", SECAGREE_E_SYNTAX },
		{ "tls q", SECAGREE_E_SYNTAX },
		{ "tls;a=\"b", SECAGREE_E_SYNTAX },
		{ "tls;a=\"b\\", SECAGREE_E_SYNTAX },
		{ "tls;a=[::1", SECAGREE_E_SYNTAX },
		{ "tls\r\nX: y", SECAGREE_E_SYNTAX },
		{ "tls;a=\"b\nX: y\"", SECAGREE_E_SYNTAX },
		{ "tls;a=\"b\\\r\n c\"", SECAGREE_E_SYNTAX },
		{ "tls;a=\"b\\\n\"", SECAGREE_E_SYNTAX },
		{ "tls;a=\"b\xff\"", SECAGREE_E_SYNTAX },
		{ "tls;a=\"b\r\n c\xc3\xa9\"", 0 },
		{ "tls;a=1;A=2", SECAGREE_E_TWICE },
		{ "sipsec;ver=1;alg=aes-gmac;spi=1000;Spi=1001", SECAGREE_E_TWICE },
		{ "tls;q=1.001", SECAGREE_E_Q },
		{ "tls;q=2", SECAGREE_E_Q },
		{ "tls;q=0.1234", SECAGREE_E_Q },
		{ "tls;q=.5", SECAGREE_E_Q },
		{ "tls;q=\"0.5\"", SECAGREE_E_Q },
		{ "sipsec", SECAGREE_E_VER_MISSING },
		{ "sipsec;ver;alg=aes-gmac", SECAGREE_E_VER_MISSING },
		{ "sipsec;ver=1;spi=1000", SECAGREE_E_ALG_MISSING },
		{ "sipsec;ver=1;alg=aes-gmac;spi", SECAGREE_E_SPI },
		{ "sipsec;ver=1;alg=aes-gmac;spi=0x1000", SECAGREE_E_SPI },
		{ "sipsec;ver=1;alg=aes-gmac;spi=100000000", SECAGREE_E_SPI },
		{ "sipsec;ver=1;alg=aes-gmac;spi=\"1000\"", SECAGREE_E_SPI },
		{ "sipsec;ver=1;alg=aes-gmac;spi=ff", SECAGREE_E_SPI_RESERVED },
		{ "a;1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17", SECAGREE_E_PARAMS },
	};
	struct secagree a;
	char many[128];
	size_t i, n;

	for (i = 0; i < sizeof(values) / sizeof(*values); i++) {
		const int err = read_text(values[i].text, &a);

		if (!ok(err == values[i].err && !err == !!a.nr, "agree: %s", values[i].text))
			printf("# %s\n", secagree_strerror(err));
	}
	for (n = 0, i = 0; i < 32; i++)
		n += snprintf(many + n, sizeof(many) - n, i ? ",a" : "a");
	ok(!read_text(many, &a) && a.nr == 32, "agree: 32 values");
	snprintf(many + n, sizeof(many) - n, ",a");
	is_int(read_text(many, &a), SECAGREE_E_MANY, "agree: 33 values");
	ok(!read_text("TLS ; q = 0.25 , SIPsec;ver=1;alg=AES-GMAC;SPI=A001;q=0", &a) &&
	   a.nr == 2 && !a.mechs[0].usable && a.mechs[0].q == 250 && a.mechs[1].usable &&
	   a.mechs[1].spi == 0xa001 && !a.mechs[1].q && a.mechs[1].alg == SIPSEC_ALG_AES_GMAC,
	   "agree: what is read");
}

/* No prefix of a value, and none with an octet changed, is read behind its end. */
static void survives(void)
{
	static const char value[] = IPSEC ";q=0.1, sipsec;ver=1;alg=aes-gmac;spi=a001;x=\"y\\\"\","
				    "t;h=[::1]";
	char text[sizeof(value)], out[2 * sizeof(value)];
	unsigned int good = 0, bad = 0;
	struct secagree a;
	size_t i, j;

	for (i = 0; i < sizeof(value); i++) {
		for (j = 0; j < i; j++) {
			snprintf(text, i + 1, "%s", value);
			text[j] = "\";,=\\\r\n \t[0"[(i + j) % 11];
			if (read_text(text, &a)) {
				bad++;
				continue;
			}
			good++;
			if (secagree_text(&a, out, sizeof(out)) || strpbrk(out, "\r\n"))
				ok(false, "agree: a line end was written: %s", out);
		}
	}
	ok(good > 100 && bad > 1000, "agree: prefixes and changed octets (%u good, %u bad)",
	   good, bad);
}

static void orders(void)
{
	static const char *const names[] = {
		"hmac-sha-256-128", "aes-gmac", "aes-cmac-96", "hmac-sha-1-96", "hmac-md5-96",
		"128-eia2", "128-eia3", "uia2", "uia1",
	};
	const struct secagree_mech *m;
	unsigned int i, seen = 0;
	struct secagree a;
	bool good = true;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		good = good && !strcmp(secagree_by_rank(i + 1)->name, names[i]);
	for (i = 1; i < SIPSEC_ALG_END; i++)
		seen |= 1U << secagree_rank(i);
	ok(good && !secagree_by_rank(i) && !secagree_by_rank(0) && seen == (1U << i) - 2,
	   "agree: each algorithm has its place");
	ok(!read_text("sipsec;ver=1;alg=uia1;spi=1000,sipsec;ver=1;alg=aes-gmac;spi=1001;q=0.1,"
		      "sipsec;ver=1;alg=aes-gmac;spi=1002,sipsec;ver=9;alg=hmac-sha-256-128", &a) &&
	   !secagree_choose(&a, ~0U, &m) && m->spi == 0x1001, "agree: the strongest");
	ok(!secagree_choose(&a, 1U << SIPSEC_ALG_UIA1, &m) && m->spi == 0x1000,
	   "agree: the strongest that is allowed");
	is_int(secagree_choose(&a, 1U << SIPSEC_ALG_UIA2, &m), SECAGREE_E_NONE, "agree: none");
}

static void compares(void)
{
	static const struct {
		const char *a, *b;
		bool same;
	} pairs[] = {
		{ "tls;q=0.1,a;b=\"c d\"", "tls ;\r\n\tq=0.1 ,  a; b = \"c d\"", true },
		{ "tls;q=0.1", "tls;q=0.10", false },
		{ "tls;q=0.1", "TLS;q=0.1", false },
		{ "tls,digest", "digest,tls", false },
		{ "tls,digest", "tls", false },
		{ "a;b=\"c d\"", "a;b=\"cd\"", false },
		{ "a;b=c", "a;b=\"c\"", false },
		{ "a;b;c", "a;c;b", false },
	};
	struct secagree a, b;
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		ok(!read_text(pairs[i].a, &a) && !read_text(pairs[i].b, &b) &&
		   secagree_equal(&a, &b) == pairs[i].same, "agree: %s against %s", pairs[i].a,
		   pairs[i].b);
}

#define SENT	"sipsec;ver=1;alg=aes-gmac;spi=b001;q=0.9"
#define OFFERED	"tls,sipsec;ver=1;alg=uia2;spi=a001,sipsec;ver=1;alg=aes-gmac;spi=a001"
#define REGISTER(client, verify)	\
	"REGISTER sip:ims.example SIP/2.0\r\n" \
	"Integrity: b001;seq=1;mac=AAAAAAAAAAAAAAAAAAAAAA\r\n" client verify \
	"Require: sec-agree\r\n\r\n"
#define CHECK	"agree check security-client " OFFERED " security-server " SENT

static void checks(void)
{
	static const struct {
		const char *message;
		int rc;
		const char *err;
	} tries[] = {
		{ REGISTER("Security-Client: tls\r\nsecurity-client: sipsec;ver=1;alg=uia2;"
			   "spi=a001, sipsec;ver=1;\r\n alg=aes-gmac;spi=a001\r\n",
			   "Security-Verify: " SENT "\r\n"), EXIT_OK, NULL },
		/* Someone took the strong one out on the way there ... */
		{ REGISTER("Security-Client: " OFFERED ",sipsec;ver=1;alg=hmac-sha-256-128;"
			   "spi=a001\r\n", "Security-Verify: " SENT "\r\n"),
		  EXIT_DIFFERS, "agree check: security-client: differs from what was received" },
		/* ... or put a weak one in on the way back. */
		{ REGISTER("Security-Client: " OFFERED "\r\n",
			   "Security-Verify: sipsec;ver=1;alg=uia2;spi=b001;q=0.9\r\n"),
		  EXIT_DIFFERS, "agree check: security-verify: differs from what was sent" },
		{ REGISTER("Security-Client: " OFFERED "\r\n", ""), EXIT_DIFFERS,
		  "agree check: security-verify: missing" },
		{ REGISTER("", "Security-Verify: " SENT "\r\n"), EXIT_DIFFERS,
		  "agree check: security-client: missing" },
		{ REGISTER("Security-Client: ;\r\n", "Security-Verify: " SENT "\r\n"),
		  EXIT_DIFFERS, "agree check: security-client: not well-formed" },
		{ "REGISTER", EXIT_REFUSED, "agree check: message: not well-formed" },
	};
	size_t i;

	for (i = 0; i < sizeof(tries) / sizeof(*tries); i++) {
		if (tries[i].err)
			refuses(CHECK, tries[i].message, tries[i].rc, tries[i].err);
		else
			ok(run(CHECK, tries[i].message) == EXIT_OK && !cap.out[0] && !cap.err[0],
			   "agree check: unchanged");
	}
	make_file("first", REGISTER("Security-Client: tls\r\n", ""));
	make_file("401", "SIP/2.0 401 Unauthorized\r\nSecurity-Server: " SENT "\r\n\r\n");
	is_int(run("agree check register @/first challenge @/401",
		   REGISTER("Security-Client: tls\r\n", "Security-Verify: " SENT "\r\n")),
	       EXIT_OK, "agree check: by the messages");
	refuses("agree check security-client tls", "", EXIT_USAGE, "security-server: missing");
	refuses("agree check security-server tls", "", EXIT_USAGE, "security-client: missing");
	refuses(CHECK " register @/first", "", EXIT_USAGE, "security-client: register is given");
	refuses("agree check security-client ; security-server " SENT, tries[0].message,
		EXIT_REFUSED, "security-client: not well-formed");
}

static void prints(const char *words, const char *input, const char *out)
{
	const int rc = run(words, input);

	if (!ok(rc == EXIT_OK && !strcmp(cap.out, out) && !cap.err[0], "%s", words))
		printf("# status %d\n# out %s\n# err %s\n", rc, cap.out, cap.err);
}

static void writes(void)
{
	fake_reset();
	prints("agree client spi 0xa001 alg uia2,aes-gmac", "",
	       "Security-Client: sipsec;ver=1;alg=aes-gmac;spi=a001;q=0.9, "
	       "sipsec;ver=1;alg=uia2;spi=a001;q=0.8\n");
	prints("agree offer", "",
	       "Security-Server: sipsec;ver=1;alg=hmac-sha-256-128;q=0.9, "
	       "sipsec;ver=1;alg=aes-gmac;q=0.8, sipsec;ver=1;alg=aes-cmac-96;q=0.7, "
	       "sipsec;ver=1;alg=hmac-sha-1-96;q=0.6, sipsec;ver=1;alg=128-eia2;q=0.5, "
	       "sipsec;ver=1;alg=128-eia3;q=0.4, sipsec;ver=1;alg=uia2;q=0.3, "
	       "sipsec;ver=1;alg=uia1;q=0.2\n");
	prints("agree server spi 0xb001", REGISTER("Security-Client: " OFFERED "\r\n", ""),
	       "Security-Server: " SENT "\n");
	prints("agree server spi 0xb001 alg uia2 security-client " OFFERED, "",
	       "Security-Server: sipsec;ver=1;alg=uia2;spi=b001;q=0.9\n");
	prints("agree verify", "SIP/2.0 401 x\r\nSecurity-Server: tls ; q = 0.1\r\n"
	       "Security-Server: " SENT "\r\n\r\n", "Security-Verify: tls;q=0.1, " SENT "\n");
	opt_json = true;
	prints("agree verify security-server " SENT, "",
	       "{\"security-verify\":\"" SENT "\",\"alg\":\"aes-gmac\",\"spi-uplink\":"
	       "\"0x0000b001\"}\n");
	prints("agree server spi 0xb001 security-client " OFFERED, "",
	       "{\"security-server\":\"" SENT "\",\"alg\":\"aes-gmac\",\"spi-uplink\":"
	       "\"0x0000b001\",\"spi-downlink\":\"0x0000a001\"}\n");
	opt_json = false;
	ok(run("agree server", REGISTER("Security-Client: " OFFERED "\r\n", "")) == EXIT_OK &&
	   !strncmp(cap.out, "Security-Server: sipsec;ver=1;alg=aes-gmac;spi=", 47) &&
	   strlen(cap.out) > 54, "agree server: an SPI is drawn");
	refuses("agree server alg aes-cmac-96", REGISTER("Security-Client: " OFFERED "\r\n", ""),
		EXIT_NO_COMMON, "security-client: no algorithm in common");
	refuses("agree server", REGISTER("", ""), EXIT_NO_COMMON, "security-client: missing");
	refuses("agree server security-client sipsec", "", EXIT_REFUSED, "ver: missing");
	refuses("agree server spi 0x10 security-client " OFFERED, "", EXIT_USAGE, "spi: 0 to 255");
	refuses("agree server message @/first security-client tls", "", EXIT_USAGE,
		"security-client: message is given too");
	refuses("agree client alg aes-gmac,rot13", "", EXIT_USAGE, "alg: no such algorithm");
}

void test_agree(void)
{
	reads();
	survives();
	orders();
	compares();
	checks();
	writes();
}
