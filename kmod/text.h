/* SPDX-License-Identifier: GPL-2.0 */
/*
 * T of clause 4 as a list of parts: PSEUDO, then the message with the mac
 * value replaced by 'A's, without changing the message.  The first part is a
 * copy of what is short: hashing one piece more costs more than copying it, and
 * drivers enter the FPU for each.
 */
#ifndef SIPSEC_TEXT_H
#define SIPSEC_TEXT_H

#include <linux/types.h>

#include "core/limits.h"

/* Hop fields that one message may lose on its way out; more is abuse. */
#define SIPSEC_MAX_CUTS		8

/* PSEUDO, start line, new field, and what is left between and behind the cuts. */
#define SIPSEC_MAX_PARTS	(3 + SIPSEC_MAX_CUTS + 1)

/* Octets of the copy: PSEUDO, a start line and an Integrity field, usually 150. */
#define SIPSEC_TEXT_HEAD	256

struct sipsec_part {
	const u8 *data;
	u32 len;
};

struct sipsec_text {
	unsigned int nr;
	u32 len;		/* of all parts */
	struct sipsec_part part[SIPSEC_MAX_PARTS];	/* [0] is in head */
	u8 head[SIPSEC_TEXT_HEAD];
};

/* Begin T with the PSEUDO of a hop-scope SA. */
void sipsec_text_init(struct sipsec_text *t, unsigned int direction, unsigned int alg,
		      u32 spi, u64 seq);

/* Add len octets; none is added for len 0. */
void sipsec_text_add(struct sipsec_text *t, const u8 *data, u32 len);

/* Add n characters 'A', n up to SIPSEC_MAX_MAC_CHARS. */
void sipsec_text_add_placeholder(struct sipsec_text *t, unsigned int n);

#endif
