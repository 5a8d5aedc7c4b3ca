/* SPDX-License-Identifier: GPL-2.0 */
/* One header field: a line with its name, and the lines that continue it (clause 8). */
#ifndef SIPSEC_CORE_FIELD_H
#define SIPSEC_CORE_FIELD_H

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
};

/* What is wrong where a line had to end (there is no CRLF at pos) or a name to stand. */
enum sipsec_why sipsec_line_why(const u8 *buf, u32 len, u32 pos, enum sipsec_why other);

/* Does a CRLF stand at pos? */
static inline bool sipsec_crlf_at(const u8 *buf, u32 len, u32 pos)
{
	return len - pos >= 2 && buf[pos] == '\r' && buf[pos + 1] == '\n';
}

static inline enum sipsec_field_name sipsec_field_name(const u8 *name, u32 len)
{
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
		if (sipsec_token_equal(name, (const u8 *)"to", 2))
			return SIPSEC_FIELD_TO;
		break;
	case 4:
		if (sipsec_token_equal(name, (const u8 *)"from", 4))
			return SIPSEC_FIELD_FROM;
		if (sipsec_token_equal(name, (const u8 *)"cseq", 4))
			return SIPSEC_FIELD_CSEQ;
		break;
	case 7:
		if (sipsec_token_equal(name, (const u8 *)"call-id", 7))
			return SIPSEC_FIELD_CALL_ID;
		break;
	case 9:
		if (sipsec_token_equal(name, (const u8 *)"integrity", 9))
			return SIPSEC_FIELD_INTEGRITY;
		break;
	case 14:
		if (sipsec_token_equal(name, (const u8 *)"content-length", 14))
			return SIPSEC_FIELD_CONTENT_LENGTH;
		break;
	}
	return SIPSEC_FIELD_OTHER;
}

/*
 * Read the field that begins at pos, where neither the empty line nor white
 * space stands.  True: fills *f, and the next line is at f->end + 2.  False:
 * it is malformed, *why says how.
 */
static __always_inline bool sipsec_field_read(const u8 *buf, u32 len, u32 pos,
					      struct sipsec_field *f, enum sipsec_why *why)
{
	f->off = pos;
	pos = sipsec_octet_skip(buf, pos, len, SIPSEC_OCTET_TOKEN);
	f->name_len = pos - f->off;
	pos = sipsec_octet_skip(buf, pos, len, SIPSEC_OCTET_WS);
	if (!f->name_len || pos == len || buf[pos] != ':') {
		*why = sipsec_line_why(buf, len, pos, SIPSEC_WHY_HEADER_NAME);
		return false;
	}
	f->value = ++pos;
	f->lines = 0;
	do {
		pos = sipsec_find_eol(buf, pos, len);
		if (!sipsec_crlf_at(buf, len, pos)) {
			*why = sipsec_line_why(buf, len, pos, SIPSEC_WHY_NO_END);
			return false;
		}
		f->end = pos;
		f->lines++;
		pos += 2;
	} while (pos < len && sipsec_octet_is(buf[pos], SIPSEC_OCTET_WS));
	return true;
}

#endif
