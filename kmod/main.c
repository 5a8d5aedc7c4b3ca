// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <linux/sipsec.h>

#include "family.h"
#include "attach.h"
#include "mac.h"
#include "net.h"
#include "sa.h"
#include "sa_table.h"
#include "scratch.h"
#include "version.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static unsigned int net_id __read_mostly;

struct sipsec_net *sipsec_net(const struct net *net)
{
	return net_generic(net, net_id);
}

static int __net_init net_init(struct net *net)
{
	struct sipsec_net *sn = sipsec_net(net);
	int err;

	sn->net = net;
	mutex_init(&sn->lock);
	sipsec_events_init(sn);
	sn->stats = sipsec_stats_alloc();
	if (!sn->stats)
		return -ENOMEM;
	err = sipsec_wheel_init(sn);
	if (err)
		goto err_stats;
	err = sipsec_sa_table_init(sn);
	if (err)
		goto err_wheel;
	return 0;

err_wheel:
	sipsec_wheel_exit(sn);
err_stats:
	free_percpu(sn->stats);
	return err;
}

/* No datagram and no request uses the namespace after this and a grace period. */
static void __net_exit net_pre_exit(struct net *net)
{
	struct sipsec_net *sn = sipsec_net(net);

	sipsec_detach(sn);
	sipsec_wheel_stop(sn);
}

static void __net_exit net_exit(struct net *net)
{
	struct sipsec_net *sn = sipsec_net(net);

	kfree(sn->hook_ops);
	sipsec_listeners_exit(sn);
	sipsec_wheel_stop(sn);
	sipsec_sa_table_exit(sn);
	sipsec_wheel_exit(sn);
	free_percpu(sn->stats);
}

static struct pernet_operations net_ops = {
	.init = net_init,
	.pre_exit = net_pre_exit,
	.exit = net_exit,
	.id = &net_id,
	.size = sizeof(struct sipsec_net),
};

static int __init sipsec_init(void)
{
	int err;

	err = sipsec_scratch_init();
	if (err)
		return err;
	err = sipsec_mac_init();
	if (err)
		goto err_scratch;
	err = sipsec_sa_cache_init();
	if (err)
		goto err_mac;
	err = register_pernet_subsys(&net_ops);
	if (err)
		goto err_cache;
	err = genl_register_family(&sipsec_family);
	if (err)
		goto err_net;
	return 0;

err_net:
	unregister_pernet_subsys(&net_ops);
err_cache:
	sipsec_sa_cache_exit();
err_mac:
	sipsec_mac_exit();
err_scratch:
	sipsec_scratch_exit();
	return err;
}

static void __exit sipsec_exit(void)
{
	sipsec_events_end();
	genl_unregister_family(&sipsec_family);
	unregister_pernet_subsys(&net_ops);
	sipsec_sa_cache_exit();
	sipsec_mac_exit();
	sipsec_scratch_exit();
}

module_init(sipsec_init);
module_exit(sipsec_exit);

MODULE_DESCRIPTION("Integrity of SIP signalling at the SIP level");
MODULE_LICENSE("GPL");
MODULE_VERSION(SIPSEC_VERSION);
MODULE_ALIAS_GENL_FAMILY(SIPSEC_GENL_NAME);
