// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "hex.h"
#include "lex.h"
#include "secagree.h"

static const char *const texts[] = {
	[0] = "no error",
	[-SECAGREE_E_MESSAGE] = "message: not well-formed SIP",
	[-SECAGREE_E_MISSING] = "missing",
	[-SECAGREE_E_SYNTAX] = "not well-formed",
	[-SECAGREE_E_MANY] = "more than 32 values",
	[-SECAGREE_E_PARAMS] = "more than 16 parameters",
	[-SECAGREE_E_TWICE] = "a parameter is given twice",
	[-SECAGREE_E_Q] = "q: must be 0 to 1 with at most three decimals",
	[-SECAGREE_E_VER_MISSING] = "ver: missing",
	[-SECAGREE_E_ALG_MISSING] = "alg: missing",
	[-SECAGREE_E_SPI] = "spi: must be 1 to 8 hexadecimal digits",
	[-SECAGREE_E_SPI_RESERVED] = "spi: 0 to 255 are reserved",
	[-SECAGREE_E_SPI_MISSING] = "spi: missing",
	[-SECAGREE_E_NONE] = "no algorithm in common",
	[-SECAGREE_E_ROOM] = "does not fit the buffer",
};

static const char *const names[] = {
	[SECAGREE_CLIENT] = "security-client",
	[SECAGREE_SERVER] = "security-server",
	[SECAGREE_VERIFY] = "security-verify",
};

/*
 * The strongest first.  What counts is how likely one forged message passes:
 * bits of the MAC; then what is lost by a mistake: a nonce that comes twice gives
 * a GMAC's key away; then how the primitive has aged.  KASUMI has aged most.
 */
static const uint8_t by_strength[] = {
	SIPSEC_ALG_HMAC_SHA256_128,
	SIPSEC_ALG_AES_GMAC,
	SIPSEC_ALG_AES_CMAC_96,
	SIPSEC_ALG_HMAC_SHA1_96,
	SIPSEC_ALG_HMAC_MD5_96,
	SIPSEC_ALG_EIA2,
	SIPSEC_ALG_EIA3,
	SIPSEC_ALG_UIA2,
	SIPSEC_ALG_UIA1,
};

const char *secagree_strerror(int err)
{
	if (err > 0 || err <= -(int)(sizeof(texts) / sizeof(*texts)))
		return "unknown error";
	return texts[-err];
}

const char *secagree_field_name(enum secagree_field field)
{
	return names[field];
}

unsigned int secagree_rank(unsigned int alg)
{
	unsigned int i;

	for (i = 0; i < sizeof(by_strength); i++)
		if (by_strength[i] == alg)
			return i + 1;
	return 0;
}

const struct sipsec_alg *secagree_by_rank(unsigned int rank)
{
	if (!rank || rank > sizeof(by_strength))
		return NULL;
	return sipsec_alg_by_nr(by_strength[rank - 1]);
}

/*
 * Reading
 */

struct param {
	struct sipsec_span name;
	struct sipsec_span value;	/* len 0: none */
	bool quoted;
};

/* What a gen-value has beside a token: a host may be an IPv6 address. */
static bool read_host(struct cursor *c, struct sipsec_span *s)
{
	s->off = c->pos;
	if (!lex_octet(c, '['))
		return false;
	while (!lex_end(c) && (hex_digit(c->msg[c->pos]) >= 0 || c->msg[c->pos] == ':' ||
			       c->msg[c->pos] == '.'))
		c->pos++;
	if (!lex_octet(c, ']'))
		return false;
	s->len = c->pos - s->off;
	return true;
}

static int read_param(struct cursor *c, struct param *p)
{
	memset(p, 0, sizeof(*p));
	lex_skip_space(c);
	if (!lex_token(c, &p->name))
		return SECAGREE_E_SYNTAX;
	lex_skip_space(c);
	if (!lex_octet(c, '='))
		return 0;
	lex_skip_space(c);
	if (!lex_end(c) && c->msg[c->pos] == '"') {
		p->quoted = true;
		return lex_quoted(c, &p->value) ? 0 : SECAGREE_E_SYNTAX;
	}
	return lex_token(c, &p->value) || read_host(c, &p->value) ? 0 : SECAGREE_E_SYNTAX;
}

static bool same_name(const uint8_t *o, const struct sipsec_span *a, const struct sipsec_span *b)
{
	uint32_t i;

	if (a->len != b->len)
		return false;
	for (i = 0; i < a->len; i++) {
		const uint8_t x = o[a->off + i], y = o[b->off + i];

		if (x != y && ((x | 0x20) != (y | 0x20) || (x | 0x20) < 'a' || (x | 0x20) > 'z'))
			return false;
	}
	return true;
}

static const struct param *find(const uint8_t *o, const struct param *params, unsigned int nr,
				const char *name)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (lex_same(o, &params[i].name, name))
			return &params[i];
	return NULL;
}

static bool repeated(const uint8_t *o, const struct param *params, unsigned int nr)
{
	unsigned int i, j;

	for (i = 0; i < nr; i++)
		for (j = 0; j < i; j++)
			if (same_name(o, &params[i].name, &params[j].name))
				return true;
	return false;
}

/* qvalue: "0" or "1", and up to three decimals, which are 0 behind 1. */
static int read_q(const uint8_t *o, const struct param *p, uint16_t *q)
{
	static const unsigned int places[] = { 100, 10, 1 };
	const uint8_t *t = o + p->value.off;
	const uint32_t len = p->value.len;
	unsigned int v = 0;
	uint32_t i;

	if (p->quoted || !len || len > 5 || (t[0] != '0' && t[0] != '1') ||
	    (len > 1 && t[1] != '.'))
		return SECAGREE_E_Q;
	v = 1000 * (t[0] - '0');
	for (i = 2; i < len; i++) {
		if (t[i] < '0' || t[i] > '9')
			return SECAGREE_E_Q;
		v += places[i - 2] * (t[i] - '0');
	}
	if (v > 1000)
		return SECAGREE_E_Q;
	*q = v;
	return 0;
}

static int read_spi(const uint8_t *o, const struct param *p, struct secagree_mech *m)
{
	uint32_t i;

	if (p->quoted || !p->value.len || p->value.len > SIPSEC_MAX_SPI_CHARS)
		return SECAGREE_E_SPI;
	for (i = 0; i < p->value.len; i++) {
		const int digit = hex_digit(o[p->value.off + i]);

		if (digit < 0)
			return SECAGREE_E_SPI;
		m->spi = m->spi << 4 | digit;
	}
	if (m->spi <= SIPSEC_SPI_RESERVED)
		return SECAGREE_E_SPI_RESERVED;
	m->has_spi = true;
	return 0;
}

/* The number of the algorithm of a name, 0 for none. */
static uint8_t alg_of(const uint8_t *o, const struct sipsec_span *name)
{
	unsigned int i;

	for (i = 1; i < SIPSEC_ALG_END; i++)
		if (lex_same(o, name, sipsec_alg_by_nr(i)->name))
			return i;
	return 0;
}

/* What mechanism sipsec says; of a version that is unknown, nothing is sought. */
static int read_sipsec(const uint8_t *o, const struct param *params, unsigned int nr,
		       struct secagree_mech *m)
{
	const struct param *ver = find(o, params, nr, "ver"), *alg, *spi;
	int err;

	if (!ver || !ver->value.len)
		return SECAGREE_E_VER_MISSING;
	if (ver->quoted || !lex_same(o, &ver->value, "1"))
		return 0;
	alg = find(o, params, nr, "alg");
	if (!alg || !alg->value.len)
		return SECAGREE_E_ALG_MISSING;
	spi = find(o, params, nr, "spi");
	if (spi) {
		err = read_spi(o, spi, m);
		if (err)
			return err;
	}
	m->alg = alg->quoted ? 0 : alg_of(o, &alg->value);
	m->usable = m->alg;
	return 0;
}

static int read_mech(struct cursor *c, struct secagree_mech *m)
{
	struct param params[SECAGREE_MAX_PARAMS];
	const struct param *q;
	unsigned int nr = 0;
	uint32_t end;
	int err;

	memset(m, 0, sizeof(*m));
	m->q = 1000;
	m->value.off = c->pos;
	if (!lex_token(c, &m->name))
		return SECAGREE_E_SYNTAX;
	end = c->pos;
	lex_skip_space(c);
	while (lex_octet(c, ';')) {
		if (nr == SECAGREE_MAX_PARAMS)
			return SECAGREE_E_PARAMS;
		err = read_param(c, &params[nr]);
		if (err)
			return err;
		nr++;
		end = c->pos;
		lex_skip_space(c);
	}
	while (end > m->value.off && lex_is_space(c->msg[end - 1]))
		end--;
	m->value.len = end - m->value.off;
	if (repeated(c->msg, params, nr))
		return SECAGREE_E_TWICE;
	q = find(c->msg, params, nr, "q");
	err = q ? read_q(c->msg, q, &m->q) : 0;
	if (err || !lex_same(c->msg, &m->name, "sipsec"))
		return err;
	return read_sipsec(c->msg, params, nr, m);
}

/* The values of one line, behind those that were read before. */
static int read_values(struct cursor *c, struct secagree *a)
{
	int err;

	do {
		lex_skip_space(c);
		if (a->nr == SECAGREE_MAX_MECHS)
			return SECAGREE_E_MANY;
		err = read_mech(c, &a->mechs[a->nr]);
		if (err)
			return err;
		a->nr++;
	} while (lex_octet(c, ','));
	return lex_end(c) ? 0 : SECAGREE_E_SYNTAX;
}

static int read_message(const uint8_t *msg, size_t len, enum secagree_field field,
			struct secagree *a)
{
	struct sipsec_span name;
	struct sipsec_msg m;
	struct cursor value;
	uint32_t pos;
	int err = 0;

	if (len > SIPSEC_MAX_SIZE_CAP ||
	    sipsec_msg_parse_out(msg, len, SIPSEC_MAX_SIZE_CAP, &m) != SIPSEC_WHY_OK)
		return SECAGREE_E_MESSAGE;
	pos = m.start_len;
	while (!err && lex_next_field(msg, &m, &pos, &name, &value))
		if (lex_same(msg, &name, names[field]))
			err = read_values(&value, a);
	return !err && !a->nr ? SECAGREE_E_MISSING : err;
}

int secagree_read(const uint8_t *msg, size_t len, enum secagree_field field, struct secagree *a)
{
	int err;

	memset(a, 0, sizeof(*a));
	a->octets = msg;
	err = read_message(msg, len, field, a);
	if (err)
		memset(a, 0, sizeof(*a));
	return err;
}

/* No octet that would end a header field if it were written into one. */
static bool is_one_line(const uint8_t *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] == '\r') {
			if (len - i < 3 || text[i + 1] != '\n' ||
			    (text[i + 2] != ' ' && text[i + 2] != '\t'))
				return false;
			i += 2;
		} else if (!text[i] || text[i] == '\n') {
			return false;
		}
	}
	return true;
}

int secagree_read_value(const uint8_t *text, size_t len, struct secagree *a)
{
	struct cursor c = { text, 0, len };
	int err;

	memset(a, 0, sizeof(*a));
	if (len > SIPSEC_MAX_SIZE_CAP || !is_one_line(text, len))
		return SECAGREE_E_SYNTAX;
	a->octets = text;
	err = read_values(&c, a);
	if (err)
		memset(a, 0, sizeof(*a));
	return err;
}

/*
 * Choosing and comparing
 */

int secagree_choose(const struct secagree *a, uint32_t allowed,
		    const struct secagree_mech **mech)
{
	const struct secagree_mech *best = NULL;
	unsigned int i;

	for (i = 0; i < a->nr; i++) {
		const struct secagree_mech *m = &a->mechs[i];

		if (m->usable && allowed >> m->alg & 1 &&
		    (!best || secagree_rank(m->alg) < secagree_rank(best->alg)))
			best = m;
	}
	if (!best)
		return SECAGREE_E_NONE;
	if (!best->has_spi)
		return SECAGREE_E_SPI_MISSING;
	*mech = best;
	return 0;
}

/* The octets of a value but for white space that means nothing; -1 at its end. */
struct squeeze {
	const uint8_t *octets;
	uint32_t pos;
	uint32_t end;
	bool quoted;
	bool escaped;
};

static int squeeze(struct squeeze *s)
{
	uint8_t o;

	while (!s->quoted && s->pos < s->end && lex_is_space(s->octets[s->pos]))
		s->pos++;
	if (s->pos == s->end)
		return -1;
	o = s->octets[s->pos++];
	if (s->escaped) {
		s->escaped = false;
	} else if (s->quoted && o == '\\') {
		s->escaped = true;
	} else if (o == '"') {
		s->quoted = !s->quoted;
	} else if (s->quoted && (o == '\r' || o == '\n')) {
		/* Folding is one space; its white space has been read by then. */
		while (s->pos < s->end && lex_is_space(s->octets[s->pos]))
			s->pos++;
		o = ' ';
	}
	return o;
}

static struct squeeze squeeze_mech(const struct secagree *a, unsigned int i)
{
	const struct sipsec_span *v = &a->mechs[i].value;

	return (struct squeeze){ .octets = a->octets, .pos = v->off, .end = v->off + v->len };
}

bool secagree_equal(const struct secagree *a, const struct secagree *b)
{
	unsigned int i;

	if (a->nr != b->nr)
		return false;
	for (i = 0; i < a->nr; i++) {
		struct squeeze x = squeeze_mech(a, i), y = squeeze_mech(b, i);
		int o;

		do {
			o = squeeze(&x);
			if (o != squeeze(&y))
				return false;
		} while (o >= 0);
	}
	return true;
}

/*
 * Writing
 */

int secagree_text(const struct secagree *a, char *text, size_t size)
{
	unsigned int i;
	size_t n = 0;

	for (i = 0; i < a->nr; i++) {
		struct squeeze s = squeeze_mech(a, i);
		int o;

		if (i) {
			if (size - n < 2)
				return SECAGREE_E_ROOM;
			text[n++] = ',';
			text[n++] = ' ';
		}
		while ((o = squeeze(&s)) >= 0) {
			if (n == size)
				return SECAGREE_E_ROOM;
			text[n++] = o;
		}
	}
	if (n == size)
		return SECAGREE_E_ROOM;
	text[n] = '\0';
	return 0;
}

int secagree_append(char *text, size_t size, unsigned int alg, uint32_t spi, unsigned int q)
{
	char one[SECAGREE_VALUE_MAX];
	const size_t used = strlen(text);
	size_t n;

	n = snprintf(one, sizeof(one), "%ssipsec;ver=1;alg=%s", used ? ", " : "",
		     sipsec_alg_by_nr(alg)->name);
	if (spi)
		n += snprintf(one + n, sizeof(one) - n, ";spi=%x", spi);
	/* Thousandths, without zeros at the end. */
	if (q == 1000)
		n += snprintf(one + n, sizeof(one) - n, ";q=1");
	else if (q)
		n += snprintf(one + n, sizeof(one) - n, ";q=0.%03u", q);
	while (q && q < 1000 && one[n - 1] == '0')
		n--;
	if (n >= size - used)
		return SECAGREE_E_ROOM;
	memcpy(text + used, one, n);
	text[used + n] = '\0';
	return 0;
}
