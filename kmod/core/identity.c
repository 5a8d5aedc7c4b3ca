// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include <linux/string.h>

#include "digest.h"
#include "field.h"
#include "identity.h"
#include "nameaddr.h"
#include "sipuri.h"
#include "teluri.h"
#include "utf8.h"

#define URI_WHY_TEXT(sym, text) [SIPSEC_URI_WHY_##sym] = text,
static const char *const uri_whys[] = {
	SIPSEC_URI_WHYS(URI_WHY_TEXT)
};

const char *sipsec_uri_why_name(unsigned int why)
{
	return why < ARRAY_SIZE(uri_whys) ? uri_whys[why] : "?";
}

static const char anonymous[] = "sip:anonymous@anonymous.invalid";

/* A URI of any of the schemes. */
struct uri {
	bool is_sip;	/* or sips: sip is valid */
	bool is_tel;	/* or sip with user=phone and a number: tel is valid */
	struct sipsec_sipuri sip;
	struct sipsec_tel tel;
};

/* Is the scheme this?  Then *rest becomes what is behind its colon. */
static bool scheme_is(struct sipsec_str *rest, const char *want, u32 len)
{
	if (rest->len <= len || rest->at[len] != ':' ||
	    !sipsec_token_equal(rest->at, (const u8 *)want, len))
		return false;
	rest->at += len + 1;
	rest->len -= len + 1;
	return true;
}

static enum sipsec_uri_why parse(struct sipsec_str text, struct uri *uri)
{
	enum sipsec_uri_why why;

	uri->is_sip = false;
	uri->is_tel = false;
	if (scheme_is(&text, "tel", 3)) {
		why = sipsec_tel_parse(text, false, &uri->tel);
		uri->is_tel = !why;
		return why;
	}
	uri->sip.secure = scheme_is(&text, "sips", 4);
	if (!uri->sip.secure && !scheme_is(&text, "sip", 3))
		return SIPSEC_URI_WHY_SCHEME;
	why = sipsec_sipuri_parse(text, &uri->sip);
	if (why)
		return why;
	uri->is_sip = true;
	/* a user part that is no number is the sip URI's and no more */
	uri->is_tel = uri->sip.phone && !uri->sip.secure && uri->sip.user.len &&
		      !sipsec_tel_parse(uri->sip.user, true, &uri->tel);
	return SIPSEC_URI_WHY_OK;
}

static bool equal(const struct uri *a, const struct uri *b)
{
	if (a->is_sip && b->is_sip)
		return sipsec_sipuri_equal(&a->sip, &b->sip);
	return a->is_tel && b->is_tel && sipsec_tel_equal(&a->tel, &b->tel);
}

static bool equals_text(const struct uri *uri, struct sipsec_str text)
{
	struct uri other;

	return !parse(text, &other) && equal(uri, &other);
}

/* Is the URI in a message one of the public identities, or anonymous where that may be? */
static bool is_ours(const u8 *buf, struct sipsec_span span, bool may_be_anonymous,
		    const struct sipsec_identity_set *ids)
{
	const struct sipsec_str nobody = { (const u8 *)anonymous, sizeof(anonymous) - 1 };
	struct uri uri;
	u32 i;

	if (parse((struct sipsec_str){ buf + span.off, span.len }, &uri))
		return false;
	for (i = 0; i < ids->nr; i++)
		if (equals_text(&uri, ids->impu[i]))
			return true;
	return may_be_anonymous && equals_text(&uri, nobody);
}

/* From, or To of a REGISTER. */
static bool good_party(const u8 *buf, struct sipsec_span value, bool may_be_anonymous,
		       const struct sipsec_identity_set *ids)
{
	u32 pos = value.off, end = value.off + value.len;
	struct sipsec_nameaddr addr;
	struct sipsec_span tag;

	return sipsec_nameaddr_read(buf, &pos, end, &addr) && !addr.ambiguous &&
	       sipsec_nameaddr_params(buf, pos, end, &tag) &&
	       is_ours(buf, addr.uri, may_be_anonymous, ids);
}

/* PPreferredID-value *( COMMA PPreferredID-value ); nr counts those of the message. */
static bool good_preferred(const u8 *buf, struct sipsec_span value, u32 *nr,
			   const struct sipsec_identity_set *ids)
{
	u32 pos, end = value.off + value.len;
	struct sipsec_nameaddr addr;

	for (pos = value.off;; pos++) {
		if (++*nr > SIPSEC_MAX_PREFERRED ||
		    !sipsec_nameaddr_read(buf, &pos, end, &addr) || addr.ambiguous ||
		    !is_ours(buf, addr.uri, false, ids))
			return false;
		if (pos == end)
			return true;
		if (buf[pos] != ',')
			return false;
	}
}

static bool good_username(const u8 *buf, struct sipsec_span value, struct sipsec_str impi)
{
	struct sipsec_span name;

	return sipsec_digest_username(buf, value.off, value.off + value.len, &name) &&
	       name.len == impi.len && !memcmp(buf + name.off, impi.at, impi.len);
}

/* The fields of which there may be several. */
static enum sipsec_why check_fields(const u8 *buf, const struct sipsec_msg *msg,
				    const struct sipsec_identity_set *ids)
{
	struct sipsec_field f = {};
	u32 nr = 0;

	while (sipsec_field_next(buf, msg, &f)) {
		struct sipsec_span value = sipsec_field_value(buf, &f);

		if (ids->nr && f.is == SIPSEC_FIELD_PREFERRED_IDENTITY &&
		    !good_preferred(buf, value, &nr, ids))
			return SIPSEC_WHY_IDENTITY_PREFERRED;
		if (ids->impi.len && f.is == SIPSEC_FIELD_AUTHORIZATION &&
		    !good_username(buf, value, ids->impi))
			return SIPSEC_WHY_IDENTITY_USERNAME;
	}
	return SIPSEC_WHY_OK;
}

/* False: To does not parse, and nobody can say whether it has a tag. */
static bool has_to_tag(const u8 *buf, struct sipsec_span to, bool *tag)
{
	u32 pos = to.off, end = to.off + to.len;
	struct sipsec_nameaddr addr;
	struct sipsec_span span;

	*tag = false;
	if (!to.off)
		return true;
	if (!sipsec_nameaddr_read(buf, &pos, end, &addr) ||
	    !sipsec_nameaddr_params(buf, pos, end, &span))
		return false;
	*tag = span.len;
	return true;
}

enum sipsec_why sipsec_identity_check(const u8 *buf, const struct sipsec_msg *msg,
				      const struct sipsec_identity_set *ids)
{
	bool registers, tag;

	if (!msg->request || sipsec_method_is(buf, msg->method, "ACK") ||
	    sipsec_method_is(buf, msg->method, "CANCEL"))
		return SIPSEC_WHY_OK;
	registers = sipsec_token_is(buf + msg->method.off, msg->method.len, "register");
	if (!registers) {
		if (!has_to_tag(buf, msg->to, &tag))
			return SIPSEC_WHY_IDENTITY_TO;
		if (tag)
			return SIPSEC_WHY_OK;
	} else if (ids->nr && msg->to.off && !good_party(buf, msg->to, false, ids)) {
		return SIPSEC_WHY_IDENTITY_TO;
	}
	if (ids->nr && msg->from.off && !good_party(buf, msg->from, true, ids))
		return SIPSEC_WHY_IDENTITY_FROM;
	return check_fields(buf, msg, ids);
}

enum sipsec_uri_why sipsec_impu_check(struct sipsec_str impu)
{
	struct uri uri;

	if (!impu.len)
		return SIPSEC_URI_WHY_EMPTY;
	if (impu.len > SIPSEC_MAX_IDENTITY)
		return SIPSEC_URI_WHY_LONG;
	return parse(impu, &uri);
}

bool sipsec_impi_good(struct sipsec_str impi)
{
	u32 i, n;

	for (i = 0; i < impi.len; i += n) {
		n = sipsec_utf8_len(impi.at + i, impi.len - i);
		if (!n || impi.at[i] <= ' ' || impi.at[i] == 0x7f || impi.at[i] == '"' ||
		    impi.at[i] == '\\')
			return false;
	}
	return impi.len && impi.len <= SIPSEC_MAX_IDENTITY;
}

bool sipsec_impu_equal(struct sipsec_str a, struct sipsec_str b)
{
	struct uri uri;

	return !parse(a, &uri) && equals_text(&uri, b);
}
