/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_ASM_CPUFEATURE_H
#define SHIM_ASM_CPUFEATURE_H

#define X86_FEATURE_PCLMULQDQ	"pclmul"
#define X86_FEATURE_SSSE3	"ssse3"

#define boot_cpu_has(feature)	__builtin_cpu_supports(feature)

#endif
