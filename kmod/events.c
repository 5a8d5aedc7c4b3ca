// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <net/genetlink.h>

#include "events.h"
#include "family.h"
#include "fill.h"
#include "listener.h"
#include "net.h"
#include "netlink_gen.h"
#include "sa.h"

/* The module goes: the group's number may be another family's soon. */
static bool ended __read_mostly;

void sipsec_events_end(void)
{
	WRITE_ONCE(ended, true);
	/* Datagrams, and events of the wheel, that have not seen it yet. */
	synchronize_rcu();
	flush_workqueue(sipsec_wq);
}

static bool is_heard(struct sipsec_net *sn)
{
	return !READ_ONCE(ended) &&
	       genl_has_listeners(&sipsec_family, sn->net, SIPSEC_NLGRP_EVENTS);
}

void sipsec_events_init(struct sipsec_net *sn)
{
	spin_lock_init(&sn->events.lock);
}

/* One that could not be sent, and was to tell of so many before it. */
static void lost(struct sipsec_events *ev, spinlock_t *lock, u64 *count, u64 before)
{
	spin_lock_bh(lock);
	*count += before + 1;
	spin_unlock_bh(lock);
	atomic64_inc(&ev->lost_all);
}

/* Begin an event of this command; NULL without memory. */
static struct sk_buff *begin(u8 cmd, void **hdr, gfp_t gfp)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_DEFAULT_SIZE, gfp);

	if (!skb)
		return NULL;
	*hdr = genlmsg_put(skb, 0, 0, &sipsec_family, 0, cmd);
	if (!*hdr) {
		nlmsg_free(skb);
		return NULL;
	}
	return skb;
}

static void finish(struct sipsec_net *sn, struct sk_buff *skb, void *hdr, gfp_t gfp)
{
	genlmsg_end(skb, hdr);
	genlmsg_multicast_netns(&sipsec_family, sn->net, skb, 0, SIPSEC_NLGRP_EVENTS, gfp);
}

void sipsec_event_sa(struct sipsec_sa *sa, u8 cmd, u8 reason, gfp_t gfp)
{
	struct sipsec_net *sn = sa->net;
	struct nlattr *nest;
	struct sk_buff *skb;
	void *hdr;

	if (!is_heard(sn))
		return;
	skb = begin(cmd, &hdr, gfp);
	if (!skb || sipsec_fill_sa(skb, sa))
		goto err;
	if (cmd == SIPSEC_CMD_SA_EXPIRED || cmd == SIPSEC_CMD_SA_DELETED) {
		nest = nla_nest_start(skb, SIPSEC_A_EVENT);
		if (!nest || nla_put_u8(skb, SIPSEC_A_EVENT_REASON, reason))
			goto err;
		nla_nest_end(skb, nest);
	}
	finish(sn, skb, hdr, gfp);
	return;
err:
	nlmsg_free(skb);
	lost(&sn->events, &sn->events.lock, &sn->events.lost, 0);
}

/* Is the second over in which so many were sent?  Jiffies of 32 bits come round. */
static bool is_new_second(unsigned long begin, u32 sent)
{
	return !sent || !time_in_range(jiffies, begin, begin + HZ);
}

/* May one more of this class be sent now?  And how many were lost before it. */
static bool rate_allows(struct sipsec_events *ev, enum sipsec_class class, u64 *lost_before)
{
	bool ok = true;

	spin_lock_bh(&ev->lock);
	if (is_new_second(ev->limit[class].begin, ev->limit[class].sent)) {
		ev->limit[class].begin = jiffies;
		ev->limit[class].sent = 0;
	}
	if (ev->limit[class].sent < SIPSEC_EVENT_RATE) {
		ev->limit[class].sent++;
		*lost_before = ev->lost;
		ev->lost = 0;
	} else {
		ev->lost++;
		ok = false;
	}
	spin_unlock_bh(&ev->lock);
	if (!ok)
		atomic64_inc(&ev->lost_all);
	return ok;
}

/* What is common to what is told of datagrams; room for more is left in the nest. */
static struct nlattr *put_datagram(struct sk_buff *skb, enum sipsec_class class,
				   const struct sipsec_endpoint *src, u64 lost_before)
{
	struct nlattr *nest = nla_nest_start(skb, SIPSEC_A_EVENT);

	if (!nest || nla_put_u8(skb, SIPSEC_A_EVENT_CLASS, class) ||
	    sipsec_fill_endpoint(skb, src, SIPSEC_A_EVENT_ADDR4, SIPSEC_A_EVENT_ADDR6,
				 SIPSEC_A_EVENT_PORT) ||
	    nla_put_u64_64bit(skb, SIPSEC_A_EVENT_LOST, lost_before, SIPSEC_A_EVENT_PAD))
		return NULL;
	return nest;
}

void sipsec_event_datagram(struct sipsec_sa *sa, enum sipsec_class class,
			   const struct sipsec_endpoint *src)
{
	struct sipsec_net *sn = sa->net;
	struct nlattr *nest;
	struct sk_buff *skb;
	u64 lost_before;
	void *hdr;

	if (!is_heard(sn) ||
	    !rate_allows(&sn->events, class, &lost_before))
		return;
	skb = begin(SIPSEC_CMD_DATAGRAM, &hdr, GFP_ATOMIC);
	if (!skb || sipsec_fill_sa_name(skb, sa))
		goto err;
	nest = put_datagram(skb, class, src, lost_before);
	if (!nest)
		goto err;
	nla_nest_end(skb, nest);
	finish(sn, skb, hdr, GFP_ATOMIC);
	return;
err:
	nlmsg_free(skb);
	lost(&sn->events, &sn->events.lock, &sn->events.lost, lost_before);
}

struct sipsec_limit *sipsec_limits_alloc(unsigned int nr)
{
	struct sipsec_limit *limits = kcalloc(nr, sizeof(*limits), GFP_KERNEL_ACCOUNT);
	unsigned int i;

	for (i = 0; limits && i < nr; i++)
		spin_lock_init(&limits[i].lock);
	return limits;
}

static bool limit_allows(struct sipsec_limit *l, u64 *lost_before)
{
	bool ok = true;

	spin_lock_bh(&l->lock);
	if (is_new_second(l->begin, l->sent)) {
		l->begin = jiffies;
		l->sent = 0;
	}
	if (l->sent < SIPSEC_EVENT_RATE) {
		l->sent++;
		*lost_before = l->lost;
		l->lost = 0;
	} else {
		l->lost++;
		ok = false;
	}
	spin_unlock_bh(&l->lock);
	return ok;
}

void sipsec_event_verdict(struct sipsec_net *sn, const struct sipsec_listener *l,
			  enum sipsec_class class, bool accept, const struct sipsec_endpoint *src,
			  const struct sipsec_sa *sa)
{
	struct sipsec_limit *limit = &l->verdicts[class];
	struct nlattr *nest;
	struct sk_buff *skb;
	u64 lost_before;
	void *hdr;

	if (!is_heard(sn))
		return;
	if (!limit_allows(limit, &lost_before)) {
		atomic64_inc(&sn->events.lost_all);
		return;
	}
	skb = begin(SIPSEC_CMD_VERDICT, &hdr, GFP_ATOMIC);
	if (!skb || sipsec_fill_listener_name(skb, l) || (sa && sipsec_fill_sa_name(skb, sa)))
		goto err;
	nest = put_datagram(skb, class, src, lost_before);
	if (!nest || nla_put_u8(skb, SIPSEC_A_EVENT_ACTION,
				accept ? SIPSEC_CLASS_ACTION_ACCEPT : SIPSEC_CLASS_ACTION_DROP))
		goto err;
	nla_nest_end(skb, nest);
	finish(sn, skb, hdr, GFP_ATOMIC);
	return;
err:
	nlmsg_free(skb);
	lost(&sn->events, &limit->lock, &limit->lost, lost_before);
}
