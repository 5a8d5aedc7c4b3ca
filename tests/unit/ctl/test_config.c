// SPDX-License-Identifier: GPL-2.0
/* The reader of the configuration file. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "core/alg.h"
#include "fake.h"
#include "msg.h"
#include "tap.h"
#include "tests.h"

static char path[256];

static void write_file(const char *text, size_t len)
{
	FILE *f;

	snprintf(path, sizeof(path), "%s/conf", dir);
	f = fopen(path, "w");
	if (!f || fwrite(text, 1, len, f) != len || fclose(f))
		abort();
}

#define OUT	"sa out spi 0x1000 peer 192.0.2.1 dir downlink port "

static void reads(void)
{
	static const char text[] =
		"# a comment\n"
		"\n"
		"listen addr 0.0.0.0 port 5060 dir uplink preset strict # and another\n"
		"  listen addr :: port 5060 dir downlink\r\n"
		"sa in spi 0x1000 dir uplink key-file one.key\n"
		OUT "5060 key-file many#2\n"
		OUT "5061 key-file many#4 alg hmac-sha-256-128 compact on";
	struct keyring *keys = keyring_new();
	struct config c;
	struct sa sa = { .type = SIPSEC_SA_OUTBOUND, .spi = 0x1000, .port = 5061 };
	struct config_sa *found;

	write_file(text, sizeof(text) - 1);
	if (!ok(!config_read(&c, "load", path, keys), "config: is read"))
		return;
	ok(c.nr_listeners == 2 && c.nr_sas == 3, "config: all of it");
	ok(c.listeners[0].l.preset == SIPSEC_PRESET_STRICT && c.listeners[0].line == 3 &&
	   c.listeners[1].l.direction == SIPSEC_DIRECTION_DOWNLINK, "config: listeners");
	ok(c.listeners[0].l.max_size == 16384 && c.listeners[0].l.rate == 20 &&
	   c.listeners[0].l.actions.of[SIPSEC_CLASS_TRANSPORT] == SIPSEC_CLASS_ACTION_DROP &&
	   c.listeners[1].l.actions.of[SIPSEC_CLASS_TRANSPORT] == SIPSEC_CLASS_ACTION_ACCEPT,
	   "config: defaults of listeners");
	ok(c.sas[0].sa.window == 128 && c.sas[0].sa.alg == SIPSEC_ALG_HMAC_SHA256_128 &&
	   c.sas[0].sa.key[2] == 1 && c.sas[1].sa.key[2] == 3 && c.sas[2].sa.key[2] == 4,
	   "config: defaults and keys of SAs");
	addr_parse("192.0.2.1", &sa.addr);
	found = config_find_sa(&c, &sa);
	ok(found && found->line == 7, "config: an SA by its name");
	sa.port = 5062;
	ok(!config_find_sa(&c, &sa), "config: none by another");
	config_free(&c);
	keyring_free(keys);
}

static void many(void)
{
	struct keyring *keys = keyring_new();
	bool good = true;
	struct config c;
	unsigned int i;
	FILE *f;

	snprintf(path, sizeof(path), "%s/conf", dir);
	f = fopen(path, "w");
	for (i = 0; i < 10000; i++)
		fprintf(f, "sa in spi %u dir uplink key-file one.key\n", 256 + i * 7919);
	fclose(f);
	if (!ok(!config_read(&c, "load", path, keys), "config: many SAs"))
		return;
	for (i = 0; i < 10000; i++) {
		struct sa sa = { .spi = 256 + i * 7919 };
		const struct config_sa *s = config_find_sa(&c, &sa);

		good = good && s && s->line == i + 1;
	}
	ok(good, "config: each is found");
	config_free(&c);
	keyring_free(keys);
}

static void bad(const char *text, size_t len, const char *want)
{
	char err[512];

	write_file(text, len);
	fake_clear_log();
	snprintf(err, sizeof(err), "sipsec: load: %s:%s", path, want);
	refuses("load @/conf", "", EXIT_REFUSED, err);
	ok(!fake->log[0], "config: and nothing was done");
}

#define BAD(text, want)	bad(text, sizeof(text) - 1, want)
#define SA		"sa in spi 4096 dir uplink key-file one.key"

static void refused(void)
{
	char words[300];
	size_t i;

	BAD("\nfoo bar\n", "2: foo: unknown word: a line begins with listen or sa");
	BAD("listen addr :: port 5060\n", "1: listen: dir: missing");
	BAD("listen addr :: port 5060 dir uplink foo 3\n", "1: listen: foo: unknown word");
	BAD(SA "\n" SA "\n", "2: sa: in 0x00001000: is on line 1 already");
	BAD("listen addr :: port 1 dir uplink\n\nlisten addr 0::0 port 1 dir downlink\n",
	    "3: listen: [::]:1: is on line 1 already");
	BAD(SA " mark 3", "1: sa: mark: not of an inbound SA");
	BAD("sa in spi 255 dir uplink key-file one.key", "1: sa: spi: 0 to 255 are reserved");
	BAD(SA " window 31", "1: sa: window: must be 0 or 32 to 4096");
	BAD(SA " window 4097", "1: sa: window: must be 0 or 32 to 4096");
	BAD(SA " port 3", "1: sa: port: needs an address");
	BAD("sa in spi 4096 dir uplink key-file -", "1: sa: key-file: must be a file, in a file");
	BAD("sa in spi 4096 dir uplink key-file none", "1: key-file: ");
	BAD("sa in spi 4096 dir uplink key-file many", "1: key-file: ");
	BAD("sa in spi 4096 dir uplink key-file many#1", "1: key-file: ");
	BAD("sa in spi 4096 dir uplink key-file many#3", "1: key-file: ");
	BAD("sa in spi 4096 dir uplink key-file many#5", "1: key-file: ");
	BAD("sa in spi 4096 dir uplink key-file short.key",
	    "1: key-file: short.key: 16 octets, hmac-sha-256-128 takes 32");
	BAD("sa in spi 4096 dir uplink key-file short.key alg uia2 seq 4294967296",
	    "1: sa: seq: above the algorithm's last");
	BAD("sa out spi 4096 peer ::1 port 1 dir uplink key-file one.key seq 0",
	    "1: sa: seq: 0 is never sent");
	BAD("sa in spi 4096 dir uplink key 00ff", "1: sa: key: a key is read from a file");
	BAD("sa\0in", "1: NUL: no text file");
	memset(words, ' ', sizeof(words));
	memcpy(words, "sa", 2);
	for (i = 3; i < sizeof(words); i += 2)
		words[i] = 'x';
	BAD(words, "1: sa: too many words");
	refuses("load @/nothing", "", EXIT_REFUSED, "nothing: No such file");
	refuses("load", "", EXIT_USAGE, "file: missing");
	refuses("load a b", "", EXIT_USAGE, "b: unknown word");
}

/* A word may begin with "#", and save writes it so. */
static void hash(void)
{
	static const char text[] = SA " state temporary impi \\#1@home.example # told\n";

	fake_reset();
	write_file(text, sizeof(text) - 1);
	ok(run("load @/conf", "") == EXIT_OK &&
	   !strcmp(fake_sa(SIPSEC_SA_INBOUND, 4096)->impi, "#1@home.example"),
	   "config: a word that begins with #");
	ok(run("save", "") == EXIT_OK && strstr(cap.out, " impi \\#1@home.example"),
	   "save: the same");
}

/* The clock of a host without a battery: seqs of a key would come again. */
static void clock_lost(void)
{
	static const char gmac[] = OUT "5060 alg aes-gmac key-file gmac.key\n"
				   "listen addr 0.0.0.0 port 5060 dir uplink\n",
			  hmac[] = OUT "5060 key-file one.key\n",
			  with_seq[] = OUT "5060 alg aes-gmac key-file gmac.key seq 9\n";
	struct {
		const char *text;
		bool refused;
	} cases[] = { { gmac, true }, { hmac, false }, { with_seq, false } };
	const struct timespec future[2] = { { .tv_sec = time(NULL) + 1000 },
					    { .tv_sec = time(NULL) + 1000 } };
	unsigned int i;

	for (i = 0; i < 3; i++) {
		fake_reset();
		write_file(cases[i].text, strlen(cases[i].text));
		if (utimensat(AT_FDCWD, path, future, 0))
			abort();
		if (cases[i].refused)
			/* that SA alone: the host is not left open for it */
			ok(run("load @/conf", "") == EXIT_REFUSED && !fake->nr_sas &&
			   fake->nr_listeners == 1 &&
			   strstr(cap.err, ":1: sa out 0x00001000 192.0.2.1:5060: "
				  "seq: must be given: the clock is before the file's time"),
			   "config: the clock is lost");
		else
			ok(run("load @/conf", "") == EXIT_OK, "config: the clock is no matter");
	}
	write_file(gmac, strlen(gmac));
	fake_reset();
	ok(run("load @/conf", "") == EXIT_OK, "config: the clock is right");
}

void test_config(void)
{
	reads();
	hash();
	clock_lost();
	many();
	refused();
}
