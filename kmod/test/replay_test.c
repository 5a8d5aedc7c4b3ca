// SPDX-License-Identifier: GPL-2.0
/* The replay window beside one that remembers every seq. */
#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/random.h>

#include "core/limits.h"
#include "core/replay.h"

/* Above the seq a run begins with; room for what it moves on by. */
#define SEQS	65536

static struct sipsec_replay *window_of(struct kunit *test, u32 window, u64 high)
{
	struct sipsec_replay *r = kunit_kzalloc(test, sipsec_replay_size(window), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, r);
	sipsec_replay_init(r, window, high);
	return r;
}

/* Clause 7, with all seqs from base on in a bitmap. */
static bool is_new(const unsigned long *seen, u64 base, u64 high, u32 window, u64 seq)
{
	if (seq > high)
		return true;
	return seq > base && high - seq < window && !test_bit(seq - base, seen);
}

static void run(struct kunit *test, u32 window, u64 base)
{
	unsigned long *seen = kunit_kzalloc(test, BITS_TO_LONGS(SEQS) * sizeof(long), GFP_KERNEL);
	struct sipsec_replay *r = window_of(test, window, base);
	u64 high = base;
	struct rnd_state rnd;
	unsigned int i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, seen);
	prandom_seed_state(&rnd, window);
	for (i = 0; i < 20000; i++) {
		u32 draw = prandom_u32_state(&rnd);
		u64 seq = high;
		bool new;

		if (draw & 1)
			seq += (draw >> 1) % 3;
		else if (draw & 0x1e)
			seq -= (draw >> 5) % (window + 70);
		else
			seq += (draw >> 5) % (2 * window);
		/* it went below zero, or above what the bitmap has */
		if (!seq || seq > base + SEQS - 1)
			continue;
		new = is_new(seen, base, high, window, seq);
		KUNIT_ASSERT_EQ_MSG(test, sipsec_replay_check(r, seq), new,
				    "window %u, H %llx, seq %llx", window, high, seq);
		KUNIT_ASSERT_EQ(test, sipsec_replay_commit(r, seq), new);
		KUNIT_ASSERT_FALSE(test, sipsec_replay_check(r, seq));
		if (new)
			set_bit(seq - base, seen);
		if (seq > high)
			high = seq;
		KUNIT_ASSERT_EQ(test, r->high, high);
	}
}

static void beside_oracle(struct kunit *test)
{
	static const u32 windows[] = { SIPSEC_WINDOW_MIN, 33, 63, 64, 65, 100, 128, 1000,
				       SIPSEC_WINDOW_MAX };
	static const u64 bases[] = { 0, 0xfffffff0, 0x7ffffffffffffff0ULL };
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(windows); i++)
		for (j = 0; j < ARRAY_SIZE(bases); j++)
			run(test, windows[i], bases[j]);
}

static void at_the_end(struct kunit *test)
{
	struct sipsec_replay *r = window_of(test, 64, ~0ULL - 100);

	KUNIT_EXPECT_TRUE(test, sipsec_replay_commit(r, ~0ULL));
	KUNIT_EXPECT_FALSE(test, sipsec_replay_commit(r, ~0ULL));
	KUNIT_EXPECT_TRUE(test, sipsec_replay_commit(r, ~0ULL - 63));
	KUNIT_EXPECT_FALSE(test, sipsec_replay_commit(r, ~0ULL - 64));
	KUNIT_EXPECT_FALSE(test, sipsec_replay_commit(r, 0));
}

static void moved_by_hand(struct kunit *test)
{
	struct sipsec_replay *r = window_of(test, 128, 0);

	sipsec_replay_set_high(r, 1000);
	KUNIT_EXPECT_FALSE(test, sipsec_replay_check(r, 1000));
	KUNIT_EXPECT_FALSE(test, sipsec_replay_check(r, 900));
	KUNIT_EXPECT_TRUE(test, sipsec_replay_commit(r, 1001));
	KUNIT_EXPECT_FALSE(test, sipsec_replay_check(r, 999));
}

static void unchecked(struct kunit *test)
{
	struct sipsec_replay *r = window_of(test, 0, 5);

	KUNIT_EXPECT_TRUE(test, sipsec_replay_commit(r, 3));
	KUNIT_EXPECT_TRUE(test, sipsec_replay_commit(r, 3));
	KUNIT_EXPECT_FALSE(test, sipsec_replay_commit(r, 0));
	KUNIT_EXPECT_EQ(test, r->high, 5ULL);
}

static void allowed(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, sipsec_replay_window_ok(0));
	KUNIT_EXPECT_TRUE(test, sipsec_replay_window_ok(SIPSEC_WINDOW_MIN));
	KUNIT_EXPECT_TRUE(test, sipsec_replay_window_ok(SIPSEC_WINDOW_MAX));
	KUNIT_EXPECT_FALSE(test, sipsec_replay_window_ok(SIPSEC_WINDOW_MIN - 1));
	KUNIT_EXPECT_FALSE(test, sipsec_replay_window_ok(SIPSEC_WINDOW_MAX + 1));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(beside_oracle),
	KUNIT_CASE(at_the_end),
	KUNIT_CASE(moved_by_hand),
	KUNIT_CASE(unchecked),
	KUNIT_CASE(allowed),
	{}
};

static struct kunit_suite replay_suite = {
	.name = "sipsec_replay",
	.test_cases = cases,
};

kunit_test_suite(replay_suite);
