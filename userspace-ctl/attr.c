// SPDX-License-Identifier: GPL-2.0
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "attr.h"
#include "core/class.h"
#include "uapi/linux/sipsec.h"

static const char *const sa_names[] = {
	[SIPSEC_A_SA_TYPE] = "type",
	[SIPSEC_A_SA_SPI] = "spi",
	[SIPSEC_A_SA_ADDR4] = "addr4",
	[SIPSEC_A_SA_ADDR6] = "addr6",
	[SIPSEC_A_SA_PORT] = "port",
	[SIPSEC_A_SA_DIRECTION] = "direction",
	[SIPSEC_A_SA_ALG] = "alg",
	[SIPSEC_A_SA_KEY] = "key",
	[SIPSEC_A_SA_WINDOW] = "window",
	[SIPSEC_A_SA_SEQ] = "seq",
	[SIPSEC_A_SA_MARK] = "mark",
	[SIPSEC_A_SA_SOFT_SECONDS] = "soft-seconds",
	[SIPSEC_A_SA_HARD_SECONDS] = "hard-seconds",
	[SIPSEC_A_SA_SOFT_MESSAGES] = "soft-messages",
	[SIPSEC_A_SA_HARD_MESSAGES] = "hard-messages",
	[SIPSEC_A_SA_BUDGET] = "budget",
	[SIPSEC_A_SA_COMPACT] = "compact",
	[SIPSEC_A_SA_KEY_ID] = "key-id",
	[SIPSEC_A_SA_AGE] = "age",
	[SIPSEC_A_SA_EXPIRED] = "expired",
	[SIPSEC_A_SA_MESSAGES] = "messages",
	[SIPSEC_A_SA_OCTETS] = "octets",
	[SIPSEC_A_SA_COUNTERS] = "counters",
	[SIPSEC_A_SA_STATE] = "state",
	[SIPSEC_A_SA_IMPI] = "impi",
	[SIPSEC_A_SA_IMPU] = "impu",
	[SIPSEC_A_SA_PAIR] = "pair",
	[SIPSEC_A_SA_DRAIN] = "drain",
	[SIPSEC_A_SA_TEMPORARY_SECONDS] = "temporary-seconds",
};

static const char *const listener_names[] = {
	[SIPSEC_A_LISTENER_ADDR4] = "addr4",
	[SIPSEC_A_LISTENER_ADDR6] = "addr6",
	[SIPSEC_A_LISTENER_PORT] = "port",
	[SIPSEC_A_LISTENER_DIRECTION] = "direction",
	[SIPSEC_A_LISTENER_PRESET] = "preset",
	[SIPSEC_A_LISTENER_MAX_SIZE] = "max-size",
	[SIPSEC_A_LISTENER_MARK_MASK] = "mark-mask",
	[SIPSEC_A_LISTENER_STUN] = "stun",
	[SIPSEC_A_LISTENER_RATE] = "rate",
	[SIPSEC_A_LISTENER_ACTIONS] = "actions",
	[SIPSEC_A_LISTENER_COUNTERS] = "counters",
	[SIPSEC_A_LISTENER_MONITOR] = "monitor",
	[SIPSEC_A_LISTENER_ANNOTATE] = "annotate",
	[SIPSEC_A_LISTENER_WORD] = "word",
	[SIPSEC_A_LISTENER_NOTIFY] = "notify",
	[SIPSEC_A_LISTENER_IDENTITY] = "identity",
	[SIPSEC_A_LISTENER_EMERGENCIES] = "emergencies",
};

/* Of the sets counters and actions alike: class's number plus one. */
static const char *const class_names[] = {
#define CLASS_NAME(nr, sym, name, action)	\
	[(nr) + 1] = (name),
	SIPSEC_CLASSES(CLASS_NAME)
};

static const char *const stats_names[] = {
	[SIPSEC_A_STATS_INBOUND] = "inbound",
	[SIPSEC_A_STATS_OUTBOUND] = "outbound",
	[SIPSEC_A_STATS_LISTENERS] = "listeners",
	[SIPSEC_A_STATS_COUNTERS] = "counters",
	[SIPSEC_A_STATS_FRAGMENTS] = "fragments",
	[SIPSEC_A_STATS_MAC_FAILED] = "mac-failed",
	[SIPSEC_A_STATS_SIGNED] = "signed",
	[SIPSEC_A_STATS_STRIPPED] = "stripped",
	[SIPSEC_A_STATS_UNSIGNED] = "unsigned",
	[SIPSEC_A_STATS_TX_MALFORMED] = "tx-malformed",
	[SIPSEC_A_STATS_TX_COMPRESSED] = "tx-compressed",
	[SIPSEC_A_STATS_TX_TOO_BIG] = "tx-too-big",
	[SIPSEC_A_STATS_TX_FAILED] = "tx-failed",
	[SIPSEC_A_STATS_EVENTS_LOST] = "events-lost",
};

static const char *const msg_names[] = {
	[SIPSEC_A_SA] = "sa",
	[SIPSEC_A_LISTENER] = "listener",
	[SIPSEC_A_STATS] = "stats",
	[SIPSEC_A_ALGORITHM] = "algorithm",
	[SIPSEC_A_EVENT] = "event",
	[SIPSEC_A_VERSION] = "version",
	[SIPSEC_A_COUNT] = "count",
	[SIPSEC_A_PARTNER] = "partner",
};

#define MAX(names)	(sizeof(names) / sizeof(*(names)) - 1)

static const struct attr_set class_set = { class_names, MAX(class_names), NULL };

static const struct attr_set *const listener_nests[MAX(listener_names) + 1] = {
	[SIPSEC_A_LISTENER_ACTIONS] = &class_set,
	[SIPSEC_A_LISTENER_COUNTERS] = &class_set,
};

static const struct attr_set *const sa_nests[MAX(sa_names) + 1] = {
	[SIPSEC_A_SA_COUNTERS] = &class_set,
};

static const struct attr_set sa_set = { sa_names, MAX(sa_names), sa_nests };
static const struct attr_set listener_set = {
	listener_names, MAX(listener_names), listener_nests
};

static const struct attr_set *const msg_nests[MAX(msg_names) + 1] = {
	[SIPSEC_A_SA] = &sa_set,
	[SIPSEC_A_LISTENER] = &listener_set,
	[SIPSEC_A_PARTNER] = &sa_set,
};

const struct attr_set attr_stats = { stats_names, MAX(stats_names), NULL };
const struct attr_set attr_msg = { msg_names, MAX(msg_names), msg_nests };

const char *attr_name(const struct attr_set *set, unsigned int nr)
{
	return nr <= set->max && set->names[nr] ? set->names[nr] : "attribute";
}

static const struct attr_set *nest_of(const struct attr_set *set, unsigned int nr)
{
	return set->nests && nr <= set->max ? set->nests[nr] : NULL;
}

/*
 * Walk down to the attribute at offset.  Returns it and the set it belongs to;
 * NULL where no attribute begins there.
 */
static const struct nlattr *find(const struct nlmsghdr *nlh, size_t offset,
				 const struct attr_set **set)
{
	const char *base = (const char *)nlh;
	const char *at = base + NLMSG_HDRLEN + GENL_HDRLEN;
	const char *end = base + nlh->nlmsg_len;

	*set = &attr_msg;
	while (at + sizeof(struct nlattr) <= end) {
		const struct nlattr *a = (const struct nlattr *)at;
		const size_t len = a->nla_len, step = MNL_ALIGN(len);

		if (len < sizeof(*a) || len > (size_t)(end - at))
			return NULL;
		if (at == base + offset)
			return a;
		if (base + offset >= at + len) {
			/* The last attribute may end without its padding. */
			at = step < (size_t)(end - at) ? at + step : end;
			continue;
		}
		*set = nest_of(*set, mnl_attr_get_type(a));
		if (!*set)
			return NULL;
		end = at + len;
		at += sizeof(*a);
	}
	return NULL;
}

const char *attr_name_at(const struct nlmsghdr *nlh, size_t offset)
{
	const struct attr_set *set;
	const struct nlattr *a = find(nlh, offset, &set);

	return a ? attr_name(set, mnl_attr_get_type(a)) : NULL;
}

const char *attr_name_missing(const struct nlmsghdr *nlh, size_t nest, unsigned int nr)
{
	const struct attr_set *set = &attr_msg;
	const struct nlattr *a;

	if (nest) {
		a = find(nlh, nest, &set);
		if (a)
			set = nest_of(set, mnl_attr_get_type(a));
		if (!a || !set)
			return "attribute";
	}
	return attr_name(set, nr);
}
