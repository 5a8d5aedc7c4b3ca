// SPDX-License-Identifier: GPL-2.0
/*
 * sipsec save: the running state as a configuration file.  The kernel gives no
 * keys, and nobody remembers where they were read from: each SA's key is said
 * to be in a file that is named after the SA, and it is for the administrator
 * to have it there.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd.h"
#include "codec.h"
#include "core/alg.h"
#include "msg.h"
#include "nl_open.h"
#include "out.h"

#define KEY_DIR	"/etc/sipsec/keys"

struct save {
	const char *key_dir;
	uint64_t now;
	uint32_t *expired;	/* SPIs of inbound SAs that are not saved */
	unsigned int nr_expired;
};

static int note_expired(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest = codec_find(nlh, SIPSEC_A_SA);
	struct texts impus = { 0 };
	struct sa sa = { .impus = &impus };
	struct save *s = arg;
	uint32_t *more;

	if (!nest)
		return -EBADMSG;
	codec_get(nest, &sa_grammar, &sa);
	if (!sa.expired || sa.type != SIPSEC_SA_INBOUND)
		return 0;
	more = realloc(s->expired, (s->nr_expired + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	more[s->nr_expired++] = sa.spi;
	s->expired = more;
	return 0;
}

/* Does it name a partner that is saved too?  load would refuse another. */
static bool has_partner(const struct save *s, const struct sa *sa)
{
	unsigned int i;

	if (!object_has(sa, SIPSEC_A_SA_PAIR))
		return false;
	for (i = 0; i < s->nr_expired; i++)
		if (s->expired[i] == sa->pair)
			return false;
	return true;
}

/* A "#" would begin a comment, and "\#" is one. */
static void print_value(const char *value)
{
	printf(" %s%s", *value == '#' || !strncmp(value, "\\#", 2) ? "\\" : "", value);
}

static void print_word(const struct word *w, const void *object)
{
	char text[WORD_TEXT_MAX];

	if (w->kind == WORD_CONST) {
		printf(" %s", w->name);
		return;
	}
	printf(" %s", w->name);
	print_value(word_text(w, object, text));
}

static void print_impus(const struct word *w, const struct texts *impus)
{
	unsigned int i;

	for (i = 0; i < impus->nr; i++)
		printf(" %s %s", w->name, impus->of[i]);
}

static void print_key_file(const struct save *s, const struct sa *sa)
{
	char text[ADDR_TEXT_MAX];

	printf(" key-file");
	print_value(s->key_dir);
	putchar('/');
	if (sa->type == SIPSEC_SA_INBOUND)
		printf("in-%08x.key", sa->spi);
	else
		printf("out-%08x-%s-%u.key", sa->spi, addr_text(&sa->addr, text), sa->port);
}

/*
 * An inbound SA goes on where it was.  So would an outbound one, but it signs
 * on after it was saved: left out, load begins it at UNIX time * 2^24, above
 * all it can have signed by then.  Only where that is not so is it written.
 */
static bool seq_is_saved(const struct save *s, const struct sa *sa)
{
	const struct sipsec_alg *alg = sipsec_alg_by_nr(sa->alg);

	return sa->type == SIPSEC_SA_INBOUND || !alg || alg->count32 || sa->seq > s->now << 24;
}

static bool is_saved(const struct save *s, const struct word *w, const struct sa *sa,
		     const struct sa *defaults)
{
	if (!(w->use[sa->type] & USE_SAVE))
		return false;
	if (w->use[sa->type] & USE_NEED || w->kind == WORD_ALG)
		return true;
	if (w->attr == SIPSEC_A_SA_SEQ)
		return seq_is_saved(s, sa);
	/* An outbound SA names its partner, which has what they have in common. */
	if (sa_is_of_pair(w->attr) && object_has(sa, w->attr)) {
		if (sa->type == SIPSEC_SA_OUTBOUND && has_partner(s, sa))
			return w->attr == SIPSEC_A_SA_PAIR;
		return w->attr != SIPSEC_A_SA_PAIR && !word_equal(w, sa, defaults);
	}
	if (sa_is_of_pair(w->attr))
		return false;
	return !word_equal(w, sa, defaults);
}

static int save_sa(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest = codec_find(nlh, SIPSEC_A_SA);
	struct texts impus = { 0 };
	struct sa sa = { .impus = &impus }, defaults;
	const struct save *s = arg;
	const struct word *w;

	if (!nest)
		return -EBADMSG;
	codec_get(nest, &sa_grammar, &sa);
	if (sa.type > SIPSEC_SA_OUTBOUND)
		return -EBADMSG;
	sa_defaults(&sa, &defaults);
	if (sa.expired)
		fputs("# expired: ", stdout);
	else if (sa.type == SIPSEC_SA_OUTBOUND && !sa.seq)
		fputs("# used up: ", stdout);
	fputs("sa", stdout);
	for (w = sa_grammar.words; w->name; w++) {
		if (w->kind == WORD_CONST && w->number != sa.type)
			continue;
		if (!is_saved(s, w, &sa, &defaults))
			continue;
		if (w->kind == WORD_FILE)
			print_key_file(s, &sa);
		else if (w->kind == WORD_IMPUS)
			print_impus(w, sa.impus);
		else
			print_word(w, &sa);
	}
	putchar('\n');
	return 0;
}

/* The actions that are not the default's. */
static void keep_different(struct actions *a, const struct actions *defaults)
{
	unsigned int i;

	for (i = 0; i < SIPSEC_NR_CLASSES; i++)
		if (!(defaults->has >> i & 1) || a->of[i] == defaults->of[i])
			a->has &= ~(1U << i);
}

static bool listener_has_default(const struct word *w, const struct listener *l,
				 const struct listener *defaults)
{
	return w->kind == WORD_ACTIONS ? !l->actions.has : word_equal(w, l, defaults);
}

static int save_listener(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest = codec_find(nlh, SIPSEC_A_LISTENER);
	struct listener l = { 0 }, defaults;
	const struct word *w;

	(void)arg;
	if (!nest)
		return -EBADMSG;
	codec_get(nest, &listener_grammar, &l);
	listener_defaults(l.direction, &defaults);
	keep_different(&l.actions, &defaults.actions);
	fputs("listen", stdout);
	for (w = listener_grammar.words; w->name; w++) {
		if (!(w->use[0] & USE_SAVE))
			continue;
		if (!(w->use[0] & USE_NEED) && listener_has_default(w, &l, &defaults))
			continue;
		print_word(w, &l);
	}
	putchar('\n');
	return 0;
}

int cmd_save(const struct command *c, int argc, char **argv)
{
	struct save s = { .key_dir = KEY_DIR, .now = time(NULL) };
	struct nl *nl;
	int rc = EXIT_OK;

	if (opt_json) {
		err_msg("%s: -j: a configuration is no JSON (sipsec -j sa list)", c->path);
		return EXIT_USAGE;
	}
	if (argc && strcmp(argv[0], "key-dir"))
		return cmd_unknown_word(c, argv[0]);
	if (argc > 2 || argc == 1) {
		err_msg("%s: key-dir: %s", c->path,
			argc > 2 ? "one value, and nothing else" : "its value is missing");
		return EXIT_USAGE;
	}
	if (argc)
		s.key_dir = argv[1];
	/* load would read something else */
	if (!*s.key_dir || strpbrk(s.key_dir, " \t\r\n")) {
		err_msg("%s: key-dir: must not be empty, nor have white space in it", c->path);
		return EXIT_USAGE;
	}

	nl = nl_open(c->path);
	if (!nl)
		return EXIT_REFUSED;
	puts("# Written by sipsec save.  Keys are not here: see sipsec(8), save.");
	nl_begin(nl, SIPSEC_CMD_LISTENER_GET);
	if (nl_dump(nl, save_listener, &s))
		rc = cmd_refused(c, nl);
	nl_begin(nl, SIPSEC_CMD_SA_GET);
	if (!rc && nl_dump(nl, note_expired, &s))
		rc = cmd_refused(c, nl);
	nl_begin(nl, SIPSEC_CMD_SA_GET);
	if (!rc && nl_dump(nl, save_sa, &s))
		rc = cmd_refused(c, nl);
	free(s.expired);
	nl_close(nl);
	return out_end(c->path, rc);
}
