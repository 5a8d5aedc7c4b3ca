// SPDX-License-Identifier: GPL-2.0
#include "gf64.h"

static __always_inline u64 reduce(u64 hi, u64 lo)
{
	/* What the second step shifts beyond x^63 again has three bits. */
	u64 top = hi >> 63 ^ hi >> 61 ^ hi >> 60;

	lo ^= hi ^ hi << 1 ^ hi << 3 ^ hi << 4;
	return lo ^ top ^ top << 1 ^ top << 3 ^ top << 4;
}

u64 gf64_dot(const u64 *a, const struct product_factor *f, unsigned int n)
{
	struct product sum = product_sum(a, f, n);

	return reduce(sum.hi, sum.lo);
}

u64 gf64_mul(u64 a, const struct product_factor *f)
{
	return gf64_dot(&a, f, 1);
}
