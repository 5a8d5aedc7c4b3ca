/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An endpoint: address and UDP port.  An IPv4 address is kept as the
 * IPv4-mapped IPv6 address, which is never one of a real IPv6 endpoint.
 */
#ifndef SIPSEC_ADDR_H
#define SIPSEC_ADDR_H

#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/ipv6.h>

struct sipsec_endpoint {
	struct in6_addr addr;
	__be16 port;		/* 0: none */
};

static inline void sipsec_endpoint_set4(struct sipsec_endpoint *e, __be32 addr, __be16 port)
{
	ipv6_addr_set_v4mapped(addr, &e->addr);
	e->port = port;
}

static inline void sipsec_endpoint_set6(struct sipsec_endpoint *e,
					const struct in6_addr *addr, __be16 port)
{
	e->addr = *addr;
	e->port = port;
}

static inline bool sipsec_endpoint_is4(const struct sipsec_endpoint *e)
{
	return ipv6_addr_v4mapped(&e->addr);
}

static inline bool sipsec_endpoint_equal(const struct sipsec_endpoint *a,
					 const struct sipsec_endpoint *b)
{
	return a->port == b->port && ipv6_addr_equal(&a->addr, &b->addr);
}

#endif
