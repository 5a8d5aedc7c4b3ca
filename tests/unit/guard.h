/* SPDX-License-Identifier: GPL-2.0 */
/* Octets with a page on either side that cannot be touched. */
#ifndef UNIT_GUARD_H
#define UNIT_GUARD_H

#include <linux/types.h>

#define GUARD_ROOM	(68 * 1024)

/*
 * Copies of data right before the page behind, and right behind the page before.
 * Each is overwritten by the next call; len up to GUARD_ROOM.
 */
u8 *guard_high(const u8 *data, u32 len);
u8 *guard_low(const u8 *data, u32 len);

#endif
