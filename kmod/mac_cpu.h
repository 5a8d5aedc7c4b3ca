/* SPDX-License-Identifier: GPL-2.0 */
/* Whether the CPU has instructions by which the kernel's drivers compute a MAC fast. */
#ifndef SIPSEC_MAC_CPU_H
#define SIPSEC_MAC_CPU_H

#include <linux/types.h>
#ifdef CONFIG_X86
#include <asm/cpufeature.h>
#endif
#ifdef CONFIG_ARM64
#include <asm/cpufeature.h>
#include <asm/hwcap.h>
#endif

#include "core/alg.h"

/* False where nothing is known of this machine, and for MD5, which is nowhere faster. */
static inline bool sipsec_cpu_has_fast(const struct sipsec_alg *alg)
{
	switch (alg->nr) {
#ifdef CONFIG_X86
	case SIPSEC_ALG_HMAC_SHA1_96:
	case SIPSEC_ALG_HMAC_SHA256_128:
		return boot_cpu_has(X86_FEATURE_SSSE3);
	case SIPSEC_ALG_AES_GMAC:
	case SIPSEC_ALG_AES_CMAC_96:
		return boot_cpu_has(X86_FEATURE_AES);
#endif
#ifdef CONFIG_ARM64
	case SIPSEC_ALG_HMAC_SHA1_96:
		return cpu_have_named_feature(SHA1);
	case SIPSEC_ALG_HMAC_SHA256_128:
		return cpu_have_named_feature(SHA2);
	case SIPSEC_ALG_AES_GMAC:
	case SIPSEC_ALG_AES_CMAC_96:
		return cpu_have_named_feature(AES);
#endif
	default:
		return false;
	}
}

#endif
