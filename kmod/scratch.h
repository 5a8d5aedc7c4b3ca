/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Per-CPU memory for messages that do not lie in one piece and for AES-GMAC,
 * so that no datagram allocates.  Used with bottom halves off and never kept
 * across a call that hands the datagram on.
 */
#ifndef SIPSEC_SCRATCH_H
#define SIPSEC_SCRATCH_H

#include <linux/local_lock.h>
#include <linux/percpu.h>
#include <linux/scatterlist.h>
#include <linux/types.h>

#include "core/limits.h"

struct aead_request;
struct crypto_aead;

/*
 * AES-GMAC's request and all it points to; buf has T and room for the tag.
 * While the crypto API owns them, tfm is not NULL.
 */
struct sipsec_gmac_slot {
	struct crypto_aead *tfm;
	struct aead_request *req;
	struct scatterlist sg;
	u8 iv[16];
	u8 *buf;
};

struct sipsec_scratch {
	local_lock_t lock;	/* for PREEMPT_RT; else disabled bottom halves do */
	u8 *msg;		/* SIPSEC_MAX_SIZE_CAP octets */
	struct sipsec_gmac_slot gmac;
};

DECLARE_PER_CPU(struct sipsec_scratch, sipsec_scratch);

#define SIPSEC_GMAC_BUF_LEN	\
	(SIPSEC_PSEUDO_LEN + SIPSEC_MAX_SIZE_CAP + SIPSEC_MAX_FIELD_LEN + SIPSEC_MAX_MAC_LEN)

/* Bottom halves are off from get to put. */
static inline struct sipsec_scratch *sipsec_scratch_get(void)
{
	local_lock_nested_bh(&sipsec_scratch.lock);
	return this_cpu_ptr(&sipsec_scratch);
}

static inline void sipsec_scratch_put(void)
{
	local_unlock_nested_bh(&sipsec_scratch.lock);
}

/* 0 or -ENOMEM. */
int sipsec_scratch_init(void);
void sipsec_scratch_exit(void);

#endif
