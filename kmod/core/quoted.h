/* SPDX-License-Identifier: GPL-2.0 */
/* quoted-string of RFC 3261 clause 25.1, which may be folded here. */
#ifndef SIPSEC_CORE_QUOTED_H
#define SIPSEC_CORE_QUOTED_H

#include <linux/types.h>

struct sipsec_quoted {
	bool escapes;	/* a quoted-pair in it */
	bool brackets;	/* an angle bracket in it */
};

/*
 * Read the one that begins at *pos, on its DQUOTE, in a header field of a
 * well-formed message that ends at end; *pos is moved behind it.  False: it is none.
 */
bool sipsec_quoted_read(const u8 *buf, u32 *pos, u32 end, struct sipsec_quoted *q);

#endif
