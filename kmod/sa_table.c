// SPDX-License-Identifier: GPL-2.0
#include <linux/cache.h>
#include <linux/jhash.h>
#include <linux/netlink.h>
#include <linux/prefetch.h>
#include <linux/rhashtable.h>

#include "core/limits.h"
#include "net.h"
#include "pair.h"
#include "peer.h"
#include "sa.h"
#include "sa_table.h"

static const struct rhashtable_params in_params = {
	.key_len = sizeof(u32),
	.key_offset = offsetof(struct sipsec_sa, spi),
	.head_offset = offsetof(struct sipsec_sa, node),
	.automatic_shrinking = true,
};

struct out_key {
	const struct sipsec_endpoint *peer;
	u32 spi;
};

static u32 out_hash(const struct sipsec_endpoint *peer, u32 spi, u32 seed)
{
	return jhash_2words(spi, (__force u16)peer->port,
			    jhash2((const u32 *)&peer->addr, sizeof(peer->addr) / 4, seed));
}

static u32 out_hashfn(const void *data, u32 len, u32 seed)
{
	const struct out_key *key = data;

	return out_hash(key->peer, key->spi, seed);
}

static u32 out_obj_hashfn(const void *data, u32 len, u32 seed)
{
	const struct sipsec_sa *sa = data;

	return out_hash(&sa->peer, sa->spi, seed);
}

static int out_obj_cmpfn(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct out_key *key = arg->key;
	const struct sipsec_sa *sa = obj;

	return sa->spi != key->spi || !sipsec_endpoint_equal(&sa->peer, key->peer);
}

static const struct rhashtable_params out_params = {
	.head_offset = offsetof(struct sipsec_sa, node),
	.hashfn = out_hashfn,
	.obj_hashfn = out_obj_hashfn,
	.obj_cmpfn = out_obj_cmpfn,
	.automatic_shrinking = true,
};

int sipsec_sa_table_init(struct sipsec_net *sn)
{
	int err;

	xa_init_flags(&sn->index, XA_FLAGS_ALLOC | XA_FLAGS_ACCOUNT);
	err = rhashtable_init(&sn->in, &in_params);
	if (err)
		return err;
	err = rhashtable_init(&sn->out, &out_params);
	if (err)
		goto err_in;
	err = sipsec_peers_init(sn);
	if (err)
		goto err_out;
	err = sipsec_usedkeys_init(sn);
	if (err)
		goto err_peers;
	err = sipsec_pairs_init(sn);
	if (err)
		goto err_keys;
	return 0;

err_keys:
	sipsec_usedkeys_exit(sn);
err_peers:
	sipsec_peers_exit(sn);
err_out:
	rhashtable_destroy(&sn->out);
err_in:
	rhashtable_destroy(&sn->in);
	return err;
}

void sipsec_sa_table_exit(struct sipsec_net *sn)
{
	struct sipsec_sa *sa;
	unsigned long i;

	mutex_lock(&sn->lock);
	xa_for_each(&sn->index, i, sa) {
		sipsec_sa_del(sa, SIPSEC_REASON_FLUSH);
		cond_resched();
	}
	mutex_unlock(&sn->lock);
	xa_destroy(&sn->index);
	sipsec_pairs_exit(sn);
	sipsec_usedkeys_exit(sn);
	sipsec_peers_exit(sn);
	rhashtable_destroy(&sn->out);
	rhashtable_destroy(&sn->in);
}

struct rhash_lock_head __rcu *const *sipsec_sa_fetch_bucket(struct sipsec_net *sn, u32 spi)
{
	const struct bucket_table *tbl = rht_dereference_rcu(sn->in.tbl, &sn->in);
	struct rhash_lock_head __rcu *const *bucket;

	bucket = rht_bucket(tbl, rht_key_hashfn(&sn->in, tbl, &spi, in_params));
	prefetch(bucket);
	return bucket;
}

/*
 * The first of the bucket, which is most often the only one, up to its window.
 * prefetch_range() does nothing on most architectures, x86-64 among them.
 */
void sipsec_sa_fetch(struct rhash_lock_head __rcu *const *bucket)
{
	struct rhash_head *first = rht_ptr_rcu(bucket);
	const char *line, *end;

	if (rht_is_a_nulls(first))
		return;
	line = (const char *)container_of(first, struct sipsec_sa, node);
	end = line + offsetof(struct sipsec_sa, in.replay.bits) + SIPSEC_WINDOW_DEFAULT / 8;
	for (line = PTR_ALIGN_DOWN(line, L1_CACHE_BYTES); line < end; line += L1_CACHE_BYTES)
		prefetch(line);
}

struct sipsec_sa *sipsec_sa_find_in(struct sipsec_net *sn,
				    struct rhash_lock_head __rcu *const *bucket, u32 spi)
{
	struct rhash_head *he;

	/* It is there but while the table grows or shrinks. */
	if (likely(bucket))
		rht_for_each_rcu_from(he, rht_ptr_rcu(bucket), NULL, 0) {
			struct sipsec_sa *sa = container_of(he, struct sipsec_sa, node);

			if (likely(sa->spi == spi))
				return sa;
		}
	return rhashtable_lookup(&sn->in, &spi, in_params);
}

struct sipsec_sa *sipsec_sa_find(struct sipsec_net *sn, u8 type, u32 spi,
				 const struct sipsec_endpoint *peer)
{
	const struct out_key key = { .peer = peer, .spi = spi };
	struct sipsec_sa *sa;

	lockdep_assert_held(&sn->lock);

	if (type == SIPSEC_SA_INBOUND)
		sa = rhashtable_lookup_fast(&sn->in, &spi, in_params);
	else
		sa = rhashtable_lookup_fast(&sn->out, &key, out_params);
	return sa;
}

/*
 * An inbound SA comes in the place of another.  With the same key it has seen what that
 * one has, so that nothing verifies on both: who has found the old one waits for its
 * lock, and finds it dead then.
 */
static int replace_in(struct sipsec_net *sn, struct sipsec_sa *sa, struct sipsec_sa *old)
{
	bool goes_on = sa->key_id == old->key_id;
	int err;

	spin_lock_bh(&old->lock);
	if (goes_on) {
		WRITE_ONCE(old->dead, true);
		if (sa->in.replay.high < old->in.replay.high)
			sipsec_replay_set_high(&sa->in.replay, old->in.replay.high);
	}
	err = rhashtable_replace_fast(&sn->in, &old->node, &sa->node, in_params);
	spin_unlock_bh(&old->lock);
	return err;
}

static int publish(struct sipsec_net *sn, struct sipsec_sa *sa, struct sipsec_sa *old)
{
	if (sa->type == SIPSEC_SA_INBOUND)
		return old ? replace_in(sn, sa, old) :
			     rhashtable_insert_fast(&sn->in, &sa->node, in_params);
	if (old)
		return rhashtable_replace_fast(&sn->out, &old->node, &sa->node, out_params);
	return rhashtable_insert_fast(&sn->out, &sa->node, out_params);
}

/*
 * All but its place in the table by SPI; that is last to come, first to go.  It
 * is dead from here on: a datagram that has found it takes no seq behind the one
 * that usedkeys remembers.
 */
static void detach(struct sipsec_net *sn, struct sipsec_sa *sa)
{
	sipsec_sa_set_dead(sa, true);
	if (sa->type == SIPSEC_SA_OUTBOUND)
		sipsec_peer_unlink(sn, sa);
	sipsec_usedkeys_del(sn, sa);
	sipsec_wheel_del(sn, sa);
	sipsec_pair_leave(sn, sa);
	xa_erase(&sn->index, sa->index);
	if (sa->type == SIPSEC_SA_INBOUND)
		WRITE_ONCE(sn->nr_in, sn->nr_in - 1);
	else
		WRITE_ONCE(sn->nr_out, sn->nr_out - 1);
}

/* An SA on its way into the tables. */
struct making {
	const struct sipsec_sa_parm *p;
	struct sipsec_sa *sa;
	struct sipsec_sa *old;		/* whose place it takes, or NULL */
	struct sipsec_sa *before;	/* whose place in the pair it takes, or NULL */
};

/*
 * May it be made?  pair: what is said of it, NULL for an SA alone.  The old one signs nothing
 * from here on, where that could clash.
 */
static int check(struct sipsec_net *sn, struct making *m, const struct sipsec_sa_parm *pair,
		 bool replace, struct netlink_ext_ack *extack)
{
	const u64 key_id = sipsec_key_id(m->p->alg, m->p->key);

	m->old = sipsec_sa_find(sn, m->p->type, m->p->spi, &m->p->peer);
	if (m->old && !replace && !sipsec_pair_is_challenged_anew(m->old, pair)) {
		NL_SET_ERR_MSG(extack, "spi: in use");
		return -EEXIST;
	}
	/* Were it to go on with the same key, it could pass the new one's first seq. */
	if (m->old && m->old->type == SIPSEC_SA_OUTBOUND && m->old->key_id == key_id)
		sipsec_sa_set_dead(m->old, true);
	return sipsec_usedkeys_check(sn, m->p, key_id, m->old, pair, extack);
}

/* Make it; no datagram finds it yet. */
static int make(struct sipsec_net *sn, struct making *m, struct netlink_ext_ack *extack)
{
	struct sipsec_sa *sa = sipsec_sa_new(sn, m->p);
	int err;

	if (IS_ERR(sa)) {
		err = PTR_ERR(sa);
		if (err == -ENOMEM)
			NL_SET_ERR_MSG(extack, "sa: out of memory");
		else if (err == -EOPNOTSUPP)
			NL_SET_ERR_MSG(extack, "alg: this kernel does not serve it");
		else
			NL_SET_ERR_MSG(extack, "alg: the crypto API refused the key");
		return err;
	}
	err = xa_alloc(&sn->index, &sa->index, sa, xa_limit_32b, GFP_KERNEL_ACCOUNT);
	if (err)
		goto err_free;
	err = sipsec_usedkeys_add(sn, sa);
	if (err)
		goto err_index;
	m->sa = sa;
	return 0;

err_index:
	xa_erase(&sn->index, sa->index);
err_free:
	NL_SET_ERR_MSG(extack, "sa: out of memory");
	sipsec_sa_free(sa);
	return err;
}

/* The old one goes by a new challenge, unless a datagram has established it since. */
static int stop_old(const struct making *m, struct netlink_ext_ack *extack)
{
	if (!m->old || sipsec_pair_stop(sipsec_sa_pair(m->old)))
		return 0;
	NL_SET_ERR_MSG(extack, "spi: in use");
	return -EEXIST;
}

/* Let datagrams find it instead of the old one. */
static int show(struct sipsec_net *sn, struct making *m, struct netlink_ext_ack *extack)
{
	int err = 0;

	if (m->sa->type == SIPSEC_SA_OUTBOUND)
		err = sipsec_peer_link(sn, m->sa);
	if (!err) {
		err = publish(sn, m->sa, m->old);
		if (err && m->sa->type == SIPSEC_SA_OUTBOUND)
			sipsec_peer_unlink(sn, m->sa);
	}
	if (err)
		NL_SET_ERR_MSG(extack, "sa: out of memory");
	return err;
}

/* Undo it. */
static void hide(struct sipsec_net *sn, struct making *m)
{
	sipsec_sa_set_dead(m->sa, true);
	if (m->old)
		replace_in(sn, m->old, m->sa);
	else
		rhashtable_remove_fast(&sn->in, &m->sa->node, in_params);
}

/* A datagram may have found it already, and hurried it onto the wheel. */
static void unmake(struct sipsec_net *sn, struct making *m)
{
	sipsec_sa_set_dead(m->sa, true);
	sipsec_wheel_del(sn, m->sa);
	sipsec_usedkeys_undo(sn, m->sa);
	xa_erase(&sn->index, m->sa->index);
	sipsec_sa_kill(m->sa);
}

/* It is there for good: the old one goes. */
static void finish(struct sipsec_net *sn, struct making *m)
{
	if (m->sa->type == SIPSEC_SA_INBOUND)
		WRITE_ONCE(sn->nr_in, sn->nr_in + 1);
	else
		WRITE_ONCE(sn->nr_out, sn->nr_out + 1);
	if (!m->old)
		return;
	/*
	 * A dump that is under way has it once: at the old one's index, whose place is
	 * taken without memory.
	 */
	xa_store(&sn->index, m->old->index, m->sa, GFP_KERNEL_ACCOUNT);
	swap(m->old->index, m->sa->index);
	detach(sn, m->old);
	sipsec_event_sa(m->old, SIPSEC_CMD_SA_DELETED, SIPSEC_REASON_REPLACED, GFP_KERNEL);
	sipsec_sa_kill(m->old);
}

int sipsec_sa_add(struct sipsec_net *sn, struct sipsec_sa_parm *p, unsigned int nr, bool replace,
		  unsigned int *failed, struct netlink_ext_ack *extack)
{
	struct sipsec_sa *old[2] = {}, *sibling = NULL;
	struct making m[2] = { { .p = &p[0] }, { .p = &p[1] } };
	struct sipsec_pair *pair = NULL;
	unsigned int made = 0, shown = 0, i;
	bool fresh;
	int err = 0;

	lockdep_assert_held(&sn->lock);

	sipsec_pairs_settle(sn);
	for (i = 0; !err && i < nr; i++) {
		*failed = i;
		err = check(sn, &m[i], nr == 2 ? p : NULL, replace, extack);
		old[p[i].type] = m[i].old;
	}
	if (!err && nr == 2)
		err = sipsec_usedkeys_check_pair(p, extack);
	if (err)
		goto err_old;
	*failed = 0;
	pair = sipsec_pair_for(sn, p, nr, old, &sibling, extack);
	if (IS_ERR(pair)) {
		err = PTR_ERR(pair);
		pair = NULL;
		goto err_old;
	}
	/* Whom it names is known before a datagram finds its SAs. */
	fresh = pair && !pair->sa[SIPSEC_SA_INBOUND] && !pair->sa[SIPSEC_SA_OUTBOUND];
	if (fresh)
		sipsec_pair_take(sn, pair, p);
	for (; !err && made < nr; made += !err) {
		*failed = made;
		err = make(sn, &m[made], extack);
		if (err || !pair)
			continue;
		m[made].before = pair->sa[p[made].type];
		sipsec_pair_bind(pair, m[made].sa);
	}
	/* To make them took its time. */
	for (i = 0; !err && !replace && i < nr; i++) {
		*failed = i;
		err = stop_old(&m[i], extack);
	}
	if (err)
		goto err_made;
	if (sibling)
		sipsec_pair_join(pair, sibling);
	for (i = 0; pair && i < nr; i++)
		sipsec_pair_join(pair, m[i].sa);
	/* The inbound one first: none is answered with what is not understood. */
	for (; !err && shown < nr; shown += !err) {
		*failed = shown;
		err = show(sn, &m[shown], extack);
	}
	if (err)
		goto err_made;

	if (sibling)
		sipsec_pair_bind(pair, sibling);
	for (i = 0; i < nr; i++)
		finish(sn, &m[i]);
	if (pair && !fresh)
		sipsec_pair_take(sn, pair, p);
	for (i = 0; i < nr; i++)
		sipsec_event_sa(m[i].sa, SIPSEC_CMD_SA_ADDED, 0, GFP_KERNEL);
	if (sibling)
		sipsec_event_sa(sibling, SIPSEC_CMD_SA_CHANGED, 0, GFP_KERNEL);
	if (pair) {
		sipsec_pair_begin(sn, pair);
		sipsec_pair_put(sn, pair);
	}
	for (i = 0; i < nr; i++)
		sipsec_wheel_add(sn, m[i].sa);
	if (pair && nr == 1 && (p->has_drain || p->temporary_seconds))
		sipsec_pair_retime_partner(sn, m[0].sa, p->temporary_seconds);
	return 0;

err_made:
	while (shown)
		hide(sn, &m[--shown]);
	if (pair && sibling)
		sipsec_pair_unjoin(pair, sibling, NULL);
	while (made) {
		made--;
		if (pair)
			sipsec_pair_unjoin(pair, m[made].sa, m[made].before);
		unmake(sn, &m[made]);
	}
err_old:
	if (pair)
		sipsec_pair_put(sn, pair);
	for (i = 0; i < nr; i++) {
		if (!m[i].old)
			continue;
		sipsec_pair_go_on(sipsec_sa_pair(m[i].old));
		sipsec_sa_set_dead(m[i].old, false);
	}
	return err;
}

void sipsec_sa_del(struct sipsec_sa *sa, enum sipsec_reason reason)
{
	struct sipsec_net *sn = sa->net;

	lockdep_assert_held(&sn->lock);

	if (sa->type == SIPSEC_SA_INBOUND)
		rhashtable_remove_fast(&sn->in, &sa->node, in_params);
	else
		rhashtable_remove_fast(&sn->out, &sa->node, out_params);
	detach(sn, sa);
	sipsec_event_sa(sa, SIPSEC_CMD_SA_DELETED, reason, GFP_KERNEL);
	sipsec_sa_kill(sa);
}
