// SPDX-License-Identifier: GPL-2.0
/* The MACs of clause 5, whichever of the kernel's interfaces serves them. */
#include <kunit/test.h>
#include <linux/bottom_half.h>
#include <linux/string.h>

#include "mac.h"
#include "scratch.h"
#include "test/ready.h"
#include "text.h"

/* T as it is signed; T of all lengths up to this, round the hashes' blocks. */
#define OCTETS	300

static int mac_of(const struct sipsec_alg *alg, const struct sipsec_mac_key *key, u64 seq,
		  const u8 *data, u32 len, u32 split, u8 *mac)
{
	struct sipsec_text t;
	int err;

	sipsec_text_init(&t, 0, alg->nr, 0x1001, seq);
	sipsec_text_add(&t, data, split);
	sipsec_text_add(&t, data + split, len - split);
	local_bh_disable();
	sipsec_scratch_get();
	err = sipsec_mac(alg, key, seq, &t, mac);
	sipsec_scratch_put();
	local_bh_enable();
	return err;
}

#if defined(CONFIG_X86) && !defined(CONFIG_UML)
#include <asm/fpu/api.h>

static bool fpu_can_be_busy(void)
{
	return true;
}

static void fpu_begin(void)
{
	kernel_fpu_begin();
}

static void fpu_end(void)
{
	kernel_fpu_end();
}
#else
static bool fpu_can_be_busy(void)
{
	return false;
}

static void fpu_begin(void) {}
static void fpu_end(void) {}
#endif

/* RFC 4231, test case 2, as T without PSEUDO. */
static void published(struct kunit *test)
{
	static const char key_text[] = "Jefe", data[] = "what do ya want for nothing?";
	static const u8 want[16] = {
		0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e,
		0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7,
	};
	const struct sipsec_alg *alg = sipsec_alg_by_nr(SIPSEC_ALG_HMAC_SHA256_128);
	u8 raw[SIPSEC_MAX_KEY_LEN] = {}, mac[SIPSEC_MAX_MAC_LEN];
	struct sipsec_text t = {
		.nr = 1, .len = sizeof(data) - 1,
		.part[0] = { .data = (const u8 *)data, .len = sizeof(data) - 1 },
	};
	struct sipsec_mac_key key;
	int err;

	/* HMAC fills a short key up with zeros. */
	memcpy(raw, key_text, sizeof(key_text) - 1);
	KUNIT_ASSERT_EQ(test, sipsec_mac_set_key(alg, raw, &key), 0);
	local_bh_disable();
	sipsec_scratch_get();
	err = sipsec_mac(alg, &key, 1, &t, mac);
	sipsec_scratch_put();
	local_bh_enable();
	KUNIT_ASSERT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, memcmp(mac, want, sizeof(want)), 0);
	sipsec_mac_clear_key(alg, &key);
}

/* One algorithm: the same MAC in one piece and in two; another for another T. */
static void try_alg(struct kunit *test, const struct sipsec_alg *alg)
{
	u8 raw[SIPSEC_MAX_KEY_LEN], mac[SIPSEC_MAX_MAC_LEN], other[SIPSEC_MAX_MAC_LEN];
	u8 *data = kunit_kmalloc(test, OCTETS, GFP_KERNEL);
	struct sipsec_mac_key key;
	u32 len;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, data);
	memset(raw, 0x5a, sizeof(raw));
	memset(data, 0xa5, OCTETS);
	KUNIT_ASSERT_EQ_MSG(test, sipsec_mac_set_key(alg, raw, &key), 0, "%s", alg->name);
	for (len = 1; len <= OCTETS; len++) {
		const u8 *end = data + OCTETS - len;

		KUNIT_ASSERT_EQ(test, mac_of(alg, &key, len, end, len, len, mac), 0);
		KUNIT_ASSERT_EQ(test, mac_of(alg, &key, len, end, len, len / 2, other), 0);
		KUNIT_ASSERT_EQ_MSG(test, memcmp(mac, other, alg->mac_len), 0, "%s of %u octets",
				    alg->name, len);
		KUNIT_ASSERT_EQ(test, mac_of(alg, &key, len + 1, end, len, len, other), 0);
		KUNIT_ASSERT_NE(test, memcmp(mac, other, alg->mac_len), 0);
		data[OCTETS - 1] ^= 1;
		KUNIT_ASSERT_EQ(test, mac_of(alg, &key, len, end, len, len, other), 0);
		KUNIT_ASSERT_NE(test, memcmp(mac, other, alg->mac_len), 0);
	}
	sipsec_mac_clear_key(alg, &key);
}

static void all(struct kunit *test)
{
	unsigned int nr;

	/*
	 * Not those of sipsec_3gpp.ko, which has a suite of its own: to ask for them loads it,
	 * and its suite would wait for this one to end.
	 */
	for (nr = 1; nr < SIPSEC_ALG_UIA1; nr++) {
		const struct sipsec_alg *alg = sipsec_alg_by_nr(nr);

		if (sipsec_mac_driver(alg))
			try_alg(test, alg);
		else
			kunit_info(test, "%s is not served here", alg->name);
	}
}

/*
 * A datagram's softirq may come while the kernel itself is at the FPU, on x86: the
 * MACs are the same then.
 */
static void without_fpu(struct kunit *test)
{
	u8 raw[SIPSEC_MAX_KEY_LEN], mac[SIPSEC_MAX_MAC_LEN], other[SIPSEC_MAX_MAC_LEN];
	u8 *data = kunit_kzalloc(test, OCTETS, GFP_KERNEL);
	struct sipsec_mac_key key;
	unsigned int nr;
	u32 len;
	int err;

	if (!fpu_can_be_busy())
		kunit_skip(test, "x86 alone forbids it");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, data);
	memset(raw, 0x5a, sizeof(raw));
	for (nr = 1; nr < SIPSEC_ALG_UIA1; nr++) {
		const struct sipsec_alg *alg = sipsec_alg_by_nr(nr);

		KUNIT_ASSERT_EQ_MSG(test, sipsec_mac_set_key(alg, raw, &key), 0, "%s", alg->name);
		for (len = 1; len <= OCTETS; len++) {
			data[len - 1] = len;
			KUNIT_ASSERT_EQ(test, mac_of(alg, &key, len, data, len, len, mac), 0);
			fpu_begin();
			err = mac_of(alg, &key, len, data, len, len, other);
			fpu_end();
			KUNIT_ASSERT_EQ_MSG(test, err, 0, "%s of %u octets", alg->name, len);
			KUNIT_ASSERT_EQ_MSG(test, memcmp(mac, other, alg->mac_len), 0,
					    "%s of %u octets", alg->name, len);
		}
		sipsec_mac_clear_key(alg, &key);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(published),
	KUNIT_CASE(all),
	KUNIT_CASE(without_fpu),
	{}
};

static struct kunit_suite mac_suite = {
	.name = "sipsec_mac",
	.init = sipsec_test_ready,
	.test_cases = cases,
};

kunit_test_suite(mac_suite);
