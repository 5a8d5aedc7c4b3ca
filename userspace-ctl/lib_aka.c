// SPDX-License-Identifier: GPL-2.0
/* libsipsec: AKA, and the keys of SAs */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aka/aka.h"
#include "lib.h"

#define NR_VALUES	(SIPSEC_AKA_AMF + 1)
#define VALUE_MAX	AKA_AUTN_MAX

struct sipsec_aka {
	struct aka aka;
	struct {
		size_t len;	/* 0: not computed */
		uint8_t octets[VALUE_MAX];
	} values[NR_VALUES];
};

static int fail(struct sipsec *s, int err)
{
	int e = -EINVAL;

	if (err == AKA_E_NOMEM)
		e = -ENOMEM;
	else if (err == AKA_E_CRYPTO)
		e = -EIO;
	else if (err == AKA_E_ROOM)
		e = -ENOSPC;
	else if (err == AKA_E_MAC_A || err == AKA_E_MAC_S)
		e = -EKEYREJECTED;
	return lib_fail(s, e, "%s", aka_strerror(err));
}

static struct sipsec_aka *new_aka(struct sipsec *s)
{
	struct sipsec_aka *a = calloc(1, sizeof(*a));

	if (!a)
		lib_fail(s, -ENOMEM, "%s", strerror(ENOMEM));
	return a;
}

static int keep(struct sipsec *s, struct sipsec_aka *a, int err, struct sipsec_aka **aka)
{
	if (err) {
		sipsec_aka_free(a);
		return fail(s, err);
	}
	*aka = a;
	return 0;
}

int sipsec_aka_milenage(struct sipsec *s, const void *k, const void *op, int derived,
			struct sipsec_aka **aka)
{
	struct sipsec_aka *a = new_aka(s);

	if (!a)
		return -ENOMEM;
	return keep(s, a, aka_init_milenage(&a->aka, k, 16, op, 16, derived), aka);
}

int sipsec_aka_tuak(struct sipsec *s, const void *k, size_t k_len, const void *top, int derived,
		    struct sipsec_aka **aka)
{
	const struct aka_tuak_sizes sizes = AKA_TUAK_SIZES_DEFAULT;
	struct sipsec_aka *a = new_aka(s);

	if (!a)
		return -ENOMEM;
	return keep(s, a, aka_init_tuak(&a->aka, k, k_len, top, 32, derived, &sizes), aka);
}

static void forget(struct sipsec_aka *a)
{
	explicit_bzero(a->values, sizeof(a->values));
}

void sipsec_aka_free(struct sipsec_aka *aka)
{
	if (!aka)
		return;
	forget(aka);
	aka_wipe(&aka->aka);
	free(aka);
}

static void set(struct sipsec_aka *a, enum sipsec_aka_value value, const uint8_t *octets,
		size_t len)
{
	memcpy(a->values[value].octets, octets, len);
	a->values[value].len = len;
}

static int set_vector(struct sipsec_aka *a, const uint8_t *rand)
{
	struct aka_vector v;
	int err = aka_vector(&a->aka, rand, &v);

	if (!err) {
		set(a, SIPSEC_AKA_RES, v.res, v.res_len);
		set(a, SIPSEC_AKA_CK, v.ck, v.ck_len);
		set(a, SIPSEC_AKA_IK, v.ik, v.ik_len);
		aka_vector_wipe(&v);
	}
	return err;
}

int sipsec_aka_vector(struct sipsec *s, struct sipsec_aka *aka, const void *rand, const void *sqn,
		      const void *amf)
{
	uint8_t autn[AKA_AUTN_MAX];
	size_t len;
	int err;

	forget(aka);
	err = aka_autn(&aka->aka, rand, sqn, amf, autn, &len);
	if (!err)
		err = set_vector(aka, rand);
	if (err)
		return fail(s, err);
	set(aka, SIPSEC_AKA_AUTN, autn, len);
	return 0;
}

int sipsec_aka_answer(struct sipsec *s, struct sipsec_aka *aka, const void *rand,
		      const void *autn, size_t autn_len)
{
	uint8_t sqn[AKA_SQN_LEN], amf[AKA_AMF_LEN];
	int err;

	forget(aka);
	err = aka_autn_check(&aka->aka, rand, autn, autn_len, sqn, amf);
	if (!err)
		err = set_vector(aka, rand);
	if (err)
		return fail(s, err);
	set(aka, SIPSEC_AKA_SQN, sqn, sizeof(sqn));
	set(aka, SIPSEC_AKA_AMF, amf, sizeof(amf));
	return 0;
}

int sipsec_aka_auts(struct sipsec *s, struct sipsec_aka *aka, const void *rand,
		    const void *sqn_ms)
{
	uint8_t auts[AKA_AUTS_MAX];
	size_t len;
	int err;

	forget(aka);
	err = aka_auts(&aka->aka, rand, sqn_ms, auts, &len);
	if (err)
		return fail(s, err);
	set(aka, SIPSEC_AKA_AUTS, auts, len);
	return 0;
}

int sipsec_aka_resync(struct sipsec *s, struct sipsec_aka *aka, const void *rand,
		      const void *auts, size_t auts_len)
{
	uint8_t sqn[AKA_SQN_LEN];
	int err;

	forget(aka);
	err = aka_auts_check(&aka->aka, rand, auts, auts_len, sqn);
	if (err)
		return fail(s, err);
	set(aka, SIPSEC_AKA_SQN, sqn, sizeof(sqn));
	return 0;
}

const void *sipsec_aka_get(const struct sipsec_aka *aka, enum sipsec_aka_value value,
			   size_t *len)
{
	*len = 0;
	if ((unsigned int)value >= NR_VALUES || !aka->values[value].len)
		return NULL;
	*len = aka->values[value].len;
	return aka->values[value].octets;
}

int sipsec_derive_key(struct sipsec *s, const char *alg, const void *ck, size_t ck_len,
		      const void *ik, size_t ik_len, enum sipsec_key_direction direction,
		      uint32_t spi, void *key, size_t *len)
{
	const int err = sipsec_kdf(alg, ck, ck_len, ik, ik_len, direction, spi, key, len);

	return err ? fail(s, err) : 0;
}
