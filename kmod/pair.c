// SPDX-License-Identifier: GPL-2.0
#include <linux/jhash.h>
#include <linux/ktime.h>
#include <linux/netlink.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "events.h"
#include "lifetime.h"
#include "net.h"
#include "pair.h"
#include "peer.h"
#include "sa_table.h"

/* A private identity, and the pairs it has.  All under net->lock. */
struct sipsec_user {
	struct rhash_head node;		/* in net->users */
	union {
		struct hlist_head pairs;
		struct rcu_head rcu;
	};
	u32 len;
	u8 impi[];
};

static u32 user_hashfn(const void *data, u32 len, u32 seed)
{
	const struct sipsec_str *impi = data;

	return jhash(impi->at, impi->len, seed);
}

static u32 user_obj_hashfn(const void *data, u32 len, u32 seed)
{
	const struct sipsec_user *user = data;

	return jhash(user->impi, user->len, seed);
}

static bool is_impi(const struct sipsec_user *user, const struct sipsec_str *impi)
{
	return user->len == impi->len && !memcmp(user->impi, impi->at, impi->len);
}

static int user_obj_cmpfn(struct rhashtable_compare_arg *arg, const void *obj)
{
	return !is_impi(obj, arg->key);
}

static const struct rhashtable_params user_params = {
	.head_offset = offsetof(struct sipsec_user, node),
	.hashfn = user_hashfn,
	.obj_hashfn = user_obj_hashfn,
	.obj_cmpfn = user_obj_cmpfn,
	.automatic_shrinking = true,
};

int sipsec_pairs_init(struct sipsec_net *sn)
{
	init_llist_head(&sn->settle);
	return rhashtable_init(&sn->users, &user_params);
}

void sipsec_pairs_exit(struct sipsec_net *sn)
{
	struct llist_node *list = llist_del_all(&sn->settle);
	struct sipsec_pair *pair, *next;

	llist_for_each_entry_safe(pair, next, list, settle_node)
		sipsec_pair_free_ref(pair);
	rhashtable_destroy(&sn->users);
}

/*
 * Datagrams
 */

bool sipsec_pair_establish(struct sipsec_net *sn, struct sipsec_pair *pair)
{
	u32 was = cmpxchg(&pair->state, SIPSEC_SA_STATE_TEMPORARY, SIPSEC_SA_STATE_ESTABLISHED);

	if (was != SIPSEC_SA_STATE_TEMPORARY)
		return was != SIPSEC_PAIR_GOING;
	/* Once in its life, so the node is free. */
	refcount_inc(&pair->refs);
	llist_add(&pair->settle_node, &sn->settle);
	sipsec_wheel_kick(sn);
	return true;
}

static void hear(struct sipsec_net *sn, struct sipsec_pair *pair)
{
	struct sipsec_sa *out;

	WRITE_ONCE(pair->heard, true);
	/* In sipsec_peer_link(). */
	smp_mb();
	out = READ_ONCE(pair->sa[SIPSEC_SA_OUTBOUND]);
	if (out)
		sipsec_peer_show(sn, out);
}

void sipsec_pair_heard(struct sipsec_net *sn, struct sipsec_pair *pair, u32 register_id)
{
	if (register_id)
		WRITE_ONCE(pair->heard_id, register_id);
	if (sipsec_pair_state(pair) == SIPSEC_SA_STATE_TEMPORARY) {
		if (!READ_ONCE(pair->heard))
			hear(sn, pair);
	} else if (!READ_ONCE(pair->confirmed) && !(register_id && READ_ONCE(pair->heard))) {
		/*
		 * A REGISTER may be the one that was heard before, sent again by an
		 * end that has not got the 2xx and for which the pair is temporary.
		 */
		WRITE_ONCE(pair->confirmed, true);
	}
}

/*
 * Identities
 */

struct sipsec_identities *sipsec_identities_new(u32 octets)
{
	return kzalloc(sizeof(struct sipsec_identities) + octets, GFP_KERNEL_ACCOUNT);
}

struct sipsec_str sipsec_identities_add(struct sipsec_identities *ids, struct sipsec_str text)
{
	const struct sipsec_str name = { .at = ids->text + ids->len, .len = text.len };

	memcpy(ids->text + ids->len, text.at, text.len);
	ids->len += text.len;
	return name;
}

const struct sipsec_identities *sipsec_pair_own_ids(struct sipsec_net *sn,
						    const struct sipsec_pair *pair)
{
	return pair ? rcu_dereference_protected(pair->ids, lockdep_is_held(&sn->lock)) : NULL;
}

void sipsec_pair_set_ids(struct sipsec_net *sn, struct sipsec_pair *pair,
			 struct sipsec_identities *ids)
{
	struct sipsec_identities *old;

	old = rcu_replace_pointer(pair->ids, ids, lockdep_is_held(&sn->lock));
	if (old)
		kfree_rcu(old, rcu);
}

/*
 * Users
 */

static struct sipsec_user *user_of(struct sipsec_net *sn, const struct sipsec_str *impi)
{
	return rhashtable_lookup_fast(&sn->users, impi, user_params);
}

static struct sipsec_user *user_for(struct sipsec_net *sn, const struct sipsec_str *impi)
{
	struct sipsec_user *user = user_of(sn, impi);

	if (user)
		return user;
	user = kzalloc(struct_size(user, impi, impi->len), GFP_KERNEL_ACCOUNT);
	if (!user)
		return NULL;
	user->len = impi->len;
	memcpy(user->impi, impi->at, impi->len);
	if (rhashtable_insert_fast(&sn->users, &user->node, user_params)) {
		kfree(user);
		return NULL;
	}
	return user;
}

void sipsec_pairs_of_user(struct sipsec_net *sn, struct sipsec_str impi,
			  void (*fn)(struct sipsec_sa *sa, void *data), void *data)
{
	struct sipsec_user *user = user_of(sn, &impi);
	struct sipsec_pair *pair;
	struct hlist_node *next;
	struct sipsec_sa *sa[2];
	unsigned int type;

	lockdep_assert_held(&sn->lock);

	if (!user)
		return;
	/* With its last SA a pair may go, and with the last pair the user. */
	hlist_for_each_entry_safe(pair, next, &user->pairs, user_node) {
		memcpy(sa, pair->sa, sizeof(sa));
		for (type = 0; type < ARRAY_SIZE(sa); type++)
			if (sa[type])
				fn(sa[type], data);
	}
}

static void leave_user(struct sipsec_net *sn, struct sipsec_pair *pair)
{
	struct sipsec_user *user = pair->user;

	if (!user)
		return;
	hlist_del(&pair->user_node);
	/*
	 * Datagrams compare it, but do not follow it; none that has it is to
	 * meet another user at the same address.
	 */
	WRITE_ONCE(pair->user, NULL);
	if (!hlist_empty(&user->pairs))
		return;
	rhashtable_remove_fast(&sn->users, &user->node, user_params);
	kfree_rcu(user, rcu);
}

/* SAs of the user that stay when those of old and, with temporary, its temporary ones go. */
static unsigned int count_sas(const struct sipsec_user *user, u8 type, u8 direction,
			      bool temporary, const struct sipsec_sa *old)
{
	const struct sipsec_pair *pair;
	const struct sipsec_sa *sa;
	unsigned int n = 0;

	hlist_for_each_entry(pair, &user->pairs, user_node) {
		sa = pair->sa[type];
		if (!sa || sa == old || sa->direction != direction)
			continue;
		if (temporary && sipsec_pair_state(pair) == SIPSEC_SA_STATE_TEMPORARY)
			continue;
		n++;
	}
	return n;
}

static int too_many(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "impi: has six SAs of this type and direction");
	return -EDQUOT;
}

/* The nr SAs of which p is the first: is there room for them? */
static int check_limit(const struct sipsec_user *user, const struct sipsec_sa_parm *p,
		       unsigned int nr, struct sipsec_sa *const old[2], u8 state,
		       struct netlink_ext_ack *extack)
{
	bool temporary = state == SIPSEC_SA_STATE_TEMPORARY;
	unsigned int i;

	for (i = 0; user && i < nr; i++) {
		if (count_sas(user, p[i].type, p[i].direction, temporary, old[p[i].type]) <
		    SIPSEC_MAX_SAS_OF_IMPI)
			continue;
		return too_many(extack);
	}
	return 0;
}

/*
 * Making and joining
 */

static struct sipsec_pair *new_pair(struct sipsec_net *sn, const struct sipsec_str *impi,
				    u8 state)
{
	struct sipsec_pair *pair = kzalloc(sizeof(*pair), GFP_KERNEL_ACCOUNT);

	if (!pair)
		return NULL;
	refcount_set(&pair->refs, 1);
	pair->state = state;
	pair->drain = SIPSEC_DRAIN_S;
	pair->temporary_seconds = SIPSEC_TEMPORARY_S;
	if (!impi)
		return pair;
	pair->user = user_for(sn, impi);
	if (!pair->user) {
		kfree(pair);
		return NULL;
	}
	hlist_add_head(&pair->user_node, &pair->user->pairs);
	return pair;
}

static const struct sipsec_str *impi_of(const struct sipsec_sa_parm *p)
{
	return p->ids && p->ids->set.impi.len ? &p->ids->set.impi : NULL;
}

/* Is what is given of state and IMPI the pair's? */
static bool agrees(const struct sipsec_pair *pair, const struct sipsec_sa_parm *p)
{
	const struct sipsec_str *impi = impi_of(p);

	if (p->has_state && p->state != sipsec_pair_state(pair))
		return false;
	if (!p->ids)
		return true;
	return impi ? pair->user && is_impi(pair->user, impi) : !pair->user;
}

/* Outbound, it names the inbound SA that is to be its partner. */
static struct sipsec_pair *pair_of_partner(struct sipsec_net *sn, const struct sipsec_sa_parm *p,
					   struct sipsec_sa *const old[2],
					   struct sipsec_sa **sibling,
					   struct netlink_ext_ack *extack)
{
	struct sipsec_sa *in = sipsec_sa_find(sn, SIPSEC_SA_INBOUND, p->pair, &p->peer);
	struct sipsec_pair *pair;
	int err;

	if (!in) {
		NL_SET_ERR_MSG(extack, "pair: there is no such inbound SA");
		return ERR_PTR(-ENOENT);
	}
	if (in->direction == p->direction) {
		NL_SET_ERR_MSG(extack, "pair: the inbound SA has the same direction");
		return ERR_PTR(-EINVAL);
	}
	pair = sipsec_sa_pair(in);
	if (!pair) {
		if (p->state == SIPSEC_SA_STATE_ESTABLISHED) {
			*sibling = in;
			return NULL;
		}
		NL_SET_ERR_MSG(extack, "state: the inbound SA of the pair is established");
		return ERR_PTR(-EINVAL);
	}
	if (pair->sa[SIPSEC_SA_OUTBOUND] &&
	    pair->sa[SIPSEC_SA_OUTBOUND] != old[SIPSEC_SA_OUTBOUND]) {
		NL_SET_ERR_MSG(extack, "pair: the inbound SA has a partner");
		return ERR_PTR(-EALREADY);
	}
	if (!agrees(pair, p)) {
		NL_SET_ERR_MSG(extack, "pair: the inbound SA has another state or impi");
		return ERR_PTR(-EINVAL);
	}
	err = check_limit(pair->user, p, 1, old, sipsec_pair_state(pair), extack);
	if (err)
		return ERR_PTR(err);
	refcount_inc(&pair->refs);
	return pair;
}

struct sipsec_pair *sipsec_pair_for(struct sipsec_net *sn, const struct sipsec_sa_parm *p,
				    unsigned int nr, struct sipsec_sa *const old[2],
				    struct sipsec_sa **sibling, struct netlink_ext_ack *extack)
{
	const struct sipsec_str *impi = impi_of(p);
	struct sipsec_user *user;
	struct sipsec_pair *pair;
	int err;

	lockdep_assert_held(&sn->lock);

	*sibling = NULL;
	if (p->has_pair) {
		pair = pair_of_partner(sn, p, old, sibling, extack);
		if (pair)
			return pair;
	} else if (nr == 1 && old[p->type]) {
		pair = sipsec_sa_pair(old[p->type]);
		if (pair && agrees(pair, p)) {
			if (pair->sa[!p->type] && pair->sa[!p->type]->direction == p->direction) {
				NL_SET_ERR_MSG(extack, "direction: its partner has the same");
				return ERR_PTR(-EINVAL);
			}
			refcount_inc(&pair->refs);
			return pair;
		}
	}
	if (nr == 1 && !*sibling && p->state == SIPSEC_SA_STATE_ESTABLISHED && !p->ids &&
	    !p->has_drain && !p->temporary_seconds)
		return NULL;
	user = impi ? user_of(sn, impi) : NULL;
	err = check_limit(user, p, nr, old, p->state, extack);
	if (!err && user && *sibling &&
	    count_sas(user, SIPSEC_SA_INBOUND, (*sibling)->direction, false, NULL) >=
	    SIPSEC_MAX_SAS_OF_IMPI)
		err = too_many(extack);
	if (err)
		return ERR_PTR(err);
	pair = new_pair(sn, impi, p->state);
	if (!pair) {
		NL_SET_ERR_MSG(extack, "sa: out of memory");
		return ERR_PTR(-ENOMEM);
	}
	return pair;
}

bool sipsec_pair_is_challenged_anew(const struct sipsec_sa *old, const struct sipsec_sa_parm *p)
{
	const struct sipsec_pair *pair = sipsec_sa_pair(old);

	return p && p->state == SIPSEC_SA_STATE_TEMPORARY && pair && pair->user && impi_of(p) &&
	       is_impi(pair->user, impi_of(p)) &&
	       sipsec_pair_state(pair) == SIPSEC_SA_STATE_TEMPORARY;
}

bool sipsec_pair_stop(struct sipsec_pair *pair)
{
	u32 was = cmpxchg(&pair->state, SIPSEC_SA_STATE_TEMPORARY, SIPSEC_PAIR_GOING);

	/* Its other SA may have been told so already. */
	return was == SIPSEC_SA_STATE_TEMPORARY || was == SIPSEC_PAIR_GOING;
}

void sipsec_pair_go_on(struct sipsec_pair *pair)
{
	if (pair)
		cmpxchg(&pair->state, SIPSEC_PAIR_GOING, SIPSEC_SA_STATE_TEMPORARY);
}

struct sipsec_sa *sipsec_pair_partner(const struct sipsec_sa *sa)
{
	const struct sipsec_pair *pair = sipsec_sa_pair(sa);

	return pair ? pair->sa[!sa->type] : NULL;
}

void sipsec_pair_bind(struct sipsec_pair *pair, struct sipsec_sa *sa)
{
	refcount_inc(&pair->refs);
	rcu_assign_pointer(sa->pair, pair);
}

void sipsec_pair_join(struct sipsec_pair *pair, struct sipsec_sa *sa)
{
	WRITE_ONCE(pair->sa[sa->type], sa);
}

void sipsec_pair_unjoin(struct sipsec_pair *pair, const struct sipsec_sa *sa,
			struct sipsec_sa *before)
{
	WRITE_ONCE(pair->sa[sa->type], before);
	/* In hear(): it may have come for the one that goes. */
	smp_mb();
	if (before && sa->type == SIPSEC_SA_OUTBOUND && READ_ONCE(pair->heard))
		sipsec_peer_show(sa->net, before);
}

struct sipsec_pair *sipsec_pair_prepare(struct sipsec_net *sn, struct sipsec_sa *sa)
{
	struct sipsec_pair *pair = sipsec_sa_pair(sa);

	lockdep_assert_held(&sn->lock);

	if (!pair)
		return new_pair(sn, NULL, SIPSEC_SA_STATE_ESTABLISHED);
	refcount_inc(&pair->refs);
	return pair;
}

void sipsec_pair_commit(struct sipsec_net *sn, struct sipsec_sa *sa, struct sipsec_pair *pair)
{
	lockdep_assert_held(&sn->lock);

	if (sipsec_sa_pair(sa))
		return;
	pair->rank = ++sn->rank;
	sipsec_pair_bind(pair, sa);
	sipsec_pair_join(pair, sa);
}

void sipsec_pair_leave(struct sipsec_net *sn, struct sipsec_sa *sa)
{
	struct sipsec_pair *pair = sipsec_sa_pair(sa);

	lockdep_assert_held(&sn->lock);

	/* A successor may have its place already. */
	if (!pair || pair->sa[sa->type] != sa)
		return;
	WRITE_ONCE(pair->sa[sa->type], NULL);
	if (!pair->sa[!sa->type])
		leave_user(sn, pair);
}

void sipsec_pair_put(struct sipsec_net *sn, struct sipsec_pair *pair)
{
	lockdep_assert_held(&sn->lock);

	if (!pair->sa[0] && !pair->sa[1])
		leave_user(sn, pair);
	sipsec_pair_free_ref(pair);
}

void sipsec_pair_free_ref(struct sipsec_pair *pair)
{
	if (!pair || !refcount_dec_and_test(&pair->refs))
		return;
	/* Found by its SAs alone, and these are gone for a grace period. */
	kfree(rcu_dereference_protected(pair->ids, true));
	kfree(pair);
}

/*
 * States
 */

/* Have both an SA of one type? */
static bool rivals(const struct sipsec_pair *a, const struct sipsec_pair *b)
{
	return (a->sa[0] && b->sa[0]) || (a->sa[1] && b->sa[1]);
}

/* Still, with what has changed of its pair: it goes in its own time. */
static bool is_spent(const struct sipsec_sa *sa)
{
	return READ_ONCE(sa->spent) && sipsec_sa_over(sa, ktime_get_boottime_seconds());
}

void sipsec_pair_changed(struct sipsec_net *sn, struct sipsec_pair *pair)
{
	unsigned int type;

	lockdep_assert_held(&sn->lock);

	for (type = 0; type < ARRAY_SIZE(pair->sa); type++) {
		if (!pair->sa[type])
			continue;
		/* One that is spent goes in its own time. */
		if (!READ_ONCE(pair->sa[type]->spent))
			sipsec_wheel_update(sn, pair->sa[type]);
		sipsec_event_sa(pair->sa[type], SIPSEC_CMD_SA_CHANGED, 0, GFP_KERNEL);
	}
}

void sipsec_pair_retime_partner(struct sipsec_net *sn, const struct sipsec_sa *sa, bool anew)
{
	struct sipsec_sa *partner = sipsec_pair_partner(sa);

	lockdep_assert_held(&sn->lock);

	if (!partner)
		return;
	if (!READ_ONCE(partner->spent) || (anew && !is_spent(partner)))
		sipsec_wheel_update(sn, partner);
	sipsec_event_sa(partner, SIPSEC_CMD_SA_CHANGED, 0, GFP_KERNEL);
}

/* From established to old; no datagram changes the state any more. */
static void retire(struct sipsec_net *sn, struct sipsec_pair *pair)
{
	pair->old_since = ktime_get_boottime_seconds();
	WRITE_ONCE(pair->state, SIPSEC_SA_STATE_OLD);
	sipsec_pair_changed(sn, pair);
}

/* Established: the user's rivals become old. */
static void displace(struct sipsec_net *sn, struct sipsec_pair *pair)
{
	struct sipsec_pair *other;

	if (!pair->user)
		return;
	hlist_for_each_entry(other, &pair->user->pairs, user_node) {
		if (other == pair || !rivals(other, pair) ||
		    READ_ONCE(other->state) != SIPSEC_SA_STATE_ESTABLISHED)
			continue;
		/* Without a rank a datagram has just established it: its turn comes. */
		if (other->rank)
			retire(sn, other);
	}
}

/* A new challenge: the user's rivals that are temporary go. */
static void replace_temporary(struct sipsec_net *sn, struct sipsec_pair *pair)
{
	struct sipsec_sa *sa[2];
	struct sipsec_pair *other;
	struct hlist_node *next;
	unsigned int type;

	if (!pair->user)
		return;
	hlist_for_each_entry_safe(other, next, &pair->user->pairs, user_node) {
		if (other == pair || !rivals(other, pair) || !sipsec_pair_stop(other))
			continue;
		/* With its last SA the memory may go. */
		memcpy(sa, other->sa, sizeof(sa));
		for (type = 0; type < ARRAY_SIZE(sa); type++)
			if (sa[type])
				sipsec_sa_del(sa[type], SIPSEC_REASON_REPLACED);
	}
}

void sipsec_pair_take(struct sipsec_net *sn, struct sipsec_pair *pair, struct sipsec_sa_parm *p)
{
	/* The IMPI alone is what it has already, where it has one. */
	if (p->ids && (p->ids->set.nr || !sipsec_pair_own_ids(sn, pair))) {
		sipsec_pair_set_ids(sn, pair, p->ids);
		p->ids = NULL;
	}
	if (p->has_drain)
		pair->drain = p->drain;
	if (p->temporary_seconds)
		WRITE_ONCE(pair->temporary_seconds, p->temporary_seconds);
}

void sipsec_pair_begin(struct sipsec_net *sn, struct sipsec_pair *pair)
{
	lockdep_assert_held(&sn->lock);

	switch (READ_ONCE(pair->state)) {
	case SIPSEC_SA_STATE_TEMPORARY:
		replace_temporary(sn, pair);
		break;
	case SIPSEC_SA_STATE_ESTABLISHED:
		if (!pair->rank)
			pair->rank = ++sn->rank;
		displace(sn, pair);
		break;
	case SIPSEC_SA_STATE_OLD:
		if (!pair->old_since)
			pair->old_since = ktime_get_boottime_seconds();
		break;
	}
}

void sipsec_pair_revive(struct sipsec_net *sn, struct sipsec_pair *pair)
{
	unsigned int type;

	lockdep_assert_held(&sn->lock);

	for (type = 0; type < ARRAY_SIZE(pair->sa); type++)
		if (pair->sa[type] && !is_spent(pair->sa[type]))
			sipsec_wheel_update(sn, pair->sa[type]);
}

void sipsec_pair_set_state(struct sipsec_net *sn, struct sipsec_pair *pair, u8 state)
{
	lockdep_assert_held(&sn->lock);

	sipsec_pairs_settle(sn);
	if (state == SIPSEC_SA_STATE_OLD) {
		retire(sn, pair);
		return;
	}
	/* A datagram may be faster: then the wheel sees to it. */
	if (cmpxchg(&pair->state, SIPSEC_SA_STATE_TEMPORARY, SIPSEC_SA_STATE_ESTABLISHED) !=
	    SIPSEC_SA_STATE_TEMPORARY)
		return;
	if (pair->sa[SIPSEC_SA_OUTBOUND])
		sipsec_peer_show(sn, pair->sa[SIPSEC_SA_OUTBOUND]);
	pair->rank = ++sn->rank;
	sipsec_pair_revive(sn, pair);
	sipsec_pair_changed(sn, pair);
	displace(sn, pair);
}

void sipsec_pairs_settle(struct sipsec_net *sn)
{
	struct llist_node *list = llist_reverse_order(llist_del_all(&sn->settle));
	struct sipsec_pair *pair, *next;

	lockdep_assert_held(&sn->lock);

	llist_for_each_entry_safe(pair, next, list, settle_node) {
		pair->rank = ++sn->rank;
		sipsec_pair_revive(sn, pair);
		sipsec_pair_changed(sn, pair);
		displace(sn, pair);
		sipsec_pair_put(sn, pair);
		cond_resched();
	}
}
