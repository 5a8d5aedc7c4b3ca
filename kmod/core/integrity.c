// SPDX-License-Identifier: GPL-2.0
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "genvalue.h"
#include "integrity.h"
#include "octet.h"
#include "word.h"

/* What has been read of a value whose scope may yet turn out to be unknown. */
struct params {
	bool bad;	/* malformed if the scope is a known one */
	bool has_seq;
	bool has_mac;
	bool has_scope;
	unsigned int nr;
	/* generic parameters' names, offsets from the value's first octet */
	struct {
		u16 off;
		u16 len;
	} names[SIPSEC_MAX_GENERIC_PARAMS];
};

/* A name or a value: where, and the classes that each of its octets is of. */
struct text {
	u32 off;
	u32 len;	/* 0: none */
	u8 all;		/* 0: no token */
};

static __always_inline bool text_is(const u8 *buf, const struct text *t, const char *want)
{
	return sipsec_token_is(buf + t->off, t->len, want);
}

/* 1*max HEXDIG, all of the text. */
static bool read_hex(const u8 *buf, const struct text *t, u32 max, u64 *value)
{
	u32 i;

	*value = 0;
	if (!t->len || t->len > max || !(t->all & SIPSEC_OCTET_HEX))
		return false;
	for (i = 0; i < t->len; i++)
		*value = *value << 4 | sipsec_octet_hex(buf[t->off + i]);
	return true;
}

/* Remember a generic parameter's name, for names_differ().  False: no room. */
static bool add_name(struct params *p, u16 off, u16 len)
{
	if (p->nr == SIPSEC_MAX_GENERIC_PARAMS)
		return false;
	p->names[p->nr].off = off;
	p->names[p->nr++].len = len;
	return true;
}

/*
 * Is none of the generic parameters repeated?  Asked only where the scope is a
 * known one, so at most three times for a message: each pair is compared.
 */
static bool names_differ(const struct params *p, const u8 *value)
{
	unsigned int i, j;

	for (i = 1; i < p->nr; i++)
		for (j = 0; j < i; j++)
			if (p->names[i].len == p->names[j].len &&
			    sipsec_token_equal(value + p->names[i].off, value + p->names[j].off,
					       p->names[i].len))
				return false;
	return true;
}

/* False: malformed whatever the scope. */
static bool take_scope(const u8 *buf, const struct text *value, struct params *p,
		       struct sipsec_integrity *f)
{
	/* twice, and nobody could say whose field it is */
	if (p->has_scope || !value->len || !(value->all & SIPSEC_OCTET_TOKEN))
		return false;
	p->has_scope = true;
	if (text_is(buf, value, "hop"))
		f->scope = SIPSEC_SCOPE_HOP;
	else if (text_is(buf, value, "e2e"))
		f->scope = SIPSEC_SCOPE_E2E;
	else
		f->scope = SIPSEC_SCOPE_UNKNOWN;
	return true;
}

static bool take_seq(const u8 *buf, const struct text *value, struct params *p,
		     struct sipsec_integrity *f)
{
	if (p->has_seq)
		return false;
	p->has_seq = true;
	return read_hex(buf, value, SIPSEC_MAX_SEQ_CHARS, &f->seq) && f->seq;
}

static bool take_mac(const struct text *value, struct params *p, struct sipsec_integrity *f)
{
	if (p->has_mac || !value->len || value->len > SIPSEC_MAX_MAC_CHARS ||
	    !(value->all & SIPSEC_OCTET_BASE64))
		return false;
	p->has_mac = true;
	f->mac_off = value->off;
	f->mac_chars = value->len;
	return true;
}

/* gen-value at pos.  False: there is none. */
static bool read_value(const u8 *buf, u32 pos, u32 end, struct text *value)
{
	value->off = pos;
	value->len = sipsec_token_end(buf, pos, end, &value->all) - pos;
	if (!value->len) {
		value->all = 0;
		value->len = sipsec_genvalue_len(buf + pos, end - pos);
	}
	return value->len;
}

/* SEMI generic-param at *pos, which is moved behind it.  False: there is none. */
static bool read_param(const u8 *buf, u32 *pos, u32 end, struct text *name, struct text *value)
{
	u32 at = *pos;

	if (buf[at] != ';')
		return false;
	name->off = sipsec_octet_skip(buf, at + 1, end, SIPSEC_OCTET_WS);
	at = sipsec_token_end(buf, name->off, end, &name->all);
	name->len = at - name->off;
	if (!name->len)
		return false;
	at = sipsec_octet_skip(buf, at, end, SIPSEC_OCTET_WS);
	value->len = 0;
	if (at < end && buf[at] == '=') {
		at = sipsec_octet_skip(buf, at + 1, end, SIPSEC_OCTET_WS);
		if (!read_value(buf, at, end, value))
			return false;
		at = sipsec_octet_skip(buf, at + value->len, end, SIPSEC_OCTET_WS);
	}
	*pos = at;
	return true;
}

/* 1*max HEXDIG at *p, which is moved behind them.  False: there are none, or more. */
static __always_inline bool plain_hex(const u8 **p, const u8 *end, u32 max, u64 *value)
{
	u32 left = max;

	*value = 0;
	while (end - *p >= SIPSEC_WORD) {
		u64 stop = sipsec_word_no_hex(sipsec_word(*p));
		unsigned int n = stop ? sipsec_word_first(stop) : SIPSEC_WORD;

		if (n > left)
			return false;
		if (n)
			*value = *value << 4 * n | sipsec_word_hex(*p, n);
		*p += n;
		left -= n;
		/* eight digits are usual, and need no look at another word */
		if (stop || (*p < end && **p == ';'))
			return left != max;
	}
	return false;
}

/* ";" name "=" at *p, which is moved behind it; the name has three letters. */
static __always_inline bool plain_param(const u8 **p, const u8 *end, const char *name)
{
	if (end - *p < 5 || **p != ';' ||
	    (get_unaligned_le32(*p + 1) | 0x00202020) != get_unaligned_le32(name))
		return false;
	*p += 5;
	return true;
}

/* Are these octets all of base64url?  A word at a time, the last one may overlap. */
static __always_inline bool plain_base64(const u8 *p, u32 len)
{
	const u8 *last = p + len - SIPSEC_WORD;
	u8 all = SIPSEC_OCTET_BASE64;
	u64 stop;

	if (len < SIPSEC_WORD) {
		while (len--)
			all &= sipsec_octets[*p++];
		return all;
	}
	stop = sipsec_word_no_base64(sipsec_word(last));
	for (; p < last; p += SIPSEC_WORD)
		stop |= sipsec_word_no_base64(sipsec_word(p));
	return !stop;
}

/*
 * A shortcut: the value as this project and most others write it, spi, seq and
 * mac in this order and nothing else, which is read in a quarter of the time.
 * False says nothing.
 */
static bool parse_plain(const u8 *buf, u32 off, u32 len, struct sipsec_integrity *f)
{
	const u8 *p = buf + off, *end = p + len;
	u64 spi;

	if (p < end && *p == ' ')
		p++;
	if (!plain_hex(&p, end, SIPSEC_MAX_SPI_CHARS, &spi) || !plain_param(&p, end, "seq=") ||
	    !plain_hex(&p, end, SIPSEC_MAX_SEQ_CHARS, &f->seq) || !f->seq ||
	    !plain_param(&p, end, "mac=") || p == end || end - p > SIPSEC_MAX_MAC_CHARS)
		return false;
	f->spi = spi;
	f->scope = SIPSEC_SCOPE_HOP;
	f->mac_off = p - buf;
	f->mac_chars = end - p;
	return plain_base64(p, end - p);
}

/* As the grammar has it.  By itself, for some kernels fill all that a function may use. */
static noinline bool parse_any(const u8 *buf, u32 off, u32 len, struct sipsec_integrity *f)
{
	struct text name, value;
	u32 end = off + len;
	struct params p;
	u64 spi;
	u32 pos;

	/* no UDP datagram is larger, and the names' offsets are of 16 bits */
	if (len > U16_MAX)
		return false;
	/* not the names: they would be the dearest part of it all */
	p.bad = false;
	p.has_seq = false;
	p.has_mac = false;
	p.has_scope = false;
	p.nr = 0;
	memset(f, 0, sizeof(*f));

	name.off = sipsec_octet_skip(buf, off, end, SIPSEC_OCTET_WS);
	pos = sipsec_token_end(buf, name.off, end, &name.all);
	name.len = pos - name.off;
	if (!name.len)
		return false;
	if (!read_hex(buf, &name, SIPSEC_MAX_SPI_CHARS, &spi))
		p.bad = true;
	f->spi = spi;

	pos = sipsec_octet_skip(buf, pos, end, SIPSEC_OCTET_WS);
	while (pos < end) {
		if (!read_param(buf, &pos, end, &name, &value))
			return false;
		if (text_is(buf, &name, "seq")) {
			if (!take_seq(buf, &value, &p, f))
				p.bad = true;
		} else if (text_is(buf, &name, "mac")) {
			if (!take_mac(&value, &p, f))
				p.bad = true;
		} else if (text_is(buf, &name, "scope")) {
			if (!take_scope(buf, &value, &p, f))
				return false;
		} else if (!add_name(&p, name.off - off, name.len)) {
			p.bad = true;
		}
	}
	return f->scope == SIPSEC_SCOPE_UNKNOWN ||
	       (!p.bad && p.has_seq && p.has_mac && names_differ(&p, buf + off));
}

bool sipsec_integrity_parse(const u8 *buf, u32 off, u32 len, struct sipsec_integrity *f)
{
	return likely(parse_plain(buf, off, len, f)) || parse_any(buf, off, len, f);
}

/* A literal; returns how many octets. */
#define PUT(out, text)	(memcpy(out, text, sizeof(text) - 1), sizeof(text) - 1)

unsigned int sipsec_integrity_format(u8 *out, bool compact, u32 spi, u64 seq,
				     unsigned int mac_chars, unsigned int *mac_off)
{
	unsigned int n;

	n = compact ? PUT(out, "g:") : PUT(out, "Integrity: ");
	n += sipsec_octet_put_hex(out + n, spi);
	n += PUT(out + n, ";seq=");
	n += sipsec_octet_put_hex(out + n, seq);
	n += PUT(out + n, ";mac=");
	*mac_off = n;
	memset(out + n, 'A', mac_chars);
	n += mac_chars;
	return n + PUT(out + n, "\r\n");
}

void sipsec_pseudo(u8 out[SIPSEC_PSEUDO_LEN], enum sipsec_scope scope,
		   unsigned int direction, unsigned int alg, u32 spi, u64 seq)
{
	out[0] = 0x01;
	out[SIPSEC_PSEUDO_SCOPE] = scope << 1 | direction;
	out[2] = alg;
	out[3] = 0x00;
	put_unaligned_be32(spi, out + SIPSEC_PSEUDO_SPI);
	put_unaligned_be64(seq, out + 8);
}
