/* SPDX-License-Identifier: GPL-2.0 */
/* AES-128 of one block, for architectures whose libcrypto is not here. */
#ifndef UNIT_THREEGPP_AES_H
#define UNIT_THREEGPP_AES_H

#include <linux/types.h>

void aes(const u8 key[16], const u8 in[16], u8 out[16]);

#endif
