// SPDX-License-Identifier: GPL-2.0
/* sipsec monitor */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <json-c/json.h>

#include "cmd.h"
#include "codec.h"
#include "msg.h"
#include "nl_open.h"
#include "out.h"

static const char *event_name(uint8_t cmd)
{
	switch (cmd) {
	case SIPSEC_CMD_SA_ADDED:
		return "sa-added";
	case SIPSEC_CMD_SA_CHANGED:
		return "sa-changed";
	case SIPSEC_CMD_SA_EXPIRED:
		return "sa-expired";
	case SIPSEC_CMD_SA_DELETED:
		return "sa-deleted";
	case SIPSEC_CMD_DATAGRAM:
		return "datagram";
	case SIPSEC_CMD_VERDICT:
		return "verdict";
	}
	return "unknown";
}

static const char *reason_name(uint8_t reason)
{
	static const char *const names[] = {
		[SIPSEC_REASON_COMMAND] = "command",
		[SIPSEC_REASON_FLUSH] = "flush",
		[SIPSEC_REASON_REPLACED] = "replaced",
		[SIPSEC_REASON_SOFT] = "soft",
		[SIPSEC_REASON_HARD] = "hard",
		[SIPSEC_REASON_EXPIRED] = "expired",
		[SIPSEC_REASON_DRAINED] = "drained",
	};

	return reason < sizeof(names) / sizeof(*names) ? names[reason] : "?";
}

#define TIME_MAX	40

static const char *now(char text[TIME_MAX])
{
	struct timespec ts;
	struct tm tm;
	size_t n;

	clock_gettime(CLOCK_REALTIME, &ts);
	gmtime_r(&ts.tv_sec, &tm);
	n = strftime(text, TIME_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, TIME_MAX - n, ".%03uZ", (unsigned int)(ts.tv_nsec / 1000000) % 1000);
	return text;
}

static bool event_has(const struct codec_event *e, unsigned int attr)
{
	return e->has >> attr & 1;
}

static const char *action_name(const struct codec_event *e)
{
	return e->action <= SIPSEC_CLASS_ACTION_ANSWER ? word_actions[e->action] : "?";
}

static void event_json(const char *name, const struct sa *sa, const struct listener *l,
		       const struct codec_event *e)
{
	struct json_object *o = json_object_new_object();
	char text[ADDR_TEXT_MAX], time[TIME_MAX];

	out_add_string(o, "time", now(time));
	out_add_string(o, "event", name);
	if (event_has(e, SIPSEC_A_EVENT_REASON))
		out_add_string(o, "reason", reason_name(e->reason));
	if (event_has(e, SIPSEC_A_EVENT_CLASS))
		out_add_string(o, "class", sipsec_class_name(e->class));
	if (event_has(e, SIPSEC_A_EVENT_ACTION))
		out_add_string(o, "action", action_name(e));
	if (event_has(e, SIPSEC_A_EVENT_ADDR4))
		out_add_string(o, "addr", addr_text(&e->addr, text));
	if (event_has(e, SIPSEC_A_EVENT_PORT))
		out_add_u64(o, "port", e->port);
	if (event_has(e, SIPSEC_A_EVENT_LOST))
		out_add_u64(o, "lost", e->lost);
	if (l->has)
		json_object_object_add(o, "listen", out_object_json(&listener_grammar, l));
	if (sa->has)
		json_object_object_add(o, "sa", out_object_json(&sa_grammar, sa));
	out_json(o);
}

static void event_text(const char *name, const struct sa *sa, const struct listener *l,
		       const struct codec_event *e)
{
	char text[SA_NAME_MAX], peer[ADDR_TEXT_MAX], time[TIME_MAX];

	printf("%s %-10s", now(time), name);
	if (event_has(e, SIPSEC_A_EVENT_REASON))
		printf(" %s", reason_name(e->reason));
	if (event_has(e, SIPSEC_A_EVENT_CLASS))
		printf(" %s", sipsec_class_name(e->class));
	if (event_has(e, SIPSEC_A_EVENT_ACTION))
		printf(" %s", action_name(e));
	if (sa_has(sa, SIPSEC_A_SA_SPI))
		printf(" %s", sa_name(sa, text));
	if (sa_has(sa, SIPSEC_A_SA_STATE) && sa->state < 3)
		printf(" %s", word_states[sa->state]);
	if (sa_has(sa, SIPSEC_A_SA_IMPI))
		printf(" impi %s", sa->impi);
	if (sa_has(sa, SIPSEC_A_SA_SEQ))
		printf(" seq %llu", (unsigned long long)sa->seq);
	if (event_has(e, SIPSEC_A_EVENT_ADDR4))
		printf(" from %s", addr_port_text(&e->addr, e->port, peer));
	if (object_has(l, SIPSEC_A_LISTENER_PORT))
		printf(" to %s", addr_port_text(&l->addr, l->port, peer));
	if (event_has(e, SIPSEC_A_EVENT_LOST) && e->lost)
		printf(" (%llu events lost before)", (unsigned long long)e->lost);
	putchar('\n');
}

static int show_event(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *a;
	struct codec_event e = { 0 };
	struct listener l = { 0 };
	struct texts impus = { 0 };
	struct sa sa = { .impus = &impus };

	(void)arg;
	a = codec_find(nlh, SIPSEC_A_SA);
	if (a)
		codec_get(a, &sa_grammar, &sa);
	a = codec_find(nlh, SIPSEC_A_LISTENER);
	if (a)
		codec_get(a, &listener_grammar, &l);
	a = codec_find(nlh, SIPSEC_A_EVENT);
	if (a)
		codec_get_event(a, &e);
	if (opt_json)
		event_json(event_name(codec_cmd(nlh)), &sa, &l, &e);
	else
		event_text(event_name(codec_cmd(nlh)), &sa, &l, &e);
	return fflush(stdout) ? -errno : 0;
}

/* The kernel had no room for what came: how many it was, nobody knows. */
static void show_overrun(const struct command *c)
{
	static const struct codec_event none;
	static const struct listener no_listener;
	static const struct sa no_sa;

	warn_msg("%s: events lost, too many at once", c->path);
	if (opt_json) {
		event_json("overrun", &no_sa, &no_listener, &none);
		fflush(stdout);
	}
}

static void end(int sig)
{
	(void)sig;
	_exit(EXIT_OK);
}

/*
 * Signals that end it come in while it waits, and at no other time: all that
 * was printed has been written then.
 */
static void set_signals(sigset_t *waiting)
{
	struct sigaction act = { .sa_handler = end };
	sigset_t block;

	sigemptyset(&block);
	sigaddset(&block, SIGINT);
	sigaddset(&block, SIGTERM);
	sigprocmask(SIG_BLOCK, &block, waiting);
	sigdelset(waiting, SIGINT);
	sigdelset(waiting, SIGTERM);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
}

int cmd_monitor(const struct command *c, int argc, char **argv)
{
	sigset_t waiting;
	struct nl *nl;
	int rc, err;

	rc = cmd_no_words(c, argc, argv);
	if (rc)
		return rc;
	nl = nl_open(c->path);
	if (!nl)
		return EXIT_REFUSED;
	set_signals(&waiting);
	err = nl_join(nl, SIPSEC_MCGRP_EVENTS);
	if (!err)
		err_msg("%s: listening", c->path);
	while (!err) {
		err = nl_listen(nl, &waiting, show_event, NULL);
		if (err == -ENOBUFS) {
			show_overrun(c);
			err = 0;
		} else if (err == -EINTR) {
			err = 0;
		}
	}
	if (err)
		rc = cmd_refused(c, nl);
	nl_close(nl);
	return out_end(c->path, rc);
}
