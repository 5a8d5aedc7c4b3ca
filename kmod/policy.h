/* SPDX-License-Identifier: GPL-2.0 */
/* What a listener does with a datagram of a class: clauses 8 and 10. */
#ifndef SIPSEC_POLICY_H
#define SIPSEC_POLICY_H

#include <linux/types.h>

#include "addr.h"
#include "core/class.h"
#include "core/sipmsg.h"

struct sipsec_listener;

/*
 * What is done with a datagram of this class from src: true, it is handed on.
 * buf[0..len) is the payload, or NULL where that could not be read; msg is valid for
 * class unprotected.  *class becomes RATELIMITED where a
 * bucket was empty.  In monitor mode all is handed on, and what would have been
 * dropped is counted, but for what cannot be annotated.  Under RCU, bottom
 * halves off.
 */
bool sipsec_policy_accepts(struct sipsec_listener *l, enum sipsec_class *class, const u8 *buf,
			   u32 len, const struct sipsec_msg *msg,
			   const struct sipsec_endpoint *src);

/*
 * What leaves from a listener to dst, clause 10 seen from the other side.  Before an
 * SA is chosen: is it of an exchange that has begun without protection, an emergency
 * session or a REGISTER that was refused, and so must go on without, since the
 * other side may have no SA?  And may it leave without where no SA may sign?
 * Under RCU, bottom halves off.
 */
bool sipsec_policy_goes_bare(struct sipsec_listener *l, const u8 *buf,
			     const struct sipsec_msg *msg, const struct sipsec_endpoint *dst);
bool sipsec_policy_may_go_bare(const struct sipsec_listener *l, const u8 *buf,
			       const struct sipsec_msg *msg);

/* It leaves unsigned: remember it, so that its answers are accepted. */
void sipsec_policy_went_bare(struct sipsec_listener *l, const u8 *buf,
			     const struct sipsec_msg *msg, const struct sipsec_endpoint *dst);

/* It leaves signed: remember it, so that its 494 or 421 is accepted without protection. */
void sipsec_policy_went_signed(struct sipsec_listener *l, const u8 *buf,
			       const struct sipsec_msg *msg, const struct sipsec_endpoint *dst);

#endif
