// SPDX-License-Identifier: GPL-2.0
/*
 * The algorithms as users of the crypto API see them.  The published vectors are
 * computed whenever the module is loaded (selftest.c); this is what they leave.
 */
#include <crypto/hash.h>
#include <kunit/test.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "msg.h"
#include "threegpp.h"

#define OCTETS	200

struct tried {
	const struct threegpp_alg *alg;
	struct crypto_shash *tfm;
	struct shash_desc *desc;
	u8 *data;		/* a prefix that is allowed, and a message */
	u32 len;
	u8 mac[16];
};

/* False where this kernel does not have it, which its load has told. */
static bool begin(struct kunit *test, struct tried *t, const struct threegpp_alg *alg)
{
	u8 key[32];

	t->alg = alg;
	t->tfm = crypto_alloc_shash(alg->driver, 0, 0);
	if (IS_ERR(t->tfm)) {
		KUNIT_EXPECT_EQ_MSG(test, (int)PTR_ERR(t->tfm), -ENOENT, "%s", alg->driver);
		return false;
	}
	memset(key, 0x2b, sizeof(key));
	KUNIT_EXPECT_EQ(test, crypto_shash_setkey(t->tfm, key, alg->key_len - 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, crypto_shash_setkey(t->tfm, key, alg->key_len), 0);
	t->desc = kunit_kzalloc(test, sizeof(*t->desc) + crypto_shash_descsize(t->tfm),
				GFP_KERNEL);
	t->len = alg->prefix_len + OCTETS;
	t->data = kunit_kzalloc(test, t->len, GFP_KERNEL);
	if (!t->desc || !t->data) {
		KUNIT_FAIL(test, "no memory");
		crypto_free_shash(t->tfm);
		return false;
	}
	t->desc->tfm = t->tfm;
	memset(t->data + alg->prefix_len, 0x6d, OCTETS);
	KUNIT_EXPECT_EQ(test, crypto_shash_digest(t->desc, t->data, t->len, t->mac), 0);
	return true;
}

/* What is asked of each algorithm that there is. */
static void each(struct kunit *test, void (*ask)(struct kunit *test, struct tried *t))
{
	const struct threegpp_alg *const *alg;

	for (alg = threegpp_algs; *alg; alg++) {
		struct tried t;

		if (!begin(test, &t, *alg))
			continue;
		ask(test, &t);
		crypto_free_shash(t.tfm);
	}
}

/* In two pieces, wherever they meet, by way of another's descriptor. */
static void move(struct kunit *test, struct tried *t)
{
	void *state = kunit_kzalloc(test, crypto_shash_statesize(t->tfm), GFP_KERNEL);
	u8 mac[16];
	u32 split;

	if (!state)
		KUNIT_FAIL(test, "no memory");
	for (split = 0; state && split <= t->len; split++) {
		int err = crypto_shash_init(t->desc) ?:
			  crypto_shash_update(t->desc, t->data, split) ?:
			  crypto_shash_export(t->desc, state) ?:
			  crypto_shash_init(t->desc) ?:
			  crypto_shash_import(t->desc, state) ?:
			  crypto_shash_finup(t->desc, t->data + split, t->len - split, mac);

		KUNIT_EXPECT_EQ_MSG(test, err, 0, "%s at %u", t->alg->name, split);
		KUNIT_EXPECT_EQ_MSG(test, memcmp(mac, t->mac, t->alg->mac_len), 0,
				    "%s at %u", t->alg->name, split);
	}
}

static void moved(struct kunit *test)
{
	each(test, move);
}

/* Every octet of prefix and message counts. */
static void change(struct kunit *test, struct tried *t)
{
	const struct threegpp_alg *alg = t->alg;
	u8 mac[16];
	u32 i;

	for (i = 0; i < t->len; i++) {
		/* DIRECTION is a bit; of the IV's and the rest any bit will do */
		u8 bit = i == alg->prefix_len - 1 ? 4 : i == 8 ? 1 : 8;
		int err;

		t->data[i] ^= bit;
		err = crypto_shash_digest(t->desc, t->data, t->len, mac);
		t->data[i] ^= bit;
		if (err == -EINVAL && i < alg->prefix_len)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, err, 0, "%s: octet %u", alg->name, i);
		KUNIT_EXPECT_NE_MSG(test, memcmp(mac, t->mac, alg->mac_len), 0, "%s: octet %u",
				    alg->name, i);
	}
}

static void changed(struct kunit *test)
{
	each(test, change);
}

/* threegpp.h: such a prefix is refused, and one that is cut short. */
static void refuse(struct kunit *test, struct tried *t)
{
	const struct threegpp_alg *alg = t->alg;
	u8 mac[16];
	u32 i;

	for (i = 0; i < alg->prefix_len; i++)
		KUNIT_EXPECT_EQ_MSG(test, crypto_shash_digest(t->desc, t->data, i, mac), -EINVAL,
				    "%s: prefix of %u", alg->name, i);
	t->data[alg->prefix_len - 1] = 8;
	KUNIT_EXPECT_EQ_MSG(test, crypto_shash_digest(t->desc, t->data, t->len, mac), -EINVAL,
			    "%s: 8 bits", alg->name);
	/* no octet, and bits of it */
	t->data[alg->prefix_len - 1] = 3;
	KUNIT_EXPECT_EQ_MSG(test, crypto_shash_digest(t->desc, t->data, alg->prefix_len, mac),
			    -EINVAL, "%s: bits of nothing", alg->name);
}

static void refused(struct kunit *test)
{
	each(test, refuse);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(moved),
	KUNIT_CASE(changed),
	KUNIT_CASE(refused),
	{}
};

static struct kunit_suite threegpp_suite = {
	.name = "sipsec_3gpp",
	.test_cases = cases,
};

kunit_test_suite(threegpp_suite);
