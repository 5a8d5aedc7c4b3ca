// SPDX-License-Identifier: GPL-2.0
/* sipsec listen add, replace, set, del, list */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "cmd.h"
#include "codec.h"
#include "listener.h"
#include "msg.h"
#include "nl_open.h"
#include "out.h"
#include "show.h"

int cmd_listen_change(const struct command *c, int argc, char **argv)
{
	struct listener l = { 0 };
	struct nl *nl;
	int rc;

	rc = cmd_parse(c, argc, argv, &l);
	if (rc)
		return rc;
	nl = nl_open(c->path);
	if (!nl)
		return EXIT_REFUSED;
	codec_put(nl_begin(nl, c->nl_cmd), &listener_grammar, &l);
	return cmd_do(c, nl);
}

void show_listener_header(void)
{
	char line[128];

	snprintf(line, sizeof(line), "%-8s %-6s %-7s %8s %6s %-10s %-4s %12s %12s %s", "DIR",
		 "PRESET", "MODE", "MAX-SIZE", "RATE", "MARK-MASK", "STUN", "VERIFIED", "REFUSED",
		 "ADDRESS");
	out_header(line);
}

/* What was not let through, or only for an answer: all but four classes. */
static uint64_t refused(const struct counters *c)
{
	uint64_t n = 0;
	unsigned int i;

	for (i = 0; i < SIPSEC_NR_CLASSES; i++)
		if (i != SIPSEC_CLASS_VERIFIED && i != SIPSEC_CLASS_KEEPALIVE &&
		    i != SIPSEC_CLASS_UNPROTECTED && i != SIPSEC_CLASS_EMERGENCY)
			n += c->of[i];
	return n;
}

void show_listener_text(const struct listener *l)
{
	const uint64_t no = refused(l->counters);
	char name[ADDR_TEXT_MAX];

	printf("%-8s %-6s %-7s %8u %6u 0x%08x %-4s %12llu %s%12llu%s %s\n",
	       l->direction < 2 ? word_directions[l->direction] : "?",
	       l->preset < 3 ? word_presets[l->preset] : "?",
	       l->monitor ? "monitor" : "enforce", l->max_size, l->rate,
	       l->mark_mask, l->stun ? "on" : "off",
	       (unsigned long long)l->counters->of[SIPSEC_CLASS_VERIFIED],
	       no ? out_color(OUT_YELLOW) : "", (unsigned long long)no,
	       no ? out_color(OUT_PLAIN) : "",
	       addr_port_text(&l->addr, l->port, name));
}

static void list_verbose(const struct listener *l)
{
	const struct word *w = word_find(&listener_grammar, "action");
	char text[WORD_TEXT_MAX];

	if (object_has(l, SIPSEC_A_LISTENER_ACTIONS))
		printf("  action: %s\n", word_text(w, l, text));
	if (object_has(l, SIPSEC_A_LISTENER_ANNOTATE))
		printf("  annotate: %s\n", l->annotate ? "on" : "off");
	if (object_has(l, SIPSEC_A_LISTENER_WORD))
		printf("  word: %s\n", l->word);
	if (object_has(l, SIPSEC_A_LISTENER_NOTIFY))
		printf("  notify: %s\n", l->notify ? "on" : "off");
	if (object_has(l, SIPSEC_A_LISTENER_IDENTITY))
		printf("  identity: %s\n", l->identity ? "on" : "off");
	if (object_has(l, SIPSEC_A_LISTENER_EMERGENCIES))
		printf("  emergencies: %u\n", l->emergencies);
	puts("  received:");
	out_counters_text(l->counters, "    ");
}

int show_read_listener(const struct nlmsghdr *nlh, struct listener *l, struct counters *counters)
{
	const struct nlattr *nest = codec_find(nlh, SIPSEC_A_LISTENER);

	if (!nest)
		return -EBADMSG;
	memset(l, 0, sizeof(*l));
	memset(counters, 0, sizeof(*counters));
	l->counters = counters;
	codec_get(nest, &listener_grammar, l);
	return 0;
}

static int list_one(const struct nlmsghdr *nlh, void *arg)
{
	struct out_list *list = arg;
	struct counters counters;
	struct listener l;
	int err;

	err = show_read_listener(nlh, &l, &counters);
	if (err)
		return err;
	if (opt_json) {
		out_list_json(list, out_object_json(&listener_grammar, &l));
		return 0;
	}
	out_list_line(list);
	show_listener_text(&l);
	if (opt_verbose)
		list_verbose(&l);
	return 0;
}

int cmd_listen_list(const struct command *c, int argc, char **argv)
{
	struct out_list list = { .header = show_listener_header };
	struct nl *nl;
	int rc;

	rc = cmd_no_words(c, argc, argv);
	if (rc)
		return rc;
	nl = nl_open(c->path);
	if (!nl)
		return EXIT_REFUSED;
	nl_begin(nl, c->nl_cmd);
	if (nl_dump(nl, list_one, &list))
		rc = cmd_refused(c, nl);
	else
		out_list_end(&list);
	nl_close(nl);
	return out_end(c->path, rc);
}
