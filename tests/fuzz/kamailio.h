/* SPDX-License-Identifier: GPL-2.0 */
/* What is said on the socket between others_kamailio.c and the server in Kamailio. */
#ifndef FUZZ_KAMAILIO_H
#define FUZZ_KAMAILIO_H

#include "others.h"

#define KAMAILIO_FD	"FUZZ_KAMAILIO_FD"	/* environment: the server's end */
#define KAMAILIO_ROOM	16384			/* of a message */

/*
 * To the server: octets of the message (u32), the message.  From it: this; r without
 * integrity and pointers, taken is 0 where it does not take it for a message.
 */
struct kamailio_answer {
	uint32_t taken;
	uint32_t body_off;
	char r[offsetof(struct reading, integrity)];
};

#endif
