// SPDX-License-Identifier: GPL-2.0
/* sipsec pair add, replace, del: both SAs of a pair in one request */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "cmd.h"
#include "codec.h"
#include "cmd_sa.h"
#include "msg.h"
#include "nl_open.h"

/* Where the words of the outbound SA begin: at "out", where it is no value. */
static int find_out(int argc, char **argv)
{
	const struct word *w;
	int i;

	for (i = 0; i < argc; i++) {
		w = word_find(&sa_grammar, argv[i]);
		if (w && w->kind == WORD_CONST && w->number == SIPSEC_SA_OUTBOUND)
			return i;
		if (w && w->kind != WORD_CONST)
			i++;
	}
	return -1;
}

static int read_pair(const struct command *c, int argc, char **argv, struct sa *in,
		     struct sa *out)
{
	const int at = find_out(argc, argv);
	unsigned int attr;
	int rc;

	if (at < 0) {
		err_msg("%s: out: missing, the words of the outbound SA follow it", c->path);
		return EXIT_USAGE;
	}
	if (!at) {
		err_msg("%s: in: missing, the words of the inbound SA come first", c->path);
		return EXIT_USAGE;
	}
	rc = cmd_parse(c, at, argv, in);
	if (!rc)
		rc = cmd_parse(c, argc - at, argv + at, out);
	for (attr = 0; !rc && attr <= SIPSEC_A_SA_MAX; attr++)
		if (sa_is_of_pair(attr) && sa_has(out, attr)) {
			err_msg("%s: state, impi, impu, drain, temporary-seconds stand before out",
				c->path);
			rc = EXIT_USAGE;
		}
	return rc;
}

static int request(const struct command *c, struct sa *const sas[])
{
	struct nl *nl = nl_open(c->path);
	struct nlmsghdr *nlh;
	struct nlattr *nest;

	if (!nl)
		return EXIT_REFUSED;
	nlh = nl_begin(nl, c->nl_cmd);
	codec_put(nlh, &sa_grammar, sas[0]);
	nest = mnl_attr_nest_start(nlh, SIPSEC_A_PARTNER);
	codec_put_members(nlh, &sa_grammar, sas[1]);
	mnl_attr_nest_end(nlh, nest);
	return cmd_do(c, nl);
}

int cmd_pair_change(const struct command *c, int argc, char **argv)
{
	struct texts impus = { 0 }, none = { 0 };
	struct sa in = { .impus = &impus }, out = { .impus = &none };
	struct sa *const sas[] = { &in, &out, NULL };
	const int rc = read_pair(c, argc, argv, &in, &out);

	return rc ? rc : cmd_sa_with_keys(c, sas, request);
}

static int read_partner(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest = codec_find(nlh, SIPSEC_A_SA);

	if (!nest)
		return -EBADMSG;
	codec_get(nest, &sa_grammar, arg);
	return 0;
}

int cmd_pair_del(const struct command *c, int argc, char **argv)
{
	struct sa sa = { 0 }, found = { 0 };
	int rc = EXIT_OK;
	struct nl *nl;

	rc = cmd_parse(c, argc, argv, &sa);
	if (rc)
		return rc;
	nl = nl_open(c->path);
	if (!nl)
		return EXIT_REFUSED;
	codec_put(nl_begin(nl, SIPSEC_CMD_SA_GET), &sa_grammar, &sa);
	if (nl_do(nl, read_partner, &found)) {
		rc = cmd_refused(c, nl);
	} else if (!sa_has(&found, SIPSEC_A_SA_PAIR)) {
		err_msg("%s: pair: the SA has no partner", c->path);
		rc = EXIT_REFUSED;
	} else {
		sa.pair = found.pair;
		object_set(&sa, SIPSEC_A_SA_PAIR);
		codec_put(nl_begin(nl, c->nl_cmd), &sa_grammar, &sa);
		if (nl_do(nl, NULL, NULL))
			rc = cmd_refused(c, nl);
	}
	nl_close(nl);
	return rc;
}
