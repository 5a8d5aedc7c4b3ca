// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "agree.h"
#include "cmd.h"
#include "cmd_aka.h"
#include "hex.h"
#include "listener.h"
#include "msg.h"
#include "nl.h"
#include "pair.h"
#include "sa.h"

bool opt_verbose;

static int run_aka(const struct command *c, int argc, char **argv)
{
	(void)c;
	/* It wants its own name at argv[0], which is what stands before. */
	return cmd_aka(argc + 1, argv - 1);
}

static const struct command sa_commands[] = {
	{
		.name = "add", .path = "sa add", .help = "make an SA",
		.run = cmd_sa_change, .grammar = &sa_grammar, .use = USE_ADD,
		.nl_cmd = SIPSEC_CMD_SA_ADD,
	}, {
		.name = "replace", .path = "sa replace",
		.help = "make an SA in the place of the one it names, if there is one",
		.run = cmd_sa_change, .grammar = &sa_grammar, .use = USE_ADD,
		.nl_cmd = SIPSEC_CMD_SA_REPLACE,
	}, {
		.name = "set", .path = "sa set", .help = "change an SA",
		.run = cmd_sa_change, .grammar = &sa_grammar, .use = USE_SET,
		.nl_cmd = SIPSEC_CMD_SA_SET,
	}, {
		.name = "del", .path = "sa del", .help = "delete an SA",
		.run = cmd_sa_change, .grammar = &sa_grammar, .use = USE_NAME | USE_DEL,
		.nl_cmd = SIPSEC_CMD_SA_DEL,
	}, {
		.name = "get", .path = "sa get", .help = "show one SA, with its counters",
		.run = cmd_sa_get, .grammar = &sa_grammar, .use = USE_NAME,
		.nl_cmd = SIPSEC_CMD_SA_GET,
	}, {
		.name = "list", .path = "sa list", .help = "list the SAs a filter means, or all",
		.run = cmd_sa_list, .grammar = &sa_grammar, .use = USE_FILTER,
		.nl_cmd = SIPSEC_CMD_SA_GET,
	}, {
		.name = "flush", .path = "sa flush",
		.help = "delete the SAs a filter means, or all",
		.run = cmd_sa_flush, .grammar = &sa_grammar, .use = USE_FILTER,
		.nl_cmd = SIPSEC_CMD_SA_FLUSH,
	},
	{
		.name = "from-challenge", .path = "sa from-challenge",
		.help = "make the SAs of a 401 and print it without its keys",
		.run = cmd_sa_from_challenge, .grammar = &pair_grammar, .use = USE_ADD,
	},
	{ .name = NULL },
};

static const struct command pair_commands[] = {
	{
		.name = "add", .path = "pair add", .help = "make both SAs of a pair, or none",
		.args = "in WORDS out WORDS", .run = cmd_pair_change,
		.grammar = &sa_grammar, .use = USE_ADD, .nl_cmd = SIPSEC_CMD_SA_ADD,
	}, {
		.name = "replace", .path = "pair replace",
		.help = "make a pair in the place of the SAs it names, if they are there",
		.args = "in WORDS out WORDS", .run = cmd_pair_change,
		.grammar = &sa_grammar, .use = USE_ADD, .nl_cmd = SIPSEC_CMD_SA_REPLACE,
	}, {
		.name = "del", .path = "pair del", .help = "delete an SA and its partner",
		.run = cmd_pair_del, .grammar = &sa_grammar, .use = USE_NAME,
		.nl_cmd = SIPSEC_CMD_SA_DEL,
	},
	{ .name = NULL },
};

static const struct command listen_commands[] = {
	{
		.name = "add", .path = "listen add", .help = "make a listener",
		.run = cmd_listen_change, .grammar = &listener_grammar, .use = USE_ADD,
		.nl_cmd = SIPSEC_CMD_LISTENER_ADD,
	}, {
		.name = "replace", .path = "listen replace",
		.help = "make a listener in the place of the one it names, if there is one",
		.run = cmd_listen_change, .grammar = &listener_grammar, .use = USE_ADD,
		.nl_cmd = SIPSEC_CMD_LISTENER_REPLACE,
	}, {
		.name = "set", .path = "listen set", .help = "change a listener",
		.run = cmd_listen_change, .grammar = &listener_grammar, .use = USE_SET,
		.nl_cmd = SIPSEC_CMD_LISTENER_SET,
	}, {
		.name = "del", .path = "listen del", .help = "delete a listener",
		.run = cmd_listen_change, .grammar = &listener_grammar, .use = USE_NAME,
		.nl_cmd = SIPSEC_CMD_LISTENER_DEL,
	}, {
		.name = "list", .path = "listen list",
		.help = "list the listeners, with their counters",
		.run = cmd_listen_list, .nl_cmd = SIPSEC_CMD_LISTENER_GET,
	},
	{ .name = NULL },
};

static const struct command agree_commands[] = {
	{
		.name = "client", .path = "agree client", .help = "write a UE's Security-Client",
		.run = cmd_agree_client, .grammar = &agree_client_grammar, .use = USE_ADD,
	}, {
		.name = "server", .path = "agree server",
		.help = "choose from a Security-Client, and write Security-Server",
		.run = cmd_agree_server, .grammar = &agree_server_grammar, .use = USE_ADD,
	}, {
		.name = "offer", .path = "agree offer",
		.help = "write the Security-Server of a 494 or 421",
		.run = cmd_agree_offer, .grammar = &agree_offer_grammar, .use = USE_ADD,
	}, {
		.name = "verify", .path = "agree verify",
		.help = "choose from a Security-Server, and write Security-Verify",
		.run = cmd_agree_verify, .grammar = &agree_verify_grammar, .use = USE_ADD,
	}, {
		.name = "check", .path = "agree check",
		.help = "compare a protected REGISTER with what was received and sent",
		.run = cmd_agree_check, .grammar = &agree_check_grammar, .use = USE_ADD,
	},
	{ .name = NULL },
};

const struct command cmd_top[] = {
	{ .name = "show", .path = "show", .help = "an overview", .run = cmd_show, },
	{ .name = "sa", .path = "sa", .help = "security associations", .sub = sa_commands, },
	{ .name = "pair", .path = "pair", .help = "pairs of SAs", .sub = pair_commands, },
	{ .name = "listen", .path = "listen", .help = "listeners", .sub = listen_commands, },
	{
		.name = "agree", .path = "agree", .help = "agreement by RFC 3329",
		.sub = agree_commands,
	}, {
		.name = "stats", .path = "stats", .help = "counters of the network namespace",
		.run = cmd_stats, .nl_cmd = SIPSEC_CMD_STATS_GET,
	}, {
		.name = "monitor", .path = "monitor", .help = "print events as they happen",
		.run = cmd_monitor,
	}, {
		.name = "load", .path = "load", .args = "FILE|-",
		.help = "make the network namespace's state what a file says",
		.run = cmd_load,
	}, {
		.name = "save", .path = "save", .args = "[key-dir DIR]",
		.help = "print the running state as such a file, without keys",
		.run = cmd_save,
	}, {
		.name = "aka", .path = "aka",
		.help = "compute AKA vectors and SA keys", .args = "...",
		.run = run_aka,
	}, {
		.name = "version", .path = "version",
		.help = "versions, and the algorithms the kernel serves",
		.run = cmd_version, .nl_cmd = SIPSEC_CMD_INFO_GET,
	}, {
		.name = "help", .path = "help", .help = "this, or the synopsis of a command",
		.args = "[COMMAND...]", .run = cmd_help,
	},
	/* For the completion of the shell; help does not show it. */
	{ .name = "complete", .path = "complete", .run = cmd_complete, },
	{ .name = NULL },
};

static const struct command *find(const struct command *c, const char *name)
{
	for (; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

int cmd_run(int argc, char **argv)
{
	const struct command *c = NULL, *table = cmd_top;
	int i = 0;

	while (table) {
		const char *above = c ? c->path : NULL;

		if (i == argc) {
			err_msg("%s%scommand: missing (sipsec help)", above ? above : "",
				above ? ": " : "");
			return EXIT_USAGE;
		}
		c = find(table, argv[i]);
		if (!c) {
			err_msg("%s%s%.16s: unknown command (sipsec help)", above ? above : "",
				above ? ": " : "", hex_shown(argv[i]));
			return EXIT_USAGE;
		}
		table = c->sub;
		i++;
	}
	return c->run(c, argc - i, argv + i);
}

int cmd_parse(const struct command *c, int argc, char **argv, void *object)
{
	char error[WORD_ERROR_MAX];

	if (!words_parse(c->grammar, c->use, argc, argv, object, error))
		return EXIT_OK;
	err_msg("%s: %s", c->path, error);
	return EXIT_USAGE;
}

int cmd_no_words(const struct command *c, int argc, char **argv)
{
	return argc ? cmd_unknown_word(c, argv[0]) : EXIT_OK;
}

int cmd_unknown_word(const struct command *c, const char *name)
{
	char error[WORD_ERROR_MAX];

	word_unknown(name, error);
	err_msg("%s: %s", c->path, error);
	return EXIT_USAGE;
}

int cmd_refused(const struct command *c, const struct nl *nl)
{
	err_msg("%s: %s", c->path, nl_error(nl));
	return EXIT_REFUSED;
}

int cmd_do(const struct command *c, struct nl *nl)
{
	const int rc = nl_do(nl, NULL, NULL) ? cmd_refused(c, nl) : EXIT_OK;

	nl_close(nl);
	return rc;
}

int cmd_lib_status(int err)
{
	switch (err) {
	case -EINVAL:
		return EXIT_USAGE;
	case -EKEYREJECTED:
		return EXIT_DIFFERS;
	case -ENOMSG:
	case -EPROTONOSUPPORT:
		return EXIT_NO_COMMON;
	default:
		return EXIT_REFUSED;
	}
}
