// SPDX-License-Identifier: GPL-2.0
#include "field.h"
#include "octet.h"

const u8 *sipsec_name_colon(const u8 *p, const u8 *end)
{
	const u8 *name = p;

	for (; end - p >= 2 * SIPSEC_WORD; p += 2 * SIPSEC_WORD) {
		/* both words always: no CPU can foretell which of them has it */
		u64 first = sipsec_word_no_name(sipsec_word(p));
		u64 second = sipsec_word_no_name(sipsec_word(p + SIPSEC_WORD));
		u64 stop = first ? first : second;

		if (unlikely(!stop))
			continue;
		p += sipsec_word_first(stop) + (first ? 0 : SIPSEC_WORD);
		return *p == ':' && p != name ? p : NULL;
	}
	return NULL;
}

/* Any name, white space behind it, and the colon.  False: there is none. */
static bool read_name(const u8 *p, struct sipsec_field *f)
{
	const u8 *end = p;

	/* no need to count: a CR is no token, nor white space */
	while (sipsec_octet_is(*end, SIPSEC_OCTET_TOKEN))
		end++;
	if (end == p)
		return false;
	f->name = p;
	f->is = sipsec_field_name(p, end - p);
	while (sipsec_octet_is(*end, SIPSEC_OCTET_WS))
		end++;
	f->value = end + 1;
	return *end == ':';
}

bool sipsec_field_read(const u8 *p, const u8 *end, struct sipsec_field *f, enum sipsec_why *why)
{
	const u8 *eol = sipsec_find_eol(p, end);

	if (!sipsec_crlf(eol, end))
		goto bad_line;
	if (!read_name(p, f)) {
		*why = SIPSEC_WHY_HEADER_NAME;
		return false;
	}
	for (f->lines = 1; eol + 2 < end && sipsec_octet_is(eol[2], SIPSEC_OCTET_WS); f->lines++) {
		eol = sipsec_find_eol(eol + 2, end);
		if (!sipsec_crlf(eol, end))
			goto bad_line;
	}
	f->end = eol;
	f->follows = SIPSEC_FOLLOWS_ANY;
	return true;

bad_line:
	*why = sipsec_eol_why(eol, end);
	return false;
}

bool sipsec_field_next(const u8 *buf, const struct sipsec_msg *msg, struct sipsec_field *f)
{
	const u8 *p = f->end ? f->end + 2 : buf + msg->start_len, *end = buf + msg->body_off;
	enum sipsec_why why;

	return p < end - 2 &&
	       (sipsec_field_glance(p, end, f) || sipsec_field_read(p, end, f, &why));
}
