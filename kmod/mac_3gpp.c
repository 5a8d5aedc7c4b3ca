// SPDX-License-Identifier: GPL-2.0
/*
 * The algorithms of 3GPP's access (uia1, uia2, 128-eia2, 128-eia3) over the
 * crypto API, where module sipsec_3gpp has them by the names of clause 5.  It is
 * loaded by the first that asks for one.
 *
 * COUNT, FRESH or BEARER, DIRECTION and the length go in front of T, as
 * crypto/threegpp.h says.  The key lives in the tfm, so each SA has one.
 */
#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "core/integrity.h"
#include "crypto/threegpp.h"
#include "mac.h"
#include "mac_desc.h"

#define NR_3GPP		(SIPSEC_ALG_END - SIPSEC_ALG_UIA1)

/*
 * What served each when it was last asked for.  No tfm is kept for that, so that
 * sipsec_3gpp can be removed while no SA needs it.
 */
static char drivers[NR_3GPP][CRYPTO_MAX_ALG_NAME];
static DEFINE_MUTEX(drivers_lock);

static struct crypto_shash *alloc_tfm(const struct sipsec_alg *alg)
{
	struct crypto_shash *tfm = crypto_alloc_shash(alg->name, 0, 0);

	if (!IS_ERR(tfm) && crypto_shash_digestsize(tfm) != alg->mac_len) {
		crypto_free_shash(tfm);
		return ERR_PTR(-EOPNOTSUPP);
	}
	return tfm;
}

const char *sipsec_3gpp_driver(const struct sipsec_alg *alg)
{
	char *driver = drivers[alg->nr - SIPSEC_ALG_UIA1];
	struct crypto_shash *tfm = alloc_tfm(alg);

	if (IS_ERR(tfm))
		return NULL;
	mutex_lock(&drivers_lock);
	/* The last octet is always 0, also for one who is reading it. */
	strscpy(driver, crypto_tfm_alg_driver_name(crypto_shash_tfm(tfm)), CRYPTO_MAX_ALG_NAME);
	mutex_unlock(&drivers_lock);
	crypto_free_shash(tfm);
	return driver;
}

int sipsec_3gpp_set_key(const struct sipsec_alg *alg, const u8 *raw, struct sipsec_mac_key *key)
{
	struct crypto_shash *tfm = alloc_tfm(alg);
	int err;

	if (IS_ERR(tfm))
		return PTR_ERR(tfm) == -ENOENT ? -EOPNOTSUPP : PTR_ERR(tfm);
	err = crypto_shash_setkey(tfm, raw, alg->key_len);
	if (err) {
		crypto_free_shash(tfm);
		return err;
	}
	key->ptr = tfm;
	return 0;
}

void sipsec_3gpp_clear_key(struct sipsec_mac_key *key)
{
	crypto_free_shash(key->ptr);
}

int sipsec_3gpp(const struct sipsec_alg *alg, const struct sipsec_mac_key *key, u64 seq,
		const struct sipsec_text *t, u8 *mac)
{
	bool f9 = alg->nr == SIPSEC_ALG_UIA1 || alg->nr == SIPSEC_ALG_UIA2;
	/* T is whole octets; SPI and direction stand in its PSEUDO. */
	const struct sipsec_3gpp_parm parm = {
		.count = seq,
		.fresh = f9 ? get_unaligned_be32(t->head + SIPSEC_PSEUDO_SPI) : 0,
		.direction = t->head[SIPSEC_PSEUDO_SCOPE] & 1,
	};
	struct crypto_shash *tfm = key->ptr;
	union sipsec_mac_desc room __uninitialized;
	struct shash_desc *desc = &room.desc;
	u8 prefix[SIPSEC_3GPP_PREFIX_LEN];
	unsigned int i;
	int err;

	sipsec_3gpp_prefix(prefix, &parm);
	desc->tfm = tfm;
	err = crypto_shash_init(desc) ?:
	      crypto_shash_update(desc, prefix, sizeof(prefix));
	for (i = 0; !err && i < t->nr; i++)
		err = crypto_shash_update(desc, t->part[i].data, t->part[i].len);
	if (!err)
		err = crypto_shash_final(desc, mac);
	shash_desc_zero(desc);
	return err;
}
