// SPDX-License-Identifier: GPL-2.0
/*
 * Our reading of a message beside that of libosip2, sofia-sip and Kamailio.  Where we take a
 * datagram for well-formed and they see another message in it, what was verified is
 * not what the program acts on: each such difference is a finding.  What they
 * refuse is no matter, nor what we refuse.
 *
 * With OTHERS_REPORT it goes on after a difference, and names each kind once.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "fuzz.h"
#include "identity.h"
#include "octet.h"
#include "others.h"
#include "sipmsg.h"

void text_set(struct text *t, const void *octets, size_t len)
{
	const char *p = octets;

	t->len = 0;
	for (size_t i = 0; i < len && t->len < OTHERS_TEXT; i++)
		if (!strchr(" \t\r\n", p[i]) && p[i])
			t->octets[t->len++] = p[i];
	t->there = true;
}

void text_string(struct text *t, const char *string)
{
	if (string)
		text_set(t, string, strlen(string));
}

static bool text_equal(const struct text *a, const struct text *b)
{
	return a->there == b->there && a->len == b->len && !memcmp(a->octets, b->octets, a->len);
}

struct parser {
	const char *name;
	bool (*read)(const uint8_t *buf, size_t len, struct reading *r);
	void (*done)(struct reading *r);
	bool (*value)(char what, const uint8_t *value, size_t len, struct text *t);
};

static const struct parser parsers[] = {
	{ "osip", osip_read, osip_done, osip_value },
	{ "sofia", sofia_read, sofia_done, sofia_value },
	{ "kamailio", kamailio_read, kamailio_done, kamailio_value },
};

/*
 * Differences that are known and do no harm, or not by us: docs/security.md tells
 * of each.
 */
static const struct {
	const char *parser;
	const char *what;
} known[] = {
	{ NULL, NULL },
};

static void differs(const struct parser *p, const char *what, const uint8_t *buf, size_t len)
{
	static const char *told[32];
	unsigned int i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].parser && !strcmp(known[i].parser, p->name) &&
		    !strcmp(known[i].what, what))
			return;
	if (!getenv("OTHERS_REPORT"))
		must(false, "%s differs: %s", p->name, what);
	for (i = 0; i + 1 < 32 && told[i]; i += 2)
		if (!strcmp(told[i], p->name) && !strcmp(told[i + 1], what))
			return;
	if (i + 1 >= 32)
		return;
	told[i] = p->name;
	told[i + 1] = what;
	fprintf(stderr, "=== %s: %s\n", p->name, what);
	fwrite(buf, 1, len, stderr);
	fprintf(stderr, "\n===\n");
}

static void show(const char *what, const struct text *t)
{
	if (getenv("OTHERS_REPORT") && t->there)
		fprintf(stderr, "%s: %.*s\n", what, (int)t->len, t->octets);
}

/* The value with a space for each octet of a line's end and of what begins the next one. */
static uint8_t *unfolded(const uint8_t *value, size_t len)
{
	uint8_t *copy = fuzz_exact(value, len);
	bool white = false;
	size_t i;

	for (i = 0; i < len; i++) {
		white = copy[i] == '\r' || (white && memchr("\n \t", copy[i], 3));
		if (white)
			copy[i] = ' ';
	}
	return copy;
}

/*
 * A value's parser may refuse what it takes as part of a message and keep nothing of it.
 * libosip2 puts a message's lines together first.
 */
static bool same_value(const struct parser *p, char what, const uint8_t *buf,
		       struct sipsec_span span, const struct text *theirs)
{
	struct text ours = { 0 };
	uint8_t *value;
	bool same;

	if (!span.off)
		return !theirs->there;
	if (!theirs->there)
		return true;
	value = unfolded(buf + span.off, span.len);
	same = p->value(what, value, span.len, &ours) && text_equal(&ours, theirs);
	free(value);
	return same;
}

static bool same_cseq(const uint8_t *buf, const struct sipsec_msg *m, const struct reading *r)
{
	struct sipsec_span method;
	struct text text = { 0 };
	u32 i, digits;

	if (!r->cseq_method.len)
		return true;
	if (!m->cseq.off)
		return false;
	if (!sipsec_msg_cseq_method(buf, m, &method))
		return true;	/* nothing is done by a CSeq that does not parse */
	text_set(&text, buf + method.off, method.len);
	if (!text_equal(&text, &r->cseq_method))
		return false;
	i = sipsec_octet_skip(buf, m->cseq.off, method.off, SIPSEC_OCTET_LWS);
	digits = sipsec_octet_skip(buf, i, method.off, SIPSEC_OCTET_DIGIT) - i;
	/* sofia has them as a number, osip as written */
	return digits > 9 || strtoul((const char *)buf + i, NULL, 10) ==
	       strtoul(r->cseq_number.octets, NULL, 10);
}

static void compare(const struct parser *p, const uint8_t *buf, size_t len,
		    const struct sipsec_msg *m, struct reading *r)
{
	size_t body = m->has_content_length ? m->content_length : len - m->body_off;
	struct text text = { 0 };

	r->cseq_number.octets[OTHERS_TEXT - 1] = '\0';
	if (m->request != r->request)
		return differs(p, "kind", buf, len);
	if (m->request) {
		text_set(&text, buf + m->method.off, m->method.len);
		if (!text_equal(&text, &r->method))
			differs(p, "method", buf, len);
	} else if (m->status != r->status) {
		differs(p, "status", buf, len);
	}
	if (!same_value(p, 'f', buf, m->from, &r->from))
		differs(p, "From", buf, len);
	if (!same_value(p, 'f', buf, m->to, &r->to))
		differs(p, "To", buf, len);
	if (!same_value(p, 'i', buf, m->call_id, &r->call_id))
		differs(p, "Call-ID", buf, len);
	if (!same_cseq(buf, m, r))
		differs(p, "CSeq", buf, len);
	/* some give one to a message that has none: 0, or its body's */
	if (r->has_length && r->length != body && (r->length || m->has_content_length))
		differs(p, "Content-Length", buf, len);
	if (r->has_body && r->body_len &&
	    (r->body_len != body || memcmp(r->body, buf + m->body_off, body)))
		differs(p, "body", buf, len);
	if (r->nr_integrity != m->nr_integrity)
		differs(p, "Integrity", buf, len);
}

#define STR(text)	{ (const u8 *)(text), sizeof(text) - 1 }

static const struct sipsec_identity_set alice = {
	.impi = STR("alice@ims.example"),
	.nr = 2,
	.impu = { STR("sip:alice@ims.example"), STR("tel:+15551234") },
};

static bool is_text(const struct text *t, const char *want)
{
	return t->len == strlen(want) && !strncasecmp(t->octets, want, t->len);
}

/* Without escapes and quotes; visual separators as they are. */
static void plain(struct text *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->len; i++) {
		char c = t->octets[i];

		if (c == '%' && i + 2 < t->len && isxdigit(t->octets[i + 1]) &&
		    isxdigit(t->octets[i + 2])) {
			c = sipsec_octet_hex(t->octets[i + 1]) << 4 |
			    sipsec_octet_hex(t->octets[i + 2]);
			i += 2;
		}
		if (c != '"')
			t->octets[n++] = c;
	}
	t->len = n;
}

/* What clause 11 lets pass is Alice's to them too. */
static void compare_identity(const struct parser *p, const uint8_t *buf, size_t len,
			     const struct sipsec_msg *m, struct reading *r)
{
	bool registers = is_text(&r->method, "register");
	unsigned int i;

	if (!m->request || sipsec_identity_check(buf, m, &alice))
		return;
	if (is_text(&r->method, "ack") || is_text(&r->method, "cancel"))
		return;
	plain(&r->from_user);
	if (r->from.there && (!r->has_to_tag || registers) && r->from_user.there) {
		bool is_alice = is_text(&r->from_user, "alice") &&
				is_text(&r->from_host, "ims.example");
		bool is_tel = r->from_user.octets[0] == '+' || memchr(r->from_user.octets, '1', 3);

		if (!is_alice && !is_tel && !is_text(&r->from_user, "anonymous"))
			differs(p, "identity: From", buf, len);
	}
	if (r->has_to_tag && !registers)
		return;
	for (i = 0; i < r->nr_usernames; i++) {
		plain(&r->username[i]);
		if (!is_text(&r->username[i], "alice@ims.example"))
			differs(p, "identity: username", buf, len);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct reading r;
	struct sipsec_msg m;
	unsigned int i;

	if (size > 16384 || sipsec_msg_parse_out(data, size, 16384, &m))
		return 0;
	for (i = 0; i < sizeof(parsers) / sizeof(*parsers); i++) {
		memset(&r, 0, sizeof(r));
		if (!parsers[i].read(data, size, &r))
			continue;
		if (getenv("OTHERS_SHOW")) {
			fprintf(stderr, "--- %s\n", parsers[i].name);
			show("method", &r.method);
			show("From", &r.from);
			show("To", &r.to);
			show("Call-ID", &r.call_id);
			show("CSeq", &r.cseq_number);
			show("CSeq", &r.cseq_method);
			fprintf(stderr, "Integrity %u, body %zu\n", r.nr_integrity, r.body_len);
		}
		compare(&parsers[i], data, size, &m, &r);
		compare_identity(&parsers[i], data, size, &m, &r);
		parsers[i].done(&r);
	}
	return 0;
}
