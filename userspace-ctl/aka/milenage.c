// SPDX-License-Identifier: GPL-2.0
/*
 * TS 35.206 clause 4.1.  Every output is half a block, or a block, of
 *
 *	OUTn = E(rot(TEMP ^ OPc, rn) ^ cn) ^ OPc,  TEMP = E(RAND ^ OPc)
 *
 * for n = 2 to 5; OUT1 (f1 and f1*) takes TEMP unrotated and rotates its own
 * input SQN || AMF || SQN || AMF instead.
 */
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "error.h"
#include "milenage.h"

#define BLOCK	16

/* The rotations r1 to r5 in octets, towards the front, and the constants c1 to c5. */
static const struct {
	uint8_t rot;
	uint8_t last;	/* the constant's last octet; the others are zero */
} steps[] = {
	[1] = { 8, 0 },
	[2] = { 0, 1 },
	[3] = { 4, 2 },
	[4] = { 8, 4 },
	[5] = { 12, 8 },
};

static void xor_block(uint8_t *out, const uint8_t *a, const uint8_t *b)
{
	int i;

	for (i = 0; i < BLOCK; i++)
		out[i] = a[i] ^ b[i];
}

static EVP_CIPHER_CTX *aes_new(const uint8_t k[BLOCK])
{
	EVP_CIPHER_CTX *aes = EVP_CIPHER_CTX_new();

	if (!aes)
		return NULL;
	if (EVP_EncryptInit_ex(aes, EVP_aes_128_ecb(), NULL, k, NULL) != 1 ||
	    EVP_CIPHER_CTX_set_padding(aes, 0) != 1) {
		EVP_CIPHER_CTX_free(aes);
		return NULL;
	}
	return aes;
}

/* One block; in and out may be the same. */
static int aes_block(EVP_CIPHER_CTX *aes, const uint8_t *in, uint8_t *out)
{
	int n = 0;

	if (EVP_EncryptUpdate(aes, out, &n, in, BLOCK) != 1 || n != BLOCK)
		return AKA_E_CRYPTO;
	return 0;
}

static int temp_block(EVP_CIPHER_CTX *aes, const struct milenage *m, const uint8_t *rand,
		      uint8_t *temp)
{
	xor_block(temp, rand, m->opc);
	return aes_block(aes, temp, temp);
}

/* in rotated by step n's octets and masked with its constant. */
static void rotate(uint8_t *out, const uint8_t *in, int n)
{
	int i;

	for (i = 0; i < BLOCK; i++)
		out[i] = in[(i + steps[n].rot) % BLOCK];
	out[BLOCK - 1] ^= steps[n].last;
}

/* OUT2 to OUT5. */
static int out_block(EVP_CIPHER_CTX *aes, const struct milenage *m, const uint8_t *temp,
		     int n, uint8_t *out)
{
	uint8_t mixed[BLOCK];
	int err;

	xor_block(mixed, temp, m->opc);
	rotate(out, mixed, n);
	err = aes_block(aes, out, out);
	xor_block(out, out, m->opc);
	OPENSSL_cleanse(mixed, sizeof(mixed));
	return err;
}

int milenage_set_op(struct milenage *m, const uint8_t op[16])
{
	EVP_CIPHER_CTX *aes = aes_new(m->k);
	int err = AKA_E_CRYPTO;

	if (aes)
		err = aes_block(aes, op, m->opc);
	if (err)
		OPENSSL_cleanse(m->opc, sizeof(m->opc));
	else
		xor_block(m->opc, m->opc, op);
	EVP_CIPHER_CTX_free(aes);
	return err;
}

int milenage_f1(const struct milenage *m, const uint8_t rand[16], const uint8_t sqn[6],
		const uint8_t amf[2], uint8_t mac_a[8], uint8_t mac_s[8])
{
	uint8_t temp[BLOCK], in[BLOCK], out[BLOCK] = { 0 };
	EVP_CIPHER_CTX *aes = aes_new(m->k);
	int err = AKA_E_CRYPTO;

	if (aes)
		err = temp_block(aes, m, rand, temp);
	if (!err) {
		memcpy(in, sqn, 6);
		memcpy(in + 6, amf, 2);
		memcpy(in + 8, in, 8);
		xor_block(in, in, m->opc);
		rotate(out, in, 1);
		xor_block(out, out, temp);
		err = aes_block(aes, out, out);
		xor_block(out, out, m->opc);
	}
	if (err)
		OPENSSL_cleanse(out, sizeof(out));
	if (mac_a)
		memcpy(mac_a, out, 8);
	if (mac_s)
		memcpy(mac_s, out + 8, 8);
	EVP_CIPHER_CTX_free(aes);
	OPENSSL_cleanse(temp, sizeof(temp));
	OPENSSL_cleanse(in, sizeof(in));
	OPENSSL_cleanse(out, sizeof(out));
	return err;
}

int milenage_f2345(const struct milenage *m, const uint8_t rand[16], uint8_t res[8],
		   uint8_t ck[16], uint8_t ik[16], uint8_t ak[6])
{
	uint8_t temp[BLOCK], out[BLOCK];
	EVP_CIPHER_CTX *aes = aes_new(m->k);
	int err = AKA_E_CRYPTO;

	if (aes)
		err = temp_block(aes, m, rand, temp);
	if (!err)
		err = out_block(aes, m, temp, 2, out);
	if (!err) {
		memcpy(ak, out, 6);
		memcpy(res, out + 8, 8);
		err = out_block(aes, m, temp, 3, ck);
	}
	if (!err)
		err = out_block(aes, m, temp, 4, ik);
	if (err) {
		OPENSSL_cleanse(res, 8);
		OPENSSL_cleanse(ck, 16);
		OPENSSL_cleanse(ik, 16);
		OPENSSL_cleanse(ak, 6);
	}
	EVP_CIPHER_CTX_free(aes);
	OPENSSL_cleanse(temp, sizeof(temp));
	OPENSSL_cleanse(out, sizeof(out));
	return err;
}

int milenage_f5star(const struct milenage *m, const uint8_t rand[16], uint8_t ak[6])
{
	uint8_t temp[BLOCK], out[BLOCK];
	EVP_CIPHER_CTX *aes = aes_new(m->k);
	int err = AKA_E_CRYPTO;

	if (aes)
		err = temp_block(aes, m, rand, temp);
	if (!err)
		err = out_block(aes, m, temp, 5, out);
	if (err)
		OPENSSL_cleanse(ak, 6);
	else
		memcpy(ak, out, 6);
	EVP_CIPHER_CTX_free(aes);
	OPENSSL_cleanse(temp, sizeof(temp));
	OPENSSL_cleanse(out, sizeof(out));
	return err;
}
