// SPDX-License-Identifier: GPL-2.0
/* sipsec stats */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "attr.h"
#include "cmd.h"
#include "msg.h"
#include "nl_open.h"
#include "out.h"
#include "show.h"

static int read_stats(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest = codec_find(nlh, SIPSEC_A_STATS);
	struct show_stats *s = arg;

	if (!nest)
		return -EBADMSG;
	s->has = codec_get_stats(nest, s->values, &s->counters);
	return 0;
}

int show_get_stats(struct nl *nl, struct show_stats *s)
{
	memset(s, 0, sizeof(*s));
	nl_begin(nl, SIPSEC_CMD_STATS_GET);
	return nl_do(nl, read_stats, s);
}

void show_add_stats(struct json_object *o, const struct show_stats *s)
{
	unsigned int i;

	for (i = 0; i < CODEC_STATS_MAX; i++)
		if (s->has >> i & 1)
			out_add_u64(o, attr_name(&attr_stats, i), s->values[i]);
	json_object_object_add(o, "counters", out_counters_json(&s->counters));
}

static void line(const char *name, uint64_t value, bool bad)
{
	bad = bad && value;
	printf("%-14s %s%20llu%s\n", name, bad ? out_color(OUT_YELLOW) : "",
	       (unsigned long long)value, bad ? out_color(OUT_PLAIN) : "");
}

void show_stats_text(const struct show_stats *s)
{
	unsigned int i;

	out_header("CLASS                     DATAGRAMS");
	for (i = 0; i < SIPSEC_NR_CLASSES; i++)
		line(sipsec_class_name(i), s->counters.of[i],
		     i != SIPSEC_CLASS_VERIFIED && i != SIPSEC_CLASS_KEEPALIVE &&
		     i != SIPSEC_CLASS_EMERGENCY);
	line("would-drop", s->counters.would_drop, true);
	putchar('\n');
	out_header("OTHER                         COUNT");
	for (i = 0; i < CODEC_STATS_MAX; i++)
		if (s->has >> i & 1)
			line(attr_name(&attr_stats, i), s->values[i],
			     i > SIPSEC_A_STATS_COUNTERS && i != SIPSEC_A_STATS_SIGNED &&
			     i != SIPSEC_A_STATS_STRIPPED);
}

/* What the counters are to be read with: a slow driver is no counter's matter. */
static int show_drivers(const struct nlmsghdr *nlh, void *o)
{
	if (!o)
		putchar('\n');
	show_algs(nlh, o);
	return 0;
}

int cmd_stats(const struct command *c, int argc, char **argv)
{
	struct json_object *o = NULL;
	struct show_stats s;
	struct nl *nl;
	int rc;

	rc = cmd_no_words(c, argc, argv);
	if (rc)
		return rc;
	nl = nl_open(c->path);
	if (!nl)
		return EXIT_REFUSED;
	if (show_get_stats(nl, &s)) {
		rc = cmd_refused(c, nl);
		goto out;
	}
	if (opt_json) {
		o = json_object_new_object();
		show_add_stats(o, &s);
	} else {
		show_stats_text(&s);
	}
	nl_begin(nl, SIPSEC_CMD_INFO_GET);
	if (nl_do(nl, show_drivers, o))
		rc = cmd_refused(c, nl);
	if (!rc && o)
		out_json(o);
	else
		json_object_put(o);
out:
	nl_close(nl);
	return out_end(c->path, rc);
}
