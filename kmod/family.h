/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_FAMILY_H
#define SIPSEC_FAMILY_H

#include <net/genetlink.h>

extern struct genl_family sipsec_family;

/* May the sender of this request do it?  0 or -EPERM.  Dumps ask themselves. */
int sipsec_may(struct sk_buff *skb);

#endif
