// SPDX-License-Identifier: GPL-2.0
/* The bare MAC: what the crypto API alone takes for it, with the key set up before. */
#include <crypto/aead.h>
#include <crypto/hash.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "bench.h"

#define KEY_LEN		16	/* of AES; HMAC takes any */
#define TAG_LEN		16

static const u8 key[KEY_LEN] = "benchmark key...";

static int shash(const char *name, const u8 *text, unsigned int len, unsigned int nr, u64 *ticks)
{
	struct crypto_shash *tfm = crypto_alloc_shash(name, 0, 0);
	u8 out[64];
	u64 begin;
	int err;

	if (IS_ERR(tfm))
		return PTR_ERR(tfm);
	err = crypto_shash_setkey(tfm, key, KEY_LEN);
	if (!err) {
		SHASH_DESC_ON_STACK(desc, tfm);

		desc->tfm = tfm;
		local_bh_disable();
		begin = bench_ticks();
		while (nr-- && !err)
			err = crypto_shash_digest(desc, text, len, out);
		*ticks = bench_ticks() - begin;
		local_bh_enable();
	}
	crypto_free_shash(tfm);
	return err;
}

/* GMAC: all is associated data. */
static int aead(const char *name, const u8 *text, unsigned int len, unsigned int nr, u64 *ticks)
{
	struct crypto_aead *tfm = crypto_alloc_aead(name, 0, 0);
	u8 *buf = kmalloc(len + TAG_LEN, GFP_KERNEL);
	struct aead_request *req = NULL;
	struct scatterlist sg;
	u8 iv[16] = {};
	u64 begin;
	int err;

	if (IS_ERR(tfm)) {
		kfree(buf);
		return PTR_ERR(tfm);
	}
	err = crypto_aead_setkey(tfm, key, KEY_LEN) ?: crypto_aead_setauthsize(tfm, TAG_LEN);
	if (!err && buf)
		req = aead_request_alloc(tfm, GFP_KERNEL);
	if (req) {
		memcpy(buf, text, len);
		sg_init_one(&sg, buf, len + TAG_LEN);
		aead_request_set_callback(req, 0, NULL, NULL);
		aead_request_set_ad(req, len);
		aead_request_set_crypt(req, &sg, &sg, 0, iv);
		local_bh_disable();
		begin = bench_ticks();
		while (nr-- && !err)
			err = crypto_aead_encrypt(req);
		*ticks = bench_ticks() - begin;
		local_bh_enable();
		aead_request_free(req);
	} else if (!err) {
		err = -ENOMEM;
	}
	kfree(buf);
	crypto_free_aead(tfm);
	return err;
}

int bench_mac(const char *name, const u8 *text, unsigned int len, unsigned int nr, u64 *ticks)
{
	return strstarts(name, "gcm") ? aead(name, text, len, nr, ticks) :
					shash(name, text, len, nr, ticks);
}

void bench_mac_driver(const char *name, char *driver, size_t len)
{
	strscpy(driver, "-", len);
	if (strstarts(name, "gcm")) {
		struct crypto_aead *tfm = crypto_alloc_aead(name, 0, 0);

		if (!IS_ERR(tfm)) {
			strscpy(driver, crypto_tfm_alg_driver_name(crypto_aead_tfm(tfm)), len);
			crypto_free_aead(tfm);
		}
	} else {
		struct crypto_shash *tfm = crypto_alloc_shash(name, 0, 0);

		if (!IS_ERR(tfm)) {
			strscpy(driver, crypto_tfm_alg_driver_name(crypto_shash_tfm(tfm)), len);
			crypto_free_shash(tfm);
		}
	}
}
