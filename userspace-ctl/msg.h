/* SPDX-License-Identifier: GPL-2.0 */
/* What a command says when it fails, and the exit status it says it with. */
#ifndef SIPSEC_CTL_MSG_H
#define SIPSEC_CTL_MSG_H

#include <stdbool.h>

#ifndef __printf
#define __printf(a, b)	\
	__attribute__		\
	((__format__(printf, a, b)))
#endif

enum {
	EXIT_OK = 0,
	EXIT_REFUSED = 1,	/* by the kernel, by a check, by the system */
	EXIT_USAGE = 2,		/* the command line or an input is not of the form */
};

/* -j: JSON on the commands that print something. */
extern bool opt_json;

/*
 * One line on stderr: "sipsec: " and the message.  Octets that could drive a
 * terminal are shown as '?', since a message may quote what others wrote.
 */
__printf(1, 2) void err_msg(const char *fmt, ...);

/* The same with "sipsec: warning: ": the command goes on. */
__printf(1, 2) void warn_msg(const char *fmt, ...);

#endif
