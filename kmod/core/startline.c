// SPDX-License-Identifier: GPL-2.0
#include "field.h"
#include "octet.h"
#include "startline.h"
#include "word.h"

#define VERSION_LEN	7	/* "SIP/2.0" */

/* "SIP" without regard to case, on input; the rest as it is. */
static bool version_at(const u8 *buf, u32 len, u32 pos)
{
	return len - pos >= VERSION_LEN &&
	       (buf[pos] | 0x20) == 's' && (buf[pos + 1] | 0x20) == 'i' &&
	       (buf[pos + 2] | 0x20) == 'p' && buf[pos + 3] == '/' &&
	       buf[pos + 4] == '2' && buf[pos + 5] == '.' && buf[pos + 6] == '0';
}

/* The first offset in [pos, len) that holds SP, HTAB or a control octet, or len. */
static u32 uri_end(const u8 *buf, u32 pos, u32 len)
{
	for (; len - pos >= SIPSEC_WORD; pos += SIPSEC_WORD) {
		u64 word = sipsec_word(buf + pos);
		u64 low = sipsec_word_below(word, ' ' + 1);
		u64 del = sipsec_word_equal(word, 0x7f);

		/* of two masks whose lowest bits are right, so is the lower */
		if (low | del)
			return pos + sipsec_word_first(low | del);
	}
	while (pos < len && buf[pos] > ' ' && buf[pos] != 0x7f)
		pos++;
	return pos;
}

/* SP 3DIGIT SP reason, behind the version. */
static enum sipsec_why status_line(const u8 *buf, u32 len, u32 pos, struct sipsec_msg *msg)
{
	if (len - pos < 5 || buf[pos] != ' ' || buf[pos + 4] != ' ' ||
	    sipsec_octet_skip(buf, pos + 1, pos + 4, SIPSEC_OCTET_DIGIT) != pos + 4)
		return SIPSEC_WHY_START_LINE;
	msg->status = (buf[pos + 1] - '0') * 100 + (buf[pos + 2] - '0') * 10 + buf[pos + 3] - '0';
	pos = sipsec_find_eol(buf, pos + 5, len);
	if (!sipsec_crlf_at(buf, len, pos))
		return sipsec_line_why(buf, len, pos, SIPSEC_WHY_START_LINE);
	msg->start_len = pos + 2;
	return SIPSEC_WHY_OK;
}

enum sipsec_why sipsec_startline_parse(const u8 *buf, u32 len, struct sipsec_msg *msg)
{
	u32 pos;

	/* no method is like it: "/" is not of a token */
	if (version_at(buf, len, 0))
		return status_line(buf, len, VERSION_LEN, msg);

	pos = sipsec_octet_skip(buf, 0, len, SIPSEC_OCTET_TOKEN);
	if (!pos || pos == len || buf[pos] != ' ')
		return SIPSEC_WHY_START_LINE;
	msg->method.len = pos++;
	msg->uri.off = pos;
	pos = uri_end(buf, pos, len);
	msg->uri.len = pos - msg->uri.off;
	if (!msg->uri.len || pos == len || buf[pos] != ' ' || !version_at(buf, len, pos + 1))
		return SIPSEC_WHY_START_LINE;
	pos += 1 + VERSION_LEN;
	if (!sipsec_crlf_at(buf, len, pos))
		return sipsec_line_why(buf, len, pos, SIPSEC_WHY_START_LINE);
	msg->request = true;
	msg->start_len = pos + 2;
	return SIPSEC_WHY_OK;
}
