/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	uapi/sipsec.yaml */
/* YNL-GEN kernel header */
/* To regenerate run: make regen */

#ifndef _LINUX_SIPSEC_GEN_H
#define _LINUX_SIPSEC_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/sipsec.h>

/* Common nested types */
extern const struct nla_policy sipsec_actions_nl_policy[SIPSEC_A_ACTION_ANNOTATE + 1];
extern const struct nla_policy sipsec_counters_nl_policy[SIPSEC_A_COUNT_PAD + 1];
extern const struct nla_policy sipsec_listener_nl_policy[SIPSEC_A_LISTENER_EMERGENCIES + 1];
extern const struct nla_policy sipsec_sa_nl_policy[SIPSEC_A_SA_PAD + 1];

/* Global operation policy for sipsec */
extern const struct nla_policy sipsec_msg_nl_policy[SIPSEC_A_PARTNER + 1];

/* Ops table for sipsec */
extern const struct genl_small_ops sipsec_nl_ops[14];

int sipsec_nl_sa_add_doit(struct sk_buff *skb, struct genl_info *info);
int sipsec_nl_sa_replace_doit(struct sk_buff *skb, struct genl_info *info);
int sipsec_nl_sa_set_doit(struct sk_buff *skb, struct genl_info *info);
int sipsec_nl_sa_del_doit(struct sk_buff *skb, struct genl_info *info);
int sipsec_nl_sa_get_doit(struct sk_buff *skb, struct genl_info *info);
int sipsec_nl_sa_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int sipsec_nl_sa_flush_doit(struct sk_buff *skb, struct genl_info *info);
int sipsec_nl_listener_add_doit(struct sk_buff *skb, struct genl_info *info);
int sipsec_nl_listener_set_doit(struct sk_buff *skb, struct genl_info *info);
int sipsec_nl_listener_del_doit(struct sk_buff *skb, struct genl_info *info);
int sipsec_nl_listener_get_doit(struct sk_buff *skb, struct genl_info *info);
int sipsec_nl_listener_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb);
int sipsec_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int sipsec_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info);
int sipsec_nl_key_id_doit(struct sk_buff *skb, struct genl_info *info);
int sipsec_nl_listener_replace_doit(struct sk_buff *skb,
				    struct genl_info *info);

enum {
	SIPSEC_NLGRP_EVENTS,
};

#endif /* _LINUX_SIPSEC_GEN_H */
