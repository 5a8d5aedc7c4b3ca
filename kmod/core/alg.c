// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include <linux/string.h>

#include "alg.h"

static const struct sipsec_alg algs[] = {
	{ .nr = SIPSEC_ALG_HMAC_MD5_96, .name = "hmac-md5-96",
	  .mac_len = 12, .key_len = 16, .key_is_ik = true },
	{ .nr = SIPSEC_ALG_HMAC_SHA1_96, .name = "hmac-sha-1-96",
	  .mac_len = 12, .key_len = 20, .key_is_ik = true },
	{ .nr = SIPSEC_ALG_AES_GMAC, .name = "aes-gmac",
	  .mac_len = 16, .key_len = 20, .salt_len = 4, .nonce = true },
	{ .nr = SIPSEC_ALG_HMAC_SHA256_128, .name = "hmac-sha-256-128",
	  .mac_len = 16, .key_len = 32 },
	{ .nr = SIPSEC_ALG_AES_CMAC_96, .name = "aes-cmac-96",
	  .mac_len = 12, .key_len = 16 },
	{ .nr = SIPSEC_ALG_UIA1, .name = "uia1",
	  .mac_len = 4, .key_len = 16, .count32 = true },
	{ .nr = SIPSEC_ALG_UIA2, .name = "uia2",
	  .mac_len = 4, .key_len = 16, .count32 = true, .nonce = true },
	{ .nr = SIPSEC_ALG_EIA2, .name = "128-eia2",
	  .mac_len = 4, .key_len = 16, .count32 = true },
	{ .nr = SIPSEC_ALG_EIA3, .name = "128-eia3",
	  .mac_len = 4, .key_len = 16, .count32 = true, .nonce = true },
};

const struct sipsec_alg *sipsec_alg_by_nr(unsigned int nr)
{
	return nr >= 1 && nr <= ARRAY_SIZE(algs) ? &algs[nr - 1] : NULL;
}

const struct sipsec_alg *sipsec_alg_by_name(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(algs); i++)
		if (!strcasecmp(algs[i].name, name))
			return &algs[i];
	return NULL;
}
