/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The replay window of clause 7.  Not locked: whoever calls commit() or
 * set_high() excludes all others; check() may run beside them and is then a
 * hint that has to be confirmed under the lock.
 */
#ifndef SIPSEC_CORE_REPLAY_H
#define SIPSEC_CORE_REPLAY_H

#include <linux/types.h>

struct sipsec_replay {
	u64 high;	/* H: the highest verified seq, 0 before the first */
	u32 window;	/* W, in messages; 0: no check */
	u32 words;	/* of bits[]: W rounded up to whole words */
	u64 bits[];	/* a ring: seq s at bit s % (64 * words) */
};

/* Words of bits[] for a window. */
static inline u32 sipsec_replay_words(u32 window)
{
	return (window + 63) / 64;
}

/* Is window one that clause 7 allows? */
bool sipsec_replay_window_ok(u32 window);

/* Octets of a struct for a window. */
static inline size_t sipsec_replay_size(u32 window)
{
	return sizeof(struct sipsec_replay) + sipsec_replay_words(window) * sizeof(u64);
}

/* H = high; every seq up to high counts as seen. */
void sipsec_replay_init(struct sipsec_replay *r, u32 window, u64 high);

/* True if seq (not 0) is neither below the window nor seen. */
bool sipsec_replay_check(const struct sipsec_replay *r, u64 seq);

/* Check again and, if it is new, mark seq and move the window.  True if it was new. */
bool sipsec_replay_commit(struct sipsec_replay *r, u64 seq);

/* Set H; every seq up to it counts as seen, in the window too. */
void sipsec_replay_set_high(struct sipsec_replay *r, u64 high);

#endif
