// SPDX-License-Identifier: GPL-2.0
/* What is common to the requests, and those about the namespace and the module. */
#include <net/genetlink.h>

#include "core/alg.h"
#include "family.h"
#include "fill.h"
#include "mac.h"
#include "net.h"
#include "netlink_util.h"
#include "netlink_gen.h"
#include "netlink_sa_attr.h"
#include "version.h"

int sipsec_nl_addr(struct nlattr *addr4, struct nlattr *addr6, struct in6_addr *addr,
		   struct netlink_ext_ack *extack)
{
	if (addr4 && addr6)
		return sipsec_refuse(extack, addr6, -EINVAL,
				     "addr: both an IPv4 and an IPv6 address");
	if (addr4) {
		ipv6_addr_set_v4mapped(nla_get_be32(addr4), addr);
		return 1;
	}
	if (!addr6)
		return 0;
	*addr = nla_get_in6_addr(addr6);
	if (ipv6_addr_v4mapped(addr))
		return sipsec_refuse(extack, addr6, -EINVAL,
				     "addr: IPv4-mapped, give the IPv4 address");
	return 1;
}

struct sk_buff *sipsec_nl_reply(struct genl_info *info, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!skb)
		return NULL;
	*hdr = genlmsg_put_reply(skb, info, &sipsec_family, 0, info->genlhdr->cmd);
	if (!*hdr) {
		nlmsg_free(skb);
		return NULL;
	}
	return skb;
}

int sipsec_nl_reply_end(struct genl_info *info, struct sk_buff *reply, void *hdr, int err)
{
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

#define STAT_ATTR(sym)	[SIPSEC_STAT_##sym] = SIPSEC_A_STATS_##sym,

static int fill_stats(struct sk_buff *skb, struct sipsec_net *sn)
{
	static const u8 attr[SIPSEC_NR_STATS] = {
		SIPSEC_STATS(STAT_ATTR)
	};
	u64 count[SIPSEC_NR_STATS], classes[SIPSEC_NR_COUNTS];
	struct nlattr *nest;
	int i;

	mutex_lock(&sn->lock);
	sipsec_listeners_sum(sn, classes);
	mutex_unlock(&sn->lock);
	sipsec_stats_read(sn->stats, count);

	nest = nla_nest_start(skb, SIPSEC_A_STATS);
	if (!nest ||
	    nla_put_u64_64bit(skb, SIPSEC_A_STATS_INBOUND, READ_ONCE(sn->nr_in),
			      SIPSEC_A_STATS_PAD) ||
	    nla_put_u64_64bit(skb, SIPSEC_A_STATS_OUTBOUND, READ_ONCE(sn->nr_out),
			      SIPSEC_A_STATS_PAD) ||
	    nla_put_u64_64bit(skb, SIPSEC_A_STATS_LISTENERS, READ_ONCE(sn->listeners.nr),
			      SIPSEC_A_STATS_PAD) ||
	    nla_put_u64_64bit(skb, SIPSEC_A_STATS_EVENTS_LOST,
			      atomic64_read(&sn->events.lost_all), SIPSEC_A_STATS_PAD) ||
	    sipsec_fill_counters(skb, SIPSEC_A_STATS_COUNTERS, classes))
		return -EMSGSIZE;
	for (i = 0; i < SIPSEC_NR_STATS; i++)
		if (nla_put_u64_64bit(skb, attr[i], count[i], SIPSEC_A_STATS_PAD))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int fill_info(struct sk_buff *skb)
{
	unsigned int nr;

	if (nla_put_string(skb, SIPSEC_A_VERSION, SIPSEC_VERSION))
		return -EMSGSIZE;
	for (nr = 1; nr < SIPSEC_ALG_END; nr++) {
		const struct sipsec_alg *alg = sipsec_alg_by_nr(nr);
		const char *driver = sipsec_mac_driver(alg);
		struct nlattr *nest = nla_nest_start(skb, SIPSEC_A_ALGORITHM);

		if (!nest || nla_put_u8(skb, SIPSEC_A_ALG_NR, nr) ||
		    (driver && nla_put_string(skb, SIPSEC_A_ALG_DRIVER, driver)) ||
		    (nr == SIPSEC_ALG_HMAC_MD5_96 && !sipsec_allow_md5 &&
		     nla_put_flag(skb, SIPSEC_A_ALG_DISABLED)))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

int sipsec_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	void *hdr;

	reply = sipsec_nl_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	return sipsec_nl_reply_end(info, reply, hdr,
				   fill_stats(reply, sipsec_net(genl_info_net(info))));
}

int sipsec_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	void *hdr;

	reply = sipsec_nl_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	return sipsec_nl_reply_end(info, reply, hdr, fill_info(reply));
}
