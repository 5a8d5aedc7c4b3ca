// SPDX-License-Identifier: GPL-2.0
/* sa from-challenge: both SAs or none, and the message without its keys. */
#include <stdio.h>
#include <string.h>

#include "aka/aka.h"
#include "fake.h"
#include "hex.h"
#include "msg.h"
#include "tap.h"
#include "tests.h"

#define CK	"b40ba9a3c58b2a05bbf0d987b21bf8cb"
#define IK	"f769bcd751044604127672711c6d3441"
#define MESSAGE(keys)	\
	"SIP/2.0 401 Unauthorized\r\n" \
	"Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n" \
	"From: <sip:a@ims.example>;tag=1\r\n" \
	"To: <sip:a@ims.example>;tag=2\r\n" \
	"Call-ID: c\r\n" \
	"CSeq: 1 REGISTER\r\n" \
	"WWW-Authenticate: Digest realm=\"ims.example\"," \
	"nonce=\"I1U8vpY3qJ0hihrk2uR7vzVf8zS0NXe5uUqf/6w1TfoAAA==\"," \
	"algorithm=AKAv1-MD5" keys "\r\n" \
	"Content-Length: 0\r\n\r\n"
#define WITH	MESSAGE(",ck=\"" CK "\",ik=\"" IK "\"")
#define WITHOUT	MESSAGE("")
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
	if (!ok(rc == EXIT_OK && !strcmp(cap.out, WITHOUT),
		"from-challenge: the message without keys"))
		printf("# status %d\n# out %s\n# err %s\n", rc, cap.out, cap.err);
	ok(!strcmp(cap.err, "spi-uplink 0x00001000 spi-downlink 0x00002000\n"),
	   "from-challenge: the SPIs");
	up = fake_sa(SIPSEC_SA_INBOUND, 0x1000);
	down = fake_sa(SIPSEC_SA_OUTBOUND, 0x2000);
	ok(up && up->direction == SIPSEC_DIRECTION_UPLINK && up->hard_seconds == 240 &&
	   !up->addr.len && !sa_has(up, SIPSEC_A_SA_SEQ) && key_is(0, 0, 0x1000),
	   "from-challenge: the uplink SA");
	ok(down && down->direction == SIPSEC_DIRECTION_DOWNLINK && down->seq == 1 &&
	   down->hard_seconds == 240 && down->port == 5060 && key_is(1, 1, 0x2000),
	   "from-challenge: the downlink SA");

	fake_reset();
	fake->in_use = 3;
	rc = run(WORDS " hard-seconds 30 bind on", WITH);
	up = &fake->sas[0];
	ok(rc == EXIT_OK && fake->nr_sas == 2 && up->spi > 255 && up->hard_seconds == 30 &&
	   up->addr.len == 4 && !up->port && key_is(0, 0, up->spi),
	   "from-challenge: an SPI is drawn until one is free");
}

static void fails(void)
{
	fake_reset();
	fake->refuse_spi = 0x2000;
	refuses(WORDS " spi-uplink 0x1000", WITH, EXIT_REFUSED, "downlink: key: used before");
	ok(!fake->nr_sas && strstr(fake->log, "sa-del in 0x00001000;"),
	   "from-challenge: the first SA goes with the second");
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

void test_from_challenge(void)
{
	works();
	fails();
}
