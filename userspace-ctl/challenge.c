// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <string.h>

#include "challenge.h"
#include "core/digest.h"
#include "core/limits.h"
#include "hex.h"
#include "lex.h"

/* RAND and AUTN, the front of the decoded nonce (RFC 3310, 3.2). */
#define NONCE_MIN	32

static const char *const texts[] = {
	[0] = "no error",
	[-CHALLENGE_E_MESSAGE] = "message: not well-formed SIP",
	[-CHALLENGE_E_STATUS] = "status: not a 401 response",
	[-CHALLENGE_E_CSEQ] = "cseq: missing, or its method is not REGISTER",
	[-CHALLENGE_E_CALL_ID] = "call-id: missing, or not of visible characters",
	[-CHALLENGE_E_FROM] = "from: missing, or without a URI",
	[-CHALLENGE_E_TO] = "to: missing, or without a URI",
	[-CHALLENGE_E_MISSING] = "www-authenticate: no Digest challenge",
	[-CHALLENGE_E_SYNTAX] = "www-authenticate: not well-formed",
	[-CHALLENGE_E_TWO] = "www-authenticate: two AKA challenges that differ",
	[-CHALLENGE_E_MANY] = "www-authenticate: too many challenges with keys",
	[-CHALLENGE_E_ALGORITHM_MISSING] = "algorithm: missing",
	[-CHALLENGE_E_ALGORITHM_TWICE] = "algorithm: given twice",
	[-CHALLENGE_E_ALGORITHM] = "algorithm: not one of AKAv1 or AKAv2",
	[-CHALLENGE_E_REALM_MISSING] = "realm: missing",
	[-CHALLENGE_E_REALM_TWICE] = "realm: given twice",
	[-CHALLENGE_E_NONCE_MISSING] = "nonce: missing",
	[-CHALLENGE_E_NONCE_TWICE] = "nonce: given twice",
	[-CHALLENGE_E_NONCE] = "nonce: not base64 of RAND and AUTN, 32 octets or more",
	[-CHALLENGE_E_CK_MISSING] = "ck: missing",
	[-CHALLENGE_E_CK_TWICE] = "ck: given twice",
	[-CHALLENGE_E_CK] = "ck: must be 32 or 64 hexadecimal digits",
	[-CHALLENGE_E_IK_MISSING] = "ik: missing",
	[-CHALLENGE_E_IK_TWICE] = "ik: given twice",
	[-CHALLENGE_E_IK] = "ik: must be 32 or 64 hexadecimal digits",
	[-CHALLENGE_E_ROOM] = "message: does not fit the buffer",
	[-CHALLENGE_E_USERNAME] = "impi: the username of Authorization cannot be read",
	[-CHALLENGE_E_SERVER] = "security-server: there is one already",
};

/* The parameters that matter here, and what is wrong with none or two of them. */
enum param {
	PARAM_ALGORITHM,
	PARAM_REALM,
	PARAM_NONCE,
	PARAM_CK,
	PARAM_IK,
	NR_PARAMS,
	PARAM_OTHER = NR_PARAMS,
};

static const struct {
	const char *name;
	int missing;
	int twice;
} params[NR_PARAMS] = {
	[PARAM_ALGORITHM] = { "algorithm", CHALLENGE_E_ALGORITHM_MISSING,
			      CHALLENGE_E_ALGORITHM_TWICE },
	[PARAM_REALM] = { "realm", CHALLENGE_E_REALM_MISSING, CHALLENGE_E_REALM_TWICE },
	[PARAM_NONCE] = { "nonce", CHALLENGE_E_NONCE_MISSING, CHALLENGE_E_NONCE_TWICE },
	[PARAM_CK] = { "ck", CHALLENGE_E_CK_MISSING, CHALLENGE_E_CK_TWICE },
	[PARAM_IK] = { "ik", CHALLENGE_E_IK_MISSING, CHALLENGE_E_IK_TWICE },
};

/* One Digest challenge. */
struct digest {
	bool has[NR_PARAMS];
	struct sipsec_span value[NR_PARAMS];
	unsigned int nr_cuts;
	struct sipsec_span cuts[2];	/* ck and ik, each at most once */
};

const char *challenge_strerror(int err)
{
	if (err > 0 || err <= -(int)(sizeof(texts) / sizeof(*texts)))
		return "unknown error";
	return texts[-err];
}

void challenge_wipe(struct challenge *c)
{
	explicit_bzero(c, sizeof(*c));
}

/*
 * The values
 */

static int base64_digit(uint8_t o)
{
	if (o >= 'A' && o <= 'Z')
		return o - 'A';
	if (o >= 'a' && o <= 'z')
		return o - 'a' + 26;
	if (o >= '0' && o <= '9')
		return o - '0' + 52;
	if (o == '+')
		return 62;
	return o == '/' ? 63 : -1;
}

/*
 * RFC 4648 clause 4 with its padding.  The first octets go to out, which has
 * room for size; returns how many there are in all, or -1.
 */
static long base64_decode(const uint8_t *text, uint32_t len, uint8_t *out, size_t size)
{
	uint32_t bits = 0, pad = 0, i;
	size_t n = 0;

	if (len % 4)
		return -1;
	while (pad < 2 && pad < len && text[len - 1 - pad] == '=')
		pad++;
	for (i = 0; i < len - pad; i++) {
		int digit = base64_digit(text[i]);

		if (digit < 0)
			return -1;
		bits = bits << 6 | digit;
		if (i % 4) {
			unsigned int left = 6 - 2 * (i % 4);

			if (n < size)
				out[n] = bits >> left;
			n++;
			bits &= (1U << left) - 1;
		}
	}
	/* What the last digit holds beyond the last octet must be zero. */
	return bits ? -1 : (long)n;
}

static int read_nonce(const uint8_t *msg, const struct sipsec_span *s, struct challenge *c)
{
	uint8_t front[NONCE_MIN];

	if (base64_decode(msg + s->off, s->len, front, sizeof(front)) < NONCE_MIN)
		return CHALLENGE_E_NONCE;
	memcpy(c->rand, front, sizeof(c->rand));
	memcpy(c->autn, front + sizeof(c->rand), sizeof(c->autn));
	return 0;
}

static bool read_key(const uint8_t *msg, const struct sipsec_span *s, uint8_t key[32],
		     uint8_t *key_len)
{
	size_t len;

	if (s->len != 32 && s->len != 64)
		return false;
	if (hex_decode((const char *)msg + s->off, s->len, key, 32, &len))
		return false;
	*key_len = len;
	return true;
}

/* AKAv1 or AKAv2 over one of the digests of RFC 3310 and RFC 8760; 0: neither. */
static unsigned int aka_version(const uint8_t *msg, const struct sipsec_span *s)
{
	static const char *const digests[] = {
		"md5", "md5-sess", "sha-256", "sha-256-sess", "sha-512-256",
		"sha-512-256-sess",
	};
	const uint8_t *p = msg + s->off;
	unsigned int version;
	size_t i;

	if (s->len < 6)
		return 0;
	if (lex_text_is(p, 6, "akav1-"))
		version = 1;
	else if (lex_text_is(p, 6, "akav2-"))
		version = 2;
	else
		return 0;
	for (i = 0; i < sizeof(digests) / sizeof(*digests); i++)
		if (lex_text_is(p + 6, s->len - 6, digests[i]))
			return version;
	return 0;
}

/*
 * One WWW-Authenticate field
 */

static enum param which_param(const uint8_t *msg, const struct sipsec_span *name)
{
	int i;

	for (i = 0; i < NR_PARAMS; i++)
		if (lex_same(msg, name, params[i].name))
			return i;
	return PARAM_OTHER;
}

static void add_cut(struct digest *d, uint32_t from, uint32_t to)
{
	struct sipsec_span *last = d->nr_cuts ? &d->cuts[d->nr_cuts - 1] : NULL;

	if (last && last->off + last->len == from) {
		last->len += to - from;
		return;
	}
	d->cuts[d->nr_cuts].off = from;
	d->cuts[d->nr_cuts].len = to - from;
	d->nr_cuts++;
}

static int read_param(struct cursor *c, struct digest *d, enum param *which)
{
	struct sipsec_span name, value;

	if (!lex_token(c, &name))
		return CHALLENGE_E_SYNTAX;
	lex_skip_space(c);
	if (!lex_octet(c, '='))
		return CHALLENGE_E_SYNTAX;
	lex_skip_space(c);
	if (!lex_quoted(c, &value) && !lex_token(c, &value))
		return CHALLENGE_E_SYNTAX;

	*which = which_param(c->msg, &name);
	if (*which == PARAM_OTHER)
		return 0;
	if (d->has[*which])
		return params[*which].twice;
	d->has[*which] = true;
	d->value[*which] = value;
	return 0;
}

/*
 * The parameters of a Digest challenge.  A key is cut together with the comma
 * before it; with the comma behind it where no parameter that stays is before.
 */
static int read_params(struct cursor *c, struct digest *d)
{
	bool kept = false;		/* a parameter that stays has been read */
	uint32_t front = 0;		/* where keys before all others begin; 0: none */
	uint32_t last_end = 0;		/* of the parameter before */

	for (;;) {
		uint32_t start = c->pos;
		enum param which;
		int err;

		err = read_param(c, d, &which);
		if (err)
			return err;
		if (which != PARAM_CK && which != PARAM_IK) {
			if (!kept && front)
				add_cut(d, front, start);
			kept = true;
		} else if (kept) {
			add_cut(d, last_end, c->pos);
		} else if (!front) {
			front = start;
		}
		last_end = c->pos;

		lex_skip_space(c);
		if (lex_end(c))
			return 0;
		if (!lex_octet(c, ','))
			return CHALLENGE_E_SYNTAX;
		lex_skip_space(c);
	}
}

/* What an AKA challenge says, into a struct challenge of its own. */
static int read_aka(const uint8_t *msg, const struct digest *d, unsigned int version,
		    struct challenge *c)
{
	int i;

	for (i = 0; i < NR_PARAMS; i++)
		if (!d->has[i])
			return params[i].missing;
	c->aka_version = version;
	c->algorithm = d->value[PARAM_ALGORITHM];
	c->realm = d->value[PARAM_REALM];
	if (read_nonce(msg, &d->value[PARAM_NONCE], c))
		return CHALLENGE_E_NONCE;
	if (!read_key(msg, &d->value[PARAM_CK], c->ck, &c->ck_len))
		return CHALLENGE_E_CK;
	if (!read_key(msg, &d->value[PARAM_IK], c->ik, &c->ik_len))
		return CHALLENGE_E_IK;
	return 0;
}

/* Take one's description, or see that another says the same. */
static int merge(struct challenge *c, const struct challenge *one, const struct digest *d)
{
	unsigned int i;

	if (!c->aka_version) {
		*c = *one;
	} else if (c->ck_len != one->ck_len || c->ik_len != one->ik_len ||
		   memcmp(c->rand, one->rand, sizeof(c->rand)) ||
		   memcmp(c->autn, one->autn, sizeof(c->autn)) ||
		   memcmp(c->ck, one->ck, sizeof(c->ck)) ||
		   memcmp(c->ik, one->ik, sizeof(c->ik))) {
		return CHALLENGE_E_TWO;
	}
	for (i = 0; i < d->nr_cuts; i++) {
		if (c->nr_cuts == CHALLENGE_MAX_CUTS)
			return CHALLENGE_E_MANY;
		c->cuts[c->nr_cuts++] = d->cuts[i];
	}
	return 0;
}

/*
 * Read one field's value; *other is why a Digest challenge is none of AKA,
 * for the case that no other one is.
 */
static int read_field(struct cursor *c, struct challenge *all, int *other)
{
	struct challenge one = { 0 };
	struct digest d = { .nr_cuts = 0 };
	struct sipsec_span scheme;
	unsigned int version = 0;
	int err;

	lex_skip_space(c);
	if (!lex_token(c, &scheme))
		return CHALLENGE_E_SYNTAX;
	if (!lex_same(c->msg, &scheme, "digest"))
		return 0;
	if (lex_end(c) || !lex_is_space(c->msg[c->pos]))
		return CHALLENGE_E_SYNTAX;
	lex_skip_space(c);
	err = read_params(c, &d);
	if (err)
		return err;

	if (d.has[PARAM_ALGORITHM])
		version = aka_version(c->msg, &d.value[PARAM_ALGORITHM]);
	if (!version) {
		*other = d.has[PARAM_ALGORITHM] ? CHALLENGE_E_ALGORITHM :
						  CHALLENGE_E_ALGORITHM_MISSING;
		/* Keys beside what is no AKA would pass to the UE: not this way. */
		return d.has[PARAM_CK] || d.has[PARAM_IK] ? *other : 0;
	}

	err = read_aka(c->msg, &d, version, &one);
	if (!err)
		err = merge(all, &one, &d);
	challenge_wipe(&one);
	return err;
}

/*
 * The message
 */

static int read_fields(const uint8_t *msg, const struct sipsec_msg *m, struct challenge *c)
{
	uint32_t pos = m->start_len;
	int other = CHALLENGE_E_MISSING;
	struct sipsec_span name;
	struct cursor value;
	int err = 0;

	while (!err && lex_next_field(msg, m, &pos, &name, &value))
		if (lex_same(msg, &name, "www-authenticate"))
			err = read_field(&value, c, &other);
		else if (lex_same(msg, &name, "security-server"))
			err = CHALLENGE_E_SERVER;
	if (!err && !c->aka_version)
		err = other;
	return err;
}

/* Call-ID and URIs are of these alone; whoever prints one may rely on it. */
static bool is_visible(const uint8_t *msg, const struct sipsec_span *s)
{
	uint32_t i;

	for (i = 0; i < s->len; i++)
		if (msg[s->off + i] <= ' ' || msg[s->off + i] >= 0x7f)
			return false;
	return s->len;
}

static bool trimmed(const uint8_t *msg, const struct sipsec_span *value, struct sipsec_span *s)
{
	struct cursor c = { msg, value->off, value->off + value->len };

	lex_skip_space(&c);
	while (!lex_end(&c) && lex_is_space(msg[c.end - 1]))
		c.end--;
	s->off = c.pos;
	s->len = c.end - c.pos;
	return is_visible(msg, s);
}

/* The URI of a From or To: name-addr or addr-spec (RFC 3261, 20.10). */
static bool read_uri(const uint8_t *msg, const struct sipsec_span *value, struct sipsec_span *s)
{
	struct cursor c = { msg, value->off, value->off + value->len };
	struct sipsec_span quoted;
	uint32_t start;

	lex_skip_space(&c);
	start = c.pos;
	while (!lex_end(&c) && msg[c.pos] != '<') {
		if (msg[c.pos] != '"')
			c.pos++;
		else if (!lex_quoted(&c, &quoted))
			return false;
	}
	if (lex_octet(&c, '<')) {
		s->off = c.pos;
		while (!lex_end(&c) && msg[c.pos] != '>')
			c.pos++;
		if (lex_end(&c))
			return false;
	} else {
		c.pos = start;
		s->off = start;
		while (!lex_end(&c) && msg[c.pos] != ';' && !lex_is_space(msg[c.pos]))
			c.pos++;
	}
	s->len = c.pos - s->off;
	return is_visible(msg, s);
}

static int read_message(const uint8_t *msg, size_t len, struct challenge *c)
{
	struct sipsec_span method;
	struct sipsec_msg m;
	int err;

	if (len > SIPSEC_MAX_SIZE_CAP ||
	    sipsec_msg_parse_out(msg, len, SIPSEC_MAX_SIZE_CAP, &m) != SIPSEC_WHY_OK)
		return CHALLENGE_E_MESSAGE;
	if (m.request || m.status != 401)
		return CHALLENGE_E_STATUS;
	if (!m.cseq.off || !sipsec_msg_cseq_method(msg, &m, &method) ||
	    method.len != 8 || memcmp(msg + method.off, "REGISTER", 8))
		return CHALLENGE_E_CSEQ;

	err = read_fields(msg, &m, c);
	if (err)
		return err;
	c->header_end = m.body_off - 2;
	if (!trimmed(msg, &m.call_id, &c->call_id))
		return CHALLENGE_E_CALL_ID;
	if (!read_uri(msg, &m.from, &c->from_uri))
		return CHALLENGE_E_FROM;
	if (!read_uri(msg, &m.to, &c->to_uri))
		return CHALLENGE_E_TO;
	return 0;
}

int challenge_read(const uint8_t *msg, size_t len, struct challenge *c)
{
	int err;

	memset(c, 0, sizeof(*c));
	err = read_message(msg, len, c);
	if (err)
		challenge_wipe(c);
	return err;
}

static bool same_span(const uint8_t *msg, const struct sipsec_span *a, const struct sipsec_span *b)
{
	return a->len == b->len && !memcmp(msg + a->off, msg + b->off, a->len);
}

int challenge_read_username(const uint8_t *msg, size_t len, struct sipsec_span *username)
{
	struct sipsec_span name, one;
	struct sipsec_msg m;
	struct cursor value;
	uint32_t pos;

	memset(username, 0, sizeof(*username));
	if (len > SIPSEC_MAX_SIZE_CAP ||
	    sipsec_msg_parse_out(msg, len, SIPSEC_MAX_SIZE_CAP, &m) != SIPSEC_WHY_OK)
		return CHALLENGE_E_MESSAGE;
	pos = m.start_len;
	while (lex_next_field(msg, &m, &pos, &name, &value)) {
		if (!lex_same(msg, &name, "authorization"))
			continue;
		if (!sipsec_digest_username(msg, value.pos, value.end, &one) ||
		    (username->len && !same_span(msg, username, &one)))
			return CHALLENGE_E_USERNAME;
		*username = one;
	}
	return 0;
}

/* What is written, and how much room there is. */
struct writer {
	uint8_t *out;
	size_t size;
	size_t n;
};

static int write_octets(struct writer *w, const void *octets, size_t len)
{
	if (len > w->size - w->n)
		return CHALLENGE_E_ROOM;
	memcpy(w->out + w->n, octets, len);
	w->n += len;
	return 0;
}

int challenge_rewrite(const struct challenge *c, const uint8_t *msg, size_t len,
		      const char *line, uint8_t *out, size_t size, size_t *out_len)
{
	struct writer w = { .out = out, .size = size };
	size_t pos = 0;
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < c->nr_cuts; i++) {
		err = write_octets(&w, msg + pos, c->cuts[i].off - pos);
		pos = (size_t)c->cuts[i].off + c->cuts[i].len;
	}
	/* All cuts are in header fields. */
	if (!err)
		err = write_octets(&w, msg + pos, c->header_end - pos);
	if (!err)
		err = write_octets(&w, line, strlen(line));
	if (!err)
		err = write_octets(&w, msg + c->header_end, len - c->header_end);
	*out_len = w.n;
	return err;
}
