// SPDX-License-Identifier: GPL-2.0
/* Commands on SAs and listeners: what they print, and their exit status. */
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "msg.h"
#include "tap.h"
#include "tests.h"

#define KEY	"0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"

static void gives(const char *words, const char *input, const char *log)
{
	int rc;

	fake_clear_log();
	rc = run(words, input);
	if (!ok(rc == EXIT_OK && !cap.err[0] && !strcmp(fake->log, log), "%s", words))
		printf("# status %d\n# err %s\n# log %s\n", rc, cap.err, fake->log);
}

void test_commands(void)
{
	fake_reset();
	gives("sa add in spi 0x1000 dir uplink key-file -", KEY "\n", "sa-add in 0x00001000;");
	ok(fake->keys[0][0] == 1 && fake->keys[0][31] == 32, "sa add: the key of standard input");
	gives("sa add out spi 0x1000 peer ::1 port 5060 dir downlink key-file @/many#4", "",
	      "sa-add out 0x00001000 [::1]:5060;");
	ok(fake->keys[1][2] == 4, "sa add: the key of a line");
	gives("sa set in spi 4096 hard-seconds 5", "", "sa-set in 0x00001000;");
	gives("sa get in spi 4096", "", "");
	ok(strstr(cap.out, "type: in\nspi: 0x00001000\n") && strstr(cap.out, "hard-seconds: 5\n") &&
	   !strstr(cap.out, "01020304"), "sa get: what it prints");
	gives("sa list", "", "");
	ok(strstr(cap.out, "\nin   0x00001000 uplink   hmac-sha-256-128 ") &&
	   strstr(cap.out, "[::1]:5060\n"), "sa list: what it prints");
	gives("pair add in spi 0x3000 dir uplink key-file @/many#4 state temporary impi a@b "
	      "out spi 0x3001 peer ::1 port 5060 dir downlink key-file @/many#4", "",
	      "sa-add in 0x00003000;sa-add out 0x00003001 [::1]:5060;");
	gives("sa get in spi 0x3000", "", "");
	ok(strstr(cap.out, "state: temporary\nimpi: a@b\npair: 0x00003001\n"),
	   "pair add: what sa get prints");
	gives("sa list", "", "");
	ok(strstr(cap.out, " temporary   ") && strstr(cap.out, " (a@b)\n"),
	   "sa list: state and IMPI");
	gives("pair del in spi 0x3000", "", "sa-del in 0x00003000;");
	ok(!fake_sa(SIPSEC_SA_INBOUND, 0x3000) && !fake_sa(SIPSEC_SA_OUTBOUND, 0x3001),
	   "pair del: both");
	gives("listen add addr :: port 5060 dir uplink", "", "listener-add [::]:5060;");
	gives("listen set addr :: port 5060 preset open", "", "listener-set [::]:5060;");
	gives("listen list", "", "");
	ok(strstr(cap.out, "\nuplink   open "), "listen list: what it prints");
	gives("listen del addr :: port 5060", "", "listener-del [::]:5060;");

	refuses("sa add in spi 0x1000 dir uplink key-file -", KEY, EXIT_REFUSED,
		"sipsec: sa add: spi: in use\n");
	refuses("sa del in spi 0x1001", "", EXIT_REFUSED, "sipsec: sa del: spi: no such SA\n");
	refuses("sa add in spi 0x1001 dir uplink key-file -", KEY "00", EXIT_REFUSED, "key-file");
	refuses("sa add in spi 0x1001 dir uplink key-file -", "xx", EXIT_REFUSED, "key-file");
	refuses("sa add in spi 0x1001 dir uplink alg aes-gmac key-file -", KEY, EXIT_REFUSED,
		"32 octets, aes-gmac takes 20");
	refuses("sa add in spi 0x1001 dir uplink key-file @/none", "", EXIT_REFUSED,
		"No such file");
	refuses("sa add in spi 0x1001 dir uplink key-file 000102030405060708090a0b0c0d0e0f", "",
		EXIT_REFUSED, "the name of a file belongs here, not a key");
	ok(!strstr(cap.err, "0001"), "a key in the place of its file's name is not shown");
	refuses("sa add in spi 0x1001", "", EXIT_USAGE, "sipsec: sa add: dir: missing\n");
	refuses("pair add in spi 0x3000 dir uplink key-file @/many#4", "", EXIT_USAGE,
		"sipsec: pair add: out: missing");
	refuses("pair add out spi 0x3000 peer ::1 port 1 dir uplink key-file out", "", EXIT_USAGE,
		"sipsec: pair add: in: missing");
	refuses("pair add in spi 0x3000 dir uplink key-file out", "", EXIT_USAGE,
		"sipsec: pair add: out: missing");
	refuses("pair add in spi 0x3000 dir uplink key-file @/many#4 out spi 0x3001 peer ::1 "
		"port 5060 dir downlink key-file @/many#4 state old", "", EXIT_USAGE,
		"stand before out");
	refuses("pair add in spi 0x3000 dir uplink key-file - out spi 0x3001 peer ::1 port 5060 "
		"dir downlink key-file -", KEY "\n", EXIT_REFUSED,
		"standard input: has been read for something else");
	refuses("pair del in spi 0x1000", "", EXIT_REFUSED,
		"sipsec: pair del: pair: the SA has no partner");
	ok(run("complete listen add action", "") == EXIT_OK &&
	   strstr(cap.out, "unprotected=\n") && !strstr(cap.out, "verified=") &&
	   !strstr(cap.out, "annotate="), "completion: the classes that take an action");
	refuses("sa frob", "", EXIT_USAGE, "sipsec: sa: frob: unknown command");
	refuses("sa", "", EXIT_USAGE, "sipsec: sa: command: missing");
	refuses("frob", "", EXIT_USAGE, "sipsec: frob: unknown command");
	refuses("stats now", "", EXIT_USAGE, "sipsec: stats: now: unknown word");
	refuses("stats -j", "", EXIT_USAGE, "sipsec: stats: -j: options stand before the command");
	refuses("sa get in spi 0x1000 -j", "", EXIT_USAGE,
		"sipsec: sa get: -j: options stand before the command");
}
