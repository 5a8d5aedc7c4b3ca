/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory of emergency sessions (clause 10): bounded, a bounded search, no
 * allocation for a datagram.
 *
 * A session is kept as keyed hashes of its Call-ID, the tag of the UE and the
 * peer's address, and of the other side's tags; nobody outside can aim at a place
 * in it.  One that nobody has answered gives way to a newer one, one that was
 * answered does not: where a set is full of these, no new session begins.
 */
#ifndef SIPSEC_EMERGENCY_H
#define SIPSEC_EMERGENCY_H

#include <linux/siphash.h>
#include <linux/types.h>

#include "core/sipmsg.h"

#define SIPSEC_EMERGENCIES_DEFAULT	4096
#define SIPSEC_EMERGENCIES_MIN		64
#define SIPSEC_EMERGENCIES_MAX		1048576

struct in6_addr;
struct sipsec_emergency_set;

struct sipsec_emergencies {
	siphash_key_t key;
	u32 nr_sets;		/* a power of two */
	struct sipsec_emergency_set *set;
};

/* Room for nr sessions, rounded up; 0 or -ENOMEM. */
int sipsec_emergencies_init(struct sipsec_emergencies *e, u32 nr);
void sipsec_emergencies_exit(struct sipsec_emergencies *e);

/* What a message is to a session. */
struct sipsec_emergency {
	u64 id;			/* hash of the session it would be of */
	u64 other;		/* hash of the other side's tag; 0: none */
	u32 cseq;
	u16 status;		/* of a response to the INVITE, to the UE; else 0 */
	bool begins;		/* the INVITE */
	bool own;		/* ACK or CANCEL of the UE, or response to INVITE or CANCEL */
	bool ends;		/* BYE */
};

/*
 * Read one that goes from or to a UE; peer is the other host, as seen from
 * here.  False: it is of no emergency session.
 */
bool sipsec_emergency_read(const struct sipsec_emergencies *e, bool from_ue,
			   const struct in6_addr *peer, const u8 *buf,
			   const struct sipsec_msg *msg, struct sipsec_emergency *m);

/* Is it one that begins, or is of one that is known?  now: seconds since boot. */
bool sipsec_emergency_known(struct sipsec_emergencies *e, const struct sipsec_emergency *m,
			    time64_t now);

/*
 * It passes: remember what it tells.  False where its session is not known, or begins
 * and finds no room.  From softirq.
 */
bool sipsec_emergency_pass(struct sipsec_emergencies *e, const struct sipsec_emergency *m,
			   time64_t now);

#endif
