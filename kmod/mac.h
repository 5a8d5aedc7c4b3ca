/* SPDX-License-Identifier: GPL-2.0 */
/*
 * MACs of clause 5 by the kernel's crypto API or, on kernels that have one, its
 * crypto library.  Four providers, one a family: HMAC, CMAC, GMAC and those of
 * 3GPP's access; which file serves a family is chosen when the module is built.
 */
#ifndef SIPSEC_MAC_H
#define SIPSEC_MAC_H

#include <linux/types.h>

#include "core/alg.h"
#include "text.h"

/*
 * A key ready for use, in the SA.  HMAC keeps the chaining values after the
 * inner and outer pad here; the others keep a pointer.
 */
struct sipsec_mac_key {
	union {
		u64 state[8];
		struct {
			void *ptr;
			u8 raw[16];	/* AES-GMAC's by the crypto API, its salt, and H */
			u8 salt[4];
			u8 h[16];
		};
	};
};

/* What a family's provider offers; its functions are called through mac.c. */
int sipsec_hmac_init(void);
void sipsec_hmac_exit(void);
const char *sipsec_hmac_driver(const struct sipsec_alg *alg);
int sipsec_hmac_set_key(const struct sipsec_alg *alg, const u8 *raw, struct sipsec_mac_key *key);
int sipsec_hmac(const struct sipsec_alg *alg, const struct sipsec_mac_key *key,
		const struct sipsec_text *t, u8 *mac);

int sipsec_cmac_init(void);
void sipsec_cmac_exit(void);
const char *sipsec_cmac_driver(void);
int sipsec_cmac_set_key(const u8 *raw, struct sipsec_mac_key *key);
void sipsec_cmac_clear_key(struct sipsec_mac_key *key);
int sipsec_cmac(const struct sipsec_mac_key *key, const struct sipsec_text *t, u8 *mac);

int sipsec_gmac_init(void);
void sipsec_gmac_exit(void);
const char *sipsec_gmac_driver(void);
int sipsec_gmac_set_key(const u8 *raw, struct sipsec_mac_key *key);
void sipsec_gmac_clear_key(struct sipsec_mac_key *key);
int sipsec_gmac(const struct sipsec_mac_key *key, u64 seq, const struct sipsec_text *t, u8 *mac);

/* Asks the crypto API, and so may load a module and sleep. */
const char *sipsec_3gpp_driver(const struct sipsec_alg *alg);
int sipsec_3gpp_set_key(const struct sipsec_alg *alg, const u8 *raw, struct sipsec_mac_key *key);
void sipsec_3gpp_clear_key(struct sipsec_mac_key *key);
int sipsec_3gpp(const struct sipsec_alg *alg, const struct sipsec_mac_key *key, u64 seq,
		const struct sipsec_text *t, u8 *mac);

/*
 * A provider's answer where the crypto API gives no driver, by err.  0: the
 * module does without the algorithm, and this has said so.  A negative errno:
 * it is not to be loaded, since there was no memory or the loading was killed.
 */
int sipsec_mac_without(unsigned int nr, const char *driver, int err);

/*
 * Load the fastest drivers and find out what this kernel serves.  It is no
 * error if an algorithm is missing, but of hmac-sha-256-128, which is
 * mandatory: then a negative errno.
 */
int sipsec_mac_init(void);
void sipsec_mac_exit(void);

/*
 * The driver that serves an algorithm, or NULL where nothing does.  May sleep,
 * and load the module that serves it.
 */
const char *sipsec_mac_driver(const struct sipsec_alg *alg);

/*
 * Make a key ready: raw has alg->key_len octets.  May sleep.  0 or a negative
 * errno; then key needs no clearing.
 */
int sipsec_mac_set_key(const struct sipsec_alg *alg, const u8 *raw, struct sipsec_mac_key *key);

/*
 * Wipe and free a key.  May sleep if the algorithm says sipsec_mac_clear_sleeps();
 * a grace period has passed since the last datagram could find it.
 */
void sipsec_mac_clear_key(const struct sipsec_alg *alg, struct sipsec_mac_key *key);
bool sipsec_mac_clear_sleeps(const struct sipsec_alg *alg);

/*
 * The leftmost alg->mac_len octets of the MAC over t; mac has room for
 * SIPSEC_MAX_MAC_LEN.  Between sipsec_scratch_get() and _put(), for some use memory of the
 * CPU's own.  0, or a negative errno where the crypto API could not do it now; the caller
 * drops the datagram.
 */
int sipsec_mac(const struct sipsec_alg *alg, const struct sipsec_mac_key *key, u64 seq,
	       const struct sipsec_text *t, u8 *mac);

#endif
