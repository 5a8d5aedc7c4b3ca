// SPDX-License-Identifier: GPL-2.0
/* sipsec show */
#include <stdio.h>

#include <json-c/json.h>

#include "attr.h"
#include "cmd.h"
#include "msg.h"
#include "nl_open.h"
#include "out.h"
#include "show.h"

static int read_version(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *a = codec_find(nlh, SIPSEC_A_VERSION);
	char *version = arg;

	if (a)
		snprintf(version, 32, "%s", codec_string(a));
	return 0;
}

struct listeners {
	struct out_list list;
	struct json_object *json;	/* NULL: text */
};

static int take_listener(const struct nlmsghdr *nlh, void *arg)
{
	struct listeners *listeners = arg;
	struct counters counters;
	struct listener l;
	int err;

	err = show_read_listener(nlh, &l, &counters);
	if (err)
		return err;
	if (listeners->json) {
		json_object_array_add(listeners->json, out_object_json(&listener_grammar, &l));
		return 0;
	}
	out_list_line(&listeners->list);
	show_listener_text(&l);
	return 0;
}

static void show_text(const char *version, const struct show_stats *s)
{
	bool any = false;
	unsigned int i;

	printf("\n%ssipsec%s %s\n", out_color(OUT_BOLD), out_color(OUT_PLAIN), version);
	printf("SAs: %llu inbound, %llu outbound\n",
	       (unsigned long long)s->values[SIPSEC_A_STATS_INBOUND],
	       (unsigned long long)s->values[SIPSEC_A_STATS_OUTBOUND]);
	puts("received:");
	out_counters_text(&s->counters, "  ");
	puts("sent and other:");
	for (i = SIPSEC_A_STATS_COUNTERS + 1; i < CODEC_STATS_MAX; i++) {
		if (!s->values[i])
			continue;
		any = true;
		printf("  %s: %llu\n", attr_name(&attr_stats, i),
		       (unsigned long long)s->values[i]);
	}
	if (!any)
		puts("  none");
}

int cmd_show(const struct command *c, int argc, char **argv)
{
	struct listeners listeners = { .list.header = show_listener_header };
	char version[32] = "?";
	struct show_stats s;
	struct nl *nl;
	int rc;

	rc = cmd_no_words(c, argc, argv);
	if (rc)
		return rc;
	nl = nl_open(c->path);
	if (!nl)
		return EXIT_REFUSED;
	if (opt_json)
		listeners.json = json_object_new_array();
	nl_begin(nl, SIPSEC_CMD_LISTENER_GET);
	if (nl_dump(nl, take_listener, &listeners))
		rc = cmd_refused(c, nl);
	else if (!opt_json)
		out_list_end(&listeners.list);
	nl_begin(nl, SIPSEC_CMD_INFO_GET);
	if (!rc && nl_do(nl, read_version, version))
		rc = cmd_refused(c, nl);
	if (!rc && show_get_stats(nl, &s))
		rc = cmd_refused(c, nl);
	nl_close(nl);
	if (rc) {
		json_object_put(listeners.json);
	} else if (opt_json) {
		struct json_object *o = json_object_new_object();
		struct json_object *stats = json_object_new_object();

		out_add_string(o, "module", version);
		json_object_object_add(o, "listen", listeners.json);
		show_add_stats(stats, &s);
		json_object_object_add(o, "stats", stats);
		out_json(o);
	} else {
		show_text(version, &s);
	}
	return out_end(c->path, rc);
}
