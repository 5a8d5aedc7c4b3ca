/* SPDX-License-Identifier: GPL-2.0 */
/* Clause 8 from top to bottom over core/, as the module does it, for SAs without state. */
#ifndef UNIT_PIPELINE_H
#define UNIT_PIPELINE_H

#include "class.h"
#include "macs.h"
#include "replay.h"

/*
 * The class of a message where the SAs are these, and replay the window of the
 * one that the message names (none of them need have one else).
 */
enum sipsec_class pipeline_verify(const u8 *buf, u32 len, const struct macs_sa *sas, u32 nr,
				  struct sipsec_replay *replay);

/*
 * The message with a hop field put in behind its start line, signed.  It must
 * be well-formed.
 */
struct octets pipeline_sign(const u8 *buf, u32 len, const struct macs_sa *sa, u64 seq,
			    bool compact);

/* A window that has seen nothing; free() it. */
struct sipsec_replay *pipeline_window(u32 window);

#endif
