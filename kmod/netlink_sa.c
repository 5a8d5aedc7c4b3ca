// SPDX-License-Identifier: GPL-2.0
/* SAs by their names: got and deleted; and the key-id of a key. */
#include <net/genetlink.h>

#include "fill.h"
#include "net.h"
#include "netlink_gen.h"
#include "netlink_sa_attr.h"
#include "netlink_util.h"
#include "pair.h"
#include "sa_table.h"

int sipsec_nl_key_id_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[SIPSEC_A_SA_MAX + 1], *nest;
	const struct sipsec_alg *alg;
	struct sk_buff *reply;
	const u8 *key;
	void *hdr;
	u64 id = 0;
	int err;

	err = sipsec_nl_sa_given(info->attrs, tb, info->extack) ?:
	      sipsec_nl_sa_key(info->attrs[SIPSEC_A_SA], tb, &alg, &key, info->extack);
	if (!err)
		id = sipsec_key_id(alg, key);
	if (err)
		return err;
	reply = sipsec_nl_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	nest = nla_nest_start(reply, SIPSEC_A_SA);
	err = nest ? nla_put_u64_64bit(reply, SIPSEC_A_SA_KEY_ID, id, SIPSEC_A_SA_PAD) : -EMSGSIZE;
	if (!err)
		nla_nest_end(reply, nest);
	return sipsec_nl_reply_end(info, reply, hdr, err);
}

int sipsec_nl_sa_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sipsec_net *sn = sipsec_net(genl_info_net(info));
	struct nlattr *tb[SIPSEC_A_SA_MAX + 1];
	struct sipsec_sa *sa, *partner = NULL;
	struct sipsec_sa_parm p;
	int err;

	err = sipsec_nl_sa_name_only(info->attrs, tb, &p, SIPSEC_A_SA_PAIR, info->extack);
	if (err)
		return err;
	mutex_lock(&sn->lock);
	sa = sipsec_nl_sa_find(sn, &p, tb, info->extack);
	if (IS_ERR(sa)) {
		err = PTR_ERR(sa);
		goto out;
	}
	if (tb[SIPSEC_A_SA_PAIR]) {
		partner = sipsec_pair_partner(sa);
		if (!partner || partner->spi != nla_get_u32(tb[SIPSEC_A_SA_PAIR])) {
			err = sipsec_refuse(info->extack, tb[SIPSEC_A_SA_PAIR], -ENOENT,
					    "pair: that is not its partner");
			goto out;
		}
		sipsec_sa_del(partner, SIPSEC_REASON_COMMAND);
	}
	sipsec_sa_del(sa, SIPSEC_REASON_COMMAND);
out:
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

	err = sipsec_nl_sa_name_only(info->attrs, tb, &p, 0, info->extack);
	if (err)
		return err;
	reply = sipsec_nl_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	mutex_lock(&sn->lock);
	sa = sipsec_nl_sa_find(sn, &p, tb, info->extack);
	err = IS_ERR(sa) ? PTR_ERR(sa) : sipsec_fill_sa(reply, sa);
	mutex_unlock(&sn->lock);
	return sipsec_nl_reply_end(info, reply, hdr, err);
}
