// SPDX-License-Identifier: GPL-2.0
#include "field.h"

/* The colon behind any name at pos, with white space before it.  False: there is none. */
static bool read_name(const u8 *buf, struct sipsec_field *f)
{
	u32 colon = f->off;

	/* no need to count: a CR is no token, nor white space */
	while (sipsec_octet_is(buf[colon], SIPSEC_OCTET_TOKEN))
		colon++;
	f->name_len = colon - f->off;
	while (sipsec_octet_is(buf[colon], SIPSEC_OCTET_WS))
		colon++;
	f->value = colon + 1;
	return f->name_len && buf[colon] == ':';
}

bool sipsec_field_finish(const u8 *buf, u32 len, u32 colon, struct sipsec_field *f,
			 enum sipsec_why *why)
{
	u32 end = f->end;

	if (!sipsec_crlf_at(buf, len, end)) {
		*why = sipsec_eol_why(buf, len, end);
		return false;
	}
	if (colon == len && !read_name(buf, f)) {
		*why = SIPSEC_WHY_HEADER_NAME;
		return false;
	}
	while (end + 2 < len && sipsec_octet_is(buf[end + 2], SIPSEC_OCTET_WS)) {
		end = sipsec_find_eol(buf, end + 2, len);
		if (!sipsec_crlf_at(buf, len, end)) {
			*why = sipsec_eol_why(buf, len, end);
			return false;
		}
		f->lines++;
	}
	f->end = end;
	return true;
}
