// SPDX-License-Identifier: GPL-2.0
#include <linux/bitops.h>
#include <linux/string.h>

#include "snow3g.h"
#include "tables.h"

/* Clocks before the keystream, and the one whose output is not used. */
#define INIT_CLOCKS	32
#define SKIPPED		1

static __always_inline u32 sbox(const u32 *column, u32 x)
{
	return column[x >> 24] ^ ror32(column[x >> 16 & 0xff], 8) ^
	       ror32(column[x >> 8 & 0xff], 16) ^ ror32(column[x & 0xff], 24);
}

struct fsm {
	u32 r1, r2, r3;
};

/* F, with the FSM one step on. */
static __always_inline u32 fsm_clock(struct fsm *m, const u32 *s)
{
	u32 f = (s[15] + m->r1) ^ m->r2;
	u32 r = m->r2 + (m->r3 ^ s[5]);

	m->r3 = sbox(snow3g_s2, m->r2);
	m->r2 = sbox(snow3g_s1, m->r1);
	m->r1 = r;
	return f;
}

static __always_inline u32 feedback(const u32 *s)
{
	return s[0] << 8 ^ snow3g_mul_alpha[s[0] >> 24] ^ s[2] ^
	       s[11] >> 8 ^ snow3g_div_alpha[s[11] & 0xff];
}

void snow3g(const u32 k[4], const u32 iv[4], u32 *z, unsigned int n)
{
	/* The LFSR does not move: s walks along it, and each clock adds a word. */
	u32 lfsr[16 + INIT_CLOCKS + SKIPPED + SNOW3G_MAX_WORDS];
	struct fsm m = {};
	unsigned int i;
	u32 *s = lfsr;

	for (i = 0; i < 4; i++) {
		s[i] = ~k[i];
		s[4 + i] = k[i];
		s[8 + i] = ~k[i];
		s[12 + i] = k[i];
	}
	s[15] ^= iv[0];
	s[12] ^= iv[1];
	s[10] ^= iv[2];
	s[9] ^= iv[3];

	for (i = 0; i < INIT_CLOCKS; i++, s++)
		s[16] = feedback(s) ^ fsm_clock(&m, s);
	fsm_clock(&m, s);
	s[16] = feedback(s);
	s++;
	for (i = 0; i < n; i++, s++) {
		z[i] = fsm_clock(&m, s) ^ s[0];
		s[16] = feedback(s);
	}
	memzero_explicit(lfsr, sizeof(lfsr));
	memzero_explicit(&m, sizeof(m));
}
