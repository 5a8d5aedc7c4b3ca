// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "codec.h"

/*
 * To the kernel
 */

static void put_addr(struct nlmsghdr *nlh, uint16_t attr, const struct addr *a)
{
	mnl_attr_put(nlh, a->len == 4 ? attr : attr + 1, a->len, a->octets);
}

static void put_actions(struct nlmsghdr *nlh, uint16_t attr, const struct actions *a)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, attr);
	unsigned int i;

	for (i = 0; i < SIPSEC_NR_CLASSES; i++)
		if (a->has >> i & 1)
			mnl_attr_put_u8(nlh, i + 1, a->of[i]);
	mnl_attr_nest_end(nlh, nest);
}

static void put_texts(struct nlmsghdr *nlh, uint16_t attr, const struct texts *t)
{
	unsigned int i;

	for (i = 0; t && i < t->nr; i++)
		mnl_attr_put_strz(nlh, attr, t->of[i]);
}

static void put(struct nlmsghdr *nlh, const struct word *w, const void *object)
{
	const void *from = (const char *)object + w->off;
	const struct sa *sa = object;

	switch (w->kind) {
	case WORD_ADDR:
		put_addr(nlh, w->attr, from);
		break;
	case WORD_ACTIONS:
		put_actions(nlh, w->attr, from);
		break;
	case WORD_FILE:
		/* Only SAs have one: what was read from it goes out. */
		mnl_attr_put(nlh, w->attr, sa->key_len, sa->key);
		break;
	case WORD_TOKEN:
		mnl_attr_put_strz(nlh, w->attr, from);
		break;
	case WORD_FLAG:
	case WORD_ID:
	case WORD_TOTAL:
	case WORD_COUNTERS:
	case WORD_ALGS:
	case WORD_TEXTS:
		break;
	case WORD_TEXT:
	case WORD_IDENTITY:
		mnl_attr_put_strz(nlh, w->attr, *(const char *const *)from);
		break;
	case WORD_IMPUS:
		put_texts(nlh, w->attr, *(struct texts *const *)from);
		break;
	default:
		mnl_attr_put(nlh, w->attr, word_size(w), from);
	}
}

void codec_put_members(struct nlmsghdr *nlh, const struct grammar *g, const void *object)
{
	uint64_t done = 0;
	const struct word *w;

	for (w = g->words; w->name; w++) {
		if (!object_has(object, w->attr) || done >> w->attr & 1)
			continue;
		done |= 1ULL << w->attr;
		put(nlh, w, object);
	}
}

void codec_put(struct nlmsghdr *nlh, const struct grammar *g, const void *object)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, g->attr);

	codec_put_members(nlh, g, object);
	mnl_attr_nest_end(nlh, nest);
}

/*
 * From the kernel
 */

uint8_t codec_cmd(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	return genl->cmd;
}

const char *codec_string(const struct nlattr *a)
{
	return mnl_attr_validate(a, MNL_TYPE_NUL_STRING) < 0 ? "?" : mnl_attr_get_str(a);
}

uint64_t codec_u64(const struct nlattr *a)
{
	return mnl_attr_get_payload_len(a) == sizeof(uint64_t) ? mnl_attr_get_u64(a) : 0;
}

const struct nlattr *codec_find(const struct nlmsghdr *nlh, unsigned int attr)
{
	const struct nlattr *a;

	mnl_attr_for_each(a, nlh, GENL_HDRLEN)
		if (mnl_attr_get_type(a) == attr)
			return a;
	return NULL;
}

static bool get_addr(const struct nlattr *a, struct addr *addr)
{
	const size_t len = mnl_attr_get_payload_len(a);

	if (len != 4 && len != 16)
		return false;
	memset(addr, 0, sizeof(*addr));
	addr->len = len;
	memcpy(addr->octets, mnl_attr_get_payload(a), len);
	return true;
}

static void get_actions(const struct nlattr *nest, struct actions *actions)
{
	const struct nlattr *a;

	mnl_attr_for_each_nested(a, nest) {
		const unsigned int class = mnl_attr_get_type(a) - 1;

		if (class >= SIPSEC_NR_CLASSES || mnl_attr_get_payload_len(a) != 1)
			continue;
		actions->has |= 1U << class;
		actions->of[class] = mnl_attr_get_u8(a);
	}
}

void codec_get_counters(const struct nlattr *nest, struct counters *counters)
{
	const struct nlattr *a;

	memset(counters, 0, sizeof(*counters));
	mnl_attr_for_each_nested(a, nest) {
		const unsigned int class = mnl_attr_get_type(a) - 1;

		if (class < SIPSEC_NR_CLASSES)
			counters->of[class] = codec_u64(a);
		if (mnl_attr_get_type(a) != SIPSEC_A_COUNT_WOULD_DROP)
			continue;
		counters->would_drop = codec_u64(a);
		counters->has_would_drop = true;
	}
}

static bool get_text(const struct nlattr *a, struct texts *t)
{
	if (!t || t->nr == WORD_MAX_TEXTS || mnl_attr_validate(a, MNL_TYPE_NUL_STRING) < 0)
		return false;
	t->of[t->nr++] = mnl_attr_get_str(a);
	return true;
}

static bool get(const struct nlattr *a, const struct word *w, void *object)
{
	void *to = (char *)object + w->off;
	struct counters *counters;
	size_t len;

	switch (w->kind) {
	case WORD_ADDR:
		return get_addr(a, to);
	case WORD_ACTIONS:
		get_actions(a, to);
		return true;
	case WORD_FILE:
	case WORD_ALGS:
	case WORD_TEXTS:
		return false;
	case WORD_TEXT:
	case WORD_IDENTITY:
		if (mnl_attr_validate(a, MNL_TYPE_NUL_STRING) < 0)
			return false;
		*(const char **)to = mnl_attr_get_str(a);
		return true;
	case WORD_IMPUS:
		return get_text(a, *(struct texts **)to);
	case WORD_TOKEN:
		len = mnl_attr_get_payload_len(a);
		if (!len || len > word_size(w) || mnl_attr_validate(a, MNL_TYPE_NUL_STRING) < 0)
			return false;
		memcpy(to, mnl_attr_get_payload(a), len);
		return true;
	case WORD_FLAG:
		*(uint8_t *)to = 1;
		return true;
	case WORD_COUNTERS:
		counters = *(struct counters **)to;
		if (counters)
			codec_get_counters(a, counters);
		return counters;
	default:
		if (mnl_attr_get_payload_len(a) != word_size(w))
			return false;
		memcpy(to, mnl_attr_get_payload(a), word_size(w));
		return true;
	}
}

static const struct word *word_of(const struct grammar *g, unsigned int attr)
{
	const struct word *w;

	for (w = g->words; w->name; w++)
		if (w->attr == attr || (w->kind == WORD_ADDR && w->attr + 1U == attr))
			return w;
	return NULL;
}

void codec_get(const struct nlattr *nest, const struct grammar *g, void *object)
{
	const struct nlattr *a;

	mnl_attr_for_each_nested(a, nest) {
		const struct word *w = word_of(g, mnl_attr_get_type(a));

		if (w && get(a, w, object))
			object_set(object, w->attr);
	}
}

uint64_t codec_get_stats(const struct nlattr *nest, uint64_t values[CODEC_STATS_MAX],
			 struct counters *counters)
{
	const struct nlattr *a;
	uint64_t has = 0;

	memset(counters, 0, sizeof(*counters));
	mnl_attr_for_each_nested(a, nest) {
		const unsigned int nr = mnl_attr_get_type(a);

		if (nr == SIPSEC_A_STATS_COUNTERS) {
			codec_get_counters(a, counters);
		} else if (nr < CODEC_STATS_MAX && nr != SIPSEC_A_STATS_PAD) {
			values[nr] = codec_u64(a);
			has |= 1ULL << nr;
		}
	}
	return has;
}

void codec_get_alg(const struct nlattr *nest, struct codec_alg *alg)
{
	const struct nlattr *a;

	memset(alg, 0, sizeof(*alg));
	mnl_attr_for_each_nested(a, nest) {
		switch (mnl_attr_get_type(a)) {
		case SIPSEC_A_ALG_NR:
			if (mnl_attr_get_payload_len(a) == 1)
				alg->nr = mnl_attr_get_u8(a);
			break;
		case SIPSEC_A_ALG_DRIVER:
			alg->driver = codec_string(a);
			break;
		case SIPSEC_A_ALG_DISABLED:
			alg->disabled = 1;
			break;
		}
	}
}

void codec_get_event(const struct nlattr *nest, struct codec_event *event)
{
	const struct nlattr *a;
	bool ok;

	memset(event, 0, sizeof(*event));
	mnl_attr_for_each_nested(a, nest) {
		unsigned int nr = mnl_attr_get_type(a);

		ok = true;
		switch (nr) {
		case SIPSEC_A_EVENT_REASON:
			event->reason = mnl_attr_get_u8(a);
			break;
		case SIPSEC_A_EVENT_CLASS:
			event->class = mnl_attr_get_u8(a);
			break;
		case SIPSEC_A_EVENT_ACTION:
			event->action = mnl_attr_get_u8(a);
			break;
		case SIPSEC_A_EVENT_ADDR4:
		case SIPSEC_A_EVENT_ADDR6:
			ok = get_addr(a, &event->addr);
			nr = SIPSEC_A_EVENT_ADDR4;
			break;
		case SIPSEC_A_EVENT_PORT:
			event->port = mnl_attr_get_u16(a);
			break;
		case SIPSEC_A_EVENT_LOST:
			event->lost = codec_u64(a);
			break;
		default:
			ok = false;
		}
		if (ok)
			event->has |= 1ULL << nr;
	}
}
