/* SPDX-License-Identifier: GPL-2.0 */
/* Making a network namespace's state what a configuration says. */
#ifndef SIPSEC_CTL_LOAD_H
#define SIPSEC_CTL_LOAD_H

#include "config.h"
#include "nl.h"

struct load_counts {
	unsigned int added;
	unsigned int replaced;
	unsigned int changed;
	unsigned int deleted;
	unsigned int unchanged;
	unsigned int refused;
};

struct load_result {
	struct load_counts sas;
	struct load_counts listeners;
	double seconds;		/* that the requests took */
};

/*
 * Returns 0, or a negative errno after saying why.  Where the kernel refuses,
 * the lines are named, the rest of that batch is done and nothing after it;
 * the result says what was done.
 */
int load_apply(struct nl *nl, const char *what, struct config *c, struct load_result *result);

#endif
