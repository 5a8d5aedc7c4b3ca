// SPDX-License-Identifier: GPL-2.0
/* MILENAGE, and AUTN and AUTS over it, against the published sets. */
#include <string.h>

#include "aka/aka.h"
#include "tap.h"
#include "vec.h"

struct set {
	uint8_t k[16], op[16], opc[16], rand[16], sqn[6], amf[2];
	size_t op_len;
};

static void read_set(struct json_object *t, struct set *s)
{
	memset(s, 0, sizeof(*s));
	vec_hex(t, "k", s->k, sizeof(s->k));
	s->op_len = vec_hex(t, "op", s->op, sizeof(s->op));
	vec_hex(t, "opc", s->opc, sizeof(s->opc));
	vec_hex(t, "rand", s->rand, sizeof(s->rand));
	vec_hex(t, "sqn", s->sqn, sizeof(s->sqn));
	vec_hex(t, "amf", s->amf, sizeof(s->amf));
}

static void is_field(struct json_object *t, const char *name, const uint8_t *got, size_t len)
{
	uint8_t want[32];
	size_t want_len = vec_hex(t, name, want, sizeof(want));

	is_hex(got, len, want, want_len, vec_label(t, name));
}

static void one_set(struct json_object *t)
{
	uint8_t mac_a[8], mac_s[8], res[8], ck[16], ik[16], ak[6], ak_star[6];
	struct milenage m;
	struct set s;
	int err;

	read_set(t, &s);
	memcpy(m.k, s.k, 16);
	err = milenage_set_op(&m, s.op);
	is_field(t, "opc", m.opc, sizeof(m.opc));
	err |= milenage_f1(&m, s.rand, s.sqn, s.amf, mac_a, mac_s);
	err |= milenage_f2345(&m, s.rand, res, ck, ik, ak);
	err |= milenage_f5star(&m, s.rand, ak_star);
	is_int(err, 0, "no error");
	is_field(t, "f1", mac_a, sizeof(mac_a));
	is_field(t, "f1star", mac_s, sizeof(mac_s));
	is_field(t, "f2", res, sizeof(res));
	is_field(t, "f3", ck, sizeof(ck));
	is_field(t, "f4", ik, sizeof(ik));
	is_field(t, "f5", ak, sizeof(ak));
	is_field(t, "f5star", ak_star, sizeof(ak_star));
}

/* Each octet of AUTN and AUTS wrong once. */
static void one_changed(const struct aka *a, struct set *s, uint8_t *autn, size_t autn_len,
			uint8_t *auts, size_t auts_len)
{
	uint8_t sqn[6], amf[2], zero[6] = { 0 };
	bool refused = true;
	size_t i;

	for (i = 0; i < autn_len; i++) {
		autn[i] ^= 1 << i % 8;
		refused &= aka_autn_check(a, s->rand, autn, autn_len, sqn, amf) == AKA_E_MAC_A;
		refused &= !memcmp(sqn, zero, 6) && !memcmp(amf, zero, 2);
		autn[i] ^= 1 << i % 8;
	}
	ok(refused, "each octet of AUTN changed is refused");

	refused = true;
	for (i = 0; i < auts_len; i++) {
		auts[i] ^= 1 << i % 8;
		refused &= aka_auts_check(a, s->rand, auts, auts_len, sqn) == AKA_E_MAC_S;
		refused &= !memcmp(sqn, zero, 6);
		auts[i] ^= 1 << i % 8;
	}
	ok(refused, "each octet of AUTS changed is refused");
}

static void one_autn(struct json_object *t)
{
	uint8_t autn[AKA_AUTN_MAX], auts[AKA_AUTS_MAX], sqn[6], amf[2];
	size_t autn_len, auts_len;
	struct aka_vector v;
	struct aka a;
	struct set s;

	read_set(t, &s);
	is_int(aka_init_milenage(&a, s.k, 16, s.opc, 16, true), 0, vec_label(t, "init"));
	is_int(aka_vector(&a, s.rand, &v), 0, vec_label(t, "vector"));
	is_field(t, "res", v.res, v.res_len);
	is_field(t, "ck", v.ck, v.ck_len);
	is_field(t, "ik", v.ik, v.ik_len);
	if (vec_text(t, "ak"))
		is_field(t, "ak", v.ak, sizeof(v.ak));

	is_int(aka_autn(&a, s.rand, s.sqn, s.amf, autn, &autn_len), 0, vec_label(t, "autn"));
	is_field(t, "autn", autn, autn_len);
	is_int(aka_autn_check(&a, s.rand, autn, autn_len, sqn, amf), 0,
	       vec_label(t, "autn verifies"));
	is_field(t, "sqn", sqn, sizeof(sqn));
	is_field(t, "amf", amf, sizeof(amf));
	is_int(aka_autn_check(&a, s.rand, autn, autn_len - 1, sqn, amf), AKA_E_AUTN_LEN,
	       "short AUTN");

	is_int(aka_auts(&a, s.rand, s.sqn, auts, &auts_len), 0, vec_label(t, "auts"));
	if (vec_text(t, "auts_for_sqn_ms_equal_sqn"))
		is_field(t, "auts_for_sqn_ms_equal_sqn", auts, auts_len);
	is_int(aka_auts_check(&a, s.rand, auts, auts_len, sqn), 0, "auts verifies");
	is_field(t, "sqn", sqn, sizeof(sqn));
	is_int(aka_auts_check(&a, s.rand, auts, auts_len + 1, sqn), AKA_E_AUTS_LEN, "long AUTS");

	one_changed(&a, &s, autn, autn_len, auts, auts_len);
	aka_wipe(&a);
	aka_vector_wipe(&v);
}

static void one_auts(struct json_object *t)
{
	uint8_t given[14], sqn_ms[6], auts[AKA_AUTS_MAX];
	size_t auts_len;
	struct aka a;
	struct set s;

	read_set(t, &s);
	vec_hex(t, "auts", given, sizeof(given));
	aka_init_milenage(&a, s.k, 16, s.opc, 16, true);
	is_int(aka_auts_check(&a, s.rand, given, sizeof(given), sqn_ms), 0,
	       vec_label(t, "auts verifies"));
	is_field(t, "sqn_ms", sqn_ms, sizeof(sqn_ms));
	aka_auts(&a, s.rand, sqn_ms, auts, &auts_len);
	is_field(t, "auts", auts, auts_len);
}

static void each(const char *path, void (*one)(struct json_object *t))
{
	struct json_object *file, *tests = vec_load(path, "tests", &file);
	size_t i;

	if (!tests) {
		skip(path, "not here");
		return;
	}
	for (i = 0; i < json_object_array_length(tests); i++)
		one(json_object_array_get_idx(tests, i));
	json_object_put(file);
}

static void lengths(void)
{
	const uint8_t o[32] = { 0 };
	struct aka a;

	is_int(aka_init_milenage(&a, o, 15, o, 16, true), AKA_E_K_LEN, "K of 15 octets");
	is_int(aka_init_milenage(&a, o, 32, o, 16, true), AKA_E_K_LEN, "K of 32 octets");
	is_int(aka_init_milenage(&a, o, 16, o, 15, true), AKA_E_OPC_LEN, "OPc of 15 octets");
	is_int(aka_init_milenage(&a, o, 16, o, 32, false), AKA_E_OP_LEN, "OP of 32 octets");
}

static void freshness(void)
{
	static const uint8_t low[6] = { 0, 0, 0, 0, 0, 0xff };
	static const uint8_t high[6] = { 0, 0, 0, 0, 1, 0 };
	static const uint8_t top[6] = { 0x80, 0, 0, 0, 0, 0 };

	ok(aka_sqn_fresh(high, low), "a higher SQN is fresh");
	ok(!aka_sqn_fresh(low, high), "a lower SQN is stale");
	ok(!aka_sqn_fresh(low, low), "the same SQN is stale");
	ok(aka_sqn_fresh(top, high), "SQN is unsigned");
}

void test_milenage(void)
{
	each(OWN("milenage.json"), one_set);
	each(OWN("milenage_autn_derived.json"), one_autn);
	each(OWN("milenage_autn_osmocom.json"), one_autn);
	each(OWN("milenage_auts.json"), one_auts);
	each(SHARED("material/3gpp/milenage.json"), one_set);
	each(SHARED("material/3gpp/milenage_autn_derived.json"), one_autn);
	each(SHARED("material/3gpp/milenage_autn_osmocom.json"), one_autn);
	each(SHARED("material/3gpp/milenage_auts.json"), one_auts);
	lengths();
	freshness();
}
