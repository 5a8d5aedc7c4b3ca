// SPDX-License-Identifier: GPL-2.0
#include <linux/jhash.h>
#include <linux/netlink.h>
#include <linux/rhashtable.h>

#include "net.h"
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
	return 0;

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
	sipsec_usedkeys_exit(sn);
	sipsec_peers_exit(sn);
	rhashtable_destroy(&sn->out);
	rhashtable_destroy(&sn->in);
}

struct sipsec_sa *sipsec_sa_find_in(struct sipsec_net *sn, u32 spi)
{
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

static int publish(struct sipsec_net *sn, struct sipsec_sa *sa, struct sipsec_sa *old)
{
	const struct rhashtable_params params =
		sa->type == SIPSEC_SA_INBOUND ? in_params : out_params;
	struct rhashtable *ht = sa->type == SIPSEC_SA_INBOUND ? &sn->in : &sn->out;

	if (old)
		return rhashtable_replace_fast(ht, &old->node, &sa->node, params);
	return rhashtable_insert_fast(ht, &sa->node, params);
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
	xa_erase(&sn->index, sa->index);
	if (sa->type == SIPSEC_SA_INBOUND)
		WRITE_ONCE(sn->nr_in, sn->nr_in - 1);
	else
		WRITE_ONCE(sn->nr_out, sn->nr_out - 1);
}

int sipsec_sa_add(struct sipsec_net *sn, const struct sipsec_sa_parm *p, bool replace,
		  struct netlink_ext_ack *extack)
{
	const u64 key_id = sipsec_key_id(p->alg, p->key);
	struct sipsec_sa *sa, *old;
	int err;

	lockdep_assert_held(&sn->lock);

	old = sipsec_sa_find(sn, p->type, p->spi, &p->peer);
	if (old && !replace) {
		NL_SET_ERR_MSG(extack, "spi: in use");
		return -EEXIST;
	}
	/* Were it to go on with the same key, it could pass the new one's first seq. */
	if (old && old->type == SIPSEC_SA_OUTBOUND && old->key_id == key_id)
		sipsec_sa_set_dead(old, true);
	err = sipsec_usedkeys_check(sn, p, key_id, old, extack);
	if (err)
		goto err_old;

	sa = sipsec_sa_new(sn, p);
	if (IS_ERR(sa)) {
		err = PTR_ERR(sa);
		if (err == -ENOMEM)
			NL_SET_ERR_MSG(extack, "sa: out of memory");
		else
			NL_SET_ERR_MSG(extack, "alg: the crypto API refused the key");
		goto err_old;
	}
	err = xa_alloc(&sn->index, &sa->index, sa, xa_limit_32b, GFP_KERNEL_ACCOUNT);
	if (err)
		goto err_free;
	err = sipsec_usedkeys_add(sn, sa);
	if (err)
		goto err_index;
	if (sa->type == SIPSEC_SA_OUTBOUND) {
		err = sipsec_peer_link(sn, sa);
		if (err)
			goto err_key;
	}
	err = publish(sn, sa, old);
	if (err)
		goto err_peer;

	if (sa->type == SIPSEC_SA_INBOUND)
		WRITE_ONCE(sn->nr_in, sn->nr_in + 1);
	else
		WRITE_ONCE(sn->nr_out, sn->nr_out + 1);
	sipsec_wheel_add(sn, sa);
	if (old) {
		detach(sn, old);
		sipsec_event_sa(old, SIPSEC_CMD_SA_DELETED, SIPSEC_REASON_REPLACED, GFP_KERNEL);
		sipsec_sa_kill(old);
	}
	sipsec_event_sa(sa, SIPSEC_CMD_SA_ADDED, 0, GFP_KERNEL);
	return 0;

err_peer:
	if (sa->type == SIPSEC_SA_OUTBOUND)
		sipsec_peer_unlink(sn, sa);
err_key:
	sipsec_usedkeys_del(sn, sa);
err_index:
	xa_erase(&sn->index, sa->index);
	NL_SET_ERR_MSG(extack, "sa: out of memory");
	/* A datagram may have found it by its peer already. */
	sipsec_sa_kill(sa);
	goto err_old;
err_free:
	NL_SET_ERR_MSG(extack, "sa: out of memory");
	sipsec_sa_free(sa);
err_old:
	if (old)
		sipsec_sa_set_dead(old, false);
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
