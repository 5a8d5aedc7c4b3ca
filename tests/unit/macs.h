/* SPDX-License-Identifier: GPL-2.0 */
/* MACs of clauses 4 and 5 by libcrypto: algorithms 1 to 5 and 8. */
#ifndef UNIT_MACS_H
#define UNIT_MACS_H

#include "alg.h"
#include "data.h"

/* The bare functions; out has room for 32 octets.  Returns the octets written. */
u32 macs_hmac(const char *digest, const u8 *key, u32 key_len, const u8 *text, u32 len, u8 *out);
u32 macs_cmac(const u8 *key, u32 key_len, const u8 *text, u32 len, u8 *out);
u32 macs_gmac(const u8 *key, u32 key_len, const u8 *nonce, const u8 *text, u32 len, u8 *out);

struct macs_sa {
	const struct sipsec_alg *alg;
	u32 spi;
	unsigned int direction;
	struct octets key;
};

/* alg->mac_len octets of the MAC of T = PSEUDO || message. */
void macs_sign(const struct macs_sa *sa, u64 seq, const u8 *pseudo, const u8 *message, u32 len,
	       u8 *mac);

/* Does the helper know that algorithm? */
bool macs_has(const struct sipsec_alg *alg);

#endif
