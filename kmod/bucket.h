/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Token buckets by source (clause 10): bounded memory, a bounded search, no
 * allocation.  A source is an IPv4 address or an IPv6 /64.
 *
 * A bucket is one time stamp: when it will be full again (the generic cell rate
 * algorithm).  One that is full says nothing and gives its place to another
 * source.  Where a flood of sources leaves no full one in a set, those that find
 * none share one bucket of the set: they are few of all sources, picked by a
 * hash with a random key.
 */
#ifndef SIPSEC_BUCKET_H
#define SIPSEC_BUCKET_H

#include <linux/spinlock.h>
#include <linux/siphash.h>

#include "addr.h"

#define SIPSEC_RATE_DEFAULT	20
#define SIPSEC_RATE_MAX		1000000
/* Burst, in seconds' worth of the rate. */
#define SIPSEC_BURST_S		5

struct sipsec_bucket_set;

struct sipsec_buckets {
	siphash_key_t key;
	struct sipsec_bucket_set *set;
};

int sipsec_buckets_init(struct sipsec_buckets *b);
void sipsec_buckets_exit(struct sipsec_buckets *b);

/* May one more of src pass, at rate a second?  now: ktime_get_ns() or like it. */
bool sipsec_buckets_take(struct sipsec_buckets *b, const struct sipsec_endpoint *src, u32 rate,
			 u64 now);

/* A bucket alone. */
struct sipsec_bucket {
	spinlock_t lock;	/* of full_at */
	u64 full_at;
};

bool sipsec_bucket_take(struct sipsec_bucket *b, u32 rate, u64 now);

#endif
