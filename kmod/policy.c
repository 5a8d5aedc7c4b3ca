// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include <linux/sipsec.h>

#include "core/dialog.h"
#include "listener.h"
#include "policy.h"

/* Keepalives have one bucket a listener, this many times its rate. */
#define KEEPALIVE_FACTOR	1000

static bool is_uplink(const struct sipsec_listener *l)
{
	return l->conf.direction == SIPSEC_DIRECTION_UPLINK;
}

static bool take(struct sipsec_buckets *b, const struct sipsec_listener *l,
		 const struct sipsec_endpoint *src)
{
	return sipsec_buckets_take(b, src, READ_ONCE(l->conf.rate), ktime_get_ns());
}

/*
 * At a UE: its SA is gone at the P-CSCF, which says so to what it could not verify and
 * has nothing to sign it with.
 */
static bool is_lost_agreement(struct sipsec_listener *l, const u8 *buf,
			      const struct sipsec_msg *msg, const struct sipsec_endpoint *src)
{
	return sipsec_msg_wants_agreement(msg) &&
	       sipsec_request_known(&l->signed_ones,
				    sipsec_request_id(&l->signed_ones, buf, msg, src),
				    ktime_get_boottime_seconds());
}

/*
 * Clause 10, preset ims: what a UE without a valid IK must be able to say, and
 * to be told.
 */
static bool ims_accepts(struct sipsec_listener *l, const u8 *buf, const struct sipsec_msg *msg,
			const struct sipsec_endpoint *src)
{
	if (is_uplink(l))
		return sipsec_msg_is_register(buf, msg);
	if (sipsec_msg_is_register_refusal(buf, msg) &&
	    sipsec_request_known(&l->requests,
				 sipsec_request_id(&l->requests, buf, msg, NULL),
				 ktime_get_boottime_seconds()))
		return true;
	return is_lost_agreement(l, buf, msg, src);
}

static bool preset_accepts(struct sipsec_listener *l, const u8 *buf, const struct sipsec_msg *msg,
			   const struct sipsec_endpoint *src)
{
	switch (READ_ONCE(l->conf.preset)) {
	case SIPSEC_PRESET_OPEN:
		return true;
	case SIPSEC_PRESET_IMS:
		return ims_accepts(l, buf, msg, src);
	default:
		return false;
	}
}

static bool is_emergency(struct sipsec_listener *l, bool from_ue, const struct in6_addr *peer,
			 const u8 *buf, const struct sipsec_msg *msg, struct sipsec_emergency *m)
{
	return READ_ONCE(l->conf.preset) != SIPSEC_PRESET_STRICT &&
	       sipsec_emergency_read(&l->emergencies, from_ue, peer, buf, msg, m) &&
	       sipsec_emergency_known(&l->emergencies, m, ktime_get_boottime_seconds());
}

/*
 * The action `answer`.  Where there is nothing to answer the proxy would not answer but
 * act: what makes a response another's is its Via, which many have read.
 */
static bool answers(struct sipsec_listener *l, const u8 *buf, u32 len,
		    const struct sipsec_endpoint *src, bool *limited)
{
	if (!buf || !sipsec_can_be_answered(buf, len))
		return false;
	*limited = !take(&l->buckets, l, src);
	return true;
}

/* Unprotected messages; the action is for what the preset does not accept. */
static bool decide_unprotected(struct sipsec_listener *l, enum sipsec_class *class, const u8 *buf,
			       u32 len, const struct sipsec_msg *msg,
			       const struct sipsec_endpoint *src, bool *limited)
{
	time64_t now = ktime_get_boottime_seconds();
	struct sipsec_emergency m;

	if (is_emergency(l, is_uplink(l), &src->addr, buf, msg, &m)) {
		*class = SIPSEC_CLASS_EMERGENCY;
		if (READ_ONCE(l->conf.action[*class]) == SIPSEC_ACTION_DROP)
			return false;
		*limited = !take(&l->emergency_buckets, l, src) ||
			   !sipsec_emergency_pass(&l->emergencies, &m, now);
		return true;
	}
	if (preset_accepts(l, buf, msg, src)) {
		*limited = !take(&l->buckets, l, src);
		return true;
	}
	if (READ_ONCE(l->conf.action[*class]) == SIPSEC_ACTION_DROP)
		return false;
	return answers(l, buf, len, src, limited);
}

static bool decide_action(struct sipsec_listener *l, enum sipsec_class class, const u8 *buf,
			  u32 len, const struct sipsec_endpoint *src, bool *limited)
{
	u32 rate = READ_ONCE(l->conf.rate);

	switch (READ_ONCE(l->conf.action[class])) {
	case SIPSEC_ACTION_DROP:
		return false;
	case SIPSEC_ACTION_ANSWER:
		return answers(l, buf, len, src, limited);
	default:
		if (class == SIPSEC_CLASS_KEEPALIVE)
			*limited = !sipsec_bucket_take(&l->keepalives, rate * KEEPALIVE_FACTOR,
						       ktime_get_ns());
		return true;
	}
}

static bool decide(struct sipsec_listener *l, enum sipsec_class *class, const u8 *buf, u32 len,
		   const struct sipsec_msg *msg, const struct sipsec_endpoint *src)
{
	bool limited = false;
	bool accept;

	if (*class == SIPSEC_CLASS_UNPROTECTED)
		accept = decide_unprotected(l, class, buf, len, msg, src, &limited);
	else
		accept = decide_action(l, *class, buf, len, src, &limited);
	if (!accept || !limited)
		return accept;
	*class = SIPSEC_CLASS_RATELIMITED;
	return READ_ONCE(l->conf.action[SIPSEC_CLASS_RATELIMITED]) == SIPSEC_ACTION_ACCEPT;
}

/* A proxy that trusts annotations is not given what none can be written into, or wiped off. */
static bool beyond_annotation(const struct sipsec_listener *l, enum sipsec_class class)
{
	return (class == SIPSEC_CLASS_MALFORMED || class == SIPSEC_CLASS_COMPRESSED) &&
	       rcu_access_pointer(l->annotation);
}

/* A request of which the header was read, and that has not verified. */
static bool is_unverified_request(enum sipsec_class class, const struct sipsec_msg *msg)
{
	switch (class) {
	case SIPSEC_CLASS_KEEPALIVE:
	case SIPSEC_CLASS_VERIFIED:
	case SIPSEC_CLASS_TRANSPORT:
	case SIPSEC_CLASS_COMPRESSED:
	case SIPSEC_CLASS_MALFORMED:
		return false;
	default:
		return msg->request;
	}
}

/*
 * What has not verified is answered to where it comes from, or not at all: its sender says
 * in Via where else a response goes, and it could come to a UE, with that UE's MAC.
 */
static bool is_answered_elsewhere(const struct sipsec_listener *l, enum sipsec_class class,
				  const u8 *buf, const struct sipsec_msg *msg)
{
	return is_uplink(l) && is_unverified_request(class, msg) &&
	       sipsec_msg_via_leads_away(buf, msg);
}

static bool passes(struct sipsec_listener *l, enum sipsec_class *class, const u8 *buf, u32 len,
		   const struct sipsec_msg *msg, const struct sipsec_endpoint *src)
{
	enum sipsec_class found = *class;
	bool accept;

	if (beyond_annotation(l, *class))
		return false;
	accept = decide(l, class, buf, len, msg, src);
	if (!accept && !READ_ONCE(l->conf.monitor))
		return false;
	/* last, for it takes a while */
	if (is_answered_elsewhere(l, found, buf, msg)) {
		*class = found;
		return false;
	}
	if (!accept)
		sipsec_classes_inc(l->classes, SIPSEC_WOULD_DROP);
	return true;
}

/*
 * A P-CSCF hands on what has not verified.  Who sent it may have read of another UE's
 * transaction, and named that and the UE's address: a refusal must not come to that UE
 * with a MAC.  found is the class before the policy made another of it.
 */
static void remember_unverified(struct sipsec_listener *l, enum sipsec_class found,
				const u8 *buf, const struct sipsec_msg *msg,
				const struct sipsec_endpoint *src)
{
	if (found == SIPSEC_CLASS_COMPRESSED || found == SIPSEC_CLASS_MALFORMED)
		msg = NULL;
	else if (!is_unverified_request(found, msg))
		return;
	sipsec_request_add(&l->requests,
			   sipsec_request_id_from(&l->requests, buf, msg, &src->addr),
			   ktime_get_boottime_seconds());
}

bool sipsec_policy_accepts(struct sipsec_listener *l, enum sipsec_class *class, const u8 *buf,
			   u32 len, const struct sipsec_msg *msg,
			   const struct sipsec_endpoint *src)
{
	enum sipsec_class found = *class;

	if (!passes(l, class, buf, len, msg, src))
		return false;
	/* An emergency session has a memory of its own. */
	if (is_uplink(l) && *class != SIPSEC_CLASS_EMERGENCY)
		remember_unverified(l, found, buf, msg, src);
	return true;
}

static bool is_unverified(struct sipsec_listener *l, const u8 *buf, const struct sipsec_msg *msg,
			  const struct sipsec_endpoint *dst, time64_t now)
{
	return sipsec_request_known(&l->requests,
				    sipsec_request_id_from(&l->requests, buf, msg, &dst->addr),
				    now);
}

bool sipsec_policy_goes_bare(struct sipsec_listener *l, const u8 *buf,
			     const struct sipsec_msg *msg, const struct sipsec_endpoint *dst)
{
	time64_t now = ktime_get_boottime_seconds();
	struct sipsec_emergency m;

	if (is_emergency(l, !is_uplink(l), &dst->addr, buf, msg, &m) && !m.begins)
		return sipsec_emergency_pass(&l->emergencies, &m, now);
	if (!is_uplink(l) || !(sipsec_msg_is_refusal(msg) ||
			       sipsec_msg_is_register_refusal(buf, msg)))
		return false;
	return is_unverified(l, buf, msg, dst, now) || is_unverified(l, buf, NULL, dst, now);
}

bool sipsec_policy_may_go_bare(const struct sipsec_listener *l, const u8 *buf,
			       const struct sipsec_msg *msg)
{
	return !is_uplink(l) && READ_ONCE(l->conf.preset) != SIPSEC_PRESET_STRICT &&
	       sipsec_msg_is_emergency(buf, msg);
}

void sipsec_policy_went_bare(struct sipsec_listener *l, const u8 *buf,
			     const struct sipsec_msg *msg, const struct sipsec_endpoint *dst)
{
	time64_t now = ktime_get_boottime_seconds();
	struct sipsec_emergency m;

	if (is_uplink(l))
		return;
	if (sipsec_msg_is_register(buf, msg))
		sipsec_request_add(&l->requests,
				   sipsec_request_id(&l->requests, buf, msg, NULL), now);
	else if (is_emergency(l, true, &dst->addr, buf, msg, &m) && m.begins)
		sipsec_emergency_pass(&l->emergencies, &m, now);
}

void sipsec_policy_went_signed(struct sipsec_listener *l, const u8 *buf,
			       const struct sipsec_msg *msg, const struct sipsec_endpoint *dst)
{
	if (is_uplink(l) || !msg->request || READ_ONCE(l->conf.preset) != SIPSEC_PRESET_IMS)
		return;
	sipsec_request_add(&l->signed_ones, sipsec_request_id(&l->signed_ones, buf, msg, dst),
			   ktime_get_boottime_seconds());
}
