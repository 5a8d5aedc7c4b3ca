// SPDX-License-Identifier: GPL-2.0
/*
 * Kamailio's parser, measured within Kamailio: this is loaded by it as if it
 * were a module, does its work as soon as that is done, and ends the process.
 * The parser's functions are exported to modules, but no headers are packaged:
 * where struct sip_msg keeps what they want is known for 5.6 on 64-bit machines.
 *
 * With KAMAILIO_BENCH_ROUNDS, and messages in KAMAILIO_BENCH_FILES.
 */
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

#define MSG_UNPARSED	0x1f8
#define MSG_BUF		0x2d0
#define MSG_LEN		0x2d8
#define MSG_SIZE	8192	/* more than it has */
#define EVERY_HEADER	(~(uint64_t)0)

extern int parse_msg(char *buf, unsigned int len, void *msg);
extern int parse_headers(void *msg, uint64_t flags, int next);
extern void free_sip_msg(void *msg);

static bool kamailio(const struct message *m, unsigned long n, bool all)
{
	static char msg[MSG_SIZE] __attribute__((aligned(64)));
	unsigned int len = m->len;

	while (n--) {
		/* as large as it is known to be there: what is behind len stays zero */
		memset(msg, 0, 0x900);
		memcpy(msg + MSG_BUF, &m->data, sizeof(m->data));
		memcpy(msg + MSG_LEN, &len, sizeof(len));
		if (parse_msg(m->data, len, msg))
			return false;
		if (all && parse_headers(msg, EVERY_HEADER, 0) < 0)
			return false;
		free_sip_msg(msg);
	}
	return true;
}

static bool first(const struct message *m, unsigned long n)
{
	return kamailio(m, n, false);
}

static bool all(const struct message *m, unsigned long n)
{
	return kamailio(m, n, true);
}

static void __attribute__((constructor)) run(void)
{
	static const struct row rows[] = {
		{ "kamailio-first-via", first },
		{ "kamailio-all", all },
	};
	const char *rounds = getenv("KAMAILIO_BENCH_ROUNDS");
	char *files = getenv("KAMAILIO_BENCH_FILES");
	struct message messages[8];
	size_t nr = 0;

	if (!rounds || !files)
		errx(1, "loaded by what is no benchmark");
	for (files = strtok(files, " "); files && nr < 8; files = strtok(NULL, " "))
		messages[nr++] = message_read(files);
	rows_time(rows, sizeof(rows) / sizeof(rows[0]), messages, nr, atoi(rounds));
	fflush(stdout);
	_exit(0);
}
