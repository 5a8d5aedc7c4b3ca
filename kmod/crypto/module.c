// SPDX-License-Identifier: GPL-2.0
/* The 3GPP integrity algorithms as shashes of the crypto API. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <crypto/algapi.h>
#include <crypto/internal/hash.h>
#include <linux/crypto.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/string.h>

#include "msg.h"
#include "selftest.h"

#define MAX_ALGS	16

/* An algorithm as it is registered. */
struct threegpp_shash {
	struct shash_alg shash;
	const struct threegpp_alg *alg;
	bool registered;
};

static struct threegpp_shash shashes[MAX_ALGS];

static const struct threegpp_alg *alg_of(struct crypto_shash *tfm)
{
	return container_of(crypto_shash_alg(tfm), struct threegpp_shash, shash)->alg;
}

static int init_tfm(struct crypto_shash *tfm)
{
	const struct threegpp_alg *alg = alg_of(tfm);

	return alg->new_key ? alg->new_key(crypto_shash_ctx(tfm)) : 0;
}

static void exit_tfm(struct crypto_shash *tfm)
{
	const struct threegpp_alg *alg = alg_of(tfm);

	/* The crypto API wipes the key when it frees the tfm. */
	if (alg->free_key)
		alg->free_key(crypto_shash_ctx(tfm));
}

static int setkey(struct crypto_shash *tfm, const u8 *raw, unsigned int len)
{
	const struct threegpp_alg *alg = alg_of(tfm);

	if (len != alg->key_len)
		return -EINVAL;
	return alg->set_key(crypto_shash_ctx(tfm), raw);
}

static int init(struct shash_desc *desc)
{
	threegpp_init(shash_desc_ctx(desc));
	return 0;
}

static int update(struct shash_desc *desc, const u8 *data, unsigned int len)
{
	return threegpp_update(alg_of(desc->tfm), shash_desc_ctx(desc),
			       crypto_shash_ctx(desc->tfm), data, len);
}

static int final(struct shash_desc *desc, u8 *mac)
{
	return threegpp_final(alg_of(desc->tfm), shash_desc_ctx(desc),
			      crypto_shash_ctx(desc->tfm), mac);
}

static int export(struct shash_desc *desc, void *out)
{
	const struct threegpp_alg *alg = alg_of(desc->tfm);
	const struct threegpp_msg *msg = shash_desc_ctx(desc);

	memcpy(out, msg, threegpp_msg_size(alg));
	if (!alg->export || !threegpp_begun(alg, msg))
		return 0;
	return alg->export(msg->state, crypto_shash_ctx(desc->tfm), out + sizeof(*msg));
}

static int import(struct shash_desc *desc, const void *in)
{
	const struct threegpp_alg *alg = alg_of(desc->tfm);
	struct threegpp_msg *msg = shash_desc_ctx(desc);

	memcpy(msg, in, threegpp_msg_size(alg));
	if (!alg->import || !threegpp_begun(alg, msg))
		return 0;
	return alg->import(msg->state, crypto_shash_ctx(desc->tfm), in + sizeof(*msg));
}

static int __init register_alg(struct threegpp_shash *s, const struct threegpp_alg *alg)
{
	struct shash_alg *shash = &s->shash;
	int err;

	s->alg = alg;
	shash->init_tfm = init_tfm;
	shash->exit_tfm = exit_tfm;
	shash->setkey = setkey;
	shash->init = init;
	shash->update = update;
	shash->final = final;
	shash->export = export;
	shash->import = import;
	shash->digestsize = alg->mac_len;
	shash->descsize = threegpp_msg_size(alg);
	shash->statesize = threegpp_msg_size(alg);
	shash->base.cra_priority = alg->priority;
	shash->base.cra_blocksize = 1;
	shash->base.cra_ctxsize = alg->key_size;
	shash->base.cra_module = THIS_MODULE;
	strscpy(shash->base.cra_name, alg->name, sizeof(shash->base.cra_name));
	strscpy(shash->base.cra_driver_name, alg->driver, sizeof(shash->base.cra_driver_name));
	err = crypto_register_shash(shash);
	s->registered = !err;
	return err;
}

/* Those that pass, in passed[]; their number, or -errno if one does not. */
static int __init test_all(const struct threegpp_alg **passed)
{
	const struct threegpp_alg *const *alg;
	int nr = 0, err;

	for (alg = threegpp_algs; *alg; alg++) {
		if ((*alg)->served && !(*alg)->served())
			continue;
		err = threegpp_selftest(*alg);
		if (err == -ENOENT) {
			/* A kernel without CMAC does not get what needs it. */
			pr_warn("%s: this kernel has no cmac(aes)\n", (*alg)->name);
			continue;
		}
		if (err)
			return err;
		if (WARN_ON(nr == MAX_ALGS))
			break;
		passed[nr++] = *alg;
	}
	return nr;
}

/*
 * All are tested before the first is registered, and once one is, the module
 * stays: from 6.12 on the crypto API still holds for some time what it has
 * registered, and to unregister it then is an error that nobody can wait out.
 */
static int __init threegpp_module_init(void)
{
	const struct threegpp_alg *passed[MAX_ALGS];
	bool any = false;
	int nr, i, err;

	/* The generic AES is built in and would be taken instead of a faster one. */
	request_module("crypto-aes");
	nr = test_all(passed);
	if (nr < 0)
		return nr;
	for (i = 0; i < nr; i++) {
		err = register_alg(&shashes[i], passed[i]);
		if (err && !any)
			return err;
		if (err)
			pr_warn("%s: not registered: %d\n", passed[i]->driver, err);
		any = true;
	}
	return 0;
}

static void __exit threegpp_module_exit(void)
{
	unsigned int i;

	for (i = 0; i < MAX_ALGS; i++)
		if (shashes[i].registered)
			crypto_unregister_shash(&shashes[i].shash);
}

module_init(threegpp_module_init);
module_exit(threegpp_module_exit);

MODULE_DESCRIPTION("3GPP integrity algorithms: UIA1, UIA2, 128-EIA1, 128-EIA2, 128-EIA3, ZUC-256");
MODULE_LICENSE("GPL");
MODULE_ALIAS_CRYPTO("uia1");
MODULE_ALIAS_CRYPTO("uia1-generic");
MODULE_ALIAS_CRYPTO("uia2");
MODULE_ALIAS_CRYPTO("uia2-generic");
MODULE_ALIAS_CRYPTO("uia2-pclmul");
MODULE_ALIAS_CRYPTO("128-eia1");
MODULE_ALIAS_CRYPTO("128-eia1-generic");
MODULE_ALIAS_CRYPTO("128-eia1-pclmul");
MODULE_ALIAS_CRYPTO("128-eia2");
MODULE_ALIAS_CRYPTO("128-eia2-cmac");
MODULE_ALIAS_CRYPTO("128-eia3");
MODULE_ALIAS_CRYPTO("128-eia3-generic");
MODULE_ALIAS_CRYPTO("128-eia3-pclmul");
MODULE_ALIAS_CRYPTO("zuc256-mac-32");
MODULE_ALIAS_CRYPTO("zuc256-mac-32-generic");
MODULE_ALIAS_CRYPTO("zuc256-mac-32-pclmul");
MODULE_ALIAS_CRYPTO("zuc256-mac-64");
MODULE_ALIAS_CRYPTO("zuc256-mac-64-generic");
MODULE_ALIAS_CRYPTO("zuc256-mac-64-pclmul");
MODULE_ALIAS_CRYPTO("zuc256-mac-128");
MODULE_ALIAS_CRYPTO("zuc256-mac-128-generic");
MODULE_ALIAS_CRYPTO("zuc256-mac-128-pclmul");
