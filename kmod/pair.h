/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the SAs of one agreement have in common (clauses 2 and 6): state,
 * identities, and each other.  Only SAs with a partner, an IMPI or a state other
 * than established have one; it may have a single SA.
 *
 * The state is one word for both SAs, so no datagram sees it half changed, and it
 * only goes on: temporary, established, old.  A datagram takes it from temporary
 * to established by itself and leaves what follows, the pairs that become old and
 * the events, to the wheel's work; all else happens under sipsec_net.lock.
 */
#ifndef SIPSEC_PAIR_H
#define SIPSEC_PAIR_H

#include <linux/llist.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/sipsec.h>

#include "core/identity.h"
#include "sa.h"

struct netlink_ext_ack;
struct sipsec_net;
struct sipsec_user;

/* Who an SA is bound to (clause 11); never changed, replaced as a whole. */
struct sipsec_identities {
	struct rcu_head rcu;
	struct sipsec_identity_set set;
	u32 len;			/* octets of text in use */
	u8 text[];
};

/*
 * A temporary pair whose SAs are being replaced, so that nothing establishes it any
 * more; told as temporary.
 */
#define SIPSEC_PAIR_GOING	0x100

struct sipsec_pair {
	refcount_t refs;	/* its SAs, as long as they are in memory, and passing users */
	u32 state;		/* enum sipsec_sa_state, or SIPSEC_PAIR_GOING */
	bool heard;		/* a REGISTER has verified on it while it was temporary */
	bool confirmed;		/* the other end was seen to use it as established */
	u32 heard_id;		/* the last REGISTER on it: sipsec_register_id(); 0: none */
	u32 temporary_seconds;
	struct sipsec_identities __rcu *ids;	/* NULL: none */
	struct llist_node settle_node;		/* in net->settle */

	/* under net->lock */
	u32 drain;		/* seconds */
	u32 old_since;		/* boot time */
	u64 rank;		/* in the order of being established; 0: not seen to yet */
	struct sipsec_sa *sa[2];	/* in the tables, by type; or NULL */
	struct sipsec_user *user;	/* NULL without IMPI */
	struct hlist_node user_node;
};

int sipsec_pairs_init(struct sipsec_net *sn);
/* No SA is in the tables, and no datagram comes any more. */
void sipsec_pairs_exit(struct sipsec_net *sn);

/*
 * For datagrams, under RCU.
 */

/* NULL: it is by itself, and established.  Set once, and valid as long as the SA is. */
static inline struct sipsec_pair *sipsec_sa_pair(const struct sipsec_sa *sa)
{
	return rcu_dereference_raw(sa->pair);
}

/* NULL: none. */
static inline const struct sipsec_identities *sipsec_pair_ids(const struct sipsec_pair *pair)
{
	return pair ? rcu_dereference(pair->ids) : NULL;
}

static inline u32 sipsec_pair_state(const struct sipsec_pair *pair)
{
	u32 state = pair ? READ_ONCE(pair->state) : SIPSEC_SA_STATE_ESTABLISHED;

	return state == SIPSEC_PAIR_GOING ? SIPSEC_SA_STATE_TEMPORARY : state;
}

/*
 * A 2xx to REGISTER was signed or has verified on an SA of the pair: if it was
 * temporary it is established now, and the wheel is told to see to the rest.  False:
 * its SAs are being replaced, a new challenge was faster.
 */
bool sipsec_pair_establish(struct sipsec_net *sn, struct sipsec_pair *pair);

/* A message has verified on its inbound SA; register_id: of a REGISTER, else 0. */
void sipsec_pair_heard(struct sipsec_net *sn, struct sipsec_pair *pair, u32 register_id);

/*
 * All below under net->lock.
 */

/* Empty identities with room for so many octets; NULL without memory. */
struct sipsec_identities *sipsec_identities_new(u32 octets);

/* Put text behind what is there, which has room for it. */
struct sipsec_str sipsec_identities_add(struct sipsec_identities *ids, struct sipsec_str text);

/* The pair's own; NULL: none. */
const struct sipsec_identities *sipsec_pair_own_ids(struct sipsec_net *sn,
						    const struct sipsec_pair *pair);

/*
 * The pair for nr new SAs, of which p is the first: one, or an inbound and an
 * outbound one.  NULL where they need none; else with a reference for the
 * caller.  old: those that they replace, by type, or NULL.  *sibling: the inbound
 * SA that has to join it too, or NULL.  ERR_PTR(-errno), the reason in extack.
 */
struct sipsec_pair *sipsec_pair_for(struct sipsec_net *sn, const struct sipsec_sa_parm *p,
				    unsigned int nr, struct sipsec_sa *const old[2],
				    struct sipsec_sa **sibling, struct netlink_ext_ack *extack);

/*
 * Does a new pair, of which p is the first SA, come out of a new challenge, by which
 * the temporary SA old has to go (clause 6), whatever its SPI?
 */
bool sipsec_pair_is_challenged_anew(const struct sipsec_sa *old, const struct sipsec_sa_parm *p);

/*
 * No datagram establishes the pair any more, since its SAs are going to be replaced.
 * False: one has, or it was not temporary.
 */
bool sipsec_pair_stop(struct sipsec_pair *pair);
/* They are not after all; nothing changes where the pair is NULL or was not stopped. */
void sipsec_pair_go_on(struct sipsec_pair *pair);

/*
 * The pair of a living SA or, where it has none, one that can be made its own, which
 * cannot fail.  With a reference for the caller; NULL without memory.
 */
struct sipsec_pair *sipsec_pair_prepare(struct sipsec_net *sn, struct sipsec_sa *sa);
void sipsec_pair_commit(struct sipsec_net *sn, struct sipsec_sa *sa, struct sipsec_pair *pair);

/* The other SA of its pair, or NULL. */
struct sipsec_sa *sipsec_pair_partner(const struct sipsec_sa *sa);

/* An SA that is in no table yet is going to be of the pair. */
void sipsec_pair_bind(struct sipsec_pair *pair, struct sipsec_sa *sa);

/*
 * It comes into the tables, or leaves them.  What a pair has is known before a datagram
 * finds its SA, by which it looks at the other one.
 */
void sipsec_pair_join(struct sipsec_pair *pair, struct sipsec_sa *sa);
/* It does not come after all; before: which had its place, or NULL. */
void sipsec_pair_unjoin(struct sipsec_pair *pair, const struct sipsec_sa *sa,
			struct sipsec_sa *before);
void sipsec_pair_leave(struct sipsec_net *sn, struct sipsec_sa *sa);

/* Set what p says of the pair; p->ids is taken over. */
void sipsec_pair_take(struct sipsec_net *sn, struct sipsec_pair *pair,
		      struct sipsec_sa_parm *p);

/* All that join have joined: those make way that have to. */
void sipsec_pair_begin(struct sipsec_net *sn, struct sipsec_pair *pair);

/* By command, a state that comes after its own; sends the events. */
void sipsec_pair_set_state(struct sipsec_net *sn, struct sipsec_pair *pair, u8 state);

/* Takes ids over. */
void sipsec_pair_set_ids(struct sipsec_net *sn, struct sipsec_pair *pair,
			 struct sipsec_identities *ids);

/* How long it may be temporary counts no more, or anew: what was spent by it lives on. */
void sipsec_pair_revive(struct sipsec_net *sn, struct sipsec_pair *pair);

/* Its state, drain or temporary-seconds have changed: send the events, find out what is due. */
void sipsec_pair_changed(struct sipsec_net *sn, struct sipsec_pair *pair);

/*
 * Drain or, with anew, temporary-seconds have come with this SA: find out when its
 * partner is due.
 */
void sipsec_pair_retime_partner(struct sipsec_net *sn, const struct sipsec_sa *sa, bool anew);

/* Call fn for each SA of a private identity; it may delete that one, and no other. */
void sipsec_pairs_of_user(struct sipsec_net *sn, struct sipsec_str impi,
			  void (*fn)(struct sipsec_sa *sa, void *data), void *data);

/* See to those that datagrams have established. */
void sipsec_pairs_settle(struct sipsec_net *sn);

/* Give back the caller's reference; one that no SA has joined goes. */
void sipsec_pair_put(struct sipsec_net *sn, struct sipsec_pair *pair);

/*
 * Not under net->lock: the memory of an SA that referred to it goes, after a
 * grace period.  pair may be NULL.
 */
void sipsec_pair_free_ref(struct sipsec_pair *pair);

#endif
