// SPDX-License-Identifier: GPL-2.0
/* sipsec help, and what the completion of the shell asks for */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "core/alg.h"
#include "core/class.h"
#include "hex.h"
#include "listener.h"
#include "msg.h"
#include "out.h"
#include "sa.h"

static const struct command *find(const struct command *c, const char *name)
{
	for (; c && c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

static void word_synopsis(const struct word *w, bool optional)
{
	printf("%s%s%s%s%s", optional ? " [" : " ", w->name, w->value ? " " : "",
	       w->value ? w->value : "", optional ? "]" : "");
}

static void variant_synopsis(const struct command *c, int variant, bool named)
{
	const unsigned int need = c->use == USE_ADD ? USE_NEED : USE_NAME;
	const struct word *w;

	printf("  sipsec %s", c->path);
	for (w = c->grammar->words; w->name; w++) {
		/* addr and peer are one; the one shown is the one that save writes */
		if (!word_usable(w, c->use, variant) ||
		    (w->kind == WORD_ADDR && named && !word_usable(w, USE_SAVE, variant)) ||
		    (w->alias && !named))
			continue;
		word_synopsis(w, variant < 0 || !(w->use[variant] & need));
	}
	if (c->args)
		printf(" %s", c->args);
	putchar('\n');
}

static void synopsis(const struct command *c)
{
	const struct command *s;

	if (c->sub) {
		for (s = c->sub; s->name; s++)
			synopsis(s);
	} else if (!c->grammar || (c->args && c->use == USE_ADD && c->grammar->const_attr)) {
		printf("  sipsec %s%s%s\n", c->path, c->args ? " " : "", c->args ? c->args : "");
	} else if (c->use == USE_FILTER) {
		variant_synopsis(c, -1, false);
	} else {
		variant_synopsis(c, 0, c->grammar->const_attr);
		if (c->grammar->const_attr)
			variant_synopsis(c, 1, true);
	}
}

static void list(const struct command *c)
{
	for (; c->name; c++) {
		if (c->sub)
			list(c->sub);
		else if (c->help)
			printf("  %-18s %s\n", c->path, c->help);
	}
}

int cmd_help(const struct command *c, int argc, char **argv)
{
	const struct command *table = cmd_top;
	int i;

	c = NULL;
	for (i = 0; i < argc; i++) {
		const struct command *found = find(table, argv[i]);

		/* What follows a command that is known are its words. */
		if (!found && c && !c->sub)
			break;
		if (!found) {
			err_msg("help: %.16s: unknown command", hex_shown(argv[i]));
			return EXIT_USAGE;
		}
		c = found;
		table = c->sub;
	}
	if (c) {
		puts("usage:");
		synopsis(c);
		return out_end("help", EXIT_OK);
	}
	puts("usage: sipsec [-j] [-v] [-n NETNS] COMMAND ...");
	list(cmd_top);
	puts("options: -j JSON, -v more, -n network namespace, -h help, -V version; see sipsec(8)");
	return out_end("help", EXIT_OK);
}

/*
 * Completion: the words before the one to be completed are given; printed are
 * those that may follow, one a line, or "<file>" where a file's name does.
 */

static void print_names(const char *const *names)
{
	for (; *names; names++)
		puts(*names);
}

static void complete_value(const struct word *w)
{
	static const char *const switches[] = { "on", "off", NULL };
	unsigned int i;

	switch (w->kind) {
	case WORD_FILE:
		puts("<file>");
		break;
	case WORD_NAMED:
		print_names(w->names);
		break;
	case WORD_SWITCH:
		print_names(switches);
		break;
	case WORD_ALG:
	case WORD_ALGS:
		for (i = 1; sipsec_alg_by_nr(i); i++)
			puts(sipsec_alg_by_nr(i)->name);
		break;
	case WORD_ACTIONS:
		for (i = 0; i < SIPSEC_NR_CLASSES; i++)
			if (listener_takes_action(i))
				printf("%s=\n", sipsec_class_name(i));
		break;
	default:
		break;
	}
}

static void complete_words(const struct command *c, int argc, char **argv)
{
	const struct grammar *g = c->grammar;
	uint64_t given = 0;
	const struct word *w;
	int variant = -1;
	int i;

	for (i = 0; i < argc; i++) {
		w = word_find(g, argv[i]);
		if (!w)
			continue;
		/* of a pair, those of the other SA begin */
		if (w->kind == WORD_CONST && variant >= 0)
			given = 0;
		if (w->kind != WORD_TEXTS && w->kind != WORD_IMPUS)
			given |= 1ULL << w->attr;
		if (w->kind == WORD_CONST)
			variant = w->number;
		else if (++i == argc)
			return complete_value(w);
	}
	if (!g->const_attr)
		variant = 0;
	if (c->run == cmd_pair_change && variant == SIPSEC_SA_INBOUND)
		puts("out");
	for (w = g->words; w->name; w++) {
		/* what both have is given with the first */
		if (c->run == cmd_pair_change && variant == SIPSEC_SA_OUTBOUND &&
		    sa_is_of_pair(w->attr))
			continue;
		if (!(given >> w->attr & 1) && word_usable(w, c->use, variant))
			puts(w->name);
	}
}

int cmd_complete(const struct command *c, int argc, char **argv)
{
	const struct command *table = cmd_top;

	c = NULL;
	for (; table && argc; argc--, argv++) {
		c = find(table, *argv);
		if (!c)
			return EXIT_OK;
		table = c->sub;
	}
	if (table) {
		for (; table->name; table++)
			if (table->help)
				puts(table->name);
	} else if (c->grammar) {
		complete_words(c, argc, argv);
	} else if (!strcmp(c->name, "load") && !argc) {
		puts("<file>");
	} else if (!strcmp(c->name, "save")) {
		puts(argc ? "<file>" : "key-dir");
	} else if (!strcmp(c->name, "help")) {
		return cmd_complete(NULL, argc, argv);
	}
	return out_end("complete", EXIT_OK);
}
