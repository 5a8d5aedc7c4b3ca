// SPDX-License-Identifier: GPL-2.0
/* SAs that are changed: all that can be refused comes first, then all is done. */
#include <net/genetlink.h>

#include "lifetime.h"
#include "net.h"
#include "netlink_gen.h"
#include "netlink_sa_attr.h"
#include "netlink_util.h"
#include "pair.h"
#include "peer.h"
#include "sa_table.h"

/* Is there one impu alone, an empty one that takes all away? */
static bool is_no_impu(struct nlattr *nest)
{
	struct nlattr *attr;
	bool empty = false;
	int rem, nr = 0;

	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != SIPSEC_A_SA_IMPU)
			continue;
		empty = !sipsec_nl_text(attr).len;
		nr++;
	}
	return nr == 1 && empty;
}

/* Changes to an SA, all parsed, of which those in tb are made. */
struct changes {
	struct nlattr **tb;
	struct nlattr *nest;
	struct sipsec_life life;
	struct sipsec_endpoint bind;
	bool has_bind;
	bool has_pair;			/* state, impu, drain or temporary-seconds */
	struct sipsec_identities *ids;
	u32 temporary_seconds;
	u64 seq;
	u32 mark;
	u32 budget;
};

/* Clause 6: a state only goes on, and one step at a time. */
static int check_state(const struct sipsec_sa *sa, struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	u32 from = sipsec_pair_state(sipsec_sa_pair(sa)), to = nla_get_u8(attr);

	if (to == from || to == from + 1)
		return 0;
	if (to < from)
		return sipsec_refuse(extack, attr, -EINVAL, "state: never goes back");
	return sipsec_refuse(extack, attr, -EINVAL, "state: a temporary SA does not become old");
}

static int parse_pair_changes(const struct sipsec_sa *sa, struct changes *c,
			      struct netlink_ext_ack *extack)
{
	const struct sipsec_identities *ids = sipsec_pair_own_ids(sa->net, sipsec_sa_pair(sa));
	static const struct sipsec_str none;
	struct nlattr **tb = c->tb;
	int err;

	c->has_pair = tb[SIPSEC_A_SA_STATE] || tb[SIPSEC_A_SA_IMPU] || tb[SIPSEC_A_SA_DRAIN] ||
		      tb[SIPSEC_A_SA_TEMPORARY_SECONDS];
	if (tb[SIPSEC_A_SA_STATE]) {
		err = check_state(sa, tb[SIPSEC_A_SA_STATE], extack);
		if (err)
			return err;
	}
	if (tb[SIPSEC_A_SA_TEMPORARY_SECONDS]) {
		err = sipsec_nl_temporary_seconds(tb[SIPSEC_A_SA_TEMPORARY_SECONDS],
						  &c->temporary_seconds, extack);
		if (err)
			return err;
	}
	if (!tb[SIPSEC_A_SA_IMPU])
		return 0;
	c->ids = sipsec_nl_identities(is_no_impu(c->nest) ? NULL : c->nest,
				      ids ? &ids->set.impi : &none, extack);
	if (IS_ERR(c->ids)) {
		err = PTR_ERR(c->ids);
		c->ids = NULL;
		return err;
	}
	return 0;
}

static int parse_changes(const struct sipsec_sa *sa, const struct sipsec_sa_parm *p,
			 struct changes *c, struct netlink_ext_ack *extack)
{
	static const u8 fixed[] = {
		SIPSEC_A_SA_DIRECTION, SIPSEC_A_SA_ALG, SIPSEC_A_SA_KEY, SIPSEC_A_SA_WINDOW,
		SIPSEC_A_SA_IMPI, SIPSEC_A_SA_PAIR,
	};
	struct nlattr **tb = c->tb;
	int err, i;

	for (i = 0; i < ARRAY_SIZE(fixed); i++)
		if (tb[fixed[i]])
			return sipsec_refuse(extack, tb[fixed[i]], -EINVAL,
					     "direction, alg, key, window, impi and pair cannot be changed, only replaced");
	c->life = sa->life;
	err = sipsec_nl_sa_check_type(sa->type, tb, extack) ?:
	      sipsec_nl_sa_life(tb, &c->life, extack) ?:
	      parse_pair_changes(sa, c, extack);
	if (err)
		return err;
	if (tb[SIPSEC_A_SA_SEQ]) {
		err = sipsec_nl_sa_check_seq(tb[SIPSEC_A_SA_SEQ], sa->type, sa->alg, extack);
		if (err)
			return err;
		c->seq = nla_get_u64(tb[SIPSEC_A_SA_SEQ]);
	}
	if (tb[SIPSEC_A_SA_MARK]) {
		err = sipsec_nl_sa_mark(tb[SIPSEC_A_SA_MARK], &c->mark, extack);
		if (err)
			return err;
	}
	if (tb[SIPSEC_A_SA_BUDGET]) {
		c->budget = nla_get_u32(tb[SIPSEC_A_SA_BUDGET]);
		if (c->budget == U32_MAX || (sa->alg->mac_len <= 4 && !c->budget))
			return sipsec_refuse(extack, tb[SIPSEC_A_SA_BUDGET], -ERANGE,
					     "budget: at most 4294967294; a MAC of 32 bits needs one");
	}
	if (sa->type == SIPSEC_SA_INBOUND) {
		if (p->peer.port && !p->has_addr)
			return sipsec_refuse_missing(extack, NULL, SIPSEC_A_SA_ADDR4,
						     "addr: missing, port needs it");
		c->has_bind = p->has_addr;
		c->bind = p->peer;
		if (p->has_addr && sipsec_nl_is_unspecified(&p->peer.addr) && p->peer.port)
			return sipsec_refuse(extack, tb[SIPSEC_A_SA_PORT], -EINVAL,
					     "port: an unspecified address takes the port away too");
	}
	return 0;
}

/* The seq never goes back.  Under sa->lock, where it stands still. */
static bool seq_goes_back(const struct sipsec_sa *sa, u64 seq)
{
	if (sa->type == SIPSEC_SA_INBOUND)
		return seq < sa->in.replay.high;
	return !sa->out.next_seq || seq < sa->out.next_seq;
}

static void apply(struct sipsec_sa *sa, const struct changes *c)
{
	/* Datagrams look at these without the lock first, at each by itself. */
	WRITE_ONCE(sa->life.soft_messages, c->life.soft_messages);
	WRITE_ONCE(sa->life.hard_messages, c->life.hard_messages);
	WRITE_ONCE(sa->life.soft_seconds, c->life.soft_seconds);
	WRITE_ONCE(sa->life.hard_seconds, c->life.hard_seconds);
	if (sa->type == SIPSEC_SA_OUTBOUND) {
		if (c->tb[SIPSEC_A_SA_SEQ])
			WRITE_ONCE(sa->out.next_seq, c->seq);
		if (c->tb[SIPSEC_A_SA_COMPACT])
			WRITE_ONCE(sa->out.compact, nla_get_u8(c->tb[SIPSEC_A_SA_COMPACT]));
		return;
	}
	if (c->tb[SIPSEC_A_SA_SEQ])
		sipsec_replay_set_high(&sa->in.replay, c->seq);
	if (c->tb[SIPSEC_A_SA_BUDGET])
		WRITE_ONCE(sa->in.budget.limit, c->budget);
	if (c->has_bind) {
		bool bind = !sipsec_nl_is_unspecified(&c->bind.addr);

		sa->peer = c->bind;
		WRITE_ONCE(sa->in.bind_addr, bind);
		WRITE_ONCE(sa->in.bind_port, bind && c->bind.port);
	}
}

/* What it shares with its partner. */
static void change_pair(struct sipsec_net *sn, struct sipsec_pair *pair, struct changes *c)
{
	if (c->tb[SIPSEC_A_SA_DRAIN])
		pair->drain = nla_get_u32(c->tb[SIPSEC_A_SA_DRAIN]);
	if (c->temporary_seconds) {
		WRITE_ONCE(pair->temporary_seconds, c->temporary_seconds);
		if (sipsec_pair_state(pair) == SIPSEC_SA_STATE_TEMPORARY)
			sipsec_pair_revive(sn, pair);
	}
	if (c->tb[SIPSEC_A_SA_IMPU]) {
		sipsec_pair_set_ids(sn, pair, c->ids);
		c->ids = NULL;
	}
}

/* Sends the events of both. */
static void tell_pair(struct sipsec_net *sn, struct sipsec_pair *pair, const struct changes *c)
{
	struct nlattr *state = c->tb[SIPSEC_A_SA_STATE];

	if (state && nla_get_u8(state) != sipsec_pair_state(pair))
		sipsec_pair_set_state(sn, pair, nla_get_u8(state));
	else
		sipsec_pair_changed(sn, pair);
}

/* Is it asked to live for another time? */
static bool sets_life(const struct changes *c)
{
	return c->tb[SIPSEC_A_SA_SOFT_SECONDS] || c->tb[SIPSEC_A_SA_HARD_SECONDS] ||
	       c->tb[SIPSEC_A_SA_SOFT_MESSAGES] || c->tb[SIPSEC_A_SA_HARD_MESSAGES] ||
	       c->tb[SIPSEC_A_SA_TEMPORARY_SECONDS] || c->tb[SIPSEC_A_SA_STATE];
}

static int change(struct sipsec_net *sn, struct sipsec_sa *sa, struct changes *c,
		  struct netlink_ext_ack *extack)
{
	bool new_mark = c->tb[SIPSEC_A_SA_MARK];
	struct sipsec_peer *group = NULL;
	struct sipsec_pair *pair = NULL;
	bool back = false;

	/* All that can be refused comes first, then all is done. */
	if (new_mark && sipsec_peer_mark_prepare(sn, sa, c->mark, &group)) {
		NL_SET_ERR_MSG(extack, "mark: out of memory");
		return -ENOMEM;
	}
	/* An SA by itself needs a pair to be told of. */
	if (c->has_pair) {
		pair = sipsec_pair_prepare(sn, sa);
		if (!pair) {
			sipsec_peer_mark_abandon(sn, group);
			NL_SET_ERR_MSG(extack, "sa: out of memory");
			return -ENOMEM;
		}
	}
	spin_lock_bh(&sa->lock);
	if (c->tb[SIPSEC_A_SA_SEQ])
		back = seq_goes_back(sa, c->seq);
	if (!back)
		apply(sa, c);
	spin_unlock_bh(&sa->lock);
	if (back) {
		sipsec_peer_mark_abandon(sn, group);
		if (pair)
			sipsec_pair_put(sn, pair);
		return sipsec_refuse(extack, c->tb[SIPSEC_A_SA_SEQ], -ERANGE,
				     "seq: never goes back");
	}
	if (new_mark)
		sipsec_peer_mark_commit(sn, sa, c->mark, group);
	if (pair) {
		sipsec_pair_commit(sn, sa, pair);
		change_pair(sn, pair, c);
	}
	/* Longer lives bring back what was spent; else that goes in its own time. */
	if (!READ_ONCE(sa->spent) || sets_life(c))
		sipsec_wheel_update(sn, sa);
	if (pair) {
		tell_pair(sn, pair, c);
		sipsec_pair_put(sn, pair);
	} else {
		sipsec_event_sa(sa, SIPSEC_CMD_SA_CHANGED, 0, GFP_KERNEL);
	}
	return 0;
}

int sipsec_nl_sa_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sipsec_net *sn = sipsec_net(genl_info_net(info));
	struct nlattr *tb[SIPSEC_A_SA_MAX + 1];
	struct changes c = { .tb = tb, .nest = info->attrs[SIPSEC_A_SA] };
	struct sipsec_sa_parm p = {};
	struct sipsec_sa *sa;
	int err;

	err = sipsec_nl_sa_given(info->attrs, tb, info->extack) ?:
	      sipsec_nl_sa_name(info->attrs[SIPSEC_A_SA], tb, &p, info->extack);
	if (err)
		return err;
	mutex_lock(&sn->lock);
	sa = sipsec_nl_sa_find(sn, &p, tb, info->extack);
	if (IS_ERR(sa))
		err = PTR_ERR(sa);
	else
		err = parse_changes(sa, &p, &c, info->extack) ?:
		      change(sn, sa, &c, info->extack);
	mutex_unlock(&sn->lock);
	kfree(c.ids);
	return err;
}
