/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory of requests of the last 64*T1 whose refusals need no protection (clause
 * 10).  REGISTERs that went without it: at a UE those that left, whose refusals may
 * come so; at a P-CSCF those that came, whose refusals have to leave so.  And at a UE
 * what left signed, since a P-CSCF that has lost the SA cannot sign that it has.
 * Bounded, a bounded search, no allocation for a datagram; the oldest gives way.
 */
#ifndef SIPSEC_REQUESTS_H
#define SIPSEC_REQUESTS_H

#include <linux/siphash.h>
#include <linux/types.h>

#include "addr.h"
#include "core/sipmsg.h"

struct sipsec_request_set;

struct sipsec_requests {
	siphash_key_t key;
	struct sipsec_request_set *set;
};

int sipsec_requests_init(struct sipsec_requests *r);
void sipsec_requests_exit(struct sipsec_requests *r);

/*
 * What tells a request, or a response to it: its Call-ID, and with the peer, if
 * that is not NULL.  0: it has no Call-ID.
 */
u64 sipsec_request_id(const struct sipsec_requests *r, const u8 *buf,
		      const struct sipsec_msg *msg, const struct sipsec_endpoint *peer);

/* now: seconds since boot.  From softirq. */
void sipsec_request_add(struct sipsec_requests *r, u64 id, time64_t now);
bool sipsec_request_known(struct sipsec_requests *r, u64 id, time64_t now);

#endif
