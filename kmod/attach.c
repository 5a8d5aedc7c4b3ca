// SPDX-License-Identifier: GPL-2.0
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/slab.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>

#include "attach.h"
#include "hook_in.h"
#include "hook_out.h"
#include "net.h"

/*
 * In: before the firewall's rules, so that they see the mark.  Out: behind all
 * that may still drop or change the datagram, so that no seq is lost and the
 * MAC stays true.
 */
#define PRIORITY_IN	(NF_IP_PRI_MANGLE - 1)
#define PRIORITY_OUT	(NF_IP_PRI_LAST - 1)

static const struct nf_hook_ops hook_ops[] = {
	{
		.hook = sipsec_in4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = PRIORITY_IN,
	}, {
		.hook = sipsec_out4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = PRIORITY_OUT,
	}, {
		.hook = sipsec_in6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = PRIORITY_IN,
	}, {
		.hook = sipsec_out6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = PRIORITY_OUT,
	},
};

int sipsec_attach(struct sipsec_net *sn)
{
	int err, i;

	lockdep_assert_held(&sn->lock);

	if (sn->hook_ops)
		return 0;
	/* A copy a namespace: each has its own priv. */
	sn->hook_ops = kmemdup(hook_ops, sizeof(hook_ops), GFP_KERNEL_ACCOUNT);
	if (!sn->hook_ops)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(hook_ops); i++)
		sn->hook_ops[i].priv = sn;

	/* IPv4 is reassembled before LOCAL_IN in any case, IPv6 is not. */
	err = nf_defrag_ipv6_enable(sn->net);
	if (err)
		goto err_ops;
	err = nf_register_net_hooks(sn->net, sn->hook_ops, ARRAY_SIZE(hook_ops));
	if (err)
		goto err_defrag;
	return 0;

err_defrag:
	nf_defrag_ipv6_disable(sn->net);
err_ops:
	kfree(sn->hook_ops);
	sn->hook_ops = NULL;
	return err;
}

void sipsec_detach(struct sipsec_net *sn)
{
	if (!sn->hook_ops)
		return;
	nf_unregister_net_hooks(sn->net, sn->hook_ops, ARRAY_SIZE(hook_ops));
	nf_defrag_ipv6_disable(sn->net);
}
