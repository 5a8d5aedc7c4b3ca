// SPDX-License-Identifier: GPL-2.0
/*
 * libcrypto without memory: for each allocation that may fail, the result is
 * right or there is an error and no key.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "aka/aka.h"
#include "tap.h"
#include "vec.h"

static long fail_at = -1;	/* allocations until one fails; -1: none does */
static long nr_failed;

static bool fails(void)
{
	if (fail_at < 0 || fail_at--)
		return false;
	nr_failed++;
	return true;
}

static void *hook_malloc(size_t len, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails() ? NULL : malloc(len);
}

static void *hook_realloc(void *p, size_t len, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails() ? NULL : realloc(p, len);
}

static void hook_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

void alloc_hook(void)
{
	CRYPTO_set_mem_functions(hook_malloc, hook_realloc, hook_free);
}

static bool all_zero(const uint8_t *p, size_t len)
{
	while (len--)
		if (*p++)
			return false;
	return true;
}

static int run(bool tuak, uint8_t key[32])
{
	static const struct aka_tuak_sizes sizes = AKA_TUAK_SIZES_DEFAULT;
	static const uint8_t secret[32] = { 1, 2, 3 }, rand[16] = { 4 };
	struct aka_vector v = { 0 };
	size_t len = 32;
	struct aka a;
	int err;

	if (tuak)
		err = aka_init_tuak(&a, secret, 32, secret, 32, false, &sizes);
	else
		err = aka_init_milenage(&a, secret, 16, secret, 16, false);
	if (!err)
		err = aka_vector(&a, rand, &v);
	if (err && !(all_zero(v.ck, sizeof(v.ck)) && all_zero(v.ik, sizeof(v.ik)) &&
		     all_zero(v.res, sizeof(v.res))))
		return 1;
	if (!err)
		err = sipsec_kdf("hmac-sha-256-128", v.ck, v.ck_len, v.ik, v.ik_len, 0, 256, key,
				 &len);
	return err;
}

static void each_allocation(bool tuak, const char *what)
{
	uint8_t want[32] = { 0 };
	bool good = true;
	long n = 0;

	ok(!run(tuak, want), "%s with memory", what);
	do {
		uint8_t key[32] = { 0 };
		int err;

		fail_at = n;
		nr_failed = 0;
		err = run(tuak, key);
		fail_at = -1;
		good &= err <= 0;
		good &= err ? all_zero(key, sizeof(key)) : !memcmp(key, want, sizeof(key));
	} while (nr_failed && ++n < 1000);
	ok(good && n, "%s, one allocation of libcrypto after another failing (%ld)", what, n);
}

void test_alloc(void)
{
	each_allocation(false, "MILENAGE and KDF");
	each_allocation(true, "TUAK and KDF");
}
