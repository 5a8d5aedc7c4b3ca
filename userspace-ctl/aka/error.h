/* SPDX-License-Identifier: GPL-2.0 */
/* What the functions of aka/ return: 0, or one of these, all negative. */
#ifndef SIPSEC_AKA_ERROR_H
#define SIPSEC_AKA_ERROR_H

enum aka_error {
	AKA_E_CRYPTO = -1,
	AKA_E_NOMEM = -2,
	AKA_E_ROOM = -3,
	AKA_E_ALG = -4,
	AKA_E_DIRECTION = -5,
	AKA_E_K_LEN = -6,
	AKA_E_OP_LEN = -7,
	AKA_E_OPC_LEN = -8,
	AKA_E_TOP_LEN = -9,
	AKA_E_TOPC_LEN = -10,
	AKA_E_CK_LEN = -11,
	AKA_E_IK_LEN = -12,
	AKA_E_MAC_LEN = -13,
	AKA_E_RES_LEN = -14,
	AKA_E_ITERATIONS = -15,
	AKA_E_AUTN_LEN = -16,
	AKA_E_AUTS_LEN = -17,
	AKA_E_MAC_A = -18,
	AKA_E_MAC_S = -19,
};

/* "field: reason" of a code above; never NULL. */
const char *aka_strerror(int err);

#endif
