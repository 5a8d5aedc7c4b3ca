/* SPDX-License-Identifier: GPL-2.0 */
/* A listener: which datagrams are ours, and what is done with each class. */
#ifndef SIPSEC_LISTENER_H
#define SIPSEC_LISTENER_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/types.h>
#include <linux/sipsec.h>

#include "addr.h"
#include "annotate.h"
#include "bucket.h"
#include "core/class.h"
#include "core/limits.h"
#include "emergency.h"
#include "requests.h"
#include "stats.h"

struct netlink_ext_ack;
struct sipsec_limit;
struct sipsec_net;

#define SIPSEC_LISTENER_BITS	8

struct sipsec_listeners {
	struct hlist_head hash[1 << SIPSEC_LISTENER_BITS];
	u32 nr;
	u32 nr_any[2];			/* listening to any address: IPv6, IPv4 */
	u32 nr_annotating;
	u32 generation;			/* of the places in hash; never 0; under net->lock */
	u64 past[SIPSEC_NR_COUNTS];	/* counted by deleted ones; under net->lock */
};

/* What can be set; written under net->lock, read by datagrams at any time. */
struct sipsec_listener_conf {
	u8 direction;			/* never changes */
	u8 preset;
	bool stun;
	bool monitor;
	bool notify;
	bool annotate;
	u8 word_len;			/* 0: none yet */
	u8 word[SIPSEC_MAX_WORD];
	bool identity;			/* clause 11 */
	u8 action[SIPSEC_NR_CLASSES];	/* enum sipsec_action */
	u32 max_size;
	u32 mark_mask;
	u32 rate;
	u32 emergencies;		/* never changes: size of the memory */
};

struct sipsec_listener {
	struct hlist_node node;
	struct sipsec_endpoint local;	/* addr :: or 0.0.0.0: any */
	struct sipsec_listener_conf conf;
	struct sipsec_classes __percpu *classes;
	struct sipsec_buckets buckets;
	struct sipsec_buckets emergency_buckets;
	struct sipsec_bucket keepalives;
	struct sipsec_emergencies emergencies;
	struct sipsec_requests requests;
	struct sipsec_requests signed_ones;	/* downlink only */
	struct sipsec_annotation __rcu *annotation;	/* NULL: none is written */
	struct sipsec_limit *verdicts;	/* of events, by class */
};

/* For datagrams, under RCU: who listens at this local endpoint. */
struct sipsec_listener *sipsec_listener_lookup(struct sipsec_net *sn,
					       const struct sipsec_endpoint *local);

/* Is there a listener at this address, whatever its port?  Under RCU. */
bool sipsec_listener_at_addr(struct sipsec_net *sn, const struct in6_addr *addr);

/* The defaults of clauses 8 and 10 for a direction. */
void sipsec_listener_defaults(struct sipsec_listener_conf *conf, u8 direction);

/* All below under net->lock. */
struct sipsec_listener *sipsec_listener_find(struct sipsec_net *sn,
					     const struct sipsec_endpoint *local);
/*
 * 0 or -errno with the reason in extack.  replace: in the place of the one that is
 * there, if there is one, so that each datagram meets one of the two; else that is
 * -EEXIST.  *conf gets the word where none is given.
 */
int sipsec_listener_add(struct sipsec_net *sn, const struct sipsec_endpoint *local,
			struct sipsec_listener_conf *conf, bool replace,
			struct netlink_ext_ack *extack);
/* All of it, or -ENOMEM and nothing. */
int sipsec_listener_set(struct sipsec_net *sn, struct sipsec_listener *l,
			struct sipsec_listener_conf *conf, struct netlink_ext_ack *extack);
void sipsec_listener_del(struct sipsec_net *sn, struct sipsec_listener *l);
/* Counters of all there are and were. */
void sipsec_listeners_sum(struct sipsec_net *sn, u64 sum[SIPSEC_NR_COUNTS]);
/* The namespace is gone. */
void sipsec_listeners_exit(struct sipsec_net *sn);

#endif
