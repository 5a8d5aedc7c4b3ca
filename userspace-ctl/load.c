// SPDX-License-Identifier: GPL-2.0
/*
 * The order: SAs are made and changed first, then listeners, and only then is
 * deleted what is not in the file.  So a peer whose SA gives way to another
 * is at no moment without one, which would let messages pass unsigned, and no
 * listener is up before the SAs it verifies with.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "codec.h"
#include "diff.h"
#include "load.h"
#include "msg.h"

/* Refusals that are told one by one. */
#define MAX_TOLD	10
/* Batches between two looks at the clock. */
#define PROGRESS_BATCHES	64

/* A request on its way. */
struct slot {
	const char *verb;	/* for -v */
	unsigned int *count;	/* what it counts as; NULL: nothing by itself */
	const struct config_sa *sa;
	const struct config_listener *listener;
	const struct sa *old_sa;	/* to be deleted */
	const struct listener *old_listener;
	bool refused;
};

struct load {
	struct nl *nl;
	const char *what;
	struct config *c;
	struct load_result *r;

	struct slot slots[NL_BATCH];
	unsigned int nr_slots;
	unsigned int nr_told;

	/* What runs and is not in the file. */
	struct sa *old_sas;
	unsigned int nr_old_sas;
	struct listener *old_listeners;
	unsigned int nr_old_listeners;

	struct timespec start;
	unsigned int total;	/* requests on SAs there will be */
	unsigned int done;
	unsigned int batches;
	bool progress;
};

static void name_slot(const struct load *l, const struct slot *s, char *text, size_t size)
{
	char name[SA_NAME_MAX];

	text[0] = '\0';
	if (s->sa)
		snprintf(text, size, "%s:%u: sa %s", l->c->name, s->sa->line,
			 sa_name(&s->sa->sa, name));
	else if (s->old_sa)
		snprintf(text, size, "sa %s", sa_name(s->old_sa, name));
	else if (s->listener)
		snprintf(text, size, "%s:%u: listen %s", l->c->name, s->listener->line,
			 addr_port_text(&s->listener->l.addr, s->listener->l.port, name));
	else if (s->old_listener)
		snprintf(text, size, "listen %s",
			 addr_port_text(&s->old_listener->addr, s->old_listener->port, name));
}

static void end_progress(struct load *l)
{
	if (l->progress && l->batches > PROGRESS_BATCHES)
		fputs("\r\033[K", stderr);
}

static void tell_refused(int err, const char *why, void *tag, void *arg)
{
	struct slot *s = tag;
	struct load *l = arg;
	char name[256];

	s->refused = true;
	/* What was to go has gone by itself, by a lifetime: as wanted. */
	if (err == -ENOENT && (s->old_sa || s->old_listener))
		return;
	if (s->sa || s->old_sa)
		l->r->sas.refused++;
	else
		l->r->listeners.refused++;
	if (l->nr_told++ >= MAX_TOLD)
		return;
	end_progress(l);
	name_slot(l, s, name, sizeof(name));
	err_msg("%s: %s: %s", l->what, name, why);
}

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - start->tv_sec + (now.tv_nsec - start->tv_nsec) / 1e9;
}

static void show_progress(struct load *l)
{
	const double s = seconds_since(&l->start);

	if (l->progress && l->batches % PROGRESS_BATCHES == 0)
		fprintf(stderr, "\r%u of %u SAs, %.0f/s\033[K", l->done, l->total,
			s > 0 ? l->done / s : 0);
}

static const struct nl_batch_fns apply_fns = { .refused = tell_refused };

/* Send the batch; what was not refused has been done. */
static int flush(struct load *l)
{
	const unsigned int refused = l->r->sas.refused + l->r->listeners.refused;
	unsigned int i;
	char name[256];
	int err;

	err = nl_batch_send(l->nl, &apply_fns, l);
	if (err) {
		err_msg("%s: %s", l->what, nl_error(l->nl));
		return err;
	}
	for (i = 0; i < l->nr_slots; i++) {
		const struct slot *s = &l->slots[i];

		if (s->refused || !s->count)
			continue;
		(*s->count)++;
		if (opt_verbose) {
			name_slot(l, s, name, sizeof(name));
			fprintf(stderr, "%s %s\n", s->verb, name);
		}
	}
	l->done += l->nr_slots;
	l->nr_slots = 0;
	l->batches++;
	show_progress(l);
	/* After a refusal no more of these: the rest may rest on it. */
	return l->r->sas.refused + l->r->listeners.refused > refused ? -EREMOTEIO : 0;
}

/* The next request, described by *s, which is copied. */
static int begin(struct load *l, uint8_t cmd, const struct slot *s, struct nlmsghdr **nlh)
{
	int err = 0;

	if (nl_batch_full(l->nl))
		err = flush(l);
	if (err)
		return err;
	l->slots[l->nr_slots] = *s;
	*nlh = nl_batch_begin(l->nl, cmd, &l->slots[l->nr_slots]);
	l->nr_slots++;
	return 0;
}

/*
 * What runs
 */

static void *grow(void *array, unsigned int nr, size_t size)
{
	if (nr & (nr - 1))
		return array;
	return realloc(array, (nr ? 2 * (size_t)nr : 1) * size);
}

static int see_sa(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest = codec_find(nlh, SIPSEC_A_SA);
	struct texts impus = { 0 };
	struct sa running = { .impus = &impus }, *old;
	struct config_sa *wanted;
	struct load *l = arg;

	if (!nest)
		return -EBADMSG;
	codec_get(nest, &sa_grammar, &running);
	wanted = config_find_sa(l->c, &running);
	if (wanted) {
		diff_sa(wanted, &running);
		return 0;
	}
	old = grow(l->old_sas, l->nr_old_sas, sizeof(*old));
	if (!old)
		return -ENOMEM;
	l->old_sas = old;
	old[l->nr_old_sas++] = running;
	return 0;
}

static int see_listener(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest = codec_find(nlh, SIPSEC_A_LISTENER);
	struct listener running = { 0 }, *old;
	struct config_listener *wanted;
	struct load *l = arg;

	if (!nest)
		return -EBADMSG;
	codec_get(nest, &listener_grammar, &running);
	wanted = config_find_listener(l->c, &running);
	if (wanted) {
		diff_listener(wanted, &running);
		return 0;
	}
	old = grow(l->old_listeners, l->nr_old_listeners, sizeof(*old));
	if (!old)
		return -ENOMEM;
	l->old_listeners = old;
	old[l->nr_old_listeners++] = running;
	return 0;
}

static int dump(struct load *l, uint8_t cmd, nl_msg_fn fn)
{
	int err;

	nl_begin(l->nl, cmd);
	err = nl_dump(l->nl, fn, l);
	if (err)
		err_msg("%s: %s", l->what, nl_error(l->nl));
	return err;
}

/*
 * Keys
 */

static void take_key_id(const struct nlmsghdr *nlh, void *tag, void *arg)
{
	const struct nlattr *nest = codec_find(nlh, SIPSEC_A_SA);
	struct slot *s = tag;
	struct sa sa = { 0 };
	struct load *l = arg;

	if (nest)
		codec_get(nest, &sa_grammar, &sa);
	if (sa_has(&sa, SIPSEC_A_SA_KEY_ID))
		diff_key(&l->c->sas[s->sa - l->c->sas], sa.key_id);
}

static const struct nl_batch_fns key_fns = { .reply = take_key_id, .refused = tell_refused };

static int flush_keys(struct load *l)
{
	int err;

	err = nl_batch_send(l->nl, &key_fns, l);
	l->nr_slots = 0;
	if (err)
		err_msg("%s: %s", l->what, nl_error(l->nl));
	else if (l->r->sas.refused)
		err = -EREMOTEIO;
	return err;
}

/* Ask for the ids of the keys of the file whose SAs run. */
static int compare_keys(struct load *l)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < l->c->nr_sas; i++) {
		struct slot *s = &l->slots[l->nr_slots];
		struct sa sa = l->c->sas[i].sa;

		if (l->c->sas[i].todo == TODO_ADD)
			continue;
		memset(s, 0, sizeof(*s));
		s->sa = &l->c->sas[i];
		sa.has = 0;
		object_set(&sa, SIPSEC_A_SA_ALG);
		object_set(&sa, SIPSEC_A_SA_KEY);
		codec_put(nl_batch_begin(l->nl, SIPSEC_CMD_KEY_ID, s), &sa_grammar, &sa);
		l->nr_slots++;
		if (nl_batch_full(l->nl))
			err = flush_keys(l);
	}
	return err ? err : flush_keys(l);
}

/*
 * Doing
 */

static int apply_sa(struct load *l, const struct config_sa *wanted, uint64_t now)
{
	struct load_counts *counts = &l->r->sas;
	struct slot s = { .sa = wanted };
	uint8_t cmd = SIPSEC_CMD_SA_ADD;
	struct nlmsghdr *nlh;
	struct sa request;
	int err;

	switch (wanted->todo) {
	case TODO_ADD:
		s.verb = "added";
		s.count = &counts->added;
		break;
	case TODO_SET:
		cmd = SIPSEC_CMD_SA_SET;
		s.verb = "changed";
		s.count = &counts->changed;
		break;
	case TODO_REPLACE:
	case TODO_REPLACE_KEY:
		cmd = SIPSEC_CMD_SA_REPLACE;
		s.verb = "replaced";
		s.count = &counts->replaced;
		break;
	default:
		counts->unchanged++;
		return 0;
	}
	if (wanted->clock_is_lost && wanted->todo != TODO_SET) {
		tell_refused(-EINVAL, "seq: must be given: the clock is before the file's time",
			     &s, l);
		return 0;
	}
	err = begin(l, cmd, &s, &nlh);
	if (err)
		return err;
	diff_request(wanted, now, &request);
	codec_put(nlh, &sa_grammar, &request);
	return 0;
}

/* An inbound SA that is made anew may leave its pair: its partner joins it again. */
static void repair_pairs(struct config *c)
{
	struct sa name = { .type = SIPSEC_SA_INBOUND };
	const struct config_sa *in;
	unsigned int i;

	for (i = 0; i < c->nr_sas; i++) {
		struct config_sa *out = &c->sas[i];

		if (out->sa.type != SIPSEC_SA_OUTBOUND || !sa_has(&out->sa, SIPSEC_A_SA_PAIR) ||
		    out->todo == TODO_ADD || out->todo == TODO_REPLACE_KEY)
			continue;
		name.spi = out->sa.pair;
		in = config_find_sa(c, &name);
		if (in && (in->todo == TODO_ADD || in->remade))
			out->todo = TODO_REPLACE;
	}
}

static int apply_sas(struct load *l)
{
	const uint64_t now = time(NULL);
	unsigned int type, i;
	int err = 0;

	repair_pairs(l->c);
	/* An outbound SA may name the inbound one of its pair, which has to be there. */
	for (type = SIPSEC_SA_INBOUND; type <= SIPSEC_SA_OUTBOUND; type++)
		for (i = 0; !err && i < l->c->nr_sas; i++)
			if (l->c->sas[i].sa.type == type)
				err = apply_sa(l, &l->c->sas[i], now);
	err = err ? err : flush(l);
	return !err && l->r->sas.refused ? -EREMOTEIO : err;
}

static int apply_listener(struct load *l, const struct config_listener *wanted)
{
	struct load_counts *counts = &l->r->listeners;
	const struct listener *request = &wanted->l;
	struct slot s = { .listener = wanted };
	uint8_t cmd = SIPSEC_CMD_LISTENER_ADD;
	struct nlmsghdr *nlh;
	int err;

	switch (wanted->todo) {
	case TODO_ADD:
		s.verb = "added";
		s.count = &counts->added;
		break;
	case TODO_SET:
		cmd = SIPSEC_CMD_LISTENER_SET;
		request = &wanted->change;
		s.verb = "changed";
		s.count = &counts->changed;
		break;
	case TODO_REPLACE:
		s.verb = "replaced";
		s.count = &counts->replaced;
		cmd = SIPSEC_CMD_LISTENER_REPLACE;
		break;
	default:
		counts->unchanged++;
		return 0;
	}
	err = begin(l, cmd, &s, &nlh);
	if (err)
		return err;
	codec_put(nlh, &listener_grammar, request);
	return 0;
}

/* None of them rests on another: after a refusal the others are made. */
static int apply_listeners(struct load *l)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < l->c->nr_listeners; i++) {
		err = apply_listener(l, &l->c->listeners[i]);
		/* of those before it, which have been sent */
		if (err == -EREMOTEIO)
			err = apply_listener(l, &l->c->listeners[i]);
	}
	err = err ? err : flush(l);
	return !err && l->r->listeners.refused ? -EREMOTEIO : err;
}

static int delete_sa(struct load *l, const struct sa *old)
{
	const struct slot s = {
		.verb = "deleted", .count = &l->r->sas.deleted, .old_sa = old
	};
	struct sa name = *old;
	struct nlmsghdr *nlh;
	int err;

	err = begin(l, SIPSEC_CMD_SA_DEL, &s, &nlh);
	if (err)
		return err;
	name.has = 0;
	object_set(&name, SIPSEC_A_SA_TYPE);
	object_set(&name, SIPSEC_A_SA_SPI);
	if (old->type == SIPSEC_SA_OUTBOUND) {
		object_set(&name, SIPSEC_A_SA_ADDR4);
		object_set(&name, SIPSEC_A_SA_PORT);
	}
	codec_put(nlh, &sa_grammar, &name);
	return 0;
}

static int delete_listener(struct load *l, const struct listener *old)
{
	const struct slot s = {
		.verb = "deleted", .count = &l->r->listeners.deleted, .old_listener = old
	};
	struct listener name = *old;
	struct nlmsghdr *nlh;
	int err;

	err = begin(l, SIPSEC_CMD_LISTENER_DEL, &s, &nlh);
	if (err)
		return err;
	name.has = 0;
	object_set(&name, SIPSEC_A_LISTENER_ADDR4);
	object_set(&name, SIPSEC_A_LISTENER_PORT);
	codec_put(nlh, &listener_grammar, &name);
	return 0;
}

static int delete_old(struct load *l)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < l->nr_old_sas; i++)
		err = delete_sa(l, &l->old_sas[i]);
	for (i = 0; !err && i < l->nr_old_listeners; i++)
		err = delete_listener(l, &l->old_listeners[i]);
	return err ? err : flush(l);
}

static unsigned int count_requests(const struct load *l)
{
	unsigned int n = l->nr_old_sas, i;

	for (i = 0; i < l->c->nr_sas; i++)
		n += l->c->sas[i].todo != TODO_NOTHING;
	return n;
}

int load_apply(struct nl *nl, const char *what, struct config *c, struct load_result *result)
{
	struct load *l = calloc(1, sizeof(*l));
	int err;

	if (!l) {
		err_msg("%s: %s", what, strerror(ENOMEM));
		return -ENOMEM;
	}
	memset(result, 0, sizeof(*result));
	l->nl = nl;
	l->what = what;
	l->c = c;
	l->r = result;
	l->progress = isatty(STDERR_FILENO) && !opt_verbose;

	err = dump(l, SIPSEC_CMD_LISTENER_GET, see_listener);
	if (!err)
		err = dump(l, SIPSEC_CMD_SA_GET, see_sa);
	if (!err) {
		clock_gettime(CLOCK_MONOTONIC, &l->start);
		err = compare_keys(l);
		if (!err) {
			l->total = count_requests(l);
			err = apply_sas(l);
		}
		/* What comes without a listener is let in unseen: an SA less is the lesser evil. */
		if (!err || err == -EREMOTEIO)
			err = apply_listeners(l) ?: err;
		if (!err)
			err = delete_old(l);
		result->seconds = seconds_since(&l->start);
		end_progress(l);
	}
	if (l->nr_told > MAX_TOLD)
		err_msg("%s: and %u more were refused", what, l->nr_told - MAX_TOLD);
	free(l->old_sas);
	free(l->old_listeners);
	free(l);
	return err;
}
