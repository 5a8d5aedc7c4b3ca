/* SPDX-License-Identifier: GPL-2.0 */
/* gen-value of RFC 3261 clause 25.1, on one line. */
#ifndef SIPSEC_CORE_GENVALUE_H
#define SIPSEC_CORE_GENVALUE_H

#include <linux/types.h>

/*
 * The octets of the gen-value that buf[0..len) begins with: the longest token,
 * an IPv6reference (RFC 3261 as corrected by RFC 5954) or a quoted-string
 * without folding.  (The other hosts are tokens.)  0: there is none.
 */
u32 sipsec_genvalue_len(const u8 *buf, u32 len);

#endif
