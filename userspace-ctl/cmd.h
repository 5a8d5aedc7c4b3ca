/* SPDX-License-Identifier: GPL-2.0 */
/* The commands: one table, which the dispatcher, help and the completion read. */
#ifndef SIPSEC_CTL_CMD_H
#define SIPSEC_CTL_CMD_H

#include <stdbool.h>
#include <stdint.h>

#include "word.h"

struct command {
	const char *name;
	const char *path;	/* with the command above: "sa add" */
	const char *help;	/* one line */
	const char *args;	/* synopsis of what the table does not say; may be NULL */
	/* argv: what follows the command's words.  Returns the exit status of msg.h. */
	int (*run)(const struct command *c, int argc, char **argv);
	const struct grammar *grammar;	/* the words it takes; NULL: args says all */
	unsigned int use;
	uint8_t nl_cmd;		/* SIPSEC_CMD_ of its request */
	const struct command *sub;	/* commands below this one; .name NULL ends them */
};

extern const struct command cmd_top[];

/* -v */
extern bool opt_verbose;

/* Run the command that argv begins with.  Returns the exit status of msg.h. */
int cmd_run(int argc, char **argv);

/* The command's words into an object that was zero; says what is wrong. */
int cmd_parse(const struct command *c, int argc, char **argv, void *object);

/* Say that name is no word of the command; returns EXIT_USAGE. */
int cmd_unknown_word(const struct command *c, const char *name);

/* For a command that takes no words. */
int cmd_no_words(const struct command *c, int argc, char **argv);

/* Say that the kernel refused; returns EXIT_REFUSED. */
struct nl;
int cmd_refused(const struct command *c, const struct nl *nl);

/* Send what nl_begin() began, which nothing answers, and close.  Returns the exit status. */
int cmd_do(const struct command *c, struct nl *nl);

/* The exit status for an error of libsipsec. */
int cmd_lib_status(int err);

int cmd_show(const struct command *c, int argc, char **argv);
int cmd_sa_change(const struct command *c, int argc, char **argv);
int cmd_sa_get(const struct command *c, int argc, char **argv);
int cmd_sa_list(const struct command *c, int argc, char **argv);
int cmd_sa_flush(const struct command *c, int argc, char **argv);
int cmd_pair_change(const struct command *c, int argc, char **argv);
int cmd_pair_del(const struct command *c, int argc, char **argv);
int cmd_sa_from_challenge(const struct command *c, int argc, char **argv);
int cmd_agree_client(const struct command *c, int argc, char **argv);
int cmd_agree_server(const struct command *c, int argc, char **argv);
int cmd_agree_offer(const struct command *c, int argc, char **argv);
int cmd_agree_verify(const struct command *c, int argc, char **argv);
int cmd_agree_check(const struct command *c, int argc, char **argv);
int cmd_listen_change(const struct command *c, int argc, char **argv);
int cmd_listen_list(const struct command *c, int argc, char **argv);
int cmd_stats(const struct command *c, int argc, char **argv);
int cmd_monitor(const struct command *c, int argc, char **argv);
int cmd_load(const struct command *c, int argc, char **argv);
int cmd_save(const struct command *c, int argc, char **argv);
int cmd_version(const struct command *c, int argc, char **argv);
int cmd_help(const struct command *c, int argc, char **argv);
int cmd_complete(const struct command *c, int argc, char **argv);

#endif
