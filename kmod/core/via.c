// SPDX-License-Identifier: GPL-2.0
#include "dialog.h"
#include "field.h"
#include "octet.h"
#include "word.h"

static bool first_via(const u8 *buf, const struct sipsec_msg *msg, struct sipsec_span *value)
{
	struct sipsec_field f = {};

	while (sipsec_field_next(buf, msg, &f)) {
		if (f.is != SIPSEC_FIELD_VIA)
			continue;
		*value = sipsec_field_value(buf, &f);
		return true;
	}
	return false;
}

/*
 * Behind a quoted string that begins at pos.  Not by sipsec_quoted_read(), which refuses
 * what others read on behind.
 */
static u32 skip_quoted(const u8 *buf, u32 pos, u32 end)
{
	for (pos++; pos < end && buf[pos] != '"'; pos++)
		if (buf[pos] == '\\')
			pos++;
	return pos + 1;
}

bool sipsec_msg_via_leads_away(const u8 *buf, const struct sipsec_msg *msg)
{
	struct sipsec_span via;
	u32 pos, end, name;

	if (!first_via(buf, msg, &via))
		return false;
	end = via.off + via.len;
	for (pos = via.off; pos < end;) {
		switch (buf[pos]) {
		case ',':
			return false;
		case '(':
			return true;
		case '"':
			pos = skip_quoted(buf, pos, end);
			break;
		case ';':
			name = sipsec_octet_skip(buf, pos + 1, end, SIPSEC_OCTET_LWS);
			pos = sipsec_octet_skip(buf, name, end, SIPSEC_OCTET_TOKEN);
			if (sipsec_token_is(buf + name, pos - name, "maddr") ||
			    sipsec_token_is(buf + name, pos - name, "received"))
				return true;
			break;
		default:
			pos++;
		}
	}
	return false;
}
