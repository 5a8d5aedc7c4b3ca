/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_COMPAT_NET_CHECKSUM_H
#define SIPSEC_COMPAT_NET_CHECKSUM_H

#include_next <net/checksum.h>

/* inet_proto_csum_replace_by_diff() got its last parameter in 6.16, and stable kernels since. */
#ifdef SIPSEC_CSUM_DIFF_HAS_IPV6
#define sipsec_csum_replace_by_diff	inet_proto_csum_replace_by_diff
#else
#define sipsec_csum_replace_by_diff(sum, skb, diff, pseudohdr, ipv6) \
	inet_proto_csum_replace_by_diff(sum, skb, diff, pseudohdr)
#endif

#endif
