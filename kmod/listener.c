// SPDX-License-Identifier: GPL-2.0
#include <linux/jhash.h>
#include <linux/netlink.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/ktime.h>

#include "core/limits.h"
#include "listener.h"
#include "net.h"

/* Keepalives have one bucket a listener, this many times its rate. */
#define KEEPALIVE_FACTOR	1000

static struct hlist_head *bucket_of(struct sipsec_net *sn, const struct in6_addr *addr,
				    __be16 port)
{
	/* Listeners are configured, not made by traffic: no secret is needed. */
	u32 hash = jhash2((const u32 *)addr, sizeof(*addr) / 4, (__force u16)port);

	return &sn->listeners.hash[hash >> (32 - SIPSEC_LISTENER_BITS)];
}

static struct sipsec_listener *lookup(struct sipsec_net *sn, const struct in6_addr *addr,
				      __be16 port)
{
	struct sipsec_listener *l;

	hlist_for_each_entry_rcu(l, bucket_of(sn, addr, port), node,
				 lockdep_is_held(&sn->lock))
		if (l->local.port == port && ipv6_addr_equal(&l->local.addr, addr))
			return l;
	return NULL;
}

/* ::ffff:0.0.0.0 */
static const struct in6_addr any4 = { .s6_addr = { [10] = 0xff, [11] = 0xff } };

static bool is_any(const struct in6_addr *addr)
{
	return ipv6_addr_any(addr) || ipv6_addr_equal(addr, &any4);
}

struct sipsec_listener *sipsec_listener_lookup(struct sipsec_net *sn,
					       const struct sipsec_endpoint *local)
{
	bool is4 = sipsec_endpoint_is4(local);
	struct sipsec_listener *l;

	l = lookup(sn, &local->addr, local->port);
	if (!l && READ_ONCE(sn->listeners.nr_any[is4]))
		l = lookup(sn, is4 ? &any4 : &in6addr_any, local->port);
	return l;
}

bool sipsec_listener_at_addr(struct sipsec_net *sn, const struct in6_addr *addr)
{
	struct sipsec_listener *l;
	int i;

	if (READ_ONCE(sn->listeners.nr_any[ipv6_addr_v4mapped(addr)]))
		return true;
	/* Only asked for what could not be reassembled, so a walk will do. */
	for (i = 0; i < ARRAY_SIZE(sn->listeners.hash); i++)
		hlist_for_each_entry_rcu(l, &sn->listeners.hash[i], node)
			if (ipv6_addr_equal(&l->local.addr, addr))
				return true;
	return false;
}

void sipsec_listener_defaults(struct sipsec_listener_conf *conf, u8 direction)
{
	enum sipsec_class class;

	memset(conf, 0, sizeof(*conf));
	conf->direction = direction;
	conf->preset = SIPSEC_PRESET_IMS;
	conf->max_size = SIPSEC_MAX_SIZE_DEFAULT;
	conf->rate = SIPSEC_RATE_DEFAULT;
	for (class = 0; class < SIPSEC_NR_CLASSES; class++)
		conf->action[class] = sipsec_class_action(class);
	conf->action[SIPSEC_CLASS_TRANSPORT] =
		direction == SIPSEC_DIRECTION_UPLINK ? SIPSEC_ACTION_DROP : SIPSEC_ACTION_ACCEPT;
}

struct sipsec_listener *sipsec_listener_find(struct sipsec_net *sn,
					     const struct sipsec_endpoint *local)
{
	lockdep_assert_held(&sn->lock);
	return lookup(sn, &local->addr, local->port);
}

static void listener_free(struct sipsec_listener *l)
{
	sipsec_buckets_exit(&l->buckets);
	free_percpu(l->classes);
	kfree(l);
}

int sipsec_listener_add(struct sipsec_net *sn, const struct sipsec_endpoint *local,
			const struct sipsec_listener_conf *conf, struct netlink_ext_ack *extack)
{
	struct sipsec_listener *l;

	lockdep_assert_held(&sn->lock);

	if (sipsec_listener_find(sn, local)) {
		NL_SET_ERR_MSG(extack, "port: there is a listener at this address and port");
		return -EEXIST;
	}
	l = kzalloc(sizeof(*l), GFP_KERNEL_ACCOUNT);
	if (!l)
		goto err;
	l->classes = sipsec_classes_alloc();
	if (!l->classes)
		goto err_free;
	if (sipsec_buckets_init(&l->buckets))
		goto err_classes;
	l->local = *local;
	l->conf = *conf;
	spin_lock_init(&l->keepalives.lock);

	hlist_add_head_rcu(&l->node, bucket_of(sn, &local->addr, local->port));
	WRITE_ONCE(sn->listeners.nr, sn->listeners.nr + 1);
	if (is_any(&local->addr)) {
		u32 *nr = &sn->listeners.nr_any[sipsec_endpoint_is4(local)];

		WRITE_ONCE(*nr, *nr + 1);
	}
	return 0;

err_classes:
	free_percpu(l->classes);
err_free:
	kfree(l);
err:
	NL_SET_ERR_MSG(extack, "listener: out of memory");
	return -ENOMEM;
}

static void listener_unlink(struct sipsec_net *sn, struct sipsec_listener *l)
{
	hlist_del_rcu(&l->node);
	WRITE_ONCE(sn->listeners.nr, sn->listeners.nr - 1);
	if (is_any(&l->local.addr)) {
		u32 *nr = &sn->listeners.nr_any[sipsec_endpoint_is4(&l->local)];

		WRITE_ONCE(*nr, *nr - 1);
	}
}

void sipsec_listener_del(struct sipsec_net *sn, struct sipsec_listener *l)
{
	lockdep_assert_held(&sn->lock);

	listener_unlink(sn, l);
	synchronize_rcu();
	sipsec_classes_add(l->classes, sn->listeners.past);
	listener_free(l);
}

void sipsec_listeners_sum(struct sipsec_net *sn, u64 sum[SIPSEC_NR_CLASSES])
{
	struct sipsec_listener *l;
	int i;

	lockdep_assert_held(&sn->lock);

	memcpy(sum, sn->listeners.past, sizeof(sn->listeners.past));
	for (i = 0; i < ARRAY_SIZE(sn->listeners.hash); i++)
		hlist_for_each_entry(l, &sn->listeners.hash[i], node)
			sipsec_classes_add(l->classes, sum);
}

void sipsec_listeners_exit(struct sipsec_net *sn)
{
	struct sipsec_listener *l;
	struct hlist_node *next;
	int i;

	for (i = 0; i < ARRAY_SIZE(sn->listeners.hash); i++)
		hlist_for_each_entry_safe(l, next, &sn->listeners.hash[i], node) {
			hlist_del(&l->node);
			listener_free(l);
		}
}

/*
 * Clause 10, preset ims: what a UE without a valid IK must be able to say, and
 * to be told.
 */
static bool ims_accepts(u8 direction, const u8 *buf, const struct sipsec_msg *msg)
{
	if (direction == SIPSEC_DIRECTION_UPLINK)
		return sipsec_msg_is_register(buf, msg);
	return sipsec_msg_is_register_refusal(buf, msg);
}

static bool policy_accepts(const struct sipsec_listener_conf *conf, const u8 *buf,
			   const struct sipsec_msg *msg)
{
	switch (READ_ONCE(conf->preset)) {
	case SIPSEC_PRESET_OPEN:
		return true;
	case SIPSEC_PRESET_IMS:
		return ims_accepts(conf->direction, buf, msg);
	default:
		return false;
	}
}

bool sipsec_listener_accepts(struct sipsec_listener *l, enum sipsec_class *class, const u8 *buf,
			     const struct sipsec_msg *msg, const struct sipsec_endpoint *src)
{
	u32 rate = READ_ONCE(l->conf.rate);
	bool pass;

	switch (READ_ONCE(l->conf.action[*class])) {
	case SIPSEC_ACTION_DROP:
		return false;
	case SIPSEC_ACTION_ANSWER:
		pass = sipsec_buckets_take(&l->buckets, src, rate, ktime_get_ns());
		break;
	case SIPSEC_ACTION_POLICY:
		if (!policy_accepts(&l->conf, buf, msg))
			return false;
		pass = sipsec_buckets_take(&l->buckets, src, rate, ktime_get_ns());
		break;
	default:
		if (*class != SIPSEC_CLASS_KEEPALIVE)
			return true;
		pass = sipsec_bucket_take(&l->keepalives, rate * KEEPALIVE_FACTOR, ktime_get_ns());
		break;
	}
	if (pass)
		return true;
	*class = SIPSEC_CLASS_RATELIMITED;
	return READ_ONCE(l->conf.action[SIPSEC_CLASS_RATELIMITED]) == SIPSEC_ACTION_ACCEPT;
}
