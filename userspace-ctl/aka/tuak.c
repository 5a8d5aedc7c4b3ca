// SPDX-License-Identifier: GPL-2.0
/*
 * TS 35.231 clauses 6 and 7 number the bits of Keccak's state and of the
 * fields in opposite senses, so each field goes into the state, and comes out
 * of it, with its octets in reverse order:
 *
 *	octet 0      TOP or TOPc, 32 octets
 *	      32     INSTANCE
 *	      33     ALGONAME, 7 octets
 *	      40     RAND, 16 octets
 *	      56     AMF, 2 octets
 *	      58     SQN, 6 octets
 *	      64     K, 16 octets and 16 zero ones, or 32 octets
 *	      96     bits 1 1 1 1 1 0 .. 0 1 up to octet 136, then zero
 *
 * The bits at 96 are SHAKE256's suffix and padding and 136 octets its rate: so
 * the permuted state is what SHAKE256 of the first 96 octets gives out.  Going
 * on, it permutes its state with nothing put in after each 136 octets; that is
 * TUAK's iteration, and n of them are the n-th 136 octets.
 */
#include <stdbool.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "error.h"
#include "tuak.h"

#define RATE		136
#define IN_INSTANCE	32
#define IN_ALGONAME	33
#define IN_RAND		40
#define IN_AMF		56
#define IN_SQN		58
#define IN_K		64
#define IN_LEN		96

/* Where the outputs lie in the permuted state. */
#define OUT_MAC		0	/* TOPc, MAC-A, MAC-S, RES */
#define OUT_CK		32
#define OUT_IK		64
#define OUT_AK		96
#define OUT_LEN		(OUT_AK + 6)

/* INSTANCE, whose bit 0 is the octet's most significant one. */
#define INSTANCE_TOPC	0x00
#define INSTANCE_F1	0x00	/* the MAC's length tells it from TOPc */
#define INSTANCE_F1STAR	0x80
#define INSTANCE_F2345	0x40
#define INSTANCE_F5STAR	0xc0
#define INSTANCE_CK_32	0x04
#define INSTANCE_IK_32	0x02
#define INSTANCE_K_32	0x01

/*
 * Bits 2 to 4 hold 0, 1, 2 or 4 for a MAC or RES of 4, 8, 16 or 32 octets:
 * where they stand in the octet that is the length itself, but for 4.
 */
static uint8_t instance_len(size_t len)
{
	return len == 4 ? 0 : len;
}

static void reverse(uint8_t *out, const uint8_t *in, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		out[i] = in[len - 1 - i];
}

static bool is_key_len(size_t len)
{
	return len == 16 || len == 32;
}

int tuak_check(const struct tuak *t)
{
	if (!is_key_len(t->k_len))
		return AKA_E_K_LEN;
	if (t->mac_len != 8 && t->mac_len != 16 && t->mac_len != 32)
		return AKA_E_MAC_LEN;
	if (t->res_len != 4 && t->res_len != 8 && t->res_len != 16 && t->res_len != 32)
		return AKA_E_RES_LEN;
	if (!is_key_len(t->ck_len))
		return AKA_E_CK_LEN;
	if (!is_key_len(t->ik_len))
		return AKA_E_IK_LEN;
	if (t->iterations < 1 || t->iterations > TUAK_MAX_ITERATIONS)
		return AKA_E_ITERATIONS;
	return 0;
}

/* The state after so many iterations: its first OUT_LEN octets. */
static int keccak(const uint8_t in[IN_LEN], unsigned int iterations, uint8_t out[OUT_LEN])
{
	size_t size = (size_t)RATE * iterations;
	uint8_t *squeezed = OPENSSL_malloc(size);
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	int err = AKA_E_CRYPTO;

	if (!squeezed || !md)
		err = AKA_E_NOMEM;
	else if (EVP_DigestInit_ex(md, EVP_shake256(), NULL) == 1 &&
		 EVP_DigestUpdate(md, in, IN_LEN) == 1 &&
		 EVP_DigestFinalXOF(md, squeezed, size) == 1)
		err = 0;
	if (!err)
		memcpy(out, squeezed + size - RATE, OUT_LEN);
	EVP_MD_CTX_free(md);
	OPENSSL_clear_free(squeezed, size);
	return err;
}

/* sqn and amf are NULL where they take no part; so is rand for TOPc. */
static int run(const struct tuak *t, uint8_t instance, const uint8_t top[32],
	       const uint8_t *rand, const uint8_t *sqn, const uint8_t *amf,
	       uint8_t out[OUT_LEN])
{
	static const uint8_t algoname[] = { 'T', 'U', 'A', 'K', '1', '.', '0' };
	uint8_t in[IN_LEN] = { 0 };
	int err;

	/* What libcrypto does not fill is zero, so an error leaves the outputs so. */
	memset(out, 0, OUT_LEN);
	reverse(in, top, 32);
	in[IN_INSTANCE] = instance | (t->k_len == 32 ? INSTANCE_K_32 : 0);
	reverse(in + IN_ALGONAME, algoname, sizeof(algoname));
	if (rand)
		reverse(in + IN_RAND, rand, 16);
	if (sqn) {
		reverse(in + IN_AMF, amf, 2);
		reverse(in + IN_SQN, sqn, 6);
	}
	reverse(in + IN_K, t->k, t->k_len);
	err = keccak(in, t->iterations, out);
	OPENSSL_cleanse(in, sizeof(in));
	return err;
}

int tuak_set_top(struct tuak *t, const uint8_t top[32])
{
	uint8_t out[OUT_LEN];
	int err = tuak_check(t);

	if (err)
		return err;
	err = run(t, INSTANCE_TOPC, top, NULL, NULL, NULL, out);
	reverse(t->topc, out + OUT_MAC, 32);
	OPENSSL_cleanse(out, sizeof(out));
	return err;
}

static int run_f1(const struct tuak *t, uint8_t instance, const uint8_t *rand,
		  const uint8_t *sqn, const uint8_t *amf, uint8_t *mac)
{
	uint8_t out[OUT_LEN];
	int err = tuak_check(t);

	if (err)
		return err;
	err = run(t, instance | instance_len(t->mac_len), t->topc, rand, sqn, amf, out);
	reverse(mac, out + OUT_MAC, t->mac_len);
	OPENSSL_cleanse(out, sizeof(out));
	return err;
}

int tuak_f1(const struct tuak *t, const uint8_t rand[16], const uint8_t sqn[6],
	    const uint8_t amf[2], uint8_t *mac_a)
{
	return run_f1(t, INSTANCE_F1, rand, sqn, amf, mac_a);
}

int tuak_f1star(const struct tuak *t, const uint8_t rand[16], const uint8_t sqn[6],
		const uint8_t amf[2], uint8_t *mac_s)
{
	return run_f1(t, INSTANCE_F1STAR, rand, sqn, amf, mac_s);
}

int tuak_f2345(const struct tuak *t, const uint8_t rand[16], uint8_t *res, uint8_t *ck,
	       uint8_t *ik, uint8_t ak[6])
{
	uint8_t instance = INSTANCE_F2345 | instance_len(t->res_len);
	uint8_t out[OUT_LEN];
	int err = tuak_check(t);

	if (err)
		return err;
	if (t->ck_len == 32)
		instance |= INSTANCE_CK_32;
	if (t->ik_len == 32)
		instance |= INSTANCE_IK_32;
	err = run(t, instance, t->topc, rand, NULL, NULL, out);
	reverse(res, out + OUT_MAC, t->res_len);
	reverse(ck, out + OUT_CK, t->ck_len);
	reverse(ik, out + OUT_IK, t->ik_len);
	reverse(ak, out + OUT_AK, 6);
	OPENSSL_cleanse(out, sizeof(out));
	return err;
}

int tuak_f5star(const struct tuak *t, const uint8_t rand[16], uint8_t ak[6])
{
	uint8_t out[OUT_LEN];
	int err = tuak_check(t);

	if (err)
		return err;
	err = run(t, INSTANCE_F5STAR, t->topc, rand, NULL, NULL, out);
	reverse(ak, out + OUT_AK, 6);
	OPENSSL_cleanse(out, sizeof(out));
	return err;
}
