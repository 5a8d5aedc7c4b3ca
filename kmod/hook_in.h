/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_HOOK_IN_H
#define SIPSEC_HOOK_IN_H

#include <linux/netfilter.h>

/*
 * priv: the struct sipsec_net.  Ownership is netfilter's: NF_ACCEPT leaves the
 * skb to the next hook, NF_DROP lets the caller free it, NF_STOLEN means that it
 * was consumed here.
 */
unsigned int sipsec_in4(void *priv, struct sk_buff *skb, const struct nf_hook_state *state);
unsigned int sipsec_in6(void *priv, struct sk_buff *skb, const struct nf_hook_state *state);

#endif
