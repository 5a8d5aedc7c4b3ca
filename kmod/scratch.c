// SPDX-License-Identifier: GPL-2.0
#include <linux/build_bug.h>
#include <linux/slab.h>

#include "scratch.h"

DEFINE_PER_CPU(struct sipsec_scratch, sipsec_scratch) = {
	.lock = INIT_LOCAL_LOCK(lock),
};

/* Both buffers are meant to cost one power of two, 64 KiB, each. */
static_assert(SIPSEC_GMAC_BUF_LEN <= 65536);

int sipsec_scratch_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct sipsec_scratch *s = per_cpu_ptr(&sipsec_scratch, cpu);

		s->msg = kmalloc_node(SIPSEC_MAX_SIZE_CAP, GFP_KERNEL, cpu_to_node(cpu));
		if (!s->msg) {
			sipsec_scratch_exit();
			return -ENOMEM;
		}
	}
	return 0;
}

void sipsec_scratch_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct sipsec_scratch *s = per_cpu_ptr(&sipsec_scratch, cpu);

		kfree(s->msg);
		s->msg = NULL;
	}
}
