// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "limits.h"
#include "reference.h"
#include "sipmsg.h"

static bool text_at(const u8 *buf, struct ref_part p, const char *text)
{
	return p.len == strlen(text) && !memcmp(buf + p.off, text, p.len);
}

static bool is_version(const u8 *buf, struct ref_part p)
{
	return p.len == 7 && !strncasecmp((const char *)buf + p.off, "SIP", 3) &&
	       text_at(buf, (struct ref_part){ p.off + 3, 4 }, "/2.0");
}

/* One line from at: without its CRLF.  False: there is no good one. */
static bool read_line(const u8 *buf, u32 len, u32 at, struct ref_part *line)
{
	u32 i;

	for (i = at; i < len; i++) {
		if (buf[i] == '\0' || buf[i] == '\n')
			return false;
		if (buf[i] == '\r') {
			*line = (struct ref_part){ at, i - at };
			return i + 1 < len && buf[i + 1] == '\n';
		}
	}
	return false;
}

/* What stands before the first SP in p; p becomes what is behind it. */
static bool before_space(const u8 *buf, struct ref_part *p, struct ref_part *word)
{
	u32 i;

	for (i = 0; i < p->len; i++) {
		if (buf[p->off + i] == ' ') {
			*word = (struct ref_part){ p->off, i };
			p->off += i + 1;
			p->len -= i + 1;
			return true;
		}
	}
	return false;
}

static bool start_line(const u8 *buf, struct ref_part line, struct ref_msg *msg)
{
	struct ref_part first, second;
	u32 i;

	if (!before_space(buf, &line, &first) || !before_space(buf, &line, &second))
		return false;
	if (is_version(buf, first)) {
		if (second.len != 3)
			return false;
		for (i = 0; i < 3; i++) {
			if (!isdigit(buf[second.off + i]))
				return false;
			msg->status = msg->status * 10 + (buf[second.off + i] - '0');
		}
		return true;
	}
	msg->request = true;
	msg->method = first;
	msg->uri = second;
	for (i = 0; i < second.len; i++)
		if (buf[second.off + i] <= 0x20 || buf[second.off + i] == 0x7f)
			return false;
	return ref_is_token(buf, first) && second.len && is_version(buf, line);
}

static bool name_is(const u8 *buf, struct ref_part name, const char *full, const char *compact)
{
	return (name.len == strlen(full) &&
		!strncasecmp((const char *)buf + name.off, full, name.len)) ||
	       (compact && name.len == 1 && tolower(buf[name.off]) == compact[0]);
}

static bool is_lws(u8 c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct ref_part trim_lws(const u8 *buf, struct ref_part p)
{
	while (p.len && is_lws(buf[p.off])) {
		p.off++;
		p.len--;
	}
	while (p.len && is_lws(buf[p.off + p.len - 1]))
		p.len--;
	return p;
}

/* Its number; more than 9 digits that count is more than any message has. */
static bool content_length(const u8 *buf, struct ref_part value, u32 *number)
{
	u64 n = 0;
	u32 i;

	value = trim_lws(buf, value);
	for (i = 0; i < value.len; i++) {
		if (!isdigit(buf[value.off + i]))
			return false;
		if (n < 1000000000)
			n = n * 10 + (buf[value.off + i] - '0');
	}
	*number = n > 0xffffffff ? 0xffffffff : n;
	return value.len;
}

static bool once(struct ref_part *where, struct ref_part value)
{
	if (where->off)
		return false;
	*where = value;
	return true;
}

static bool take_integrity(const u8 *buf, struct ref_part line, struct ref_part value,
			   bool leaving, struct ref_msg *msg)
{
	struct ref_integrity field;
	bool good = ref_integrity(buf, value, &field);

	msg->nr_integrity++;
	if (!good || field.scope == REF_HOP)
		msg->removed[msg->nr_removed++] = line;
	if (leaving)
		return true;
	if (!good)
		return false;
	if (field.scope == REF_HOP) {
		if (msg->has_hop)
			return false;
		msg->has_hop = true;
		msg->hop = field;
	} else if (field.scope == REF_E2E) {
		if (msg->has_e2e)
			return false;
		msg->has_e2e = true;
		msg->e2e = field;
	}
	return true;
}

/* A field: its lines with the CRLFs between and behind them. */
static bool take_field(const u8 *buf, struct ref_part lines, bool leaving, struct ref_msg *msg)
{
	struct ref_part name = { lines.off, 0 }, value;
	u32 i = 0;

	while (i < lines.len && buf[lines.off + i] != ':')
		i++;
	if (i == lines.len)
		return false;
	name.len = i;
	while (name.len && (buf[name.off + name.len - 1] == ' ' ||
			    buf[name.off + name.len - 1] == '\t'))
		name.len--;
	if (!ref_is_token(buf, name))
		return false;
	value = (struct ref_part){ lines.off + i + 1, lines.len - i - 1 - 2 };
	if (name_is(buf, name, "From", "f"))
		return once(&msg->from, value);
	if (name_is(buf, name, "To", "t"))
		return once(&msg->to, value);
	if (name_is(buf, name, "Call-ID", "i"))
		return once(&msg->call_id, value);
	if (name_is(buf, name, "CSeq", NULL))
		return once(&msg->cseq, value);
	if (name_is(buf, name, "Content-Length", "l")) {
		if (msg->has_length)
			return false;
		msg->has_length = true;
		return content_length(buf, value, &msg->length);
	}
	if (name_is(buf, name, "Integrity", "g"))
		return take_integrity(buf, lines, value, leaving, msg);
	return true;
}

bool ref_parse(const u8 *buf, u32 len, u32 max, bool leaving, struct ref_msg *msg)
{
	struct ref_part line, field = { 0, 0 };
	u32 at;

	memset(msg, 0, offsetof(struct ref_msg, removed));
	if (len > max || !read_line(buf, len, 0, &line) || !start_line(buf, line, msg))
		return false;
	at = line.len + 2;
	msg->start_len = at;
	for (;;) {
		if (!read_line(buf, len, at, &line))
			return false;
		at += line.len + 2;
		if (line.len && (buf[line.off] == ' ' || buf[line.off] == '\t')) {
			if (!field.len)
				return false;
			field.len += line.len + 2;
		} else {
			if (field.len && !take_field(buf, field, leaving, msg))
				return false;
			field = (struct ref_part){ line.off, line.len + 2 };
		}
		if (!line.len)
			break;
		if (++msg->lines > 256)
			return false;
	}
	msg->body_off = at;
	return !msg->has_length || msg->length <= len - at;
}

bool ref_cseq_method(const u8 *buf, struct ref_part cseq, struct ref_part *method)
{
	u32 digits = 0, space;

	cseq = trim_lws(buf, cseq);
	while (digits < cseq.len && isdigit(buf[cseq.off + digits]))
		digits++;
	for (space = digits; space < cseq.len && is_lws(buf[cseq.off + space]);)
		space++;
	*method = (struct ref_part){ cseq.off + space, cseq.len - space };
	return digits && space > digits && ref_is_token(buf, *method);
}

/* Type and cookie of RFC 5389, the length that clause 8 asks for. */
static bool is_stun(const u8 *buf, u32 len, const char *type)
{
	return len >= 20 && len <= 64 && len % 4 == 0 && !memcmp(buf, type, 2) && buf[2] == 0 &&
	       buf[3] == len - 20 && !memcmp(buf + 4, "\x21\x12\xa4\x42", 4);
}

int ref_class(const u8 *buf, u32 len, u32 max, bool stun_request,
	      bool stun_response, struct ref_msg *msg)
{
	u32 i, n;

	for (i = 0; i < len && (buf[i] == '\r' || buf[i] == '\n' || buf[i] == '\0'); i++)
		;
	if (i == len && len <= 64)
		return 1;
	if (stun_request && is_stun(buf, len, "\x00\x01"))
		return 1;
	if (stun_response && (is_stun(buf, len, "\x01\x01") || is_stun(buf, len, "\x01\x11")))
		return 1;
	if (buf[0] >= 0xf8) {
		/* T, a long item that is not empty, 'I' */
		if (buf[0] < 0xfc || len < 3 || buf[1] < 0x81 || buf[2] != 'I')
			return 2;
		n = buf[1] - 0x80;
		if (n != 14 + 4 && n != 14 + 12 && n != 14 + 16)
			return 3;
		return len < 2 + n || buf[3] != 1 || len > max ? 3 : 2;
	}
	if (!ref_parse(buf, len, max, false, msg))
		return 3;
	return msg->has_hop ? -1 : 4;
}

static bool differ(const char *what, u64 core, u64 reference)
{
	if (core != reference)
		printf("# %s: core %llu, reference %llu\n", what, (unsigned long long)core,
		       (unsigned long long)reference);
	return core != reference;
}

static bool differ_part(const char *what, struct sipsec_span core, struct ref_part reference)
{
	return differ(what, core.off, reference.off) || differ(what, core.len, reference.len);
}

static bool differ_integrity(const char *what, const struct sipsec_integrity *core,
			     const struct ref_integrity *reference)
{
	return differ(what, core->spi, reference->spi) || differ(what, core->seq, reference->seq) ||
	       differ(what, core->mac_off, reference->mac.off) ||
	       differ(what, core->mac_chars, reference->mac.len);
}

static bool differ_msg(const u8 *buf, const struct sipsec_msg *core, const struct ref_msg *ref)
{
	struct ref_part ref_method;
	struct sipsec_span method;
	bool has;

	if (differ("request", core->request, ref->request) ||
	    differ("status", core->status, ref->status) ||
	    differ_part("method", core->method, ref->method) ||
	    differ_part("uri", core->uri, ref->uri) ||
	    differ_part("from", core->from, ref->from) ||
	    differ_part("to", core->to, ref->to) ||
	    differ_part("call-id", core->call_id, ref->call_id) ||
	    differ_part("cseq", core->cseq, ref->cseq) ||
	    differ("start_len", core->start_len, ref->start_len) ||
	    differ("body_off", core->body_off, ref->body_off) ||
	    differ("lines", core->nr_lines, ref->lines) ||
	    differ("has length", core->has_content_length, ref->has_length) ||
	    differ("length", core->content_length, ref->length) ||
	    differ("integrity fields", core->nr_integrity, ref->nr_integrity))
		return true;
	if (!core->cseq.off)
		return false;
	has = ref_cseq_method(buf, ref->cseq, &ref_method);
	return differ("cseq has method", sipsec_msg_cseq_method(buf, core, &method), has) ||
	       (has && differ_part("cseq method", method, ref_method));
}

bool ref_agrees(const u8 *buf, u32 len)
{
	const struct sipsec_look look = {
		.max = SIPSEC_MAX_SIZE_DEFAULT,
		.stun_request = true,
		.stun_response = true,
	};
	static struct ref_msg ref;
	struct sipsec_msg msg;
	struct sipsec_span line;
	enum sipsec_why why;
	unsigned int i;
	int class, want;
	u32 pos;

	class = sipsec_look(buf, len, &look, &msg, &why);
	if (class == SIPSEC_CLASS_NONE)
		class = -1;
	want = ref_class(buf, len, look.max, true, true, &ref);
	if (differ("class", class, want) ||
	    differ("why", why != SIPSEC_WHY_OK, class == SIPSEC_CLASS_MALFORMED))
		return false;
	if (class == -1 || class == SIPSEC_CLASS_UNPROTECTED) {
		if (differ_msg(buf, &msg, &ref) || differ("hop", msg.has_hop, ref.has_hop) ||
		    differ("e2e", msg.has_e2e, ref.has_e2e) ||
		    (ref.has_hop && differ_integrity("hop", &msg.hop, &ref.hop)) ||
		    (ref.has_e2e && differ_integrity("e2e", &msg.e2e, &ref.e2e)))
			return false;
	}

	why = sipsec_msg_parse_out(buf, len, look.max, &msg);
	if (differ("leaving", why == SIPSEC_WHY_OK, ref_parse(buf, len, look.max, true, &ref)))
		return false;
	if (why)
		return true;
	if (differ_msg(buf, &msg, &ref) || differ("hop", msg.has_hop || msg.has_e2e, false))
		return false;
	pos = msg.start_len;
	for (i = 0; sipsec_msg_next_hop_field(buf, &msg, &pos, &line); i++)
		if (i >= ref.nr_removed || differ_part("removed", line, ref.removed[i]))
			return false;
	return !differ("removed fields", i, ref.nr_removed);
}
