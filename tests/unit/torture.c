// SPDX-License-Identifier: GPL-2.0
/*
 * The messages of RFC 4475 and RFC 5118, and what clause 8 makes of them.  The
 * table was written from the clause and the messages' text, not from a run:
 * clause 8 looks at the start line, line ends, names, the four fields that may
 * appear once, and Content-Length.  It does not judge what other fields say.
 */
#include <linux/kernel.h>
#include <stdlib.h>
#include <string.h>

#include "guard.h"
#include "limits.h"
#include "pipeline.h"
#include "reference.h"
#include "sipmsg.h"
#include "tap.h"

#define OK(file, what)			{ file, SIPSEC_WHY_OK, what }
#define BAD(file, why, what)		{ file, SIPSEC_WHY_##why, what }

static const struct {
	const char *file;
	enum sipsec_why why;
	const char *what;
} torture[] = {
	OK("rfc4475/badaspec.dat", "white space inside a To value"),
	OK("rfc4475/badbranch.dat", "a Via parameter"),
	OK("rfc4475/baddate.dat", "a Date value"),
	BAD("rfc4475/baddn.dat", NO_END, "the archive's file has no empty line"),
	OK("rfc4475/badinv01.dat", "empty Via and Contact parameters"),
	BAD("rfc4475/badvers.dat", START_LINE, "SIP/7.0"),
	OK("rfc4475/bcast.dat", "a Via value"),
	OK("rfc4475/bext01.dat", "unknown Require values"),
	BAD("rfc4475/bigcode.dat", START_LINE, "a status of ten digits"),
	BAD("rfc4475/clerr.dat", CONTENT_LENGTH, "9999 where 154 octets follow"),
	OK("rfc4475/cparam01.dat", "a Contact parameter"),
	OK("rfc4475/cparam02.dat", "a Contact URI parameter"),
	OK("rfc4475/dblreq.dat", "a second request behind Content-Length 0: octets beyond it"),
	OK("rfc4475/esc01.dat", "escapes, and a folded Contact"),
	OK("rfc4475/esc02.dat", "% is of a token, in a method and in a name"),
	OK("rfc4475/escnull.dat", "an escaped NUL is three characters"),
	OK("rfc4475/escruri.dat", "a Request-URI with a header part"),
	OK("rfc4475/insuf.dat", "no To, From or Call-ID: at most one each"),
	BAD("rfc4475/intmeth.dat", NUL, "a quoted NUL"),
	OK("rfc4475/inv2543.dat", "no Content-Length"),
	OK("rfc4475/invut.dat", "an unknown Content-Type"),
	OK("rfc4475/longreq.dat", "long values, 43 lines, white space before colons"),
	OK("rfc4475/ltgtruri.dat", "a Request-URI in angle brackets"),
	OK("rfc4475/lwsdisp.dat", "no space behind a display name"),
	BAD("rfc4475/lwsruri.dat", START_LINE, "a space in the Request-URI"),
	BAD("rfc4475/lwsstart.dat", START_LINE, "two spaces behind the method"),
	BAD("rfc4475/mcl01.dat", CONTENT_LENGTH, "two Content-Length"),
	OK("rfc4475/mismatch01.dat", "another method in CSeq"),
	OK("rfc4475/mismatch02.dat", "another method in CSeq"),
	OK("rfc4475/mpart01.dat", "CR, LF and NUL in the body only"),
	BAD("rfc4475/multi01.dat", DUPLICATE, "two CSeq, Call-ID, From and To"),
	BAD("rfc4475/ncl.dat", CONTENT_LENGTH, "-999"),
	OK("rfc4475/noreason.dat", "an empty reason behind the space"),
	OK("rfc4475/novelsc.dat", "an unknown scheme"),
	OK("rfc4475/quotbal.dat", "an open quote in To"),
	OK("rfc4475/regaut01.dat", "an unknown scheme of Authorization"),
	OK("rfc4475/regbadct.dat", "a Contact without brackets"),
	OK("rfc4475/regescrt.dat", "an escaped Route in Contact"),
	OK("rfc4475/scalar02.dat", "large numbers elsewhere"),
	OK("rfc4475/scalarlg.dat", "large numbers elsewhere"),
	OK("rfc4475/sdp01.dat", "an Accept value"),
	OK("rfc4475/semiuri.dat", "a semicolon in the user part, a folded Accept"),
	BAD("rfc4475/test.dat", START_LINE, "no version"),
	OK("rfc4475/transports.dat", "unknown transports"),
	BAD("rfc4475/trws.dat", START_LINE, "spaces behind the version"),
	OK("rfc4475/unkscm.dat", "an unknown scheme"),
	OK("rfc4475/unksm2.dat", "unknown schemes"),
	OK("rfc4475/unreason.dat", "a reason in UTF-8"),
	OK("rfc4475/wsinv.dat", "white space and folding wherever they may be"),
	OK("rfc4475/zeromf.dat", "a Max-Forwards of 0"),

	OK("rfc5118/crlf/ipv6-good.dat", "valid"),
	OK("rfc5118/crlf/ipv6-bad.dat", "an IPv6 address without brackets in the Request-URI"),
	OK("rfc5118/crlf/port-ambiguous.dat", "valid"),
	OK("rfc5118/crlf/port-unambiguous.dat", "valid"),
	OK("rfc5118/crlf/via-received-param-with-delim.dat", "a Via parameter"),
	OK("rfc5118/crlf/via-received-param-no-delim.dat", "a Via parameter"),
	BAD("rfc5118/crlf/ipv6-in-sdp.dat", CONTENT_LENGTH, "268 where 251 octets follow"),
	OK("rfc5118/crlf/mult-ip-in-header.dat", "valid"),
	OK("rfc5118/crlf/mult-ip-in-sdp.dat", "181 where 189 octets follow"),
	OK("rfc5118/crlf/ipv4-mapped-ipv6.dat", "236 where 245 octets follow"),
	OK("rfc5118/crlf/ipv6-bug-abnf-3-colons.dat", "three colons in the Request-URI"),
	OK("rfc5118/crlf/ipv6-correct-abnf-2-colons.dat", "valid"),
	OK("rfc5118/crlf_lenfix/ipv6-in-sdp.dat", "the right length"),
	OK("rfc5118/crlf_lenfix/mult-ip-in-sdp.dat", "the right length"),
	OK("rfc5118/crlf_lenfix/ipv4-mapped-ipv6.dat", "the right length"),
	BAD("rfc5118/raw/ipv6-good", BARE_LF, "lines that end in LF"),
	BAD("rfc5118/raw/ipv6-bad", BARE_LF, "lines that end in LF"),
	BAD("rfc5118/raw/port-ambiguous", BARE_LF, "lines that end in LF"),
	BAD("rfc5118/raw/port-unambiguous", BARE_LF, "lines that end in LF"),
	BAD("rfc5118/raw/via-received-param-with-delim", BARE_LF, "lines that end in LF"),
	BAD("rfc5118/raw/via-received-param-no-delim", BARE_LF, "lines that end in LF"),
	BAD("rfc5118/raw/ipv6-in-sdp", BARE_LF, "lines that end in LF"),
	BAD("rfc5118/raw/mult-ip-in-header", BARE_LF, "lines that end in LF"),
	BAD("rfc5118/raw/mult-ip-in-sdp", BARE_LF, "lines that end in LF"),
	BAD("rfc5118/raw/ipv4-mapped-ipv6", BARE_LF, "lines that end in LF"),
	BAD("rfc5118/raw/ipv6-bug-abnf-3-colons", BARE_LF, "lines that end in LF"),
	BAD("rfc5118/raw/ipv6-correct-abnf-2-colons", BARE_LF, "lines that end in LF"),
};

/* What was signed verifies, and a bit changed anywhere in it does not. */
static bool protects(const struct octets *message, unsigned int seq)
{
	static u8 key[32] = "0123456789abcdef0123456789abcde";
	struct macs_sa sa = {
		.alg = sipsec_alg_by_nr(SIPSEC_ALG_HMAC_SHA256_128),
		.spi = 0x4f1a22c0,
		.key = { key, sizeof(key) },
	};
	struct sipsec_replay *window = pipeline_window(SIPSEC_WINDOW_DEFAULT);
	struct octets out = pipeline_sign(message->data, message->len, &sa, seq, seq & 1);
	bool good = true;
	u32 i;

	for (i = seq % 7; i < out.len; i += 7) {
		out.data[i] ^= 1 << i % 8;
		good &= pipeline_verify(out.data, out.len, &sa, 1, window) !=
			SIPSEC_CLASS_VERIFIED;
		out.data[i] ^= 1 << i % 8;
	}
	good &= pipeline_verify(out.data, out.len, &sa, 1, window) == SIPSEC_CLASS_VERIFIED;
	data_free(&out);
	free(window);
	return good;
}

int main(void)
{
	const struct sipsec_look look = { .max = SIPSEC_MAX_SIZE_DEFAULT };
	struct sipsec_span method;
	enum sipsec_class class;
	struct sipsec_msg msg;
	enum sipsec_why why;
	unsigned int i;
	char path[256];

	for (i = 0; i < ARRAY_SIZE(torture); i++) {
		struct octets message;

		snprintf(path, sizeof(path), VECTORS "/%s", torture[i].file);
		message = data_file(path);
		class = sipsec_look(guard_high(message.data, message.len), message.len, &look, &msg,
				    &why);
		tap_ok(why == torture[i].why && ref_agrees(message.data, message.len) &&
		       class == (why ? SIPSEC_CLASS_MALFORMED : SIPSEC_CLASS_UNPROTECTED),
		       "%s: %s (%s)", torture[i].file, sipsec_why_name(why), torture[i].what);
		if (!torture[i].why)
			tap_ok(protects(&message, i + 1), "%s: signed", torture[i].file);
		if (strstr(path, "wsinv"))
			tap_ok(sipsec_msg_cseq_method(message.data, &msg, &method) &&
			       method.len == 6 && !memcmp(message.data + method.off, "INVITE", 6),
			       "wsinv.dat: the method of a folded CSeq");
		data_free(&message);
	}
	return tap_done();
}
