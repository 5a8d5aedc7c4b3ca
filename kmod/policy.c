// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include <linux/sipsec.h>

#include "listener.h"
#include "policy.h"

/* Keepalives have one bucket a listener, this many times its rate. */
#define KEEPALIVE_FACTOR	1000

/*
 * Clause 10, preset ims: what a UE without a valid IK must be able to say, and
 * to be told.
 */
static bool ims_accepts(u8 direction, const u8 *buf, const struct sipsec_msg *msg)
{
	if (direction == SIPSEC_DIRECTION_UPLINK)
		return sipsec_msg_is_register(buf, msg);
	return sipsec_msg_is_register_refusal(buf, msg);
}

static bool preset_accepts(const struct sipsec_listener_conf *conf, const u8 *buf,
			   const struct sipsec_msg *msg)
{
	switch (READ_ONCE(conf->preset)) {
	case SIPSEC_PRESET_OPEN:
		return true;
	case SIPSEC_PRESET_IMS:
		return ims_accepts(conf->direction, buf, msg);
	default:
		return false;
	}
}

static bool decide(struct sipsec_listener *l, enum sipsec_class *class, const u8 *buf,
		   const struct sipsec_msg *msg, const struct sipsec_endpoint *src)
{
	u8 action = READ_ONCE(l->conf.action[*class]);
	u32 rate = READ_ONCE(l->conf.rate);
	bool pass;

	/* The action of unprotected is for what the preset does not accept. */
	if (*class == SIPSEC_CLASS_UNPROTECTED && preset_accepts(&l->conf, buf, msg))
		action = SIPSEC_ACTION_ANSWER;
	switch (action) {
	case SIPSEC_ACTION_DROP:
		return false;
	case SIPSEC_ACTION_ANSWER:
		pass = sipsec_buckets_take(&l->buckets, src, rate, ktime_get_ns());
		break;
	default:
		if (*class != SIPSEC_CLASS_KEEPALIVE)
			return true;
		pass = sipsec_bucket_take(&l->keepalives, rate * KEEPALIVE_FACTOR, ktime_get_ns());
		break;
	}
	if (pass)
		return true;
	*class = SIPSEC_CLASS_RATELIMITED;
	return READ_ONCE(l->conf.action[SIPSEC_CLASS_RATELIMITED]) == SIPSEC_ACTION_ACCEPT;
}

/* A proxy that trusts annotations is not given what none can be written into, or wiped off. */
static bool beyond_annotation(const struct sipsec_listener *l, enum sipsec_class class)
{
	return (class == SIPSEC_CLASS_MALFORMED || class == SIPSEC_CLASS_COMPRESSED) &&
	       rcu_access_pointer(l->annotation);
}

bool sipsec_policy_accepts(struct sipsec_listener *l, enum sipsec_class *class, const u8 *buf,
			   const struct sipsec_msg *msg, const struct sipsec_endpoint *src)
{
	if (beyond_annotation(l, *class))
		return false;
	if (decide(l, class, buf, msg, src))
		return true;
	if (!READ_ONCE(l->conf.monitor))
		return false;
	sipsec_classes_inc(l->classes, SIPSEC_WOULD_DROP);
	return true;
}
