/* SPDX-License-Identifier: GPL-2.0 */
/*
 * AKA (3GPP TS 33.102) over MILENAGE or TUAK, and the SA key of clause 6.
 *
 * All lengths are octets.  Functions return 0 or an AKA_E_ code (error.h), for
 * which aka_strerror() has "field: reason".  No function prints, allocates
 * anything that outlives it, or keeps state.  Struct aka and struct aka_vector
 * hold secrets: the caller wipes them with aka_wipe() and aka_vector_wipe().
 */
#ifndef SIPSEC_AKA_H
#define SIPSEC_AKA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "milenage.h"
#include "tuak.h"

#define AKA_RAND_LEN	16
#define AKA_SQN_LEN	6
#define AKA_AMF_LEN	2
#define AKA_AK_LEN	6
#define AKA_MAC_MAX	32
#define AKA_KEY_MAX	32
/* (SQN xor AK) || AMF || MAC-A, and (SQN-MS xor AK*) || MAC-S */
#define AKA_AUTN_MAX	(AKA_SQN_LEN + AKA_AMF_LEN + AKA_MAC_MAX)
#define AKA_AUTS_MAX	(AKA_SQN_LEN + AKA_MAC_MAX)

enum aka_kind {
	AKA_MILENAGE,
	AKA_TUAK,
};

/* What a USIM and its home network share. */
struct aka {
	enum aka_kind kind;
	union {
		struct milenage milenage;
		struct tuak tuak;
	};
};

struct aka_vector {
	uint8_t res[32];
	uint8_t ck[AKA_KEY_MAX];
	uint8_t ik[AKA_KEY_MAX];
	uint8_t ak[AKA_AK_LEN];
	size_t res_len;
	size_t ck_len;
	size_t ik_len;
};

/* The lengths of TUAK, and its Keccak iterations, as in struct tuak. */
struct aka_tuak_sizes {
	size_t mac_len;
	size_t res_len;
	size_t ck_len;
	size_t ik_len;
	unsigned int iterations;
};

/* MAC 64, RES 64, CK and IK 128 bits, as of MILENAGE; one iteration. */
#define AKA_TUAK_SIZES_DEFAULT	{ 8, 8, 16, 16, 1 }

/* op is OPc when derived, else OP. */
int aka_init_milenage(struct aka *a, const uint8_t *k, size_t k_len, const uint8_t *op,
		      size_t op_len, bool derived);

/* top is TOPc when derived, else TOP. */
int aka_init_tuak(struct aka *a, const uint8_t *k, size_t k_len, const uint8_t *top,
		  size_t top_len, bool derived, const struct aka_tuak_sizes *sizes);

void aka_wipe(struct aka *a);

/* Octets of MAC-A and MAC-S. */
size_t aka_mac_len(const struct aka *a);

/* f2 to f5. */
int aka_vector(const struct aka *a, const uint8_t rand[AKA_RAND_LEN], struct aka_vector *v);

void aka_vector_wipe(struct aka_vector *v);

/* AUTN for a challenge; *autn_len octets of AKA_AUTN_MAX. */
int aka_autn(const struct aka *a, const uint8_t rand[AKA_RAND_LEN],
	     const uint8_t sqn[AKA_SQN_LEN], const uint8_t amf[AKA_AMF_LEN],
	     uint8_t autn[AKA_AUTN_MAX], size_t *autn_len);

/*
 * The USIM's check of AUTN (TS 33.102, 6.3.3), but for the freshness of SQN.
 * Gives SQN and AMF; AKA_E_MAC_A (compared in constant time): they are zero.
 */
int aka_autn_check(const struct aka *a, const uint8_t rand[AKA_RAND_LEN],
		   const uint8_t *autn, size_t autn_len, uint8_t sqn[AKA_SQN_LEN],
		   uint8_t amf[AKA_AMF_LEN]);

/* Is sqn above the highest the USIM has accepted?  Else it answers with AUTS. */
bool aka_sqn_fresh(const uint8_t sqn[AKA_SQN_LEN], const uint8_t sqn_ms[AKA_SQN_LEN]);

/* AUTS; the AMF under MAC-S is zero (TS 33.102, 6.3.3). */
int aka_auts(const struct aka *a, const uint8_t rand[AKA_RAND_LEN],
	     const uint8_t sqn_ms[AKA_SQN_LEN], uint8_t auts[AKA_AUTS_MAX], size_t *auts_len);

/* The home network's check of AUTS.  Gives SQN-MS; AKA_E_MAC_S: it is zero. */
int aka_auts_check(const struct aka *a, const uint8_t rand[AKA_RAND_LEN],
		   const uint8_t *auts, size_t auts_len, uint8_t sqn_ms[AKA_SQN_LEN]);

/*
 * Clause 6: the key of an SA (with AES-GMAC the salt after it) for one of the
 * algorithms of clause 5, by name.  ck_len and ik_len are 16 or 32, each by
 * itself; direction is 0 uplink or 1 downlink.  *key_len is the room at key on
 * entry (32 are enough for all) and the octets written on return.  On an error
 * nothing is left in key.
 */
int sipsec_kdf(const char *alg, const uint8_t *ck, size_t ck_len, const uint8_t *ik,
	       size_t ik_len, unsigned int direction, uint32_t spi, uint8_t *key,
	       size_t *key_len);

#endif
