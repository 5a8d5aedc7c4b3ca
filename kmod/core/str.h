/* SPDX-License-Identifier: GPL-2.0 */
/* A text: its octets and their number; nothing ends it. */
#ifndef SIPSEC_CORE_STR_H
#define SIPSEC_CORE_STR_H

#include <linux/types.h>

struct sipsec_str {
	const u8 *at;
	u32 len;	/* 0: none */
};

#endif
