/* SPDX-License-Identifier: GPL-2.0 */
/* The end of a line of the header: the first CR, LF or NUL, of which only CRLF will do. */
#ifndef SIPSEC_CORE_EOL_H
#define SIPSEC_CORE_EOL_H

#include <linux/compiler.h>

#include "sipmsg.h"
#include "word.h"

static inline bool sipsec_is_eol(u8 c)
{
	return c == '\r' || c == '\n' || c == '\0';
}

/* The offset of the first CR, LF or NUL in [pos, len), or len. */
static __always_inline u32 sipsec_find_eol(const u8 *buf, u32 pos, u32 len)
{
	const u8 *p = buf + pos, *end = buf + len;
	/* the last place that has two words; before all where there is none */
	const u8 *last = len < 2 * SIPSEC_WORD ? NULL : end - 2 * SIPSEC_WORD;

	for (; p <= last; p += 2 * SIPSEC_WORD) {
		u64 a = sipsec_word(p);
		u64 b = sipsec_word(p + SIPSEC_WORD);
		u64 below_a = a - SIPSEC_WORD_OF('\r' + 1);
		u64 below_b = b - SIPSEC_WORD_OF('\r' + 1);
		const u8 *at = p;
		u64 low;

		/* cheap and never wrong to skip: lets all ASCII but the lowest pass */
		if (!((below_a | below_b) & SIPSEC_WORD_OF(0x80)))
			continue;
		/* no octet in front of the first low one borrows, so the first is exact */
		low = below_a & ~a & SIPSEC_WORD_OF(0x80);
		if (!low) {
			low = below_b & ~b & SIPSEC_WORD_OF(0x80);
			at += SIPSEC_WORD;
			if (!low)
				continue;
		}
		at += sipsec_word_first(low);
		if (likely(*at == '\r'))
			return at - buf;
		/* HTAB and the rarer controls are as low, and are passed */
		for (; at < p + 2 * SIPSEC_WORD; at++)
			if (sipsec_is_eol(*at))
				return at - buf;
	}
	while (p < end && !sipsec_is_eol(*p))
		p++;
	return p - buf;
}

/* Does a CRLF stand at pos? */
static __always_inline bool sipsec_crlf_at(const u8 *buf, u32 len, u32 pos)
{
	return len - pos >= 2 && get_unaligned_le16(buf + pos) == ('\r' | '\n' << 8);
}

/* Why there is none, where sipsec_find_eol() stopped. */
static inline enum sipsec_why sipsec_eol_why(const u8 *buf, u32 len, u32 pos)
{
	if (pos == len)
		return SIPSEC_WHY_NO_END;
	switch (buf[pos]) {
	case '\r':
		return SIPSEC_WHY_BARE_CR;
	case '\n':
		return SIPSEC_WHY_BARE_LF;
	default:
		return SIPSEC_WHY_NUL;
	}
}

#endif
