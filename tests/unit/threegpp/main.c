// SPDX-License-Identifier: GPL-2.0
/*
 * The 3GPP integrity algorithms against the published vectors, in every split,
 * and against slow versions written as the specifications have them.
 *
 *	unit-threegpp FLAT	(what tests/vectors/3gpp/flatten.py writes)
 *
 * Needs no library but libc, so that it is built for any architecture.
 */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../tap.h"
#include "aes.h"
#include "eia2.h"
#include "eia3.h"
#include "gf64.h"
#include "kasumi.h"
#include "msg.h"
#include "slow.h"
#include "snow3g.h"
#include "uia1.h"
#include "uia2.h"
#include "zuc.h"

/*
 * The FPU, as clmul.h asks for it: always there, or now and then.  What has it gives it
 * back, and does not take it twice.
 */
static enum { ALWAYS, SOMETIMES } fpu;
static unsigned int fpu_taken;
static bool fpu_held;

bool irq_fpu_usable(void)
{
	static unsigned int asked;

	return !fpu_held && (fpu == ALWAYS || (fpu == SOMETIMES && asked++ % 3));
}

void kernel_fpu_begin(void)
{
	if (fpu_held)
		errx(1, "the FPU is taken twice");
	fpu_held = true;
	fpu_taken++;
}

void kernel_fpu_end(void)
{
	if (!fpu_held)
		errx(1, "the FPU is given back twice");
	fpu_held = false;
}

struct octets {
	u8 *data;
	unsigned int len;
};

/* Of exactly its size, so that a sanitizer sees a step beyond. */
static struct octets from_hex(const char *hex)
{
	struct octets o = { .len = strlen(hex) / 2 };
	unsigned int i, x;

	if (!strcmp(hex, "-"))
		o.len = 0;
	o.data = malloc(o.len ?: 1);
	if (!o.data)
		err(1, "malloc");
	for (i = 0; i < o.len; i++) {
		if (sscanf(hex + 2 * i, "%2x", &x) != 1)
			errx(1, "not hexadecimal: %s", hex);
		o.data[i] = x;
	}
	return o;
}

/* Each driver of an algorithm that this CPU can have, one after the other. */
static const struct threegpp_alg *next(const struct threegpp_alg *const **at, const char *name)
{
	const struct threegpp_alg *alg;

	while ((alg = **at)) {
		++*at;
		if (!strcmp(alg->name, name) && (!alg->served || alg->served()))
			return alg;
	}
	return NULL;
}

/* An algorithm with a key. */
struct keyed {
	const struct threegpp_alg *alg;
	void *key;
	struct threegpp_msg *msg;
};

static void keyed_init(struct keyed *k, const struct threegpp_alg *alg, const u8 *raw)
{
	k->alg = alg;
	k->key = calloc(1, alg->key_size);
	k->msg = malloc(threegpp_msg_size(alg));
	if (!k->key || !k->msg)
		err(1, "malloc");
	if (alg->new_key && alg->new_key(k->key))
		errx(1, "%s: key object", alg->name);
	if (alg->set_key(k->key, raw))
		errx(1, "%s: key", alg->name);
}

static void keyed_free(struct keyed *k)
{
	if (k->alg->free_key)
		k->alg->free_key(k->key);
	free(k->key);
	free(k->msg);
}

/* data in pieces that end at the n ends, and at its own. */
static int digest(struct keyed *k, const struct octets *data, const unsigned int *end,
		  unsigned int n, u8 *mac)
{
	unsigned int at = 0, i;
	int error;

	threegpp_init(k->msg);
	for (i = 0; i <= n; i++) {
		unsigned int to = i < n ? end[i] : data->len;
		/* A piece of its own, so that nothing is read beyond it. */
		u8 *piece = malloc(to - at ?: 1);

		if (!piece)
			err(1, "malloc");
		memcpy(piece, data->data + at, to - at);
		error = threegpp_update(k->alg, k->msg, k->key, piece, to - at);
		free(piece);
		if (error)
			return error;
		at = to;
	}
	return threegpp_final(k->alg, k->msg, k->key, mac);
}

static bool same(struct keyed *k, const struct octets *data, const unsigned int *end,
		 unsigned int n, const struct octets *want)
{
	u8 mac[32];

	return !digest(k, data, end, n, mac) && !memcmp(mac, want->data, want->len);
}

static void every_split(struct keyed *k, const struct octets *data, const struct octets *want,
			const char *name)
{
	unsigned int end[2], single[4096], i;
	unsigned int bad = 0, number = 0;

	/* Two pieces; three where that is not too many. */
	for (end[0] = 0; end[0] <= data->len; end[0]++) {
		number++;
		bad += !same(k, data, end, 1, want);
		if (data->len > 64)
			continue;
		for (end[1] = end[0]; end[1] <= data->len; end[1]++) {
			number++;
			bad += !same(k, data, end, 2, want);
		}
	}
	for (i = 0; i < data->len; i++)
		single[i] = i;
	bad += !same(k, data, single, i, want);
	tap_ok(!bad, "%s: %s, %u splits and octet by octet", k->alg->driver, name, number);
}

/* The ciphers alone; of a keystream the octets from at on. */
static bool cipher(char *const *field)
{
	struct octets key, in, want;
	unsigned int at = atoi(field[5]), i;
	bool good = true;

	key = from_hex(field[2]);
	in = from_hex(field[3]);
	want = from_hex(field[4]);
	if (!strcmp(field[0], "kasumi")) {
		u64 block = get_unaligned_be64(in.data);
		struct kasumi_key k;

		kasumi_set_key(&k, key.data);
		for (i = 0; i < at; i++)
			block = kasumi_encrypt(&k, block);
		good = block == get_unaligned_be64(want.data);
	} else if (!strcmp(field[0], "snow3g")) {
		u32 k[4], iv[4], z[SNOW3G_MAX_WORDS];

		for (i = 0; i < 4; i++) {
			k[i] = get_unaligned_be32(key.data + 4 * i);
			iv[i] = get_unaligned_be32(in.data + 4 * i);
		}
		snow3g(k, iv, z, SNOW3G_MAX_WORDS);
		for (i = 0; i < want.len / 4; i++)
			good &= z[at / 4 + i] == get_unaligned_be32(want.data + 4 * i);
	} else if (!strcmp(field[0], "zuc")) {
		struct zuc z;
		u32 word;

		zuc_init(&z, key.data, in.data);
		for (i = 0; i < at / 4; i++)
			zuc_words(&z, &word, 1);
		for (i = 0; i < want.len / 4; i++) {
			zuc_words(&z, &word, 1);
			good &= word == get_unaligned_be32(want.data + 4 * i);
		}
	}
	free(key.data);
	free(in.data);
	free(want.data);
	return good;
}

/* One driver with one vector. */
static void vector(const struct threegpp_alg *alg, const char *name, const struct octets *key,
		   struct octets *data, const struct octets *want)
{
	unsigned int msg_len = data->len - alg->prefix_len, i;
	unsigned int bits = data->data[alg->prefix_len - 1];
	struct keyed k;
	u8 zeros[512];
	bool good;

	keyed_init(&k, alg, key->data);
	if (tap_ok(same(&k, data, NULL, 0, want), "%s: %s", alg->driver, name)) {
		memset(zeros, 0, sizeof(zeros));
		tap_ok(threegpp_msg_size(alg) <= sizeof(zeros) &&
		       !memcmp(k.msg, zeros, threegpp_msg_size(alg)),
		       "%s: nothing is left of it", alg->driver);
		every_split(&k, data, want, name);
	}

	/* Bits behind the message do not count; those of it do. */
	for (i = 0, good = true; i < 8 && msg_len; i++) {
		data->data[data->len - 1] ^= 0x80 >> i;
		good &= same(&k, data, NULL, 0, want) == (bits && i >= bits);
		data->data[data->len - 1] ^= 0x80 >> i;
	}
	tap_ok(good, "%s: %s, the last octet's bits", alg->driver, name);
	keyed_free(&k);
}

static void one_vector(char *line)
{
	const struct threegpp_alg *const *at = threegpp_algs;
	const struct threegpp_alg *alg;
	char *field[6];
	struct octets key, prefix, msg, want, data;
	unsigned int i;

	for (i = 0; i < 6; i++) {
		field[i] = strsep(&line, "\t\n");
		if (!field[i])
			errx(1, "vector with %u fields", i);
	}
	if (!strcmp(field[0], "kasumi") || !strcmp(field[0], "snow3g") ||
	    !strcmp(field[0], "zuc")) {
		if (!strcmp(field[0], "snow3g") && atoi(field[5]) >= 4 * SNOW3G_MAX_WORDS)
			tap_skip(field[1], "more words than any MAC takes");
		else
			tap_ok(cipher(field), "%s: %s, %s", field[0], field[1], field[5]);
		return;
	}
	key = from_hex(field[2]);
	prefix = from_hex(field[3]);
	msg = from_hex(field[4]);
	want = from_hex(field[5]);
	data.len = prefix.len + msg.len;
	data.data = malloc(data.len);
	if (!data.data || data.len > 4000)
		errx(1, "vector of %u octets", data.len);
	memcpy(data.data, prefix.data, prefix.len);
	memcpy(data.data + prefix.len, msg.data, msg.len);

	alg = next(&at, field[0]);
	if (!alg)
		errx(1, "no %s", field[0]);
	for (; alg; alg = next(&at, field[0]))
		vector(alg, field[1], &key, &data, &want);

	free(key.data);
	free(prefix.data);
	free(msg.data);
	free(want.data);
	free(data.data);
}

static void all_vectors(const char *path)
{
	FILE *file = fopen(path, "r");
	unsigned int number = 0;
	size_t size = 0;
	char *line = NULL;

	if (!file)
		err(1, "%s", path);
	while (getline(&line, &size, file) > 0) {
		one_vector(line);
		number++;
	}
	free(line);
	fclose(file);
	tap_ok(number >= 110, "%u vectors", number);
}

static u64 seed = 0x9e3779b97f4a7c15;

static u64 random64(void)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return seed * 0x2545f4914f6cdd1d;
}

typedef u32 slow_mac(const u8 *key, const struct sipsec_3gpp_parm *p, const u8 *msg,
		     unsigned int bits);

/*
 * Messages of every length in bits to beyond a few blocks, and some long ones;
 * whole, and in two pieces.
 */
static void against_slow(const struct threegpp_alg *alg, slow_mac *slow)
{
	unsigned int round, bits, i, bad = 0;
	u8 raw[16], msg[512 + SIPSEC_3GPP_PREFIX_LEN], mac[4];

	for (round = 0; round < 1200; round++) {
		struct sipsec_3gpp_parm p;
		struct octets data;
		unsigned int split;
		struct keyed k;
		u32 want;

		bits = round < 1100 ? round : random64() % 4096;
		for (i = 0; i < SIPSEC_3GPP_PREFIX_LEN + (bits + 7) / 8; i++)
			msg[i] = random64();
		for (i = 0; i < 16; i++)
			raw[i] = random64();
		p.count = random64();
		p.fresh = (u32)random64() & 0xf8000000;
		p.direction = random64() & 1;
		p.bits = bits % 8;
		sipsec_3gpp_prefix(msg, &p);
		data.data = msg;
		data.len = SIPSEC_3GPP_PREFIX_LEN + (bits + 7) / 8;
		split = random64() % data.len;
		want = slow(raw, &p, msg + SIPSEC_3GPP_PREFIX_LEN, bits);
		keyed_init(&k, alg, raw);
		bad += digest(&k, &data, NULL, 0, mac) || get_unaligned_be32(mac) != want;
		bad += digest(&k, &data, &split, 1, mac) || get_unaligned_be32(mac) != want;
		keyed_free(&k);
	}
	tap_ok(!bad, "%s: as the slow version, messages of 0 to 1099 bits and longer",
	       alg->driver);
}

static void all_against_slow(void)
{
	static const struct {
		const char *name;
		slow_mac *slow;
	} macs[] = {
		{ "uia1", slow_uia1 },
		{ "uia2", slow_uia2 },
		{ "128-eia1", slow_uia2 },
		{ "128-eia2", slow_eia2 },
		{ "128-eia3", slow_eia3 },
	};
	const struct threegpp_alg *alg;
	unsigned int i;

	for (i = 0; i < sizeof(macs) / sizeof(*macs); i++) {
		const struct threegpp_alg *const *at = threegpp_algs;

		while ((alg = next(&at, macs[i].name))) {
			fpu = ALWAYS;
			against_slow(alg, macs[i].slow);
			if (!alg->served)
				continue;
			fpu_taken = 0;
			fpu = SOMETIMES;
			against_slow(alg, macs[i].slow);
			tap_ok(fpu_taken, "%s: now and then with the FPU", alg->driver);
		}
	}
}

/* The drivers of one algorithm, with messages of more than a section of the FPU too. */
static void against_generic(const char *name)
{
	const struct threegpp_alg *const *at = threegpp_algs;
	const struct threegpp_alg *generic = next(&at, name), *alg;
	static u8 msg[12000];
	unsigned int i, bad = 0;
	u8 raw[32], mac[2][16];

	while ((alg = next(&at, name))) {
		for (i = 0; i < 1000; i++) {
			struct octets data = {
				.data = msg, .len = alg->prefix_len + (i % 20 ? i : i * 11)
			};
			unsigned int split = random64() % data.len, j;
			struct keyed k[2];

			for (j = 0; j < data.len; j++)
				msg[j] = random64();
			for (j = 17; j < alg->prefix_len; j++)
				msg[j] &= 0x3f;
			if (alg->prefix_len == SIPSEC_3GPP_PREFIX_LEN) {
				memset(msg + 4, 0, 4);
				msg[8] &= 1;
			}
			msg[alg->prefix_len - 1] = data.len > alg->prefix_len ? i % 8 : 0;
			for (j = 0; j < sizeof(raw); j++)
				raw[j] = random64();
			fpu = i % 4 ? ALWAYS : SOMETIMES;
			keyed_init(&k[0], generic, raw);
			keyed_init(&k[1], alg, raw);
			bad += digest(&k[0], &data, NULL, 0, mac[0]);
			bad += digest(&k[1], &data, &split, 1, mac[1]);
			bad += !!memcmp(mac[0], mac[1], alg->mac_len);
			keyed_free(&k[0]);
			keyed_free(&k[1]);
		}
		tap_ok(!bad, "%s: as %s", alg->driver, generic->driver);
	}
	fpu = ALWAYS;
}

static void refusals(const struct threegpp_alg *alg)
{
	static const u8 key[32];
	u8 good[THREEGPP_MAX_PREFIX + 1] = { 0 }, mac[32];
	struct octets data = { .data = good };
	struct keyed k;
	unsigned int i;
	bool ok = true;

	keyed_init(&k, alg, key);
	for (i = 0; i < alg->prefix_len; i++) {
		data.len = i;
		ok &= digest(&k, &data, NULL, 0, mac) == -EINVAL;
	}
	tap_ok(ok, "%s: without a whole prefix", alg->driver);
	data.len = alg->prefix_len;
	tap_ok(!digest(&k, &data, NULL, 0, mac), "%s: an empty message", alg->driver);
	for (i = 1, ok = true; i < 256; i++) {
		good[alg->prefix_len - 1] = i;
		ok &= digest(&k, &data, NULL, 0, mac) == -EINVAL;
		data.len++;
		ok &= digest(&k, &data, NULL, 0, mac) == (i < 8 ? 0 : -EINVAL);
		data.len--;
	}
	tap_ok(ok, "%s: bits of no octet; more than 7", alg->driver);
	good[alg->prefix_len - 1] = 0;
	if (alg->prefix_len != SIPSEC_3GPP_PREFIX_LEN) {
		good[alg->prefix_len - 2] = 0x40;
		tap_ok(digest(&k, &data, NULL, 0, mac) == -EINVAL, "%s: IV of 7 bits in 6",
		       alg->driver);
		good[alg->prefix_len - 2] = 0;
	} else {
		good[8] = 2;
		tap_ok(digest(&k, &data, NULL, 0, mac) == -EINVAL, "%s: DIRECTION 2", alg->driver);
		good[8] = 0;
		good[7] = 1;
		tap_ok(digest(&k, &data, NULL, 0, mac) ==
		       (alg->name[0] == 'u' ? 0 : -EINVAL), "%s: BEARER of more than 5 bits",
		       alg->driver);
		good[7] = 0;
	}
	/* What was refused stays so. */
	good[alg->prefix_len - 1] = 9;
	threegpp_init(k.msg);
	ok = threegpp_update(alg, k.msg, k.key, good, alg->prefix_len) == -EINVAL;
	ok &= threegpp_update(alg, k.msg, k.key, good, 1) == -EINVAL;
	ok &= threegpp_final(alg, k.msg, k.key, mac) == -EINVAL;
	tap_ok(ok, "%s: refused to the end", alg->driver);
	keyed_free(&k);
}

static void test_products(void)
{
	unsigned int i, bad = 0;

	for (i = 0; i < 20000; i++) {
		u64 a[GF64_MAX_SUM], b[GF64_MAX_SUM], want = 0;
		struct product_factor f[GF64_MAX_SUM];
		unsigned int n = 1 + i % GF64_MAX_SUM, j;

		for (j = 0; j < n; j++) {
			/* All ones are where the most bits meet. */
			a[j] = i % 7 ? random64() : ~0ULL >> i % 64;
			b[j] = i % 5 ? random64() : ~0ULL << i % 64;
			product_factor(&f[j], b[j]);
			want ^= slow_mul64(a[j], b[j]);
			bad += gf64_mul(a[j], &f[j]) != slow_mul64(a[j], b[j]);
		}
		bad += gf64_dot(a, f, n) != want;
	}
	for (i = 0; i < 64 * 64; i++) {
		struct product_factor f;

		product_factor(&f, 1ULL << i / 64);
		bad += gf64_mul(1ULL << i % 64, &f) != slow_mul64(1ULL << i % 64, 1ULL << i / 64);
	}
	tap_ok(!bad, "products in GF(2^64)");
}

int main(int argc, char **argv)
{
	const struct threegpp_alg *const *alg;

	if (argc != 2)
		errx(2, "usage: %s FLAT", argv[0]);
	test_products();
	all_vectors(argv[1]);
	all_against_slow();
	against_generic("uia2");
	against_generic("128-eia1");
	against_generic("128-eia3");
	against_generic("zuc256-mac-32");
	against_generic("zuc256-mac-64");
	against_generic("zuc256-mac-128");
	for (alg = threegpp_algs; *alg; alg++)
		if (!(*alg)->served || (*alg)->served())
			refusals(*alg);
	return tap_done();
}
