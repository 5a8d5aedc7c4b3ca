// SPDX-License-Identifier: GPL-2.0
/* Registration as clauses 6 and 10 see it. */
#include "sipmsg.h"

/* Its response is of the method that CSeq says. */
static bool is_cseq_register(const u8 *buf, const struct sipsec_msg *msg)
{
	struct sipsec_span method;

	return msg->cseq.off && sipsec_msg_cseq_method(buf, msg, &method) &&
	       sipsec_method_is(buf, method, "REGISTER");
}

bool sipsec_msg_is_register(const u8 *buf, const struct sipsec_msg *msg)
{
	return msg->request && sipsec_method_is(buf, msg->method, "REGISTER") &&
	       is_cseq_register(buf, msg);
}

static bool answers_register(const u8 *buf, const struct sipsec_msg *msg)
{
	return !msg->request && is_cseq_register(buf, msg);
}

bool sipsec_msg_is_refusal(const struct sipsec_msg *msg)
{
	return msg->status >= 300 && msg->status <= 699;
}

bool sipsec_msg_is_register_refusal(const u8 *buf, const struct sipsec_msg *msg)
{
	return (msg->status == 100 || sipsec_msg_is_refusal(msg)) && answers_register(buf, msg);
}

bool sipsec_msg_is_register_success(const u8 *buf, const struct sipsec_msg *msg)
{
	return msg->status >= 200 && msg->status <= 299 && answers_register(buf, msg);
}

bool sipsec_msg_is_registration(const u8 *buf, const struct sipsec_msg *msg)
{
	return sipsec_msg_is_register(buf, msg) || answers_register(buf, msg);
}

bool sipsec_msg_wants_agreement(const struct sipsec_msg *msg)
{
	return !msg->request && (msg->status == 421 || msg->status == 494);
}
