/* SPDX-License-Identifier: GPL-2.0 */
/* The annotation of clause 12 in a datagram. */
#ifndef SIPSEC_ANNOTATE_H
#define SIPSEC_ANNOTATE_H

#include <linux/rcupdate.h>
#include <linux/types.h>

#include "core/limits.h"
#include "core/span.h"

struct sk_buff;

/* A listener's word, as datagrams see it. */
struct sipsec_annotation {
	u8 word[SIPSEC_MAX_WORD];
	u8 len;
	struct rcu_head rcu;
};

/*
 * Overwrite a value (offsets in the UDP payload) with word and spi or, where a
 * is NULL, with spaces, and keep the checksum right.  thoff: of the UDP header.
 * 0; -ENOSPC where the word does not fit, or -ENOMEM: then nothing is written.
 * What was known to lie in the skb's memory may lie elsewhere afterwards.
 */
int sipsec_annotate(struct sk_buff *skb, unsigned int thoff, bool ipv6, struct sipsec_span value,
		    const struct sipsec_annotation *a, u32 spi);

#endif
