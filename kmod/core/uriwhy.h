/* SPDX-License-Identifier: GPL-2.0 */
/* Why a text is no URI that could be an identity. */
#ifndef SIPSEC_CORE_URIWHY_H
#define SIPSEC_CORE_URIWHY_H

/* W(SYMBOL, text): the text is what an administrator reads. */
#define SIPSEC_URI_WHYS(W) \
	W(OK,		"fine") \
	W(EMPTY,	"empty") \
	W(LONG,		"more than 255 octets") \
	W(SCHEME,	"no sip:, sips: or tel: URI") \
	W(USER,		"user part") \
	W(PASSWORD,	"a password") \
	W(HOST,		"host") \
	W(PORT,		"port") \
	W(PARAM,	"URI parameter") \
	W(HEADERS,	"a header part") \
	W(NUMBER,	"telephone number") \
	W(CONTEXT,	"phone-context") \
	W(NO_CONTEXT,	"a local telephone number without phone-context")

#define SIPSEC_URI_WHY_ENUM(sym, text) SIPSEC_URI_WHY_##sym,
enum sipsec_uri_why {
	SIPSEC_URI_WHYS(SIPSEC_URI_WHY_ENUM)
	SIPSEC_NR_URI_WHYS,
};

#undef SIPSEC_URI_WHY_ENUM

#endif
