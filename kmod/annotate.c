// SPDX-License-Identifier: GPL-2.0
#include <linux/skbuff.h>
#include <linux/string.h>
#include <linux/udp.h>
#include <net/checksum.h>

#include "annotate.h"
#include "core/annotate.h"

/* The checksum follows a change of the payload at an odd or even distance from its header. */
static void fix_checksum(struct sk_buff *skb, unsigned int thoff, bool ipv6, __wsum diff, bool odd)
{
	struct udphdr *uh = (struct udphdr *)(skb->data + thoff);

	/* It is yet to be computed, and covers what is here then. */
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return;
	if (!uh->check) {
		/* None was sent; a device's sum of the whole packet is no longer right. */
		if (skb->ip_summed == CHECKSUM_COMPLETE)
			skb->ip_summed = CHECKSUM_NONE;
		return;
	}
	if (odd)
		diff = csum_shift(diff, 1);
	/* Payload and checksum outweigh each other in a sum of the whole. */
	sipsec_csum_replace_by_diff(&uh->check, skb, diff, false, ipv6);
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;
}

int sipsec_annotate(struct sk_buff *skb, unsigned int thoff, bool ipv6, struct sipsec_span value,
		    const struct sipsec_annotation *a, u32 spi)
{
	unsigned int off = thoff + sizeof(struct udphdr) + value.off;
	__wsum before;
	u8 *to;

	if (a && a->len > value.len)
		return -ENOSPC;
	/* Others may have a clone, or the value lie in a fragment. */
	if (skb_ensure_writable(skb, off + value.len))
		return -ENOMEM;
	to = skb->data + off;
	before = csum_partial(to, value.len, 0);
	if (a)
		sipsec_annotation_write(to, value.len, a->word, a->len, spi);
	else
		memset(to, ' ', value.len);
	fix_checksum(skb, thoff, ipv6, csum_sub(csum_partial(to, value.len, 0), before),
		     (off - thoff) & 1);
	return 0;
}
