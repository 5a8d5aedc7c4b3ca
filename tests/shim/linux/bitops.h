/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_BITOPS_H
#define SHIM_LINUX_BITOPS_H

#include <linux/bits.h>
#include <linux/types.h>

/* The lowest bit set of a word that is not 0. */
static inline unsigned int __ffs64(u64 word)
{
	return __builtin_ctzll(word);
}

/* The number of bits up to the highest one that is set; 0 of 0. */
static inline int fls64(u64 word)
{
	return word ? 64 - __builtin_clzll(word) : 0;
}

static inline u32 rol32(u32 word, unsigned int n)
{
	return word << (n & 31) | word >> (-n & 31);
}

static inline u32 ror32(u32 word, unsigned int n)
{
	return word >> (n & 31) | word << (-n & 31);
}

#endif
