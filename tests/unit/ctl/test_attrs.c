// SPDX-License-Identifier: GPL-2.0
/* Where an extended ACK points, by name; and objects through attributes. */
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "attr.h"
#include "codec.h"
#include "tap.h"
#include "tests.h"

static union {
	struct nlmsghdr nlh;
	char octets[4096];
} buf;

static struct nlmsghdr *begin(void)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf.octets);

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	return nlh;
}

static size_t offset(const struct nlattr *a)
{
	return (const char *)a - buf.octets;
}

static void names(void)
{
	struct listener l = { .port = 5060, .addr = { .len = 16 } };
	struct nlmsghdr *nlh = begin();
	const struct nlattr *top, *a, *b;
	bool all = true;
	size_t i;

	l.actions.has = 1 << SIPSEC_CLASS_BAD_MAC | 1 << SIPSEC_CLASS_REPLAY;
	object_set(&l, SIPSEC_A_LISTENER_ADDR4);
	object_set(&l, SIPSEC_A_LISTENER_PORT);
	object_set(&l, SIPSEC_A_LISTENER_ACTIONS);
	codec_put(nlh, &listener_grammar, &l);

	top = codec_find(nlh, SIPSEC_A_LISTENER);
	ok(!strcmp(attr_name_at(nlh, offset(top)), "listener"), "attr: a nest");
	mnl_attr_for_each_nested(a, top) {
		if (mnl_attr_get_type(a) == SIPSEC_A_LISTENER_ADDR6)
			ok(!strcmp(attr_name_at(nlh, offset(a)), "addr6"), "attr: in a nest");
		if (mnl_attr_get_type(a) != SIPSEC_A_LISTENER_ACTIONS)
			continue;
		mnl_attr_for_each_nested(b, a)
			if (mnl_attr_get_type(b) == SIPSEC_CLASS_BAD_MAC + 1)
				ok(!strcmp(attr_name_at(nlh, offset(b)), "bad-mac"),
				   "attr: two nests down");
		ok(!strcmp(attr_name_missing(nlh, offset(a), SIPSEC_CLASS_MISMATCH + 1),
			   "mismatch"), "attr: missing in a nest");
	}
	ok(!strcmp(attr_name_missing(nlh, offset(top), SIPSEC_A_LISTENER_DIRECTION), "direction"),
	   "attr: missing in the listener");
	ok(!strcmp(attr_name_missing(nlh, 0, SIPSEC_A_SA), "sa"), "attr: missing on top");
	ok(!strcmp(attr_name_missing(nlh, 0, 4711), "attribute"), "attr: no such number");
	ok(!attr_name_at(nlh, 3) && !attr_name_at(nlh, 100000), "attr: at no attribute");
	/* Any offset at all, in a message cut anywhere: nothing beyond it is read. */
	for (i = 0; i <= nlh->nlmsg_len + 8; i++)
		attr_name_at(nlh, i);
	ok(all, "attr: at every offset");
}

static void round_trip(void)
{
	static const uint8_t key[32] = { 1, 2, 3 };
	struct texts impus = { 2, { "sip:a@b", "tel:+1" } }, got = { 0 };
	struct sa sa = { .impus = &impus }, back = { .impus = &got };
	struct nlmsghdr *nlh = begin();
	const struct word *w;

	sa.type = SIPSEC_SA_OUTBOUND;
	sa.spi = 0xfedcba98;
	sa.addr.len = 4;
	sa.addr.octets[0] = 192;
	sa.port = 65535;
	sa.direction = SIPSEC_DIRECTION_DOWNLINK;
	sa.alg = 4;
	sa.key = key;
	sa.key_len = sizeof(key);
	sa.seq = 0x123456789abcdef0;
	sa.mark = 0x80000001;
	sa.hard_messages = 1ULL << 40;
	sa.compact = 1;
	sa.state = SIPSEC_SA_STATE_OLD;
	sa.impi = "a@b";
	sa.pair = 0x1000;
	sa.drain = 7;
	for (w = sa_grammar.words; w->name; w++)
		if (w->use[1] & USE_SAVE)
			object_set(&sa, w->attr);
	codec_put(nlh, &sa_grammar, &sa);
	codec_get(codec_find(nlh, SIPSEC_A_SA), &sa_grammar, &back);
	for (w = sa_grammar.words; w->name; w++)
		if (w->use[1] & USE_SAVE && w->kind != WORD_FILE && !word_equal(w, &sa, &back))
			break;
	ok(!w->name, "codec: an SA through attributes and back%s%s", w->name ? ": " : "",
	   w->name ? w->name : "");
}

void test_attrs(void)
{
	names();
	round_trip();
}
