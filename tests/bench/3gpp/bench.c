// SPDX-License-Identifier: GPL-2.0
/*
 * kmod/crypto/ beside Intel's Multi-Buffer Crypto library, one message at a
 * time, from a key made ready to the MAC: nanoseconds, the best and the median
 * of many rounds in which all take turns.  Both must give the same MAC.
 */
#include <err.h>
#include <intel-ipsec-mb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "msg.h"
#include "threegpp.h"

#define ROUNDS		41
#define MAX_SIZE	1400

static const unsigned int sizes[] = { 400, 800, 1400 };

static u8 key[16] = {
	0x2b, 0xd6, 0x45, 0x9f, 0x82, 0xc5, 0xb3, 0x00,
	0x95, 0x2c, 0x49, 0x10, 0x48, 0x81, 0xff, 0x48
};

/* Prefix and message; behind it room for f9's padding. */
static u8 data[SIPSEC_3GPP_PREFIX_LEN + MAX_SIZE + 16];

static struct sipsec_3gpp_parm parm = { .count = 0x38a6f056, .fresh = 0xb8000000, .direction = 1 };

/* Ours has no manager, but a driver. */
struct contender {
	const char *name;
	const char *driver;	/* what its name ends in */
	IMB_MGR *mgr;
	void *key;
	const struct threegpp_alg *alg;
};

#define CONTENDERS	4
#define OURS		2	/* of them */

struct row {
	const char *name;
	const char *alg;
	void (*run)(const struct contender *c, unsigned int size, u8 *mac);
	void *(*make_key)(IMB_MGR *mgr);
};

/* The kernel's, which takes a time there that is not measured here. */
bool irq_fpu_usable(void)
{
	return true;
}

void kernel_fpu_begin(void)
{
}

void kernel_fpu_end(void)
{
}

static u64 space[64];

static void ours(const struct contender *c, unsigned int size, u8 *mac)
{
	struct threegpp_msg *msg = (void *)space;

	threegpp_init(msg);
	if (threegpp_update(c->alg, msg, c->key, data, SIPSEC_3GPP_PREFIX_LEN) ||
	    threegpp_update(c->alg, msg, c->key, data + SIPSEC_3GPP_PREFIX_LEN, size) ||
	    threegpp_final(c->alg, msg, c->key, mac))
		errx(1, "%s", c->alg->name);
}

/* The driver of an algorithm, NULL where there is none (on this CPU). */
static const struct threegpp_alg *find(const char *name, const char *driver)
{
	const struct threegpp_alg *const *a;

	for (a = threegpp_algs; *a; a++)
		if (!strcmp((*a)->name, name) && strstr((*a)->driver, driver) &&
		    (!(*a)->served || (*a)->served()))
			return *a;
	return NULL;
}

static void *our_key(const struct threegpp_alg *alg)
{
	void *k = calloc(1, alg->key_size);

	if (!k || threegpp_msg_size(alg) > sizeof(space) || alg->set_key(k, key))
		errx(1, "%s: key", alg->name);
	return k;
}

static void *kasumi_key(IMB_MGR *mgr)
{
	void *k = malloc(IMB_KASUMI_KEY_SCHED_SIZE(mgr));

	if (!k || IMB_KASUMI_INIT_F9_KEY_SCHED(mgr, key, k))
		errx(1, "KASUMI key");
	return k;
}

/* The whole input as f9 has it, made anew as its user has to; its octets. */
static unsigned int f9_text(u8 *text, unsigned int size)
{
	unsigned int len = 8 + size;

	memcpy(text, data, 8);
	memcpy(text + 8, data + SIPSEC_3GPP_PREFIX_LEN, size);
	text[len++] = parm.direction << 7 | 0x40;
	while (len % 8)
		text[len++] = 0;
	return len;
}

static void kasumi(const struct contender *c, unsigned int size, u8 *mac)
{
	u8 text[8 + MAX_SIZE + 8];

	IMB_KASUMI_F9_1_BUFFER(c->mgr, c->key, text, f9_text(text, size), mac);
}

#ifdef HAVE_PLAIN
/* The library's, of assembler, is not compiled for one function. */
void *safe_memcpy(void *to, const void *from, size_t n);
void *safe_memcpy(void *to, const void *from, size_t n)
{
	return memcpy(to, from, n);
}

int plain_f9_key(const void *raw, kasumi_key_sched_t *k);
void plain_f9(const kasumi_key_sched_t *k, const void *text, const u32 len, void *mac);

static void *plain_key(IMB_MGR *mgr)
{
	void *k = malloc(IMB_KASUMI_KEY_SCHED_SIZE(mgr));

	if (!k || plain_f9_key(key, k))
		errx(1, "KASUMI key");
	return k;
}

static void plain(const struct contender *c, unsigned int size, u8 *mac)
{
	u8 text[8 + MAX_SIZE + 8];

	plain_f9(c->key, text, f9_text(text, size), mac);
}
#endif

static void *snow3g_key(IMB_MGR *mgr)
{
	void *k = malloc(IMB_SNOW3G_KEY_SCHED_SIZE(mgr));

	if (!k || IMB_SNOW3G_INIT_KEY_SCHED(mgr, key, k))
		errx(1, "SNOW 3G key");
	return k;
}

static void snow3g(const struct contender *c, unsigned int size, u8 *mac)
{
	u8 iv[16];

	snow3g_f9_iv_gen(parm.count, parm.fresh, parm.direction, iv);
	IMB_SNOW3G_F9_1_BUFFER(c->mgr, c->key, iv, data + SIPSEC_3GPP_PREFIX_LEN, size * 8, mac);
}

static void *zuc_key(IMB_MGR *mgr)
{
	(void)mgr;
	return key;
}

static void zuc(const struct contender *c, unsigned int size, u8 *mac)
{
	u32 tag;
	u8 iv[16];

	zuc_eia3_iv_gen(parm.count, parm.fresh >> 27, parm.direction, iv);
	IMB_ZUC_EIA3_1_BUFFER(c->mgr, c->key, iv, data + SIPSEC_3GPP_PREFIX_LEN, size * 8, &tag);
	memcpy(mac, &tag, 4);
}

/* The first is built from the library's source, the same for all managers. */
static const struct row rows[] = {
#ifdef HAVE_PLAIN
	{ "KASUMI f9, no safe look-up", "uia1", plain, plain_key },
#endif
	{ "KASUMI f9 (uia1)", "uia1", kasumi, kasumi_key },
	{ "SNOW 3G f9 (uia2, 128-eia1)", "uia2", snow3g, snow3g_key },
	{ "ZUC (128-eia3)", "128-eia3", zuc, zuc_key },
};

static u64 now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static IMB_MGR *manager(const char *kind)
{
	IMB_MGR *mgr = alloc_mb_mgr(0);

	if (!mgr)
		errx(1, "alloc_mb_mgr");
	if (!strcmp(kind, "best"))
		init_mb_mgr_auto(mgr, NULL);
	else
		init_mb_mgr_sse(mgr);
	if (imb_get_errno(mgr))
		errx(1, "%s: %s", kind, imb_get_strerror(imb_get_errno(mgr)));
	return mgr;
}

/* ns a message. */
static double measure(const struct row *row, const struct contender *c, unsigned int size,
		      u8 *mac)
{
	unsigned int n = 200000 / size, i;
	u64 begin = now();

	for (i = 0; i < n; i++) {
		if (c->mgr)
			row->run(c, size, mac);
		else
			ours(c, size, mac);
	}
	return (double)(now() - begin) / n;
}

static void measure_row(const struct row *row, struct contender *c)
{
	static double ns[CONTENDERS][ROUNDS];
	double result[CONTENDERS][3][2];
	unsigned int j, k, round;
	u8 mac[CONTENDERS][4];

	for (k = 0; k < CONTENDERS; k++) {
		if (k >= OURS) {
			c[k].key = row->make_key(c[k].mgr);
			continue;
		}
		c[k].alg = find(row->alg, c[k].driver);
		c[k].key = c[k].alg ? our_key(c[k].alg) : NULL;
	}
	for (j = 0; j < 3; j++) {
		for (round = 0; round < ROUNDS; round++)
			for (k = 0; k < CONTENDERS; k++)
				if (c[k].key)
					ns[k][round] = measure(row, &c[k], sizes[j], mac[k]);
		for (k = 0; k < CONTENDERS; k++) {
			if (c[k].key && memcmp(mac[k], mac[0], 4))
				errx(1, "%s: the MACs differ", row->name);
			qsort(ns[k], ROUNDS, sizeof(ns[k][0]), by_value);
			result[k][j][0] = ns[k][0];
			result[k][j][1] = ns[k][ROUNDS / 2];
		}
	}
	for (k = 0; k < CONTENDERS; k++) {
		if (!c[k].key)
			continue;
		printf("%-28s %-27s", k ? "" : row->name, c[k].name);
		for (j = 0; j < 3; j++)
			printf(" %6.0f %6.0f ", result[k][j][0], result[k][j][1]);
		putchar('\n');
	}
	for (k = 0; k < OURS; k++)
		free(c[k].key);
}

int main(void)
{
	struct contender c[CONTENDERS] = {
		{ "sipsec, C", "-generic" },
		{ "sipsec, PCLMULQDQ", "-pclmul" },
		{ "ipsec-mb, SSE and AES-NI", NULL, manager("sse") },
		{ "ipsec-mb, best of this CPU", NULL, manager("best") },
	};
	unsigned int i;

	for (i = 0; i < MAX_SIZE; i++)
		data[SIPSEC_3GPP_PREFIX_LEN + i] = i * 7 + (i >> 5);
	sipsec_3gpp_prefix(data, &parm);
	printf("ipsec-mb %s; ns a message, best and median of %u rounds\n",
	       imb_get_version_str(), ROUNDS);
	printf("%-28s %-27s", "", "");
	for (i = 0; i < 3; i++)
		printf(" %7u octets", sizes[i]);
	putchar('\n');
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		measure_row(&rows[i], c);
	return 0;
}
