/* SPDX-License-Identifier: GPL-2.0 */
/*
 * S-boxes, written by tables.py.  Their index is secret, so what they leave in
 * the cache depends on the key: docs/crypto.md says where and why.
 */
#ifndef SIPSEC_CRYPTO_TABLES_H
#define SIPSEC_CRYPTO_TABLES_H

#include <linux/types.h>

/* KASUMI's S9 and S7 as the two halves of FI() need them: see kasumi.c. */
extern const u16 kasumi_first9[512], kasumi_first7[128];
extern const u16 kasumi_second9[512], kasumi_second7[128];

/* A column of S1 and S2, and MULalpha and DIValpha. */
extern const u32 snow3g_s1[256], snow3g_s2[256];
extern const u32 snow3g_mul_alpha[256], snow3g_div_alpha[256];

extern const u8 zuc_s0[256], zuc_s1[256];

#endif
