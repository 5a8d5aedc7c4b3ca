// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

#define TURN_NS		1000000.0

struct message message_read(const char *path)
{
	struct message m = { .name = strrchr(path, '/') };
	FILE *f = fopen(path, "rb");
	long size;

	if (!f || fseek(f, 0, SEEK_END))
		err(1, "%s", path);
	size = ftell(f);
	if (size <= 0)
		err(1, "%s", path);
	rewind(f);
	m.name = m.name ? m.name + 1 : path;
	m.len = size;
	m.data = malloc(size + 1);
	if (!m.data || fread(m.data, 1, size, f) != m.len)
		err(1, "%s", path);
	m.data[size] = '\0';
	fclose(f);
	return m;
}

static double now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

static double timed(const struct row *row, const struct message *m, unsigned long n)
{
	double begin = now_ns();

	if (!row->work(m, n))
		errx(1, "%s failed on %s", row->name, m->name);
	return (now_ns() - begin) / n;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void rows_time(const struct row *rows, size_t nr_rows, const struct message *messages,
	       size_t nr_messages, unsigned int rounds)
{
	size_t nr = nr_rows * nr_messages, i;
	double *ns = calloc(nr * rounds, sizeof(*ns));
	unsigned long *n = calloc(nr, sizeof(*n));
	unsigned int round;

	if (!ns || !n)
		err(1, "calloc");
	for (i = 0; i < nr; i++) {
		double once = timed(&rows[i / nr_messages], &messages[i % nr_messages], 1000);

		n[i] = once < TURN_NS ? TURN_NS / once + 1 : 1;
	}
	for (round = 0; round < rounds; round++)
		for (i = 0; i < nr; i++)
			ns[i * rounds + round] = timed(&rows[i / nr_messages],
						       &messages[i % nr_messages], n[i]);
	for (i = 0; i < nr; i++) {
		qsort(ns + i * rounds, rounds, sizeof(*ns), compare);
		printf("%s %s %.1f %.1f\n", rows[i / nr_messages].name,
		       messages[i % nr_messages].name, ns[i * rounds],
		       ns[i * rounds + rounds / 2]);
	}
	free(n);
	free(ns);
}

void row_repeat(const struct row *rows, size_t nr_rows, const char *name,
		const struct message *m, unsigned long n)
{
	size_t i;

	for (i = 0; i < nr_rows; i++)
		if (!strcmp(rows[i].name, name)) {
			if (!rows[i].work(m, n))
				errx(1, "%s failed on %s", name, m->name);
			return;
		}
	errx(1, "no row %s", name);
}
