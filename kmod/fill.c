// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>
#include <net/netlink.h>
#include <linux/sipsec.h>

#include "fill.h"
#include "listener.h"
#include "net.h"
#include "pair.h"
#include "sa.h"

/* A class's counter and action have the number of the class plus one. */
#define WRONG_ATTRS(nr, sym, name, action)	\
	|| SIPSEC_A_COUNT_##sym != (nr) + 1 || SIPSEC_A_ACTION_##sym != (nr) + 1
static_assert(!(false SIPSEC_CLASSES(WRONG_ATTRS)));
static_assert((int)SIPSEC_NR_CLASSES < (int)SIPSEC_A_COUNT_WOULD_DROP);
static_assert(SIPSEC_MAX_WORD == SIPSEC_WORD_MAX);

int sipsec_fill_endpoint(struct sk_buff *skb, const struct sipsec_endpoint *e,
			 int addr4, int addr6, int port)
{
	if (sipsec_endpoint_is4(e) ? nla_put_be32(skb, addr4, e->addr.s6_addr32[3]) :
				     nla_put_in6_addr(skb, addr6, &e->addr))
		return -EMSGSIZE;
	return e->port ? nla_put_u16(skb, port, ntohs(e->port)) : 0;
}

int sipsec_fill_counters(struct sk_buff *skb, int attr, const u64 count[SIPSEC_NR_COUNTS])
{
	struct nlattr *nest = nla_nest_start(skb, attr);
	int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < SIPSEC_NR_CLASSES; i++)
		if (nla_put_u64_64bit(skb, i + 1, count[i], SIPSEC_A_COUNT_PAD))
			return -EMSGSIZE;
	if (nla_put_u64_64bit(skb, SIPSEC_A_COUNT_WOULD_DROP, count[SIPSEC_WOULD_DROP],
			      SIPSEC_A_COUNT_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* What was copied from an SA under its lock. */
struct snapshot {
	struct sipsec_life life;
	u64 messages;
	u64 octets;
	u64 seq;
	bool expired;
	bool has_addr;
	struct sipsec_endpoint peer;
	u32 budget;
};

static void take_snapshot(struct sipsec_sa *sa, struct snapshot *s)
{
	spin_lock_bh(&sa->lock);
	s->life = sa->life;
	s->messages = sa->messages;
	s->octets = sa->octets;
	s->expired = sipsec_sa_spent(sa, ktime_get_boottime_seconds());
	s->peer = sa->peer;
	if (sa->type == SIPSEC_SA_INBOUND) {
		s->seq = sa->in.replay.high;
		s->has_addr = sa->in.bind_addr;
		s->budget = sa->in.budget.limit;
	} else {
		s->seq = sa->out.next_seq;
		s->has_addr = true;
	}
	spin_unlock_bh(&sa->lock);
}

static int fill_counts(struct sk_buff *skb, const struct sipsec_sa *sa)
{
	struct nlattr *nest = nla_nest_start(skb, SIPSEC_A_SA_COUNTERS);
	enum sipsec_class class;
	u64 n;

	if (!nest)
		return -EMSGSIZE;
	/* Only those that have counted, so that a dump stays small. */
	for (class = 0; class < SIPSEC_NR_CLASSES; class++) {
		n = sipsec_sa_counted(sa, class);
		if (n && nla_put_u64_64bit(skb, class + 1, n, SIPSEC_A_COUNT_PAD))
			return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int put_u64(struct sk_buff *skb, int attr, u64 n)
{
	return nla_put_u64_64bit(skb, attr, n, SIPSEC_A_SA_PAD);
}

/* Lifetimes that are set. */
static int put_life(struct sk_buff *skb, int attr, u64 n)
{
	return n ? put_u64(skb, attr, n) : 0;
}

static int put_identity(struct sk_buff *skb, int attr, const struct sipsec_str *name)
{
	struct nlattr *nla = nla_reserve(skb, attr, name->len + 1);

	if (!nla)
		return -EMSGSIZE;
	memcpy(nla_data(nla), name->at, name->len);
	((u8 *)nla_data(nla))[name->len] = 0;
	return 0;
}

static int fill_pair(struct sk_buff *skb, const struct sipsec_sa *sa)
{
	const struct sipsec_pair *pair = sipsec_sa_pair(sa);
	const struct sipsec_identities *ids = sipsec_pair_own_ids(sa->net, pair);
	const struct sipsec_sa *partner = pair ? pair->sa[!sa->type] : NULL;
	u32 i;

	if (nla_put_u8(skb, SIPSEC_A_SA_STATE, sipsec_pair_state(pair)))
		return -EMSGSIZE;
	if (!pair)
		return 0;
	if ((partner && nla_put_u32(skb, SIPSEC_A_SA_PAIR, partner->spi)) ||
	    nla_put_u32(skb, SIPSEC_A_SA_DRAIN, pair->drain) ||
	    nla_put_u32(skb, SIPSEC_A_SA_TEMPORARY_SECONDS, pair->temporary_seconds))
		return -EMSGSIZE;
	if (!ids)
		return 0;
	if (ids->set.impi.len && put_identity(skb, SIPSEC_A_SA_IMPI, &ids->set.impi))
		return -EMSGSIZE;
	for (i = 0; i < ids->set.nr; i++)
		if (put_identity(skb, SIPSEC_A_SA_IMPU, &ids->set.impu[i]))
			return -EMSGSIZE;
	return 0;
}

int sipsec_fill_sa(struct sk_buff *skb, struct sipsec_sa *sa)
{
	struct nlattr *nest = nla_nest_start(skb, SIPSEC_A_SA);
	struct snapshot s;

	if (!nest)
		return -EMSGSIZE;
	take_snapshot(sa, &s);
	if (nla_put_u8(skb, SIPSEC_A_SA_TYPE, sa->type) ||
	    nla_put_u32(skb, SIPSEC_A_SA_SPI, sa->spi) ||
	    nla_put_u8(skb, SIPSEC_A_SA_DIRECTION, sa->direction) ||
	    nla_put_u8(skb, SIPSEC_A_SA_ALG, sa->alg->nr) ||
	    (s.has_addr && sipsec_fill_endpoint(skb, &s.peer, SIPSEC_A_SA_ADDR4,
						SIPSEC_A_SA_ADDR6, SIPSEC_A_SA_PORT)) ||
	    put_u64(skb, SIPSEC_A_SA_SEQ, s.seq) ||
	    put_life(skb, SIPSEC_A_SA_SOFT_SECONDS, s.life.soft_seconds) ||
	    put_life(skb, SIPSEC_A_SA_HARD_SECONDS, s.life.hard_seconds) ||
	    put_life(skb, SIPSEC_A_SA_SOFT_MESSAGES, s.life.soft_messages) ||
	    put_life(skb, SIPSEC_A_SA_HARD_MESSAGES, s.life.hard_messages) ||
	    put_u64(skb, SIPSEC_A_SA_KEY_ID, sa->key_id) ||
	    put_u64(skb, SIPSEC_A_SA_AGE, ktime_get_boottime_seconds() - sa->created) ||
	    (s.expired && nla_put_flag(skb, SIPSEC_A_SA_EXPIRED)) ||
	    put_u64(skb, SIPSEC_A_SA_MESSAGES, s.messages) ||
	    put_u64(skb, SIPSEC_A_SA_OCTETS, s.octets))
		return -EMSGSIZE;
	if (sa->type == SIPSEC_SA_INBOUND) {
		if (nla_put_u32(skb, SIPSEC_A_SA_WINDOW, sa->in.replay.window) ||
		    nla_put_u32(skb, SIPSEC_A_SA_BUDGET, s.budget) ||
		    fill_counts(skb, sa))
			return -EMSGSIZE;
	} else {
		if ((sa->out.mark && nla_put_u32(skb, SIPSEC_A_SA_MARK, sa->out.mark)) ||
		    (sa->out.compact && nla_put_u8(skb, SIPSEC_A_SA_COMPACT, 1)))
			return -EMSGSIZE;
	}
	if (fill_pair(skb, sa))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int sipsec_fill_sa_name(struct sk_buff *skb, const struct sipsec_sa *sa)
{
	struct nlattr *nest = nla_nest_start(skb, SIPSEC_A_SA);

	if (!nest ||
	    nla_put_u8(skb, SIPSEC_A_SA_TYPE, sa->type) ||
	    nla_put_u32(skb, SIPSEC_A_SA_SPI, sa->spi))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int fill_actions(struct sk_buff *skb, const struct sipsec_listener_conf *conf)
{
	struct nlattr *nest = nla_nest_start(skb, SIPSEC_A_LISTENER_ACTIONS);
	enum sipsec_class class;

	if (!nest)
		return -EMSGSIZE;
	for (class = 0; class < SIPSEC_NR_CLASSES; class++)
		if (nla_put_u8(skb, class + 1, conf->action[class]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_name(struct sk_buff *skb, const struct sipsec_listener *l)
{
	return sipsec_fill_endpoint(skb, &l->local, SIPSEC_A_LISTENER_ADDR4,
				    SIPSEC_A_LISTENER_ADDR6, SIPSEC_A_LISTENER_PORT);
}

/* As a string, which it is not here. */
static int put_word(struct sk_buff *skb, const struct sipsec_listener_conf *conf)
{
	char word[SIPSEC_MAX_WORD + 1] = "";

	if (!conf->word_len)
		return 0;
	memcpy(word, conf->word, conf->word_len);
	return nla_put_string(skb, SIPSEC_A_LISTENER_WORD, word);
}

int sipsec_fill_listener(struct sk_buff *skb, const struct sipsec_listener *l)
{
	struct nlattr *nest = nla_nest_start(skb, SIPSEC_A_LISTENER);
	u64 count[SIPSEC_NR_COUNTS] = {};

	if (!nest)
		return -EMSGSIZE;
	sipsec_classes_add(l->classes, count);
	if (put_name(skb, l) ||
	    nla_put_u8(skb, SIPSEC_A_LISTENER_DIRECTION, l->conf.direction) ||
	    nla_put_u8(skb, SIPSEC_A_LISTENER_PRESET, l->conf.preset) ||
	    nla_put_u32(skb, SIPSEC_A_LISTENER_MAX_SIZE, l->conf.max_size) ||
	    nla_put_u32(skb, SIPSEC_A_LISTENER_MARK_MASK, l->conf.mark_mask) ||
	    nla_put_u8(skb, SIPSEC_A_LISTENER_STUN, l->conf.stun) ||
	    nla_put_u8(skb, SIPSEC_A_LISTENER_IDENTITY, l->conf.identity) ||
	    nla_put_u32(skb, SIPSEC_A_LISTENER_RATE, l->conf.rate) ||
	    nla_put_u8(skb, SIPSEC_A_LISTENER_MONITOR, l->conf.monitor) ||
	    nla_put_u8(skb, SIPSEC_A_LISTENER_ANNOTATE, l->conf.annotate) ||
	    put_word(skb, &l->conf) ||
	    nla_put_u8(skb, SIPSEC_A_LISTENER_NOTIFY, l->conf.notify) ||
	    nla_put_u32(skb, SIPSEC_A_LISTENER_EMERGENCIES, l->conf.emergencies) ||
	    fill_actions(skb, &l->conf) ||
	    sipsec_fill_counters(skb, SIPSEC_A_LISTENER_COUNTERS, count))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int sipsec_fill_listener_name(struct sk_buff *skb, const struct sipsec_listener *l)
{
	struct nlattr *nest = nla_nest_start(skb, SIPSEC_A_LISTENER);

	if (!nest || put_name(skb, l))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}
