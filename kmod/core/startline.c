// SPDX-License-Identifier: GPL-2.0
#include <linux/unaligned.h>

#include "octet.h"
#include "startline.h"
#include "word.h"

#define VERSION_LEN	7	/* "SIP/2.0" */

/* "SIP" without regard to case, on input; the rest as it is. */
static bool is_version(const u8 *p)
{
	return (get_unaligned_le32(p) | 0x00202020) == get_unaligned_le32("sip/") &&
	       get_unaligned_le32(p + 3) == get_unaligned_le32("/2.0");
}

/* The end of the method, a token: most are of a few letters.  A word can be read. */
static u32 skip_method(const u8 *buf, u32 end)
{
	u64 stop = sipsec_word_no_name(sipsec_word(buf));

	return sipsec_octet_skip(buf, stop ? sipsec_word_first(stop) : SIPSEC_WORD, end,
				 SIPSEC_OCTET_TOKEN);
}

/* The first offset in [pos, end) that holds SP, HTAB or a control octet, or end. */
static u32 skip_uri(const u8 *buf, u32 pos, u32 end)
{
	for (; end - pos >= SIPSEC_WORD; pos += SIPSEC_WORD) {
		u64 word = sipsec_word(buf + pos);
		u64 stop = sipsec_word_below(word, ' ' + 1) | sipsec_word_equal(word, 0x7f);

		if (stop)
			return pos + sipsec_word_first(stop);
	}
	while (pos < end && buf[pos] > ' ' && buf[pos] != 0x7f)
		pos++;
	return pos;
}

bool sipsec_startline_parse(const u8 *buf, u32 end, struct sipsec_msg *msg)
{
	u32 pos;

	/* the shortest of both: "M u SIP/2.0" and "SIP/2.0 200 " */
	if (end < VERSION_LEN + 4)
		return false;
	/* no method is like it: "/" is not of a token */
	if (is_version(buf)) {
		const u8 *p = buf + VERSION_LEN;

		if (end < VERSION_LEN + 5 || p[0] != ' ' || p[4] != ' ' ||
		    sipsec_octet_skip(p, 1, 4, SIPSEC_OCTET_DIGIT) != 4)
			return false;
		msg->status = (p[1] - '0') * 100 + (p[2] - '0') * 10 + p[3] - '0';
		return true;
	}

	pos = skip_method(buf, end);
	end -= VERSION_LEN + 1;
	if (!pos || pos >= end || buf[pos] != ' ' || buf[end] != ' ' || !is_version(buf + end + 1))
		return false;
	msg->request = true;
	msg->method.len = pos++;
	msg->uri.off = pos;
	msg->uri.len = end - pos;
	return msg->uri.len && skip_uri(buf, pos, end) == end;
}
