// SPDX-License-Identifier: GPL-2.0
/* AES-GMAC without the FPU (kmod/gmac_soft.c) against published vectors and libcrypto's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "gmac_soft.h"
#include "guard.h"
#include "macs.h"
#include "tap.h"

static bool gmac(const u8 *key, const u8 *iv, const struct sipsec_text *t, u8 *mac)
{
	u8 h[16];

	return !sipsec_gmac_soft_key(key, h) && !sipsec_gmac_soft(key, h, iv, t, mac);
}

static void add(struct sipsec_text *t, const u8 *data, u32 len)
{
	t->part[t->nr].data = data;
	t->part[t->nr].len = len;
	t->nr++;
	t->len += len;
}

/* In one piece, in two at each place, and in three. */
static bool equal(const u8 *key, const u8 *iv, const u8 *data, u32 len, const u8 *want,
		  u32 want_len)
{
	const u8 *at = guard_high(data, len);
	u32 i, j;

	for (i = 0; i <= len; i++) {
		for (j = i; j <= len; j += len < 64 ? 1 : 1 + len / 7) {
			struct sipsec_text t = { .nr = 0 };
			u8 mac[SIPSEC_GMAC_TAG];

			add(&t, at, i);
			add(&t, at + i, j - i);
			add(&t, at + j, len - j);
			if (!gmac(key, iv, &t, mac) || memcmp(mac, want, want_len))
				return false;
		}
	}
	return true;
}

static void published(void)
{
	struct json_object *root = data_json(VECTORS "/mac/gmac.json");
	struct json_object *tests = data_array(root, "tests");
	size_t i;

	for (i = 0; i < json_object_array_length(tests); i++) {
		struct json_object *test = json_object_array_get_idx(tests, i);
		struct octets key = data_octets(test, "key");
		struct octets iv = data_octets(test, "iv");
		struct octets text = data_octets(test, "msg");
		struct octets want = data_octets(test, "mac");

		if (key.len == 16)
			tap_ok(want.len >= 4 && want.len <= SIPSEC_GMAC_TAG &&
			       iv.len == SIPSEC_GMAC_IV_LEN &&
			       equal(key.data, iv.data, text.data, text.len, want.data, want.len),
			       "%s", data_string(test, "name"));
		data_free(&key);
		data_free(&iv);
		data_free(&text);
		data_free(&want);
	}
	json_object_put(root);
}

static u8 octet(u32 kind, bool one, u64 *state)
{
	switch (kind) {
	case 0:
		return data_random(state);
	case 1:
		return 0xff;
	default:
		return one;
	}
}

/* All lengths up to some, with octets that are random, all ones, and but one bit. */
static void libcrypto(void)
{
	u8 data[300], key[16], iv[SIPSEC_GMAC_IV_LEN], want[32];
	u32 len, i, bad = 0;
	u64 state = 1;

	for (len = 0; len < sizeof(data); len++) {
		for (i = 0; i < sizeof(data); i++)
			data[i] = octet(len % 3, i == len / 2, &state);
		for (i = 0; i < sizeof(key); i++)
			key[i] = data_random(&state);
		for (i = 0; i < sizeof(iv); i++)
			iv[i] = data_random(&state);
		macs_gmac(key, sizeof(key), iv, data, len, want);
		bad += !equal(key, iv, data, len, want, SIPSEC_GMAC_TAG);
	}
	tap_ok(!bad, "%u lengths, in pieces, %u wrong", len, bad);
}

int main(void)
{
	published();
	libcrypto();
	return tap_done();
}
