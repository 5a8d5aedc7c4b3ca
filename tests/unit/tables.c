// SPDX-License-Identifier: GPL-2.0
/* The tables of classes, of reasons and of algorithms, against the specification's. */
#include <linux/kernel.h>
#include <string.h>

#include "alg.h"
#include "class.h"
#include "limits.h"
#include "sipmsg.h"
#include "tap.h"

#define ACCEPT	SIPSEC_ACTION_ACCEPT
#define DROP	SIPSEC_ACTION_DROP
#define POLICY	SIPSEC_ACTION_POLICY

/* Clause 8, in its order. */
static const struct {
	const char *name;
	enum sipsec_action action;
} classes[] = {
	{ "transport", POLICY }, { "keepalive", ACCEPT }, { "compressed", DROP },
	{ "malformed", DROP }, { "unprotected", POLICY }, { "unknown-spi", DROP },
	{ "expired", DROP }, { "mismatch", DROP }, { "throttled", DROP }, { "replay", DROP },
	{ "bad-mac", DROP }, { "identity", DROP }, { "bad-e2e", DROP }, { "verified", ACCEPT },
	{ "ratelimited", DROP }, { "emergency", ACCEPT }, { "annotate", DROP },
};

/* Clause 5; the lengths of a mac value from clause 3. */
static const struct {
	const char *name;
	unsigned int bits, key, chars;
	bool ik, count32;
} algs[] = {
	{ "hmac-md5-96", 96, 16, 16, true, false },
	{ "hmac-sha-1-96", 96, 20, 16, true, false },
	{ "aes-gmac", 128, 20, 22, false, false },
	{ "hmac-sha-256-128", 128, 32, 22, false, false },
	{ "aes-cmac-96", 96, 16, 16, false, false },
	{ "uia1", 32, 16, 6, false, true },
	{ "uia2", 32, 16, 6, false, true },
	{ "128-eia2", 32, 16, 6, false, true },
	{ "128-eia3", 32, 16, 6, false, true },
};

int main(void)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(classes); i++)
		tap_ok(!strcmp(sipsec_class_name(i), classes[i].name) &&
		       sipsec_class_action(i) == classes[i].action, "class %u is %s", i,
		       classes[i].name);
	tap_ok(SIPSEC_CLASS_TRANSPORT == 0 && SIPSEC_CLASS_VERIFIED == 13 &&
	       SIPSEC_CLASS_RATELIMITED == 14 && SIPSEC_CLASS_EMERGENCY == 15 &&
	       SIPSEC_CLASS_ANNOTATE == 16, "class numbers");
	tap_ok(!strcmp(sipsec_class_name(SIPSEC_CLASS_NONE), "?") &&
	       !strcmp(sipsec_class_name(-1), "?"), "no class has no name");

	tap_ok(!strcmp(sipsec_why_name(SIPSEC_WHY_OK), "well-formed") &&
	       !strcmp(sipsec_why_name(SIPSEC_WHY_MAC_LENGTH), "mac is not of the SA's algorithm"),
	       "reasons have their texts");
	for (i = 0, j = 0; i < SIPSEC_NR_WHYS; i++)
		j += sipsec_why_name(i) && strlen(sipsec_why_name(i)) > 3;
	tap_ok(j == SIPSEC_NR_WHYS && !strcmp(sipsec_why_name(SIPSEC_NR_WHYS), "?"),
	       "every reason has a text");

	for (i = 0; i < ARRAY_SIZE(algs); i++) {
		const struct sipsec_alg *alg = sipsec_alg_by_nr(i + 1);

		tap_ok(alg && alg->nr == i + 1 && alg == sipsec_alg_by_name(algs[i].name) &&
		       !strcmp(alg->name, algs[i].name) && alg->mac_len * 8U == algs[i].bits &&
		       alg->key_len == algs[i].key && alg->key_is_ik == algs[i].ik &&
		       sipsec_alg_mac_chars(alg) == algs[i].chars &&
		       alg->mac_len <= SIPSEC_MAX_MAC_LEN && alg->key_len <= SIPSEC_MAX_KEY_LEN &&
		       sipsec_alg_seq_max(alg) == (algs[i].count32 ? 0xffffffff : ~0ULL),
		       "algorithm %u is %s", i + 1, algs[i].name);
	}
	tap_ok(!sipsec_alg_by_nr(0) && !sipsec_alg_by_nr(ARRAY_SIZE(algs) + 1) &&
	       !sipsec_alg_by_name("") && !sipsec_alg_by_name("hmac-sha-256") &&
	       sipsec_alg_by_name("AES-GMAC") == sipsec_alg_by_nr(3),
	       "no other, and names without regard to case");
	tap_ok(sipsec_alg_by_nr(3)->salt_len == 4 && sipsec_alg_by_nr(3)->nonce &&
	       sipsec_alg_by_nr(7)->nonce && sipsec_alg_by_nr(9)->nonce &&
	       !sipsec_alg_by_nr(4)->nonce && !sipsec_alg_by_nr(6)->nonce &&
	       !sipsec_alg_by_nr(8)->nonce, "those that a repeated nonce breaks");
	return tap_done();
}
