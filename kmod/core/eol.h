/* SPDX-License-Identifier: GPL-2.0 */
/* The end of a line of the header: the first CR, LF or NUL, of which only CRLF will do. */
#ifndef SIPSEC_CORE_EOL_H
#define SIPSEC_CORE_EOL_H

#include "sipmsg.h"
#include "word.h"

static inline bool sipsec_is_eol(u8 c)
{
	return c == '\r' || c == '\n' || c == '\0';
}

/* The offset of the first CR, LF or NUL in [pos, len), or len. */
static __always_inline u32 sipsec_find_eol(const u8 *buf, u32 pos, u32 len)
{
	for (; len - pos >= 2 * SIPSEC_WORD; pos += 2 * SIPSEC_WORD) {
		u64 a = sipsec_word(buf + pos);
		u64 b = sipsec_word(buf + pos + SIPSEC_WORD);
		u32 at = pos;
		u64 low;

		/* cheap and never wrong to skip: lets all ASCII but the lowest pass */
		if (!(((a - SIPSEC_WORD_OF('\r' + 1)) | (b - SIPSEC_WORD_OF('\r' + 1))) &
		      SIPSEC_WORD_OF(0x80)))
			continue;
		low = sipsec_word_below(a, '\r' + 1);
		if (!low) {
			low = sipsec_word_below(b, '\r' + 1);
			at += SIPSEC_WORD;
		}
		if (!low)
			continue;
		at += sipsec_word_first(low);
		/* HTAB and the rarer controls are as low, and are passed */
		for (; at < pos + 2 * SIPSEC_WORD; at++)
			if (sipsec_is_eol(buf[at]))
				return at;
	}
	while (pos < len && !sipsec_is_eol(buf[pos]))
		pos++;
	return pos;
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
