/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The netfilter hooks: from skb to octets, from verdict to action.  Ownership
 * is netfilter's: NF_ACCEPT leaves the skb to the next hook, NF_DROP lets the
 * caller free it, NF_STOLEN means that it was consumed here.
 */
#ifndef SIPSEC_HOOK_H
#define SIPSEC_HOOK_H

struct sipsec_net;

/*
 * Make sure that the hooks are there, before the first listener or outbound SA.
 * 0 or -errno.  Under net->lock.
 */
int sipsec_hooks_get(struct sipsec_net *sn);

/* Unregister them; no datagram uses the namespace after the next grace period. */
void sipsec_hooks_put(struct sipsec_net *sn);

#endif
