// SPDX-License-Identifier: GPL-2.0
#include <linux/hash.h>
#include <linux/netlink.h>
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "core/annotate.h"
#include "core/limits.h"
#include "events.h"
#include "listener.h"
#include "net.h"

static struct hlist_head *bucket_of(struct sipsec_net *sn, const struct in6_addr *addr,
				    __be16 port)
{
	/* Listeners are configured, not made by traffic: no secret is needed, and little mixing. */
	u32 hash = (__force u32)(addr->s6_addr32[1] ^ addr->s6_addr32[2] ^ addr->s6_addr32[3]) ^
		   (__force u16)port;

	return &sn->listeners.hash[hash_32(hash, SIPSEC_LISTENER_BITS)];
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
	/* what a UE hears names others, and it is the P-CSCF that vouches for it */
	conf->identity = direction == SIPSEC_DIRECTION_UPLINK;
	conf->max_size = SIPSEC_MAX_SIZE_DEFAULT;
	conf->rate = SIPSEC_RATE_DEFAULT;
	conf->emergencies = SIPSEC_EMERGENCIES_DEFAULT;
	for (class = 0; class < SIPSEC_NR_CLASSES; class++)
		conf->action[class] = sipsec_class_action(class);
	/* Of what the preset does not accept. */
	conf->action[SIPSEC_CLASS_UNPROTECTED] = SIPSEC_ACTION_DROP;
	conf->action[SIPSEC_CLASS_TRANSPORT] =
		direction == SIPSEC_DIRECTION_UPLINK ? SIPSEC_ACTION_DROP : SIPSEC_ACTION_ACCEPT;
}

struct sipsec_listener *sipsec_listener_find(struct sipsec_net *sn,
					     const struct sipsec_endpoint *local)
{
	lockdep_assert_held(&sn->lock);
	return lookup(sn, &local->addr, local->port);
}

/* No datagram uses it any more. */
static void listener_free(struct sipsec_listener *l)
{
	kfree(rcu_dereference_protected(l->annotation, true));
	kfree(l->verdicts);
	sipsec_requests_exit(&l->signed_ones);
	sipsec_requests_exit(&l->requests);
	sipsec_emergencies_exit(&l->emergencies);
	sipsec_buckets_exit(&l->emergency_buckets);
	sipsec_buckets_exit(&l->buckets);
	free_percpu(l->classes);
	kfree(l);
}

/* What datagrams see of the word, in *a: NULL where there is nothing to be written. */
static int annotation_of(struct sipsec_listener_conf *conf, struct sipsec_annotation **a)
{
	u8 octets[SIPSEC_MAX_WORD];

	*a = NULL;
	if (!conf->annotate)
		return 0;
	if (!conf->word_len) {
		get_random_bytes(octets, sizeof(octets));
		sipsec_word_make(conf->word, octets);
		conf->word_len = SIPSEC_MAX_WORD;
	}
	*a = kmalloc(sizeof(**a), GFP_KERNEL_ACCOUNT);
	if (!*a)
		return -ENOMEM;
	(*a)->len = conf->word_len;
	memcpy((*a)->word, conf->word, conf->word_len);
	return 0;
}

static void add_to(u32 *nr, int difference)
{
	WRITE_ONCE(*nr, *nr + difference);
}

static void count_annotating(struct sipsec_net *sn, int difference)
{
	add_to(&sn->listeners.nr_annotating, difference);
}

/* One listener more, or one less: what datagrams ask before they look for one. */
static void count(struct sipsec_net *sn, const struct sipsec_listener *l, int difference)
{
	count_annotating(sn, l->conf.annotate * difference);
	add_to(&sn->listeners.nr, difference);
	if (is_any(&l->local.addr))
		add_to(&sn->listeners.nr_any[sipsec_endpoint_is4(&l->local)], difference);
}

static struct sipsec_listener *listener_new(const struct sipsec_endpoint *local,
					    struct sipsec_listener_conf *conf)
{
	struct sipsec_listener *l = kzalloc(sizeof(*l), GFP_KERNEL_ACCOUNT);
	struct sipsec_annotation *annotation;

	if (!l)
		return NULL;
	l->classes = sipsec_classes_alloc();
	l->verdicts = sipsec_limits_alloc(SIPSEC_NR_CLASSES);
	if (!l->classes || !l->verdicts || sipsec_buckets_init(&l->buckets) ||
	    sipsec_buckets_init(&l->emergency_buckets) ||
	    sipsec_emergencies_init(&l->emergencies, conf->emergencies) ||
	    sipsec_requests_init(&l->requests) ||
	    (conf->direction == SIPSEC_DIRECTION_DOWNLINK &&
	     sipsec_requests_init(&l->signed_ones)) || annotation_of(conf, &annotation)) {
		/* What has not been made is NULL. */
		listener_free(l);
		return NULL;
	}
	l->local = *local;
	l->conf = *conf;
	spin_lock_init(&l->keepalives.lock);
	RCU_INIT_POINTER(l->annotation, annotation);
	return l;
}

/* Datagrams find it no longer, but may still use it. */
static void listener_retire(struct sipsec_net *sn, struct sipsec_listener *l)
{
	synchronize_rcu();
	sipsec_classes_add(l->classes, sn->listeners.past);
	listener_free(l);
}

static void places_move(struct sipsec_net *sn)
{
	if (!++sn->listeners.generation)
		sn->listeners.generation = 1;
}

int sipsec_listener_add(struct sipsec_net *sn, const struct sipsec_endpoint *local,
			struct sipsec_listener_conf *conf, bool replace,
			struct netlink_ext_ack *extack)
{
	struct sipsec_listener *old, *l;

	lockdep_assert_held(&sn->lock);

	old = sipsec_listener_find(sn, local);
	if (old && !replace) {
		NL_SET_ERR_MSG(extack, "port: there is a listener at this address and port");
		return -EEXIST;
	}
	/* The word that the proxy knows is as good as a new one. */
	if (old && !conf->word_len) {
		conf->word_len = old->conf.word_len;
		memcpy(conf->word, old->conf.word, sizeof(conf->word));
	}
	l = listener_new(local, conf);
	if (!l) {
		NL_SET_ERR_MSG(extack, "listener: out of memory");
		return -ENOMEM;
	}
	count(sn, l, 1);
	if (old) {
		hlist_replace_rcu(&old->node, &l->node);
		count(sn, old, -1);
		listener_retire(sn, old);
	} else {
		hlist_add_head_rcu(&l->node, bucket_of(sn, &local->addr, local->port));
		places_move(sn);
	}
	return 0;
}

int sipsec_listener_set(struct sipsec_net *sn, struct sipsec_listener *l,
			struct sipsec_listener_conf *conf, struct netlink_ext_ack *extack)
{
	struct sipsec_annotation *annotation;
	enum sipsec_class class;

	lockdep_assert_held(&sn->lock);

	if (annotation_of(conf, &annotation)) {
		NL_SET_ERR_MSG(extack, "listener: out of memory");
		return -ENOMEM;
	}
	count_annotating(sn, conf->annotate - l->conf.annotate);
	annotation = rcu_replace_pointer(l->annotation, annotation, lockdep_is_held(&sn->lock));
	if (annotation)
		kfree_rcu(annotation, rcu);
	/* Only read under the lock. */
	l->conf.annotate = conf->annotate;
	l->conf.word_len = conf->word_len;
	memcpy(l->conf.word, conf->word, sizeof(conf->word));
	/* Datagrams read each by itself. */
	WRITE_ONCE(l->conf.preset, conf->preset);
	WRITE_ONCE(l->conf.stun, conf->stun);
	WRITE_ONCE(l->conf.identity, conf->identity);
	WRITE_ONCE(l->conf.monitor, conf->monitor);
	WRITE_ONCE(l->conf.notify, conf->notify);
	WRITE_ONCE(l->conf.max_size, conf->max_size);
	WRITE_ONCE(l->conf.mark_mask, conf->mark_mask);
	WRITE_ONCE(l->conf.rate, conf->rate);
	for (class = 0; class < SIPSEC_NR_CLASSES; class++)
		WRITE_ONCE(l->conf.action[class], conf->action[class]);
	return 0;
}

void sipsec_listener_del(struct sipsec_net *sn, struct sipsec_listener *l)
{
	lockdep_assert_held(&sn->lock);

	hlist_del_rcu(&l->node);
	places_move(sn);
	count(sn, l, -1);
	listener_retire(sn, l);
}

void sipsec_listeners_sum(struct sipsec_net *sn, u64 sum[SIPSEC_NR_COUNTS])
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
