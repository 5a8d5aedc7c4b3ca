// SPDX-License-Identifier: GPL-2.0
/* sipsec(8): options, and the way to the command. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "msg.h"
#include "secret.h"

/* As ip-netns(8) keeps them. */
#define NETNS_DIR	"/run/netns/"

static int enter_netns(const char *name)
{
	char path[PATH_MAX];
	int fd, n;

	n = snprintf(path, sizeof(path), "%s%s", strchr(name, '/') ? "" : NETNS_DIR, name);
	if (n >= (int)sizeof(path)) {
		err_msg("-n: %.64s...: %s", name, strerror(ENAMETOOLONG));
		return EXIT_USAGE;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET)) {
		err_msg("-n: %s: %s", name, strerror(errno));
		if (fd >= 0)
			close(fd);
		return EXIT_REFUSED;
	}
	close(fd);
	return EXIT_OK;
}

struct options {
	const char *netns;
	bool help;
	bool version;
};

static int bad_option(const char *option, const char *reason)
{
	err_msg("%.16s: %s", option, reason);
	return EXIT_USAGE;
}

/*
 * Options stand before the command: what follows it may be what a stranger wrote, as
 * the value of a header field.  *next: the argument after them.
 */
static int take_options(int argc, char **argv, struct options *o, int *next)
{
	int i;

	for (i = 1; i < argc; i++) {
		const char *a = argv[i];

		if (a[0] != '-' || !a[1])
			break;
		if (!strcmp(a, "-j") || !strcmp(a, "--json")) {
			opt_json = true;
		} else if (!strcmp(a, "-v") || !strcmp(a, "--verbose")) {
			opt_verbose = true;
		} else if (!strcmp(a, "-h") || !strcmp(a, "--help")) {
			o->help = true;
		} else if (!strcmp(a, "-V") || !strcmp(a, "--version")) {
			o->version = true;
		} else if (!strcmp(a, "-n") || !strcmp(a, "--netns")) {
			if (o->netns)
				return bad_option(a, "given twice");
			if (++i == argc)
				return bad_option(a, "its value is missing");
			o->netns = argv[i];
		} else {
			return bad_option(a, "unknown option");
		}
	}
	*next = i;
	return EXIT_OK;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	int next, rc;

	secret_hide_process();
	rc = take_options(argc, argv, &o, &next);
	if (rc)
		return rc;
	if (o.version) {
		printf("sipsec %s\n", SIPSEC_VERSION);
		return EXIT_OK;
	}
	if (o.help)
		return cmd_help(NULL, argc - next, argv + next);
	if (o.netns) {
		rc = enter_netns(o.netns);
		if (rc)
			return rc;
	}
	return cmd_run(argc - next, argv + next);
}
