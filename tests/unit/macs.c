// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <linux/unaligned.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "macs.h"

static u32 mac(const char *name, OSSL_PARAM *params, const u8 *key, u32 key_len, const u8 *text,
	       u32 len, u8 *out)
{
	EVP_MAC *type = EVP_MAC_fetch(NULL, name, NULL);
	EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(type);
	size_t out_len;

	if (!ctx || !EVP_MAC_init(ctx, key, key_len, params) || !EVP_MAC_update(ctx, text, len) ||
	    !EVP_MAC_final(ctx, out, &out_len, 32))
		errx(1, "libcrypto: %s", name);
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(type);
	return out_len;
}

u32 macs_hmac(const char *digest, const u8 *key, u32 key_len, const u8 *text, u32 len, u8 *out)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)digest, 0),
		OSSL_PARAM_END
	};

	return mac("HMAC", params, key, key_len, text, len, out);
}

static const char *aes(const char *mode, u32 key_len)
{
	static char name[16];

	snprintf(name, sizeof(name), "AES-%u-%s", key_len * 8, mode);
	return name;
}

u32 macs_cmac(const u8 *key, u32 key_len, const u8 *text, u32 len, u8 *out)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_CIPHER, (char *)aes("CBC", key_len), 0),
		OSSL_PARAM_END
	};

	return mac("CMAC", params, key, key_len, text, len, out);
}

u32 macs_gmac(const u8 *key, u32 key_len, const u8 *nonce, const u8 *text, u32 len, u8 *out)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_CIPHER, (char *)aes("GCM", key_len), 0),
		OSSL_PARAM_octet_string(OSSL_MAC_PARAM_IV, (void *)nonce, 12),
		OSSL_PARAM_END
	};

	return mac("GMAC", params, key, key_len, text, len, out);
}

bool macs_has(const struct sipsec_alg *alg)
{
	return alg->nr <= SIPSEC_ALG_AES_CMAC_96 || alg->nr == SIPSEC_ALG_EIA2;
}

void macs_sign(const struct macs_sa *sa, u64 seq, const u8 *pseudo, const u8 *message, u32 len,
	       u8 *out)
{
	u8 *text = malloc(8 + SIPSEC_PSEUDO_LEN + len);
	u32 text_len = SIPSEC_PSEUDO_LEN + len;
	const u8 *key = sa->key.data;
	u8 nonce[12], full[32];

	if (!text || sa->key.len != sa->alg->key_len)
		errx(1, "SA %x: key of %u octets", sa->spi, sa->key.len);
	memset(text, 0, 8);
	memcpy(text + 8, pseudo, SIPSEC_PSEUDO_LEN);
	memcpy(text + 8 + SIPSEC_PSEUDO_LEN, message, len);
	switch (sa->alg->nr) {
	case SIPSEC_ALG_HMAC_MD5_96:
		macs_hmac("MD5", key, sa->key.len, text + 8, text_len, full);
		break;
	case SIPSEC_ALG_HMAC_SHA1_96:
		macs_hmac("SHA1", key, sa->key.len, text + 8, text_len, full);
		break;
	case SIPSEC_ALG_AES_GMAC:
		memcpy(nonce, key + 16, 4);
		put_unaligned_be64(seq, nonce + 4);
		macs_gmac(key, 16, nonce, text + 8, text_len, full);
		break;
	case SIPSEC_ALG_HMAC_SHA256_128:
		macs_hmac("SHA256", key, sa->key.len, text + 8, text_len, full);
		break;
	case SIPSEC_ALG_AES_CMAC_96:
		macs_cmac(key, 16, text + 8, text_len, full);
		break;
	case SIPSEC_ALG_EIA2:
		/* TS 33.401 B.2.3: COUNT || BEARER || DIRECTION || 26 zero bits */
		put_unaligned_be32(seq, text);
		text[4] = sa->direction << 2;
		macs_cmac(key, 16, text, 8 + text_len, full);
		break;
	default:
		errx(1, "no %s", sa->alg->name);
	}
	memcpy(out, full, sa->alg->mac_len);
	free(text);
}
