// SPDX-License-Identifier: GPL-2.0
/*
 * HMAC (RFC 2104) over the crypto API's bare hashes, with one tfm a hash for
 * all SAs: an SA keeps only the two chaining values after its inner and outer
 * pad.  They are put into a state exported once after a block of zeros, since
 * the rest of that state (octet count, empty buffer) is the same for all, and
 * its layout differs between kernels and is never looked at.
 */
#include <linux/kmod.h>
#include <linux/percpu.h>
#include <linux/string.h>

#include "mac.h"
#include "mac_desc.h"

#define HASH_BLOCK	64
#define MAX_STATE	128
#define MAX_DIGEST	32

static const u8 zeros[HASH_BLOCK];

static struct hmac_hash {
	const char *name;
	unsigned int nr;	/* of its algorithm in clause 5 */
	unsigned int digest;	/* octets; of the chaining value too */
	struct crypto_shash *tfm;
} hashes[] = {
	{ .name = "md5", .nr = SIPSEC_ALG_HMAC_MD5_96, .digest = 16 },
	{ .name = "sha1", .nr = SIPSEC_ALG_HMAC_SHA1_96, .digest = 20 },
	{ .name = "sha256", .nr = SIPSEC_ALG_HMAC_SHA256_128, .digest = 32 },
};

/*
 * Each CPU's own: the state of each hash after one block.  The chaining value is written for
 * a message, and wiped again.
 */
struct hmac_states {
	u8 of[ARRAY_SIZE(hashes)][MAX_STATE] __aligned(8);
};

static DEFINE_PER_CPU(struct hmac_states, hmac_states);

static struct hmac_hash *hash_of(const struct sipsec_alg *alg)
{
	switch (alg->nr) {
	case SIPSEC_ALG_HMAC_MD5_96:
		return &hashes[0];
	case SIPSEC_ALG_HMAC_SHA1_96:
		return &hashes[1];
	default:
		return &hashes[2];
	}
}

/*
 * A chaining value, by a length that the compiler knows: a call for so few octets
 * takes longer than copying them.
 */
static __always_inline void copy_chain(u8 *to, const u8 *from, unsigned int digest)
{
	switch (digest) {
	case 16:
		memcpy(to, from, 16);
		break;
	case 20:
		memcpy(to, from, 20);
		break;
	default:
		memcpy(to, from, 32);
		break;
	}
}

/* The chaining value after one block; the state's other octets go to state. */
static int hash_block(struct hmac_hash *h, const u8 block[HASH_BLOCK], u8 *state)
{
	SHASH_DESC_ON_STACK(desc, h->tfm);
	int err;

	desc->tfm = h->tfm;
	err = crypto_shash_init(desc) ?:
	      crypto_shash_update(desc, block, HASH_BLOCK) ?:
	      crypto_shash_export(desc, state);
	shash_desc_zero(desc);
	return err;
}

static int hash_init(struct hmac_hash *h)
{
	u8 state[MAX_STATE];
	int cpu, err;

	/*
	 * The generic driver is built in and would be taken while a faster one
	 * lies unloaded on disk.
	 */
	request_module("crypto-%s", h->name);
	h->tfm = crypto_alloc_shash(h->name, 0, 0);
	if (IS_ERR(h->tfm)) {
		err = PTR_ERR(h->tfm);
		h->tfm = NULL;
		return err;
	}
	err = -EOPNOTSUPP;
	if (crypto_shash_statesize(h->tfm) <= MAX_STATE &&
	    crypto_shash_digestsize(h->tfm) == h->digest)
		err = hash_block(h, zeros, state);
	if (err) {
		crypto_free_shash(h->tfm);
		h->tfm = NULL;
		return err;
	}
	for_each_possible_cpu(cpu)
		memcpy(per_cpu(hmac_states, cpu).of[h - hashes], state, sizeof(state));
	return 0;
}

int sipsec_hmac_init(void)
{
	int i, err = 0;

	/* md5 and sha1 may be missing; sha256 is mandatory. */
	for (i = 0; i < ARRAY_SIZE(hashes) && !err; i++) {
		struct hmac_hash *h = &hashes[i];
		int missing = hash_init(h);

		if (missing)
			err = sipsec_mac_without(h->nr, h->name, missing) ?:
			      (h->nr == SIPSEC_ALG_HMAC_SHA256_128 ? missing : 0);
	}
	if (err)
		sipsec_hmac_exit();
	return err;
}

void sipsec_hmac_exit(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(hashes); i++) {
		if (hashes[i].tfm)
			crypto_free_shash(hashes[i].tfm);
		hashes[i].tfm = NULL;
	}
}

const char *sipsec_hmac_driver(const struct sipsec_alg *alg)
{
	struct hmac_hash *h = hash_of(alg);

	return h->tfm ? crypto_tfm_alg_driver_name(crypto_shash_tfm(h->tfm)) : NULL;
}

int sipsec_hmac_set_key(const struct sipsec_alg *alg, const u8 *raw, struct sipsec_mac_key *key)
{
	struct hmac_hash *h = hash_of(alg);
	u8 block[HASH_BLOCK], state[MAX_STATE];
	u8 *out = (u8 *)key->state;
	int i, pad, err = 0;

	BUILD_BUG_ON(sizeof(key->state) < 2 * MAX_DIGEST);
	if (!h->tfm)
		return -EOPNOTSUPP;

	for (pad = 0; pad < 2 && !err; pad++) {
		for (i = 0; i < HASH_BLOCK; i++)
			block[i] = (i < alg->key_len ? raw[i] : 0) ^ (pad ? 0x5c : 0x36);
		err = hash_block(h, block, state);
		copy_chain(out + pad * MAX_DIGEST, state, h->digest);
	}
	memzero_explicit(block, sizeof(block));
	memzero_explicit(state, sizeof(state));
	if (err)
		memzero_explicit(key, sizeof(*key));
	return err;
}

int sipsec_hmac(const struct sipsec_alg *alg, const struct sipsec_mac_key *key,
		const struct sipsec_text *t, u8 *mac)
{
	struct hmac_hash *h = hash_of(alg);
	u8 *state = this_cpu_ptr(&hmac_states)->of[h - hashes];
	const u8 *chain = (const u8 *)key->state;
	union sipsec_mac_desc room __uninitialized;
	struct shash_desc *desc = &room.desc;
	u8 digest[MAX_DIGEST] __uninitialized;
	unsigned int i;
	int err;

	desc->tfm = h->tfm;
	copy_chain(state, chain, h->digest);
	err = crypto_shash_import(desc, state);
	for (i = 0; !err && i < t->nr - 1; i++)
		err = crypto_shash_update(desc, t->part[i].data, t->part[i].len);
	if (!err)
		err = crypto_shash_finup(desc, t->part[i].data, t->part[i].len, digest);
	if (!err) {
		copy_chain(state, chain + MAX_DIGEST, h->digest);
		err = crypto_shash_import(desc, state);
	}
	if (!err)
		err = crypto_shash_finup(desc, digest, h->digest, digest);
	if (!err)
		memcpy(mac, digest, alg->mac_len);
	/* The chaining values are as good as the key; what is behind them stays. */
	copy_chain(state, zeros, h->digest);
	shash_desc_zero(desc);
	return err;
}
