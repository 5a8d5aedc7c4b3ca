// SPDX-License-Identifier: GPL-2.0
#include <linux/udp.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>

#include "edit.h"
#include "sign.h"

/*
 * Take out the cuts: what lies before them moves up, the body stays where it
 * is.  p is the payload; returns how far its beginning, up to e->at, must go.
 */
static void close_cuts(u8 *p, const struct sipsec_edit *e)
{
	u32 shift = 0, i;

	for (i = e->nr_cuts; i--; ) {
		u32 begin = i ? e->cut[i - 1].off + e->cut[i - 1].len : e->at;

		shift += e->cut[i].len;
		memmove(p + begin + shift, p + begin, e->cut[i].off - begin);
	}
}

/* The beginning of the datagram moves by the difference; the field fills the gap. */
static void move_head(struct sk_buff *skb, unsigned int payload, const struct sipsec_edit *e)
{
	int grow = (int)e->field_len - (int)e->cut_len;
	unsigned int len = payload + e->at;
	u8 *old = skb->data;

	if (grow > 0)
		__skb_push(skb, grow);
	else
		__skb_pull(skb, -grow);
	memmove(skb->data, old, len);
	skb->network_header -= grow;
	skb->transport_header -= grow;
	memcpy(skb->data + len, e->field, e->field_len);
}

/*
 * We made the datagram grow, so where the application forbade fragments (it
 * could not know) they are made all the same.
 */
static void allow_fragments(struct net *net, struct sk_buff *skb, bool ipv6)
{
	struct dst_entry *dst = skb_dst(skb);
	struct iphdr *iph = ip_hdr(skb);

	skb->ignore_df = 1;
	if (ipv6 || !dst || !(iph->frag_off & htons(IP_DF)))
		return;
	if (skb->len <= min(dst_mtu(dst), dst->dev->mtu))
		return;
	iph->frag_off &= ~htons(IP_DF);
	/* With DF set the id may be the same for all. */
	__ip_select_ident(net, iph, 1);
}

static void fix_lengths(struct sk_buff *skb, unsigned int thoff, bool ipv6)
{
	struct udphdr *uh = (struct udphdr *)(skb->data + thoff);

	uh->len = htons(skb->len - thoff);
	if (ipv6)
		ipv6_hdr(skb)->payload_len = htons(skb->len - sizeof(struct ipv6hdr));
	else
		ip_hdr(skb)->tot_len = htons(skb->len);
}

static void fix_checksum(struct sk_buff *skb, unsigned int thoff, bool ipv6)
{
	struct udphdr *uh = (struct udphdr *)(skb->data + thoff);
	unsigned int len = skb->len - thoff;

	/* The application asked for none. */
	if (!uh->check && skb->ip_summed != CHECKSUM_PARTIAL)
		return;
	if (ipv6)
		uh->check = ~csum_ipv6_magic(&ipv6_hdr(skb)->saddr, &ipv6_hdr(skb)->daddr, len,
					     IPPROTO_UDP, 0);
	else
		uh->check = ~csum_tcpudp_magic(ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, len,
					       IPPROTO_UDP, 0);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb->data + thoff - skb->head;
	skb->csum_offset = offsetof(struct udphdr, check);
}

int sipsec_edit_skb(struct net *net, struct sk_buff *skb, unsigned int thoff, bool ipv6,
		    const struct sipsec_edit *e)
{
	unsigned int payload = thoff + sizeof(struct udphdr);
	u32 touched = e->at;
	int grow = (int)e->field_len - (int)e->cut_len;
	unsigned int room = max(grow, 0);

	if (e->nr_cuts)
		touched = e->cut[e->nr_cuts - 1].off + e->cut[e->nr_cuts - 1].len;
	if (skb->len + grow > SIPSEC_MAX_DATAGRAM + (ipv6 ? sizeof(struct ipv6hdr) : 0))
		return -EMSGSIZE;
	/* Room for the field and for the link layer after it, and the head for us alone. */
	if (skb_dst(skb))
		room += LL_RESERVED_SPACE(skb_dst(skb)->dev);
	if (skb_cow(skb, room) || skb_ensure_writable(skb, payload + touched))
		return -ENOMEM;

	close_cuts(skb->data + payload, e);
	move_head(skb, payload, e);
	fix_lengths(skb, thoff, ipv6);
	fix_checksum(skb, thoff, ipv6);
	allow_fragments(net, skb, ipv6);
	if (!ipv6)
		ip_send_check(ip_hdr(skb));
	return 0;
}
