/* SPDX-License-Identifier: GPL-2.0 */
/* A security association as the tool sees it (attribute set sa). */
#ifndef SIPSEC_CTL_SA_H
#define SIPSEC_CTL_SA_H

#include <stdbool.h>
#include <stdint.h>

#include "addr.h"
#include "core/class.h"
#include "uapi/linux/sipsec.h"
#include "word.h"

struct counters {
	uint64_t of[SIPSEC_NR_CLASSES];
	uint64_t would_drop;	/* of listeners in monitor mode */
	bool has_would_drop;	/* SAs have none */
};

/* A million of them are held by load: kept small. */
struct sa {
	uint64_t has;		/* bits by SIPSEC_A_SA_; ADDR4 is either address */
	uint64_t seq;
	uint64_t soft_seconds;
	uint64_t hard_seconds;
	uint64_t soft_messages;
	uint64_t hard_messages;
	uint64_t key_id;
	const char *key_file;
	const char *impi;	/* the caller's or the message's, as those in impus */
	struct texts *impus;	/* the caller's; NULL: not wanted */
	const uint8_t *key;	/* key_len octets, the caller's */
	uint32_t spi;
	uint32_t window;
	uint32_t mark;
	uint32_t budget;
	uint32_t pair;		/* SPI of the partner */
	uint32_t drain;
	uint32_t temporary_seconds;
	struct addr addr;
	uint8_t type;
	uint16_t port;
	uint8_t direction;
	uint8_t alg;
	uint8_t compact;
	uint8_t state;
	uint8_t key_len;
	uint8_t expired;
	/* What only a reader wants. */
	uint64_t age;
	uint64_t messages;
	uint64_t octets;
	struct counters *counters;	/* the caller's; NULL: not wanted */
};

extern const struct grammar sa_grammar;

static inline bool sa_has(const struct sa *sa, unsigned int attr)
{
	return object_has(sa, attr);
}

/*
 * Is it an attribute that both SAs of a pair have alike, or that names the other
 * one?  What a configuration does not say of these stays as it is.
 */
bool sa_is_of_pair(unsigned int attr);

/*
 * What the kernel takes for what is not given (uapi/sipsec.yaml), with type
 * and algorithm of sa; seq left out, since it is never a setting that stays.
 */
void sa_defaults(const struct sa *sa, struct sa *defaults);

/* "in 0x4f1a22c0", "out 0x4f1a22c0 [2001:db8::1]:5060" */
#define SA_NAME_MAX	96
const char *sa_name(const struct sa *sa, char text[SA_NAME_MAX]);

#endif
