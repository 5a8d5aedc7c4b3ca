/* SPDX-License-Identifier: GPL-2.0 */
/* What a command says when it fails, and the exit status it says it with. */
#ifndef SIPSEC_CTL_MSG_H
#define SIPSEC_CTL_MSG_H

#include <stdbool.h>

enum {
	EXIT_OK = 0,
	EXIT_REFUSED = 1,	/* by the kernel, by a check, by the system */
	EXIT_USAGE = 2,		/* the command line or an input is not of the form */
	EXIT_DIFFERS = 3,	/* agree check: what was agreed is not what was said */
	EXIT_NO_COMMON = 4,	/* agree: no field, or no algorithm in common */
};

/* -j: JSON on the commands that print something. */
extern bool opt_json;

/*
 * One line on stderr: "sipsec: " and the message.  Octets that could drive a
 * terminal are shown as '?', since a message may quote what others wrote.
 */
void err_msg(const char *fmt, ...)
	__attribute__
	((format(printf, 1, 2)));

/* The same with "sipsec: warning: ": the command goes on. */
void warn_msg(const char *fmt, ...)
	__attribute__
	((format(printf, 1, 2)));

#endif
