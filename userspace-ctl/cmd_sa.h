/* SPDX-License-Identifier: GPL-2.0 */
/* What the commands on SAs and on pairs share. */
#ifndef SIPSEC_CTL_CMD_SA_H
#define SIPSEC_CTL_CMD_SA_H

#include "cmd.h"
#include "sa.h"

/*
 * Call request() with SAs, up to NULL, that have the keys of their key-file, which
 * are wiped after it.  Returns its exit status, or EXIT_REFUSED after saying why.
 */
int cmd_sa_with_keys(const struct command *c, struct sa *const sas[],
		     int (*request)(const struct command *c, struct sa *const sas[]));

#endif
