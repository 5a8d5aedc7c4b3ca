/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The outbound SAs of one peer, newest first: all of them under mark 0, and
 * those that a packet mark names under that mark as well (clause 9).  One that
 * was made for a challenge joins the list when the UE has been heard on its partner.
 */
#ifndef SIPSEC_PEER_H
#define SIPSEC_PEER_H

#include <linux/rhashtable-types.h>

#include "addr.h"

struct sipsec_net;
struct sipsec_sa;

struct sipsec_peer_key {
	struct sipsec_endpoint peer;
	u32 mark;
};

struct sipsec_peer {
	struct rhash_head node;		/* in net->peers */
	struct sipsec_peer_key key;
	bool by_mark;			/* which of the SA's two nodes is used */
	u32 nr;				/* with those that are not in the list */
	struct hlist_head sas;		/* written under net->peer_lock */
	struct rcu_head rcu;
};

/* Bits of the packet mark that name an SA: the module parameter mark_mask. */
extern uint sipsec_mark_mask;

int sipsec_peers_init(struct sipsec_net *sn);
void sipsec_peers_exit(struct sipsec_net *sn);

/* For datagrams, under RCU; NULL if the peer has no SA. */
struct sipsec_peer *sipsec_peer_lookup(struct sipsec_net *sn, const struct sipsec_endpoint *peer);

/*
 * Make a new outbound SA the newest of its peer, and of its mark if that is
 * not 0.  0 or -ENOMEM, and then nothing has changed.  Under net->lock.
 */
int sipsec_peer_link(struct sipsec_net *sn, struct sipsec_sa *sa);

/*
 * Its pair is one that the UE has now, or is said to have: let datagrams find it.  Nothing
 * where they do, or it is not linked.  Under RCU or net->lock.
 */
void sipsec_peer_show(struct sipsec_net *sn, struct sipsec_sa *sa);

/* Take it out again.  Under net->lock. */
void sipsec_peer_unlink(struct sipsec_net *sn, struct sipsec_sa *sa);

/*
 * Give it another mark, 0 for none, in two steps: what can fail (-ENOMEM), and
 * what cannot, which may sleep.  A group that was prepared is committed or
 * abandoned before net->lock is given back.
 */
int sipsec_peer_mark_prepare(struct sipsec_net *sn, struct sipsec_sa *sa, u32 mark,
			     struct sipsec_peer **group);
void sipsec_peer_mark_commit(struct sipsec_net *sn, struct sipsec_sa *sa, u32 mark,
			     struct sipsec_peer *group);
void sipsec_peer_mark_abandon(struct sipsec_net *sn, struct sipsec_peer *group);

/* What is to be signed. */
struct sipsec_peer_use {
	u32 mark;		/* of the packet, under sipsec_mark_mask */
	u32 len;		/* octets */
	bool request;
	bool registration;	/* a REGISTER request or a response to one */
	u32 register_id;	/* of a response to one: sipsec_register_id() */
	bool success;		/* a 2xx response to REGISTER */
	bool may_begin;		/* may it be the first that an SA signs? */
	bool may_pass;		/* may it leave unsigned, where no SA may sign? */
};

struct sipsec_peer_choice {
	struct sipsec_sa *sa;	/* which signs; NULL: none may */
	u64 seq;		/* its next */
	/*
	 * Where none may: is there one but those of challenges, so that nothing may leave
	 * unsigned?  Who answers a challenge has an IMPI's key, and need not be at the address
	 * that he has had challenged.
	 */
	bool held;
	bool again;		/* one that was found has been replaced meanwhile */
};

/*
 * The SA that signs a datagram to this peer: among those named by mark if there are
 * any, else among all, the newest for it by its state.  Fills *c.  Under RCU.
 */
void sipsec_peer_choose(struct sipsec_net *sn, struct sipsec_peer *all,
			const struct sipsec_peer_use *use, struct sipsec_peer_choice *c);

#endif
