/* SPDX-License-Identifier: GPL-2.0 */
/* What reading commands print: JSON, tables, colour where a terminal reads. */
#ifndef SIPSEC_CTL_OUT_H
#define SIPSEC_CTL_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "sa.h"
#include "word.h"

struct json_object;

enum out_color {
	OUT_PLAIN,
	OUT_BOLD,
	OUT_RED,
	OUT_YELLOW,
};

/* Escape sequences, or "" where standard output is no terminal or NO_COLOR is set. */
const char *out_color(enum out_color color);

/* A header line, in bold; its line feed is added. */
void out_header(const char *text);

/*
 * A list that is written element by element, since a dump is not held: a JSON
 * array, or lines below a header.  It begins with its first element, so that a
 * request that is refused prints nothing.
 */
struct out_list {
	void (*header)(void);
	bool begun;
};

/* Before each line, where it is not JSON. */
void out_list_line(struct out_list *l);

/* An element of the JSON array; gives o back. */
void out_list_json(struct out_list *l, struct json_object *o);

/* What broke off is not ended: it is no JSON, so that nobody takes it for all. */
void out_list_end(struct out_list *l);

/* One JSON value and a line feed; gives o back. */
void out_json(struct json_object *o);

/* An object's members by its table, as JSON; and as lines "name: value". */
struct json_object *out_object_json(const struct grammar *g, const void *object);
void out_object_text(const struct grammar *g, const void *object);

struct json_object *out_counters_json(const struct counters *c);

/* Nonzero counters as lines "name: value", each behind indent; "none" if so. */
void out_counters_text(const struct counters *c, const char *indent);

void out_add_u64(struct json_object *o, const char *name, uint64_t value);
void out_add_string(struct json_object *o, const char *name, const char *text);

/* 5s, 3m20s, 4h05m, 12d3h */
#define OUT_AGE_MAX	32
const char *out_age(uint64_t seconds, char text[OUT_AGE_MAX]);

/* See that all was written; returns rc, or EXIT_REFUSED after saying why. */
int out_end(const char *what, int rc);

#endif
