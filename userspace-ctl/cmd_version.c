// SPDX-License-Identifier: GPL-2.0
/* sipsec version */
#include <stdio.h>

#include <json-c/json.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "cmd.h"
#include "codec.h"
#include "core/alg.h"
#include "msg.h"
#include "nl_open.h"
#include "out.h"
#include "show.h"

static const char *alg_name(unsigned int nr)
{
	const struct sipsec_alg *alg = sipsec_alg_by_nr(nr);

	return alg ? alg->name : "?";
}

static struct json_object *alg_json(const struct codec_alg *alg)
{
	struct json_object *o = json_object_new_object();

	out_add_u64(o, "nr", alg->nr);
	out_add_string(o, "name", alg_name(alg->nr));
	json_object_object_add(o, "driver",
			       alg->driver ? json_object_new_string(alg->driver) : NULL);
	json_object_object_add(o, "disabled", json_object_new_boolean(alg->disabled));
	return o;
}

static void alg_text(const struct codec_alg *alg)
{
	printf("%2u %-16s %s%s\n", alg->nr, alg_name(alg->nr),
	       alg->driver ? alg->driver : "not served by this kernel",
	       alg->disabled ? " (disabled: module parameter allow_md5)" : "");
}

void show_algs(const struct nlmsghdr *nlh, struct json_object *o)
{
	struct json_object *algs = NULL;
	const struct nlattr *a;
	struct codec_alg alg;

	if (o) {
		algs = json_object_new_array();
		json_object_object_add(o, "algorithms", algs);
	} else {
		out_header("NR ALGORITHM        DRIVER");
	}
	mnl_attr_for_each(a, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(a) != SIPSEC_A_ALGORITHM)
			continue;
		codec_get_alg(a, &alg);
		if (o)
			json_object_array_add(algs, alg_json(&alg));
		else
			alg_text(&alg);
	}
}

static int show_info(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *a = codec_find(nlh, SIPSEC_A_VERSION);
	const char *module = a ? codec_string(a) : "?";
	struct json_object *o = arg;

	if (o)
		out_add_string(o, "module", module);
	else
		printf("module: %s\n", module);
	show_algs(nlh, o);
	return 0;
}

/* The tool's version is told where the kernel has no module, too. */
int cmd_version(const struct command *c, int argc, char **argv)
{
	struct json_object *o = NULL;
	bool missing;
	struct nl *nl;
	int rc;

	rc = cmd_no_words(c, argc, argv);
	if (rc)
		return rc;
	if (opt_json) {
		o = json_object_new_object();
		out_add_string(o, "tool", SIPSEC_VERSION);
	} else {
		printf("sipsec: %s\n", SIPSEC_VERSION);
	}
	nl = nl_open_quiet(c->path, &missing);
	if (nl) {
		nl_begin(nl, c->nl_cmd);
		if (nl_do(nl, show_info, o))
			rc = cmd_refused(c, nl);
		nl_close(nl);
	} else {
		rc = EXIT_REFUSED;
		if (missing && o)
			json_object_object_add(o, "module", NULL);
		else if (missing)
			puts("module: not loaded (modprobe sipsec)");
	}
	if (o)
		out_json(o);
	return out_end(c->path, rc);
}
