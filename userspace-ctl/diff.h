/* SPDX-License-Identifier: GPL-2.0 */
/* What has to be done to an object that runs for it to be what a file says. */
#ifndef SIPSEC_CTL_DIFF_H
#define SIPSEC_CTL_DIFF_H

#include <stdint.h>

#include "config.h"

enum todo {
	TODO_ADD,		/* nothing of the name runs */
	TODO_NOTHING,
	TODO_SET,
	TODO_REPLACE,		/* with what it is, it cannot be set */
	TODO_REPLACE_KEY,	/* the same, and the key is another */
};

/*
 * Compare with what the kernel says is running, all but the key: sets
 * wanted->todo to one of the first four, ->remade, ->change, ->running_key and
 * ->running_seq.
 */
void diff_sa(struct config_sa *wanted, const struct sa *running);

/* Take in the id of the wanted key: it may be another than the running one. */
void diff_key(struct config_sa *wanted, uint64_t key_id);

/*
 * The SA to be sent for wanted->todo: made, replaced or changed.  now is UNIX
 * time.
 */
void diff_request(const struct config_sa *wanted, uint64_t now, struct sa *request);

/* Sets wanted->todo and, for TODO_SET, ->change. */
void diff_listener(struct config_listener *wanted, const struct listener *running);

#endif
