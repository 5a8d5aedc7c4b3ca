/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory of requests of the last 64*T1 whose refusals need no protection (clause
 * 10).  At a UE REGISTERs that left without it, whose refusals may come so, and what
 * left signed, since a P-CSCF that has lost the SA cannot sign that it has.  At a P-CSCF
 * what was handed on although it had not verified, whose refusals have to leave so.
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

/* What a REGISTER and all responses to it have in common, Call-ID and CSeq's number; not 0. */
u32 sipsec_register_id(const u8 *buf, const struct sipsec_msg *msg);

/*
 * At a P-CSCF, what tells a request from this address and the responses to it: of a
 * REGISTER its Call-ID, of any other its CSeq as well; the address alone where msg is
 * NULL, since of the message nothing is sure.  Never 0.
 */
u64 sipsec_request_id_from(const struct sipsec_requests *r, const u8 *buf,
			   const struct sipsec_msg *msg, const struct in6_addr *addr);

/* now: seconds since boot.  From softirq. */
void sipsec_request_add(struct sipsec_requests *r, u64 id, time64_t now);
bool sipsec_request_known(struct sipsec_requests *r, u64 id, time64_t now);

#endif
