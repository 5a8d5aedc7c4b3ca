// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/printk.h>
#include <linux/string.h>

#include "mac.h"
#include "mac_cpu.h"

int sipsec_mac_without(unsigned int nr, const char *driver, int err)
{
	if (err == -ENOMEM || err == -EINTR)
		return err;
	pr_warn("%s: not served, as the kernel gives no %s (error %d)\n",
		sipsec_alg_by_nr(nr)->name, driver, err);
	return 0;
}

int sipsec_mac_init(void)
{
	unsigned int nr;
	int err;

	err = sipsec_hmac_init();
	if (err)
		return err;
	err = sipsec_cmac_init();
	if (err)
		goto err_hmac;
	err = sipsec_gmac_init();
	if (err)
		goto err_cmac;

	/* Those of 3GPP's access are looked for when somebody asks. */
	for (nr = 1; nr < SIPSEC_ALG_UIA1; nr++) {
		const struct sipsec_alg *alg = sipsec_alg_by_nr(nr);
		const char *driver = sipsec_mac_driver(alg);

		if (driver)
			pr_debug("%s: %s\n", alg->name, driver);
		if (driver && sipsec_cpu_has_fast(alg) && strstr(driver, "-generic"))
			pr_warn("%s: %s is slow, and this CPU has instructions for it: is a module of the kernel's missing?\n",
				alg->name, driver);
	}
	return 0;

err_cmac:
	sipsec_cmac_exit();
err_hmac:
	sipsec_hmac_exit();
	return err;
}

void sipsec_mac_exit(void)
{
	sipsec_gmac_exit();
	sipsec_cmac_exit();
	sipsec_hmac_exit();
}

const char *sipsec_mac_driver(const struct sipsec_alg *alg)
{
	switch (alg->nr) {
	case SIPSEC_ALG_HMAC_MD5_96:
	case SIPSEC_ALG_HMAC_SHA1_96:
	case SIPSEC_ALG_HMAC_SHA256_128:
		return sipsec_hmac_driver(alg);
	case SIPSEC_ALG_AES_CMAC_96:
		return sipsec_cmac_driver();
	case SIPSEC_ALG_AES_GMAC:
		return sipsec_gmac_driver();
	default:
		return sipsec_3gpp_driver(alg);
	}
}

int sipsec_mac_set_key(const struct sipsec_alg *alg, const u8 *raw, struct sipsec_mac_key *key)
{
	switch (alg->nr) {
	case SIPSEC_ALG_HMAC_MD5_96:
	case SIPSEC_ALG_HMAC_SHA1_96:
	case SIPSEC_ALG_HMAC_SHA256_128:
		return sipsec_hmac_set_key(alg, raw, key);
	case SIPSEC_ALG_AES_CMAC_96:
		return sipsec_cmac_set_key(raw, key);
	case SIPSEC_ALG_AES_GMAC:
		return sipsec_gmac_set_key(raw, key);
	default:
		return sipsec_3gpp_set_key(alg, raw, key);
	}
}

bool sipsec_mac_clear_sleeps(const struct sipsec_alg *alg)
{
	return alg->nr == SIPSEC_ALG_AES_CMAC_96 || alg->nr == SIPSEC_ALG_AES_GMAC ||
	       alg->nr >= SIPSEC_ALG_UIA1;
}

void sipsec_mac_clear_key(const struct sipsec_alg *alg, struct sipsec_mac_key *key)
{
	if (alg->nr == SIPSEC_ALG_AES_CMAC_96)
		sipsec_cmac_clear_key(key);
	else if (alg->nr == SIPSEC_ALG_AES_GMAC)
		sipsec_gmac_clear_key(key);
	else if (alg->nr >= SIPSEC_ALG_UIA1)
		sipsec_3gpp_clear_key(key);
	memzero_explicit(key, sizeof(*key));
}

int sipsec_mac(const struct sipsec_alg *alg, const struct sipsec_mac_key *key, u64 seq,
	       const struct sipsec_text *t, u8 *mac)
{
	switch (alg->nr) {
	case SIPSEC_ALG_AES_CMAC_96:
		return sipsec_cmac(key, t, mac);
	case SIPSEC_ALG_AES_GMAC:
		return sipsec_gmac(key, seq, t, mac);
	case SIPSEC_ALG_UIA1:
	case SIPSEC_ALG_UIA2:
	case SIPSEC_ALG_EIA2:
	case SIPSEC_ALG_EIA3:
		return sipsec_3gpp(alg, key, seq, t, mac);
	default:
		return sipsec_hmac(alg, key, t, mac);
	}
}
