// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>

#include "error.h"

static const char *const texts[] = {
	[0] = "no error",
	[-AKA_E_CRYPTO] = "libcrypto: failed (no memory, or the primitive is not offered)",
	[-AKA_E_NOMEM] = "memory: none left",
	[-AKA_E_ROOM] = "key: does not fit the buffer",
	[-AKA_E_ALG] = "alg: unknown algorithm",
	[-AKA_E_DIRECTION] = "dir: must be uplink or downlink",
	[-AKA_E_K_LEN] = "k: must be 16 octets (MILENAGE), or 16 or 32 (TUAK)",
	[-AKA_E_OP_LEN] = "op: must be 16 octets",
	[-AKA_E_OPC_LEN] = "opc: must be 16 octets",
	[-AKA_E_TOP_LEN] = "top: must be 32 octets",
	[-AKA_E_TOPC_LEN] = "topc: must be 32 octets",
	[-AKA_E_CK_LEN] = "ck: must be 16 or 32 octets",
	[-AKA_E_IK_LEN] = "ik: must be 16 or 32 octets",
	[-AKA_E_MAC_LEN] = "mac: must be 8, 16 or 32 octets",
	[-AKA_E_RES_LEN] = "res: must be 4, 8, 16 or 32 octets",
	[-AKA_E_ITERATIONS] = "iterations: must be 1 to 255",
	[-AKA_E_AUTN_LEN] = "autn: its length is not that of SQN, AMF and MAC-A",
	[-AKA_E_AUTS_LEN] = "auts: its length is not that of SQN-MS and MAC-S",
	[-AKA_E_MAC_A] = "autn: MAC-A differs",
	[-AKA_E_MAC_S] = "auts: MAC-S differs",
};

const char *aka_strerror(int err)
{
	if (err > 0 || err <= -(int)(sizeof(texts) / sizeof(*texts)))
		return "unknown error";
	return texts[-err];
}
