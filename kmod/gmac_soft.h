/* SPDX-License-Identifier: GPL-2.0 */
/*
 * AES-GMAC (NIST SP 800-38D, RFC 4543) without the FPU: where the crypto API's driver has
 * GHASH by tables, which tells the cache of its key; and for the odd datagram whose softirq
 * came while the kernel itself was at the FPU that a driver needs.
 */
#ifndef SIPSEC_GMAC_SOFT_H
#define SIPSEC_GMAC_SOFT_H

#include <linux/types.h>

#include "text.h"

#define SIPSEC_GMAC_IV_LEN	12
#define SIPSEC_GMAC_TAG		16

/* Its name as a driver's. */
#define SIPSEC_GMAC_SOFT	"gmac-generic"

/* H, 16 octets, of an AES-128 key.  0 or a negative errno. */
int sipsec_gmac_soft_key(const u8 *raw, u8 *h);

/* mac: SIPSEC_GMAC_TAG octets over t.  Does not sleep.  0 or a negative errno. */
int sipsec_gmac_soft(const u8 *raw, const u8 *h, const u8 *iv, const struct sipsec_text *t,
		     u8 *mac);

#endif
