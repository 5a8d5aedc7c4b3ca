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

/*
 * The first octet from p on that is not above CR, or end.  HTAB and the rarer controls are
 * not, either.  At p there are two words.
 */
static __always_inline const u8 *sipsec_find_low(const u8 *p, const u8 *end)
{
	/* the last place that has two words */
	const u8 *last = end - 2 * SIPSEC_WORD;

	do {
		u64 a = sipsec_word(p);
		u64 b = sipsec_word(p + SIPSEC_WORD);
		u64 below_a = a - SIPSEC_WORD_OF('\r' + 1);
		u64 below_b = b - SIPSEC_WORD_OF('\r' + 1);

		/* cheap and never wrong to skip: lets all ASCII but the lowest pass */
		if ((below_a | below_b) & SIPSEC_WORD_OF(0x80)) {
			/* no octet in front of the first low one borrows, so the first is exact */
			u64 low = below_a & ~a & SIPSEC_WORD_OF(0x80);

			if (low)
				return p + sipsec_word_first(low);
			low = below_b & ~b & SIPSEC_WORD_OF(0x80);
			if (low)
				return p + SIPSEC_WORD + sipsec_word_first(low);
		}
		p += 2 * SIPSEC_WORD;
	} while (p <= last);
	while (p < end && *p > '\r')
		p++;
	return p;
}

/* The first CR, LF or NUL from p on, or end. */
static inline const u8 *sipsec_find_eol(const u8 *p, const u8 *end)
{
	while (end - p >= 2 * SIPSEC_WORD) {
		const u8 *behind;

		p = sipsec_find_low(p, end);
		if (p == end || sipsec_is_eol(*p))
			return p;
		/* where one HTAB is there are often more, and two words for each take long */
		behind = end - p > 2 * SIPSEC_WORD ? p + 2 * SIPSEC_WORD : end;
		for (p++; p < behind; p++)
			if (sipsec_is_eol(*p))
				return p;
	}
	while (p < end && !sipsec_is_eol(*p))
		p++;
	return p;
}

/* Does a CRLF stand at p? */
static __always_inline bool sipsec_crlf(const u8 *p, const u8 *end)
{
	return end - p >= 2 && get_unaligned_le16(p) == ('\r' | '\n' << 8);
}

/* Why there is none, where sipsec_find_eol() stopped. */
static inline enum sipsec_why sipsec_eol_why(const u8 *p, const u8 *end)
{
	if (p == end)
		return SIPSEC_WHY_NO_END;
	switch (*p) {
	case '\r':
		return SIPSEC_WHY_BARE_CR;
	case '\n':
		return SIPSEC_WHY_BARE_LF;
	default:
		return SIPSEC_WHY_NUL;
	}
}

#endif
