/* SPDX-License-Identifier: GPL-2.0 */
/* name-addr, addr-spec and the parameters behind them (RFC 3261 clause 25.1). */
#ifndef SIPSEC_CORE_NAMEADDR_H
#define SIPSEC_CORE_NAMEADDR_H

#include <linux/types.h>

#include "span.h"

struct sipsec_nameaddr {
	struct sipsec_span uri;	/* not yet read as one */
	/*
	 * The display name has an angle bracket, in which a program that looks for
	 * brackets alone would find another URI; or octets beyond ASCII without
	 * quotes, which make sofia-sip take all of the value for a URI.
	 */
	bool ambiguous;
};

/*
 * Read one at *pos, in the value of a header field of a well-formed message that
 * ends at end; *pos is moved behind it and the white space that follows.
 * False: there is none.
 */
bool sipsec_nameaddr_read(const u8 *buf, u32 *pos, u32 end, struct sipsec_nameaddr *addr);

/*
 * Read *( SEMI generic-param ) up to end.  *tag: the token of the one that is "tag",
 * of length 0 where there is none.  False: it is not that, or has two of the name,
 * or a quoted string with an escape or an angle bracket, which programs read
 * differently.
 */
bool sipsec_nameaddr_params(const u8 *buf, u32 pos, u32 end,
			    struct sipsec_span *tag);

#endif
