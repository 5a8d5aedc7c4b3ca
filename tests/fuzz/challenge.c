// SPDX-License-Identifier: GPL-2.0
/* The 401 that a P-CSCF reads: what goes on to the UE holds no key. */
#include <string.h>

#include "challenge.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct challenge c, again;
	struct sipsec_msg msg;
	uint8_t *buf, *out;
	size_t out_len, pos = 0, cut = 0;
	unsigned int i;
	int err;

	if (size > 16384)
		return -1;
	buf = fuzz_exact(data, size);
	memset(&c, 0xa5, sizeof(c));
	err = challenge_read(buf, size, &c);
	must(challenge_strerror(err), "no text");
	if (err) {
		static const struct challenge none;

		must(!memcmp(&c, &none, sizeof(c)), "refused, and something is left");
		free(buf);
		return 0;
	}
	must(c.ck_len == 16 || c.ck_len == 32, "ck");
	must(c.ik_len == 16 || c.ik_len == 32, "ik");
	must(c.nr_cuts && c.nr_cuts <= CHALLENGE_MAX_CUTS, "cuts");
	for (i = 0; i < c.nr_cuts; i++) {
		must(c.cuts[i].off >= pos && c.cuts[i].len &&
		     c.cuts[i].off + c.cuts[i].len <= size, "cut %u", i);
		pos = c.cuts[i].off + c.cuts[i].len;
		cut += c.cuts[i].len;
	}
	out = malloc(size);
	must(out, "no memory");
	must(!challenge_rewrite(&c, buf, size, "", out, size, &out_len), "strip");
	must(out_len == size - cut, "length");
	must(challenge_rewrite(&c, buf, size, "", out, out_len - 1, &out_len),
	     "strip without room");
	must(!challenge_rewrite(&c, buf, size, "", out, size, &out_len), "strip");
	/* still a message of SIP, and no challenge with keys to anyone */
	must(!sipsec_msg_parse_out(out, out_len, 65000, &msg), "no message any more");
	must(challenge_read(out, out_len, &again) < 0, "the keys are still in it");
	challenge_wipe(&c);
	free(out);
	free(buf);
	return 0;
}
