// SPDX-License-Identifier: GPL-2.0
/* sipsec load */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "cmd.h"
#include "load.h"
#include "msg.h"
#include "nl_open.h"
#include "out.h"

static unsigned int nr_done(const struct load_counts *n)
{
	return n->added + n->replaced + n->changed + n->deleted;
}

static struct json_object *counts_json(const struct load_counts *n)
{
	struct json_object *o = json_object_new_object();

	out_add_u64(o, "added", n->added);
	out_add_u64(o, "replaced", n->replaced);
	out_add_u64(o, "changed", n->changed);
	out_add_u64(o, "deleted", n->deleted);
	out_add_u64(o, "unchanged", n->unchanged);
	out_add_u64(o, "refused", n->refused);
	return o;
}

static double rate(const struct load_result *r)
{
	return r->seconds > 0 ? nr_done(&r->sas) / r->seconds : 0;
}

/* With as many digits as there is something behind. */
static struct json_object *decimal_json(double value, int digits)
{
	char text[64];

	snprintf(text, sizeof(text), "%.*f", digits, value);
	return json_object_new_double_s(value, text);
}

static void show_json(const struct load_result *r)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "sa", counts_json(&r->sas));
	json_object_object_add(o, "listen", counts_json(&r->listeners));
	json_object_object_add(o, "seconds", decimal_json(r->seconds, 6));
	json_object_object_add(o, "per-second", decimal_json(rate(r), 0));
	out_json(o);
}

static void counts_text(const char *what, const struct load_counts *n)
{
	printf("%s: %u added, %u replaced, %u changed, %u deleted, %u unchanged", what, n->added,
	       n->replaced, n->changed, n->deleted, n->unchanged);
	if (n->refused)
		printf(", %u refused", n->refused);
	putchar('\n');
}

static void show_text(const struct load_result *r)
{
	counts_text("sa", &r->sas);
	counts_text("listen", &r->listeners);
	if (nr_done(&r->sas))
		printf("%.3f s, %.0f SAs/s\n", r->seconds, rate(r));
}

static int load(const struct command *c, struct config *config)
{
	struct nl *nl = nl_open(c->path);
	struct load_result r = { 0 };
	int err;

	if (!nl)
		return EXIT_REFUSED;
	err = load_apply(nl, c->path, config, &r);
	nl_close(nl);
	if (opt_json)
		show_json(&r);
	else
		show_text(&r);
	return out_end(c->path, err ? EXIT_REFUSED : EXIT_OK);
}

int cmd_load(const struct command *c, int argc, char **argv)
{
	struct keyring *keys;
	struct config config;
	int rc = EXIT_REFUSED;

	if (argc > 1)
		return cmd_unknown_word(c, argv[1]);
	if (!argc) {
		err_msg("%s: file: missing (- is standard input)", c->path);
		return EXIT_USAGE;
	}
	keys = keyring_new();
	if (!keys) {
		err_msg("%s: %s", c->path, strerror(ENOMEM));
		return EXIT_REFUSED;
	}
	if (!config_read(&config, c->path, argv[0], keys)) {
		rc = load(c, &config);
		config_free(&config);
	}
	keyring_free(keys);
	return rc;
}
