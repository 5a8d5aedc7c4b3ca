/* SPDX-License-Identifier: GPL-2.0 */
/* Credentials of the Digest scheme (RFC 3261 clause 25.1, RFC 3310). */
#ifndef SIPSEC_CORE_DIGEST_H
#define SIPSEC_CORE_DIGEST_H

#include <linux/types.h>

#include "span.h"

/*
 * The username of an Authorization field's value, octets [pos, end) of a
 * well-formed message.  False: it does not parse; or the scheme is another; or
 * there is no username, or two, or one of another form ("username*" of RFC 7616);
 * or a quoted string has an escape: the digest parsers of some proxies take a
 * quoted quote for the end of the string.
 */
bool sipsec_digest_username(const u8 *buf, u32 pos, u32 end, struct sipsec_span *username);

#endif
