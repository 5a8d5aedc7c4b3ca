/* SPDX-License-Identifier: GPL-2.0 */
/*
 * AES-GMAC (NIST SP 800-38D, RFC 4543) without the FPU, some ten times as slow as a
 * driver with it: for the odd datagram whose softirq came while the kernel itself
 * was at the FPU.
 */
#ifndef SIPSEC_GMAC_SOFT_H
#define SIPSEC_GMAC_SOFT_H

#include <linux/types.h>

#define SIPSEC_GMAC_IV_LEN	12

/*
 * mac: 16 octets over len octets of data, with an AES-128 key of 16 octets and an iv of
 * SIPSEC_GMAC_IV_LEN.  Does not sleep.  0 or a negative errno.
 */
int sipsec_gmac_soft(const u8 *raw, const u8 *iv, const u8 *data, u32 len, u8 *mac);

#endif
