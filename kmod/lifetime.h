/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lifetimes (clause 6).  Each datagram tests its SA against the clock; a wheel
 * with a slot a second sends the events and removes what has been spent for
 * 64*T1.  No timer an SA, no walk over all of them.
 */
#ifndef SIPSEC_LIFETIME_H
#define SIPSEC_LIFETIME_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct sipsec_net;
struct sipsec_sa;

#define SIPSEC_WHEEL_SLOTS	1024

struct sipsec_wheel {
	spinlock_t lock;		/* of all here, and where an SA says so */
	u32 done;			/* boot time up to which slots were visited */
	u32 nr;				/* SAs on it */
	struct hlist_head *slot;	/* SIPSEC_WHEEL_SLOTS, by due */
	struct hlist_head urgent;	/* due now */
	struct delayed_work work;
};

int sipsec_wheel_init(struct sipsec_net *sn);
/* No event is sent any more. */
void sipsec_wheel_stop(struct sipsec_net *sn);
void sipsec_wheel_exit(struct sipsec_net *sn);

/* Put an SA on the wheel for its next event, if it has one to come. */
void sipsec_wheel_add(struct sipsec_net *sn, struct sipsec_sa *sa);
void sipsec_wheel_del(struct sipsec_net *sn, struct sipsec_sa *sa);

/* A lifetime in messages was reached: let the wheel see to it at once. */
void sipsec_wheel_hurry(struct sipsec_net *sn, struct sipsec_sa *sa);

/* Pairs wait in net->settle: let the wheel see to them at once. */
void sipsec_wheel_kick(struct sipsec_net *sn);

/* Its lifetimes have changed. */
void sipsec_wheel_update(struct sipsec_net *sn, struct sipsec_sa *sa);

/* Has the last message reached a lifetime in messages?  Under sa->lock. */
bool sipsec_lifetime_crossed(const struct sipsec_sa *sa);

#endif
