// SPDX-License-Identifier: GPL-2.0
/* HMAC (RFC 2104) by the kernel's crypto library, which chooses its driver itself. */
#include <crypto/md5.h>
#include <crypto/sha1.h>
#include <crypto/sha2.h>
#include <linux/string.h>

#include "mac.h"

/* A prepared key lies in the SA. */
static_assert(sizeof(struct hmac_md5_key) <= sizeof_field(struct sipsec_mac_key, state));
static_assert(sizeof(struct hmac_sha1_key) <= sizeof_field(struct sipsec_mac_key, state));
static_assert(sizeof(struct hmac_sha256_key) <= sizeof_field(struct sipsec_mac_key, state));

int sipsec_hmac_init(void)
{
	return 0;
}

void sipsec_hmac_exit(void)
{
}

const char *sipsec_hmac_driver(const struct sipsec_alg *alg)
{
	switch (alg->nr) {
	case SIPSEC_ALG_HMAC_MD5_96:
		return "hmac-md5-lib";
	case SIPSEC_ALG_HMAC_SHA1_96:
		return "hmac-sha1-lib";
	default:
		return "hmac-sha256-lib";
	}
}

int sipsec_hmac_set_key(const struct sipsec_alg *alg, const u8 *raw, struct sipsec_mac_key *key)
{
	switch (alg->nr) {
	case SIPSEC_ALG_HMAC_MD5_96:
		hmac_md5_preparekey((struct hmac_md5_key *)key->state, raw, alg->key_len);
		break;
	case SIPSEC_ALG_HMAC_SHA1_96:
		hmac_sha1_preparekey((struct hmac_sha1_key *)key->state, raw, alg->key_len);
		break;
	default:
		hmac_sha256_preparekey((struct hmac_sha256_key *)key->state, raw, alg->key_len);
		break;
	}
	return 0;
}

/* The three differ in their types alone. */
#define HMAC(hash, size, key, t, mac, mac_octets)					\
do {											\
	struct hmac_##hash##_ctx ctx;							\
	u8 digest[size];								\
	unsigned int i;									\
											\
	hmac_##hash##_init(&ctx, (const struct hmac_##hash##_key *)(key)->state);	\
	for (i = 0; i < (t)->nr; i++)							\
		hmac_##hash##_update(&ctx, (t)->part[i].data, (t)->part[i].len);	\
	hmac_##hash##_final(&ctx, digest);						\
	memcpy(mac, digest, mac_octets);						\
} while (0)

int sipsec_hmac(const struct sipsec_alg *alg, const struct sipsec_mac_key *key,
		const struct sipsec_text *t, u8 *mac)
{
	switch (alg->nr) {
	case SIPSEC_ALG_HMAC_MD5_96:
		HMAC(md5, MD5_DIGEST_SIZE, key, t, mac, alg->mac_len);
		break;
	case SIPSEC_ALG_HMAC_SHA1_96:
		HMAC(sha1, SHA1_DIGEST_SIZE, key, t, mac, alg->mac_len);
		break;
	default:
		HMAC(sha256, SHA256_DIGEST_SIZE, key, t, mac, alg->mac_len);
		break;
	}
	return 0;
}
