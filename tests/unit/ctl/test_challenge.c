// SPDX-License-Identifier: GPL-2.0
/* sa from-challenge: both SAs or none, and the message without its keys. */
#include <stdio.h>
#include <string.h>

#include "aka/aka.h"
#include "core/alg.h"
#include "fake.h"
#include "hex.h"
#include "msg.h"
#include "tap.h"
#include "tests.h"

#define CK	"b40ba9a3c58b2a05bbf0d987b21bf8cb"
#define IK	"f769bcd751044604127672711c6d3441"
#define MESSAGE(keys, more)	\
	"SIP/2.0 401 Unauthorized\r\n" \
	"Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n" \
	"From: <sip:a@ims.example>;tag=1\r\n" \
	"To: <sip:a@ims.example>;tag=2\r\n" \
	"Call-ID: c\r\n" \
	"CSeq: 1 REGISTER\r\n" \
	"WWW-Authenticate: Digest realm=\"ims.example\"," \
	"nonce=\"I1U8vpY3qJ0hihrk2uR7vzVf8zS0NXe5uUqf/6w1TfoAAA==\"," \
	"algorithm=AKAv1-MD5" keys "\r\n" \
	"Content-Length: 0\r\n" more "\r\n"
#define WITH	MESSAGE(",ck=\"" CK "\",ik=\"" IK "\"", "")
#define SERVER(alg, spi)	"Security-Server: sipsec;ver=1;alg=" alg ";spi=" spi ";q=0.9\r\n"
#define WITHOUT	MESSAGE("", "")
#define FOR_UE(alg, spi)	MESSAGE("", SERVER(alg, spi))
#define CLIENT(value)	\
	"REGISTER sip:ims.example SIP/2.0\r\n" \
	"To: <sip:a@ims.example>\r\n" \
	"Authorization: Digest realm=\"ims.example\",username=\"a.private@ims.example\"\r\n" \
	"Security-Client: " value "\r\n\r\n"
#define WORDS	"sa from-challenge peer 192.0.2.1 port 5060 spi-downlink 0x2000"

static bool key_is(unsigned int nr, unsigned int direction, uint32_t spi)
{
	uint8_t ck[16], ik[16], key[32];
	size_t len = sizeof(key), n;

	hex_decode(CK, 32, ck, 16, &n);
	hex_decode(IK, 32, ik, 16, &n);
	return !sipsec_kdf("hmac-sha-256-128", ck, 16, ik, 16, direction, spi, key, &len) &&
	       !memcmp(fake->keys[nr], key, len);
}

static void works(void)
{
	const struct sa *up, *down;
	int rc;

	fake_reset();
	rc = run(WORDS " spi-uplink 0x1000", WITH);
	if (!ok(rc == EXIT_OK && !strcmp(cap.out, FOR_UE("hmac-sha-256-128", "1000")),
		"from-challenge: the message without keys, with Security-Server"))
		printf("# status %d\n# out %s\n# err %s\n", rc, cap.out, cap.err);
	ok(!strcmp(cap.err, "spi-uplink 0x00001000 spi-downlink 0x00002000\n"),
	   "from-challenge: the SPIs");
	up = fake_sa(SIPSEC_SA_INBOUND, 0x1000);
	down = fake_sa(SIPSEC_SA_OUTBOUND, 0x2000);
	ok(up && up->direction == SIPSEC_DIRECTION_UPLINK && !up->hard_seconds &&
	   up->addr.len == 4 && !up->port && !sa_has(up, SIPSEC_A_SA_SEQ) &&
	   key_is(0, 0, 0x1000),
	   "from-challenge: the uplink SA");
	ok(down && down->direction == SIPSEC_DIRECTION_DOWNLINK && down->seq == 1 &&
	   !down->hard_seconds && down->port == 5060 && key_is(1, 1, 0x2000),
	   "from-challenge: the downlink SA");
	ok(fake->state == SIPSEC_SA_STATE_TEMPORARY && !strcmp(fake->impi, "a@ims.example") &&
	   !strcmp(fake->impu, "sip:a@ims.example"), "from-challenge: whose SAs they are");

	fake_reset();
	fake->in_use = 3;
	rc = run(WORDS " hard-seconds 30 bind off", WITH);
	up = &fake->sas[0];
	ok(rc == EXIT_OK && fake->nr_sas == 2 && up->spi > 255 && up->hard_seconds == 30 &&
	   sa_has(up, SIPSEC_A_SA_HARD_SECONDS) && !up->addr.len &&
	   key_is(0, 0, up->spi),
	   "from-challenge: an SPI is drawn until one is free");
}

static void fails(void)
{
	fake_reset();
	fake->refuse_spi = 0x2000;
	refuses(WORDS " spi-uplink 0x1000", WITH, EXIT_REFUSED, "downlink: key: used before");
	ok(!fake->nr_sas && !strstr(fake->log, "sa-del"), "from-challenge: no SA is left");
	fake->refuse_spi = 0x1000;
	refuses(WORDS " spi-uplink 0x1000", WITH, EXIT_REFUSED, "uplink: key: used before");
	ok(!fake->nr_sas, "from-challenge: no SA is left");
	fake->refuse_spi = 0;
	fake->in_use = 1;
	refuses(WORDS " spi-uplink 0x1000", WITH, EXIT_REFUSED, "uplink: spi: in use");
	fake_clear_log();
	refuses(WORDS, WITHOUT, EXIT_REFUSED, "ck: missing");
	refuses(WORDS, "SIP/2.0 200 OK\r\n\r\n", EXIT_REFUSED, "status: ");
	refuses(WORDS, "", EXIT_REFUSED, "message: ");
	refuses("sa from-challenge peer ::1 port 5060", WITH, EXIT_USAGE, "spi-downlink: missing");
	ok(!fake->log[0], "from-challenge: nothing was asked of the kernel");
}

/* What a UE offers, in a file, and as the value itself. */
static void offered(void)
{
	static const struct {
		const char *to, *impi;
	} parties[] = {
		{ "<sip:+1;phone-context=b@ims.example>", "+1;phone-context=b@ims.example" },
		{ "<sip:a?b@ims.example;x=y>", "a?b@ims.example" },
		{ "<sip:a@ims.example:5060;x=y>", "a@ims.example" },
		{ "<sip:a@[2001:db8::1]:5060;x=y>", "a@[2001:db8::1]" },
	};
	static const char to[] = "To: <sip:a@ims.example>";
	char message[8192], head[2048];
	unsigned int i;
	const struct sa *down;
	char words[512];
	int rc;

	snprintf(head, sizeof(head), "%.*s", (int)(strstr(WITH, to) - WITH), WITH);
	make_file("register", CLIENT("ipsec-3gpp;alg=hmac-sha-1-96;spi-c=1, "
				     "sipsec;ver=1;alg=uia2;spi=2000,\r\n "
				     "sipsec;ver=2;alg=hmac-sha-256-128;spi=2001"));
	fake_reset();
	rc = run("sa from-challenge peer 192.0.2.1 port 5060 spi-uplink 0x1000 "
		 "register @/register", WITH);
	down = fake_sa(SIPSEC_SA_OUTBOUND, 0x2000);
	if (!ok(rc == EXIT_OK && !strcmp(cap.out, FOR_UE("uia2", "1000")) && down &&
		down->alg == SIPSEC_ALG_UIA2, "from-challenge: what a REGISTER offers"))
		printf("# status %d\n# out %s\n# err %s\n", rc, cap.out, cap.err);

	for (i = 0; i < sizeof(parties) / sizeof(*parties); i++) {
		fake_reset();
		snprintf(message, sizeof(message), "%sTo: %s%s", head, parties[i].to,
			 strstr(WITH, to) + strlen(to));
		rc = run(WORDS, message);
		ok(rc == EXIT_OK && !strcmp(fake->impi, parties[i].impi),
		   "from-challenge: the IMPI of %s is %s", parties[i].to, fake->impi);
	}
	fake_reset();
	rc = run("sa from-challenge peer 192.0.2.1 port 5060 spi-uplink 0x1000 "
		 "register @/register", WITH);
	ok(!strcmp(fake->impi, "a.private@ims.example") && !strcmp(fake->impu, "sip:a@ims.example"),
	   "from-challenge: the private identity of a REGISTER");
	fake_reset();
	rc = run(WORDS " impi b@ims.example impu sip:b@ims.example impu tel:+1-201-555-0123",
		 WITH);
	ok(rc == EXIT_OK && !strcmp(fake->impi, "b@ims.example") &&
	   !strcmp(fake->impu, "tel:+1-201-555-0123"), "from-challenge: identities as words");

	fake_reset();
	snprintf(words, sizeof(words), "sa from-challenge peer 192.0.2.1 port 5060 "
		 "spi-uplink 0x1000 alg aes-gmac,aes-cmac-96 security-client %s",
		 "sipsec;ver=1;alg=aes-cmac-96;spi=2000,sipsec;ver=1;alg=AES-gmac;spi=2001,"
		 "sipsec;ver=1;alg=hmac-sha-256-128;spi=2002");
	opt_json = true;
	rc = run(words, WITH);
	opt_json = false;
	if (!ok(rc == EXIT_OK && !strcmp(cap.out, FOR_UE("aes-gmac", "1000")) &&
		fake_sa(SIPSEC_SA_OUTBOUND, 0x2001) &&
		strstr(cap.err, "\"security-client\":\"sipsec;ver=1;alg=aes-cmac-96;spi=2000, ") &&
		strstr(cap.err, "\"security-server\":\"sipsec;ver=1;alg=aes-gmac;spi=1000;q=0.9\""),
		"from-challenge: the strongest that is allowed"))
		printf("# status %d\n# out %s\n# err %s\n", rc, cap.out, cap.err);
	fake_reset();
	rc = run(WORDS " security-server off", WITH);
	ok(rc == EXIT_OK && !strcmp(cap.out, WITHOUT), "from-challenge: no Security-Server");
}

static void offered_wrong(void)
{
#define OFFER	"sa from-challenge peer 192.0.2.1 port 5060 register @/register"
	static const struct {
		const char *value;
		const char *err;
		int rc;
	} bad[] = {
		{ CLIENT("sipsec;ver=1;alg=aes-gmac"), "security-client: spi: missing",
		  EXIT_REFUSED },
		{ CLIENT("sipsec;ver=1;alg=aes-gmac;spi=ff"), "security-client: spi: 0 to 255",
		  EXIT_REFUSED },
		{ CLIENT("sipsec;ver=1;alg=rot13;spi=1000"), "no algorithm in common",
		  EXIT_NO_COMMON },
		{ CLIENT("sipsec;ver=1;alg=hmac-md5-96;spi=1000"), "no algorithm in common",
		  EXIT_NO_COMMON },
		{ CLIENT("sipsec;;ver=1"), "security-client: not well-formed", EXIT_REFUSED },
		{ "REGISTER sip:a SIP/2.0\r\nTo: <sip:a>\r\n\r\n", "security-client: missing",
		  EXIT_NO_COMMON },
		{ "REGISTER\r\n\r\n", "message: not well-formed", EXIT_REFUSED },
		{ "", "security-client: missing", EXIT_NO_COMMON },
	};
	size_t i;

	fake_reset();
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		make_file("register", bad[i].value);
		refuses(OFFER, WITH, bad[i].rc, bad[i].err);
	}
	make_file("register", CLIENT("sipsec;ver=1;alg=aes-gmac;spi=1000"));
	refuses(OFFER " spi-downlink 0x1000", WITH, EXIT_USAGE, "spi-downlink: comes from");
	refuses(OFFER " security-client sipsec", WITH, EXIT_USAGE, "security-client: register");
	refuses(OFFER, WITHOUT, EXIT_REFUSED, "ck: missing");
	refuses(OFFER " impi a\"b", WITH, EXIT_USAGE, "impi: must be");
	refuses(OFFER " impu mailto:a@b", WITH, EXIT_USAGE, "impu: ");
	make_file("register", "REGISTER sip:a SIP/2.0\r\nTo: <sip:a>\r\nAuthorization: Digest a\r\n"
		  "Security-Client: sipsec;ver=1;alg=aes-gmac;spi=1000\r\n\r\n");
	refuses(OFFER, WITH, EXIT_REFUSED, "impi: the username of Authorization cannot be read");
	make_file("register", CLIENT("sipsec;ver=1;alg=aes-gmac;spi=1000"));
	refuses(OFFER, MESSAGE(",ck=\"" CK "\",ik=\"" IK "\"", SERVER("aes-gmac", "1000")),
		EXIT_REFUSED, "security-server: there is one");
	ok(!fake->nr_sas && !fake->log[0], "from-challenge: nothing was made");
}

void test_from_challenge(void)
{
	works();
	fails();
	offered();
	offered_wrong();
}
