/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The failure budget of clause 8: wrong MACs on one SA in periods that begin
 * with a first failure, apart for the source that verified last and for all
 * others together.
 */
#ifndef SIPSEC_BUDGET_H
#define SIPSEC_BUDGET_H

#include <linux/types.h>

#include "addr.h"

struct sipsec_budget {
	u32 limit;			/* 0: none */
	struct {
		u32 failures;
		u32 begin;		/* boot time in seconds */
	} kind[2];			/* [1]: from the last verified source */
	struct sipsec_endpoint last;	/* it; port 0 before there was any */
};

/* Is the budget for this source spent?  Under the SA's lock, or as a hint. */
bool sipsec_budget_spent(const struct sipsec_budget *b, const struct sipsec_endpoint *src,
			 time64_t now);

/* Count a wrong MAC.  True if this one has spent the budget.  Under the SA's lock. */
bool sipsec_budget_fail(struct sipsec_budget *b, const struct sipsec_endpoint *src,
			time64_t now);

/* Remember who verified.  Under the SA's lock. */
void sipsec_budget_verified(struct sipsec_budget *b, const struct sipsec_endpoint *src);

#endif
