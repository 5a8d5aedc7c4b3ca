// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	uapi/sipsec.yaml */
/* YNL-GEN kernel source */
/* To regenerate run: make regen */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink_gen.h"

#include <uapi/linux/sipsec.h>

/* Common nested types */
const struct nla_policy sipsec_actions_nl_policy[SIPSEC_A_ACTION_ANNOTATE + 1] = {
	[SIPSEC_A_ACTION_TRANSPORT] = NLA_POLICY_MAX(NLA_U8, 2),
	[SIPSEC_A_ACTION_KEEPALIVE] = NLA_POLICY_MAX(NLA_U8, 2),
	[SIPSEC_A_ACTION_COMPRESSED] = NLA_POLICY_MAX(NLA_U8, 2),
	[SIPSEC_A_ACTION_MALFORMED] = NLA_POLICY_MAX(NLA_U8, 2),
	[SIPSEC_A_ACTION_UNPROTECTED] = NLA_POLICY_MAX(NLA_U8, 2),
	[SIPSEC_A_ACTION_UNKNOWN_SPI] = NLA_POLICY_MAX(NLA_U8, 2),
	[SIPSEC_A_ACTION_EXPIRED] = NLA_POLICY_MAX(NLA_U8, 2),
	[SIPSEC_A_ACTION_MISMATCH] = NLA_POLICY_MAX(NLA_U8, 2),
	[SIPSEC_A_ACTION_THROTTLED] = NLA_POLICY_MAX(NLA_U8, 2),
	[SIPSEC_A_ACTION_REPLAY] = NLA_POLICY_MAX(NLA_U8, 2),
	[SIPSEC_A_ACTION_BAD_MAC] = NLA_POLICY_MAX(NLA_U8, 2),
	[SIPSEC_A_ACTION_IDENTITY] = NLA_POLICY_MAX(NLA_U8, 2),
	[SIPSEC_A_ACTION_BAD_E2E] = NLA_POLICY_MAX(NLA_U8, 2),
	[SIPSEC_A_ACTION_VERIFIED] = NLA_POLICY_MAX(NLA_U8, 2),
	[SIPSEC_A_ACTION_RATELIMITED] = NLA_POLICY_MAX(NLA_U8, 2),
	[SIPSEC_A_ACTION_EMERGENCY] = NLA_POLICY_MAX(NLA_U8, 2),
	[SIPSEC_A_ACTION_ANNOTATE] = NLA_POLICY_MAX(NLA_U8, 2),
};

const struct nla_policy sipsec_counters_nl_policy[SIPSEC_A_COUNT_PAD + 1] = {
	[SIPSEC_A_COUNT_TRANSPORT] = { .type = NLA_U64, },
	[SIPSEC_A_COUNT_KEEPALIVE] = { .type = NLA_U64, },
	[SIPSEC_A_COUNT_COMPRESSED] = { .type = NLA_U64, },
	[SIPSEC_A_COUNT_MALFORMED] = { .type = NLA_U64, },
	[SIPSEC_A_COUNT_UNPROTECTED] = { .type = NLA_U64, },
	[SIPSEC_A_COUNT_UNKNOWN_SPI] = { .type = NLA_U64, },
	[SIPSEC_A_COUNT_EXPIRED] = { .type = NLA_U64, },
	[SIPSEC_A_COUNT_MISMATCH] = { .type = NLA_U64, },
	[SIPSEC_A_COUNT_THROTTLED] = { .type = NLA_U64, },
	[SIPSEC_A_COUNT_REPLAY] = { .type = NLA_U64, },
	[SIPSEC_A_COUNT_BAD_MAC] = { .type = NLA_U64, },
	[SIPSEC_A_COUNT_IDENTITY] = { .type = NLA_U64, },
	[SIPSEC_A_COUNT_BAD_E2E] = { .type = NLA_U64, },
	[SIPSEC_A_COUNT_VERIFIED] = { .type = NLA_U64, },
	[SIPSEC_A_COUNT_RATELIMITED] = { .type = NLA_U64, },
	[SIPSEC_A_COUNT_EMERGENCY] = { .type = NLA_U64, },
	[SIPSEC_A_COUNT_ANNOTATE] = { .type = NLA_U64, },
	[SIPSEC_A_COUNT_WOULD_DROP] = { .type = NLA_U64, },
};

const struct nla_policy sipsec_listener_nl_policy[SIPSEC_A_LISTENER_EMERGENCIES + 1] = {
	[SIPSEC_A_LISTENER_ADDR4] = { .type = NLA_BE32, },
	[SIPSEC_A_LISTENER_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[SIPSEC_A_LISTENER_PORT] = { .type = NLA_U16, },
	[SIPSEC_A_LISTENER_DIRECTION] = NLA_POLICY_MAX(NLA_U8, 1),
	[SIPSEC_A_LISTENER_PRESET] = NLA_POLICY_MAX(NLA_U8, 2),
	[SIPSEC_A_LISTENER_MAX_SIZE] = { .type = NLA_U32, },
	[SIPSEC_A_LISTENER_MARK_MASK] = { .type = NLA_U32, },
	[SIPSEC_A_LISTENER_STUN] = NLA_POLICY_MAX(NLA_U8, 1),
	[SIPSEC_A_LISTENER_RATE] = { .type = NLA_U32, },
	[SIPSEC_A_LISTENER_ACTIONS] = NLA_POLICY_NESTED(sipsec_actions_nl_policy),
	[SIPSEC_A_LISTENER_COUNTERS] = NLA_POLICY_NESTED(sipsec_counters_nl_policy),
	[SIPSEC_A_LISTENER_MONITOR] = NLA_POLICY_MAX(NLA_U8, 1),
	[SIPSEC_A_LISTENER_ANNOTATE] = NLA_POLICY_MAX(NLA_U8, 1),
	[SIPSEC_A_LISTENER_WORD] = { .type = NLA_NUL_STRING, .len = SIPSEC_WORD_MAX, },
	[SIPSEC_A_LISTENER_NOTIFY] = NLA_POLICY_MAX(NLA_U8, 1),
	[SIPSEC_A_LISTENER_IDENTITY] = NLA_POLICY_MAX(NLA_U8, 1),
	[SIPSEC_A_LISTENER_EMERGENCIES] = { .type = NLA_U32, },
};

const struct nla_policy sipsec_sa_nl_policy[SIPSEC_A_SA_PAD + 1] = {
	[SIPSEC_A_SA_TYPE] = NLA_POLICY_MAX(NLA_U8, 1),
	[SIPSEC_A_SA_SPI] = { .type = NLA_U32, },
	[SIPSEC_A_SA_ADDR4] = { .type = NLA_BE32, },
	[SIPSEC_A_SA_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[SIPSEC_A_SA_PORT] = { .type = NLA_U16, },
	[SIPSEC_A_SA_DIRECTION] = NLA_POLICY_MAX(NLA_U8, 1),
	[SIPSEC_A_SA_ALG] = { .type = NLA_U8, },
	[SIPSEC_A_SA_KEY] = NLA_POLICY_MAX_LEN(SIPSEC_KEY_MAX),
	[SIPSEC_A_SA_WINDOW] = { .type = NLA_U32, },
	[SIPSEC_A_SA_SEQ] = { .type = NLA_U64, },
	[SIPSEC_A_SA_MARK] = { .type = NLA_U32, },
	[SIPSEC_A_SA_SOFT_SECONDS] = { .type = NLA_U64, },
	[SIPSEC_A_SA_HARD_SECONDS] = { .type = NLA_U64, },
	[SIPSEC_A_SA_SOFT_MESSAGES] = { .type = NLA_U64, },
	[SIPSEC_A_SA_HARD_MESSAGES] = { .type = NLA_U64, },
	[SIPSEC_A_SA_BUDGET] = { .type = NLA_U32, },
	[SIPSEC_A_SA_COMPACT] = NLA_POLICY_MAX(NLA_U8, 1),
	[SIPSEC_A_SA_KEY_ID] = { .type = NLA_U64, },
	[SIPSEC_A_SA_AGE] = { .type = NLA_U64, },
	[SIPSEC_A_SA_EXPIRED] = { .type = NLA_FLAG, },
	[SIPSEC_A_SA_MESSAGES] = { .type = NLA_U64, },
	[SIPSEC_A_SA_OCTETS] = { .type = NLA_U64, },
	[SIPSEC_A_SA_COUNTERS] = NLA_POLICY_NESTED(sipsec_counters_nl_policy),
	[SIPSEC_A_SA_STATE] = NLA_POLICY_MAX(NLA_U8, 2),
	[SIPSEC_A_SA_IMPI] = { .type = NLA_NUL_STRING, .len = SIPSEC_IDENTITY_MAX, },
	[SIPSEC_A_SA_IMPU] = { .type = NLA_STRING, .len = SIPSEC_IDENTITY_MAX, },
	[SIPSEC_A_SA_PAIR] = { .type = NLA_U32, },
	[SIPSEC_A_SA_DRAIN] = { .type = NLA_U32, },
	[SIPSEC_A_SA_TEMPORARY_SECONDS] = { .type = NLA_U32, },
};

/* Global operation policy for sipsec */
const struct nla_policy sipsec_msg_nl_policy[SIPSEC_A_PARTNER + 1] = {
	[SIPSEC_A_SA] = NLA_POLICY_NESTED(sipsec_sa_nl_policy),
	[SIPSEC_A_LISTENER] = NLA_POLICY_NESTED(sipsec_listener_nl_policy),
	[SIPSEC_A_PARTNER] = NLA_POLICY_NESTED(sipsec_sa_nl_policy),
};

/* Ops table for sipsec */
const struct genl_small_ops sipsec_nl_ops[14] = {
	{
		.cmd	= SIPSEC_CMD_SA_ADD,
		.doit	= sipsec_nl_sa_add_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= SIPSEC_CMD_SA_REPLACE,
		.doit	= sipsec_nl_sa_replace_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= SIPSEC_CMD_SA_SET,
		.doit	= sipsec_nl_sa_set_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= SIPSEC_CMD_SA_DEL,
		.doit	= sipsec_nl_sa_del_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= SIPSEC_CMD_SA_GET,
		.doit	= sipsec_nl_sa_get_doit,
		.dumpit	= sipsec_nl_sa_get_dumpit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= SIPSEC_CMD_SA_FLUSH,
		.doit	= sipsec_nl_sa_flush_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= SIPSEC_CMD_LISTENER_ADD,
		.doit	= sipsec_nl_listener_add_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= SIPSEC_CMD_LISTENER_SET,
		.doit	= sipsec_nl_listener_set_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= SIPSEC_CMD_LISTENER_DEL,
		.doit	= sipsec_nl_listener_del_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= SIPSEC_CMD_LISTENER_GET,
		.doit	= sipsec_nl_listener_get_doit,
		.dumpit	= sipsec_nl_listener_get_dumpit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= SIPSEC_CMD_STATS_GET,
		.doit	= sipsec_nl_stats_get_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= SIPSEC_CMD_INFO_GET,
		.doit	= sipsec_nl_info_get_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= SIPSEC_CMD_KEY_ID,
		.doit	= sipsec_nl_key_id_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= SIPSEC_CMD_LISTENER_REPLACE,
		.doit	= sipsec_nl_listener_replace_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
};
