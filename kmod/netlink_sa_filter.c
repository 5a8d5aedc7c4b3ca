// SPDX-License-Identifier: GPL-2.0
/* SAs that a filter means: listed, and flushed. */
#include <net/genetlink.h>

#include "family.h"
#include "fill.h"
#include "net.h"
#include "netlink_gen.h"
#include "netlink_sa_attr.h"
#include "netlink_util.h"
#include "pair.h"
#include "sa_table.h"

/* An SA is meant when each attribute in tb equals its own; none are, all are meant. */
static int parse_filter(struct nlattr **attrs, struct nlattr **tb, struct in6_addr *addr,
			struct netlink_ext_ack *extack)
{
	int err, i;

	memset(tb, 0, (SIPSEC_A_SA_MAX + 1) * sizeof(*tb));
	if (!attrs || !attrs[SIPSEC_A_SA])
		return 0;
	err = sipsec_nl_sa_given(attrs, tb, extack);
	if (err)
		return err;
	for (i = SIPSEC_A_SA_ALG + 1; i <= SIPSEC_A_SA_MAX; i++)
		if (tb[i] && i != SIPSEC_A_SA_MARK && i != SIPSEC_A_SA_STATE &&
		    i != SIPSEC_A_SA_IMPI && i != SIPSEC_A_SA_IMPU && i != SIPSEC_A_SA_PAIR)
			return sipsec_refuse(extack, tb[i], -EINVAL,
					     "sa: a filter has type, spi, address, port, direction, alg, mark, state, impi, impu and pair");
	/* that no SA can have one like it is worth an error */
	err = tb[SIPSEC_A_SA_IMPI] ? sipsec_nl_check_impi(tb[SIPSEC_A_SA_IMPI], extack) : 0;
	if (!err && tb[SIPSEC_A_SA_IMPU])
		err = sipsec_nl_check_impu(tb[SIPSEC_A_SA_IMPU], extack);
	if (err)
		return err;
	err = sipsec_nl_addr(tb[SIPSEC_A_SA_ADDR4], tb[SIPSEC_A_SA_ADDR6], addr, extack);
	return err < 0 ? err : 0;
}

static bool is_name(struct nlattr *attr, const struct sipsec_str *name)
{
	struct sipsec_str text = sipsec_nl_text(attr);

	return text.len == name->len && !memcmp(text.at, name->at, text.len);
}

static bool has_impu(struct nlattr *attr, const struct sipsec_identities *ids)
{
	u32 i;

	for (i = 0; i < ids->set.nr; i++)
		if (sipsec_impu_equal(sipsec_nl_text(attr), ids->set.impu[i]))
			return true;
	return false;
}

static bool meant_by_pair(const struct sipsec_sa *sa, struct nlattr **tb)
{
	const struct sipsec_pair *pair = sipsec_sa_pair(sa);
	const struct sipsec_identities *ids = sipsec_pair_own_ids(sa->net, pair);
	const struct sipsec_sa *partner = sipsec_pair_partner(sa);

	if (tb[SIPSEC_A_SA_STATE] && nla_get_u8(tb[SIPSEC_A_SA_STATE]) != sipsec_pair_state(pair))
		return false;
	if (tb[SIPSEC_A_SA_PAIR] &&
	    (!partner || partner->spi != nla_get_u32(tb[SIPSEC_A_SA_PAIR])))
		return false;
	if (tb[SIPSEC_A_SA_IMPI] &&
	    !(ids && ids->set.impi.len && is_name(tb[SIPSEC_A_SA_IMPI], &ids->set.impi)))
		return false;
	return !tb[SIPSEC_A_SA_IMPU] || (ids && has_impu(tb[SIPSEC_A_SA_IMPU], ids));
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
	if (tb[SIPSEC_A_SA_MARK] && (sa->type != SIPSEC_SA_OUTBOUND ||
				     nla_get_u32(tb[SIPSEC_A_SA_MARK]) != sa->out.mark))
		return false;
	return meant_by_pair(sa, tb);
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

	err = sipsec_may_dump(cb);
	if (err)
		return err;
	err = parse_filter(sipsec_genl_dump_attrs(cb), tb, &addr, cb->extack);
	if (err) {
		sipsec_wipe_dump(cb);
		return err;
	}

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

/* What is flushed. */
struct flush {
	struct nlattr *tb[SIPSEC_A_SA_MAX + 1];
	struct in6_addr addr;
	u64 count;
};

static void flush_one(struct sipsec_sa *sa, void *data)
{
	struct flush *f = data;

	if (!meant(sa, f->tb, &f->addr))
		return;
	sipsec_sa_del(sa, SIPSEC_REASON_FLUSH);
	f->count++;
}

static void flush_all(struct sipsec_net *sn, struct flush *f)
{
	struct sipsec_sa *sa;
	unsigned long i;

	xa_for_each(&sn->index, i, sa) {
		flush_one(sa, f);
		cond_resched();
	}
}

int sipsec_nl_sa_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sipsec_net *sn = sipsec_net(genl_info_net(info));
	struct flush f = { .count = 0 };
	struct sk_buff *reply;
	void *hdr;
	int err;

	err = parse_filter(info->attrs, f.tb, &f.addr, info->extack);
	if (err)
		return err;
	/* Before anything is deleted, so that the answer cannot fail after it. */
	reply = sipsec_nl_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	mutex_lock(&sn->lock);
	/* A user's are few, and at hand. */
	if (f.tb[SIPSEC_A_SA_IMPI])
		sipsec_pairs_of_user(sn, sipsec_nl_text(f.tb[SIPSEC_A_SA_IMPI]), flush_one, &f);
	else
		flush_all(sn, &f);
	mutex_unlock(&sn->lock);
	err = nla_put_u64_64bit(reply, SIPSEC_A_COUNT, f.count, SIPSEC_A_PAD);
	return sipsec_nl_reply_end(info, reply, hdr, err);
}
