// SPDX-License-Identifier: GPL-2.0
#include "budget.h"
#include "core/limits.h"

static unsigned int kind_of(const struct sipsec_budget *b, const struct sipsec_endpoint *src)
{
	return sipsec_endpoint_equal(&b->last, src);
}

static bool period_over(const struct sipsec_budget *b, unsigned int kind, time64_t now)
{
	return (u32)now - b->kind[kind].begin >= SIPSEC_FAIL_PERIOD_S;
}

bool sipsec_budget_spent(const struct sipsec_budget *b, const struct sipsec_endpoint *src,
			 time64_t now)
{
	unsigned int kind = kind_of(b, src);

	return b->limit && b->kind[kind].failures > b->limit && !period_over(b, kind, now);
}

bool sipsec_budget_fail(struct sipsec_budget *b, const struct sipsec_endpoint *src,
			time64_t now)
{
	unsigned int kind = kind_of(b, src);

	if (!b->kind[kind].failures || period_over(b, kind, now)) {
		b->kind[kind].failures = 0;
		b->kind[kind].begin = now;
	}
	/* Beyond the limit there is nothing left to count. */
	if (b->kind[kind].failures <= b->limit)
		b->kind[kind].failures++;
	return b->limit && b->kind[kind].failures == b->limit + 1;
}

void sipsec_budget_verified(struct sipsec_budget *b, const struct sipsec_endpoint *src)
{
	if (sipsec_endpoint_equal(&b->last, src))
		return;
	b->last = *src;
	b->kind[1].failures = 0;
}
