// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "core/alg.h"

#include "aka.h"

#define SHA256_LEN	32

/* TS 33.220 Annex B.2: FC of clause 6. */
#define FC		0xf0

static const char p0_prefix[] = "sipsec:";

/* S; the longest name of clause 5 has 16 characters. */
struct input {
	uint8_t octets[64];
	size_t len;
};

static void put(struct input *s, const void *data, size_t len)
{
	memcpy(s->octets + s->len, data, len);
	s->len += len;
}

static void put_len(struct input *s, size_t len)
{
	const uint8_t be[2] = { len >> 8, len };

	put(s, be, sizeof(be));
}

static int derive(const char *name, const uint8_t *ck, size_t ck_len, const uint8_t *ik,
		  size_t ik_len, unsigned int direction, uint32_t spi,
		  uint8_t out[SHA256_LEN])
{
	const uint8_t fc = FC, p1 = direction;
	const uint8_t p2[4] = { spi >> 24, spi >> 16, spi >> 8, spi };
	const size_t prefix_len = sizeof(p0_prefix) - 1, name_len = strlen(name);
	uint8_t key[2 * AKA_KEY_MAX];
	struct input s = { .len = 0 };
	size_t n = 0;
	int err = 0;

	/* FC, the name with its prefix, and P1, P2 and three lengths */
	if (1 + prefix_len + name_len + 1 + 4 + 3 * sizeof(uint16_t) > sizeof(s.octets))
		return AKA_E_ALG;
	put(&s, &fc, 1);
	put(&s, p0_prefix, prefix_len);
	put(&s, name, name_len);
	put_len(&s, prefix_len + name_len);
	put(&s, &p1, 1);
	put_len(&s, 1);
	put(&s, p2, sizeof(p2));
	put_len(&s, sizeof(p2));

	memcpy(key, ck, ck_len);
	memcpy(key + ck_len, ik, ik_len);
	if (!EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, key, ck_len + ik_len,
		       s.octets, s.len, out, SHA256_LEN, &n) || n != SHA256_LEN)
		err = AKA_E_CRYPTO;
	OPENSSL_cleanse(key, sizeof(key));
	return err;
}

int sipsec_kdf(const char *alg, const uint8_t *ck, size_t ck_len, const uint8_t *ik,
	       size_t ik_len, unsigned int direction, uint32_t spi, uint8_t *key,
	       size_t *key_len)
{
	const struct sipsec_alg *a = sipsec_alg_by_name(alg);
	uint8_t out[SHA256_LEN] = { 0 };
	int err = 0;

	if (!a || a->key_len > sizeof(out))
		return AKA_E_ALG;
	if (ck_len != 16 && ck_len != 32)
		return AKA_E_CK_LEN;
	if (ik_len != 16 && ik_len != 32)
		return AKA_E_IK_LEN;
	if (direction > 1)
		return AKA_E_DIRECTION;
	if (*key_len < a->key_len)
		return AKA_E_ROOM;

	if (a->key_is_ik)
		memcpy(out, ik, 16);	/* extended with zero bits */
	else
		err = derive(a->name, ck, ck_len, ik, ik_len, direction, spi, out);
	if (!err) {
		memcpy(key, out, a->key_len);
		*key_len = a->key_len;
	}
	OPENSSL_cleanse(out, sizeof(out));
	return err;
}
