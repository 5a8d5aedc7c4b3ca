// SPDX-License-Identifier: GPL-2.0
/*
 * The replay window of clause 7 beside a naive oracle, which keeps an octet for each
 * seq: what is accepted was never accepted before, is not below the window, and
 * all else is refused.
 *
 *	model [OPERATIONS [SEED]]
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "replay.h"

#define RANGE	0x200000U	/* seqs of one round, from base on */
#define ROUND	1000000		/* operations at most */

static u8 seen[RANGE];
static u64 state;

static u64 draw(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Where a round begins: at 0, around 2^32, up to 2^64 - 1, or anywhere. */
static u64 draw_base(void)
{
	switch (draw() >> 20 & 3) {
	case 0:
		return 0;
	case 1:
		return (1ULL << 32) - (draw() >> 20) % RANGE;
	case 2:
		return 0 - (u64)RANGE;
	default:
		return draw() % (0 - (u64)RANGE);
	}
}

/* Mostly near the highest; below it, above it, or anywhere in the range. */
static u32 draw_at(u32 high, u32 window)
{
	u32 by = (draw() >> 24) % (window + window / 4 + 2);
	u32 kind = draw() >> 20 & 15;

	if (kind < 5)
		return high + 1;
	if (kind < 8)
		return high + by % 9;
	if (kind < 14)
		return high - by;
	if (kind == 14)
		return high + by;
	return draw() >> 30 & (RANGE - 1);
}

static unsigned long long accepted, refused, moved;

static unsigned long round_of(unsigned long most)
{
	static const u32 windows[] = { 32, 33, 63, 64, 65, 100, 128, 1000, 2048, 4096 };
	u32 window = windows[(draw() >> 20) % (sizeof(windows) / sizeof(*windows))];
	struct sipsec_replay *r = malloc(sipsec_replay_size(window));
	u64 base = draw_base();
	u32 high = (draw() >> 20) % (2 * window), floor = high;
	unsigned long done;

	if (!r)
		err(1, "memory");
	memset(seen, 0, sizeof(seen));
	sipsec_replay_init(r, window, base + high);
	for (done = 0; done < most && high < RANGE - 1; done++) {
		u32 at = draw_at(high, window);
		bool want, hint, got;

		if (at >= RANGE)
			continue;
		/* upwards by command, now and then */
		if (!(draw() >> 20 & 0xffff) && at > high) {
			high = at;
			floor = at;
			sipsec_replay_set_high(r, base + at);
			moved++;
			continue;
		}
		want = base + at && at > floor && !seen[at] &&
		       (at > high || high - at < window);
		hint = sipsec_replay_check(r, base + at);
		got = sipsec_replay_commit(r, base + at);
		if (hint != want || got != want)
			errx(1, "seq %llu, highest %llu, window %u: check %d, commit %d, want %d",
			     (unsigned long long)(base + at), (unsigned long long)(base + high),
			     window, hint, got, want);
		if (!got) {
			refused++;
			continue;
		}
		accepted++;
		seen[at] = 1;
		if (at > high)
			high = at;
		if (r->high != base + high)
			errx(1, "highest %llu, want %llu", (unsigned long long)r->high,
			     (unsigned long long)(base + high));
	}
	free(r);
	return done;
}

int main(int argc, char **argv)
{
	unsigned long long left = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000000, all = left;

	state = argc > 2 ? strtoull(argv[2], NULL, 10) : 0x9e3779b97f4a7c15;
	while (left)
		left -= round_of(left < ROUND ? left : ROUND);
	printf("%llu operations: %llu accepted, %llu refused, %llu times moved by command\n",
	       all, accepted, refused, moved);
	return 0;
}
