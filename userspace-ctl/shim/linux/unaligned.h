/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_CTL_SHIM_UNALIGNED_H
#define SIPSEC_CTL_SHIM_UNALIGNED_H

#include <endian.h>
#include <string.h>

#include <linux/types.h>

#define SHIM_GET(bits, end)						\
	static inline u##bits get_unaligned_##end##bits(const void *p)	\
	{								\
		u##bits v;						\
									\
		memcpy(&v, p, sizeof(v));				\
		return end##bits##toh(v);				\
	}								\
	static inline void put_unaligned_##end##bits(u##bits v, void *p) \
	{								\
		v = hto##end##bits(v);					\
		memcpy(p, &v, sizeof(v));				\
	}

SHIM_GET(16, be)
SHIM_GET(32, be)
SHIM_GET(64, be)
SHIM_GET(16, le)
SHIM_GET(32, le)
SHIM_GET(64, le)

#undef SHIM_GET

#endif
