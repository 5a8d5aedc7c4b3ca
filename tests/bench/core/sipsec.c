// SPDX-License-Identifier: GPL-2.0
/*
 * core/: the parser, and all that a message received costs there with the MAC by
 * libcrypto. Without the module's lookups, locks and counters.
 */
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <string.h>

#include "alg.h"
#include "replay.h"
#include "rows.h"
#include "sipmsg.h"

bool row_sipsec_parse(const struct message *m, unsigned long n)
{
	struct sipsec_msg msg;

	while (n--) {
		const u8 *buf = (const u8 *)m->data;

		__asm__ volatile("" : "+r" (buf) :: "memory");
		if (sipsec_msg_parse(buf, m->len, SIPSEC_MAX_SIZE_DEFAULT, &msg))
			return false;
		__asm__ volatile("" :: "r" (&msg) : "memory");
	}
	return true;
}

bool row_sipsec_parse_out(const struct message *m, unsigned long n)
{
	struct sipsec_msg msg;

	while (n--) {
		const u8 *buf = (const u8 *)m->data;

		__asm__ volatile("" : "+r" (buf) :: "memory");
		if (sipsec_msg_parse_out(buf, m->len, SIPSEC_MAX_SIZE_DEFAULT, &msg))
			return false;
		__asm__ volatile("" :: "r" (&msg) : "memory");
	}
	return true;
}

/* One SA: its key is set up once, as in the module. */
struct sa {
	const struct sipsec_alg *alg;
	EVP_MAC_CTX *ctx;
	u64 seq;
	union {
		struct sipsec_replay replay;
		u8 room[sizeof(struct sipsec_replay) + SIPSEC_WINDOW_DEFAULT / 8];
	};
};

static bool sa_ready(struct sa *sa, unsigned int nr)
{
	static const u8 key[SIPSEC_MAX_KEY_LEN] = "benchmark";
	static const struct {
		const char *mac, *param, *value;
		size_t key_len;
	} of[] = {
		[SIPSEC_ALG_HMAC_SHA1_96] = { "HMAC", OSSL_MAC_PARAM_DIGEST, "SHA1", 20 },
		[SIPSEC_ALG_HMAC_SHA256_128] = { "HMAC", OSSL_MAC_PARAM_DIGEST, "SHA256", 32 },
		[SIPSEC_ALG_AES_GMAC] = { "GMAC", OSSL_MAC_PARAM_CIPHER, "AES-128-GCM", 16 },
		[SIPSEC_ALG_AES_CMAC_96] = { "CMAC", OSSL_MAC_PARAM_CIPHER, "AES-128-CBC", 16 },
	};
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(of[nr].param, (char *)of[nr].value, 0),
		OSSL_PARAM_octet_string(OSSL_MAC_PARAM_IV, (void *)key, 12),
		OSSL_PARAM_END
	};

	if (sa->ctx)
		return true;
	if (nr != SIPSEC_ALG_AES_GMAC)
		params[1] = params[2];
	sa->alg = sipsec_alg_by_nr(nr);
	sa->ctx = EVP_MAC_CTX_new(EVP_MAC_fetch(NULL, of[nr].mac, NULL));
	sipsec_replay_init(&sa->replay, SIPSEC_WINDOW_DEFAULT, 0);
	return sa->ctx && EVP_MAC_init(sa->ctx, key, of[nr].key_len, params);
}

static bool mac_begin(const struct sa *sa)
{
	u8 nonce[12] = "salt";
	OSSL_PARAM params[] = {
		OSSL_PARAM_octet_string(OSSL_MAC_PARAM_IV, nonce, sizeof(nonce)),
		OSSL_PARAM_END
	};

	/* the key stays */
	return EVP_MAC_init(sa->ctx, NULL, 0, sa->alg->salt_len ? params : NULL);
}

static bool mac(const struct sa *sa, const struct message *m, const struct sipsec_integrity *f,
		u8 *out)
{
	static const u8 placeholder[SIPSEC_MAX_MAC_CHARS + 1] =
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	u32 behind = f->mac_off + f->mac_chars;
	const u8 *buf = (const u8 *)m->data;
	u8 pseudo[SIPSEC_PSEUDO_LEN];
	size_t len;

	sipsec_pseudo(pseudo, SIPSEC_SCOPE_HOP, 0, sa->alg->nr, f->spi, f->seq);
	return mac_begin(sa) &&
	       EVP_MAC_update(sa->ctx, pseudo, sizeof(pseudo)) &&
	       EVP_MAC_update(sa->ctx, buf, f->mac_off) &&
	       EVP_MAC_update(sa->ctx, placeholder, f->mac_chars) &&
	       EVP_MAC_update(sa->ctx, buf + behind, m->len - behind) &&
	       EVP_MAC_final(sa->ctx, out, &len, EVP_MAX_MD_SIZE);
}

/*
 * The message has one seq and one MAC, of 128 bits, made for no key: so the window
 * counts by itself, and what is compared need not be equal.
 */
static bool verify(struct sa *sa, const struct message *m)
{
	const struct sipsec_look look = { .max = SIPSEC_MAX_SIZE_DEFAULT };
	u8 got[SIPSEC_MAX_MAC_LEN], want[EVP_MAX_MD_SIZE];
	struct sipsec_msg msg;
	enum sipsec_why why;
	int differ;

	if (sipsec_look((const u8 *)m->data, m->len, &look, &msg, &why) != SIPSEC_CLASS_NONE ||
	    !sipsec_mac_decode((const u8 *)m->data + msg.hop.mac_off, msg.hop.mac_chars, got,
			       SIPSEC_MAX_MAC_LEN) ||
	    !sipsec_replay_check(&sa->replay, ++sa->seq) || !mac(sa, m, &msg.hop, want))
		return false;
	differ = CRYPTO_memcmp(got, want, sa->alg->mac_len);
	__asm__ volatile("" :: "r" (differ));
	return sipsec_replay_commit(&sa->replay, sa->seq);
}

static bool bare_mac(struct sa *sa, const struct message *m)
{
	u8 out[EVP_MAX_MD_SIZE];
	size_t len;

	return mac_begin(sa) && EVP_MAC_update(sa->ctx, (const u8 *)m->data, m->len) &&
	       EVP_MAC_final(sa->ctx, out, &len, sizeof(out));
}

static bool repeat(unsigned int nr, bool (*what)(struct sa *sa, const struct message *m),
		   const struct message *m, unsigned long n)
{
	static struct sa sas[SIPSEC_ALG_END];

	if (!sa_ready(&sas[nr], nr))
		return false;
	while (n--)
		if (!what(&sas[nr], m))
			return false;
	return true;
}

#define ROWS(name, nr)								\
bool row_mac_##name(const struct message *m, unsigned long n)			\
{										\
	return repeat(nr, bare_mac, m, n);					\
}										\
										\
bool row_verify_##name(const struct message *m, unsigned long n)		\
{										\
	return repeat(nr, verify, m, n);					\
}

ROWS(sha256, SIPSEC_ALG_HMAC_SHA256_128)
ROWS(sha1, SIPSEC_ALG_HMAC_SHA1_96)
ROWS(gmac, SIPSEC_ALG_AES_GMAC)
ROWS(cmac, SIPSEC_ALG_AES_CMAC_96)
