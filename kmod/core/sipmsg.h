/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A SIP message as spans into the caller's octets (clause 8, "well-formed").
 * Nothing is allocated, copied or written, and no octet outside [buf, buf + len)
 * is read.
 */
#ifndef SIPSEC_CORE_SIPMSG_H
#define SIPSEC_CORE_SIPMSG_H

#include <linux/string.h>
#include <linux/types.h>

#include "class.h"
#include "integrity.h"
#include "span.h"

/*
 * Why a message is malformed, or of class identity: W(SYMBOL, text).  Not on the ABI; for the
 * tracepoint and the tests.
 */
#define SIPSEC_WHYS(W) \
	W(OK,			"well-formed") \
	W(SIZE,			"larger than the listener allows") \
	W(START_LINE,		"start line") \
	W(BARE_CR,		"CR without LF") \
	W(BARE_LF,		"LF without CR") \
	W(NUL,			"NUL octet in the header") \
	W(NO_END,		"no empty line") \
	W(HEADER_NAME,		"header name") \
	W(FIRST_FOLDED,		"first header line is a continuation") \
	W(TOO_MANY_LINES,	"more than 256 header lines") \
	W(DUPLICATE,		"second From, To, Call-ID or CSeq") \
	W(CONTENT_LENGTH,	"Content-Length") \
	W(INTEGRITY,		"Integrity field") \
	W(INTEGRITY_TWICE,	"second Integrity field of one scope") \
	W(SHIM,			"SigComp shim") \
	W(UDP,			"UDP length or checksum") \
	W(SEQ,			"seq above the algorithm's last") \
	W(MAC_LENGTH,		"mac is not of the SA's algorithm") \
	/* of class identity: another one, or the field does not parse */ \
	W(IDENTITY_TO,		"To is none of the SA's identities") \
	W(IDENTITY_FROM,	"From is none of the SA's identities") \
	W(IDENTITY_PREFERRED,	"P-Preferred-Identity is none of the SA's identities") \
	W(IDENTITY_USERNAME,	"the Authorization username is not the SA's")

#define SIPSEC_WHY_ENUM(sym, text) SIPSEC_WHY_##sym,
enum sipsec_why {
	SIPSEC_WHYS(SIPSEC_WHY_ENUM)
	SIPSEC_NR_WHYS,
};

#undef SIPSEC_WHY_ENUM

const char *sipsec_why_name(unsigned int why);

/*
 * A span of len 0 and off 0 is absent.  The value of a header field is all
 * between its colon and the CRLF that ends it, outer white space and folding
 * included.
 */
struct sipsec_msg {
	u32 start_len;		/* the start line with its CRLF: offset of the first header line */
	u32 body_off;		/* first octet after the empty line */
	u32 nr_lines;		/* header lines */
	u32 nr_integrity;	/* Integrity fields of any scope, well-formed or not */
	bool request;
	u16 status;		/* responses: any three digits; 0 in requests */
	struct sipsec_span method;	/* requests */
	struct sipsec_span uri;		/* requests: the Request-URI */
	union {
		struct {
			struct sipsec_span from;
			struct sipsec_span to;
			struct sipsec_span call_id;
			struct sipsec_span cseq;
		};
		struct sipsec_span once[4];	/* the same, by enum sipsec_field_name */
	};
	bool has_content_length;
	u32 content_length;
	bool has_hop;		/* an Integrity field of scope hop, in hop */
	struct sipsec_integrity hop;
	struct sipsec_span hop_value;
	bool has_e2e;
	struct sipsec_integrity e2e;
};

/*
 * Parse a whole message.  Integrity fields are read too: of each known scope
 * at most one; those of an unknown scope are passed over.
 * Returns SIPSEC_WHY_OK and fills *msg, or why it is malformed (then *msg is
 * not to be used).  max: the listener's largest size.
 */
enum sipsec_why sipsec_msg_parse(const u8 *buf, u32 len, u32 max, struct sipsec_msg *msg);

/*
 * The same for a message about to leave: Integrity fields are counted in
 * msg->nr_integrity but neither checked nor kept, since they are going to be
 * removed (clause 9).
 */
enum sipsec_why sipsec_msg_parse_out(const u8 *buf, u32 len, u32 max, struct sipsec_msg *msg);

/*
 * Walk the Integrity fields of a well-formed message that clause 9 removes:
 * all but well-formed ones of scope e2e or of an unknown scope.  *pos starts
 * at msg->start_len and is moved behind the field found.
 * Returns true and the whole field, from its name to its last CRLF with
 * continuation lines, in *line; false when there is none left.
 */
bool sipsec_msg_next_hop_field(const u8 *buf, const struct sipsec_msg *msg, u32 *pos,
			       struct sipsec_span *line);

/* Is it (RFC 5626 and common practice) a keepalive: clause 8, class 1. */
bool sipsec_is_keepalive(const u8 *buf, u32 len);

/*
 * Clause 8, class 1: a STUN Binding request (response false) or success or
 * error response (true) of RFC 5389 whose length field is the size less 20.
 */
bool sipsec_is_stun_binding(const u8 *buf, u32 len, bool response);

/*
 * Does it look like SIP to a lenient receiver?  Used for what leaves, to tell
 * SIP that cannot be signed (dropped) from what is no SIP (left alone).  True
 * if, after leading white space, CR, LF and NUL, the first line (up to a CR,
 * LF, NUL or the end) begins with "SIP/" or holds white space followed by "SIP/",
 * without regard to case; or if it is SigComp (first octet >= 0xf8).
 */
bool sipsec_looks_like_sip(const u8 *buf, u32 len);

/*
 * Is it a request that may be answered, whether well-formed or not?  False for a
 * response, of which the first word is a version: it holds "/", as no method does;
 * and for an ACK.  As a lenient receiver reads it: white space, CR, LF and NUL may
 * come first, and the case is no matter.  True for SigComp, which hides it.
 */
bool sipsec_can_be_answered(const u8 *buf, u32 len);

/* The CSeq method of a message whose msg->cseq is present: 1*DIGIT LWS Method. */
bool sipsec_msg_cseq_method(const u8 *buf, const struct sipsec_msg *msg,
			    struct sipsec_span *method);

/* Of a request or of CSeq: is it this one?  Methods have regard to case. */
static inline bool sipsec_method_is(const u8 *buf, struct sipsec_span method, const char *want)
{
	return method.len == strlen(want) && !memcmp(buf + method.off, want, method.len);
}

/* A response 300 to 699. */
bool sipsec_msg_is_refusal(const struct sipsec_msg *msg);

/*
 * Clause 10, what passes unprotected: a REGISTER request (uplink), whose CSeq has to say
 * so as well, and a response 100 or 300 to 699 to one (downlink).
 */
bool sipsec_msg_is_register(const u8 *buf, const struct sipsec_msg *msg);
bool sipsec_msg_is_register_refusal(const u8 *buf, const struct sipsec_msg *msg);

/* Clause 10: a response 421 or 494, by which a P-CSCF says that there is no SA. */
bool sipsec_msg_wants_agreement(const struct sipsec_msg *msg);

/*
 * Clause 6: a 2xx response to REGISTER, by which a pair is established; and all
 * that a temporary SA is for, a REGISTER request or any response to one.
 */
bool sipsec_msg_is_register_success(const u8 *buf, const struct sipsec_msg *msg);
bool sipsec_msg_is_registration(const u8 *buf, const struct sipsec_msg *msg);

/*
 * Who wants to know the SPI of the hop field while the rest of the header is still
 * read, to fetch from memory what will be needed.  Nothing is verified then, and
 * the message may yet turn out malformed.
 */
struct sipsec_early {
	void (*seen)(void *arg, u32 spi);	/* when it is read */
	void (*later)(void *arg);		/* some lines later */
	void *arg;
};

struct sipsec_look {
	u32 max;		/* the listener's largest size */
	bool stun_request;	/* an uplink listener that allows STUN */
	bool stun_response;	/* a downlink one */
	const struct sipsec_early *early;	/* or NULL */
};

/*
 * Classes 1 to 4 of clause 8, which need no SA: returns KEEPALIVE, COMPRESSED,
 * MALFORMED (with *why), UNPROTECTED (with *msg) or, where there is a hop field
 * to be verified, NONE (with *msg).  A well-formed SigComp shim is COMPRESSED
 * until there is a verifier for it.
 */
enum sipsec_class sipsec_look(const u8 *buf, u32 len, const struct sipsec_look *look,
			      struct sipsec_msg *msg, enum sipsec_why *why);

#endif
