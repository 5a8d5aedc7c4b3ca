// SPDX-License-Identifier: GPL-2.0
/* The frames of two lanes, injected by one CPU or by two at once. */
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/kthread.h>

#include "bench.h"

struct worker {
	struct bench_lane *lane[2];	/* one after the other; the second may be NULL */
	struct sk_buff_head *list[2];
	atomic_t *waiting;		/* for how many to begin */
	u64 begin;
	u64 end;
	struct completion done;
};

static int work(void *arg)
{
	struct worker *w = arg;
	int i;

	atomic_dec(w->waiting);
	while (atomic_read(w->waiting))
		cpu_relax();
	w->begin = bench_ticks();
	for (i = 0; i < 2; i++)
		if (w->lane[i])
			bench_inject(w->lane[i], w->list[i], false);
	w->end = bench_ticks();
	complete(&w->done);
	return 0;
}

/* Every other frame to the other list, where both are of one lane. */
static void deal(struct sk_buff_head *from, struct sk_buff_head *to)
{
	unsigned int half = skb_queue_len(from) / 2;
	struct sk_buff *skb;

	while (skb_queue_len(to) < half) {
		__skb_queue_tail(to, __skb_dequeue(from));
		skb = __skb_dequeue(from);
		__skb_queue_tail(from, skb);
	}
}

static int start(struct worker *w, unsigned int nr)
{
	atomic_t waiting = ATOMIC_INIT(nr);
	struct task_struct *task[2];
	unsigned int i;

	for (i = 0; i < nr; i++) {
		w[i].waiting = &waiting;
		init_completion(&w[i].done);
		task[i] = kthread_create(work, &w[i], "sipsec_bench/%u", i);
		if (IS_ERR(task[i])) {
			/* it has not begun, and never will */
			if (i)
				kthread_stop(task[0]);
			return PTR_ERR(task[i]);
		}
		kthread_bind(task[i], i);
	}
	for (i = 0; i < nr; i++)
		wake_up_process(task[i]);
	for (i = 0; i < nr; i++)
		wait_for_completion(&w[i].done);
	return 0;
}

int bench_both(struct bench_lane *a, struct bench_lane *b, const struct bench_run *run,
	       unsigned int cpus, struct bench_result *result)
{
	struct worker w[2] = {};
	struct sk_buff_head list[2];
	int err;

	memset(result, 0, sizeof(*result));
	if (!cpus || cpus > 2 || num_online_cpus() < cpus)
		return -ENODEV;
	__skb_queue_head_init(&list[0]);
	__skb_queue_head_init(&list[1]);
	err = bench_lane_fill(a, run, &list[0]);
	if (!err && a != b)
		err = bench_lane_fill(b, run, &list[1]);
	if (err)
		goto out;
	if (a == b)
		deal(&list[0], &list[1]);
	w[0].lane[0] = a;
	w[0].list[0] = &list[0];
	w[cpus - 1].lane[cpus == 1] = b;
	w[cpus - 1].list[cpus == 1] = &list[1];
	atomic_long_set(&a->arrived, 0);
	atomic_long_set(&b->arrived, 0);
	err = start(w, cpus);
	if (err)
		goto out;
	result->receiving = max(w[0].end, w[cpus - 1].end) - min(w[0].begin, w[cpus - 1].begin);
	result->arrived = atomic_long_read(&a->arrived);
	if (a != b)
		result->arrived += atomic_long_read(&b->arrived);
out:
	__skb_queue_purge(&list[0]);
	__skb_queue_purge(&list[1]);
	return err;
}
