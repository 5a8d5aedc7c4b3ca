// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include <openssl/crypto.h>

#include "aka.h"

#define MILENAGE_MAC_LEN	8

/* TS 33.102, 6.3.3: the AMF that MAC-S is computed with. */
static const uint8_t amf_resync[AKA_AMF_LEN];

int aka_init_milenage(struct aka *a, const uint8_t *k, size_t k_len, const uint8_t *op,
		      size_t op_len, bool derived)
{
	int err = 0;

	memset(a, 0, sizeof(*a));
	if (k_len != sizeof(a->milenage.k))
		return AKA_E_K_LEN;
	if (op_len != sizeof(a->milenage.opc))
		return derived ? AKA_E_OPC_LEN : AKA_E_OP_LEN;

	a->kind = AKA_MILENAGE;
	memcpy(a->milenage.k, k, k_len);
	if (derived)
		memcpy(a->milenage.opc, op, op_len);
	else
		err = milenage_set_op(&a->milenage, op);
	if (err)
		aka_wipe(a);
	return err;
}

int aka_init_tuak(struct aka *a, const uint8_t *k, size_t k_len, const uint8_t *top,
		  size_t top_len, bool derived, const struct aka_tuak_sizes *sizes)
{
	struct tuak *t = &a->tuak;
	int err;

	memset(a, 0, sizeof(*a));
	if (k_len != 16 && k_len != 32)
		return AKA_E_K_LEN;
	if (top_len != sizeof(t->topc))
		return derived ? AKA_E_TOPC_LEN : AKA_E_TOP_LEN;

	a->kind = AKA_TUAK;
	memcpy(t->k, k, k_len);
	t->k_len = k_len;
	t->mac_len = sizes->mac_len;
	t->res_len = sizes->res_len;
	t->ck_len = sizes->ck_len;
	t->ik_len = sizes->ik_len;
	t->iterations = sizes->iterations;
	memcpy(t->topc, top, top_len);
	err = derived ? tuak_check(t) : tuak_set_top(t, top);
	if (err)
		aka_wipe(a);
	return err;
}

void aka_wipe(struct aka *a)
{
	OPENSSL_cleanse(a, sizeof(*a));
}

void aka_vector_wipe(struct aka_vector *v)
{
	OPENSSL_cleanse(v, sizeof(*v));
}

size_t aka_mac_len(const struct aka *a)
{
	return a->kind == AKA_TUAK ? a->tuak.mac_len : MILENAGE_MAC_LEN;
}

int aka_vector(const struct aka *a, const uint8_t rand[AKA_RAND_LEN], struct aka_vector *v)
{
	memset(v, 0, sizeof(*v));
	if (a->kind == AKA_TUAK) {
		v->res_len = a->tuak.res_len;
		v->ck_len = a->tuak.ck_len;
		v->ik_len = a->tuak.ik_len;
		return tuak_f2345(&a->tuak, rand, v->res, v->ck, v->ik, v->ak);
	}
	v->res_len = 8;
	v->ck_len = 16;
	v->ik_len = 16;
	return milenage_f2345(&a->milenage, rand, v->res, v->ck, v->ik, v->ak);
}

static int mac_a(const struct aka *a, const uint8_t *rand, const uint8_t *sqn,
		 const uint8_t *amf, uint8_t mac[AKA_MAC_MAX])
{
	if (a->kind == AKA_TUAK)
		return tuak_f1(&a->tuak, rand, sqn, amf, mac);
	return milenage_f1(&a->milenage, rand, sqn, amf, mac, NULL);
}

static int mac_s(const struct aka *a, const uint8_t *rand, const uint8_t *sqn_ms,
		 uint8_t mac[AKA_MAC_MAX])
{
	if (a->kind == AKA_TUAK)
		return tuak_f1star(&a->tuak, rand, sqn_ms, amf_resync, mac);
	return milenage_f1(&a->milenage, rand, sqn_ms, amf_resync, NULL, mac);
}

static int ak_star(const struct aka *a, const uint8_t *rand, uint8_t ak[AKA_AK_LEN])
{
	if (a->kind == AKA_TUAK)
		return tuak_f5star(&a->tuak, rand, ak);
	return milenage_f5star(&a->milenage, rand, ak);
}

static void xor_sqn(uint8_t *out, const uint8_t *sqn, const uint8_t *ak)
{
	int i;

	for (i = 0; i < AKA_SQN_LEN; i++)
		out[i] = sqn[i] ^ ak[i];
}

int aka_autn(const struct aka *a, const uint8_t rand[AKA_RAND_LEN],
	     const uint8_t sqn[AKA_SQN_LEN], const uint8_t amf[AKA_AMF_LEN],
	     uint8_t autn[AKA_AUTN_MAX], size_t *autn_len)
{
	struct aka_vector v;
	int err;

	err = aka_vector(a, rand, &v);
	if (!err) {
		xor_sqn(autn, sqn, v.ak);
		memcpy(autn + AKA_SQN_LEN, amf, AKA_AMF_LEN);
		err = mac_a(a, rand, sqn, amf, autn + AKA_SQN_LEN + AKA_AMF_LEN);
	}
	*autn_len = AKA_SQN_LEN + AKA_AMF_LEN + aka_mac_len(a);
	if (err)
		OPENSSL_cleanse(autn, AKA_AUTN_MAX);
	aka_vector_wipe(&v);
	return err;
}

int aka_autn_check(const struct aka *a, const uint8_t rand[AKA_RAND_LEN],
		   const uint8_t *autn, size_t autn_len, uint8_t sqn[AKA_SQN_LEN],
		   uint8_t amf[AKA_AMF_LEN])
{
	const size_t mac_len = aka_mac_len(a);
	uint8_t mac[AKA_MAC_MAX];
	struct aka_vector v;
	int err;

	memset(sqn, 0, AKA_SQN_LEN);
	memset(amf, 0, AKA_AMF_LEN);
	if (autn_len != AKA_SQN_LEN + AKA_AMF_LEN + mac_len)
		return AKA_E_AUTN_LEN;

	err = aka_vector(a, rand, &v);
	if (!err) {
		xor_sqn(sqn, autn, v.ak);
		memcpy(amf, autn + AKA_SQN_LEN, AKA_AMF_LEN);
		err = mac_a(a, rand, sqn, amf, mac);
	}
	if (!err && CRYPTO_memcmp(mac, autn + AKA_SQN_LEN + AKA_AMF_LEN, mac_len))
		err = AKA_E_MAC_A;
	if (err) {
		OPENSSL_cleanse(sqn, AKA_SQN_LEN);
		OPENSSL_cleanse(amf, AKA_AMF_LEN);
	}
	OPENSSL_cleanse(mac, sizeof(mac));
	aka_vector_wipe(&v);
	return err;
}

bool aka_sqn_fresh(const uint8_t sqn[AKA_SQN_LEN], const uint8_t sqn_ms[AKA_SQN_LEN])
{
	/* Both are counters in network order and, once AUTN has verified, no secret. */
	return memcmp(sqn, sqn_ms, AKA_SQN_LEN) > 0;
}

int aka_auts(const struct aka *a, const uint8_t rand[AKA_RAND_LEN],
	     const uint8_t sqn_ms[AKA_SQN_LEN], uint8_t auts[AKA_AUTS_MAX], size_t *auts_len)
{
	uint8_t ak[AKA_AK_LEN];
	int err;

	err = ak_star(a, rand, ak);
	if (!err) {
		xor_sqn(auts, sqn_ms, ak);
		err = mac_s(a, rand, sqn_ms, auts + AKA_SQN_LEN);
	}
	*auts_len = AKA_SQN_LEN + aka_mac_len(a);
	if (err)
		OPENSSL_cleanse(auts, AKA_AUTS_MAX);
	OPENSSL_cleanse(ak, sizeof(ak));
	return err;
}

int aka_auts_check(const struct aka *a, const uint8_t rand[AKA_RAND_LEN],
		   const uint8_t *auts, size_t auts_len, uint8_t sqn_ms[AKA_SQN_LEN])
{
	const size_t mac_len = aka_mac_len(a);
	uint8_t ak[AKA_AK_LEN], mac[AKA_MAC_MAX];
	int err;

	memset(sqn_ms, 0, AKA_SQN_LEN);
	if (auts_len != AKA_SQN_LEN + mac_len)
		return AKA_E_AUTS_LEN;

	err = ak_star(a, rand, ak);
	if (!err) {
		xor_sqn(sqn_ms, auts, ak);
		err = mac_s(a, rand, sqn_ms, mac);
	}
	if (!err && CRYPTO_memcmp(mac, auts + AKA_SQN_LEN, mac_len))
		err = AKA_E_MAC_S;
	if (err)
		OPENSSL_cleanse(sqn_ms, AKA_SQN_LEN);
	OPENSSL_cleanse(ak, sizeof(ak));
	OPENSSL_cleanse(mac, sizeof(mac));
	return err;
}
