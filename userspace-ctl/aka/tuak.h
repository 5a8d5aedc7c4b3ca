/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TUAK, 3GPP TS 35.231: f1 to f5* of AKA over Keccak-f[1600].
 *
 * Lengths are in octets.  All functions return 0 or an AKA_E_ code: one naming
 * the field when a length in struct tuak is not one of those beside it (nothing
 * is written then), AKA_E_CRYPTO or AKA_E_NOMEM (the outputs are zero then).
 * What struct tuak holds is the caller's to wipe.
 */
#ifndef SIPSEC_AKA_TUAK_H
#define SIPSEC_AKA_TUAK_H

#include <stddef.h>
#include <stdint.h>

#define TUAK_MAX_ITERATIONS	255

struct tuak {
	uint8_t k[32];
	uint8_t topc[32];
	size_t k_len;		/* 16 or 32 */
	size_t mac_len;		/* 8, 16 or 32 */
	size_t res_len;		/* 4, 8, 16 or 32 */
	size_t ck_len;		/* 16 or 32 */
	size_t ik_len;		/* 16 or 32 */
	unsigned int iterations;	/* of Keccak: 1 to TUAK_MAX_ITERATIONS */
};

/* Are the lengths and iterations as said above?  Else the code that names the field. */
int tuak_check(const struct tuak *t);

/* Set t->topc from all else in *t and the operator's TOP. */
int tuak_set_top(struct tuak *t, const uint8_t top[32]);

/* f1: MAC-A, t->mac_len octets. */
int tuak_f1(const struct tuak *t, const uint8_t rand[16], const uint8_t sqn[6],
	    const uint8_t amf[2], uint8_t *mac_a);

/* f1*: MAC-S, t->mac_len octets. */
int tuak_f1star(const struct tuak *t, const uint8_t rand[16], const uint8_t sqn[6],
		const uint8_t amf[2], uint8_t *mac_s);

/* f2 to f5: t->res_len, t->ck_len and t->ik_len octets and 6 of AK. */
int tuak_f2345(const struct tuak *t, const uint8_t rand[16], uint8_t *res, uint8_t *ck,
	       uint8_t *ik, uint8_t ak[6]);

/* f5*: the AK of a resynchronisation. */
int tuak_f5star(const struct tuak *t, const uint8_t rand[16], uint8_t ak[6]);

#endif
