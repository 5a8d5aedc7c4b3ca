// SPDX-License-Identifier: GPL-2.0
/* Datagrams that arrive: LOCAL_IN. */
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "annotate.h"
#include "core/annotate.h"
#include "hook_in.h"
#include "listener.h"
#include "net.h"
#include "policy.h"
#include "sa.h"
#include "scratch.h"
#include "segment.h"
#include "trace.h"
#include "verify.h"

/* What the IP header says of a packet. */
struct packet {
	bool ipv6;
	u8 proto;
	unsigned int thoff;	/* of the transport header, in the skb's data */
	struct in6_addr src;
	struct in6_addr dst;
};

/*
 * UDP's length and checksum, before anything is believed; what lies behind the
 * UDP length is cut off.  Returns true and the payload's length.
 */
static bool udp_ok(struct sk_buff *skb, const struct packet *p, unsigned int *len)
{
	const struct udphdr *uh;
	struct udphdr buf;
	unsigned int ulen;

	uh = skb_header_pointer(skb, p->thoff, sizeof(buf), &buf);
	if (!uh)
		return false;
	ulen = ntohs(uh->len);
	if (ulen < sizeof(*uh) || ulen > skb->len - p->thoff)
		return false;
	if (!uh->check) {
		if (p->ipv6)
			return false;
	} else {
		/* The pseudo-header has the UDP length, so trim first. */
		if (pskb_trim_rcsum(skb, p->thoff + ulen))
			return false;
		if (nf_checksum(skb, NF_INET_LOCAL_IN, p->thoff, IPPROTO_UDP,
				p->ipv6 ? NFPROTO_IPV6 : NFPROTO_IPV4))
			return false;
	}
	if (pskb_trim_rcsum(skb, p->thoff + ulen))
		return false;
	*len = ulen - sizeof(*uh);
	return true;
}

/*
 * Has it pages that a local sender may still write to?  Each fragment of a
 * datagram that was put together says so for itself.
 */
static bool is_shared(const struct sk_buff *skb)
{
	const struct sk_buff *frag;

	if (skb_has_shared_frag(skb))
		return true;
	skb_walk_frags(skb, frag)
		if (skb_has_shared_frag(frag) || skb_has_frag_list(frag))
			return true;
	return false;
}

/*
 * The payload in one piece: where it lies, or copied.  What a sender may still
 * write to is copied for good, so that what is delivered is what was verified.
 * NULL without memory.
 */
static const u8 *payload_of(struct sk_buff *skb, unsigned int off, unsigned int len,
			    struct sipsec_scratch *scratch)
{
	if (skb_is_nonlinear(skb) && is_shared(skb) && skb_linearize(skb))
		return NULL;
	if (skb_headlen(skb) >= off + len)
		return skb->data + off;
	return skb_copy_bits(skb, off, scratch->msg, len) ? NULL : scratch->msg;
}

static void set_mark(struct sk_buff *skb, const struct sipsec_listener *l, enum sipsec_class class)
{
	u32 mask = READ_ONCE(l->conf.mark_mask);

	if (mask)
		skb->mark = (skb->mark & ~mask) | (class << __ffs(mask));
}

/*
 * Clause 12: the verdict in the message that is handed on, where a proxy looks for
 * it.  What a listener in monitor mode accepts although it has not verified has
 * its field wiped.  False, and the class says so, where that cannot be done.
 */
static bool annotate(const struct sipsec_listener *l, struct sk_buff *skb, const struct packet *p,
		     const u8 *buf, struct sipsec_verdict *v)
{
	const struct sipsec_annotation *a = rcu_dereference(l->annotation);
	bool verified = v->class == SIPSEC_CLASS_VERIFIED;
	struct sipsec_span value;

	if (!a || !(verified || READ_ONCE(l->conf.monitor)))
		return true;
	value = sipsec_annotation_place(buf, v->msg.hop_value);
	if (!sipsec_annotate(skb, p->thoff, p->ipv6, value, verified ? a : NULL,
			     v->msg.hop.spi))
		return true;
	v->class = SIPSEC_CLASS_ANNOTATE;
	return false;
}

/* The datagram has a class: count, tell, and say whether it goes on. */
static bool act(struct sipsec_net *sn, struct sipsec_listener *l, struct sk_buff *skb,
		const struct packet *p, const u8 *buf, unsigned int len,
		const struct sipsec_endpoint *src, struct sipsec_verdict *v)
{
	bool hop = v->class > SIPSEC_CLASS_UNPROTECTED;
	bool accept;

	accept = sipsec_policy_accepts(l, &v->class, buf, len, &v->msg, src);
	if (accept && hop)
		accept = annotate(l, skb, p, buf, v);
	sipsec_classes_inc(l->classes, v->class);
	trace_sipsec_verdict(sn->net, src, v->class, v->why, v->sa ? v->sa->spi : 0, accept);
	if (READ_ONCE(l->conf.notify))
		sipsec_event_verdict(sn, l, v->class, accept, src, v->sa);
	if (accept)
		set_mark(skb, l, v->class);
	return accept;
}

/* Verify one datagram, never a merged one.  NF_ACCEPT or NF_DROP. */
static unsigned int verify_one(struct sipsec_net *sn, struct sipsec_listener *l,
			       struct sk_buff *skb, const struct packet *p, __be16 sport)
{
	unsigned int off = p->thoff + sizeof(struct udphdr), len = 0;
	struct sipsec_scratch *scratch = sipsec_scratch_get();
	struct sipsec_endpoint src = { .addr = p->src, .port = sport };
	struct sipsec_verdict v __uninitialized;
	const u8 *buf = NULL;
	bool accept;

	v.class = SIPSEC_CLASS_MALFORMED;
	v.sa = NULL;
	if (!udp_ok(skb, p, &len)) {
		v.why = SIPSEC_WHY_UDP;
		goto act;
	}
	/* Before it is copied; also said by the parser. */
	if (len > READ_ONCE(l->conf.max_size)) {
		v.why = SIPSEC_WHY_SIZE;
		goto act;
	}
	buf = payload_of(skb, off, len, scratch);
	if (buf)
		sipsec_verify(sn, l, buf, len, &src, &v);
	else
		v.class = SIPSEC_CLASS_NONE;
	if (v.class == SIPSEC_CLASS_NONE) {
		sipsec_scratch_put();
		sipsec_stats_inc(sn->stats, SIPSEC_STAT_MAC_FAILED);
		return NF_DROP;
	}
act:
	accept = act(sn, l, skb, p, buf, len, &src, &v);
	sipsec_scratch_put();
	return accept ? NF_ACCEPT : NF_DROP;
}

struct segment_ctx {
	struct sipsec_net *sn;
	struct sipsec_listener *l;
	const struct packet *p;
	__be16 sport;
};

static unsigned int verify_segment(struct sk_buff *skb, void *data)
{
	const struct segment_ctx *c = data;

	return verify_one(c->sn, c->l, skb, c->p, c->sport);
}

static unsigned int transport(struct sipsec_net *sn, struct sipsec_listener *l,
			      struct sk_buff *skb, const struct packet *p, __be16 sport)
{
	struct sipsec_endpoint src = { .addr = p->src, .port = sport };
	struct sipsec_verdict v = { .class = SIPSEC_CLASS_TRANSPORT };

	return act(sn, l, skb, p, NULL, 0, &src, &v) ? NF_ACCEPT : NF_DROP;
}

static unsigned int packet_in(struct sipsec_net *sn, struct sk_buff *skb,
			      const struct nf_hook_state *state, const struct packet *p)
{
	const __be16 *port;
	__be16 ports[2];
	struct sipsec_endpoint local;
	struct sipsec_listener *l;
	unsigned int ret;

	if (p->proto != IPPROTO_UDP && p->proto != IPPROTO_TCP && p->proto != IPPROTO_SCTP)
		return NF_ACCEPT;
	port = skb_header_pointer(skb, p->thoff, sizeof(ports), ports);
	/* Too short to be delivered to any socket. */
	if (!port)
		return NF_ACCEPT;
	sipsec_endpoint_set6(&local, &p->dst, port[1]);
	l = sipsec_listener_lookup(sn, &local);
	if (!l)
		return NF_ACCEPT;

	/* Off already, but where user space gave a queued packet back. */
	local_bh_disable();
	if (p->proto != IPPROTO_UDP) {
		ret = transport(sn, l, skb, p, port[0]);
	} else if (skb_is_gso(skb) && !sipsec_is_one(skb)) {
		struct segment_ctx c = { sn, l, p, port[0] };

		ret = sipsec_segment(skb, state, verify_segment, &c);
		if (ret == NF_DROP)
			sipsec_stats_inc(sn->stats, SIPSEC_STAT_MAC_FAILED);
	} else {
		ret = verify_one(sn, l, skb, p, port[0]);
	}
	local_bh_enable();
	return ret;
}

/* Is this what could not be put together, to someone who listens here? */
static unsigned int fragment_in(struct sipsec_net *sn, const struct in6_addr *dst)
{
	if (!sipsec_listener_at_addr(sn, dst))
		return NF_ACCEPT;
	local_bh_disable();
	sipsec_stats_inc(sn->stats, SIPSEC_STAT_FRAGMENTS);
	local_bh_enable();
	return NF_DROP;
}

unsigned int sipsec_in4(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct packet p = {
		.proto = iph->protocol,
		.thoff = skb_network_offset(skb) + iph->ihl * 4,
	};

	if (!READ_ONCE(((struct sipsec_net *)priv)->listeners.nr))
		return NF_ACCEPT;
	ipv6_addr_set_v4mapped(iph->saddr, &p.src);
	ipv6_addr_set_v4mapped(iph->daddr, &p.dst);
	if (unlikely(ip_is_fragment(iph)))
		return fragment_in(priv, &p.dst);
	return packet_in(priv, skb, state, &p);
}

/*
 * The stack goes on from the header that nhoff points to, and takes what lies at the
 * transport header for it. Where netfilter has put fragments together, or a queue has
 * taken a train apart, that is UDP's, also behind extension headers that the stack has
 * still to walk: it would read UDP for options, and deliver what lies behind them.
 */
static bool mend_transport(struct sk_buff *skb)
{
	unsigned int off = sizeof(struct ipv6hdr), nhoff = IP6CB(skb)->nhoff;
	const struct ipv6_opt_hdr *hp;
	struct ipv6_opt_hdr buf;

	if (unlikely(nhoff != offsetof(struct ipv6hdr, nexthdr))) {
		hp = skb_header_pointer(skb, skb_network_offset(skb) + nhoff, sizeof(buf), &buf);
		if (!hp)
			return false;
		off = nhoff + ipv6_optlen(hp);
	}
	skb_set_transport_header(skb, skb_network_offset(skb) + off);
	return true;
}

unsigned int sipsec_in6(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	struct packet p = {
		.ipv6 = true,
		.src = ip6h->saddr,
		.dst = ip6h->daddr,
	};
	unsigned int thoff = 0;
	unsigned short frag_off = 0;
	/* Behind AH it comes once more, without it and checked. */
	int flags = IP6_FH_F_AUTH, proto;

	if (!READ_ONCE(((struct sipsec_net *)priv)->listeners.nr))
		return NF_ACCEPT;
	/* Whatever it seems to be, and to whatever port. */
	if (!mend_transport(skb))
		return fragment_in(priv, &p.dst);
	proto = ipv6_find_hdr(skb, &thoff, -1, &frag_off, &flags);
	/*
	 * Reassembly lies before us and takes the fragment header away; what still
	 * has one, or a chain of headers that cannot be followed, was not reassembled.
	 */
	if (proto < 0 || (flags & IP6_FH_F_FRAG))
		return fragment_in(priv, &p.dst);
	p.proto = proto;
	p.thoff = thoff;
	return packet_in(priv, skb, state, &p);
}
