/* SPDX-License-Identifier: GPL-2.0 */
/*
 * GF(2)[x] modulo x^64 + x^4 + x^3 + x + 1, as UIA2 needs it: in constant time.
 * The most significant bit of a number is that of x^63.
 */
#ifndef SIPSEC_CRYPTO_GF64_H
#define SIPSEC_CRYPTO_GF64_H

#include <linux/types.h>

#include "product.h"

/* a * f. */
u64 gf64_mul(u64 a, const struct product_factor *f);

/* a[0] * f[0] + ... + a[n - 1] * f[n - 1], with n up to GF64_MAX_SUM. */
#define GF64_MAX_SUM	4
u64 gf64_dot(const u64 *a, const struct product_factor *f, unsigned int n);

#endif
