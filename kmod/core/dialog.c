// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include <linux/string.h>

#include "dialog.h"
#include "nameaddr.h"
#include "octet.h"
#include "word.h"

/* From or To: its tag. */
static bool read_tag(const u8 *buf, struct sipsec_span value, struct sipsec_span *tag)
{
	u32 pos = value.off, end = value.off + value.len;
	struct sipsec_nameaddr addr;

	return value.off && sipsec_nameaddr_read(buf, &pos, end, &addr) &&
	       sipsec_nameaddr_params(buf, pos, end, tag);
}

bool sipsec_msg_read_cseq(const u8 *buf, const struct sipsec_msg *msg, u32 *cseq,
			  struct sipsec_span *method)
{
	u32 end = msg->cseq.off + msg->cseq.len;
	u64 number = 0;
	u32 pos;

	if (!msg->cseq.off || !sipsec_msg_cseq_method(buf, msg, method))
		return false;
	pos = sipsec_octet_skip(buf, msg->cseq.off, end, SIPSEC_OCTET_LWS);
	for (; sipsec_octet_is(buf[pos], SIPSEC_OCTET_DIGIT); pos++) {
		number = number * 10 + buf[pos] - '0';
		if (number > U32_MAX)
			return false;
	}
	*cseq = number;
	return true;
}

/* Does a request say the same method twice? */
static bool is_method_right(const u8 *buf, const struct sipsec_msg *msg, struct sipsec_span cseq)
{
	return !msg->request || (msg->method.len == cseq.len &&
				 !memcmp(buf + msg->method.off, buf + cseq.off, cseq.len));
}

struct sipsec_span sipsec_msg_call_id(const u8 *buf, const struct sipsec_msg *msg)
{
	u32 end = msg->call_id.off + msg->call_id.len;
	u32 pos = sipsec_octet_skip(buf, msg->call_id.off, end, SIPSEC_OCTET_LWS);

	while (end > pos && sipsec_octet_is(buf[end - 1], SIPSEC_OCTET_LWS))
		end--;
	return (struct sipsec_span){ .off = pos, .len = end - pos };
}

bool sipsec_dialog_read(const u8 *buf, const struct sipsec_msg *msg, struct sipsec_dialog *d)
{
	d->call_id = sipsec_msg_call_id(buf, msg);
	return d->call_id.len && sipsec_msg_read_cseq(buf, msg, &d->cseq, &d->method) &&
	       is_method_right(buf, msg, d->method) &&
	       read_tag(buf, msg->from, &d->from_tag) && d->from_tag.len &&
	       read_tag(buf, msg->to, &d->to_tag);
}

/* Without regard to the case of letters; want is lower-case. */
static bool begins_with(const u8 *p, const char *want, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++) {
		u8 c = p[i] >= 'A' && p[i] <= 'Z' ? p[i] | 0x20 : p[i];

		if (c != want[i])
			return false;
	}
	return true;
}

bool sipsec_msg_is_emergency(const u8 *buf, const struct sipsec_msg *msg)
{
	static const char sos[] = "urn:service:sos";
	u32 len = sizeof(sos) - 1;

	if (!msg->request || !sipsec_method_is(buf, msg->method, "INVITE") ||
	    msg->uri.len < len || !begins_with(buf + msg->uri.off, sos, len))
		return false;
	return msg->uri.len == len || buf[msg->uri.off + len] == '.';
}
