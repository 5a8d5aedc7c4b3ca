// SPDX-License-Identifier: GPL-2.0
/* SAs and pairs that are made. */
#include <net/genetlink.h>

#include "attach.h"
#include "core/limits.h"
#include "net.h"
#include "netlink_gen.h"
#include "netlink_sa_attr.h"
#include "netlink_util.h"
#include "pair.h"
#include "sa_table.h"

/* What both SAs of a pair have; p->ids is the caller's then. */
static int parse_pair(struct nlattr *nest, struct nlattr **tb, struct sipsec_sa_parm *p,
		      struct netlink_ext_ack *extack)
{
	struct sipsec_str impi = {};
	int err;

	p->state = SIPSEC_SA_STATE_ESTABLISHED;
	if (tb[SIPSEC_A_SA_STATE]) {
		p->has_state = true;
		p->state = nla_get_u8(tb[SIPSEC_A_SA_STATE]);
	}
	if (tb[SIPSEC_A_SA_PAIR]) {
		if (p->type == SIPSEC_SA_INBOUND)
			return sipsec_refuse(extack, tb[SIPSEC_A_SA_PAIR], -EINVAL,
					     "pair: given with the outbound SA");
		if (tb[SIPSEC_A_SA_IMPU])
			return sipsec_refuse(extack, tb[SIPSEC_A_SA_IMPU], -EINVAL,
					     "impu: given with the inbound SA of the pair");
		p->has_pair = true;
		p->pair = nla_get_u32(tb[SIPSEC_A_SA_PAIR]);
	}
	if (tb[SIPSEC_A_SA_DRAIN]) {
		p->has_drain = true;
		p->drain = nla_get_u32(tb[SIPSEC_A_SA_DRAIN]);
	}
	if (tb[SIPSEC_A_SA_TEMPORARY_SECONDS]) {
		err = sipsec_nl_temporary_seconds(tb[SIPSEC_A_SA_TEMPORARY_SECONDS],
						  &p->temporary_seconds, extack);
		if (err)
			return err;
	}
	if (tb[SIPSEC_A_SA_IMPI]) {
		err = sipsec_nl_check_impi(tb[SIPSEC_A_SA_IMPI], extack);
		if (err)
			return err;
		impi = sipsec_nl_text(tb[SIPSEC_A_SA_IMPI]);
	}
	p->ids = sipsec_nl_identities(nest, &impi, extack);
	if (IS_ERR(p->ids)) {
		err = PTR_ERR(p->ids);
		p->ids = NULL;
		return err;
	}
	return 0;
}

/* All of a new SA. */
static int parse_new(struct nlattr *nest, struct nlattr **tb, struct sipsec_sa_parm *p,
		     struct netlink_ext_ack *extack)
{
	int err;

	memset(p, 0, sizeof(*p));
	err = sipsec_nl_sa_nest(nest, tb, extack) ?:
	      sipsec_nl_sa_name(nest, tb, p, extack);
	if (err)
		return err;
	if (!tb[SIPSEC_A_SA_DIRECTION])
		return sipsec_refuse_missing(extack, nest, SIPSEC_A_SA_DIRECTION,
					     "direction: missing");
	p->direction = nla_get_u8(tb[SIPSEC_A_SA_DIRECTION]);
	if (p->has_addr && sipsec_nl_is_unspecified(&p->peer.addr))
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_ADDR4] ?: tb[SIPSEC_A_SA_ADDR6],
				     -EINVAL, "addr: unspecified");
	if (p->peer.port && !p->has_addr)
		return sipsec_refuse_missing(extack, nest, SIPSEC_A_SA_ADDR4,
					     "addr: missing, port needs it");
	err = sipsec_nl_sa_key(nest, tb, &p->alg, &p->key, extack) ?:
	      sipsec_nl_sa_check_type(p->type, tb, extack) ?:
	      sipsec_nl_sa_life(tb, &p->life, extack);
	if (err)
		return err;

	p->window = SIPSEC_WINDOW_DEFAULT;
	if (tb[SIPSEC_A_SA_WINDOW])
		p->window = nla_get_u32(tb[SIPSEC_A_SA_WINDOW]);
	if (!sipsec_replay_window_ok(p->window))
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_WINDOW], -ERANGE,
				     "window: 0, or 32 to 4096");
	if (tb[SIPSEC_A_SA_SEQ]) {
		err = sipsec_nl_sa_check_seq(tb[SIPSEC_A_SA_SEQ], p->type, p->alg, extack);
		if (err)
			return err;
		p->has_seq = true;
		p->seq = nla_get_u64(tb[SIPSEC_A_SA_SEQ]);
	}
	if (tb[SIPSEC_A_SA_MARK]) {
		err = sipsec_nl_sa_mark(tb[SIPSEC_A_SA_MARK], &p->mark, extack);
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
	return parse_pair(nest, tb, p, extack);
}

/* The outbound SA of a pair whose inbound one is p[-1]. */
static int parse_partner(struct nlattr *nest, struct nlattr **tb, struct sipsec_sa_parm *p,
			 struct netlink_ext_ack *extack)
{
	static const u8 common[] = {
		SIPSEC_A_SA_STATE, SIPSEC_A_SA_IMPI, SIPSEC_A_SA_IMPU, SIPSEC_A_SA_PAIR,
		SIPSEC_A_SA_DRAIN, SIPSEC_A_SA_TEMPORARY_SECONDS,
	};
	int err, i;

	err = parse_new(nest, tb, p, extack);
	for (i = 0; !err && i < ARRAY_SIZE(common); i++)
		if (tb[common[i]])
			err = sipsec_refuse(extack, tb[common[i]], -EINVAL,
					    "partner: state, impi, impu, pair, drain and temporary-seconds are given in sa");
	/* It has refused to have any. */
	kfree(p->ids);
	p->ids = NULL;
	if (err)
		return err;
	if (p[-1].type != SIPSEC_SA_INBOUND || p->type != SIPSEC_SA_OUTBOUND)
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_TYPE], -EINVAL,
				     "type: in a pair, sa is inbound and partner outbound");
	if (p[-1].direction == p->direction)
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_DIRECTION], -EINVAL,
				     "direction: the SAs of a pair have one each");
	return 0;
}

/* The tables say in words what is wrong; point to the attribute as well. */
static void point_to(struct nlattr **tb, int err, struct netlink_ext_ack *extack)
{
	switch (err) {
	case -EEXIST:
		NL_SET_BAD_ATTR(extack, tb[SIPSEC_A_SA_SPI]);
		break;
	case -EDQUOT:
		NL_SET_BAD_ATTR(extack, tb[SIPSEC_A_SA_IMPI]);
		break;
	case -ENOENT:
	case -EALREADY:
		NL_SET_BAD_ATTR(extack, tb[SIPSEC_A_SA_PAIR]);
		break;
	case -EKEYREJECTED:
	case -EBUSY:
		NL_SET_BAD_ATTR(extack, tb[SIPSEC_A_SA_KEY]);
		break;
	case -ERANGE:
		NL_SET_BAD_ATTR(extack, tb[SIPSEC_A_SA_SEQ]);
		break;
	case -EOPNOTSUPP:
		NL_SET_BAD_ATTR(extack, tb[SIPSEC_A_SA_ALG]);
		break;
	}
}

/* An SA, or a pair: p and tb have room for two. */
static int add(struct genl_info *info, struct sipsec_sa_parm *p,
	       struct nlattr *tb[][SIPSEC_A_SA_MAX + 1], bool replace)
{
	struct nlattr *sa = info->attrs[SIPSEC_A_SA], *partner = info->attrs[SIPSEC_A_PARTNER];
	struct sipsec_net *sn = sipsec_net(genl_info_net(info));
	unsigned int nr = partner ? 2 : 1, failed = 0;
	int err;

	if (!sa)
		return sipsec_refuse_missing(info->extack, NULL, SIPSEC_A_SA, "sa: missing");
	err = parse_new(sa, tb[0], &p[0], info->extack);
	if (!err && partner)
		err = parse_partner(partner, tb[1], &p[1], info->extack);
	if (err)
		return err;
	mutex_lock(&sn->lock);
	if (p[nr - 1].type == SIPSEC_SA_OUTBOUND)
		err = sipsec_attach(sn);
	if (err)
		NL_SET_ERR_MSG(info->extack, "sa: the netfilter hooks cannot be registered");
	else
		err = sipsec_sa_add(sn, p, nr, replace, &failed, info->extack);
	mutex_unlock(&sn->lock);
	point_to(tb[failed], err, info->extack);
	return err;
}

static int make(struct genl_info *info, bool replace)
{
	struct {
		struct sipsec_sa_parm p[2];
		struct nlattr *tb[2][SIPSEC_A_SA_MAX + 1];
	} *m;
	int err = -ENOMEM;

	/* Too large for the stack. */
	m = kzalloc(sizeof(*m), GFP_KERNEL);
	if (m) {
		err = add(info, m->p, m->tb, replace);
		kfree(m->p[0].ids);
	}
	kfree(m);
	return err;
}

int sipsec_nl_sa_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return make(info, false);
}

int sipsec_nl_sa_replace_doit(struct sk_buff *skb, struct genl_info *info)
{
	return make(info, true);
}
