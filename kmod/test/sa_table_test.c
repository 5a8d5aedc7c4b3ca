// SPDX-License-Identifier: GPL-2.0
/* SAs in the tables of the first namespace: found, replaced, counted, gone. */
#include <kunit/test.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <net/net_namespace.h>

#include "net.h"
#include "sa.h"
#include "sa_table.h"
#include "test/ready.h"

/* Nobody's: what the tests of the first namespace use lies far below. */
#define SPI	0xfe000000
#define MANY	2000

static struct sipsec_net *sn;
static unsigned int failed;

static struct sipsec_sa_parm parm_of(struct kunit *test, u8 type, u32 spi, u8 seed)
{
	const struct sipsec_alg *alg = sipsec_alg_by_nr(SIPSEC_ALG_HMAC_SHA256_128);
	u8 *key = kunit_kmalloc(test, alg->key_len, GFP_KERNEL);
	struct sipsec_sa_parm p = {
		.type = type, .direction = type, .spi = spi, .alg = alg, .key = key,
		.window = type == SIPSEC_SA_INBOUND ? 128 : 0, .has_addr = true,
	};

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, key);
	memset(key, seed, alg->key_len);
	put_unaligned_be32(spi, key);
	sipsec_endpoint_set4(&p.peer, htonl(0xc0000201), htons(5060));
	return p;
}

static struct sipsec_sa *found(u8 type, u32 spi)
{
	struct sipsec_endpoint peer;

	sipsec_endpoint_set4(&peer, htonl(0xc0000201), htons(5060));
	return sipsec_sa_find(sn, type, spi, &peer);
}

static void one(struct kunit *test)
{
	struct sipsec_sa_parm p = parm_of(test, SIPSEC_SA_INBOUND, SPI, 1);
	struct rhash_lock_head __rcu *const *bucket;
	struct sipsec_sa *sa, *new;
	u32 before;

	mutex_lock(&sn->lock);
	before = sn->nr_in;
	KUNIT_EXPECT_NULL(test, found(SIPSEC_SA_INBOUND, SPI));
	KUNIT_EXPECT_EQ(test, sipsec_sa_add(sn, &p, 1, false, &failed, NULL), 0);
	sa = found(SIPSEC_SA_INBOUND, SPI);
	KUNIT_EXPECT_NOT_NULL(test, sa);
	KUNIT_EXPECT_EQ(test, sn->nr_in, before + 1);
	rcu_read_lock();
	KUNIT_EXPECT_PTR_EQ(test, sipsec_sa_find_in(sn, NULL, SPI), sa);
	KUNIT_EXPECT_NULL(test, sipsec_sa_find_in(sn, NULL, SPI + 1));
	bucket = sipsec_sa_fetch_bucket(sn, SPI);
	sipsec_sa_fetch(bucket);
	KUNIT_EXPECT_PTR_EQ(test, sipsec_sa_find_in(sn, bucket, SPI), sa);
	KUNIT_EXPECT_NULL(test, sipsec_sa_find_in(sn, bucket, SPI + 1));
	/* of another bucket, as where the table has grown meanwhile */
	bucket = sipsec_sa_fetch_bucket(sn, SPI + 1);
	KUNIT_EXPECT_PTR_EQ(test, sipsec_sa_find_in(sn, bucket, SPI), sa);
	rcu_read_unlock();
	/* Not twice, and in its place only where that is asked for. */
	p = parm_of(test, SIPSEC_SA_INBOUND, SPI, 2);
	KUNIT_EXPECT_EQ(test, sipsec_sa_add(sn, &p, 1, false, &failed, NULL), -EEXIST);
	KUNIT_EXPECT_PTR_EQ(test, found(SIPSEC_SA_INBOUND, SPI), sa);
	KUNIT_EXPECT_EQ(test, sipsec_sa_add(sn, &p, 1, true, &failed, NULL), 0);
	new = found(SIPSEC_SA_INBOUND, SPI);
	KUNIT_EXPECT_NOT_NULL(test, new);
	KUNIT_EXPECT_PTR_NE(test, new, sa);
	KUNIT_EXPECT_EQ(test, sn->nr_in, before + 1);
	if (new)
		sipsec_sa_del(new, SIPSEC_REASON_FLUSH);
	KUNIT_EXPECT_NULL(test, found(SIPSEC_SA_INBOUND, SPI));
	KUNIT_EXPECT_EQ(test, sn->nr_in, before);
	mutex_unlock(&sn->lock);
}

/* Outbound ones are apart from inbound ones, and never begin again with a key. */
static void outbound(struct kunit *test)
{
	struct sipsec_sa_parm p = parm_of(test, SIPSEC_SA_OUTBOUND, SPI, 3);
	struct sipsec_sa *sa;

	mutex_lock(&sn->lock);
	KUNIT_EXPECT_EQ(test, sipsec_sa_add(sn, &p, 1, false, &failed, NULL), 0);
	KUNIT_EXPECT_NULL(test, found(SIPSEC_SA_INBOUND, SPI));
	sa = found(SIPSEC_SA_OUTBOUND, SPI);
	KUNIT_EXPECT_NOT_NULL(test, sa);
	if (sa) {
		time64_t now = ktime_get_boottime_seconds();
		u64 first = sipsec_sa_next_seq(sa, 100, now, true);

		KUNIT_EXPECT_NE(test, first, 0ULL);
		KUNIT_EXPECT_EQ(test, sipsec_sa_next_seq(sa, 100, now, true), first + 1);
		KUNIT_EXPECT_EQ(test, sa->messages, 2ULL);
		KUNIT_EXPECT_EQ(test, sa->octets, 200ULL);
		sipsec_sa_set_dead(sa, true);
		KUNIT_EXPECT_EQ(test, sipsec_sa_next_seq(sa, 100, now, true), 0ULL);
		sipsec_sa_del(sa, SIPSEC_REASON_FLUSH);
	}
	KUNIT_EXPECT_NULL(test, found(SIPSEC_SA_OUTBOUND, SPI));
	mutex_unlock(&sn->lock);
}

/* So many that the tables grow, and shrink again. */
static void many(struct kunit *test)
{
	unsigned int i, made = 0, seen = 0, lost = 0;
	struct sipsec_sa *sa;
	unsigned long index;

	mutex_lock(&sn->lock);
	for (i = 0; i < MANY; i++) {
		struct sipsec_sa_parm p = parm_of(test, SIPSEC_SA_INBOUND, SPI + i, 4);

		made += !sipsec_sa_add(sn, &p, 1, false, &failed, NULL);
	}
	KUNIT_EXPECT_EQ(test, made, (unsigned int)MANY);
	xa_for_each(&sn->index, index, sa) {
		KUNIT_EXPECT_EQ(test, (unsigned long)sa->index, index);
		seen += sa->spi >= SPI && sa->spi < SPI + MANY;
	}
	KUNIT_EXPECT_EQ(test, seen, (unsigned int)MANY);
	for (i = 0; i < MANY; i++) {
		sa = found(SIPSEC_SA_INBOUND, SPI + i);
		if (sa && sa->spi == SPI + i)
			sipsec_sa_del(sa, SIPSEC_REASON_FLUSH);
		else
			lost++;
	}
	KUNIT_EXPECT_EQ(test, lost, 0U);
	mutex_unlock(&sn->lock);
}

static int prepare(struct kunit *test)
{
	int err = sipsec_test_ready(test);

	if (!err)
		sn = sipsec_net(&init_net);
	return err;
}

static struct kunit_case cases[] = {
	KUNIT_CASE(one),
	KUNIT_CASE(outbound),
	KUNIT_CASE(many),
	{}
};

static struct kunit_suite sa_table_suite = {
	.name = "sipsec_sa_table",
	.init = prepare,
	.test_cases = cases,
};

kunit_test_suite(sa_table_suite);
