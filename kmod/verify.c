// SPDX-License-Identifier: GPL-2.0
#include <crypto/utils.h>
#include <linux/ktime.h>

#include "core/annotate.h"
#include "core/integrity.h"
#include "core/limits.h"
#include "events.h"
#include "lifetime.h"
#include "listener.h"
#include "mac.h"
#include "net.h"
#include "pair.h"
#include "sa.h"
#include "sa_table.h"
#include "verify.h"

/* An SA that was found can be replaced before its MAC is computed; not again and again. */
#define MAX_TRIES	4

/* Malformed as seen once the SA is known (clauses 5 and 8). */
static enum sipsec_why check_values(const struct sipsec_sa *sa, const u8 *buf,
				    const struct sipsec_integrity *f, u8 *mac)
{
	if (f->seq > sipsec_alg_seq_max(sa->alg))
		return SIPSEC_WHY_SEQ;
	if (!sipsec_mac_decode(buf + f->mac_off, f->mac_chars, mac, sa->alg->mac_len))
		return SIPSEC_WHY_MAC_LENGTH;
	return SIPSEC_WHY_OK;
}

/*
 * A hint without sa->lock, under which the binding changes as one; with it, the
 * truth.
 */
static bool mismatch(const struct sipsec_sa *sa, const struct sipsec_listener *l,
		     const struct sipsec_endpoint *src)
{
	return sa->direction != l->conf.direction ||
	       (READ_ONCE(sa->in.bind_addr) &&
		/* see above */
		data_race(!ipv6_addr_equal(&sa->peer.addr, &src->addr))) ||
	       (READ_ONCE(sa->in.bind_port) &&
		/* see above */
		data_race(sa->peer.port != src->port));
}

/* Half a binding is none: it is not refused for what is being changed. */
static bool surely_mismatch(struct sipsec_sa *sa, const struct sipsec_listener *l,
			    const struct sipsec_endpoint *src)
{
	bool is;

	if (likely(!mismatch(sa, l, src)))
		return false;
	spin_lock(&sa->lock);
	is = mismatch(sa, l, src);
	spin_unlock(&sa->lock);
	return is;
}

/* T of clause 4 for a message received. */
static int compute(const struct sipsec_sa *sa, const u8 *buf, u32 len,
		   const struct sipsec_integrity *f, u8 *mac)
{
	u32 behind = f->mac_off + f->mac_chars;
	struct sipsec_text t __uninitialized;

	sipsec_text_init(&t, sa->direction, sa->alg->nr, sa->spi, f->seq);
	sipsec_text_add(&t, buf, f->mac_off);
	sipsec_text_add_placeholder(&t, f->mac_chars);
	sipsec_text_add(&t, buf + behind, len - behind);
	return sipsec_mac(sa->alg, &sa->key, f->seq, &t, mac);
}

static void bad_mac(struct sipsec_sa *sa, const struct sipsec_endpoint *src, time64_t now)
{
	bool spent;

	spin_lock(&sa->lock);
	spent = sipsec_budget_fail(&sa->in.budget, src, now);
	spin_unlock(&sa->lock);
	sipsec_event_datagram(sa, SIPSEC_CLASS_BAD_MAC, src);
	if (spent)
		sipsec_event_datagram(sa, SIPSEC_CLASS_THROTTLED, src);
}

/* Clause 6: what a temporary SA is for. */
static bool too_early(const struct sipsec_sa *sa, const u8 *buf, const struct sipsec_msg *msg)
{
	return sipsec_pair_state(sipsec_sa_pair(sa)) == SIPSEC_SA_STATE_TEMPORARY &&
	       !sipsec_msg_is_registration(buf, msg);
}

/* Clause 11.  Only once the MAC is right: SAs and their identities are told by SPI alone. */
static enum sipsec_why check_identity(const struct sipsec_sa *sa, const struct sipsec_listener *l,
				      const u8 *buf, const struct sipsec_msg *msg)
{
	const struct sipsec_identities *ids;

	if (!READ_ONCE(l->conf.identity))
		return SIPSEC_WHY_OK;
	ids = sipsec_pair_ids(sipsec_sa_pair(sa));
	return ids ? sipsec_identity_check(buf, msg, &ids->set) : SIPSEC_WHY_OK;
}

/* What a message that has verified does to the pair. */
static void tell_pair(struct sipsec_net *sn, const struct sipsec_sa *sa, const u8 *buf,
		      const struct sipsec_msg *msg)
{
	struct sipsec_pair *pair = sipsec_sa_pair(sa);

	if (!pair)
		return;
	if (sa->direction == SIPSEC_DIRECTION_UPLINK)
		sipsec_pair_heard(sn, pair, sipsec_msg_is_register(buf, msg) ?
				  sipsec_register_id(buf, msg) : 0);
	else if (sipsec_msg_is_register_success(buf, msg))
		sipsec_pair_establish(sn, pair);
}

/* A hint that saves the MAC; commit() decides of what it lets pass. */
static bool surely_replay(struct sipsec_sa *sa, u64 seq)
{
	bool ok = sipsec_replay_check(&sa->in.replay, seq);

	/* On 32 bits half of H may be older than the other. */
	if (ok || IS_ENABLED(CONFIG_64BIT))
		return !ok;
	spin_lock(&sa->lock);
	ok = sipsec_replay_check(&sa->in.replay, seq);
	spin_unlock(&sa->lock);
	return !ok;
}

/* The MAC is right: commit, if no one else was faster and nothing has changed. */
static enum sipsec_class commit(struct sipsec_net *sn, struct sipsec_sa *sa,
				const struct sipsec_listener *l, u64 seq, u32 len,
				const struct sipsec_endpoint *src, time64_t now)
{
	enum sipsec_class class = SIPSEC_CLASS_VERIFIED;
	bool tell = false;

	spin_lock(&sa->lock);
	if (sa->dead) {
		class = SIPSEC_CLASS_UNKNOWN_SPI;
	} else if (sipsec_sa_spent(sa, now)) {
		class = SIPSEC_CLASS_EXPIRED;
	} else if (mismatch(sa, l, src)) {
		class = SIPSEC_CLASS_MISMATCH;
	} else if (!sipsec_replay_commit(&sa->in.replay, seq)) {
		class = SIPSEC_CLASS_REPLAY;
	} else {
		sipsec_sa_used(sa, len);
		sipsec_budget_verified(&sa->in.budget, src);
		tell = sipsec_lifetime_crossed(sa);
	}
	spin_unlock(&sa->lock);
	if (tell)
		sipsec_wheel_hurry(sn, sa);
	return class;
}

/* Classes 3 and 6 to 13, which need an SA. */
static enum sipsec_class verify_with(struct sipsec_net *sn, struct sipsec_sa *sa,
				     const struct sipsec_listener *l, const u8 *buf, u32 len,
				     const struct sipsec_endpoint *src, struct sipsec_verdict *v)
{
	const struct sipsec_integrity *f = &v->msg.hop;
	u8 got[SIPSEC_MAX_MAC_LEN], want[SIPSEC_MAX_MAC_LEN];
	time64_t now = ktime_get_boottime_seconds();
	enum sipsec_class class;

	v->why = check_values(sa, buf, f, got);
	if (v->why != SIPSEC_WHY_OK)
		return SIPSEC_CLASS_MALFORMED;
	if (sipsec_sa_spent(sa, now))
		return SIPSEC_CLASS_EXPIRED;
	if (surely_mismatch(sa, l, src) || too_early(sa, buf, &v->msg))
		return SIPSEC_CLASS_MISMATCH;
	if (sipsec_budget_spent(&sa->in.budget, src, now))
		return SIPSEC_CLASS_THROTTLED;
	if (surely_replay(sa, f->seq)) {
		sipsec_event_datagram(sa, SIPSEC_CLASS_REPLAY, src);
		return SIPSEC_CLASS_REPLAY;
	}
	if (compute(sa, buf, len, f, want))
		return SIPSEC_CLASS_NONE;
	if (crypto_memneq(got, want, sa->alg->mac_len)) {
		bad_mac(sa, src, now);
		return SIPSEC_CLASS_BAD_MAC;
	}
	class = commit(sn, sa, l, f->seq, len, src, now);
	if (class == SIPSEC_CLASS_VERIFIED) {
		v->why = check_identity(sa, l, buf, &v->msg);
		if (v->why != SIPSEC_WHY_OK)
			class = SIPSEC_CLASS_IDENTITY;
	}
	if (class == SIPSEC_CLASS_REPLAY || class == SIPSEC_CLASS_IDENTITY)
		sipsec_event_datagram(sa, class, src);
	else if (class == SIPSEC_CLASS_VERIFIED)
		tell_pair(sn, sa, buf, &v->msg);
	return class;
}

/*
 * A field of scope hop cannot carry the word of an annotation (clause 12), for it
 * would be malformed; one of an unknown scope could, and must not.
 */
static bool claims_verdict(const struct sipsec_listener *l, const u8 *buf,
			   const struct sipsec_verdict *v)
{
	const struct sipsec_annotation *a = rcu_dereference(l->annotation);

	if (!a || (v->class != SIPSEC_CLASS_UNPROTECTED && v->class != SIPSEC_CLASS_NONE) ||
	    v->msg.nr_integrity == v->msg.has_hop)
		return false;
	return sipsec_msg_has_word(buf, &v->msg, a->word, a->len);
}

/* With very many SAs none is in the cache: fetched while the header is read. */
struct fetch {
	struct sipsec_net *sn;
	struct rhash_lock_head __rcu *const *bucket;
};

static void fetch_bucket(void *arg, u32 spi)
{
	struct fetch *fetch = arg;

	fetch->bucket = sipsec_sa_fetch_bucket(fetch->sn, spi);
}

static void fetch_sa(void *arg)
{
	const struct fetch *fetch = arg;

	sipsec_sa_fetch(fetch->bucket);
}

void sipsec_verify(struct sipsec_net *sn, const struct sipsec_listener *l, const u8 *buf, u32 len,
		   const struct sipsec_endpoint *src, struct sipsec_verdict *v)
{
	struct fetch fetch = { .sn = sn };
	const struct sipsec_early early = {
		.seen = fetch_bucket,
		.later = fetch_sa,
		.arg = &fetch,
	};
	const struct sipsec_look look = {
		.early = &early,
		.max = READ_ONCE(l->conf.max_size),
		.stun_request = READ_ONCE(l->conf.stun) &&
				l->conf.direction == SIPSEC_DIRECTION_UPLINK,
		.stun_response = READ_ONCE(l->conf.stun) &&
				 l->conf.direction == SIPSEC_DIRECTION_DOWNLINK,
	};
	int i;

	v->sa = NULL;
	v->why = SIPSEC_WHY_OK;
	v->class = sipsec_look(buf, len, &look, &v->msg, &v->why);
	if (claims_verdict(l, buf, v)) {
		v->class = SIPSEC_CLASS_MALFORMED;
		v->why = SIPSEC_WHY_INTEGRITY;
	}
	if (v->class != SIPSEC_CLASS_NONE)
		return;

	v->class = SIPSEC_CLASS_UNKNOWN_SPI;
	if (v->msg.hop.spi <= SIPSEC_SPI_RESERVED)
		return;
	/* Again where the SA was replaced meanwhile: its successor may know it. */
	for (i = 0; i < MAX_TRIES && v->class == SIPSEC_CLASS_UNKNOWN_SPI; i++) {
		v->sa = sipsec_sa_find_in(sn, i ? NULL : fetch.bucket, v->msg.hop.spi);
		if (!v->sa)
			return;
		v->class = verify_with(sn, v->sa, l, buf, len, src, v);
	}
	sipsec_sa_count(v->sa, v->class);
}
