// SPDX-License-Identifier: GPL-2.0
/* sipsec sa add, replace, set, del, get, list, flush */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "cmd.h"
#include "cmd_sa.h"
#include "codec.h"
#include "core/alg.h"
#include "keyring.h"
#include "msg.h"
#include "nl_open.h"
#include "out.h"
#include "sa_key.h"

static struct nlmsghdr *begin(struct nl *nl, const struct command *c, const struct sa *sa)
{
	struct nlmsghdr *nlh = nl_begin(nl, c->nl_cmd);

	/* A filter that means all is no filter. */
	if (sa->has)
		codec_put(nlh, &sa_grammar, sa);
	return nlh;
}

static int change(const struct command *c, struct sa *const sas[])
{
	struct nl *nl = nl_open(c->path);

	if (!nl)
		return EXIT_REFUSED;
	begin(nl, c, sas[0]);
	return cmd_do(c, nl);
}

int cmd_sa_with_keys(const struct command *c, struct sa *const sas[],
		     int (*request)(const struct command *c, struct sa *const sas[]))
{
	struct keyring *keys = keyring_new();
	unsigned int i;
	char what[32];
	int err = 0;
	int rc;

	if (!keys) {
		err_msg("%s: %s", c->path, strerror(ENOMEM));
		return EXIT_REFUSED;
	}
	snprintf(what, sizeof(what), "%s: key-file", c->path);
	for (i = 0; !err && sas[i]; i++)
		err = sa_read_key(sas[i], keys, what, NULL);
	rc = err ? EXIT_REFUSED : request(c, sas);
	keyring_free(keys);
	return rc;
}

int cmd_sa_change(const struct command *c, int argc, char **argv)
{
	struct texts impus = { 0 };
	struct sa sa = { .impus = &impus };
	struct sa *const sas[] = { &sa, NULL };
	const int rc = cmd_parse(c, argc, argv, &sa);

	if (rc)
		return rc;
	return c->use == USE_ADD ? cmd_sa_with_keys(c, sas, change) : change(c, sas);
}

static int read_sa(const struct nlmsghdr *nlh, struct sa *sa, struct counters *counters,
		   struct texts *impus)
{
	const struct nlattr *nest = codec_find(nlh, SIPSEC_A_SA);

	if (!nest)
		return -EBADMSG;
	memset(sa, 0, sizeof(*sa));
	memset(impus, 0, sizeof(*impus));
	sa->counters = counters;
	sa->impus = impus;
	codec_get(nest, &sa_grammar, sa);
	return 0;
}

static int get_one(const struct nlmsghdr *nlh, void *arg)
{
	struct counters counters;
	struct texts impus;
	struct sa sa;
	int err;

	(void)arg;
	err = read_sa(nlh, &sa, &counters, &impus);
	if (err)
		return err;
	if (opt_json)
		out_json(out_object_json(&sa_grammar, &sa));
	else
		out_object_text(&sa_grammar, &sa);
	return 0;
}

int cmd_sa_get(const struct command *c, int argc, char **argv)
{
	struct sa sa = { 0 };
	struct nl *nl;
	int rc;

	rc = cmd_parse(c, argc, argv, &sa);
	if (rc)
		return rc;
	nl = nl_open(c->path);
	if (!nl)
		return EXIT_REFUSED;
	begin(nl, c, &sa);
	if (nl_do(nl, get_one, NULL))
		rc = cmd_refused(c, nl);
	nl_close(nl);
	return out_end(c->path, rc);
}

static void list_header(void)
{
	char line[128];

	snprintf(line, sizeof(line), "%-4s %-10s %-8s %-16s %20s %12s %8s %-11s %s", "TYPE",
		 "SPI", "DIR", "ALG", "SEQ", "MESSAGES", "AGE", "STATE", "PEER (IMPI)");
	out_header(line);
}

static void list_text(struct out_list *list, const struct sa *sa)
{
	const struct sipsec_alg *alg = sipsec_alg_by_nr(sa->alg);
	char peer[ADDR_TEXT_MAX], age[OUT_AGE_MAX];

	out_list_line(list);
	printf("%s%-4s 0x%08x %-8s %-16s %20llu %12llu %8s %-11s %s%s%s%s%s\n",
	       sa->expired ? out_color(OUT_RED) : "",
	       sa->type == SIPSEC_SA_INBOUND ? "in" : "out", sa->spi,
	       sa->direction < 2 ? word_directions[sa->direction] : "?",
	       alg ? alg->name : "?", (unsigned long long)sa->seq,
	       (unsigned long long)sa->messages, out_age(sa->age, age),
	       sa->expired ? "expired" : sa->state < 3 ? word_states[sa->state] : "?",
	       addr_port_text(&sa->addr, sa->port, peer),
	       sa->impi ? " (" : "", sa->impi ? sa->impi : "", sa->impi ? ")" : "",
	       sa->expired ? out_color(OUT_PLAIN) : "");
}

static int list_one(const struct nlmsghdr *nlh, void *arg)
{
	struct out_list *list = arg;
	struct counters counters;
	struct texts impus;
	struct sa sa;
	int err;

	err = read_sa(nlh, &sa, &counters, &impus);
	if (err)
		return err;
	if (opt_json)
		out_list_json(list, out_object_json(&sa_grammar, &sa));
	else
		list_text(list, &sa);
	return 0;
}

int cmd_sa_list(const struct command *c, int argc, char **argv)
{
	struct texts impus = { 0 };
	struct sa filter = { .impus = &impus };
	struct out_list list = { .header = list_header };
	struct nl *nl;
	int rc;

	rc = cmd_parse(c, argc, argv, &filter);
	if (rc)
		return rc;
	nl = nl_open(c->path);
	if (!nl)
		return EXIT_REFUSED;
	begin(nl, c, &filter);
	if (nl_dump(nl, list_one, &list))
		rc = cmd_refused(c, nl);
	else
		out_list_end(&list);
	nl_close(nl);
	return out_end(c->path, rc);
}

static int read_count(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *a = codec_find(nlh, SIPSEC_A_COUNT);

	if (a)
		*(uint64_t *)arg = codec_u64(a);
	return 0;
}

int cmd_sa_flush(const struct command *c, int argc, char **argv)
{
	struct texts impus = { 0 };
	struct sa filter = { .impus = &impus };
	uint64_t count = 0;
	struct nl *nl;
	int rc;

	rc = cmd_parse(c, argc, argv, &filter);
	if (rc)
		return rc;
	nl = nl_open(c->path);
	if (!nl)
		return EXIT_REFUSED;
	begin(nl, c, &filter);
	if (nl_do(nl, read_count, &count)) {
		rc = cmd_refused(c, nl);
	} else if (opt_json) {
		struct json_object *o = json_object_new_object();

		out_add_u64(o, "deleted", count);
		out_json(o);
	} else {
		printf("deleted: %llu\n", (unsigned long long)count);
	}
	nl_close(nl);
	return out_end(c->path, rc);
}
