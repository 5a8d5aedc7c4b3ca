/* SPDX-License-Identifier: GPL-2.0 */
/* SNOW 3G, the stream cipher of TS 35.216. */
#ifndef SIPSEC_CRYPTO_SNOW3G_H
#define SIPSEC_CRYPTO_SNOW3G_H

#include <linux/types.h>

/* The most words that snow3g() makes. */
#define SNOW3G_MAX_WORDS	8

/*
 * The first n words of keystream.  Of the key, k[3] is the first word in the
 * order of octets; of the initialisation variable, iv[3].
 */
void snow3g(const u32 k[4], const u32 iv[4], u32 *z, unsigned int n);

#endif
