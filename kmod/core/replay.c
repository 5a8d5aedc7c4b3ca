// SPDX-License-Identifier: GPL-2.0
#include <linux/compiler.h>
#include <linux/math64.h>
#include <asm/barrier.h>

#include "limits.h"
#include "replay.h"

/*
 * The ring has at least W bits, so no two seqs of one window share a bit.  What
 * check() may read while commit() writes is read and written once, and in order:
 * what it lets through too much costs a MAC, and what it refuses commit() would
 * refuse as well.
 */

bool sipsec_replay_window_ok(u32 window)
{
	return !window || (window >= SIPSEC_WINDOW_MIN && window <= SIPSEC_WINDOW_MAX);
}

/* The word of the ring that holds the bit of seq. */
static u32 word_of(const struct sipsec_replay *r, u64 seq)
{
	u32 word;

	/* the default window, and most others, need no division */
	if (!(r->words & (r->words - 1)))
		return (seq / 64) & (r->words - 1);
	div_u64_rem(seq / 64, r->words, &word);
	return word;
}

/* Not by memset(), which may write a word in pieces. */
static void fill(struct sipsec_replay *r, u64 bits)
{
	u32 word;

	for (word = 0; word < r->words; word++)
		WRITE_ONCE(r->bits[word], bits);
}

void sipsec_replay_set_high(struct sipsec_replay *r, u64 high)
{
	WRITE_ONCE(r->high, high);
	fill(r, ~0ULL);
}

void sipsec_replay_init(struct sipsec_replay *r, u32 window, u64 high)
{
	r->window = window;
	r->words = sipsec_replay_words(window);
	sipsec_replay_set_high(r, high);
}

bool sipsec_replay_check(const struct sipsec_replay *r, u64 seq)
{
	u64 high = READ_ONCE(r->high);

	/* The bits up to it are those that commit() has made ready for it. */
	smp_rmb();
	if (!seq)
		return false;
	if (!r->window || seq > high)
		return true;
	/* seq + W <= H, without its overflow */
	if (high - seq >= r->window)
		return false;
	return !(READ_ONCE(r->bits[word_of(r, seq)]) >> (seq & 63) & 1);
}

/* Clear the bits of the seqs from first to last, fewer than the ring has. */
static void clear_range(struct sipsec_replay *r, u64 first, u64 last)
{
	u32 word = word_of(r, first);
	u64 mask = ~0ULL << (first & 63);
	u64 left = last / 64 - first / 64;

	for (; left; left--) {
		WRITE_ONCE(r->bits[word], r->bits[word] & ~mask);
		mask = ~0ULL;
		if (++word == r->words)
			word = 0;
	}
	mask &= ~0ULL >> (63 - (last & 63));
	WRITE_ONCE(r->bits[word], r->bits[word] & ~mask);
}

bool sipsec_replay_commit(struct sipsec_replay *r, u64 seq)
{
	u64 high = r->high;
	u32 word;

	if (!sipsec_replay_check(r, seq))
		return false;
	if (r->window) {
		if (seq > high) {
			if (seq - high >= r->words * 64)
				fill(r, 0);
			else
				clear_range(r, high + 1, seq);
		}
		word = word_of(r, seq);
		WRITE_ONCE(r->bits[word], r->bits[word] | 1ULL << (seq & 63));
	}
	if (seq > high) {
		/* In check(). */
		smp_wmb();
		WRITE_ONCE(r->high, seq);
	}
	return true;
}
