// SPDX-License-Identifier: GPL-2.0
/* The SigComp shim of clause 14: recognised, not yet verified. */
#include "alg.h"
#include "integrity.h"

#define SIGCOMP_T	0x04	/* a returned feedback item follows (RFC 3320 clause 7) */
#define ITEM_LONG	0x80	/* the other seven bits are its length */
#define SHIM_FIRST	0x49	/* 'I' */
#define SHIM_VERSION	0x01
#define SHIM_HEADER	14	/* octets before the MAC */

static bool is_mac_len(u32 len)
{
	const struct sipsec_alg *alg;
	unsigned int nr;

	for (nr = 1; (alg = sipsec_alg_by_nr(nr)); nr++)
		if (alg->mac_len == len)
			return true;
	return false;
}

enum sipsec_shim sipsec_shim_probe(const u8 *buf, u32 len)
{
	u32 n;

	if (len < 3 || !(buf[0] & SIGCOMP_T) || !(buf[1] & ITEM_LONG))
		return SIPSEC_SHIM_NONE;
	n = buf[1] & ~ITEM_LONG;
	if (!n || buf[2] != SHIM_FIRST)
		return SIPSEC_SHIM_NONE;
	if (n < SHIM_HEADER || !is_mac_len(n - SHIM_HEADER) || len - 2 < n ||
	    buf[3] != SHIM_VERSION)
		return SIPSEC_SHIM_MALFORMED;
	return SIPSEC_SHIM_OK;
}
