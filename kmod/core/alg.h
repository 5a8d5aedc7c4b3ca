/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The algorithms of clause 5: number, name, sizes.  One table for the kernel
 * and the tool; which of them a running kernel serves is another matter.
 */
#ifndef SIPSEC_CORE_ALG_H
#define SIPSEC_CORE_ALG_H

#include <linux/types.h>

enum sipsec_alg_nr {
	SIPSEC_ALG_HMAC_MD5_96 = 1,
	SIPSEC_ALG_HMAC_SHA1_96,
	SIPSEC_ALG_AES_GMAC,
	SIPSEC_ALG_HMAC_SHA256_128,
	SIPSEC_ALG_AES_CMAC_96,
	SIPSEC_ALG_UIA1,
	SIPSEC_ALG_UIA2,
	SIPSEC_ALG_EIA2,
	SIPSEC_ALG_EIA3,
	SIPSEC_ALG_END,
};

struct sipsec_alg {
	const char *name;
	u8 nr;
	u8 mac_len;	/* octets of the MAC on the wire */
	u8 key_len;	/* octets of the SA key, the salt among them */
	u8 salt_len;	/* its last octets: AES-GMAC's salt */
	bool key_is_ik;	/* clause 6: "IK" and zero bits; else "KDF" */
	bool count32;	/* a 32-bit COUNT: the SA ends at seq 2^32 - 1 */
	bool nonce;	/* all is lost when a (key, seq) pair is used twice */
};

/* By number; NULL for none. */
const struct sipsec_alg *sipsec_alg_by_nr(unsigned int nr);

/* By the name of clause 5, without regard to case; NULL for none. */
const struct sipsec_alg *sipsec_alg_by_name(const char *name);

/* base64url characters of the mac value, RFC 4648 clause 5 unpadded. */
static inline unsigned int sipsec_alg_mac_chars(const struct sipsec_alg *alg)
{
	return (alg->mac_len * 8 + 5) / 6;
}

/* The last seq an SA of this algorithm may use. */
static inline u64 sipsec_alg_seq_max(const struct sipsec_alg *alg)
{
	return alg->count32 ? 0xffffffffULL : ~0ULL;
}

#endif
