/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_CTL_SHIM_KERNEL_H
#define SIPSEC_CTL_SHIM_KERNEL_H

#include_next <linux/kernel.h>

#include <linux/types.h>

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#endif

#ifndef U16_MAX
#define U8_MAX		UINT8_MAX
#define U16_MAX		UINT16_MAX
#define U32_MAX		UINT32_MAX
#define U64_MAX		UINT64_MAX
#endif

#endif
