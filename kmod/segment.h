/* SPDX-License-Identifier: GPL-2.0 */
/* Merged datagrams (GRO, UDP_SEGMENT) taken apart inside a netfilter hook. */
#ifndef SIPSEC_SEGMENT_H
#define SIPSEC_SEGMENT_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

/* Is what is merged in it UDP's? */
static inline bool sipsec_is_train(const struct sk_buff *skb)
{
	return skb_shinfo(skb)->gso_type & (SKB_GSO_UDP_L4 | SKB_GSO_FRAGLIST);
}

/*
 * Is it one datagram, larger than the link, which a guest has left to its host to make
 * fragments of (UFO)?
 */
static inline bool sipsec_is_one(const struct sk_buff *skb)
{
	return skb_shinfo(skb)->gso_type & SKB_GSO_UDP;
}

/*
 * Take skb, whose data begins with the IP header, apart, give each datagram to
 * one(), and send those it accepts through the hooks behind ours and on.
 * one() returns NF_ACCEPT or NF_DROP and owns nothing.
 * Returns NF_STOLEN, or NF_DROP where skb cannot be taken apart.
 */
unsigned int sipsec_segment(struct sk_buff *skb, const struct nf_hook_state *state,
			    unsigned int (*one)(struct sk_buff *skb, void *data), void *data);

#endif
