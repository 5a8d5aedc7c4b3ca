/* SPDX-License-Identifier: GPL-2.0 */
/* gen-value of RFC 3261 clause 25.1, on one line. */
#ifndef SIPSEC_CORE_GENVALUE_H
#define SIPSEC_CORE_GENVALUE_H

#include <linux/types.h>

/*
 * The octets of the IPv6reference (RFC 3261 as corrected by RFC 5954) or the
 * quoted-string without folding that buf[0..len) begins with.  0: neither.  The
 * other gen-values, hosts among them, are tokens.
 */
u32 sipsec_genvalue_len(const u8 *buf, u32 len);

#endif
