/* SPDX-License-Identifier: GPL-2.0 */
/* What one network namespace has. */
#ifndef SIPSEC_NET_H
#define SIPSEC_NET_H

#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/rhashtable-types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>

#include "events.h"
#include "lifetime.h"
#include "listener.h"
#include "stats.h"
#include "usedkeys.h"

struct sipsec_net {
	struct net *net;
	/*
	 * Held by whoever makes, changes or removes SAs and listeners; datagrams
	 * only use RCU and, for one SA's moving parts, that SA's lock.
	 */
	struct mutex lock;

	struct rhashtable in;		/* inbound SAs by SPI */
	struct rhashtable out;		/* outbound SAs by peer and SPI */
	struct rhashtable peers;	/* struct sipsec_peer by endpoint and mark */
	spinlock_t peer_lock;		/* of their lists, to which datagrams add */
	struct rhashtable users;	/* private identities, by name */
	struct llist_head settle;	/* pairs that datagrams have established */
	u64 rank;			/* of the pair established last */
	struct xarray index;		/* all SAs, densely numbered, for dumps */
	u32 nr_in;
	u32 nr_out;

	struct sipsec_usedkeys usedkeys;
	struct sipsec_wheel wheel;
	struct sipsec_listeners listeners;
	struct sipsec_stats __percpu *stats;
	struct sipsec_events events;
	struct nf_hook_ops *hook_ops;	/* registered, or NULL */
};

/* For what the module does later: events of the wheel, freeing of keys. */
extern struct workqueue_struct *sipsec_wq;

struct sipsec_net *sipsec_net(const struct net *net);

#endif
