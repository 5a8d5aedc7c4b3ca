// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "alg.h"
#include "replay.h"
#include "sipmsg.h"
#include "verify.h"

#define KEY_LEN		32

static struct {
	const struct sipsec_alg *alg;
	u32 spi;
	EVP_MAC_CTX *ctx;
	union {
		struct sipsec_replay replay;
		u8 room[sizeof(struct sipsec_replay) + SIPSEC_WINDOW_DEFAULT / 8];
	};
} sa;

void verify_init(const char *spi, const char *hex)
{
	char name[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
		OSSL_PARAM_END
	};
	long len;
	u8 *key = OPENSSL_hexstr2buf(hex, &len);

	if (!key || len != KEY_LEN)
		errx(2, "key: want %u octets", KEY_LEN);
	sa.alg = sipsec_alg_by_nr(SIPSEC_ALG_HMAC_SHA256_128);
	sa.spi = strtoul(spi, NULL, 16);
	sa.ctx = EVP_MAC_CTX_new(EVP_MAC_fetch(NULL, "HMAC", NULL));
	sipsec_replay_init(&sa.replay, SIPSEC_WINDOW_DEFAULT, 0);
	if (!sa.ctx || !EVP_MAC_init(sa.ctx, key, len, params))
		errx(1, "libcrypto: no HMAC");
	OPENSSL_free(key);
}

static bool mac_is_right(const u8 *buf, u32 len, const struct sipsec_integrity *f)
{
	static const u8 placeholder[SIPSEC_MAX_MAC_CHARS + 1] =
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	u32 behind = f->mac_off + f->mac_chars;
	u8 got[SIPSEC_MAX_MAC_LEN], want[EVP_MAX_MD_SIZE], pseudo[SIPSEC_PSEUDO_LEN];
	size_t n;

	sipsec_pseudo(pseudo, SIPSEC_SCOPE_HOP, 0, sa.alg->nr, f->spi, f->seq);
	return sipsec_mac_decode(buf + f->mac_off, f->mac_chars, got, sa.alg->mac_len) &&
	       EVP_MAC_init(sa.ctx, NULL, 0, NULL) &&
	       EVP_MAC_update(sa.ctx, pseudo, sizeof(pseudo)) &&
	       EVP_MAC_update(sa.ctx, buf, f->mac_off) &&
	       EVP_MAC_update(sa.ctx, placeholder, f->mac_chars) &&
	       EVP_MAC_update(sa.ctx, buf + behind, len - behind) &&
	       EVP_MAC_final(sa.ctx, want, &n, sizeof(want)) &&
	       !CRYPTO_memcmp(got, want, sa.alg->mac_len);
}

bool verify(const unsigned char *buf, unsigned int len)
{
	const struct sipsec_look look = { .max = SIPSEC_MAX_SIZE_DEFAULT };
	struct sipsec_msg msg;
	enum sipsec_why why;

	return sipsec_look(buf, len, &look, &msg, &why) == SIPSEC_CLASS_NONE &&
	       msg.hop.spi == sa.spi && sipsec_replay_check(&sa.replay, msg.hop.seq) &&
	       mac_is_right(buf, len, &msg.hop) &&
	       sipsec_replay_commit(&sa.replay, msg.hop.seq);
}
