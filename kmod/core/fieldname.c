// SPDX-License-Identifier: GPL-2.0
#include <linux/bits.h>

#include "fieldname.h"

/* The letters that names of interest begin with; a name is not empty. */
#define LETTERS	(BIT('f' & 31) | BIT('t' & 31) | BIT('i' & 31) | BIT('l' & 31) | BIT('c' & 31) | \
		 BIT('g' & 31) | BIT('v' & 31) | BIT('p' & 31) | BIT('a' & 31))

enum sipsec_field_name sipsec_field_name(const u8 *name, u32 len)
{
	if (!(LETTERS >> (*name & 31) & 1))
		return SIPSEC_FIELD_OTHER;
	switch (len) {
	case 1:
		switch (*name | 0x20) {
		case 'f':
			return SIPSEC_FIELD_FROM;
		case 't':
			return SIPSEC_FIELD_TO;
		case 'i':
			return SIPSEC_FIELD_CALL_ID;
		case 'l':
			return SIPSEC_FIELD_CONTENT_LENGTH;
		case 'g':
			return SIPSEC_FIELD_INTEGRITY;
		case 'v':
			return SIPSEC_FIELD_VIA;
		}
		break;
	case 2:
		if (sipsec_token_is(name, len, "to"))
			return SIPSEC_FIELD_TO;
		break;
	case 3:
		if (sipsec_token_is(name, len, "via"))
			return SIPSEC_FIELD_VIA;
		break;
	case 4:
		if (sipsec_token_is(name, len, "from"))
			return SIPSEC_FIELD_FROM;
		if (sipsec_token_is(name, len, "cseq"))
			return SIPSEC_FIELD_CSEQ;
		break;
	case 7:
		if (sipsec_token_is(name, len, "call-id"))
			return SIPSEC_FIELD_CALL_ID;
		break;
	case 9:
		if (sipsec_token_is(name, len, "integrity"))
			return SIPSEC_FIELD_INTEGRITY;
		break;
	case 13:
		if (sipsec_token_is(name, len, "authorization"))
			return SIPSEC_FIELD_AUTHORIZATION;
		break;
	case 14:
		if (sipsec_token_is(name, len, "content-length"))
			return SIPSEC_FIELD_CONTENT_LENGTH;
		break;
	case 20:
		if (sipsec_token_is(name, len, "p-preferred-identity"))
			return SIPSEC_FIELD_PREFERRED_IDENTITY;
		break;
	}
	return SIPSEC_FIELD_OTHER;
}

/* Octet i of a name and its colon; behind them all ones, in both words. */
#define IS_IN(s, i)	((i) < sizeof(s) - 1)
#define CHAR(s, i)	((s)[IS_IN(s, i) ? (i) : 0])
#define OCTET(s, i)	((u64)(IS_IN(s, i) ? CHAR(s, i) : 0xff))
#define FOLD(s, i)	((u64)(IS_IN(s, i) ? (CHAR(s, i) >= 'a' ? 0x20 : 0) : 0xff))
#define WORD(of, s, i)	(of(s, i) | of(s, (i) + 1) << 8 | of(s, (i) + 2) << 16 | \
			 of(s, (i) + 3) << 24 | of(s, (i) + 4) << 32 | of(s, (i) + 5) << 40 | \
			 of(s, (i) + 6) << 48 | of(s, (i) + 7) << 56)

/*
 * a, b, c: what it begins with, of which the place follows; nth: among those that begin so,
 * which stand in a row.
 */
#define KNOWN(a, b, c, text, sym, nth, is_more) \
	[SIPSEC_KNOWN_HASH((a) | (b) << 8 | (c) << 16) + (nth)] = { \
		.name = { WORD(OCTET, text, 0), WORD(OCTET, text, 8), WORD(OCTET, text, 16) }, \
		.fold = { WORD(FOLD, text, 0), WORD(FOLD, text, 8), WORD(FOLD, text, 16) }, \
		.len = sizeof(text) - 2, .is = SIPSEC_FIELD_##sym, .more = is_more, \
	}

/* Those without one match NULs alone, of which no line that can be read has any. */
const struct sipsec_known_name sipsec_known_names[1 << SIPSEC_KNOWN_BITS] = {
	KNOWN('i', 'n', 't', "integrity:", INTEGRITY, 0, false),
	KNOWN('g', ':', ' ', "g:", INTEGRITY, 0, false),
	KNOWN('v', 'i', 'a', "via:", VIA, 0, false),
	KNOWN('v', ':', ' ', "v:", VIA, 0, false),
	KNOWN('f', 'r', 'o', "from:", FROM, 0, false),
	KNOWN('f', ':', ' ', "f:", FROM, 0, false),
	KNOWN('t', 'o', ':', "to:", TO, 0, false),
	KNOWN('t', ':', ' ', "t:", TO, 0, false),
	KNOWN('c', 'a', 'l', "call-id:", CALL_ID, 0, false),
	KNOWN('i', ':', ' ', "i:", CALL_ID, 0, false),
	KNOWN('c', 's', 'e', "cseq:", CSEQ, 0, false),
	KNOWN('m', 'a', 'x', "max-forwards:", OTHER, 0, false),
	KNOWN('c', 'o', 'n', "contact:", OTHER, 0, true),
	KNOWN('c', 'o', 'n', "content-length:", CONTENT_LENGTH, 1, true),
	KNOWN('c', 'o', 'n', "content-type:", OTHER, 2, false),
	KNOWN('m', ':', ' ', "m:", OTHER, 0, false),
	KNOWN('l', ':', ' ', "l:", CONTENT_LENGTH, 0, false),
	KNOWN('c', ':', ' ', "c:", OTHER, 0, false),
	KNOWN('r', 'o', 'u', "route:", OTHER, 0, false),
	KNOWN('r', 'e', 'c', "record-route:", OTHER, 0, false),
	KNOWN('u', 's', 'e', "user-agent:", OTHER, 0, false),
	KNOWN('s', 'e', 'r', "server:", OTHER, 0, true),
	KNOWN('s', 'e', 'r', "service-route:", OTHER, 1, false),
	KNOWN('s', 'u', 'p', "supported:", OTHER, 0, false),
	KNOWN('k', ':', ' ', "k:", OTHER, 0, false),
	KNOWN('r', 'e', 'q', "require:", OTHER, 0, false),
	KNOWN('a', 'l', 'l', "allow:", OTHER, 0, false),
	KNOWN('a', 'c', 'c', "accept:", OTHER, 0, true),
	KNOWN('a', 'c', 'c', "accept-contact:", OTHER, 1, false),
	KNOWN('p', '-', 'a', "p-access-network-info:", OTHER, 0, true),
	KNOWN('p', '-', 'a', "p-asserted-identity:", OTHER, 1, true),
	KNOWN('p', '-', 'a', "p-associated-uri:", OTHER, 2, false),
	KNOWN('p', '-', 'p', "p-preferred-identity:", PREFERRED_IDENTITY, 0, false),
	KNOWN('p', '-', 'c', "p-charging-vector:", OTHER, 0, false),
	KNOWN('p', '-', 'v', "p-visited-network-id:", OTHER, 0, false),
	KNOWN('p', '-', 'e', "p-early-media:", OTHER, 0, false),
	KNOWN('p', 'r', 'i', "privacy:", OTHER, 0, false),
	KNOWN('a', 'u', 't', "authorization:", AUTHORIZATION, 0, false),
	KNOWN('w', 'w', 'w', "www-authenticate:", OTHER, 0, false),
	KNOWN('s', 'e', 'c', "security-client:", OTHER, 0, true),
	KNOWN('s', 'e', 'c', "security-verify:", OTHER, 1, true),
	KNOWN('s', 'e', 'c', "security-server:", OTHER, 2, false),
	KNOWN('s', 'e', 's', "session-expires:", OTHER, 0, false),
	KNOWN('e', 'x', 'p', "expires:", OTHER, 0, false),
	KNOWN('e', 'v', 'e', "event:", OTHER, 0, false),
	KNOWN('p', 'a', 't', "path:", OTHER, 0, false),
	KNOWN('f', 'e', 'a', "feature-caps:", OTHER, 0, false),
	KNOWN('r', 'e', 'a', "reason:", OTHER, 0, false),
	KNOWN('r', 'a', 'c', "rack:", OTHER, 0, false),
	KNOWN('r', 's', 'e', "rseq:", OTHER, 0, false),
};
