/* SPDX-License-Identifier: GPL-2.0 */
/* What tells a message's dialog and transaction (RFC 3261 clauses 12 and 17). */
#ifndef SIPSEC_CORE_DIALOG_H
#define SIPSEC_CORE_DIALOG_H

#include "sipmsg.h"

struct sipsec_dialog {
	struct sipsec_span call_id;	/* without the white space around it */
	struct sipsec_span from_tag;
	struct sipsec_span to_tag;	/* len 0: none */
	struct sipsec_span method;	/* of CSeq; of a request it is the request's too */
	u32 cseq;
};

/*
 * Fills *d; false where Call-ID, CSeq, From with a tag, or To is missing or cannot be
 * read.
 */
bool sipsec_dialog_read(const u8 *buf, const struct sipsec_msg *msg, struct sipsec_dialog *d);

/* A Call-ID without the white space around it; len 0 where there is none. */
struct sipsec_span sipsec_msg_call_id(const u8 *buf, const struct sipsec_msg *msg);

/*
 * The number and the method of CSeq, which of a request need not be its own.  False
 * where there is none, or it cannot be read.
 */
bool sipsec_msg_read_cseq(const u8 *buf, const struct sipsec_msg *msg, u32 *cseq,
			  struct sipsec_span *method);

/*
 * Does the first Via have its responses sent elsewhere than to where the request comes
 * from (RFC 3261, 18.2.2): has it maddr, or received, which is a server's to write?  Also
 * where it holds "(", with which it is not looked at further.
 */
bool sipsec_msg_via_leads_away(const u8 *buf, const struct sipsec_msg *msg);

/*
 * Clause 10: an INVITE whose Request-URI is urn:service:sos or begins with
 * urn:service:sos., without regard to case.
 */
bool sipsec_msg_is_emergency(const u8 *buf, const struct sipsec_msg *msg);

#endif
