/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Carry-less multiplication by the CPU, where it has that: x86 with PCLMULQDQ.
 * Elsewhere clmul_begin() says no, and nothing of the rest is linked.
 */
#ifndef SIPSEC_CRYPTO_CLMUL_H
#define SIPSEC_CRYPTO_CLMUL_H

#include <linux/types.h>

/*
 * Octets of message between clmul_begin() and clmul_end(): nothing else runs on
 * the CPU meanwhile.
 */
#define CLMUL_SECTION	4096

#ifdef CONFIG_X86_64

#include <asm/cpufeature.h>
#include <asm/fpu/api.h>

/* Has the CPU the instructions? */
static inline bool clmul_served(void)
{
	return boot_cpu_has(X86_FEATURE_PCLMULQDQ) && boot_cpu_has(X86_FEATURE_SSSE3);
}

/* May they be used here and now?  If so, until clmul_end(). */
static inline bool clmul_begin(void)
{
	if (!irq_fpu_usable())
		return false;
	kernel_fpu_begin();
	return true;
}

static inline void clmul_end(void)
{
	kernel_fpu_end();
}

#else

static inline bool clmul_begin(void)
{
	return false;
}

static inline void clmul_end(void)
{
}

#endif

/*
 * eval after nr blocks of eight octets, for each of which it becomes
 * (eval + block) * p in the field of gf64.h.
 */
u64 gf64_clmul_horner(u64 eval, u64 p, const u8 *data, unsigned int nr);

/* zuchash() of zuchash.h; words is a multiple of four, and not 0. */
u32 zuchash_clmul(const u32 *z, const u8 *data, unsigned int words);

#endif
