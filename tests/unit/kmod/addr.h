/* SPDX-License-Identifier: GPL-2.0 */
/* kmod/addr.h without the kernel's network headers. */
#ifndef SIPSEC_ADDR_H
#define SIPSEC_ADDR_H

#include <linux/in6.h>

struct sipsec_endpoint {
	struct in6_addr addr;
	__be16 port;
};

static inline bool sipsec_endpoint_is4(const struct sipsec_endpoint *e)
{
	static const u8 mapped[12] = { [10] = 0xff, [11] = 0xff };

	return !memcmp(e->addr.s6_addr, mapped, sizeof(mapped));
}

#endif
