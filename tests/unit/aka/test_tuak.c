// SPDX-License-Identifier: GPL-2.0
/* TUAK against TS 35.233, the set with two Keccak iterations among them. */
#include <string.h>

#include "aka/aka.h"
#include "tap.h"
#include "vec.h"

static void is_field(struct json_object *t, const char *name, const uint8_t *got, size_t len)
{
	uint8_t want[32];
	size_t want_len = vec_hex(t, name, want, sizeof(want));

	is_hex(got, len, want, want_len, vec_label(t, name));
}

static size_t octets(struct json_object *t, const char *name)
{
	uint8_t out[32];

	return vec_hex(t, name, out, sizeof(out));
}

static void one_set(struct json_object *t)
{
	uint8_t k[32], top[32], rand[16], sqn[6], amf[2];
	uint8_t mac[32], ak[6], got_sqn[6], got_amf[2];
	uint8_t autn[AKA_AUTN_MAX], auts[AKA_AUTS_MAX];
	const struct aka_tuak_sizes sizes = {
		octets(t, "f1"), octets(t, "f2"), octets(t, "f3"), octets(t, "f4"),
		vec_int(t, "keccak_iterations"),
	};
	size_t k_len = vec_hex(t, "k", k, sizeof(k));
	size_t autn_len, auts_len;
	struct aka a, derived;
	struct aka_vector v;

	vec_hex(t, "top", top, sizeof(top));
	vec_hex(t, "rand", rand, sizeof(rand));
	vec_hex(t, "sqn", sqn, sizeof(sqn));
	vec_hex(t, "amf", amf, sizeof(amf));

	is_int(aka_init_tuak(&a, k, k_len, top, 32, false, &sizes), 0, vec_label(t, "init"));
	is_field(t, "topc", a.tuak.topc, 32);
	is_int(aka_init_tuak(&derived, k, k_len, a.tuak.topc, 32, true, &sizes), 0, "from TOPc");
	ok(!memcmp(&a, &derived, sizeof(a)), "TOP and TOPc give the same");

	is_int(tuak_f1(&a.tuak, rand, sqn, amf, mac), 0, "f1");
	is_field(t, "f1", mac, sizes.mac_len);
	is_int(tuak_f1star(&a.tuak, rand, sqn, amf, mac), 0, "f1*");
	is_field(t, "f1star", mac, sizes.mac_len);
	is_int(tuak_f5star(&a.tuak, rand, ak), 0, "f5*");
	is_field(t, "f5star", ak, sizeof(ak));
	is_int(aka_vector(&a, rand, &v), 0, "f2 to f5");
	is_field(t, "f2", v.res, v.res_len);
	is_field(t, "f3", v.ck, v.ck_len);
	is_field(t, "f4", v.ik, v.ik_len);
	is_field(t, "f5", v.ak, sizeof(v.ak));

	is_int(aka_autn(&a, rand, sqn, amf, autn, &autn_len), 0, "AUTN");
	is_int(autn_len, 8 + sizes.mac_len, "AUTN's length");
	is_int(aka_autn_check(&a, rand, autn, autn_len, got_sqn, got_amf), 0, "AUTN verifies");
	ok(!memcmp(sqn, got_sqn, 6) && !memcmp(amf, got_amf, 2), "SQN and AMF come back");
	autn[autn_len - 1] ^= 1;
	is_int(aka_autn_check(&a, rand, autn, autn_len, got_sqn, got_amf), AKA_E_MAC_A,
	       "AUTN with another last bit");

	is_int(aka_auts(&a, rand, sqn, auts, &auts_len), 0, "AUTS");
	is_int(aka_auts_check(&a, rand, auts, auts_len, got_sqn), 0, "AUTS verifies");
	ok(!memcmp(sqn, got_sqn, 6), "SQN-MS comes back");
	auts[auts_len - 1] ^= 1;
	is_int(aka_auts_check(&a, rand, auts, auts_len, got_sqn), AKA_E_MAC_S,
	       "AUTS with another last bit");
}

static void each(const char *path)
{
	struct json_object *file, *tests = vec_load(path, "tests", &file);
	size_t i;

	if (!tests) {
		skip(path, "not here");
		return;
	}
	for (i = 0; i < json_object_array_length(tests); i++)
		one_set(json_object_array_get_idx(tests, i));
	json_object_put(file);
}

static void lengths(void)
{
	static const struct {
		struct aka_tuak_sizes sizes;
		int want;
	} bad[] = {
		{ { 7, 8, 16, 16, 1 }, AKA_E_MAC_LEN },
		{ { 4, 8, 16, 16, 1 }, AKA_E_MAC_LEN },
		{ { 8, 64, 16, 16, 1 }, AKA_E_RES_LEN },
		{ { 8, 0, 16, 16, 1 }, AKA_E_RES_LEN },
		{ { 8, 8, 24, 16, 1 }, AKA_E_CK_LEN },
		{ { 8, 8, 16, 8, 1 }, AKA_E_IK_LEN },
		{ { 8, 8, 16, 16, 0 }, AKA_E_ITERATIONS },
		{ { 8, 8, 16, 16, 256 }, AKA_E_ITERATIONS },
		{ { 8, 4, 32, 32, 255 }, 0 },
	};
	const struct aka_tuak_sizes good = AKA_TUAK_SIZES_DEFAULT;
	const uint8_t o[64] = { 0 };
	struct aka a;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		is_int(aka_init_tuak(&a, o, 32, o, 32, false, &bad[i].sizes), bad[i].want,
		       aka_strerror(bad[i].want));
		is_int(aka_init_tuak(&a, o, 16, o, 32, true, &bad[i].sizes), bad[i].want,
		       aka_strerror(bad[i].want));
	}
	is_int(aka_init_tuak(&a, o, 24, o, 32, true, &good), AKA_E_K_LEN, "K of 24 octets");
	is_int(aka_init_tuak(&a, o, 16, o, 16, true, &good), AKA_E_TOPC_LEN, "TOPc of 16 octets");
	is_int(aka_init_tuak(&a, o, 16, o, 33, false, &good), AKA_E_TOP_LEN, "TOP of 33 octets");
}

void test_tuak(void)
{
	each(OWN("tuak.json"));
	each(SHARED("material/3gpp/tuak.json"));
	lengths();
}
