/* SPDX-License-Identifier: GPL-2.0 */
/* What the netlink files share: refusals, endpoints. */
#ifndef SIPSEC_NETLINK_UTIL_H
#define SIPSEC_NETLINK_UTIL_H

#include <linux/netlink.h>
#include <net/genetlink.h>

#include "addr.h"

/* Refuse because of an attribute: the reason is a literal that names it. */
#define sipsec_refuse(extack, attr, err, msg)			\
({								\
	NL_SET_ERR_MSG_ATTR(extack, attr, msg);			\
	(err);							\
})

/* Refuse for want of an attribute of a nest. */
#define sipsec_refuse_missing(extack, nest, type, msg)		\
({								\
	NL_SET_ERR_ATTR_MISS(extack, nest, type);		\
	NL_SET_ERR_MSG(extack, msg);				\
	-EINVAL;						\
})

/*
 * Read an address of two attributes, of which at most one is given.  Returns 1
 * if there was one, 0 if none, -errno.
 */
int sipsec_nl_addr(struct nlattr *addr4, struct nlattr *addr6, struct in6_addr *addr,
		   struct netlink_ext_ack *extack);

/* Begin a reply to info; *hdr for sipsec_nl_reply_end(). NULL without memory. */
struct sk_buff *sipsec_nl_reply(struct genl_info *info, void **hdr);
/*
 * End and send it, or throw it away where err, a negative errno, says that it could not
 * be filled; err, or that of sending.
 */
int sipsec_nl_reply_end(struct genl_info *info, struct sk_buff *reply, void *hdr, int err);

#endif
