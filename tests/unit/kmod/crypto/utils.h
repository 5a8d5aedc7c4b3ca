/* SPDX-License-Identifier: GPL-2.0 */
#ifndef UNIT_KMOD_CRYPTO_UTILS_H
#define UNIT_KMOD_CRYPTO_UTILS_H

#include <linux/types.h>

static inline void crypto_xor(u8 *to, const u8 *from, unsigned int n)
{
	while (n--)
		*to++ ^= *from++;
}

#endif
