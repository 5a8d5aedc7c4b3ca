// SPDX-License-Identifier: GPL-2.0
/*
 * A datagram as the module reads it, coming and leaving: core/ must say what the
 * reference of tests/unit says, which was written from the specification alone.
 */
#include <string.h>

#include "annotate.h"
#include "class.h"
#include "dialog.h"
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
	must(!(sipsec_msg_is_register(buf, m) && sipsec_msg_is_register_refusal(buf, m)) &&
	     !(sipsec_msg_is_register_refusal(buf, m) && sipsec_msg_is_register_success(buf, m)),
	     "REGISTER, its refusal and its success");
	must(sipsec_msg_is_registration(buf, m) || !sipsec_msg_is_register_success(buf, m),
	     "a success of no registration");

	while (sipsec_msg_next_hop_field(buf, m, &pos, &line)) {
		must(line.off >= last && line.off + line.len == pos && pos <= m->body_off - 2,
		     "a field to remove");
		last = pos;
		removed++;
	}
	must(removed <= m->nr_integrity && (!m->has_hop || removed), "fields to remove");
}

/* What tells a dialog lies in the fields that it is read from. */
static void dialog(const uint8_t *buf, const struct sipsec_msg *m)
{
	struct sipsec_span id = sipsec_msg_call_id(buf, m);
	struct sipsec_dialog d;

	must(!id.len || within(id, m->call_id.off, m->call_id.off + m->call_id.len), "Call-ID");
	must(!sipsec_msg_is_emergency(buf, m) || m->request, "a response is an emergency call");
	sipsec_msg_via_leads_away(buf, m);
	if (!sipsec_dialog_read(buf, m, &d))
		return;
	must(d.call_id.off == id.off && d.call_id.len == id.len, "Call-ID of the dialog");
	must(d.from_tag.len && within(d.from_tag, m->from.off, m->from.off + m->from.len) &&
	     (!d.to_tag.len || within(d.to_tag, m->to.off, m->to.off + m->to.len)), "tags");
	must(within(d.method, m->cseq.off, m->cseq.off + m->cseq.len), "method");
	sipsec_method_is(buf, d.method, "INVITE");
}

/* A word over the Integrity value is found again, in a message that is the same otherwise. */
static void annotation(const uint8_t *buf, u32 len, const struct sipsec_msg *m)
{
	uint8_t *copy = fuzz_exact(buf, len);
	struct sipsec_span place;
	u8 word[SIPSEC_MAX_WORD];

	for (u32 i = 0; i < SIPSEC_MAX_WORD; i++)
		word[i] = buf[i % len];
	sipsec_msg_has_word(buf, m, word, sipsec_word_ok(word, 8) ? 8 : SIPSEC_MAX_WORD);
	sipsec_word_make(word, word);
	must(sipsec_word_ok(word, SIPSEC_MAX_WORD), "a word that is none");
	if (m->has_hop) {
		place = sipsec_annotation_place(buf, m->hop_value);
		must(within(place, m->hop_value.off, m->hop_value.off + m->hop_value.len), "place");
		if (sipsec_annotation_write(copy + place.off, place.len, word, SIPSEC_MAX_WORD,
					    m->hop.spi))
			must(sipsec_msg_has_word(copy, m, word, SIPSEC_MAX_WORD),
			     "the word is not found");
		must(!memcmp(copy, buf, place.off) &&
		     !memcmp(copy + place.off + place.len, buf + place.off + place.len,
			     len - place.off - place.len), "more is overwritten");
	}
	free(copy);
}

/* What `answer` hands on: of what is well-formed all requests but ACK, in any case. */
static void answered(const uint8_t *buf, size_t size, const struct sipsec_msg *msg)
{
	bool ack = msg->request && msg->method.len == 3 &&
		   !strncasecmp((const char *)buf, "ack", 3);

	must(sipsec_can_be_answered(buf, size) == (msg->request && !ack),
	     "can be answered, or not");
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
	if (!sipsec_msg_parse(buf, size, 16384, &msg)) {
		sound(buf, size, &msg);
		dialog(buf, &msg);
		annotation(buf, size, &msg);
		answered(buf, size, &msg);
	} else {
		sipsec_can_be_answered(buf, size);
	}
	if (size) {
		look.stun_request = true;
		sipsec_look(buf, size, &look, &msg, &why);
		look.stun_response = true;
		sipsec_look(buf, size, &look, &msg, &why);
	}
	/* What leaves: SIP to anyone who takes it for SIP is not passed over. */
	must(sipsec_looks_like_sip(buf, size) || sipsec_msg_parse_out(buf, size, 65000, &msg),
	     "well-formed, and does not look like SIP");
	free(buf);
	return 0;
}
