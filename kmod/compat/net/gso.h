/* SPDX-License-Identifier: GPL-2.0 */
/* __skb_gso_segment(): in <linux/netdevice.h> up to 6.4. */
#ifndef SIPSEC_COMPAT_NET_GSO_H
#define SIPSEC_COMPAT_NET_GSO_H

#ifdef SIPSEC_HAVE_GSO_H
#include_next <net/gso.h>
#else
#include <linux/netdevice.h>
#endif

#endif
