/* SPDX-License-Identifier: GPL-2.0 */
/* sip: and sips: URIs as clause 11 compares them. */
#ifndef SIPSEC_CORE_SIPURI_H
#define SIPSEC_CORE_SIPURI_H

#include "siphost.h"
#include "str.h"
#include "uriwhy.h"

struct sipsec_sipuri {
	struct sipsec_str user;	/* as written; its octets and escapes are good */
	struct sipsec_host host;
	u16 port;		/* 0: none is given */
	bool secure;		/* sips: */
	bool phone;		/* user=phone */
};

/*
 * Read all of rest, what stands behind the scheme's colon.  uri->secure is the
 * caller's.  A password, a header part, a repeated or escaped user parameter and
 * an escape of one of ";/?&=+$," in the user are bad: no identity has them, and
 * programs differ in what they make of them.
 * The octets must stay where they are as long as *uri is used.
 */
enum sipsec_uri_why sipsec_sipuri_parse(struct sipsec_str rest, struct sipsec_sipuri *uri);

/*
 * Are they the same by RFC 3261 clause 19.1.4, of scheme, user, host and port?
 * No port and the default port differ.
 */
bool sipsec_sipuri_equal(const struct sipsec_sipuri *a, const struct sipsec_sipuri *b);

#endif
