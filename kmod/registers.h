/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory of REGISTERs that went without protection within 64*T1 (clause 10): at
 * a UE those that left, whose refusals may come so; at a P-CSCF those that
 * came, whose refusals have to leave so.  Bounded, a bounded search, no allocation
 * for a datagram; the oldest gives way.
 */
#ifndef SIPSEC_REGISTERS_H
#define SIPSEC_REGISTERS_H

#include <linux/siphash.h>
#include <linux/types.h>

#include "addr.h"
#include "core/sipmsg.h"

struct sipsec_register_set;

struct sipsec_registers {
	siphash_key_t key;
	struct sipsec_register_set *set;
};

int sipsec_registers_init(struct sipsec_registers *r);
void sipsec_registers_exit(struct sipsec_registers *r);

/*
 * What tells a REGISTER, or a response to one: its Call-ID, and with the peer, if
 * that is not NULL.  0: it has no Call-ID.
 */
u64 sipsec_register_id(const struct sipsec_registers *r, const u8 *buf,
		       const struct sipsec_msg *msg, const struct sipsec_endpoint *peer);

/* now: seconds since boot.  From softirq. */
void sipsec_register_add(struct sipsec_registers *r, u64 id, time64_t now);
bool sipsec_register_known(struct sipsec_registers *r, u64 id, time64_t now);

#endif
