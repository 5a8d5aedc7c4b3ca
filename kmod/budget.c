// SPDX-License-Identifier: GPL-2.0
#include <asm/barrier.h>

#include "budget.h"
#include "core/limits.h"

static unsigned int kind_of(const struct sipsec_budget *b, const struct sipsec_endpoint *src)
{
	/* Half of one source and half of another is as good as either: it is a hint then. */
	return data_race(sipsec_endpoint_equal(&b->last, src));
}

static bool period_over(const struct sipsec_budget *b, unsigned int kind, time64_t now)
{
	return (u32)now - READ_ONCE(b->kind[kind].begin) >= SIPSEC_FAIL_PERIOD_S;
}

bool sipsec_budget_spent(const struct sipsec_budget *b, const struct sipsec_endpoint *src,
			 time64_t now)
{
	unsigned int kind = kind_of(b, src);
	u32 limit = READ_ONCE(b->limit);

	if (!limit || period_over(b, kind, now))
		return false;
	/* Pairs with that of begin_period(): the failures are not of a period before. */
	smp_rmb();
	return READ_ONCE(b->kind[kind].failures) > limit;
}

static void begin_period(struct sipsec_budget *b, unsigned int kind, time64_t now)
{
	WRITE_ONCE(b->kind[kind].failures, 0);
	/* Pairs with that of sipsec_budget_spent(). */
	smp_wmb();
	WRITE_ONCE(b->kind[kind].begin, now);
}

bool sipsec_budget_fail(struct sipsec_budget *b, const struct sipsec_endpoint *src,
			time64_t now)
{
	unsigned int kind = kind_of(b, src);

	if (!b->kind[kind].failures || period_over(b, kind, now))
		begin_period(b, kind, now);
	/* Beyond the limit there is nothing left to count. */
	if (b->kind[kind].failures <= b->limit)
		WRITE_ONCE(b->kind[kind].failures, b->kind[kind].failures + 1);
	return b->limit && b->kind[kind].failures == b->limit + 1;
}

void sipsec_budget_verified(struct sipsec_budget *b, const struct sipsec_endpoint *src)
{
	/*
	 * Its failures are those of the period, whoever it was before: a message can be
	 * made to come from anywhere, and a new count each time would be none.
	 */
	if (!sipsec_endpoint_equal(&b->last, src))
		b->last = *src;
}
