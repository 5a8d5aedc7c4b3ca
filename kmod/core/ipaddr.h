/* SPDX-License-Identifier: GPL-2.0 */
/* IP addresses as SIP writes them (RFC 3261 as corrected by RFC 5954). */
#ifndef SIPSEC_CORE_IPADDR_H
#define SIPSEC_CORE_IPADDR_H

#include <linux/types.h>

/*
 * The octets of the IPv4 address that buf[0..len) begins with: four numbers to
 * 255 without leading zeros, which some read as octal; addr has room for four
 * octets.  0: there is none.
 */
u32 sipsec_ipv4_parse(const u8 *buf, u32 len, u8 *addr);

/* The same for an IPv6 address in brackets, where buf[0] is '['; addr has room for 16. */
u32 sipsec_ipv6_reference_parse(const u8 *buf, u32 len, u8 *addr);

#endif
