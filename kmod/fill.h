/* SPDX-License-Identifier: GPL-2.0 */
/* SAs, listeners and counters as netlink attributes; keys never are. */
#ifndef SIPSEC_FILL_H
#define SIPSEC_FILL_H

#include <linux/skbuff.h>

#include "addr.h"
#include "stats.h"

struct sipsec_listener;
struct sipsec_sa;

/* Each returns 0 or -EMSGSIZE. */
int sipsec_fill_endpoint(struct sk_buff *skb, const struct sipsec_endpoint *e,
			 int addr4, int addr6, int port);
int sipsec_fill_counters(struct sk_buff *skb, int attr, const u64 count[SIPSEC_NR_COUNTS]);
/* Under net->lock. */
int sipsec_fill_sa(struct sk_buff *skb, struct sipsec_sa *sa);
/* Only what names it. */
int sipsec_fill_sa_name(struct sk_buff *skb, const struct sipsec_sa *sa);
int sipsec_fill_listener_name(struct sk_buff *skb, const struct sipsec_listener *l);
int sipsec_fill_listener(struct sk_buff *skb, const struct sipsec_listener *l);

#endif
