/* SPDX-License-Identifier: GPL-2.0 */
/* Rows of a benchmark in user space: something done to a message, many times. */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>

struct message {
	const char *name;
	char *data;
	size_t len;
};

struct row {
	const char *name;
	/*
	 * Do it n times to this message; false if it was not done as it should be.
	 * The message is the same each time, and is not changed.
	 */
	bool (*work)(const struct message *m, unsigned long n);
};

/* Read a whole file; exits where that fails. */
struct message message_read(const char *path);

/*
 * All rows for all messages: in each of the rounds each row has a turn of about
 * a millisecond, so that what disturbs the machine disturbs all rows alike.
 * Prints "row message best median", in ns for one message.
 */
void rows_time(const struct row *rows, size_t nr_rows, const struct message *messages,
	       size_t nr_messages, unsigned int rounds);

/* One row for one message n times and nothing else, for callgrind and perf. */
void row_repeat(const struct row *rows, size_t nr_rows, const char *name,
		const struct message *m, unsigned long n);

#endif
