/* SPDX-License-Identifier: GPL-2.0 */
/* An IPv4 or IPv6 address. */
#ifndef SIPSEC_CTL_ADDR_H
#define SIPSEC_CTL_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ADDR_TEXT_MAX	64	/* with a port and the brackets it asks for */

struct addr {
	uint8_t len;		/* octets: 0 (none), 4 or 16 */
	uint8_t octets[16];	/* in network order, zero beyond len */
};

/* "192.0.2.1", "2001:db8::1", no zone; returns 0 or -EINVAL. */
int addr_parse(const char *text, struct addr *a);

/* The address alone; "" for none. */
const char *addr_text(const struct addr *a, char text[ADDR_TEXT_MAX]);

/* 192.0.2.1:5060, [2001:db8::1]:5060; without port 0; "any" for no address. */
const char *addr_port_text(const struct addr *a, uint16_t port, char text[ADDR_TEXT_MAX]);

bool addr_equal(const struct addr *a, const struct addr *b);

#endif
