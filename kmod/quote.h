/* SPDX-License-Identifier: GPL-2.0 */
/* What ICMP errors of this host quote. */
#ifndef SIPSEC_QUOTE_H
#define SIPSEC_QUOTE_H

#include <linux/types.h>

struct sipsec_net;
struct sk_buff;

/*
 * An ICMP error that leaves may quote a datagram that a listener has annotated and that
 * nobody took: it is cut behind the quoted UDP header, so that the word stays here
 * (clause 12).  skb's data begins with the IP header; thoff: of ICMP's.  Under RCU.
 * False: there is no memory for it, and it must not leave.
 */
bool sipsec_quote_trim4(struct sipsec_net *sn, struct sk_buff *skb, unsigned int thoff);
bool sipsec_quote_trim6(struct sipsec_net *sn, struct sk_buff *skb, unsigned int thoff);

#endif
