/* SPDX-License-Identifier: GPL-2.0 */
/* Clause 9: what becomes of a message on its way out. */
#ifndef SIPSEC_SIGN_H
#define SIPSEC_SIGN_H

#include "addr.h"
#include "core/limits.h"
#include "core/span.h"
#include "text.h"

struct sipsec_listener;
struct sipsec_net;
struct sipsec_peer;

enum sipsec_sign {
	SIPSEC_SIGN_PASS,		/* leave it as it is */
	SIPSEC_SIGN_EDIT,		/* make the changes of struct sipsec_edit */
	SIPSEC_SIGN_UNSIGNED,		/* drop, and why */
	SIPSEC_SIGN_MALFORMED,
	SIPSEC_SIGN_COMPRESSED,
	SIPSEC_SIGN_TOO_BIG,
	SIPSEC_SIGN_FAILED,
};

/*
 * Changes to a message: the cuts are taken out, in rising order and apart, and
 * the field put in at offset at, which is before all of them.
 */
struct sipsec_edit {
	u32 at;
	u32 field_len;			/* 0: none is put in */
	u32 cut_len;			/* of all cuts */
	u32 nr_cuts;
	struct sipsec_span cut[SIPSEC_MAX_CUTS];
	u8 field[SIPSEC_MAX_FIELD_LEN];
};

/* A datagram's way out: from a listener, to a peer with SAs, or both. */
struct sipsec_route {
	struct sipsec_peer *peer;		/* NULL: none */
	struct sipsec_listener *listener;	/* NULL: none */
	struct sipsec_endpoint dst;
	u32 mark;				/* of the packet, under sipsec_mark_mask */
};

/*
 * Decide about the UDP payload buf, len on this route; it is not changed.  For
 * SIPSEC_SIGN_EDIT fills *e, signed and ready.  Under RCU, bottom halves off.
 */
enum sipsec_sign sipsec_sign(struct sipsec_net *sn, const struct sipsec_route *route,
			     const u8 *buf, u32 len, struct sipsec_edit *e);

/*
 * The same for what neither is to a peer with SAs nor leaves from a listener, on a
 * host where a listener annotates: it must not carry an annotation out, and is
 * otherwise nobody's concern.
 */
enum sipsec_sign sipsec_sign_stray(const u8 *buf, u32 len, struct sipsec_edit *e);

#endif
