/* SPDX-License-Identifier: GPL-2.0 */
/*
 * MILENAGE, 3GPP TS 35.206: f1 to f5* of AKA over AES-128.
 *
 * Sizes in octets are in the prototypes.  All functions return 0 or
 * AKA_E_CRYPTO; on an error the outputs are wiped.  What struct milenage holds
 * is the caller's to wipe.
 */
#ifndef SIPSEC_AKA_MILENAGE_H
#define SIPSEC_AKA_MILENAGE_H

#include <stdint.h>

struct milenage {
	uint8_t k[16];
	uint8_t opc[16];
};

/* Set m->opc from m->k and the operator's OP. */
int milenage_set_op(struct milenage *m, const uint8_t op[16]);

/* f1 and f1*: MAC-A and MAC-S; either may be NULL. */
int milenage_f1(const struct milenage *m, const uint8_t rand[16], const uint8_t sqn[6],
		const uint8_t amf[2], uint8_t mac_a[8], uint8_t mac_s[8]);

/* f2 to f5. */
int milenage_f2345(const struct milenage *m, const uint8_t rand[16], uint8_t res[8],
		   uint8_t ck[16], uint8_t ik[16], uint8_t ak[6]);

/* f5*: the AK of a resynchronisation. */
int milenage_f5star(const struct milenage *m, const uint8_t rand[16], uint8_t ak[6]);

#endif
