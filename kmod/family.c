// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family of uapi/sipsec.yaml. */
#include <linux/capability.h>
#include <linux/moduleparam.h>
#include <net/genetlink.h>

#include "family.h"
#include "netlink_gen.h"
#include "netlink_util.h"

static bool userns;
module_param(userns, bool, 0444);
MODULE_PARM_DESC(userns,
		 "let a network namespace's own user namespace configure it (default: no)");

static int may(struct sk_buff *skb)
{
	/* The flags of the operations have asked for CAP_NET_ADMIN over the namespace. */
	return userns || netlink_capable(skb, CAP_NET_ADMIN) ? 0 : -EPERM;
}

/* What would be passed over could be a filter, without which all are meant. */
static int check_attrs(u8 cmd, bool dump, struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	bool sa = false, partner = false, listener = false;

	switch (cmd) {
	case SIPSEC_CMD_SA_ADD:
	case SIPSEC_CMD_SA_REPLACE:
		partner = true;
		fallthrough;
	case SIPSEC_CMD_SA_SET:
	case SIPSEC_CMD_SA_DEL:
	case SIPSEC_CMD_SA_GET:
	case SIPSEC_CMD_SA_FLUSH:
	case SIPSEC_CMD_KEY_ID:
		sa = true;
		break;
	case SIPSEC_CMD_LISTENER_ADD:
	case SIPSEC_CMD_LISTENER_REPLACE:
	case SIPSEC_CMD_LISTENER_SET:
	case SIPSEC_CMD_LISTENER_DEL:
		listener = true;
		break;
	case SIPSEC_CMD_LISTENER_GET:
		listener = !dump;
		break;
	}
	if (!attrs)
		return 0;
	if (attrs[SIPSEC_A_SA] && !sa)
		return sipsec_refuse(extack, attrs[SIPSEC_A_SA], -EINVAL,
				     "sa: not of this operation");
	if (attrs[SIPSEC_A_PARTNER] && !partner)
		return sipsec_refuse(extack, attrs[SIPSEC_A_PARTNER], -EINVAL,
				     "partner: only when SAs are made");
	if (attrs[SIPSEC_A_LISTENER] && !listener)
		return sipsec_refuse(extack, attrs[SIPSEC_A_LISTENER], -EINVAL,
				     "listener: not of this operation");
	return 0;
}

/* Keys may be in it, also where it was refused for that: no copy is to lie in freed memory. */
static void wipe(const struct genlmsghdr *hdr)
{
	/* All of it: of an attribute that was given twice, info has the last alone. */
	memzero_explicit(genlmsg_data(hdr), genlmsg_len(hdr));
}

void sipsec_wipe_dump(struct netlink_callback *cb)
{
	wipe(nlmsg_data(cb->nlh));
}

int sipsec_may_dump(struct netlink_callback *cb)
{
	const struct genlmsghdr *hdr = nlmsg_data(cb->nlh);
	int err = may(cb->skb) ?:
		  check_attrs(hdr->cmd, true, sipsec_genl_dump_attrs(cb), cb->extack);

	if (err)
		wipe(hdr);
	return err;
}

static int pre_doit(const struct sipsec_genl_doit_ops *ops, struct sk_buff *skb,
		    struct genl_info *info)
{
	int err = may(skb);

	if (err)
		NL_SET_ERR_MSG(info->extack,
			       "needs CAP_NET_ADMIN in the initial user namespace (see the module parameter userns)");
	else
		err = check_attrs(info->genlhdr->cmd, false, info->attrs, info->extack);
	if (err)
		wipe(info->genlhdr);
	return err;
}

static void post_doit(const struct sipsec_genl_doit_ops *ops, struct sk_buff *skb,
		      struct genl_info *info)
{
	wipe(info->genlhdr);
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
