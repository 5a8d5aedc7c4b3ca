// SPDX-License-Identifier: GPL-2.0
/* The words of the command line: what is taken, and what is refused and how. */
#include <stdio.h>
#include <string.h>

#include "core/alg.h"
#include "listener.h"
#include "pair.h"
#include "sa.h"
#include "tap.h"
#include "tests.h"

#define MAX_WORDS	64

static char error[WORD_ERROR_MAX];

static int parse(const struct grammar *g, unsigned int use, const char *words, void *object)
{
	static char text[1024];
	char *argv[MAX_WORDS], *save = NULL, *word;
	int n = 0;

	snprintf(text, sizeof(text), "%s", words);
	for (word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save))
		argv[n++] = word;
	error[0] = '\0';
	return words_parse(g, use, n, argv, object, error);
}

static void bad_sa(unsigned int use, const char *words, const char *want)
{
	struct sa sa = { 0 };

	if (!ok(parse(&sa_grammar, use, words, &sa) < 0 && !strcmp(error, want),
		"words: %s: %s", words, want))
		printf("# got %s\n", error);
}

static void bad_listener(unsigned int use, const char *words, const char *want)
{
	struct listener l = { 0 };

	if (!ok(parse(&listener_grammar, use, words, &l) < 0 && !strcmp(error, want),
		"words: %s: %s", words, want))
		printf("# got %s\n", error);
}

#define IN	"in spi 4096 dir uplink key-file F"
#define OUT	"out spi 4096 peer 192.0.2.1 port 5060 dir downlink key-file F"

static void takes(void)
{
	struct texts impus = { 0 };
	struct listener l = { 0 };
	char text[WORD_TEXT_MAX];
	struct sa sa = { 0 };

	ok(!parse(&sa_grammar, USE_ADD,
		  IN " addr 2001:db8::1 port 5060 window 64 seq 0x10 budget 7", &sa),
	   "words: an inbound SA");
	ok(sa.type == SIPSEC_SA_INBOUND && sa.spi == 4096 && sa.addr.len == 16 &&
	   sa.port == 5060 && sa.window == 64 && sa.seq == 16 && sa.budget == 7 &&
	   !strcmp(sa.key_file, "F") && !sa_has(&sa, SIPSEC_A_SA_ALG), "words: its values");

	memset(&sa, 0, sizeof(sa));
	ok(!parse(&sa_grammar, USE_ADD, "compact on mark 0xff alg AES-GMAC " OUT, &sa),
	   "words: an outbound SA, words in any order");
	ok(sa.type == SIPSEC_SA_OUTBOUND && sa.compact && sa.mark == 255 &&
	   sa.alg == SIPSEC_ALG_AES_GMAC && sa.direction == SIPSEC_DIRECTION_DOWNLINK,
	   "words: its values");

	memset(&sa, 0, sizeof(sa));
	ok(!parse(&sa_grammar, USE_NAME, "out spi 0xffffffff addr ::1 port 1", &sa) &&
	   sa.spi == 0xffffffff, "words: addr for peer");
	memset(&sa, 0, sizeof(sa));
	ok(!parse(&sa_grammar, USE_FILTER, "", &sa) && !sa.has, "words: a filter for all");
	memset(&sa, 0, sizeof(sa));
	ok(!parse(&sa_grammar, USE_FILTER, "dir uplink mark 3", &sa), "words: a filter");
	memset(&sa, 0, sizeof(sa));
	ok(!parse(&sa_grammar, USE_SET, "in spi 256 seq 18446744073709551615", &sa) &&
	   sa.seq == UINT64_MAX, "words: set");

	memset(&sa, 0, sizeof(sa));
	sa.impus = &impus;
	ok(!parse(&sa_grammar, USE_ADD, IN " state temporary impi a@b impu sip:a@b drain 60 "
		  "impu tel:+1,2 temporary-seconds 9", &sa) &&
	   sa.state == SIPSEC_SA_STATE_TEMPORARY && !strcmp(sa.impi, "a@b") && impus.nr == 2 &&
	   !strcmp(impus.of[1], "tel:+1,2") && sa.drain == 60 && sa.temporary_seconds == 9,
	   "words: state and identities");
	ok(!strcmp(word_text(word_find(&sa_grammar, "impu"), &sa, text), "sip:a@b tel:+1,2"),
	   "words: all of impu");
	memset(&sa, 0, sizeof(sa));
	ok(!parse(&sa_grammar, USE_ADD, OUT " pair 0x1000", &sa) && sa.pair == 4096,
	   "words: the partner");
	memset(&sa, 0, sizeof(sa));
	ok(!parse(&sa_grammar, USE_FILTER, "state old impi a pair 256", &sa) &&
	   sa.state == SIPSEC_SA_STATE_OLD, "words: a filter by state, IMPI and partner");
	memset(&sa, 0, sizeof(sa));
	ok(!parse(&sa_grammar, USE_NAME | USE_DEL, "in spi 256 pair 257", &sa) && sa.pair == 257,
	   "words: del with the partner");
	memset(&sa, 0, sizeof(sa));
	ok(!parse(&sa_grammar, USE_SET, "in spi 256 state established", &sa) &&
	   sa.state == SIPSEC_SA_STATE_ESTABLISHED, "words: set of the state");

	ok(!parse(&listener_grammar, USE_ADD,
		  "addr :: port 5060 dir uplink action unknown-spi=answer,bad-mac=accept", &l),
	   "words: a listener");
	ok(!strcmp(word_text(word_find(&listener_grammar, "action"), &l, text),
		   "unknown-spi=answer,bad-mac=accept"), "words: actions as they were typed");
}

static void refused_values(void)
{
	static const char number[] = "must be a number up to 0xffffffff, hexadecimal behind 0x";
	char want[WORD_ERROR_MAX], identity[512];

	snprintf(want, sizeof(want), "spi: %s", number);
	bad_sa(USE_NAME, "in spi 4f1a22c0", want);
	bad_sa(USE_NAME, "in spi 0x", want);
	bad_sa(USE_NAME, "in spi -1", want);
	bad_sa(USE_NAME, "in spi 4294967296", want);
	bad_sa(USE_NAME, "in spi 0x100000000", want);
	bad_sa(USE_ADD, IN " port 0", "port: must be 1 to 65535");
	bad_sa(USE_ADD, IN " port 65536", "port: must be 1 to 65535");
	bad_sa(USE_ADD, IN " window 4294967296", "window: must be a number up to 4294967295");
	bad_sa(USE_ADD, IN " addr 1.2.3", "addr: must be an IPv4 or IPv6 address");
	bad_sa(USE_ADD, IN " addr fe80::1%eth0", "addr: must be an IPv4 or IPv6 address");
	bad_sa(USE_ADD, IN " seq 18446744073709551616",
	       "seq: must be a number up to 18446744073709551615");
	bad_sa(USE_ADD, IN " alg md5", "alg: no such algorithm");
	snprintf(identity, sizeof(identity), IN " impi %0*d", SIPSEC_IDENTITY_MAX + 1, 0);
	bad_sa(USE_ADD, identity, "impi: must be 255 octets at most");
	bad_sa(USE_ADD, "in spi 4096 dir up", "dir: must be uplink|downlink");
	bad_sa(USE_ADD, OUT " compact yes", "compact: must be on or off");
	bad_listener(USE_ADD, "word 1234abcd",
		     "word: must be 8 to 16 token characters, one of them no hex digit");
	bad_listener(USE_ADD, "word 0123456789abcdefg",
		     "word: must be 8 to 16 token characters, one of them no hex digit");
	bad_listener(USE_ADD, "annotate yes", "annotate: must be on or off");
	bad_listener(USE_SET, "addr :: port 1 emergencies 64",
		     "emergencies: not a word of this command");
	bad_listener(USE_ADD, "action foo=drop", "action: unknown class");
	bad_listener(USE_ADD, "action replay=eat", "action: an action is drop, accept or answer");
	bad_listener(USE_ADD, "action replay", "action: must be CLASS=ACTION,...");
	bad_listener(USE_ADD, "action replay=drop,", "action: must be CLASS=ACTION,...");
	bad_listener(USE_ADD, "action replay=drop,replay=drop",
		     "action: a class is given twice");
}

static void refused_words(void)
{
	bad_sa(USE_ADD, "", "in or out: missing");
	bad_sa(USE_ADD, "in", "spi: missing");
	bad_sa(USE_ADD, "in spi 4096", "dir: missing");
	bad_sa(USE_ADD, "in spi 4096 dir uplink", "key-file: missing");
	bad_sa(USE_ADD, "out spi 4096 dir uplink key-file F", "peer: missing");
	bad_sa(USE_ADD, "out spi 4096 peer ::1 dir uplink key-file F", "port: missing");
	bad_sa(USE_NAME, "out spi 4096 peer ::1", "port: missing");
	bad_sa(USE_ADD, IN " spi 4096", "spi: given twice");
	bad_sa(USE_ADD, IN " addr ::1 peer ::1", "peer: given twice");
	bad_sa(USE_ADD, IN " out", "out: in or out, once");
	bad_sa(USE_ADD, IN " seq", "seq: its value is missing");
	bad_sa(USE_ADD, IN " compact on", "compact: not of an inbound SA");
	bad_sa(USE_ADD, IN " mark 1", "mark: not of an inbound SA");
	bad_sa(USE_ADD, OUT " window 64", "window: not of an outbound SA");
	bad_sa(USE_ADD, IN " frobnicate 1", "frobnicate: unknown word");
	bad_sa(USE_ADD, "in spi 4096 dir uplink key 00",
	       "key: a key is read from a file or standard input: key-file FILE|-");
	bad_sa(USE_ADD, IN " 00112233445566778899aabbccddeeff",
	       "(a key?): unknown word");
	bad_sa(USE_ADD, IN " age 3", "age: cannot be set");
	bad_sa(USE_ADD, IN " key-id 3", "key-id: cannot be set");
	bad_sa(USE_ADD, IN " state new", "state: must be temporary|established|old");
	bad_sa(USE_ADD, IN " impi a impi b", "impi: given twice");
	bad_sa(USE_ADD, IN " pair 4097", "pair: not of an inbound SA");
	bad_sa(USE_ADD, IN " drain -1", "drain: must be a number up to 4294967295");
	bad_sa(USE_NAME, "in spi 4096 pair 4097", "pair: not a word of this command");
	bad_sa(USE_SET, "in spi 4096 impi a", "impi: not a word of this command");
	bad_sa(USE_FILTER, "drain 3", "drain: not a word of this command");
	bad_sa(USE_SET, "in spi 4096", "nothing to set");
	bad_sa(USE_SET, "in spi 4096 window 64", "window: not a word of this command");
	bad_sa(USE_SET, "in spi 4096 key-file F", "key-file: not a word of this command");
	bad_sa(USE_NAME, "in spi 4096 seq 3", "seq: not a word of this command");
	bad_sa(USE_FILTER, "seq 3", "seq: not a word of this command");
	bad_listener(USE_ADD, "port 5060 dir uplink", "addr: missing");
	bad_listener(USE_SET, "addr ::1 port 5060", "nothing to set");
	bad_listener(USE_SET, "addr ::1 port 5060 dir uplink", "dir: not a word of this command");
}

/* Whatever save writes of an object is read back as the same. */
static void round_trip(void)
{
	static const struct grammar *const grammars[] = { &sa_grammar, &listener_grammar };
	unsigned int i, v;

	for (i = 0; i < 2; i++)
		for (v = 0; v < (grammars[i]->const_attr ? 2 : 1); v++) {
			const struct word *w;
			uint64_t seen = 0;
			bool good = true;

			for (w = grammars[i]->words; w->name; w++) {
				if (!(w->use[v] & USE_SAVE))
					continue;
				good = good && !(seen >> w->attr & 1) && w->use[v] & USE_ADD;
				seen |= 1ULL << w->attr;
			}
			for (w = grammars[i]->words; w->name; w++)
				if (w->use[v] & USE_ADD)
					good = good && seen >> w->attr & 1;
			ok(good, "words: each attribute of %s %u is saved by one word",
			   grammars[i]->object, v);
		}
}

void test_words(void)
{
	struct pair p = { 0 };

	takes();
	refused_values();
	refused_words();
	round_trip();
	ok(parse(&pair_grammar, USE_ADD, "peer ::1 spi-downlink 0x1000", &p) &&
	   !strcmp(error, "port: missing"), "words: a pair needs the UE's port");
}
