// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/time64.h>

#include "bucket.h"

#define NR_SETS		1024
#define NR_WAYS		7

struct sipsec_bucket_set {
	spinlock_t lock;	/* of all in the set */
	u64 shared_full_at;
	struct {
		u64 source;
		u64 full_at;
	} way[NR_WAYS];
};

int sipsec_buckets_init(struct sipsec_buckets *b)
{
	int i;

	get_random_bytes(&b->key, sizeof(b->key));
	b->set = kvcalloc(NR_SETS, sizeof(*b->set), GFP_KERNEL_ACCOUNT);
	if (!b->set)
		return -ENOMEM;
	for (i = 0; i < NR_SETS; i++)
		spin_lock_init(&b->set[i].lock);
	return 0;
}

void sipsec_buckets_exit(struct sipsec_buckets *b)
{
	kvfree(b->set);
}

static bool take(u64 *full_at, u32 rate, u64 now)
{
	u64 one = NSEC_PER_SEC / rate;
	u64 from = max(*full_at, now);

	/* A full bucket holds BURST_S seconds' worth, this one among them. */
	if (from + one > now + (u64)SIPSEC_BURST_S * NSEC_PER_SEC)
		return false;
	*full_at = from + one;
	return true;
}

bool sipsec_buckets_take(struct sipsec_buckets *b, const struct sipsec_endpoint *src, u32 rate,
			 u64 now)
{
	/* The IPv4 address is in the last four octets, an IPv6 /64 in the first eight. */
	bool is4 = sipsec_endpoint_is4(src);
	const u8 *octets = src->addr.s6_addr + (is4 ? 12 : 0);
	u64 source = siphash(octets, is4 ? 4 : 8, &b->key);
	struct sipsec_bucket_set *set = &b->set[source % NR_SETS];
	u64 *full_at = NULL;
	int i, spare = -1;
	bool ok;

	spin_lock(&set->lock);
	for (i = 0; i < NR_WAYS; i++) {
		if (set->way[i].source == source) {
			full_at = &set->way[i].full_at;
			break;
		}
		if (set->way[i].full_at <= now)
			spare = i;
	}
	if (!full_at && spare >= 0) {
		set->way[spare].source = source;
		full_at = &set->way[spare].full_at;
	}
	ok = take(full_at ?: &set->shared_full_at, rate, now);
	spin_unlock(&set->lock);
	return ok;
}

bool sipsec_bucket_take(struct sipsec_bucket *b, u32 rate, u64 now)
{
	bool ok;

	spin_lock(&b->lock);
	ok = take(&b->full_at, rate, now);
	spin_unlock(&b->lock);
	return ok;
}
