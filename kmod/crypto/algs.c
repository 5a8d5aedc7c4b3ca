// SPDX-License-Identifier: GPL-2.0
#include <linux/errno.h>

#include "clmul.h"
#include "eia2.h"
#include "eia3.h"
#include "msg.h"
#include "uia1.h"
#include "uia2.h"
#include "zuc256.h"

static int get_parm(struct sipsec_3gpp_parm *p, const u8 prefix[SIPSEC_3GPP_PREFIX_LEN])
{
	p->count = get_unaligned_be32(prefix);
	p->fresh = get_unaligned_be32(prefix + 4);
	p->direction = prefix[8];
	p->bits = prefix[9];
	return p->direction > 1 ? -EINVAL : 0;
}

static int get_parm_bearer(struct sipsec_3gpp_parm *p, const u8 prefix[SIPSEC_3GPP_PREFIX_LEN])
{
	int err = get_parm(p, prefix);

	if (p->fresh & ((1U << SIPSEC_3GPP_BEARER_SHIFT) - 1))
		return -EINVAL;
	return err;
}

/* An algorithm's functions as struct threegpp_alg has them. */
#define INIT(alg, get)								\
static int alg##_begin(void *state, const void *key, const u8 *prefix)		\
{										\
	struct sipsec_3gpp_parm p;						\
	int err = get(&p, prefix);						\
										\
	if (!err)								\
		alg##_init(state, key, &p);					\
	return err;								\
}

#define FUNCTIONS(alg)								\
static int alg##_key(void *key, const u8 *raw)					\
{										\
	alg##_set_key(key, raw);						\
	return 0;								\
}										\
										\
static int alg##_more(void *state, const void *key, const u8 *data,		\
		      unsigned int len)						\
{										\
	alg##_update(state, key, data, len);					\
	return 0;								\
}										\
										\
static int alg##_end(void *state, const void *key, u8 *mac)			\
{										\
	alg##_final(state, key, mac);						\
	return 0;								\
}

INIT(uia1, get_parm)
FUNCTIONS(uia1)

INIT(uia2, get_parm)
FUNCTIONS(uia2)

static int eia1_begin(void *state, const void *key, const u8 *prefix)
{
	struct sipsec_3gpp_parm p;
	int err = get_parm_bearer(&p, prefix);

	if (!err)
		uia2_init(state, key, &p);
	return err;
}

INIT(eia3, get_parm_bearer)
FUNCTIONS(eia3)

/* The key of 128-EIA2 has an object of the kernel's AES in it, and so its state. */
static int eia2_new_key(void *key)
{
	return eia2_new(key);
}

static void eia2_free_key(void *key)
{
	eia2_free(key);
}

/* Those of 128-EIA2 can fail, since the kernel's AES can. */
static int eia2_key(void *key, const u8 *raw)
{
	return eia2_set_key(key, raw);
}

static int eia2_begin(void *state, const void *key, const u8 *prefix)
{
	struct sipsec_3gpp_parm p;
	int err = get_parm_bearer(&p, prefix);

	return err ?: eia2_init(state, key, &p);
}

static int eia2_more(void *state, const void *key, const u8 *data, unsigned int len)
{
	return eia2_update(state, key, data, len);
}

static int eia2_end(void *state, const void *key, u8 *mac)
{
	return eia2_final(state, key, mac);
}

static int eia2_state_export(const void *state, const void *key, void *out)
{
	return eia2_export(state, key, out);
}

static int eia2_state_import(void *state, const void *key, const void *in)
{
	return eia2_import(state, key, in);
}

/* What drivers of an algorithm share. */
#define ALG128(_name, alg, _init)						\
	.name = _name,								\
	.key_len = SIPSEC_3GPP_KEY_LEN,						\
	.prefix_len = SIPSEC_3GPP_PREFIX_LEN,					\
	.mac_len = SIPSEC_3GPP_MAC_LEN,						\
	.key_size = sizeof(struct alg##_key),					\
	.state_size = sizeof(struct alg##_state),				\
	.set_key = alg##_key,							\
	.init = _init,								\
	.final = alg##_end

/* And what they do not. */
#define GENERIC(_driver, alg)							\
	.driver = _driver,							\
	.priority = 100,							\
	.update = alg##_more

#define CLMUL(_driver, alg)							\
	.driver = _driver,							\
	.priority = 200,							\
	.served = clmul_served,							\
	.update = alg##_more_clmul

static const struct threegpp_alg uia1 = {
	ALG128("uia1", uia1, uia1_begin), GENERIC("uia1-generic", uia1)
};

static const struct threegpp_alg uia2 = {
	ALG128("uia2", uia2, uia2_begin), GENERIC("uia2-generic", uia2)
};

static const struct threegpp_alg eia1 = {
	ALG128("128-eia1", uia2, eia1_begin), GENERIC("128-eia1-generic", uia2)
};

static const struct threegpp_alg eia2 = {
	ALG128("128-eia2", eia2, eia2_begin), GENERIC("128-eia2-cmac", eia2),
	.new_key = eia2_new_key,
	.free_key = eia2_free_key,
	.export = eia2_state_export,
	.import = eia2_state_import,
};

static const struct threegpp_alg eia3 = {
	ALG128("128-eia3", eia3, eia3_begin), GENERIC("128-eia3-generic", eia3)
};

/* Of ZUC-256 the prefix is IV and bits; the tag's length makes three algorithms. */
FUNCTIONS(zuc256)

static int zuc256_begin32(void *state, const void *key, const u8 *prefix)
{
	return zuc256_init(state, key, prefix, 1, prefix[ZUC256_IV_LEN]);
}

static int zuc256_begin64(void *state, const void *key, const u8 *prefix)
{
	return zuc256_init(state, key, prefix, 2, prefix[ZUC256_IV_LEN]);
}

static int zuc256_begin128(void *state, const void *key, const u8 *prefix)
{
	return zuc256_init(state, key, prefix, 4, prefix[ZUC256_IV_LEN]);
}

#define ZUC256(tag)								\
	.name = "zuc256-mac-" #tag,						\
	.key_len = ZUC256_KEY_LEN,						\
	.prefix_len = ZUC256_IV_LEN + 1,					\
	.mac_len = (tag) / 8,							\
	.key_size = sizeof(struct zuc256_key),					\
	.state_size = sizeof(struct zuc256_state),				\
	.set_key = zuc256_key,							\
	.init = zuc256_begin##tag,						\
	.final = zuc256_end

static const struct threegpp_alg zuc256_32 = {
	ZUC256(32), GENERIC("zuc256-mac-32-generic", zuc256)
};

static const struct threegpp_alg zuc256_64 = {
	ZUC256(64), GENERIC("zuc256-mac-64-generic", zuc256)
};

static const struct threegpp_alg zuc256_128 = {
	ZUC256(128), GENERIC("zuc256-mac-128-generic", zuc256)
};

#ifdef CONFIG_X86_64

static int uia2_more_clmul(void *state, const void *key, const u8 *data, unsigned int len)
{
	uia2_update_clmul(state, key, data, len);
	return 0;
}

static int eia3_more_clmul(void *state, const void *key, const u8 *data, unsigned int len)
{
	eia3_update_clmul(state, key, data, len);
	return 0;
}

static int zuc256_more_clmul(void *state, const void *key, const u8 *data, unsigned int len)
{
	zuc256_update_clmul(state, key, data, len);
	return 0;
}

static const struct threegpp_alg uia2_clmul = {
	ALG128("uia2", uia2, uia2_begin), CLMUL("uia2-pclmul", uia2)
};

static const struct threegpp_alg eia1_clmul = {
	ALG128("128-eia1", uia2, eia1_begin), CLMUL("128-eia1-pclmul", uia2)
};

static const struct threegpp_alg eia3_clmul = {
	ALG128("128-eia3", eia3, eia3_begin), CLMUL("128-eia3-pclmul", eia3)
};

static const struct threegpp_alg zuc256_32_clmul = {
	ZUC256(32), CLMUL("zuc256-mac-32-pclmul", zuc256)
};

static const struct threegpp_alg zuc256_64_clmul = {
	ZUC256(64), CLMUL("zuc256-mac-64-pclmul", zuc256)
};

static const struct threegpp_alg zuc256_128_clmul = {
	ZUC256(128), CLMUL("zuc256-mac-128-pclmul", zuc256)
};

#endif

const struct threegpp_alg *const threegpp_algs[] = {
	&uia1, &uia2, &eia1, &eia2, &eia3, &zuc256_32, &zuc256_64, &zuc256_128,
#ifdef CONFIG_X86_64
	&uia2_clmul, &eia1_clmul, &eia3_clmul, &zuc256_32_clmul, &zuc256_64_clmul,
	&zuc256_128_clmul,
#endif
	NULL
};
