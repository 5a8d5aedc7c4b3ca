// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family of uapi/sipsec.yaml. */
#include <linux/capability.h>
#include <linux/moduleparam.h>
#include <net/genetlink.h>

#include "family.h"
#include "netlink_gen.h"

static bool userns;
module_param(userns, bool, 0444);
MODULE_PARM_DESC(userns,
		 "let a network namespace's own user namespace configure it (default: no)");

int sipsec_may(struct sk_buff *skb)
{
	/* The flags of the operations have asked for CAP_NET_ADMIN over the namespace. */
	return userns || netlink_capable(skb, CAP_NET_ADMIN) ? 0 : -EPERM;
}

/* Keys may be in it, also where it was refused for that: no copy is to lie in freed memory. */
static void wipe_request(const struct genl_info *info)
{
	/* All of it: of an attribute that was given twice, info has the last alone. */
	memzero_explicit(genlmsg_data(info->genlhdr), genlmsg_len(info->genlhdr));
}

static int pre_doit(const struct sipsec_genl_doit_ops *ops, struct sk_buff *skb,
		    struct genl_info *info)
{
	int err = sipsec_may(skb);

	if (err) {
		NL_SET_ERR_MSG(info->extack,
			       "needs CAP_NET_ADMIN in the initial user namespace (see the module parameter userns)");
		wipe_request(info);
	}
	return err;
}

static void post_doit(const struct sipsec_genl_doit_ops *ops, struct sk_buff *skb,
		      struct genl_info *info)
{
	wipe_request(info);
}

static const struct genl_multicast_group groups[] = {
	[SIPSEC_NLGRP_EVENTS] = {
		.name = "events",
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
};

struct genl_family sipsec_family __ro_after_init = {
	.name = SIPSEC_GENL_NAME,
	.version = SIPSEC_GENL_VERSION,
	.maxattr = ARRAY_SIZE(sipsec_msg_nl_policy) - 1,
	.policy = sipsec_msg_nl_policy,
	.netnsok = true,
	/* All is under the namespace's own lock: with userns others need not wait for it. */
	.parallel_ops = true,
	.module = THIS_MODULE,
	.pre_doit = pre_doit,
	.post_doit = post_doit,
	.small_ops = sipsec_nl_ops,
	.n_small_ops = ARRAY_SIZE(sipsec_nl_ops),
	/* Nothing is old here: all is validated strictly. */
	.resv_start_op = SIPSEC_CMD_SA_ADD,
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};
