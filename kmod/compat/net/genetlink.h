/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_COMPAT_NET_GENETLINK_H
#define SIPSEC_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>

/* The attributes of a dump's request: moved into a genl_info in 6.6. */
static inline struct nlattr **sipsec_genl_dump_attrs(struct netlink_callback *cb)
{
#ifdef SIPSEC_HAVE_GENL_INFO_DUMP
	return genl_info_dump(cb)->attrs;
#else
	return genl_dumpit_info(cb)->attrs;
#endif
}

/* pre_doit's first parameter became a genl_split_ops in 6.2. */
#ifdef SIPSEC_GENL_PRE_DOIT_SPLIT
#define sipsec_genl_doit_ops	genl_split_ops
#else
#define sipsec_genl_doit_ops	genl_ops
#endif

#endif
