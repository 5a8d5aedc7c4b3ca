/* SPDX-License-Identifier: GPL-2.0 */
/* ZUC, the stream cipher of TS 35.222. */
#ifndef SIPSEC_CRYPTO_ZUC_H
#define SIPSEC_CRYPTO_ZUC_H

#include <linux/types.h>

struct zuc {
	u32 s[16];	/* the LFSR: 31 bits each */
	u32 r1, r2;
};

/* The LFSR is loaded; run it in.  rounds: 32, or 48 of the longer ZUC-256. */
void zuc_start(struct zuc *z, unsigned int rounds);

void zuc_init(struct zuc *z, const u8 key[16], const u8 iv[16]);

/* The most words that zuc_words() makes at once. */
#define ZUC_MAX_WORDS	32

/* The next n words of keystream. */
void zuc_words(struct zuc *z, u32 *out, unsigned int n);

#endif
