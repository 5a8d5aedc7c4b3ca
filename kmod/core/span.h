/* SPDX-License-Identifier: GPL-2.0 */
/* A stretch of a message: offset and length in octets. */
#ifndef SIPSEC_CORE_SPAN_H
#define SIPSEC_CORE_SPAN_H

#include <linux/types.h>

struct sipsec_span {
	u32 off;
	u32 len;
};

#endif
