// SPDX-License-Identifier: GPL-2.0
/* Operations on SAs: what uapi/sipsec.yaml says beyond types and lengths. */
#include <linux/moduleparam.h>
#include <net/genetlink.h>

#include "core/limits.h"
#include "family.h"
#include "fill.h"
#include "attach.h"
#include "lifetime.h"
#include "mac.h"
#include "net.h"
#include "netlink_util.h"
#include "netlink_gen.h"
#include "netlink_sa.h"
#include "peer.h"
#include "sa.h"
#include "sa_table.h"

bool sipsec_allow_md5;
module_param_named(allow_md5, sipsec_allow_md5, bool, 0444);
MODULE_PARM_DESC(allow_md5, "allow hmac-md5-96 (default: no)");

/* Parse the nest sa of a request. */
static int parse_sa(struct nlattr **attrs, struct nlattr **tb, struct netlink_ext_ack *extack)
{
	static const u8 read_only[] = {
		SIPSEC_A_SA_KEY_ID, SIPSEC_A_SA_AGE, SIPSEC_A_SA_EXPIRED,
		SIPSEC_A_SA_MESSAGES, SIPSEC_A_SA_OCTETS, SIPSEC_A_SA_COUNTERS,
	};
	int err, i;

	if (!attrs[SIPSEC_A_SA])
		return sipsec_refuse_missing(extack, NULL, SIPSEC_A_SA, "sa: missing");
	err = nla_parse_nested(tb, ARRAY_SIZE(sipsec_sa_nl_policy) - 1, attrs[SIPSEC_A_SA],
			       sipsec_sa_nl_policy, extack);
	if (err)
		return err;
	for (i = 0; i < ARRAY_SIZE(read_only); i++)
		if (tb[read_only[i]])
			return sipsec_refuse(extack, tb[read_only[i]], -EINVAL,
					     "key-id, age, expired, messages, octets and counters are read only");
	return 0;
}

static int parse_alg(struct nlattr *attr, const struct sipsec_alg **alg,
		     struct netlink_ext_ack *extack)
{
	*alg = sipsec_alg_by_nr(nla_get_u8(attr));
	if (!*alg)
		return sipsec_refuse(extack, attr, -EINVAL, "alg: not a number of clause 5");
	return 0;
}

/* An algorithm for use, with its key. */
static int parse_key(struct nlattr **attrs, struct nlattr **tb, const struct sipsec_alg **alg,
		     const u8 **key, struct netlink_ext_ack *extack)
{
	int err;

	if (!tb[SIPSEC_A_SA_ALG])
		return sipsec_refuse_missing(extack, attrs[SIPSEC_A_SA], SIPSEC_A_SA_ALG,
					     "alg: missing");
	err = parse_alg(tb[SIPSEC_A_SA_ALG], alg, extack);
	if (err)
		return err;
	if ((*alg)->nr == SIPSEC_ALG_HMAC_MD5_96 && !sipsec_allow_md5)
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_ALG], -EPERM,
				     "alg: hmac-md5-96 needs the module parameter allow_md5");
	if (!sipsec_mac_driver(*alg))
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_ALG], -EOPNOTSUPP,
				     "alg: this kernel does not serve it");
	if (!tb[SIPSEC_A_SA_KEY])
		return sipsec_refuse_missing(extack, attrs[SIPSEC_A_SA], SIPSEC_A_SA_KEY,
					     "key: missing");
	if (nla_len(tb[SIPSEC_A_SA_KEY]) != (*alg)->key_len)
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_KEY], -EINVAL,
				     "key: not of the algorithm's length");
	*key = nla_data(tb[SIPSEC_A_SA_KEY]);
	return 0;
}

/* What names an SA: type, spi and, outbound, address and port. */
static int parse_name(struct nlattr **attrs, struct nlattr **tb, struct sipsec_sa_parm *p,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *nest = attrs[SIPSEC_A_SA];
	int err;

	if (!tb[SIPSEC_A_SA_TYPE])
		return sipsec_refuse_missing(extack, nest, SIPSEC_A_SA_TYPE, "type: missing");
	p->type = nla_get_u8(tb[SIPSEC_A_SA_TYPE]);
	if (!tb[SIPSEC_A_SA_SPI])
		return sipsec_refuse_missing(extack, nest, SIPSEC_A_SA_SPI, "spi: missing");
	p->spi = nla_get_u32(tb[SIPSEC_A_SA_SPI]);
	if (p->spi <= SIPSEC_SPI_RESERVED)
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_SPI], -EINVAL,
				     "spi: 0 to 255 are reserved");

	err = sipsec_nl_addr(tb[SIPSEC_A_SA_ADDR4], tb[SIPSEC_A_SA_ADDR6], &p->peer.addr, extack);
	if (err < 0)
		return err;
	p->has_addr = err;
	if (tb[SIPSEC_A_SA_PORT]) {
		p->peer.port = htons(nla_get_u16(tb[SIPSEC_A_SA_PORT]));
		if (!p->peer.port)
			return sipsec_refuse(extack, tb[SIPSEC_A_SA_PORT], -ERANGE,
					     "port: 1 to 65535");
	}
	if (p->type == SIPSEC_SA_OUTBOUND) {
		if (!p->has_addr)
			return sipsec_refuse_missing(extack, nest, SIPSEC_A_SA_ADDR4,
						     "addr: missing, an outbound SA is its peer's");
		if (!p->peer.port)
			return sipsec_refuse_missing(extack, nest, SIPSEC_A_SA_PORT,
						     "port: missing, an outbound SA is its peer's");
	}
	return 0;
}

/* An address that a datagram can come from or go to. */
static bool is_unspecified(const struct in6_addr *addr)
{
	return ipv6_addr_any(addr) || (ipv6_addr_v4mapped(addr) && !addr->s6_addr32[3]);
}

static int parse_seconds(struct nlattr *attr, u32 *seconds, struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	if (nla_get_u64(attr) > U32_MAX)
		return sipsec_refuse(extack, attr, -ERANGE, "seconds: at most 4294967295");
	*seconds = nla_get_u64(attr);
	return 0;
}

/* Lifetimes that are given go over those in life. */
static int parse_life(struct nlattr **tb, struct sipsec_life *life,
		      struct netlink_ext_ack *extack)
{
	int err;

	err = parse_seconds(tb[SIPSEC_A_SA_SOFT_SECONDS], &life->soft_seconds, extack) ?:
	      parse_seconds(tb[SIPSEC_A_SA_HARD_SECONDS], &life->hard_seconds, extack);
	if (err)
		return err;
	if (tb[SIPSEC_A_SA_SOFT_MESSAGES])
		life->soft_messages = nla_get_u64(tb[SIPSEC_A_SA_SOFT_MESSAGES]);
	if (tb[SIPSEC_A_SA_HARD_MESSAGES])
		life->hard_messages = nla_get_u64(tb[SIPSEC_A_SA_HARD_MESSAGES]);
	return 0;
}

/* What only one type of SA has. */
static int check_type(u8 type, struct nlattr **tb, struct netlink_ext_ack *extack)
{
	if (type == SIPSEC_SA_INBOUND) {
		if (tb[SIPSEC_A_SA_MARK])
			return sipsec_refuse(extack, tb[SIPSEC_A_SA_MARK], -EINVAL,
					     "mark: only outbound SAs have one");
		if (tb[SIPSEC_A_SA_COMPACT])
			return sipsec_refuse(extack, tb[SIPSEC_A_SA_COMPACT], -EINVAL,
					     "compact: only of outbound SAs");
		return 0;
	}
	if (tb[SIPSEC_A_SA_WINDOW])
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_WINDOW], -EINVAL,
				     "window: only inbound SAs have one");
	if (tb[SIPSEC_A_SA_BUDGET])
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_BUDGET], -EINVAL,
				     "budget: only inbound SAs have one");
	return 0;
}

static int parse_mark(struct nlattr *attr, u32 *mark, struct netlink_ext_ack *extack)
{
	*mark = nla_get_u32(attr);
	if (*mark & ~sipsec_mark_mask)
		return sipsec_refuse(extack, attr, -EINVAL,
				     "mark: has bits outside the module parameter mark_mask");
	return 0;
}

static int check_seq(struct nlattr *attr, u8 type, const struct sipsec_alg *alg,
		     struct netlink_ext_ack *extack)
{
	u64 seq = nla_get_u64(attr);

	if (seq > sipsec_alg_seq_max(alg))
		return sipsec_refuse(extack, attr, -ERANGE, "seq: above the algorithm's last");
	if (type == SIPSEC_SA_OUTBOUND && !seq)
		return sipsec_refuse(extack, attr, -ERANGE, "seq: outbound begins at 1");
	return 0;
}

/* All of a new SA. */
static int parse_new(struct nlattr **attrs, struct nlattr **tb, struct sipsec_sa_parm *p,
		     struct netlink_ext_ack *extack)
{
	int err;

	memset(p, 0, sizeof(*p));
	err = parse_sa(attrs, tb, extack) ?:
	      parse_name(attrs, tb, p, extack);
	if (err)
		return err;
	if (!tb[SIPSEC_A_SA_DIRECTION])
		return sipsec_refuse_missing(extack, attrs[SIPSEC_A_SA], SIPSEC_A_SA_DIRECTION,
					     "direction: missing");
	p->direction = nla_get_u8(tb[SIPSEC_A_SA_DIRECTION]);
	if (p->has_addr && is_unspecified(&p->peer.addr))
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_ADDR4] ?: tb[SIPSEC_A_SA_ADDR6],
				     -EINVAL, "addr: unspecified");
	if (p->peer.port && !p->has_addr)
		return sipsec_refuse_missing(extack, attrs[SIPSEC_A_SA], SIPSEC_A_SA_ADDR4,
					     "addr: missing, port needs it");
	err = parse_key(attrs, tb, &p->alg, &p->key, extack) ?:
	      check_type(p->type, tb, extack) ?:
	      parse_life(tb, &p->life, extack);
	if (err)
		return err;

	p->window = SIPSEC_WINDOW_DEFAULT;
	if (tb[SIPSEC_A_SA_WINDOW])
		p->window = nla_get_u32(tb[SIPSEC_A_SA_WINDOW]);
	if (!sipsec_replay_window_ok(p->window))
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_WINDOW], -ERANGE,
				     "window: 0, or 32 to 4096");
	if (tb[SIPSEC_A_SA_SEQ]) {
		err = check_seq(tb[SIPSEC_A_SA_SEQ], p->type, p->alg, extack);
		if (err)
			return err;
		p->has_seq = true;
		p->seq = nla_get_u64(tb[SIPSEC_A_SA_SEQ]);
	}
	if (tb[SIPSEC_A_SA_MARK]) {
		err = parse_mark(tb[SIPSEC_A_SA_MARK], &p->mark, extack);
		if (err)
			return err;
	}
	if (tb[SIPSEC_A_SA_COMPACT])
		p->compact = nla_get_u8(tb[SIPSEC_A_SA_COMPACT]);
	/* Clause 8: guards every MAC of 32 bits. */
	if (p->alg->mac_len <= 4)
		p->budget = SIPSEC_FAIL_BUDGET;
	if (tb[SIPSEC_A_SA_BUDGET])
		p->budget = nla_get_u32(tb[SIPSEC_A_SA_BUDGET]);
	if (p->budget == U32_MAX)
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_BUDGET], -ERANGE,
				     "budget: at most 4294967294");
	if (p->alg->mac_len <= 4 && !p->budget)
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_BUDGET], -EINVAL,
				     "budget: a MAC of 32 bits needs one");
	return 0;
}

/* The tables say in words what is wrong; point to the attribute as well. */
static void point_to(struct nlattr **tb, int err, struct netlink_ext_ack *extack)
{
	switch (err) {
	case -EEXIST:
		NL_SET_BAD_ATTR(extack, tb[SIPSEC_A_SA_SPI]);
		break;
	case -EKEYREJECTED:
	case -EBUSY:
		NL_SET_BAD_ATTR(extack, tb[SIPSEC_A_SA_KEY]);
		break;
	case -ERANGE:
		NL_SET_BAD_ATTR(extack, tb[SIPSEC_A_SA_SEQ]);
		break;
	}
}

static int add(struct genl_info *info, bool replace)
{
	struct sipsec_net *sn = sipsec_net(genl_info_net(info));
	struct nlattr *tb[SIPSEC_A_SA_MAX + 1];
	struct sipsec_sa_parm p;
	int err;

	err = parse_new(info->attrs, tb, &p, info->extack);
	if (err)
		return err;
	mutex_lock(&sn->lock);
	if (p.type == SIPSEC_SA_OUTBOUND)
		err = sipsec_attach(sn);
	if (err)
		NL_SET_ERR_MSG(info->extack, "sa: the netfilter hooks cannot be registered");
	else
		err = sipsec_sa_add(sn, &p, replace, info->extack);
	mutex_unlock(&sn->lock);
	point_to(tb, err, info->extack);
	return err;
}

/* The key is in the request; let no copy of it lie in freed memory. */
static void wipe_request(struct genl_info *info)
{
	struct nlattr *attr = info->attrs[SIPSEC_A_SA];

	if (attr)
		memzero_explicit(nla_data(attr), nla_len(attr));
}

int sipsec_nl_sa_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err = add(info, false);

	wipe_request(info);
	return err;
}

int sipsec_nl_sa_replace_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err = add(info, true);

	wipe_request(info);
	return err;
}

int sipsec_nl_key_id_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[SIPSEC_A_SA_MAX + 1], *nest;
	const struct sipsec_alg *alg;
	struct sk_buff *reply;
	const u8 *key;
	void *hdr;
	u64 id = 0;
	int err;

	err = parse_sa(info->attrs, tb, info->extack) ?:
	      parse_key(info->attrs, tb, &alg, &key, info->extack);
	if (!err)
		id = sipsec_key_id(alg, key);
	wipe_request(info);
	if (err)
		return err;
	reply = sipsec_nl_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	nest = nla_nest_start(reply, SIPSEC_A_SA);
	if (!nest || nla_put_u64_64bit(reply, SIPSEC_A_SA_KEY_ID, id, SIPSEC_A_SA_PAD)) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	nla_nest_end(reply, nest);
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

/* The SA a request names; under net->lock.  ERR_PTR(-ENOENT). */
static struct sipsec_sa *find(struct sipsec_net *sn, const struct sipsec_sa_parm *p,
			      struct nlattr **tb, struct netlink_ext_ack *extack)
{
	struct sipsec_sa *sa = sipsec_sa_find(sn, p->type, p->spi, &p->peer);

	if (sa)
		return sa;
	return ERR_PTR(sipsec_refuse(extack, tb[SIPSEC_A_SA_SPI], -ENOENT,
				     "spi: there is no such SA"));
}

/* Changes to an SA, all parsed, of which those in tb are made. */
struct changes {
	struct nlattr **tb;
	struct sipsec_life life;
	struct sipsec_endpoint bind;
	bool has_bind;
	u64 seq;
	u32 mark;
	u32 budget;
};

static int parse_changes(const struct sipsec_sa *sa, const struct sipsec_sa_parm *p,
			 struct changes *c, struct netlink_ext_ack *extack)
{
	static const u8 fixed[] = {
		SIPSEC_A_SA_DIRECTION, SIPSEC_A_SA_ALG, SIPSEC_A_SA_KEY, SIPSEC_A_SA_WINDOW,
	};
	struct nlattr **tb = c->tb;
	int err, i;

	for (i = 0; i < ARRAY_SIZE(fixed); i++)
		if (tb[fixed[i]])
			return sipsec_refuse(extack, tb[fixed[i]], -EINVAL,
					     "direction, alg, key and window cannot be changed, only replaced");
	c->life = sa->life;
	err = check_type(sa->type, tb, extack) ?:
	      parse_life(tb, &c->life, extack);
	if (err)
		return err;
	if (tb[SIPSEC_A_SA_SEQ]) {
		err = check_seq(tb[SIPSEC_A_SA_SEQ], sa->type, sa->alg, extack);
		if (err)
			return err;
		c->seq = nla_get_u64(tb[SIPSEC_A_SA_SEQ]);
	}
	if (tb[SIPSEC_A_SA_MARK]) {
		err = parse_mark(tb[SIPSEC_A_SA_MARK], &c->mark, extack);
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
		if (p->has_addr && is_unspecified(&p->peer.addr) && p->peer.port)
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
	sa->life = c->life;
	if (sa->type == SIPSEC_SA_OUTBOUND) {
		if (c->tb[SIPSEC_A_SA_SEQ])
			sa->out.next_seq = c->seq;
		if (c->tb[SIPSEC_A_SA_COMPACT])
			sa->out.compact = nla_get_u8(c->tb[SIPSEC_A_SA_COMPACT]);
		return;
	}
	if (c->tb[SIPSEC_A_SA_SEQ])
		sipsec_replay_set_high(&sa->in.replay, c->seq);
	if (c->tb[SIPSEC_A_SA_BUDGET])
		sa->in.budget.limit = c->budget;
	if (c->has_bind) {
		bool bind = !is_unspecified(&c->bind.addr);

		sa->peer = c->bind;
		sa->in.bind_addr = bind;
		sa->in.bind_port = bind && c->bind.port;
	}
}

static int change(struct sipsec_net *sn, struct sipsec_sa *sa, const struct changes *c,
		  struct netlink_ext_ack *extack)
{
	bool new_mark = c->tb[SIPSEC_A_SA_MARK];
	struct sipsec_peer *group = NULL;
	bool back = false;

	/* All that can be refused comes first, then all is done. */
	if (new_mark && sipsec_peer_mark_prepare(sn, sa, c->mark, &group)) {
		NL_SET_ERR_MSG(extack, "mark: out of memory");
		return -ENOMEM;
	}
	spin_lock_bh(&sa->lock);
	if (c->tb[SIPSEC_A_SA_SEQ])
		back = seq_goes_back(sa, c->seq);
	if (!back)
		apply(sa, c);
	spin_unlock_bh(&sa->lock);
	if (back) {
		sipsec_peer_mark_abandon(sn, group);
		return sipsec_refuse(extack, c->tb[SIPSEC_A_SA_SEQ], -ERANGE,
				     "seq: never goes back");
	}
	if (new_mark)
		sipsec_peer_mark_commit(sn, sa, c->mark, group);
	sipsec_wheel_update(sn, sa);
	sipsec_event_sa(sa, SIPSEC_CMD_SA_CHANGED, 0, GFP_KERNEL);
	return 0;
}

int sipsec_nl_sa_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sipsec_net *sn = sipsec_net(genl_info_net(info));
	struct nlattr *tb[SIPSEC_A_SA_MAX + 1];
	struct changes c = { .tb = tb };
	struct sipsec_sa_parm p = {};
	struct sipsec_sa *sa;
	int err;

	err = parse_sa(info->attrs, tb, info->extack) ?:
	      parse_name(info->attrs, tb, &p, info->extack);
	if (err)
		goto out;
	mutex_lock(&sn->lock);
	sa = find(sn, &p, tb, info->extack);
	if (IS_ERR(sa))
		err = PTR_ERR(sa);
	else
		err = parse_changes(sa, &p, &c, info->extack) ?:
		      change(sn, sa, &c, info->extack);
	mutex_unlock(&sn->lock);
out:
	/* It may hold a key, if it was refused for that. */
	wipe_request(info);
	return err;
}

/* Only what names an SA. */
static int parse_name_only(struct nlattr **attrs, struct nlattr **tb, struct sipsec_sa_parm *p,
			   struct netlink_ext_ack *extack)
{
	int err, i;

	memset(p, 0, sizeof(*p));
	err = parse_sa(attrs, tb, extack) ?:
	      parse_name(attrs, tb, p, extack);
	if (err)
		return err;
	for (i = SIPSEC_A_SA_PORT + 1; i <= SIPSEC_A_SA_MAX; i++)
		if (tb[i])
			return sipsec_refuse(extack, tb[i], -EINVAL,
					     "sa: only type, spi, address and port name an SA");
	return 0;
}

int sipsec_nl_sa_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sipsec_net *sn = sipsec_net(genl_info_net(info));
	struct nlattr *tb[SIPSEC_A_SA_MAX + 1];
	struct sipsec_sa_parm p;
	struct sipsec_sa *sa;
	int err;

	err = parse_name_only(info->attrs, tb, &p, info->extack);
	if (err)
		return err;
	mutex_lock(&sn->lock);
	sa = find(sn, &p, tb, info->extack);
	if (IS_ERR(sa))
		err = PTR_ERR(sa);
	else
		sipsec_sa_del(sa, SIPSEC_REASON_COMMAND);
	mutex_unlock(&sn->lock);
	return err;
}

int sipsec_nl_sa_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sipsec_net *sn = sipsec_net(genl_info_net(info));
	struct nlattr *tb[SIPSEC_A_SA_MAX + 1];
	struct sipsec_sa_parm p;
	struct sk_buff *reply;
	struct sipsec_sa *sa;
	void *hdr;
	int err;

	err = parse_name_only(info->attrs, tb, &p, info->extack);
	if (err)
		return err;
	reply = sipsec_nl_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	mutex_lock(&sn->lock);
	sa = find(sn, &p, tb, info->extack);
	err = IS_ERR(sa) ? PTR_ERR(sa) : sipsec_fill_sa(reply, sa);
	mutex_unlock(&sn->lock);
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

/* An SA is meant when each attribute in tb equals its own; none are, all are meant. */
static int parse_filter(struct nlattr **attrs, struct nlattr **tb, struct in6_addr *addr,
			struct netlink_ext_ack *extack)
{
	int err, i;

	memset(tb, 0, (SIPSEC_A_SA_MAX + 1) * sizeof(*tb));
	if (!attrs || !attrs[SIPSEC_A_SA])
		return 0;
	err = parse_sa(attrs, tb, extack);
	if (err)
		return err;
	for (i = SIPSEC_A_SA_ALG + 1; i <= SIPSEC_A_SA_MAX; i++)
		if (tb[i] && i != SIPSEC_A_SA_MARK)
			return sipsec_refuse(extack, tb[i], -EINVAL,
					     "sa: a filter has type, spi, address, port, direction, alg and mark");
	err = sipsec_nl_addr(tb[SIPSEC_A_SA_ADDR4], tb[SIPSEC_A_SA_ADDR6], addr, extack);
	return err < 0 ? err : 0;
}

static bool meant(const struct sipsec_sa *sa, struct nlattr **tb, const struct in6_addr *addr)
{
	if (tb[SIPSEC_A_SA_TYPE] && nla_get_u8(tb[SIPSEC_A_SA_TYPE]) != sa->type)
		return false;
	if (tb[SIPSEC_A_SA_SPI] && nla_get_u32(tb[SIPSEC_A_SA_SPI]) != sa->spi)
		return false;
	if ((tb[SIPSEC_A_SA_ADDR4] || tb[SIPSEC_A_SA_ADDR6]) &&
	    !ipv6_addr_equal(addr, &sa->peer.addr))
		return false;
	if (tb[SIPSEC_A_SA_PORT] && htons(nla_get_u16(tb[SIPSEC_A_SA_PORT])) != sa->peer.port)
		return false;
	if (tb[SIPSEC_A_SA_DIRECTION] && nla_get_u8(tb[SIPSEC_A_SA_DIRECTION]) != sa->direction)
		return false;
	if (tb[SIPSEC_A_SA_ALG] && nla_get_u8(tb[SIPSEC_A_SA_ALG]) != sa->alg->nr)
		return false;
	if (tb[SIPSEC_A_SA_MARK])
		return sa->type == SIPSEC_SA_OUTBOUND &&
		       nla_get_u32(tb[SIPSEC_A_SA_MARK]) == sa->out.mark;
	return true;
}

/*
 * The cursor is the dense index: an SA keeps its index as long as it lives, so
 * one that is there all the time comes exactly once.
 */
int sipsec_nl_sa_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct sipsec_net *sn = sipsec_net(sock_net(skb->sk));
	struct nlattr *tb[SIPSEC_A_SA_MAX + 1];
	unsigned long i, first = cb->args[0];
	struct in6_addr addr;
	struct sipsec_sa *sa;
	void *hdr;
	int err;

	err = sipsec_may(cb->skb) ?:
	      parse_filter(sipsec_genl_dump_attrs(cb), tb, &addr, cb->extack);
	if (err)
		return err;

	mutex_lock(&sn->lock);
	xa_for_each_start(&sn->index, i, sa, first) {
		if (meant(sa, tb, &addr)) {
			hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
					  &sipsec_family, NLM_F_MULTI, SIPSEC_CMD_SA_GET);
			if (!hdr || sipsec_fill_sa(skb, sa)) {
				if (hdr)
					genlmsg_cancel(skb, hdr);
				err = -EMSGSIZE;
				break;
			}
			genlmsg_end(skb, hdr);
		}
		cb->args[0] = i + 1;
		cond_resched();
	}
	mutex_unlock(&sn->lock);
	return err && !skb->len ? err : skb->len;
}

int sipsec_nl_sa_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sipsec_net *sn = sipsec_net(genl_info_net(info));
	struct nlattr *tb[SIPSEC_A_SA_MAX + 1];
	struct in6_addr addr;
	struct sk_buff *reply;
	struct sipsec_sa *sa;
	unsigned long i;
	u64 count = 0;
	void *hdr;
	int err;

	err = parse_filter(info->attrs, tb, &addr, info->extack);
	if (err)
		return err;
	/* Before anything is deleted, so that the answer cannot fail after it. */
	reply = sipsec_nl_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	mutex_lock(&sn->lock);
	xa_for_each(&sn->index, i, sa) {
		if (meant(sa, tb, &addr)) {
			sipsec_sa_del(sa, SIPSEC_REASON_FLUSH);
			count++;
		}
		cond_resched();
	}
	mutex_unlock(&sn->lock);
	if (nla_put_u64_64bit(reply, SIPSEC_A_COUNT, count, SIPSEC_A_PAD)) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}
