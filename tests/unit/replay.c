// SPDX-License-Identifier: GPL-2.0
/* The window of clause 7 beside a list of all that was ever accepted. */
#include <err.h>
#include <linux/kernel.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "limits.h"
#include "replay.h"
#include "tap.h"

#define MOST	40000

/* Clause 7 in its own words. */
struct model {
	u32 window;
	u64 high;
	u64 floor;		/* all up to here counts as seen */
	u32 nr;
	u64 seen[MOST];
};

static bool model_new(const struct model *m, u64 seq)
{
	u32 i;

	if (!seq)
		return false;
	if (!m->window)
		return true;
	/* seq + W <= H; where the sum overflows it is above any H */
	if ((seq + m->window >= seq && seq + m->window <= m->high) || seq <= m->floor)
		return false;
	for (i = m->nr; i--;)
		if (m->seen[i] == seq)
			return false;
	return true;
}

static bool model_commit(struct model *m, u64 seq)
{
	if (!model_new(m, seq))
		return false;
	if (m->nr == MOST)
		errx(1, "the model is full");
	m->seen[m->nr++] = seq;
	if (seq > m->high)
		m->high = seq;
	return true;
}

static struct model model;
static struct sipsec_replay *ring;

static void begin(u32 window, u64 high)
{
	free(ring);
	ring = malloc(sipsec_replay_size(window));
	if (!ring)
		err(1, "malloc");
	memset(ring, 0x5a, sipsec_replay_size(window));
	sipsec_replay_init(ring, window, high);
	model.window = window;
	model.high = high;
	model.floor = high;
	model.nr = 0;
}

/* One seq to both: check() and commit() must say what the model says. */
static bool step(u64 seq)
{
	bool want = model_new(&model, seq);

	if (sipsec_replay_check(ring, seq) == want && sipsec_replay_commit(ring, seq) == want &&
	    model_commit(&model, seq) == want && ring->high == model.high)
		return true;
	printf("# W %u, seq %llu, H %llu: should be %s\n", model.window, seq, model.high,
	       want ? "new" : "replay");
	return false;
}

static const u32 windows[] = { 0, 32, 33, 64, 100, 128, 192, 4095, 4096 };

/* Every seq within some octets of the window around H, each twice. */
static bool sweep(u32 window, u64 start, u64 high)
{
	u64 from, to, seq;
	bool good = true;

	begin(window, start);
	good &= step(high);
	from = high > window + 70ULL ? high - window - 70 : 0;
	to = high + 3 < high ? ~0ULL : high + 3;
	for (seq = from;; seq++) {
		good &= step(seq);
		good &= step(seq);
		if (seq == to)
			break;
	}
	return good;
}

static void all_edges(u32 window)
{
	static const u64 near[] = { 1, 31, 64, 128, 4096, 1ULL << 32, 1ULL << 63, ~0ULL };
	bool good = true;
	unsigned int i;
	u64 low;

	for (i = 0; i < ARRAY_SIZE(near); i++) {
		for (low = 0; low < 3; low++) {
			u64 high = near[i] - 1 + low;

			/* past the end of seq it begins again, which is no case */
			if (!high || high < near[i] - 1)
				continue;
			good &= sweep(window, 0, high);
			good &= sweep(window, high / 2, high);
			good &= sweep(window, high - 1, high);
		}
	}
	tap_ok(good, "W %u: edges at 0, W, 2^32 and 2^64 - 1", window);
}

/* Forward, back, far, near the edge of the window, and now and then a new H. */
static void wander(u32 window, u64 seed, u64 start)
{
	u64 state = seed, seq = start;
	bool good = true;
	u32 i;

	begin(window, start);
	for (i = 0; i < 6000 && good; i++) {
		u64 r = data_random(&state), h = model.high, reach = window + 70ULL;

		switch (r % 16) {
		case 0 ... 4:
			seq = h + 1 + (r >> 8) % 3;
			break;
		case 5 ... 9:
			seq = h - (r >> 8) % reach;
			break;
		case 10 ... 11:
			seq = h - window + (r >> 8) % 5 - 2;
			break;
		case 12:
			seq = h + (r >> 8) % (2 * reach);
			break;
		case 13:
			seq = h + window + (r >> 8) % 5 - 2;
			break;
		case 14:
			seq = (r >> 8) % 4 ? h + 63 + (r >> 16) % 3 : data_random(&state);
			if (seq > h + (1ULL << 40) && seq > h)
				seq = h + 1;
			break;
		case 15:
			if (i % 8)
				break;
			/* a new H forgets, in both */
			seq = h + (r >> 8) % reach - (h < reach ? 0 : reach / 2);
			sipsec_replay_set_high(ring, seq);
			model.high = seq;
			model.floor = seq;
			model.nr = 0;
			continue;
		}
		good = step(seq);
	}
	tap_ok(good && i == 6000, "W %u: random walk from %llu", window, start);
}

int main(void)
{
	bool good = true;
	unsigned int i;
	u32 w;

	for (w = 0; w < 5000; w++)
		good &= sipsec_replay_window_ok(w) == (!w || (w >= 32 && w <= 4096));
	tap_ok(good && !sipsec_replay_window_ok(~0U), "windows that clause 7 allows");
	for (i = 0; i < ARRAY_SIZE(windows); i++) {
		all_edges(windows[i]);
		wander(windows[i], 1 + i, 0);
		wander(windows[i], 100 + i, (1ULL << 32) - 2000);
		wander(windows[i], 200 + i, ~0ULL - 1000000);
	}
	free(ring);
	return tap_done();
}
