// SPDX-License-Identifier: GPL-2.0
#include <linux/rculist.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/ktime.h>

#include "net.h"
#include "pair.h"
#include "peer.h"
#include "sa.h"

/*
 * An SA that is spent is taken from its peer when its linger time is over; until
 * then it is stepped over.  No more than this many, so that no datagram walks
 * a long list.
 */
#define MAX_STEPS	64

/* An SA that was found can be replaced before it signs; not again and again. */
#define MAX_TRIES	3

static const struct rhashtable_params peer_params = {
	.key_len = sizeof(struct sipsec_peer_key),
	.key_offset = offsetof(struct sipsec_peer, key),
	.head_offset = offsetof(struct sipsec_peer, node),
	.automatic_shrinking = true,
};

int sipsec_peers_init(struct sipsec_net *sn)
{
	spin_lock_init(&sn->peer_lock);
	return rhashtable_init(&sn->peers, &peer_params);
}

void sipsec_peers_exit(struct sipsec_net *sn)
{
	rhashtable_destroy(&sn->peers);
}

static void make_key(struct sipsec_peer_key *key, const struct sipsec_endpoint *peer, u32 mark)
{
	/* All octets are hashed and compared, padding too. */
	memset(key, 0, sizeof(*key));
	key->peer.addr = peer->addr;
	key->peer.port = peer->port;
	key->mark = mark;
}

static struct sipsec_peer *lookup(struct sipsec_net *sn, const struct sipsec_endpoint *peer,
				  u32 mark)
{
	struct sipsec_peer_key key;

	make_key(&key, peer, mark);
	return rhashtable_lookup(&sn->peers, &key, peer_params);
}

struct sipsec_peer *sipsec_peer_lookup(struct sipsec_net *sn, const struct sipsec_endpoint *peer)
{
	struct sipsec_peer *p = lookup(sn, peer, 0);

	return p && !hlist_empty(&p->sas) ? p : NULL;
}

static struct hlist_node *node_in(struct sipsec_sa *sa, const struct sipsec_peer *p)
{
	return p->by_mark ? &sa->out.mark_node : &sa->out.peer_node;
}

/* Under net->lock, so what is found stays.  NULL without memory. */
static struct sipsec_peer *get_group(struct sipsec_net *sn, const struct sipsec_endpoint *peer,
				     u32 mark)
{
	struct sipsec_peer *p;

	rcu_read_lock();
	p = lookup(sn, peer, mark);
	rcu_read_unlock();
	if (p)
		return p;
	p = kzalloc(sizeof(*p), GFP_KERNEL_ACCOUNT);
	if (!p)
		return NULL;
	make_key(&p->key, peer, mark);
	p->by_mark = mark;
	if (rhashtable_insert_fast(&sn->peers, &p->node, peer_params)) {
		kfree(p);
		return NULL;
	}
	return p;
}

static void count(struct sipsec_peer *p, int difference)
{
	WRITE_ONCE(p->nr, p->nr + difference);
}

/* One that nobody is of goes. */
static void put_group(struct sipsec_net *sn, struct sipsec_peer *p)
{
	if (!p || p->nr)
		return;
	rhashtable_remove_fast(&sn->peers, &p->node, peer_params);
	kfree_rcu(p, rcu);
}

static void leave(struct sipsec_net *sn, struct sipsec_peer *p)
{
	if (p)
		count(p, -1);
	put_group(sn, p);
}

/* Under peer_lock. */
static void list(struct sipsec_sa *sa, struct sipsec_peer *p)
{
	if (p)
		hlist_add_head_rcu(node_in(sa, p), &p->sas);
}

/* Under peer_lock. */
static void unlist(struct sipsec_sa *sa, const struct sipsec_peer *p)
{
	if (p)
		hlist_del_rcu(node_in(sa, p));
}

/* A P-CSCF's, of a challenge: for its answers to the REGISTERs that follow it. */
static bool is_challenge(const struct sipsec_sa *sa)
{
	return sipsec_pair_state(sipsec_sa_pair(sa)) == SIPSEC_SA_STATE_TEMPORARY &&
	       sa->direction == SIPSEC_DIRECTION_DOWNLINK;
}

/*
 * One of which the UE has not been heard.  Anyone can make a P-CSCF challenge, in the
 * name of any address: before that it is no SA of that peer, so that nothing is kept
 * from it, and none of its own is behind a crowd of these.
 */
static bool waits(const struct sipsec_sa *sa)
{
	return is_challenge(sa) && !READ_ONCE(sipsec_sa_pair(sa)->heard);
}

static void show(struct sipsec_sa *sa)
{
	sa->out.place = SIPSEC_PLACE_LISTED;
	/* Who finds one of this mark goes there first. */
	list(sa, sa->out.peer_mark);
	list(sa, sa->out.peer_all);
}

void sipsec_peer_show(struct sipsec_net *sn, struct sipsec_sa *sa)
{
	spin_lock_bh(&sn->peer_lock);
	if (sa->out.place == SIPSEC_PLACE_WAITING)
		show(sa);
	spin_unlock_bh(&sn->peer_lock);
}

int sipsec_peer_link(struct sipsec_net *sn, struct sipsec_sa *sa)
{
	struct sipsec_peer *by_mark = NULL, *all;

	lockdep_assert_held(&sn->lock);

	all = get_group(sn, &sa->peer, 0);
	if (!all)
		return -ENOMEM;
	if (sa->out.mark) {
		by_mark = get_group(sn, &sa->peer, sa->out.mark);
		if (!by_mark) {
			put_group(sn, all);
			return -ENOMEM;
		}
	}
	sa->out.peer_all = all;
	sa->out.peer_mark = by_mark;
	/* In hear(), of pair.c: it sees that this is of the pair, or here it has been heard. */
	smp_mb();
	spin_lock_bh(&sn->peer_lock);
	if (waits(sa))
		sa->out.place = SIPSEC_PLACE_WAITING;
	else
		show(sa);
	spin_unlock_bh(&sn->peer_lock);
	count(all, 1);
	if (by_mark)
		count(by_mark, 1);
	return 0;
}

void sipsec_peer_unlink(struct sipsec_net *sn, struct sipsec_sa *sa)
{
	lockdep_assert_held(&sn->lock);

	spin_lock_bh(&sn->peer_lock);
	if (sa->out.place == SIPSEC_PLACE_LISTED) {
		unlist(sa, sa->out.peer_all);
		unlist(sa, sa->out.peer_mark);
	}
	sa->out.place = SIPSEC_PLACE_NONE;
	spin_unlock_bh(&sn->peer_lock);
	leave(sn, sa->out.peer_all);
	leave(sn, sa->out.peer_mark);
}

int sipsec_peer_mark_prepare(struct sipsec_net *sn, struct sipsec_sa *sa, u32 mark,
			     struct sipsec_peer **group)
{
	lockdep_assert_held(&sn->lock);

	*group = NULL;
	if (!mark)
		return 0;
	*group = get_group(sn, &sa->peer, mark);
	return *group ? 0 : -ENOMEM;
}

void sipsec_peer_mark_abandon(struct sipsec_net *sn, struct sipsec_peer *group)
{
	lockdep_assert_held(&sn->lock);
	put_group(sn, group);
}

static void set_group(struct sipsec_net *sn, struct sipsec_sa *sa, struct sipsec_peer *group)
{
	spin_lock_bh(&sn->peer_lock);
	if (sa->out.place == SIPSEC_PLACE_LISTED) {
		unlist(sa, sa->out.peer_mark);
		list(sa, group);
	}
	sa->out.peer_mark = group;
	spin_unlock_bh(&sn->peer_lock);
}

void sipsec_peer_mark_commit(struct sipsec_net *sn, struct sipsec_sa *sa, u32 mark,
			     struct sipsec_peer *group)
{
	struct sipsec_peer *old = sa->out.peer_mark;

	lockdep_assert_held(&sn->lock);

	if (group == old)
		return;
	if (old) {
		set_group(sn, sa, NULL);
		leave(sn, old);
		/* The node is going to be in another list, if not now: readers leave this one. */
		synchronize_rcu();
	}
	if (group) {
		set_group(sn, sa, group);
		count(group, 1);
	}
	sa->out.mark = mark;
}

static struct sipsec_sa *sa_at(const struct sipsec_peer *p, struct hlist_node *node)
{
	if (!node)
		return NULL;
	return p->by_mark ? hlist_entry(node, struct sipsec_sa, out.mark_node) :
			    hlist_entry(node, struct sipsec_sa, out.peer_node);
}

static struct sipsec_sa *newest(const struct sipsec_peer *p)
{
	return sa_at(p, rcu_dereference(hlist_first_rcu(&p->sas)));
}

static struct sipsec_sa *older(const struct sipsec_peer *p, struct sipsec_sa *sa)
{
	return sa_at(p, rcu_dereference(hlist_next_rcu(node_in(sa, p))));
}

/* When an SA's turn to sign a message comes, by its state. */
enum turn {
	FIRST,
	SECOND,
	NEVER,
};

static enum turn turn_of(const struct sipsec_sa *sa, const struct sipsec_peer_use *use)
{
	const struct sipsec_pair *pair = sipsec_sa_pair(sa);

	switch (sipsec_pair_state(pair)) {
	case SIPSEC_SA_STATE_TEMPORARY:
		/*
		 * Its newer keys are for a UE's answer to the challenge and a
		 * P-CSCF's answer to that, also where there is an established SA.
		 */
		return use->registration && !(use->request && is_challenge(sa)) ? FIRST : NEVER;
	case SIPSEC_SA_STATE_OLD:
		return SECOND;
	default:
		return FIRST;
	}
}

static u64 take_seq(struct sipsec_sa *sa, const struct sipsec_peer_use *use, time64_t now)
{
	const struct sipsec_pair *pair = sipsec_sa_pair(sa);
	/* A UE that was heard on the pair's other SA has the pair. */
	bool heard = pair && (READ_ONCE(pair->heard) || READ_ONCE(pair->confirmed));

	return sipsec_sa_next_seq(sa, use->len, now, use->may_begin || heard);
}

/*
 * One that was replaced after it was found; its successor came before it in the
 * list, and was not there yet.  It has been looked at under its lock, so the
 * successor is seen now.
 */
static bool was_replaced(const struct sipsec_sa *sa)
{
	return READ_ONCE(sa->dead);
}

/* Does a P-CSCF go on with the predecessor, since the UE may not have the 2xx yet? */
static bool is_unsure(const struct sipsec_sa *sa, const struct sipsec_peer_use *use)
{
	const struct sipsec_pair *pair = sipsec_sa_pair(sa);

	return pair && READ_ONCE(pair->state) == SIPSEC_SA_STATE_ESTABLISHED &&
	       sa->direction == SIPSEC_DIRECTION_DOWNLINK && READ_ONCE(pair->user) &&
	       READ_ONCE(pair->sa[SIPSEC_SA_INBOUND]) && !READ_ONCE(pair->confirmed) &&
	       !(use->registration && READ_ONCE(pair->heard));
}

/* The next older SA of a user; *steps: of those looked at, at first 0. */
static struct sipsec_sa *older_of_user(const struct sipsec_peer *p, struct sipsec_sa *sa,
				       const struct sipsec_user *user, int *steps)
{
	const struct sipsec_pair *pair;

	while ((*steps)++ < MAX_STEPS && (sa = older(p, sa))) {
		pair = sipsec_sa_pair(sa);
		if (pair && READ_ONCE(pair->user) == user)
			return sa;
	}
	return NULL;
}

/* An older SA of the same user that was established before. */
static struct sipsec_sa *predecessor(const struct sipsec_peer *p, struct sipsec_sa *sa,
				     const struct sipsec_peer_use *use, time64_t now, u64 *seq)
{
	const struct sipsec_user *user = READ_ONCE(sipsec_sa_pair(sa)->user);
	int steps = 0;

	/* it is going */
	if (!user)
		return NULL;
	while ((sa = older_of_user(p, sa, user, &steps))) {
		if (sipsec_pair_state(sipsec_sa_pair(sa)) == SIPSEC_SA_STATE_TEMPORARY)
			continue;
		*seq = take_seq(sa, use, now);
		if (*seq)
			return sa;
	}
	return NULL;
}

/* Is it a response to the REGISTER that came by this pair last? */
static bool answers_heard(const struct sipsec_pair *pair, const struct sipsec_peer_use *use)
{
	return READ_ONCE(pair->heard_id) == use->register_id;
}

/*
 * Is it a P-CSCF's response to a REGISTER that came by an older SA of the same user?  A
 * UE that has given a registration up has not its pair any more, and goes on with the one
 * before, which would be retired by this.
 */
static bool came_by_older(const struct sipsec_peer *p, struct sipsec_sa *sa,
			  const struct sipsec_peer_use *use)
{
	const struct sipsec_pair *pair = sipsec_sa_pair(sa);
	const struct sipsec_user *user;
	int steps = 0;

	if (!use->registration || use->request || !pair ||
	    sa->direction != SIPSEC_DIRECTION_DOWNLINK || answers_heard(pair, use))
		return false;
	user = READ_ONCE(pair->user);
	if (!user)
		return false;
	while ((sa = older_of_user(p, sa, user, &steps)))
		if (answers_heard(sipsec_sa_pair(sa), use))
			return true;
	return false;
}

static struct sipsec_sa *choose(const struct sipsec_peer *p, const struct sipsec_peer_use *use,
				enum turn turn, time64_t now, struct sipsec_peer_choice *c)
{
	struct sipsec_sa *sa, *before;
	u64 *seq = &c->seq;
	int steps = 0;

	for (sa = newest(p); sa && steps < MAX_STEPS; sa = older(p, sa), steps++) {
		c->held |= !is_challenge(sa);
		if (turn_of(sa, use) != turn || came_by_older(p, sa, use))
			continue;
		if (is_unsure(sa, use)) {
			before = predecessor(p, sa, use, now, seq);
			if (before)
				return before;
		}
		*seq = take_seq(sa, use, now);
		if (*seq)
			return sa;
		c->again |= was_replaced(sa);
	}
	c->held |= steps == MAX_STEPS;
	return NULL;
}

static struct sipsec_sa *choose_once(struct sipsec_net *sn, const struct sipsec_peer *all,
				     const struct sipsec_peer_use *use,
				     struct sipsec_peer_choice *c)
{
	time64_t now = ktime_get_boottime_seconds();
	struct sipsec_peer *p = NULL;
	struct sipsec_sa *sa = NULL;
	enum turn turn;

	/*
	 * A mark that names SAs of this peer, none of which may sign, does not
	 * fall back to the newest: that is another user's.
	 */
	if (use->mark)
		p = lookup(sn, &all->key.peer, use->mark);
	if (p && !READ_ONCE(p->nr))
		p = NULL;
	c->held = p;
	for (turn = FIRST; !sa && turn < NEVER; turn++)
		sa = choose(p ?: all, use, turn, now, c);
	return sa;
}

void sipsec_peer_choose(struct sipsec_net *sn, struct sipsec_peer *all,
			const struct sipsec_peer_use *use, struct sipsec_peer_choice *c)
{
	int i;

	c->sa = NULL;
	c->again = true;
	for (i = 0; i < MAX_TRIES && !c->sa && c->again; i++) {
		c->again = false;
		c->sa = choose_once(sn, all, use, c);
	}
}
