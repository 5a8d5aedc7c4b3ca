/* SPDX-License-Identifier: GPL-2.0 */
/* host of RFC 3261 clause 25.1: a name, an IPv4 address, an IPv6 address in brackets. */
#ifndef SIPSEC_CORE_SIPHOST_H
#define SIPSEC_CORE_SIPHOST_H

#include "str.h"

struct sipsec_host {
	struct sipsec_str text;
	bool ipv6;
	u8 addr[16];	/* of an IPv6 address */
};

/* The octets of the host that [at, end) begins with; 0: there is none. */
u32 sipsec_host_parse(const u8 *at, const u8 *end, struct sipsec_host *host);

/* The octets of the name that [at, end) begins with; 0: there is none. */
u32 sipsec_hostname_len(const u8 *at, const u8 *end);

/*
 * RFC 3261 clause 19.1.4: without regard to case, and RFC 5954: IPv6 addresses
 * by value.  A name and the same with a dot behind it differ, as do an IPv4
 * address and the IPv6 address that it is mapped to: other programs compare
 * the text.
 */
bool sipsec_host_equal(const struct sipsec_host *a, const struct sipsec_host *b);

#endif
