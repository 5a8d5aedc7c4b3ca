// SPDX-License-Identifier: GPL-2.0
/* Datagrams that leave: LOCAL_OUT, behind all other hooks, before fragmentation. */
#include <linux/moduleparam.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "edit.h"
#include "hook_out.h"
#include "listener.h"
#include "net.h"
#include "peer.h"
#include "quote.h"
#include "core/sipmsg.h"
#include "scratch.h"
#include "segment.h"
#include "sign.h"

uint sipsec_mark_mask __read_mostly = 0xffffffff;
module_param_named(mark_mask, sipsec_mark_mask, uint, 0444);
MODULE_PARM_DESC(mark_mask, "bits of the packet mark that name an outbound SA (default: all)");

struct outgoing {
	struct sipsec_net *sn;
	struct sipsec_route route;
	bool stray;			/* of neither, but annotations must stay here */
	bool fragment;			/* the first, of what a raw socket's user has cut */
	unsigned int thoff;
	bool ipv6;
};

static unsigned int drop(const struct outgoing *o, enum sipsec_stat why)
{
	sipsec_stats_inc(o->sn->stats, why);
	return NF_DROP;
}

static unsigned int edit(const struct outgoing *o, struct sk_buff *skb,
			 const struct sipsec_edit *e)
{
	int err = sipsec_edit_skb(o->sn->net, skb, o->thoff, o->ipv6, e);

	if (err)
		return drop(o, err == -EMSGSIZE ? SIPSEC_STAT_TX_TOO_BIG : SIPSEC_STAT_TX_FAILED);
	if (e->nr_cuts)
		sipsec_stats_inc(o->sn->stats, SIPSEC_STAT_STRIPPED);
	if (e->field_len)
		sipsec_stats_inc(o->sn->stats, SIPSEC_STAT_SIGNED);
	return NF_ACCEPT;
}

/* Bottom halves are off. */
static unsigned int sign_one(const struct outgoing *o, struct sk_buff *skb)
{
	unsigned int off = o->thoff + sizeof(struct udphdr);
	unsigned int len = skb->len > off ? skb->len - off : 0;
	unsigned int seen = min_t(unsigned int, len, SIPSEC_MAX_SIZE_CAP);
	struct sipsec_scratch *scratch = sipsec_scratch_get();
	const u8 *buf = skb->data + off;
	enum sipsec_sign what = SIPSEC_SIGN_FAILED;
	struct sipsec_edit e __uninitialized;

	if (skb_headlen(skb) < off + seen) {
		buf = scratch->msg;
		if (skb_copy_bits(skb, off, scratch->msg, seen))
			goto out;
	}
	if (seen < len || o->fragment) {
		/* Larger than any message that can be signed, or read; or not here as a whole. */
		what = SIPSEC_SIGN_PASS;
		if ((o->fragment && !o->stray) ||
		    (sipsec_looks_like_sip(buf, seen) &&
		     !(o->stray && buf[0] >= SIPSEC_SIGCOMP_FIRST)))
			what = SIPSEC_SIGN_TOO_BIG;
		goto out;
	}
	if (o->stray)
		what = sipsec_sign_stray(buf, len, &e);
	else
		what = sipsec_sign(o->sn, &o->route, buf, len, &e);
out:
	sipsec_scratch_put();
	switch (what) {
	case SIPSEC_SIGN_PASS:
		return NF_ACCEPT;
	case SIPSEC_SIGN_EDIT:
		return edit(o, skb, &e);
	case SIPSEC_SIGN_TOO_BIG:
		return drop(o, SIPSEC_STAT_TX_TOO_BIG);
	case SIPSEC_SIGN_UNSIGNED:
		return drop(o, SIPSEC_STAT_UNSIGNED);
	case SIPSEC_SIGN_MALFORMED:
		return drop(o, SIPSEC_STAT_TX_MALFORMED);
	case SIPSEC_SIGN_COMPRESSED:
		return drop(o, SIPSEC_STAT_TX_COMPRESSED);
	default:
		return drop(o, SIPSEC_STAT_TX_FAILED);
	}
}

static unsigned int sign_segment(struct sk_buff *skb, void *data)
{
	return sign_one(data, skb);
}

/*
 * By what it leaves.  Hooks before this one may have routed it anew, of which state->out
 * does not know.
 */
static const struct net_device *device_of(const struct sk_buff *skb)
{
	return skb_dst(skb)->dev;
}

/*
 * Where a listener annotates, a proxy may forward what it got from it by another
 * socket: the word does not leave the host so either (clause 12).
 */
static bool keeps_annotations(struct sipsec_net *sn, const struct sk_buff *skb)
{
	return READ_ONCE(sn->listeners.nr_annotating) &&
	       !(device_of(skb)->flags & IFF_LOOPBACK);
}

static bool stays_here(const struct sk_buff *skb, const struct nf_hook_state *state)
{
	if (state->pf == NFPROTO_IPV6)
		return container_of(skb_dst(skb), struct rt6_info, dst)->rt6i_flags &
		       (RTF_LOCAL | RTF_ANYCAST);
	return skb_rtable(skb)->rt_type == RTN_LOCAL;
}

/*
 * On its way through a VRF a packet passes here for the VRF's device and then for the
 * one that it leaves by, but for what stays on this host.  The first time it is routed to
 * the VRF's device, or the VRF itself calls the hooks.
 */
static bool comes_again(const struct sk_buff *skb, const struct nf_hook_state *state)
{
	if (unlikely(netif_is_l3_master(device_of(skb))))
		return !stays_here(skb, state);
	return unlikely(state->out && netif_is_l3_master(state->out)) && skb->dev == state->out;
}

/* A tunnel's datagram around a train of another protocol: no message. */
static bool is_tunnel(const struct sk_buff *skb)
{
	return skb_is_gso(skb) && (skb->encapsulation || !sipsec_is_train(skb));
}

static unsigned int packet_out(struct outgoing *o, struct sk_buff *skb,
			       const struct nf_hook_state *state, struct sipsec_endpoint *src)
{
	struct sipsec_route *route = &o->route;
	const struct udphdr *uh;
	struct udphdr buf;
	unsigned int ret;

	uh = skb_header_pointer(skb, o->thoff, sizeof(buf), &buf);
	if (!uh || comes_again(skb, state))
		return NF_ACCEPT;
	src->port = uh->source;
	route->dst.port = uh->dest;
	route->mark = skb->mark & sipsec_mark_mask;
	if (READ_ONCE(o->sn->nr_out))
		route->peer = sipsec_peer_lookup(o->sn, &route->dst);
	if (READ_ONCE(o->sn->listeners.nr))
		route->listener = sipsec_listener_lookup(o->sn, src);
	if (!route->peer && !route->listener) {
		if (!keeps_annotations(o->sn, skb) || is_tunnel(skb))
			return NF_ACCEPT;
		o->stray = true;
	}

	local_bh_disable();
	if (skb_is_gso(skb)) {
		ret = sipsec_segment(skb, state, sign_segment, o);
		if (ret == NF_DROP)
			drop(o, SIPSEC_STAT_TX_FAILED);
	} else {
		ret = sign_one(o, skb);
	}
	local_bh_enable();
	return ret;
}

static unsigned int icmp_out(const struct outgoing *o, struct sk_buff *skb,
			     bool (*trim)(struct sipsec_net *sn, struct sk_buff *skb,
					  unsigned int thoff))
{
	unsigned int ret = NF_ACCEPT;

	local_bh_disable();
	if (!trim(o->sn, skb, o->thoff))
		ret = drop(o, SIPSEC_STAT_TX_FAILED);
	local_bh_enable();
	return ret;
}

unsigned int sipsec_out4(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct outgoing o = { .sn = priv, .thoff = iph->ihl * 4 };
	struct sipsec_endpoint src;

	/* Without the first fragment the others are of no use. */
	if (iph->frag_off & htons(IP_OFFSET))
		return NF_ACCEPT;
	o.fragment = ip_is_fragment(iph);
	if (iph->protocol == IPPROTO_ICMP && !o.fragment && keeps_annotations(priv, skb))
		return icmp_out(&o, skb, sipsec_quote_trim4);
	if (iph->protocol != IPPROTO_UDP)
		return NF_ACCEPT;
	sipsec_endpoint_set4(&src, iph->saddr, 0);
	sipsec_endpoint_set4(&o.route.dst, iph->daddr, 0);
	return packet_out(&o, skb, state, &src);
}

unsigned int sipsec_out6(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	struct outgoing o = { .sn = priv, .ipv6 = true };
	struct sipsec_endpoint src;
	unsigned short frag_off = 0;
	unsigned int thoff = 0;
	/* Behind AH it has been here already. */
	int flags = IP6_FH_F_AUTH, proto;

	proto = ipv6_find_hdr(skb, &thoff, -1, &frag_off, &flags);
	if (frag_off)
		return NF_ACCEPT;
	o.fragment = flags & IP6_FH_F_FRAG;
	o.thoff = thoff;
	if (proto == IPPROTO_ICMPV6 && !o.fragment && keeps_annotations(priv, skb))
		return icmp_out(&o, skb, sipsec_quote_trim6);
	if (proto != IPPROTO_UDP)
		return NF_ACCEPT;
	sipsec_endpoint_set6(&src, &ip6h->saddr, 0);
	sipsec_endpoint_set6(&o.route.dst, &ip6h->daddr, 0);
	return packet_out(&o, skb, state, &src);
}
