/* SPDX-License-Identifier: GPL-2.0 */
/* Clause 11: does a message name only identities of the SA it came on? */
#ifndef SIPSEC_CORE_IDENTITY_H
#define SIPSEC_CORE_IDENTITY_H

#include "limits.h"
#include "sipmsg.h"
#include "str.h"
#include "uriwhy.h"

/* Those of an SA.  Each is good by the functions below. */
struct sipsec_identity_set {
	struct sipsec_str impi;	/* private; len 0: none */
	u32 nr;			/* public */
	struct sipsec_str impu[SIPSEC_MAX_IMPUS];
};

/*
 * Clause 11 for a well-formed message: OK where the clause does not apply, or
 * where every identity is one of ids; else which field is to blame.  URIs are
 * looked at where ids has public identities, usernames where it has the private
 * one.
 *
 * A To tag is no way round the clause for REGISTER, which has no dialog: there
 * a tag changes nothing.  The methods ACK and CANCEL are told by their exact
 * case, REGISTER in any, as the more lenient proxies do.
 */
enum sipsec_why sipsec_identity_check(const u8 *buf, const struct sipsec_msg *msg,
				      const struct sipsec_identity_set *ids);

/*
 * Is it a public identity: a sip:, sips: or tel: URI of at most 255 octets, without
 * password and header part?  OK, or why not.
 */
enum sipsec_uri_why sipsec_impu_check(struct sipsec_str impu);

/*
 * Is it a private identity: 1 to 255 octets of UTF-8, printable, without space,
 * quote and backslash?  A username that needs an escape would be read differently by
 * different programs.
 */
bool sipsec_impi_good(struct sipsec_str impi);

/* Are both public identities, and the same one (clause 11)? */
bool sipsec_impu_equal(struct sipsec_str a, struct sipsec_str b);

/* What an enum sipsec_uri_why means to an administrator. */
const char *sipsec_uri_why_name(unsigned int why);

#endif
