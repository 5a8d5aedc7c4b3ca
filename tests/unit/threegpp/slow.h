/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The modes of operation bit by bit, as the specifications write them, over the
 * ciphers that primitives() has tested: the MAC as a number.
 */
#ifndef UNIT_THREEGPP_SLOW_H
#define UNIT_THREEGPP_SLOW_H

#include "threegpp.h"

u64 slow_mul64(u64 a, u64 b);

u32 slow_uia1(const u8 *key, const struct sipsec_3gpp_parm *p, const u8 *msg, unsigned int bits);
u32 slow_uia2(const u8 *key, const struct sipsec_3gpp_parm *p, const u8 *msg, unsigned int bits);
u32 slow_eia2(const u8 *key, const struct sipsec_3gpp_parm *p, const u8 *msg, unsigned int bits);
u32 slow_eia3(const u8 *key, const struct sipsec_3gpp_parm *p, const u8 *msg, unsigned int bits);

#endif
