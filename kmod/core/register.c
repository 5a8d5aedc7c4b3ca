// SPDX-License-Identifier: GPL-2.0
/* Registration as clause 10 sees it. */
#include <linux/string.h>

#include "sipmsg.h"

static bool is_register(const u8 *buf, struct sipsec_span method)
{
	return method.len == 8 && !memcmp(buf + method.off, "REGISTER", 8);
}

bool sipsec_msg_is_register(const u8 *buf, const struct sipsec_msg *msg)
{
	return msg->request && is_register(buf, msg->method);
}

bool sipsec_msg_is_register_refusal(const u8 *buf, const struct sipsec_msg *msg)
{
	struct sipsec_span method;

	if (msg->request || (msg->status != 100 && (msg->status < 300 || msg->status > 699)))
		return false;
	return msg->cseq.off && sipsec_msg_cseq_method(buf, msg, &method) &&
	       is_register(buf, method);
}
