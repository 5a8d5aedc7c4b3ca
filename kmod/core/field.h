/* SPDX-License-Identifier: GPL-2.0 */
/* One header field: a line with its name, and the lines that continue it (clause 8). */
#ifndef SIPSEC_CORE_FIELD_H
#define SIPSEC_CORE_FIELD_H

#include "eol.h"
#include "octet.h"
#include "sipmsg.h"
#include "word.h"

/* Those that clause 8 wants to know by name; all others are OTHER. */
enum sipsec_field_name {
	SIPSEC_FIELD_OTHER,
	SIPSEC_FIELD_FROM,
	SIPSEC_FIELD_TO,
	SIPSEC_FIELD_CALL_ID,
	SIPSEC_FIELD_CSEQ,
	SIPSEC_FIELD_CONTENT_LENGTH,
	SIPSEC_FIELD_INTEGRITY,
};

struct sipsec_field {
	u32 off;	/* of the name */
	u32 name_len;
	u32 value;	/* offset of the octet behind the colon */
	u32 end;	/* offset of the CRLF that ends the last line */
	u32 lines;	/* 1 and its continuations */
	bool more;	/* another field surely follows; false says nothing */
};

static __always_inline bool sipsec_field_is(const u8 *name, const char *want, u32 len)
{
	return sipsec_token_equal(name, (const u8 *)want, len);
}

/* The letters that names of interest begin with; a name is not empty. */
#define SIPSEC_FIELD_LETTERS \
	(BIT('f' & 31) | BIT('t' & 31) | BIT('i' & 31) | BIT('l' & 31) | BIT('c' & 31) | \
	 BIT('g' & 31))

static __always_inline enum sipsec_field_name sipsec_field_name(const u8 *name, u32 len)
{
	if (!(SIPSEC_FIELD_LETTERS >> (*name & 31) & 1))
		return SIPSEC_FIELD_OTHER;
	switch (len) {
	case 1:
		switch (*name | 0x20) {
		case 'f':
			return SIPSEC_FIELD_FROM;
		case 't':
			return SIPSEC_FIELD_TO;
		case 'i':
			return SIPSEC_FIELD_CALL_ID;
		case 'l':
			return SIPSEC_FIELD_CONTENT_LENGTH;
		case 'g':
			return SIPSEC_FIELD_INTEGRITY;
		}
		break;
	case 2:
		if (sipsec_field_is(name, "to", 2))
			return SIPSEC_FIELD_TO;
		break;
	case 4:
		if (sipsec_field_is(name, "from", 4))
			return SIPSEC_FIELD_FROM;
		if (sipsec_field_is(name, "cseq", 4))
			return SIPSEC_FIELD_CSEQ;
		break;
	case 7:
		if (sipsec_field_is(name, "call-id", 7))
			return SIPSEC_FIELD_CALL_ID;
		break;
	case 9:
		if (sipsec_field_is(name, "integrity", 9))
			return SIPSEC_FIELD_INTEGRITY;
		break;
	case 14:
		if (sipsec_field_is(name, "content-length", 14))
			return SIPSEC_FIELD_CONTENT_LENGTH;
		break;
	}
	return SIPSEC_FIELD_OTHER;
}

/*
 * The colon behind a name of letters and "-" that begins at pos: almost every
 * field's.  Or len, where it is not as simple as that.
 */
static __always_inline u32 sipsec_name_colon(const u8 *buf, u32 pos, u32 len)
{
	const u8 *p = buf + pos, *end = buf + len;

	for (; end - p >= 2 * SIPSEC_WORD; p += 2 * SIPSEC_WORD) {
		/* both words always: no CPU can foretell which of them has it */
		u64 first = sipsec_word_no_name(sipsec_word(p));
		u64 second = sipsec_word_no_name(sipsec_word(p + SIPSEC_WORD));
		u64 stop = first ? first : second;

		if (unlikely(!stop))
			continue;
		p += sipsec_word_first(stop) + (first ? 0 : SIPSEC_WORD);
		return likely(*p == ':' && p != buf + pos) ? p - buf : len;
	}
	return len;
}

/*
 * Does a line end at pos with CRLF, and behind it begin another that is neither
 * the empty one nor a continuation?  False says nothing.
 */
static __always_inline bool sipsec_line_follows(const u8 *buf, u32 len, u32 pos)
{
	u32 next;

	if (unlikely(len - pos < 4))
		return false;
	next = get_unaligned_le32(buf + pos);
	return likely((next & 0xffff) == ('\r' | '\n' << 8) && (next & 0xff0000) > (' ' << 16));
}

/* sipsec_field_read() of what is not as simple as most; colon and end as found there. */
bool sipsec_field_finish(const u8 *buf, u32 len, u32 colon, struct sipsec_field *f,
			 enum sipsec_why *why);

/*
 * Read the field that begins at pos, where neither the empty line nor white
 * space stands.  True: fills *f, and the next line is at f->end + 2.  False: it
 * is malformed, *why says how.
 */
static __always_inline bool sipsec_field_read(const u8 *buf, u32 len, u32 pos,
					      struct sipsec_field *f, enum sipsec_why *why)
{
	/* neither waits for the other, so they cost little more than one of them */
	u32 colon = sipsec_name_colon(buf, pos, len);
	u32 end = sipsec_find_eol(buf, pos, len);
	/* of its own, so that what is returned can stay in registers */
	struct sipsec_field slow;

	f->off = pos;
	f->name_len = colon - pos;
	f->value = colon + 1;
	f->end = end;
	f->lines = 1;
	f->more = likely(colon != len) && sipsec_line_follows(buf, len, end);
	if (likely(f->more))
		return true;
	slow = *f;
	if (!sipsec_field_finish(buf, len, colon, &slow, why))
		return false;
	*f = slow;
	return true;
}

#endif
