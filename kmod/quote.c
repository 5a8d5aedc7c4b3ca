// SPDX-License-Identifier: GPL-2.0
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>

#include "addr.h"
#include "listener.h"
#include "net.h"
#include "quote.h"

/*
 * Where the ICMP error may end: behind the UDP header at uhoff, if that is of a datagram to
 * a listener that annotates; else 0.
 */
static unsigned int end_of(struct sipsec_net *sn, struct sk_buff *skb, unsigned int uhoff,
			   struct sipsec_endpoint *dst)
{
	const struct udphdr *uh;
	struct sipsec_listener *l;
	struct udphdr buf;

	uh = skb_header_pointer(skb, uhoff, sizeof(buf), &buf);
	if (!uh || skb->len == uhoff + sizeof(buf))
		return 0;
	dst->port = uh->dest;
	l = sipsec_listener_lookup(sn, dst);
	if (!l || !rcu_access_pointer(l->annotation))
		return 0;
	return uhoff + sizeof(buf);
}

static bool cut(struct sk_buff *skb, unsigned int end)
{
	return !skb_ensure_writable(skb, end) && !pskb_trim(skb, end);
}

bool sipsec_quote_trim4(struct sipsec_net *sn, struct sk_buff *skb, unsigned int thoff)
{
	unsigned int in = thoff + sizeof(struct icmphdr), end;
	const struct iphdr *quoted;
	struct sipsec_endpoint dst;
	struct icmphdr *icmp;
	struct iphdr buf;
	const u8 *type;
	u8 octet;

	type = skb_header_pointer(skb, thoff, sizeof(octet), &octet);
	if (!type || !icmp_is_err(*type))
		return true;
	quoted = skb_header_pointer(skb, in, sizeof(buf), &buf);
	if (!quoted || quoted->version != 4 || quoted->protocol != IPPROTO_UDP ||
	    quoted->frag_off & htons(IP_OFFSET))
		return true;
	sipsec_endpoint_set4(&dst, quoted->daddr, 0);
	end = end_of(sn, skb, in + quoted->ihl * 4, &dst);
	if (!end)
		return true;
	if (!cut(skb, end))
		return false;
	ip_hdr(skb)->tot_len = htons(skb->len);
	ip_send_check(ip_hdr(skb));
	icmp = (struct icmphdr *)(skb->data + thoff);
	/* RFC 4884: how long the quote is, where something else follows it. */
	if (icmp->type != ICMP_REDIRECT)
		icmp->un.reserved[1] = 0;
	icmp->checksum = 0;
	icmp->checksum = csum_fold(skb_checksum(skb, thoff, skb->len - thoff, 0));
	return true;
}

bool sipsec_quote_trim6(struct sipsec_net *sn, struct sk_buff *skb, unsigned int thoff)
{
	unsigned int in = thoff + sizeof(struct icmp6hdr), end;
	const struct ipv6hdr *quoted;
	struct sipsec_endpoint dst;
	struct icmp6hdr *icmp6;
	struct ipv6hdr *ip6h;
	struct ipv6hdr buf;
	const u8 *type;
	__be16 frag_off;
	int uhoff;
	u8 octet;

	type = skb_header_pointer(skb, thoff, sizeof(octet), &octet);
	if (!type || *type & ICMPV6_INFOMSG_MASK)
		return true;
	quoted = skb_header_pointer(skb, in, sizeof(buf), &buf);
	if (!quoted || quoted->version != 6)
		return true;
	octet = quoted->nexthdr;
	uhoff = ipv6_skip_exthdr(skb, in + sizeof(buf), &octet, &frag_off);
	if (uhoff < 0 || octet != IPPROTO_UDP)
		return true;
	sipsec_endpoint_set6(&dst, &quoted->daddr, 0);
	end = end_of(sn, skb, uhoff, &dst);
	if (!end)
		return true;
	if (!cut(skb, end))
		return false;
	ip6h = ipv6_hdr(skb);
	ip6h->payload_len = htons(skb->len - sizeof(*ip6h));
	icmp6 = (struct icmp6hdr *)(skb->data + thoff);
	if (icmp6->icmp6_type == ICMPV6_DEST_UNREACH || icmp6->icmp6_type == ICMPV6_TIME_EXCEED)
		icmp6->icmp6_dataun.un_data8[0] = 0;
	icmp6->icmp6_cksum = 0;
	icmp6->icmp6_cksum = csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, skb->len - thoff,
					     IPPROTO_ICMPV6,
					     skb_checksum(skb, thoff, skb->len - thoff, 0));
	return true;
}
