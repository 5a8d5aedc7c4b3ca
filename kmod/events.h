/* SPDX-License-Identifier: GPL-2.0 */
/* Multicast of generic netlink: what happens to SAs, and rate-limited attacks. */
#ifndef SIPSEC_EVENTS_H
#define SIPSEC_EVENTS_H

#include <linux/atomic.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "addr.h"
#include "core/class.h"

struct sipsec_listener;
struct sipsec_net;
struct sipsec_sa;

/* Events of one class, and of one listener and class, in one second. */
#define SIPSEC_EVENT_RATE	20

struct sipsec_limit {
	spinlock_t lock;		/* of all */
	unsigned long begin;		/* jiffies */
	u32 sent;
	u64 lost;			/* since the last that was sent */
};

/* kfree() it; NULL without memory. */
struct sipsec_limit *sipsec_limits_alloc(unsigned int nr);

struct sipsec_events {
	spinlock_t lock;		/* of limit and lost */
	struct {
		unsigned long begin;	/* jiffies */
		u32 sent;
	} limit[SIPSEC_NR_CLASSES];
	u64 lost;			/* under lock: since the last that was sent */
	atomic64_t lost_all;
};

void sipsec_events_init(struct sipsec_net *sn);

/* No event is sent any more: before the family is unregistered. */
void sipsec_events_end(void);

/* cmd: SIPSEC_CMD_SA_ADDED, _CHANGED, _EXPIRED or _DELETED; reason for the last two. */
void sipsec_event_sa(struct sipsec_sa *sa, u8 cmd, u8 reason, gfp_t gfp);

/* A datagram of this class on this SA from src.  From softirq. */
void sipsec_event_datagram(struct sipsec_sa *sa, enum sipsec_class class,
			   const struct sipsec_endpoint *src);

/*
 * Clause 12, notify: what became of a datagram from src at a listener; sa is
 * NULL where none is known.  From softirq.
 */
void sipsec_event_verdict(struct sipsec_net *sn, const struct sipsec_listener *l,
			  enum sipsec_class class, bool accept, const struct sipsec_endpoint *src,
			  const struct sipsec_sa *sa);

#endif
