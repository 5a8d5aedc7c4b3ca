/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the 3GPP integrity algorithms take, through an interface that knows a key
 * and octets only, what else they need: in front of the message, as a prefix of
 * the data.  docs/crypto.md has all of it with examples.
 *
 * Of "uia1", "uia2", "128-eia1", "128-eia2" and "128-eia3" the prefix has
 * SIPSEC_3GPP_PREFIX_LEN octets:
 *
 *	0..3	COUNT, network order
 *	4..7	FRESH, network order; of 128-eia1 to 3 BEARER in the five most
 *		significant bits, and zeros
 *	8	DIRECTION: 0 or 1
 *	9	LENGTH modulo 8: 0 if all bits of the last octet belong to the
 *		message, else how many, the most significant, do
 *
 * The message follows.  Bits of its last octet that do not belong to it may be
 * anything.  A prefix that is not so, or a message of no octet whose last has
 * some bits, is refused with -EINVAL, at the latest by final().
 *
 * Of the algorithms with an explicit IV the prefix is the IV and then octet 9.
 */
#ifndef SIPSEC_CRYPTO_THREEGPP_H
#define SIPSEC_CRYPTO_THREEGPP_H

#include <linux/types.h>
#include <linux/unaligned.h>

#define SIPSEC_3GPP_KEY_LEN	16
#define SIPSEC_3GPP_MAC_LEN	4
#define SIPSEC_3GPP_PREFIX_LEN	10

struct sipsec_3gpp_parm {
	u32 count;
	u32 fresh;	/* or BEARER << SIPSEC_3GPP_BEARER_SHIFT */
	u8 direction;
	u8 bits;	/* LENGTH modulo 8 */
};

#define SIPSEC_3GPP_BEARER_SHIFT	27

static inline void sipsec_3gpp_prefix(u8 prefix[SIPSEC_3GPP_PREFIX_LEN],
				      const struct sipsec_3gpp_parm *p)
{
	put_unaligned_be32(p->count, prefix);
	put_unaligned_be32(p->fresh, prefix + 4);
	prefix[8] = p->direction;
	prefix[9] = p->bits;
}

#endif
