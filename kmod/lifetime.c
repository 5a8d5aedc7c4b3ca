// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include <linux/ktime.h>

#include "core/limits.h"
#include "lifetime.h"
#include "net.h"
#include "pair.h"
#include "sa.h"
#include "sa_table.h"

static void wheel_turn(struct work_struct *work);

static u32 boot_now(void)
{
	return ktime_get_boottime_seconds();
}

int sipsec_wheel_init(struct sipsec_net *sn)
{
	struct sipsec_wheel *w = &sn->wheel;

	w->slot = kcalloc(SIPSEC_WHEEL_SLOTS, sizeof(*w->slot), GFP_KERNEL_ACCOUNT);
	if (!w->slot)
		return -ENOMEM;
	spin_lock_init(&w->lock);
	w->done = boot_now();
	INIT_DELAYED_WORK(&w->work, wheel_turn);
	return 0;
}

void sipsec_wheel_stop(struct sipsec_net *sn)
{
	cancel_delayed_work_sync(&sn->wheel.work);
}

void sipsec_wheel_exit(struct sipsec_net *sn)
{
	/* A datagram's last hurry may have come after the stop. */
	cancel_delayed_work_sync(&sn->wheel.work);
	kfree(sn->wheel.slot);
}

static bool soft_reached(const struct sipsec_sa *sa, u32 now)
{
	const struct sipsec_life *life = &sa->life;

	return (life->soft_messages && READ_ONCE(sa->messages) >= life->soft_messages) ||
	       (life->soft_seconds && now - sa->created >= life->soft_seconds);
}

static bool hard_reached(const struct sipsec_sa *sa, u32 now)
{
	return sipsec_sa_spent(sa, now);
}

bool sipsec_lifetime_crossed(const struct sipsec_sa *sa)
{
	return sa->messages == sa->life.soft_messages || sa->messages == sa->life.hard_messages;
}

/* Is it old, and its drain over? */
static bool drained(const struct sipsec_sa *sa, u32 now)
{
	const struct sipsec_pair *pair = sipsec_sa_pair(sa);

	return sipsec_pair_state(pair) == SIPSEC_SA_STATE_OLD &&
	       now - pair->old_since >= pair->drain;
}

/* When its state ends by itself; U64_MAX: never. */
static u64 state_due(const struct sipsec_sa *sa)
{
	const struct sipsec_pair *pair = sipsec_sa_pair(sa);

	switch (sipsec_pair_state(pair)) {
	case SIPSEC_SA_STATE_TEMPORARY:
		return sa->created + (u64)pair->temporary_seconds;
	case SIPSEC_SA_STATE_OLD:
		return pair->old_since + (u64)pair->drain;
	default:
		return U64_MAX;
	}
}

/* When to look at it next; 0: no need to.  For one that is not spent. */
static u32 next_due(const struct sipsec_sa *sa, u32 now)
{
	const struct sipsec_life *life = &sa->life;
	u64 due = state_due(sa);

	if (drained(sa, now))
		return now;
	if (hard_reached(sa, now) || (!sa->soft_told && soft_reached(sa, now)))
		return now;
	if (life->soft_seconds && !sa->soft_told)
		due = min(due, sa->created + (u64)life->soft_seconds);
	if (life->hard_seconds)
		due = min(due, sa->created + (u64)life->hard_seconds);
	return due == U64_MAX ? 0 : min_t(u64, due, U32_MAX);
}

static void wheel_put(struct sipsec_wheel *w, struct sipsec_sa *sa, u32 due)
{
	lockdep_assert_held(&w->lock);

	if (!hlist_unhashed(&sa->wheel_node)) {
		hlist_del_init(&sa->wheel_node);
		w->nr--;
	}
	sa->due = due;
	if (!due)
		return;
	if (due <= w->done)
		hlist_add_head(&sa->wheel_node, &w->urgent);
	else
		hlist_add_head(&sa->wheel_node, &w->slot[due % SIPSEC_WHEEL_SLOTS]);
	w->nr++;
}

static void wheel_start(struct sipsec_wheel *w, unsigned long delay)
{
	if (delay)
		queue_delayed_work(sipsec_wq, &w->work, delay);
	else
		mod_delayed_work(sipsec_wq, &w->work, 0);
}

void sipsec_wheel_update(struct sipsec_net *sn, struct sipsec_sa *sa)
{
	struct sipsec_wheel *w = &sn->wheel;
	u32 now = boot_now(), due;

	lockdep_assert_held(&sn->lock);

	spin_lock_bh(&sa->lock);
	WRITE_ONCE(sa->spent, false);
	spin_unlock_bh(&sa->lock);

	spin_lock_bh(&w->lock);
	sa->soft_told = sa->soft_told && soft_reached(sa, now);
	due = next_due(sa, now);
	/* An idle wheel has not turned for long: nothing is on it. */
	if (!w->nr)
		w->done = now;
	wheel_put(w, sa, due);
	spin_unlock_bh(&w->lock);
	if (due)
		wheel_start(w, due > now ? HZ : 0);
}

void sipsec_wheel_add(struct sipsec_net *sn, struct sipsec_sa *sa)
{
	const struct sipsec_life *life = &sa->life;

	if (life->soft_seconds || life->hard_seconds || life->soft_messages ||
	    life->hard_messages || state_due(sa) != U64_MAX)
		sipsec_wheel_update(sn, sa);
}

void sipsec_wheel_del(struct sipsec_net *sn, struct sipsec_sa *sa)
{
	struct sipsec_wheel *w = &sn->wheel;

	lockdep_assert_held(&sn->lock);

	spin_lock_bh(&w->lock);
	wheel_put(w, sa, 0);
	sa->off_wheel = true;
	spin_unlock_bh(&w->lock);
}

void sipsec_wheel_hurry(struct sipsec_net *sn, struct sipsec_sa *sa)
{
	struct sipsec_wheel *w = &sn->wheel;
	bool start = false;

	spin_lock_bh(&w->lock);
	/* One that is spent waits for its removal and must not be hurried there. */
	if (!sa->off_wheel && !READ_ONCE(sa->spent)) {
		wheel_put(w, sa, w->done);
		start = true;
	}
	spin_unlock_bh(&w->lock);
	if (start)
		wheel_start(w, 0);
}

void sipsec_wheel_kick(struct sipsec_net *sn)
{
	wheel_start(&sn->wheel, 0);
}

/* Send what is due, in order, and find out what comes next.  The SA may be gone after it. */
static void see_to(struct sipsec_net *sn, struct sipsec_sa *sa, u32 now)
{
	struct sipsec_wheel *w = &sn->wheel;
	bool hard = false;

	if (READ_ONCE(sa->spent)) {
		sipsec_sa_del(sa, SIPSEC_REASON_EXPIRED);
		return;
	}
	if (drained(sa, now)) {
		sipsec_sa_del(sa, SIPSEC_REASON_DRAINED);
		return;
	}
	if (!sa->soft_told && soft_reached(sa, now)) {
		spin_lock_bh(&w->lock);
		sa->soft_told = true;
		spin_unlock_bh(&w->lock);
		sipsec_event_sa(sa, SIPSEC_CMD_SA_EXPIRED, SIPSEC_REASON_SOFT, GFP_KERNEL);
	}
	if (hard_reached(sa, now)) {
		spin_lock_bh(&sa->lock);
		WRITE_ONCE(sa->spent, true);
		spin_unlock_bh(&sa->lock);
		sipsec_event_sa(sa, SIPSEC_CMD_SA_EXPIRED, SIPSEC_REASON_HARD, GFP_KERNEL);
		hard = true;
	}
	/* A datagram that reaches a lifetime before this is seen, one behind it hurries. */
	spin_lock_bh(&w->lock);
	wheel_put(w, sa, hard ? now + SIPSEC_LINGER_S : next_due(sa, now));
	spin_unlock_bh(&w->lock);
}

/* SAs that are passed over before the wheel's lock is given up for a moment. */
#define BREATH	64

/* See to what is due by now in one slot.  Under the wheel's lock, which is given up. */
static void turn_slot(struct sipsec_net *sn, struct hlist_head *slot, u32 now)
	__must_hold(&sn->wheel.lock)
{
	struct sipsec_wheel *w = &sn->wheel;
	unsigned int passed = 0;
	HLIST_HEAD(list);
	struct sipsec_sa *sa;
	bool due;

	/* A datagram may hurry one of them to the urgent list meanwhile. */
	hlist_move_list(slot, &list);
	while (!hlist_empty(&list)) {
		sa = hlist_entry(list.first, struct sipsec_sa, wheel_node);
		due = sa->due <= now;
		if (due) {
			wheel_put(w, sa, 0);
		} else {
			hlist_del(&sa->wheel_node);
			hlist_add_head(&sa->wheel_node, slot);
			if (++passed % BREATH)
				continue;
		}
		spin_unlock_bh(&w->lock);
		if (due)
			see_to(sn, sa, now);
		cond_resched();
		spin_lock_bh(&w->lock);
	}
}

static void wheel_turn(struct work_struct *work)
{
	struct sipsec_wheel *w = container_of(work, struct sipsec_wheel, work.work);
	struct sipsec_net *sn = container_of(w, struct sipsec_net, wheel);
	u32 now, first, t;
	bool more;

	/* Held, so no SA on the list can be removed but by ourselves. */
	mutex_lock(&sn->lock);
	sipsec_pairs_settle(sn);
	spin_lock_bh(&w->lock);
	now = boot_now();
	/* After a long sleep once round is enough. */
	first = now - w->done > SIPSEC_WHEEL_SLOTS ? now - SIPSEC_WHEEL_SLOTS : w->done;
	w->done = now;
	turn_slot(sn, &w->urgent, now);
	for (t = first + 1; t <= now; t++)
		turn_slot(sn, &w->slot[t % SIPSEC_WHEEL_SLOTS], now);
	more = w->nr;
	spin_unlock_bh(&w->lock);
	mutex_unlock(&sn->lock);
	if (more)
		wheel_start(w, HZ);
}
