/* SPDX-License-Identifier: GPL-2.0 */
/* One header field: a line with its name, and the lines that continue it (clause 8). */
#ifndef SIPSEC_CORE_FIELD_H
#define SIPSEC_CORE_FIELD_H

#include "eol.h"
#include "fieldname.h"
#include "sipmsg.h"
#include "span.h"

/* What stands behind the CRLF of a line. */
enum sipsec_follows {
	SIPSEC_FOLLOWS_ANY,	/* says nothing, not even that there is a CRLF */
	SIPSEC_FOLLOWS_FIELD,	/* another line, which is no continuation */
	SIPSEC_FOLLOWS_EMPTY,	/* the empty line */
};

struct sipsec_field {
	const u8 *name;
	const u8 *value;	/* the octet behind the colon */
	const u8 *end;		/* the CRLF that ends the last line */
	u32 lines;		/* 1 and its continuations */
	enum sipsec_field_name is;
	enum sipsec_follows follows;
};

/* All of its value, in the message at buf. */
static __always_inline struct sipsec_span sipsec_field_value(const u8 *buf,
							     const struct sipsec_field *f)
{
	return (struct sipsec_span){ .off = f->value - buf, .len = f->end - f->value };
}

static __always_inline enum sipsec_follows sipsec_line_follows(const u8 *p, const u8 *end)
{
	const u32 crlf = '\r' | '\n' << 8;
	u32 next;

	if (unlikely(end - p < 4))
		return SIPSEC_FOLLOWS_ANY;
	next = get_unaligned_le32(p);
	if (likely((next & 0xffff) == crlf) && likely((next & 0xff0000) > (' ' << 16)))
		return SIPSEC_FOLLOWS_FIELD;
	return next == (crlf | crlf << 16) ? SIPSEC_FOLLOWS_EMPTY : SIPSEC_FOLLOWS_ANY;
}

/*
 * The colon right behind a name of letters and "-" that begins at p: almost every
 * field's.  Or NULL, where it is not as simple as that.
 */
const u8 *sipsec_name_colon(const u8 *p, const u8 *end);

/*
 * Read the field that begins at p, where neither the empty line nor white
 * space stands.  True: fills *f, and the next line is at f->end + 2.  False: it
 * is malformed, *why says how.
 */
bool sipsec_field_read(const u8 *p, const u8 *end, struct sipsec_field *f, enum sipsec_why *why);

/* The same of one that is as simple as most are.  False says nothing. */
static __always_inline bool sipsec_field_glance(const u8 *p, const u8 *end, struct sipsec_field *f)
{
	const struct sipsec_known_name *known;
	const u8 *colon;

	if (unlikely(end - p < 2 * SIPSEC_WORD))
		return false;
	known = sipsec_known_name(p, end);
	/* does not wait for the name, so that both take little more than one */
	f->end = sipsec_find_low(p, end);
	f->follows = sipsec_line_follows(f->end, end);
	if (unlikely(f->follows == SIPSEC_FOLLOWS_ANY))
		return false;
	if (likely(known)) {
		f->value = p + known->len + 1;
		f->is = known->is;
	} else {
		colon = sipsec_name_colon(p, end);
		if (!colon)
			return false;
		f->value = colon + 1;
		f->is = sipsec_field_name(p, colon - p);
	}
	f->name = p;
	f->lines = 1;
	return true;
}

/*
 * The next field of a well-formed message, whose f->end is NULL in front of the first.
 * False: there is none left.
 */
bool sipsec_field_next(const u8 *buf, const struct sipsec_msg *msg, struct sipsec_field *f);

#endif
