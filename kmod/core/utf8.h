/* SPDX-License-Identifier: GPL-2.0 */
/* UTF-8 as of RFC 3629: what others take for text. */
#ifndef SIPSEC_CORE_UTF8_H
#define SIPSEC_CORE_UTF8_H

#include <linux/types.h>

/*
 * The octets, one to four, of the character that buf[0..len) begins with; len is
 * at least 1.  0: none, as an overlong form, a surrogate or half a character.
 */
u32 sipsec_utf8_len(const u8 *buf, u32 len);

#endif
