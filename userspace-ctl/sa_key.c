// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "core/alg.h"
#include "msg.h"
#include "sa_key.h"

int sa_read_key(struct sa *sa, struct keyring *keys, const char *what, const char *dir)
{
	const struct sipsec_alg *alg;
	int err;

	if (!sa_has(sa, SIPSEC_A_SA_ALG)) {
		sa->alg = SIPSEC_ALG_HMAC_SHA256_128;
		object_set(sa, SIPSEC_A_SA_ALG);
	}
	err = keyring_get(keys, what, dir, sa->key_file, &sa->key, &sa->key_len);
	if (err)
		return err;
	alg = sipsec_alg_by_nr(sa->alg);
	if (sa->key_len == alg->key_len)
		return 0;
	err_msg("%s: %s: %u octets, %s takes %u", what, sa->key_file, sa->key_len, alg->name,
		alg->key_len);
	return -EINVAL;
}
