/* SPDX-License-Identifier: GPL-2.0 */
/* Telephone numbers: tel: URIs (RFC 3966) and user parts of sip URIs with user=phone. */
#ifndef SIPSEC_CORE_TELURI_H
#define SIPSEC_CORE_TELURI_H

#include "limits.h"
#include "str.h"
#include "uriwhy.h"

struct sipsec_tel_param {
	struct sipsec_str name;
	struct sipsec_str value;	/* len 0: none */
};

struct sipsec_tel {
	struct sipsec_str number;	/* with "+", if it is global */
	u32 nr;
	struct sipsec_tel_param params[SIPSEC_MAX_TEL_PARAMS];
};

/*
 * Read all of text: telephone-subscriber of RFC 3966, what stands behind "tel:",
 * or a user part, whose number may have escapes (user).  A repeated parameter is
 * bad.  The octets must stay where they are as long as *tel is used.
 */
enum sipsec_uri_why sipsec_tel_parse(struct sipsec_str text, bool user, struct sipsec_tel *tel);

/*
 * RFC 3966 clause 5: without visual separators, without regard to case and to
 * the parameters' order; each parameter of one must be in the other.
 */
bool sipsec_tel_equal(const struct sipsec_tel *a, const struct sipsec_tel *b);

#endif
