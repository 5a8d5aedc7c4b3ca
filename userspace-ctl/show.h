/* SPDX-License-Identifier: GPL-2.0 */
/* Pieces that listen list, stats, version and the overview of show share. */
#ifndef SIPSEC_CTL_SHOW_H
#define SIPSEC_CTL_SHOW_H

#include <stdint.h>

#include "codec.h"

struct json_object;
struct nl;
struct nlmsghdr;

void show_listener_header(void);

/* One message of a dump of listeners; 0 or a negative errno. */
int show_read_listener(const struct nlmsghdr *nlh, struct listener *l,
		       struct counters *counters);
void show_listener_text(const struct listener *l);

struct show_stats {
	uint64_t has;		/* bits by SIPSEC_A_STATS_ */
	uint64_t values[CODEC_STATS_MAX];
	struct counters counters;
};

int show_get_stats(struct nl *nl, struct show_stats *s);
void show_add_stats(struct json_object *o, const struct show_stats *s);
void show_stats_text(const struct show_stats *s);

/* The algorithms and their drivers, of the answer to info-get: into o or, if NULL, as text. */
void show_algs(const struct nlmsghdr *nlh, struct json_object *o);

#endif
