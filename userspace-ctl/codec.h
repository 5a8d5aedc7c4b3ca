/* SPDX-License-Identifier: GPL-2.0 */
/* Objects to netlink attributes and back, by the table of their words. */
#ifndef SIPSEC_CTL_CODEC_H
#define SIPSEC_CTL_CODEC_H

#include <stdint.h>

#include "listener.h"
#include "sa.h"
#include "word.h"

struct nlattr;
struct nlmsghdr;

/* The object's nest: all it has but what is read only. */
void codec_put(struct nlmsghdr *nlh, const struct grammar *g, const void *object);

/* The same without the nest around, for one that holds more than the words say. */
void codec_put_members(struct nlmsghdr *nlh, const struct grammar *g, const void *object);

/* The attribute of that number on the top level of a message, or NULL. */
const struct nlattr *codec_find(const struct nlmsghdr *nlh, unsigned int attr);

/*
 * A nest into an object that was zero, but for its pointers to counters and impus.
 * Texts point into the message.
 */
void codec_get(const struct nlattr *nest, const struct grammar *g, void *object);

void codec_get_counters(const struct nlattr *nest, struct counters *counters);

/* The numbers of stats: values by attribute; returns which were there, by bits. */
#define CODEC_STATS_MAX	32
uint64_t codec_get_stats(const struct nlattr *nest, uint64_t values[CODEC_STATS_MAX],
			 struct counters *counters);

/* One of the algorithms of info-get. */
struct codec_alg {
	uint8_t nr;
	uint8_t disabled;
	const char *driver;	/* NULL: none; points into the message */
};

void codec_get_alg(const struct nlattr *nest, struct codec_alg *alg);

/* What a multicast message says beside the SA. */
struct codec_event {
	uint64_t has;		/* bits by SIPSEC_A_EVENT_; ADDR4 is either address */
	uint8_t reason;
	uint8_t class;
	uint8_t action;
	struct addr addr;
	uint16_t port;
	uint64_t lost;
};

void codec_get_event(const struct nlattr *nest, struct codec_event *event);

uint8_t codec_cmd(const struct nlmsghdr *nlh);
const char *codec_string(const struct nlattr *a);
uint64_t codec_u64(const struct nlattr *a);

#endif
