// SPDX-License-Identifier: GPL-2.0
/*
 * A datagram as the module reads it, coming and leaving: core/ must say what the
 * reference of tests/unit says, which was written from the specification alone.
 */
#include "class.h"
#include "fuzz.h"
#include "reference.h"
#include "sipmsg.h"

static bool within(struct sipsec_span span, u32 from, u32 to)
{
	return !span.off ? !span.len : span.off >= from && span.off + span.len <= to;
}

/* Spans lie in the header, the Integrity field's MAC in it, and the rest adds up. */
static void sound(const uint8_t *buf, u32 len, const struct sipsec_msg *m)
{
	struct sipsec_span line, method;
	u32 pos = m->start_len, removed = 0, last = pos;

	must(m->start_len <= m->body_off && m->body_off <= len, "offsets");
	must(within(m->from, m->start_len, m->body_off) &&
	     within(m->to, m->start_len, m->body_off) &&
	     within(m->call_id, m->start_len, m->body_off) &&
	     within(m->cseq, m->start_len, m->body_off), "a span outside the header");
	must(!m->has_content_length || m->content_length <= len - m->body_off, "Content-Length");
	must(!m->has_hop || (m->hop.mac_off > m->start_len &&
			     m->hop.mac_off + m->hop.mac_chars <= m->body_off - 2), "mac");
	if (m->cseq.off && sipsec_msg_cseq_method(buf, m, &method))
		must(within(method, m->cseq.off, m->cseq.off + m->cseq.len), "CSeq method");
	sipsec_msg_is_register(buf, m);
	sipsec_msg_is_register_refusal(buf, m);

	while (sipsec_msg_next_hop_field(buf, m, &pos, &line)) {
		must(line.off >= last && line.off + line.len == pos && pos <= m->body_off - 2,
		     "a field to remove");
		last = pos;
		removed++;
	}
	must(removed <= m->nr_integrity && (!m->has_hop || removed), "fields to remove");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sipsec_look look = { .max = 16384 };
	struct sipsec_msg msg;
	enum sipsec_why why;
	uint8_t *buf;

	if (size > 65535)
		return -1;
	buf = fuzz_exact(data, size);
	must(ref_agrees(buf, size), "the reference reads it otherwise");
	if (!sipsec_msg_parse(buf, size, 16384, &msg))
		sound(buf, size, &msg);
	if (size) {
		look.stun_request = true;
		sipsec_look(buf, size, &look, &msg, &why);
		look.stun_response = true;
		sipsec_look(buf, size, &look, &msg, &why);
	}
	/* What leaves: SIP to anyone who takes it for SIP is not passed over. */
	if (!sipsec_msg_parse_out(buf, size, 65000, &msg))
		must(sipsec_looks_like_sip(buf, size), "well-formed, and does not look like SIP");
	free(buf);
	return 0;
}
