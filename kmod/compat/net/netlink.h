/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_COMPAT_NET_NETLINK_H
#define SIPSEC_COMPAT_NET_NETLINK_H

#include_next <net/netlink.h>

/* Since 6.9; a plain .len of NLA_BINARY has always been the largest length. */
#ifndef NLA_POLICY_MAX_LEN
#define NLA_POLICY_MAX_LEN(_len)	{ .type = NLA_BINARY, .len = (_len) }
#endif

#endif
