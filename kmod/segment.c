// SPDX-License-Identifier: GPL-2.0
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/gso.h>

#include "hook_in.h"
#include "hook_out.h"
#include "segment.h"

static struct nf_hook_entries *entries_of(const struct nf_hook_state *state)
{
	struct nf_hook_entries __rcu **hooks = state->pf == NFPROTO_IPV6 ?
		state->net->nf.hooks_ipv6 : state->net->nf.hooks_ipv4;

	return rcu_dereference(hooks[state->hook]);
}

/* Which entry is ours; num_hook_entries if it has just been unregistered. */
static unsigned int own_index(const struct nf_hook_entries *e)
{
	unsigned int i;

	for (i = 0; i < e->num_hook_entries; i++) {
		nf_hookfn *fn = e->hooks[i].hook;

		if (fn == sipsec_in4 || fn == sipsec_in6 || fn == sipsec_out4 || fn == sipsec_out6)
			break;
	}
	return i;
}

static void send_on(struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct nf_hook_entries *e = entries_of(state);
	struct nf_hook_state rest = *state;
	unsigned int i = e ? own_index(e) : 0;

	if (!e || i == e->num_hook_entries) {
		kfree_skb(skb);
		return;
	}
	if (nf_hook_slow(skb, &rest, e, i + 1) == 1)
		state->okfn(state->net, state->sk, skb);
}

unsigned int sipsec_segment(struct sk_buff *skb, const struct nf_hook_state *state,
			    unsigned int (*one)(struct sk_buff *skb, void *data), void *data)
{
	int transport = skb_transport_offset(skb);
	unsigned int mac_len = 0;
	struct sk_buff *segs, *seg, *next;

	/* What else is merged is no UDP. */
	if (!sipsec_is_train(skb))
		return NF_DROP;

	/* As udp_rcv_segment(): looped back, PARTIAL was turned into UNNECESSARY. */
	if (skb->pkt_type == PACKET_LOOPBACK)
		skb->ip_summed = CHECKSUM_PARTIAL;

	if (state->hook == NF_INET_LOCAL_IN && skb_mac_header_was_set(skb)) {
		mac_len = -skb_mac_offset(skb);
		__skb_push(skb, mac_len);
	}
	segs = __skb_gso_segment(skb, NETIF_F_SG | NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM, false);
	if (IS_ERR_OR_NULL(segs)) {
		__skb_pull(skb, mac_len);
		return NF_DROP;
	}
	consume_skb(skb);

	skb_list_walk_safe(segs, seg, next) {
		skb_mark_not_on_list(seg);
		__skb_pull(seg, skb_network_offset(seg));
		/* IPv6 goes on from the first header behind its own, and not from UDP's. */
		if (state->hook == NF_INET_LOCAL_IN)
			skb_set_transport_header(seg, transport);
		if (one(seg, data) == NF_ACCEPT)
			send_on(seg, state);
		else
			kfree_skb(seg);
	}
	return NF_STOLEN;
}
