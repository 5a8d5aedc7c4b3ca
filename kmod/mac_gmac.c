// SPDX-License-Identifier: GPL-2.0
/*
 * AES-GMAC (RFC 4543) over the crypto API's gcm(aes): T is the associated data
 * and the plaintext is empty.  The key lives in the tfm, so each SA has one.
 *
 * T and the tag are one piece of kmalloc'ed memory, since drivers allocate
 * where the associated data is in several.  Request and memory are per CPU.
 *
 * Where the driver's GHASH is the generic one, by tables, the module's own is taken
 * instead (gmac_soft.h), and there are no tfms.  That is so until the module is loaded anew.
 *
 * On x86 up to 6.12 the fast drivers are "asynchronous": they put a request
 * off to a thread when the FPU cannot be used, as in a softirq that came while
 * the kernel itself was at it.  Those few are computed without a driver.  Should
 * one be put off all the same, the datagram is dropped, and the slot is the
 * driver's until its callback.
 */
#include <crypto/aead.h>
#include <crypto/callback.h>
#include <crypto/internal/simd.h>
#include <linux/kmod.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait_bit.h>

/* User Mode Linux's stands on what others have included. */
#include <asm/simd.h>

#include "gmac_soft.h"
#include "mac.h"
#include "scratch.h"

#define GMAC_TAG	SIPSEC_GMAC_TAG

/* Holds the driver and names it; never used to compute.  NULL: there is none, or soft. */
static struct crypto_aead *probe;
static bool soft;

static bool driver_is_async(struct crypto_aead *tfm)
{
	return crypto_aead_tfm(tfm)->__crt_alg->cra_flags & CRYPTO_ALG_ASYNC;
}

/*
 * A driver is good if it answers at once: a synchronous one, or x86's, which
 * only looks asynchronous.  A driver for an accelerator card never does.
 */
static bool driver_is_good(struct crypto_aead *tfm)
{
	return !driver_is_async(tfm) ||
	       !strncmp(crypto_tfm_alg_driver_name(crypto_aead_tfm(tfm)), "generic-gcm-", 12);
}

static struct crypto_aead *alloc_tfm(void)
{
	struct crypto_aead *tfm = crypto_alloc_aead("gcm(aes)", 0, 0);

	if (!IS_ERR(tfm) && !driver_is_good(tfm)) {
		crypto_free_aead(tfm);
		tfm = crypto_alloc_aead("gcm(aes)", 0, CRYPTO_ALG_ASYNC);
	}
	return tfm;
}

static unsigned int request_size(struct crypto_aead *tfm)
{
	return sizeof(struct aead_request) + crypto_aead_reqsize(tfm);
}

static void free_slots(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct sipsec_gmac_slot *slot = &per_cpu_ptr(&sipsec_scratch, cpu)->gmac;

		kfree_sensitive(slot->req);
		kfree(slot->buf);
		slot->req = NULL;
		slot->buf = NULL;
	}
}

int sipsec_gmac_init(void)
{
	int cpu;

	request_module("crypto-aes");
	request_module("crypto-gcm(aes)");
	probe = alloc_tfm();
	if (IS_ERR(probe)) {
		int err = PTR_ERR(probe);

		probe = NULL;
		return sipsec_mac_without(SIPSEC_ALG_AES_GMAC, "gcm(aes)", err);
	}
	/* Without 64-bit products it would take longer than by tables. */
	soft = IS_ENABLED(CONFIG_64BIT) && strstr(sipsec_gmac_driver(), "ghash-generic");
	if (soft) {
		crypto_free_aead(probe);
		probe = NULL;
		return 0;
	}
	for_each_possible_cpu(cpu) {
		struct sipsec_gmac_slot *slot = &per_cpu_ptr(&sipsec_scratch, cpu)->gmac;
		int node = cpu_to_node(cpu);

		slot->req = kzalloc_node(request_size(probe), GFP_KERNEL, node);
		slot->buf = kmalloc_node(SIPSEC_GMAC_BUF_LEN, GFP_KERNEL, node);
		if (!slot->req || !slot->buf) {
			sipsec_gmac_exit();
			return -ENOMEM;
		}
	}
	return 0;
}

/* All keys have been cleared, so no slot is in use. */
void sipsec_gmac_exit(void)
{
	free_slots();
	if (probe)
		crypto_free_aead(probe);
	probe = NULL;
}

const char *sipsec_gmac_driver(void)
{
	if (soft)
		return SIPSEC_GMAC_SOFT;
	return probe ? crypto_tfm_alg_driver_name(crypto_aead_tfm(probe)) : NULL;
}

static struct crypto_aead *tfm_with(const u8 *raw)
{
	struct crypto_aead *tfm = alloc_tfm();
	int err;

	if (IS_ERR(tfm))
		return tfm;
	/* A driver loaded since may want a larger request than the slots have. */
	err = request_size(tfm) <= request_size(probe) ? 0 : -EOPNOTSUPP;
	if (!err)
		err = crypto_aead_setkey(tfm, raw, 16);
	if (!err)
		err = crypto_aead_setauthsize(tfm, GMAC_TAG);
	if (!err)
		return tfm;
	crypto_free_aead(tfm);
	return ERR_PTR(err);
}

int sipsec_gmac_set_key(const u8 *raw, struct sipsec_mac_key *key)
{
	struct crypto_aead *tfm = NULL;
	int err;

	if (!sipsec_gmac_driver())
		return -EOPNOTSUPP;
	if (!soft) {
		tfm = tfm_with(raw);
		if (IS_ERR(tfm))
			return PTR_ERR(tfm);
	}
	err = sipsec_gmac_soft_key(raw, key->h);
	if (err) {
		crypto_free_aead(tfm);
		return err;
	}
	key->ptr = tfm;
	memcpy(key->raw, raw, sizeof(key->raw));
	memcpy(key->salt, raw + sizeof(key->raw), sizeof(key->salt));
	return 0;
}

/*
 * After the grace period no datagram can start a request with this tfm; those
 * put off to a thread are waited for.
 */
void sipsec_gmac_clear_key(struct sipsec_mac_key *key)
{
	struct crypto_aead *tfm = key->ptr;
	int cpu;

	if (!tfm)
		return;
	for_each_possible_cpu(cpu) {
		struct sipsec_gmac_slot *slot = &per_cpu_ptr(&sipsec_scratch, cpu)->gmac;

		/* Pairs with the releases: the driver is done with the tfm. */
		wait_var_event(&slot->tfm, smp_load_acquire(&slot->tfm) != tfm);
	}
	crypto_free_aead(tfm);
}

SIPSEC_CRYPTO_CALLBACK(late, data, err)
{
	struct sipsec_gmac_slot *slot = data;

	if (err == -EINPROGRESS)
		return;
	/* The driver is done with tfm, request and octets. */
	smp_store_release(&slot->tfm, NULL);
	/* wake_up_var() looks for waiters, which look at tfm: one of the two sees the other. */
	smp_mb();
	wake_up_var(&slot->tfm);
}

int sipsec_gmac(const struct sipsec_mac_key *key, u64 seq, const struct sipsec_text *t, u8 *mac)
{
	struct sipsec_gmac_slot *slot = &this_cpu_ptr(&sipsec_scratch)->gmac;
	struct crypto_aead *tfm = key->ptr;
	__be64 be_seq = cpu_to_be64(seq);
	u8 iv[SIPSEC_GMAC_IV_LEN];
	unsigned int i;
	u8 *p;
	int err;

	memcpy(iv, key->salt, sizeof(key->salt));
	memcpy(iv + sizeof(key->salt), &be_seq, sizeof(be_seq));
	if (!tfm || unlikely(driver_is_async(tfm) && !crypto_simd_usable()))
		return sipsec_gmac_soft(key->raw, key->h, iv, t, mac);

	/* Pairs with the releases: the slot is ours again. */
	if (smp_load_acquire(&slot->tfm))
		return -EBUSY;
	if (WARN_ON_ONCE(t->len + GMAC_TAG > SIPSEC_GMAC_BUF_LEN))
		return -EMSGSIZE;

	for (i = 0, p = slot->buf; i < t->nr; p += t->part[i].len, i++)
		memcpy(p, t->part[i].data, t->part[i].len);
	memcpy(slot->iv, iv, sizeof(iv));
	WRITE_ONCE(slot->tfm, tfm);
	sg_init_one(&slot->sg, slot->buf, t->len + GMAC_TAG);
	aead_request_set_tfm(slot->req, tfm);
	aead_request_set_callback(slot->req, 0, late, slot);
	aead_request_set_ad(slot->req, t->len);
	aead_request_set_crypt(slot->req, &slot->sg, &slot->sg, 0, slot->iv);
	err = crypto_aead_encrypt(slot->req);
	if (err == -EINPROGRESS)
		return err;
	if (!err)
		memcpy(mac, p, GMAC_TAG);
	/* As above; the wait in sipsec_gmac_clear_key() is after a grace period. */
	smp_store_release(&slot->tfm, NULL);
	return err;
}
