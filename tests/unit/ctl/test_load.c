// SPDX-License-Identifier: GPL-2.0
/* load and save against the faked kernel: what is sent for what differs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fake.h"
#include "msg.h"
#include "tap.h"
#include "tests.h"

static void loads(const char *text, const char *want_out, const char *want_log)
{
	const int rc = run("load -", text);

	if (!ok(rc == EXIT_OK && !strncmp(cap.out, want_out, strlen(want_out)) &&
		!strcmp(fake->log, want_log), "load: %s", want_log[0] ? want_log : "nothing"))
		printf("# status %d\n# out %s\n# err %s\n# log %s\n", rc, cap.out, cap.err,
		       fake->log);
	fake_clear_log();
}

/* With the absolute names of the key files, since it comes from standard input. */
static const char *conf(const char *fmt)
{
	static char text[4096];
	size_t n = 0;

	for (; *fmt && n < sizeof(text) - 300; fmt++) {
		if (*fmt == '@')
			n += sprintf(text + n, "%s", dir);
		else
			text[n++] = *fmt;
	}
	text[n] = '\0';
	return text;
}

#define COUNTS(a, r, c, d, u) \
	#a " added, " #r " replaced, " #c " changed, " #d " deleted, " #u " unchanged\n"
#define SAS(a, r, c, d, u)	"sa: " COUNTS(a, r, c, d, u)
#define LISTENERS(a, r, c, d, u)	"listen: " COUNTS(a, r, c, d, u)
#define LISTEN	"listen addr 0.0.0.0 port 5060 dir uplink"
#define IN	"sa in spi 0x1000 dir uplink key-file @/one.key"
#define IN_TWO	"sa in spi 0x1000 dir uplink key-file @/two.key"
#define OUT	"sa out spi 0x1000 peer 192.0.2.1 port 5060 dir downlink key-file @/two.key"
#define OUT_UP	"sa out spi 0x1000 peer 192.0.2.1 port 5060 dir uplink key-file @/two.key seq 9"
#define IN_2000	"sa in spi 0x2000 dir uplink key-file @/one.key"
#define LISTEN_DOWN	"listen addr 0.0.0.0 port 5060 dir downlink"
#define SET_IN	"sa-set in 0x00001000;"
#define SET_OUT	"sa-set out 0x00001000 192.0.2.1:5060;"
#define ADD_IN	"sa-add in 0x00001000;"
#define ADD_OUT	"sa-add out 0x00001000 192.0.2.1:5060;"

static void changes(void)
{
	const struct sa *sa;
	uint64_t seq;

	fake_reset();
	loads(conf(LISTEN "\n" IN "\n" OUT "\n"),
	      SAS(2, 0, 0, 0, 0)
	      LISTENERS(1, 0, 0, 0, 0),
	      ADD_IN ADD_OUT "listener-add 0.0.0.0:5060;");
	sa = fake_sa(SIPSEC_SA_OUTBOUND, 0x1000);
	seq = time(NULL);
	ok(sa && sa->seq >= (seq - 60) << 24 && sa->seq <= seq << 24,
	   "load: an outbound SA begins at UNIX time * 2^24");
	sa = fake_sa(SIPSEC_SA_INBOUND, 0x1000);
	ok(sa && !sa_has(sa, SIPSEC_A_SA_SEQ), "load: an inbound seq is left to the kernel");
	loads(conf(LISTEN "\n" IN "\n" OUT "\n"),
	      SAS(0, 0, 0, 0, 2)
	      LISTENERS(0, 0, 0, 0, 1), "");
	loads(conf(LISTEN " stun on action replay=answer\n"
		   IN " hard-seconds 60\n" OUT " mark 0x10\n"),
	      SAS(0, 0, 2, 0, 0)
	      LISTENERS(0, 0, 1, 0, 0),
	      SET_IN SET_OUT "listener-set 0.0.0.0:5060;");
	sa = fake_sa(SIPSEC_SA_INBOUND, 0x1000);
	ok(sa && sa->hard_seconds == 60 && fake->listeners[0].stun &&
	   fake->listeners[0].actions.of[SIPSEC_CLASS_REPLAY] == SIPSEC_CLASS_ACTION_ANSWER,
	   "load: what was set");
	/* Back to the defaults. */
	loads(conf(LISTEN "\n" IN "\n" OUT "\n"),
	      SAS(0, 0, 2, 0, 0),
	      SET_IN SET_OUT "listener-set 0.0.0.0:5060;");
	sa = fake_sa(SIPSEC_SA_INBOUND, 0x1000);
	ok(sa && !sa->hard_seconds && !fake->listeners[0].stun, "load: and is not any more");

	/* Another key is a new SA; its seq begins anew. */
	fake->sas[0].seq = 77;
	loads(conf(LISTEN "\n" IN_TWO "\n" OUT "\n"),
	      SAS(0, 1, 0, 0, 1),
	      "sa-replace in 0x00001000;");
	sa = fake_sa(SIPSEC_SA_INBOUND, 0x1000);
	ok(sa && !sa_has(sa, SIPSEC_A_SA_SEQ), "load: another key, seq anew");

	/* The same key and another window: replaced, and it goes on where it was. */
	fake->sas[0].seq = 88;
	loads(conf(LISTEN "\n" IN_TWO " window 256 seq 5\n" OUT "\n"),
	      SAS(0, 1, 0, 0, 1),
	      "sa-replace in 0x00001000;");
	sa = fake_sa(SIPSEC_SA_INBOUND, 0x1000);
	ok(sa && sa->seq == 88 && sa->window == 256, "load: the same key, seq goes on");

	/* seq only forward */
	loads(conf(LISTEN "\n" IN_TWO " window 256 seq 87\n" OUT "\n"),
	      SAS(0, 0, 0, 0, 2), "");
	loads(conf(LISTEN "\n" IN_TWO " window 256 seq 89\n" OUT "\n"),
	      SAS(0, 0, 1, 0, 1),
	      "sa-set in 0x00001000;");
	sa = fake_sa(SIPSEC_SA_INBOUND, 0x1000);
	ok(sa && sa->seq == 89, "load: seq ahead of the kernel's is set");

	/* Outbound, the same key, other direction: above all that was sent. */
	seq = fake_sa(SIPSEC_SA_OUTBOUND, 0x1000)->seq;
	loads(conf(LISTEN "\n" IN_TWO " window 256\n" OUT_UP "\n"),
	      SAS(0, 1, 0, 0, 1),
	      "sa-replace out 0x00001000 192.0.2.1:5060;");
	ok(fake_sa(SIPSEC_SA_OUTBOUND, 0x1000)->seq > seq, "load: outbound seq goes on ahead");

	/* What is not in the file goes last; a listener of other direction is made again. */
	loads(conf(LISTEN_DOWN "\n" IN_2000 "\n"),
	      SAS(1, 0, 0, 2, 0)
	      LISTENERS(0, 1, 0, 0, 0),
	      "sa-add in 0x00002000;listener-replace 0.0.0.0:5060;"
	      "sa-del in 0x00001000;sa-del out 0x00001000 192.0.2.1:5060;");
	loads("# nothing\n",
	      SAS(0, 0, 0, 1, 0)
	      LISTENERS(0, 0, 0, 1, 0),
	      "sa-del in 0x00002000;listener-del 0.0.0.0:5060;");
}

static void annotation(void)
{
	const struct listener *l;

	fake_reset();
	loads(LISTEN " annotate on word Trusted-1 monitor on notify on emergencies 64\n",
	      SAS(0, 0, 0, 0, 0) LISTENERS(1, 0, 0, 0, 0), "listener-add 0.0.0.0:5060;");
	l = &fake->listeners[0];
	ok(l->annotate && l->monitor && l->notify && l->emergencies == 64 &&
	   !strcmp(l->word, "Trusted-1"), "load: annotation, monitor mode, notification");
	/* A word that is not in the file may stay what it is. */
	loads(LISTEN " annotate on monitor on notify on emergencies 64\n",
	      SAS(0, 0, 0, 0, 0) LISTENERS(0, 0, 0, 0, 1), "");
	loads(LISTEN " annotate on word other-one emergencies 64\n",
	      SAS(0, 0, 0, 0, 0) LISTENERS(0, 0, 1, 0, 0), "listener-set 0.0.0.0:5060;");
	ok(l->annotate && !l->monitor && !l->notify && !strcmp(l->word, "other-one"),
	   "load: another word, the rest off");
	ok(run("save", "") == EXIT_OK &&
	   strstr(cap.out, " annotate on word other-one emergencies 64\n"), "save: with its word");
	loads(LISTEN " annotate on emergencies 65\n",
	      SAS(0, 0, 0, 0, 0) LISTENERS(0, 1, 0, 0, 0), "listener-replace 0.0.0.0:5060;");
	ok(l->annotate && l->emergencies == 65 && !strcmp(l->word, "other-one"),
	   "load: another memory, the same word");
}

static void binding(void)
{
	fake_reset();
	loads(conf(IN " addr 192.0.2.9 port 5060\n"), "sa: 1 added", "sa-add in 0x00001000;");
	loads(conf(IN " addr 192.0.2.8 port 5060\n"), "sa: 0 added, 0 replaced, 1 changed",
	      "sa-set in 0x00001000;");
	loads(conf(IN " addr 192.0.2.8\n"), "sa: 0 added, 0 replaced, 1 changed", SET_IN);
	ok(!fake->sas[0].port && fake->sas[0].addr.len, "load: the port is not bound any more");
	loads(conf(IN "\n"), "sa: 0 added, 0 replaced, 1 changed", SET_IN);
	ok(!fake->sas[0].addr.len, "load: nor the address");
	loads(conf(IN "\n"), "sa: 0 added, 0 replaced, 0 changed, 0 deleted, 1 unchanged", "");
	loads(conf(IN " addr ::1\n"), "sa: 0 added, 0 replaced, 1 changed", SET_IN);
}

#define REFUSAL	\
	"standard input:46: sa in 0x0000012c: key: used before, so seq must be given"

static void refusals(void)
{
	static char text[65536];
	unsigned int i;
	size_t n = 0;
	int rc;

	/* The refused one's batch is done, and no SA after it; listeners are: they drop. */
	fake_reset();
	fake->refuse_spi = 300;
	n += sprintf(text, LISTEN "\n");
	for (i = 256; i < 556; i++)
		n += sprintf(text + n, "sa in spi %u dir uplink key-file %s/one.key\n", i, dir);
	rc = run("load -", text);
	ok(rc == EXIT_REFUSED &&
	   !strcmp(cap.err, "sipsec: load: " REFUSAL "\n"),
	   "load: a refusal names the line");
	ok(fake->nr_sas == 127 && fake->nr_listeners == 1 &&
	   !strncmp(cap.out, "sa: 127 added, 0 replaced, ", 27) && strstr(cap.out, ", 1 refused"),
	   "load: what was done is told");
	fake->refuse_spi = 0;
	rc = run("load -", text);
	ok(rc == EXIT_OK && fake->nr_sas == 300 && fake->nr_listeners == 1 &&
	   !strncmp(cap.out, SAS(173, 0, 0, 0, 127), 60),
	   "load: again, and the rest is done");
	rc = run("load -", text);
	ok(rc == EXIT_OK && strstr(cap.out, "300 unchanged"), "load: and again, nothing");
}

/* Without a listener what comes is let in: those that can be made are made. */
static void refused_listeners(void)
{
	static char text[65536];
	unsigned int i;
	size_t n = 0;

	fake_reset();
	fake->refuse_port = 1003;
	for (i = 1000; i < 1300; i++)
		n += sprintf(text + n, "listen addr 0.0.0.0 port %u dir uplink\n", i);
	ok(run("load -", text) == EXIT_REFUSED && fake->nr_listeners == 299 &&
	   strstr(cap.err, "standard input:4: listen 0.0.0.0:1003: max-size: 256") &&
	   strstr(cap.out, "listen: 299 added, ") && strstr(cap.out, ", 1 refused"),
	   "load: after a listener that is refused the others are made");

	fake_reset();
	loads(conf(IN "\n"), "sa: 1 added", ADD_IN);
	fake->refuse_key_id = true;
	ok(run("load -", conf(LISTEN "\n" IN_2000 "\n" IN "\n")) == EXIT_REFUSED &&
	   fake->nr_listeners == 1 && fake->nr_sas == 1 && strstr(cap.err, "alg: not allowed"),
	   "load: nor does a key without an id keep a listener from being made");
}

#define SAVED	\
	"# Written by sipsec save.  Keys are not here: see sipsec(8), save.\n" \
	LISTEN " preset strict rate 7 action replay=answer,bad-mac=accept\n" \
	"sa in spi 0x00001000 addr 2001:db8::1 port 5062 dir uplink alg hmac-sha-256-128 " \
	"key-file K/in-00001000.key seq 57 hard-seconds 600\n" \
	"sa out spi 0x00001000 peer 192.0.2.1 port 5060 dir downlink alg hmac-sha-256-128 " \
	"key-file K/out-00001000-192.0.2.1-5060.key compact on\n"

#define TEMPORARY	" state temporary impi user1 impu sip:user1"
#define OUT_PAIR	OUT " pair 0x1000"

/* What the file does not say of a pair stays; a state only goes on. */
static void pairs(void)
{
	fake_reset();
	/* the inbound one first, since the other joins it */
	loads(conf(OUT_PAIR "\n" IN TEMPORARY "\n"), SAS(2, 0, 0, 0, 0), ADD_IN ADD_OUT);
	ok(!strcmp(fake_sa(SIPSEC_SA_INBOUND, 0x1000)->impi, "user1") &&
	   fake_sa(SIPSEC_SA_OUTBOUND, 0x1000)->pair == 0x1000, "load: a pair");
	loads(conf(IN "\n" OUT_PAIR "\n"), SAS(0, 0, 0, 0, 2), "");
	loads(conf(IN "\n" OUT "\n"), SAS(0, 0, 0, 0, 2), "");
	loads(conf(IN " state established\n" OUT_PAIR "\n"), SAS(0, 0, 1, 0, 1), SET_IN);
	ok(fake_sa(SIPSEC_SA_INBOUND, 0x1000)->state == SIPSEC_SA_STATE_ESTABLISHED,
	   "load: established");
	/* back is only by another SA, which its partner has to join */
	loads(conf(IN " state temporary\n" OUT_PAIR "\n"), SAS(0, 2, 0, 0, 0),
	      "sa-replace in 0x00001000;sa-replace out 0x00001000 192.0.2.1:5060;");
	loads(conf(IN " impi other\n" OUT "\n"), SAS(0, 1, 0, 0, 1), "sa-replace in 0x00001000;");
	/* with another key, too */
	loads(conf(IN_TWO " impi third\n" OUT_PAIR "\n"), SAS(0, 2, 0, 0, 0),
	      "sa-replace in 0x00001000;sa-replace out 0x00001000 192.0.2.1:5060;");
	loads(conf(IN_TWO " impi third\n" OUT_PAIR "\n"), SAS(0, 0, 0, 0, 2), "");
	/* the key alone: it stays in its pair */
	loads(conf(IN " impi third\n" OUT_PAIR "\n"), SAS(0, 1, 0, 0, 1),
	      "sa-replace in 0x00001000;");
	refuses("load -", conf(OUT_PAIR " impu sip:user1\n"), EXIT_REFUSED,
		"impu: given with the inbound SA");
	refuses("load -", conf(IN " temporary-seconds 0\n"), EXIT_REFUSED,
		"temporary-seconds: at least 1");

	fake_reset();
	loads(conf(IN TEMPORARY " drain 60\n" OUT_PAIR "\n"), SAS(2, 0, 0, 0, 0), ADD_IN ADD_OUT);
	ok(run("save", "") == EXIT_OK &&
	   strstr(cap.out, ".key seq 0 state temporary impi user1 drain 60\n") &&
	   strstr(cap.out, "-192.0.2.1-5060.key pair 0x00001000\n"), "save: a pair");
	fake->sas[0].expired = 1;
	ok(run("save", "") == EXIT_OK && !strstr(cap.out, " pair 0x") &&
	   strstr(cap.out, "-192.0.2.1-5060.key\n"),
	   "save: one whose partner has expired stands by itself");
}

static void saves(void)
{
	fake_reset();
	loads(conf(LISTEN " preset strict rate 7 action replay=answer,bad-mac=accept\n"
		   IN " seq 57 hard-seconds 600 addr 2001:db8::1 port 5062\n" OUT " compact on\n"),
	      "sa: 2 added",
	      ADD_IN ADD_OUT "listener-add 0.0.0.0:5060;");
	if (!ok(run("save key-dir K", "") == EXIT_OK && !strcmp(cap.out, SAVED), "save: all of it"))
		printf("# got %s\n", cap.out);

	fake->sas[1].seq = UINT64_MAX - 5;
	ok(run("save", "") == EXIT_OK && strstr(cap.out, "seq 18446744073709551610") &&
	   strstr(cap.out, "/etc/sipsec/keys/in-00001000.key"),
	   "save: an outbound seq above UNIX time * 2^24");
	fake->sas[0].expired = 1;
	fake->sas[1].seq = 0;
	ok(run("save", "") == EXIT_OK && strstr(cap.out, "\n# expired: sa in") &&
	   strstr(cap.out, "\n# used up: sa out"), "save: what has ended is a comment");
	refuses("save foo", "", EXIT_USAGE, "foo: unknown word");
	refuses("save key-dir", "", EXIT_USAGE, "key-dir: its value is missing");
	refuses("save key-dir a\tb", "", EXIT_USAGE, "key-dir: must not be empty, nor have white");
}

void test_load(void)
{
	changes();
	annotation();
	binding();
	refusals();
	refused_listeners();
	pairs();
	saves();
}
