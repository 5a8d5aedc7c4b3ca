/* SPDX-License-Identifier: GPL-2.0 */
/* Counters, one set a CPU. */
#ifndef SIPSEC_STATS_H
#define SIPSEC_STATS_H

#include <linux/percpu.h>
#include <linux/u64_stats_sync.h>

#include "core/class.h"

/* Behind the classes: what a listener in monitor mode would have dropped. */
#define SIPSEC_WOULD_DROP	SIPSEC_NR_CLASSES
#define SIPSEC_NR_COUNTS	(SIPSEC_NR_CLASSES + 1)

/* Datagrams by class. */
struct sipsec_classes {
	u64_stats_t count[SIPSEC_NR_COUNTS];
	struct u64_stats_sync sync;
};

static inline void sipsec_classes_inc(struct sipsec_classes __percpu *c, unsigned int what)
{
	struct sipsec_classes *here = this_cpu_ptr(c);

	u64_stats_update_begin(&here->sync);
	u64_stats_inc(&here->count[what]);
	u64_stats_update_end(&here->sync);
}

/* NULL without memory. */
struct sipsec_classes __percpu *sipsec_classes_alloc(void);

/* Add what all CPUs counted to sum. */
void sipsec_classes_add(const struct sipsec_classes __percpu *c, u64 sum[SIPSEC_NR_COUNTS]);

/* S(SYMBOL): the namespace's own, each with the netlink attribute of its name. */
#define SIPSEC_STATS(S) \
	S(FRAGMENTS) S(MAC_FAILED) S(SIGNED) S(STRIPPED) S(UNSIGNED) \
	S(TX_MALFORMED) S(TX_COMPRESSED) S(TX_TOO_BIG) S(TX_FAILED)

enum sipsec_stat {
#define SIPSEC_STAT_ENUM(sym) SIPSEC_STAT_##sym,
	SIPSEC_STATS(SIPSEC_STAT_ENUM)
#undef SIPSEC_STAT_ENUM
	SIPSEC_NR_STATS,
};

struct sipsec_stats {
	u64_stats_t count[SIPSEC_NR_STATS];
	struct u64_stats_sync sync;
};

static inline void sipsec_stats_inc(struct sipsec_stats __percpu *s, enum sipsec_stat stat)
{
	struct sipsec_stats *here = this_cpu_ptr(s);

	u64_stats_update_begin(&here->sync);
	u64_stats_inc(&here->count[stat]);
	u64_stats_update_end(&here->sync);
}

struct sipsec_stats __percpu *sipsec_stats_alloc(void);
void sipsec_stats_read(const struct sipsec_stats __percpu *s, u64 sum[SIPSEC_NR_STATS]);

#endif
