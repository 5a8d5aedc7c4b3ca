/* SPDX-License-Identifier: GPL-2.0 */
/* A listener as the tool sees it (attribute set listener). */
#ifndef SIPSEC_CTL_LISTENER_H
#define SIPSEC_CTL_LISTENER_H

#include <stdbool.h>
#include <stdint.h>

#include "addr.h"
#include "core/class.h"
#include "sa.h"
#include "word.h"

struct listener {
	uint64_t has;		/* bits by SIPSEC_A_LISTENER_; ADDR4 is either address */
	struct addr addr;
	uint8_t direction;
	uint16_t port;
	uint8_t preset;
	uint8_t stun;
	uint32_t max_size;
	uint32_t mark_mask;
	uint32_t rate;
	uint8_t monitor;
	uint8_t annotate;
	char word[SIPSEC_WORD_MAX + 1];
	uint8_t notify;
	uint8_t identity;
	uint32_t emergencies;
	struct actions actions;
	struct counters *counters;	/* the caller's; NULL: not wanted */
};

extern const struct grammar listener_grammar;

/* May a listener be given an action for datagrams of that class? */
bool listener_takes_action(enum sipsec_class class);

/* What the kernel takes for what is not given, for a listener of that direction. */
void listener_defaults(uint8_t direction, struct listener *defaults);

#endif
