/* SPDX-License-Identifier: GPL-2.0 */
/* Changes to the payload of a UDP datagram on its way out. */
#ifndef SIPSEC_EDIT_H
#define SIPSEC_EDIT_H

#include <linux/skbuff.h>

struct sipsec_edit;

/* The largest IP datagram. */
#define SIPSEC_MAX_DATAGRAM	65535

/*
 * Make the changes to a datagram whose UDP header is at offset thoff of its
 * data (the IP header at 0): lengths, checksums and what fragmentation needs
 * are put right.  May reallocate the skb's head.  0, -EMSGSIZE where it
 * would be larger than IP carries, or -ENOMEM; then the skb can only be dropped.
 */
int sipsec_edit_skb(struct net *net, struct sk_buff *skb, unsigned int thoff, bool ipv6,
		    const struct sipsec_edit *e);

#endif
