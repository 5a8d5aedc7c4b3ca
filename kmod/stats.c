// SPDX-License-Identifier: GPL-2.0
#include "stats.h"

struct sipsec_classes __percpu *sipsec_classes_alloc(void)
{
	struct sipsec_classes __percpu *c;
	int cpu;

	c = alloc_percpu_gfp(struct sipsec_classes, GFP_KERNEL_ACCOUNT);
	if (c)
		for_each_possible_cpu(cpu)
			u64_stats_init(&per_cpu_ptr(c, cpu)->sync);
	return c;
}

void sipsec_classes_add(const struct sipsec_classes __percpu *c, u64 sum[SIPSEC_NR_COUNTS])
{
	unsigned int start;
	int cpu, i;
	u64 n;

	for_each_possible_cpu(cpu) {
		const struct sipsec_classes *there = per_cpu_ptr(c, cpu);

		for (i = 0; i < SIPSEC_NR_COUNTS; i++) {
			do {
				start = u64_stats_fetch_begin(&there->sync);
				n = u64_stats_read(&there->count[i]);
			} while (u64_stats_fetch_retry(&there->sync, start));
			sum[i] += n;
		}
	}
}

struct sipsec_stats __percpu *sipsec_stats_alloc(void)
{
	struct sipsec_stats __percpu *s;
	int cpu;

	s = alloc_percpu_gfp(struct sipsec_stats, GFP_KERNEL_ACCOUNT);
	if (s)
		for_each_possible_cpu(cpu)
			u64_stats_init(&per_cpu_ptr(s, cpu)->sync);
	return s;
}

void sipsec_stats_read(const struct sipsec_stats __percpu *s, u64 sum[SIPSEC_NR_STATS])
{
	unsigned int start;
	int cpu, i;
	u64 n;

	memset(sum, 0, SIPSEC_NR_STATS * sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct sipsec_stats *there = per_cpu_ptr(s, cpu);

		for (i = 0; i < SIPSEC_NR_STATS; i++) {
			do {
				start = u64_stats_fetch_begin(&there->sync);
				n = u64_stats_read(&there->count[i]);
			} while (u64_stats_fetch_retry(&there->sync, start));
			sum[i] += n;
		}
	}
}
