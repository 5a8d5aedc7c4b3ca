/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The algorithms behind one interface, that of threegpp.h: a prefix and a
 * message in any number of pieces.
 */
#ifndef SIPSEC_CRYPTO_MSG_H
#define SIPSEC_CRYPTO_MSG_H

#include <linux/types.h>

/* ZUC-256's IV of 25 octets, and the bits. */
#define THREEGPP_MAX_PREFIX	26

struct threegpp_alg {
	const char *name;	/* in the crypto API */
	const char *driver;
	u16 priority;		/* among drivers of the same name */
	bool (*served)(void);	/* can this CPU have it?  NULL: any can */
	u8 key_len;
	u8 prefix_len;
	u8 mac_len;
	u16 key_size;		/* of the key made ready */
	u16 state_size;
	/* Where a key is more than octets; NULL elsewhere.  They may sleep. */
	int (*new_key)(void *key);
	void (*free_key)(void *key);
	/* Where a state is more than octets: to octets of state_size and back. */
	int (*export)(const void *state, const void *key, void *out);
	int (*import)(void *state, const void *key, const void *in);

	int (*set_key)(void *key, const u8 *raw);
	int (*init)(void *state, const void *key, const u8 *prefix);
	int (*update)(void *state, const void *key, const u8 *data, unsigned int len);
	int (*final)(void *state, const void *key, u8 *mac);
};

/* A message that is being taken; the algorithm's state follows. */
struct threegpp_msg {
	u8 have;		/* octets of the prefix */
	bool begun;		/* there has been an octet of the message */
	int err;		/* of the prefix, or of the algorithm: to the end */
	u8 prefix[THREEGPP_MAX_PREFIX];
	u64 state[];
};

/* The algorithms; NULL behind the last. */
extern const struct threegpp_alg *const threegpp_algs[];

static inline unsigned int threegpp_msg_size(const struct threegpp_alg *alg)
{
	return sizeof(struct threegpp_msg) + alg->state_size;
}

/* Has alg->init() been called? */
static inline bool threegpp_begun(const struct threegpp_alg *alg, const struct threegpp_msg *msg)
{
	return msg->have == alg->prefix_len && !msg->err;
}

void threegpp_init(struct threegpp_msg *msg);

/* 0 or a negative errno, -EINVAL of a prefix that threegpp.h does not allow. */
int threegpp_update(const struct threegpp_alg *alg, struct threegpp_msg *msg, const void *key,
		    const u8 *data, unsigned int len);

/* The same; mac gets alg->mac_len octets.  msg is wiped. */
int threegpp_final(const struct threegpp_alg *alg, struct threegpp_msg *msg, const void *key,
		   u8 *mac);

#endif
