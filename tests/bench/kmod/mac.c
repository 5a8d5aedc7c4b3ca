// SPDX-License-Identifier: GPL-2.0
/* The bare MAC: the crypto API alone, with the key set up before. */
#include <crypto/aead.h>
#include <crypto/hash.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "bench.h"

#define KEY_LEN		16	/* of AES; HMAC takes any */
#define TAG_LEN		16

static const u8 key[KEY_LEN] = "benchmark key...";

struct bench_mac {
	struct crypto_shash *shash;
	struct crypto_aead *aead;	/* of GMAC, instead */
	struct aead_request *req;
	u8 out[64];
};

void bench_mac_free(struct bench_mac *mac)
{
	if (!mac)
		return;
	if (mac->req)
		aead_request_free(mac->req);
	if (mac->aead)
		crypto_free_aead(mac->aead);
	if (mac->shash)
		crypto_free_shash(mac->shash);
	kfree(mac);
}

static int open_shash(struct bench_mac *mac, const char *name)
{
	struct crypto_shash *tfm = crypto_alloc_shash(name, 0, 0);

	if (IS_ERR(tfm))
		return PTR_ERR(tfm);
	mac->shash = tfm;
	return crypto_shash_setkey(tfm, key, KEY_LEN);
}

static int open_aead(struct bench_mac *mac, const char *name)
{
	/* x86's only looks asynchronous: it answers at once where the FPU is free, as here */
	struct crypto_aead *tfm = crypto_alloc_aead(name, 0, 0);
	int err;

	if (IS_ERR(tfm))
		return PTR_ERR(tfm);
	mac->aead = tfm;
	err = crypto_aead_setkey(tfm, key, KEY_LEN) ?: crypto_aead_setauthsize(tfm, TAG_LEN);
	if (err)
		return err;
	mac->req = aead_request_alloc(tfm, GFP_KERNEL);
	return mac->req ? 0 : -ENOMEM;
}

struct bench_mac *bench_mac_new(const char *name)
{
	struct bench_mac *mac = kzalloc(sizeof(*mac), GFP_KERNEL);
	int err;

	if (!mac)
		return ERR_PTR(-ENOMEM);
	err = strstarts(name, "gcm") ? open_aead(mac, name) : open_shash(mac, name);
	if (!err)
		return mac;
	bench_mac_free(mac);
	return ERR_PTR(err);
}

/* GMAC: all is associated data. */
static int gmac(struct bench_mac *mac, const u8 *text, unsigned int len)
{
	struct scatterlist sg[2];
	u8 iv[16] = {};

	sg_init_table(sg, ARRAY_SIZE(sg));
	sg_set_buf(&sg[0], text, len);
	sg_set_buf(&sg[1], mac->out, TAG_LEN);
	aead_request_set_callback(mac->req, 0, NULL, NULL);
	aead_request_set_ad(mac->req, len);
	aead_request_set_crypt(mac->req, sg, sg, 0, iv);
	return crypto_aead_encrypt(mac->req);
}

int bench_mac(struct bench_mac *mac, const u8 *text, unsigned int len)
{
	SHASH_DESC_ON_STACK(desc, mac->shash);

	if (mac->aead)
		return gmac(mac, text, len);
	desc->tfm = mac->shash;
	return crypto_shash_digest(desc, text, len, mac->out);
}

const char *bench_mac_driver(const struct bench_mac *mac)
{
	return crypto_tfm_alg_driver_name(mac->aead ? crypto_aead_tfm(mac->aead) :
						      crypto_shash_tfm(mac->shash));
}
