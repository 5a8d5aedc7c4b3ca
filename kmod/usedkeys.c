// SPDX-License-Identifier: GPL-2.0
#include <linux/hash.h>
#include <linux/netlink.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "net.h"
#include "sa.h"
#include "usedkeys.h"

#define PAST_BITS	12

/* SAs of one key: as many as can be looked at whenever one comes or goes. */
#define MAX_OF_KEY	64

static const struct rhashtable_params live_params = {
	.key_len = sizeof(u64),
	.key_offset = offsetof(struct sipsec_sa, key_id),
	.head_offset = offsetof(struct sipsec_sa, key_node),
	.automatic_shrinking = true,
};

int sipsec_usedkeys_init(struct sipsec_net *sn)
{
	return rhltable_init(&sn->usedkeys.live, &live_params);
}

void sipsec_usedkeys_exit(struct sipsec_net *sn)
{
	rhltable_destroy(&sn->usedkeys.live);
	kvfree(sn->usedkeys.past);
}

int sipsec_usedkeys_add(struct sipsec_net *sn, struct sipsec_sa *sa)
{
	struct sipsec_usedkeys *u = &sn->usedkeys;

	lockdep_assert_held(&sn->lock);

	/* Made with the first SA: most namespaces have none. */
	if (!u->past) {
		u->past = kvcalloc(1 << PAST_BITS, sizeof(*u->past), GFP_KERNEL_ACCOUNT);
		if (!u->past)
			return -ENOMEM;
	}
	return rhltable_insert(&u->live, &sa->key_node, live_params);
}

static struct sipsec_pastkey *past_slot(struct sipsec_usedkeys *u, u64 key_id, u8 type)
{
	return &u->past[hash_64(key_id + type, PAST_BITS)];
}

static u64 next_seq(const struct sipsec_sa *sa)
{
	return sa->type == SIPSEC_SA_OUTBOUND ? READ_ONCE(sa->out.next_seq) : 0;
}

static bool is_unused(const struct sipsec_sa *sa)
{
	if (READ_ONCE(sa->messages))
		return false;
	return sa->type == SIPSEC_SA_OUTBOUND ? next_seq(sa) == 1 : !sa->in.replay.high;
}

static void remember(struct sipsec_usedkeys *u, const struct sipsec_sa *sa)
{
	struct sipsec_pastkey *past = past_slot(u, sa->key_id, sa->type);
	u64 seq = next_seq(sa);

	/*
	 * Anyone can have a P-CSCF make and replace keys, with which nothing is ever signed or
	 * verified: these do not put another one out of its place.
	 */
	if (past->key_id && past->key_id != sa->key_id && is_unused(sa))
		return;
	/* Two SAs of one key may go: the higher seq counts; 0 is past the last. */
	if (past->key_id == sa->key_id && past->type == sa->type && past->seq - 1 > seq - 1)
		return;
	past->key_id = sa->key_id;
	past->type = sa->type;
	past->direction = sa->direction;
	past->seq = seq;
}

void sipsec_usedkeys_del(struct sipsec_net *sn, struct sipsec_sa *sa)
{
	struct sipsec_usedkeys *u = &sn->usedkeys;

	lockdep_assert_held(&sn->lock);

	rhltable_remove(&u->live, &sa->key_node, live_params);
	remember(u, sa);
}

void sipsec_usedkeys_undo(struct sipsec_net *sn, struct sipsec_sa *sa)
{
	struct sipsec_usedkeys *u = &sn->usedkeys;

	lockdep_assert_held(&sn->lock);

	rhltable_remove(&u->live, &sa->key_node, live_params);
	if (READ_ONCE(sa->messages))
		remember(u, sa);
}

/* Would the first message of each direction have the same nonce? */
static bool one_direction(const struct sipsec_alg *alg)
{
	return alg->nonce && alg->salt_len;
}

static int other_direction(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "key: the other direction has it, alg takes one for each");
	return -EBUSY;
}

int sipsec_usedkeys_check_pair(const struct sipsec_sa_parm *p, struct netlink_ext_ack *extack)
{
	if (p[0].alg == p[1].alg && one_direction(p[0].alg) &&
	    !memcmp(p[0].key, p[1].key, p[0].alg->key_len))
		return other_direction(extack);
	return 0;
}

int sipsec_usedkeys_check(struct sipsec_net *sn, const struct sipsec_sa_parm *p, u64 key_id,
			  const struct sipsec_sa *replaced, bool pair,
			  struct netlink_ext_ack *extack)
{
	struct sipsec_usedkeys *u = &sn->usedkeys;
	bool used = false, beside = false, other = false;
	struct rhlist_head *list, *pos;
	u64 last = 0;			/* the last seq signed */
	struct sipsec_pastkey *past;
	unsigned int nr = 0;
	struct sipsec_sa *sa;

	lockdep_assert_held(&sn->lock);

	rcu_read_lock();
	list = rhltable_lookup(&u->live, &key_id, live_params);
	rhl_for_each_entry_rcu(sa, pos, list, key_node) {
		nr += sa != replaced;
		if (sa->type != p->type) {
			other |= sa->direction != p->direction;
			continue;
		}
		used = true;
		beside |= sa != replaced;
		last = max(last, next_seq(sa) - 1);
	}
	rcu_read_unlock();
	if (u->past) {
		past = past_slot(u, key_id, p->type);
		if (past->key_id == key_id && past->type == p->type) {
			used = true;
			last = max(last, past->seq - 1);
		}
		past = past_slot(u, key_id, !p->type);
		if (past->key_id == key_id && past->type == !p->type)
			other |= past->direction != p->direction;
	}

	if (other && one_direction(p->alg))
		return other_direction(extack);
	/* Of a pair neither is there yet. */
	if (nr + pair >= MAX_OF_KEY) {
		NL_SET_ERR_MSG(extack, "key: 64 SAs have it, which is the most");
		return -EBUSY;
	}
	if (!used)
		return 0;
	if (!p->has_seq) {
		NL_SET_ERR_MSG(extack, "key: used before, so seq must be given");
		return -EKEYREJECTED;
	}
	if (p->type == SIPSEC_SA_INBOUND)
		return 0;
	if (p->alg->nonce && beside) {
		NL_SET_ERR_MSG(extack, "key: another outbound SA signs with it, alg allows one");
		return -EBUSY;
	}
	if (p->seq <= last) {
		NL_SET_ERR_MSG(extack, "seq: not above the last one signed with this key");
		return -ERANGE;
	}
	return 0;
}
