// SPDX-License-Identifier: GPL-2.0
/* The table of clause 5 and the keys of clause 6. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aka/aka.h"
#include "core/alg.h"
#include "tap.h"
#include "vec.h"

/* Clause 5 once more, by hand: number, name, MAC bits, key and salt octets, keyed by IK. */
static const struct {
	unsigned int nr;
	const char *name;
	unsigned int mac_bits, key, salt;
	bool ik;
} clause5[] = {
	{ 1, "hmac-md5-96", 96, 16, 0, true },
	{ 2, "hmac-sha-1-96", 96, 20, 0, true },
	{ 3, "aes-gmac", 128, 16, 4, false },
	{ 4, "hmac-sha-256-128", 128, 32, 0, false },
	{ 5, "aes-cmac-96", 96, 16, 0, false },
	{ 6, "uia1", 32, 16, 0, false },
	{ 7, "uia2", 32, 16, 0, false },
	{ 8, "128-eia2", 32, 16, 0, false },
	{ 9, "128-eia3", 32, 16, 0, false },
};

static void table(void)
{
	size_t i;

	for (i = 0; i < sizeof(clause5) / sizeof(*clause5); i++) {
		const struct sipsec_alg *a = sipsec_alg_by_name(clause5[i].name);

		ok(a && a == sipsec_alg_by_nr(clause5[i].nr) && a->nr == clause5[i].nr &&
		   !strcmp(a->name, clause5[i].name) && a->mac_len * 8U == clause5[i].mac_bits &&
		   a->key_len == clause5[i].key + clause5[i].salt &&
		   a->salt_len == clause5[i].salt && a->key_is_ik == clause5[i].ik,
		   "clause 5: %s", clause5[i].name);
	}
	ok(!sipsec_alg_by_nr(0) && !sipsec_alg_by_nr(10), "clause 5 has numbers 1 to 9");
}

static void one_key(struct json_object *t)
{
	uint8_t ck[32], ik[32], want[32], key[33];
	size_t ck_len = vec_hex(t, "ck", ck, sizeof(ck));
	size_t ik_len = vec_hex(t, "ik", ik, sizeof(ik));
	size_t want_len = vec_hex(t, "key", want, sizeof(want));
	const char *alg = vec_text(t, "algorithm");
	int direction = vec_int(t, "direction");
	size_t len = 32;
	char what[80];
	uint32_t spi = strtoul(vec_text(t, "spi"), NULL, 16);

	snprintf(what, sizeof(what), "%s direction %d ck %zu ik %zu", alg, direction, ck_len,
		 ik_len);
	key[want_len] = 0x5a;
	len = want_len;
	is_int(sipsec_kdf(alg, ck, ck_len, ik, ik_len, direction, spi, key, &len), 0, what);
	is_hex(key, len, want, want_len, what);
	ok(key[want_len] == 0x5a, "%s: no octet too many", what);

	len = want_len - 1;
	is_int(sipsec_kdf(alg, ck, ck_len, ik, ik_len, direction, spi, key, &len), AKA_E_ROOM,
	       "no room");

	/* Everything KDF takes must change the key; with "IK" nothing but IK may. */
	len = sizeof(key);
	sipsec_kdf(alg, ck, ck_len, ik, ik_len, !direction, spi, key, &len);
	ok(!memcmp(key, want, want_len) == sipsec_alg_by_name(alg)->key_is_ik,
	   "%s: other direction", what);
	len = sizeof(key);
	sipsec_kdf(alg, ck, ck_len, ik, ik_len, direction, spi ^ 0x01000000, key, &len);
	ok(!memcmp(key, want, want_len) == sipsec_alg_by_name(alg)->key_is_ik,
	   "%s: other SPI", what);
	ck[ck_len - 1] ^= 1;
	len = sizeof(key);
	sipsec_kdf(alg, ck, ck_len, ik, ik_len, direction, spi, key, &len);
	ok(!memcmp(key, want, want_len) == sipsec_alg_by_name(alg)->key_is_ik,
	   "%s: other CK", what);
	ck[ck_len - 1] ^= 1;
	ik[0] ^= 1;
	len = sizeof(key);
	sipsec_kdf(alg, ck, ck_len, ik, ik_len, direction, spi, key, &len);
	ok(memcmp(key, want, want_len), "%s: other IK", what);
}

static void each(const char *path)
{
	struct json_object *file, *keys = vec_load(path, "keys", &file);
	size_t i;

	if (!keys) {
		skip(path, "not here");
		return;
	}
	for (i = 0; i < json_object_array_length(keys); i++)
		one_key(json_object_array_get_idx(keys, i));
	json_object_put(file);
}

static void bad_input(void)
{
	static const char long_name[] = "hmac-sha-256-128-and-then-some-more-of-it-than-fits";
	const uint8_t o[64] = { 0 };
	uint8_t key[32];
	size_t len = sizeof(key);

	is_int(sipsec_kdf("hmac-sha-512", o, 16, o, 16, 0, 256, key, &len), AKA_E_ALG, "alg");
	is_int(sipsec_kdf("", o, 16, o, 16, 0, 256, key, &len), AKA_E_ALG, "empty alg");
	is_int(sipsec_kdf(long_name, o, 16, o, 16, 0, 256, key, &len), AKA_E_ALG, "long alg");
	is_int(sipsec_kdf("uia1", o, 15, o, 16, 0, 256, key, &len), AKA_E_CK_LEN, "ck of 15");
	is_int(sipsec_kdf("uia1", o, 16, o, 24, 0, 256, key, &len), AKA_E_IK_LEN, "ik of 24");
	is_int(sipsec_kdf("uia1", o, 64, o, 16, 0, 256, key, &len), AKA_E_CK_LEN, "ck of 64");
	is_int(sipsec_kdf("uia1", o, 16, o, 16, 2, 256, key, &len), AKA_E_DIRECTION, "dir 2");
	ok(!strncmp(aka_strerror(AKA_E_MAC_A), "autn: ", 6), "an error names its field");
	ok(!strcmp(aka_strerror(1), "unknown error"), "no error of ours");
	ok(!strcmp(aka_strerror(-1000), "unknown error"), "no error of ours");
}

void test_kdf(void)
{
	table();
	each(OWN("kdf.json"));
	each(SHARED("vectors/keys.json"));
	bad_input();
}
