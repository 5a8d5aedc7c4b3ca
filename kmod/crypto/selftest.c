// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/fips.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "selftest.h"

/* As a user of the crypto API has it: prefix and message in one piece. */
struct threegpp_vector {
	const char *alg;
	const char *name;
	const u8 *key;
	const u8 *data;
	const u8 *mac;
	u16 len;
};

#include "vectors.h"

#define MAX_MAC		16

/* data in two pieces; the second may be empty. */
static int __init digest(const struct threegpp_alg *alg, struct threegpp_msg *msg,
			 const void *key, const struct threegpp_vector *v, unsigned int split,
			 u8 *mac)
{
	threegpp_init(msg);
	return threegpp_update(alg, msg, key, v->data, split) ?:
	       threegpp_update(alg, msg, key, v->data + split, v->len - split) ?:
	       threegpp_final(alg, msg, key, mac);
}

static int __init test_vector(const struct threegpp_alg *alg, struct threegpp_msg *msg, void *key,
			      const struct threegpp_vector *v)
{
	/* In the prefix, at its end, in a block, in the last octet. */
	const unsigned int splits[] = {
		v->len, 5, alg->prefix_len, alg->prefix_len + (v->len - alg->prefix_len) / 2,
		v->len - 1
	};
	u8 mac[MAX_MAC];
	unsigned int i;
	int err;

	err = alg->set_key(key, v->key);
	for (i = 0; !err && i < ARRAY_SIZE(splits); i++) {
		err = digest(alg, msg, key, v, splits[i], mac);
		if (!err && memcmp(mac, v->mac, alg->mac_len)) {
			pr_err("%s: test vector \"%s\" gives another MAC, split at %u\n",
			       alg->driver, v->name, splits[i]);
			err = -EINVAL;
		}
	}
	return err;
}

int __init threegpp_selftest(const struct threegpp_alg *alg)
{
	struct threegpp_msg *msg = kzalloc(threegpp_msg_size(alg), GFP_KERNEL);
	void *key = kzalloc(alg->key_size, GFP_KERNEL);
	unsigned int i, tried = 0;
	int err = -ENOMEM;

	if (!msg || !key)
		goto out;
	err = alg->new_key ? alg->new_key(key) : 0;
	if (err)
		goto out;
	for (i = 0; !err && i < ARRAY_SIZE(threegpp_vectors); i++) {
		if (strcmp(threegpp_vectors[i].alg, alg->name))
			continue;
		err = test_vector(alg, msg, key, &threegpp_vectors[i]);
		tried++;
	}
	if (!err && !tried) {
		pr_err("%s: no test vector\n", alg->driver);
		err = -EINVAL;
	}
	if (alg->free_key)
		alg->free_key(key);
	if (err == -EINVAL && fips_enabled)
		panic("%s: self-test failed in fips mode\n", alg->driver);
	if (!err)
		pr_debug("%s: %u test vectors\n", alg->driver, tried);
out:
	kfree_sensitive(key);
	kfree_sensitive(msg);
	return err;
}
