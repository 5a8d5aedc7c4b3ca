// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>

#include "field.h"
#include "limits.h"
#include "octet.h"
#include "sipmsg.h"
#include "startline.h"

#define WHY_TEXT(sym, text) [SIPSEC_WHY_##sym] = text,
static const char *const whys[] = {
	SIPSEC_WHYS(WHY_TEXT)
};

const char *sipsec_why_name(unsigned int why)
{
	return why < ARRAY_SIZE(whys) ? whys[why] : "?";
}

/* A field that may appear once. */
static __always_inline enum sipsec_why take_once(struct sipsec_span *span,
						 struct sipsec_span value)
{
	if (span->off)
		return SIPSEC_WHY_DUPLICATE;
	*span = value;
	return SIPSEC_WHY_OK;
}

static enum sipsec_why take_content_length(const u8 *p, const u8 *end, u32 len,
					   struct sipsec_msg *msg)
{
	const u8 *digits;
	u32 value = 0;

	if (msg->has_content_length)
		return SIPSEC_WHY_CONTENT_LENGTH;
	p += sipsec_octet_skip(p, 0, end - p, SIPSEC_OCTET_LWS);
	for (digits = p; p < end && sipsec_octet_is(*p, SIPSEC_OCTET_DIGIT); p++) {
		/* more than the whole message is more than its body */
		value = value * 10 + *p - '0';
		if (value > len)
			return SIPSEC_WHY_CONTENT_LENGTH;
	}
	/* no folding behind it: there OpenSIPS takes the next line for a field, or stops */
	if (p == digits || p + sipsec_octet_skip(p, 0, end - p, SIPSEC_OCTET_WS) != end)
		return SIPSEC_WHY_CONTENT_LENGTH;
	msg->has_content_length = true;
	msg->content_length = value;
	return SIPSEC_WHY_OK;
}

static enum sipsec_why take_integrity(const u8 *buf, struct sipsec_span value,
				      struct sipsec_msg *msg)
{
	struct sipsec_integrity field;

	if (!sipsec_integrity_parse(buf, value.off, value.len, &field))
		return SIPSEC_WHY_INTEGRITY;
	switch (field.scope) {
	case SIPSEC_SCOPE_HOP:
		if (msg->has_hop)
			return SIPSEC_WHY_INTEGRITY_TWICE;
		msg->has_hop = true;
		msg->hop = field;
		msg->hop_value = value;
		break;
	case SIPSEC_SCOPE_E2E:
		if (msg->has_e2e)
			return SIPSEC_WHY_INTEGRITY_TWICE;
		msg->has_e2e = true;
		msg->e2e = field;
		break;
	}
	return SIPSEC_WHY_OK;
}

/* hop, its value and e2e are not looked at without their flags. */
static void clear(struct sipsec_msg *msg)
{
	const struct sipsec_span none = {};

	msg->start_len = 0;
	msg->body_off = 0;
	msg->nr_integrity = 0;
	msg->request = false;
	msg->status = 0;
	msg->method = none;
	msg->uri = none;
	msg->from = none;
	msg->to = none;
	msg->call_id = none;
	msg->cseq = none;
	msg->has_content_length = false;
	msg->content_length = 0;
	msg->has_hop = false;
	msg->has_e2e = false;
}

/* Header lines between sipsec_early's two calls: what memory takes, about. */
#define EARLY_LINES	4

static __always_inline enum sipsec_why parse(const u8 *buf, u32 len, u32 max, bool integrity,
					     const struct sipsec_early *early,
					     struct sipsec_msg *msg)
{
	/* in a register: what is behind a pointer is stored for each line */
	u32 lines = 0, later = U32_MAX;
	const u8 *end = buf + len, *p;
	struct sipsec_span value;
	/* slow: so that f can stay in registers */
	struct sipsec_field f, slow;
	enum sipsec_why why;

	clear(msg);
	if (len > max)
		return SIPSEC_WHY_SIZE;
	p = sipsec_find_eol(buf, end);
	if (!sipsec_crlf(p, end))
		return sipsec_eol_why(p, end);
	if (!sipsec_startline_parse(buf, p - buf, msg))
		return SIPSEC_WHY_START_LINE;
	p += 2;
	msg->start_len = p - buf;
	if (p < end && sipsec_octet_is(*p, SIPSEC_OCTET_WS))
		return SIPSEC_WHY_FIRST_FOLDED;

	for (f.follows = SIPSEC_FOLLOWS_ANY;;) {
		if (unlikely(f.follows != SIPSEC_FOLLOWS_FIELD) &&
		    (f.follows == SIPSEC_FOLLOWS_EMPTY || sipsec_crlf(p, end)))
			break;
		if (unlikely(!sipsec_field_glance(p, end, &f))) {
			if (!sipsec_field_read(p, end, &slow, &why))
				return why;
			f = slow;
		}
		lines += f.lines;
		if (lines > SIPSEC_MAX_HEADER_LINES)
			return SIPSEC_WHY_TOO_MANY_LINES;
		p = f.end + 2;
		if (unlikely(lines >= later)) {
			early->later(early->arg);
			later = U32_MAX;
		}

		if (f.is > SIPSEC_FIELD_INTEGRITY)
			continue;
		value = sipsec_field_value(buf, &f);
		if (f.is <= SIPSEC_FIELD_CSEQ) {
			why = take_once(&msg->once[f.is], value);
		} else if (f.is == SIPSEC_FIELD_CONTENT_LENGTH) {
			why = take_content_length(f.value, f.end, len, msg);
		} else {
			msg->nr_integrity++;
			if (!integrity)
				continue;
			why = take_integrity(buf, value, msg);
			if (early && !why && msg->has_hop) {
				early->seen(early->arg, msg->hop.spi);
				later = lines + EARLY_LINES;
			}
		}
		if (why)
			return why;
	}
	msg->nr_lines = lines;
	msg->body_off = p - buf + 2;
	if (msg->content_length > len - msg->body_off)
		return SIPSEC_WHY_CONTENT_LENGTH;
	return SIPSEC_WHY_OK;
}

enum sipsec_why sipsec_msg_parse(const u8 *buf, u32 len, u32 max, struct sipsec_msg *msg)
{
	return parse(buf, len, max, true, NULL, msg);
}

enum sipsec_why sipsec_msg_parse_out(const u8 *buf, u32 len, u32 max, struct sipsec_msg *msg)
{
	return parse(buf, len, max, false, NULL, msg);
}

bool sipsec_msg_next_hop_field(const u8 *buf, const struct sipsec_msg *msg, u32 *pos,
			       struct sipsec_span *line)
{
	/* as if the one that ends there had been read */
	struct sipsec_field f = { .end = buf + *pos - 2 };
	struct sipsec_integrity field;

	while (sipsec_field_next(buf, msg, &f)) {
		struct sipsec_span value = sipsec_field_value(buf, &f);

		if (f.is != SIPSEC_FIELD_INTEGRITY)
			continue;
		if (sipsec_integrity_parse(buf, value.off, value.len, &field) &&
		    field.scope != SIPSEC_SCOPE_HOP)
			continue;
		line->off = f.name - buf;
		*pos = f.end + 2 - buf;
		line->len = *pos - line->off;
		return true;
	}
	return false;
}

bool sipsec_msg_cseq_method(const u8 *buf, const struct sipsec_msg *msg,
			    struct sipsec_span *method)
{
	u32 end = msg->cseq.off + msg->cseq.len;
	u32 number, space, pos;

	number = sipsec_octet_skip(buf, msg->cseq.off, end, SIPSEC_OCTET_LWS);
	space = sipsec_octet_skip(buf, number, end, SIPSEC_OCTET_DIGIT);
	method->off = sipsec_octet_skip(buf, space, end, SIPSEC_OCTET_LWS);
	pos = sipsec_octet_skip(buf, method->off, end, SIPSEC_OCTET_TOKEN);
	method->len = pos - method->off;
	return space != number && method->off != space && method->len &&
	       sipsec_octet_skip(buf, pos, end, SIPSEC_OCTET_LWS) == end;
}

enum sipsec_class sipsec_look(const u8 *buf, u32 len, const struct sipsec_look *look,
			      struct sipsec_msg *msg, enum sipsec_why *why)
{
	*why = SIPSEC_WHY_OK;
	if (sipsec_is_keepalive(buf, len) ||
	    (look->stun_request && sipsec_is_stun_binding(buf, len, false)) ||
	    (look->stun_response && sipsec_is_stun_binding(buf, len, true)))
		return SIPSEC_CLASS_KEEPALIVE;

	if (buf[0] >= SIPSEC_SIGCOMP_FIRST) {
		switch (sipsec_shim_probe(buf, len)) {
		case SIPSEC_SHIM_NONE:
			return SIPSEC_CLASS_COMPRESSED;
		case SIPSEC_SHIM_MALFORMED:
			*why = SIPSEC_WHY_SHIM;
			return SIPSEC_CLASS_MALFORMED;
		case SIPSEC_SHIM_OK:
			break;
		}
		if (len <= look->max)
			return SIPSEC_CLASS_COMPRESSED;
		*why = SIPSEC_WHY_SIZE;
		return SIPSEC_CLASS_MALFORMED;
	}

	*why = parse(buf, len, look->max, true, look->early, msg);
	if (*why)
		return SIPSEC_CLASS_MALFORMED;
	return msg->has_hop ? SIPSEC_CLASS_NONE : SIPSEC_CLASS_UNPROTECTED;
}
