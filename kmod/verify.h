/* SPDX-License-Identifier: GPL-2.0 */
/* Clause 8: a datagram's class. */
#ifndef SIPSEC_VERIFY_H
#define SIPSEC_VERIFY_H

#include "addr.h"
#include "core/class.h"
#include "core/sipmsg.h"

struct sipsec_listener;
struct sipsec_net;
struct sipsec_sa;

struct sipsec_verdict {
	enum sipsec_class class;	/* NONE: no MAC could be computed, drop */
	enum sipsec_why why;		/* of classes malformed and identity */
	struct sipsec_sa *sa;		/* NULL where none is known; valid under RCU */
	struct sipsec_msg msg;		/* valid for class unprotected and those after it */
};

/*
 * Classify the UDP payload buf, len of a datagram from src to listener l; it is
 * not changed.  Counts it against its SA, where one is known, and sends events;
 * counting against the listener and acting is the caller's.  Under RCU, bottom
 * halves off.
 */
void sipsec_verify(struct sipsec_net *sn, const struct sipsec_listener *l, const u8 *buf, u32 len,
		   const struct sipsec_endpoint *src, struct sipsec_verdict *v);

#endif
