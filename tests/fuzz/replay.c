// SPDX-License-Identifier: GPL-2.0
/* The window of clause 7 beside a set of all that was accepted. */
#include <string.h>

#include "fuzz.h"
#include "replay.h"

/* Of the last seqs all are kept; one further back than any window never counts. */
#define MOST	8192

static u64 seen[MOST];
static unsigned int nr;

static bool was_seen(u64 seq)
{
	for (unsigned int i = nr; i--;)
		if (seen[i] == seq)
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	u64 high = 0, floor = 0, seq;
	struct sipsec_replay *r;
	u32 window;
	size_t i;

	if (size < 10)
		return -1;
	window = data[0] | data[1] << 8;
	if (!sipsec_replay_window_ok(window))
		window = 32 + window % 4065;
	memcpy(&high, data + 2, 8);
	floor = high;
	nr = 0;
	r = malloc(sipsec_replay_size(window));
	must(r, "no memory");
	sipsec_replay_init(r, window, high);

	/* three octets an operation: what, and how far from the highest */
	for (i = 10; i + 3 <= size && nr < MOST; i += 3) {
		u64 by = data[i + 1] | data[i + 2] << 8;
		bool fresh, got;

		switch (data[i] % 6) {
		case 0:
			seq = high + by;
			break;
		case 1:
			seq = high - by;
			break;
		case 2:
			seq = high + 1;
			break;
		case 3:
			seq = high + (by << 20);
			break;
		case 4:
			seq = by;
			break;
		default:
			/* by command, upwards only */
			if (high + by < high)
				continue;
			high += by;
			floor = high;
			sipsec_replay_set_high(r, high);
			continue;
		}
		fresh = seq && (!window || (!(seq <= high && high - seq >= window) &&
					    seq > floor && !was_seen(seq)));
		must(sipsec_replay_check(r, seq) == fresh, "check %llu at %llu of %u",
		     (unsigned long long)seq, (unsigned long long)high, window);
		got = sipsec_replay_commit(r, seq);
		must(got == fresh, "commit %llu", (unsigned long long)seq);
		if (!got)
			continue;
		seen[nr++] = seq;
		if (seq > high)
			high = seq;
		must(r->high == high, "high");
		must(!window || !sipsec_replay_check(r, seq), "accepted twice");
	}
	free(r);
	return 0;
}
