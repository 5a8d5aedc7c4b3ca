/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_CTL_SHIM_BITOPS_H
#define SIPSEC_CTL_SHIM_BITOPS_H

#include <linux/bits.h>
#include <linux/types.h>

/* The number of the lowest bit that is set; v is not 0. */
static inline unsigned long __ffs64(u64 v)
{
	return __builtin_ctzll(v);
}

/* The number of bits up to the highest one that is set; 0 of 0. */
static inline int fls64(u64 word)
{
	return word ? 64 - __builtin_clzll(word) : 0;
}

#endif
