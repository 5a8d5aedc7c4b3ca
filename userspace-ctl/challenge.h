/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The 401 to a REGISTER as an S-CSCF sends it to the P-CSCF (TS 24.229, 5.4.1.2
 * and 5.2.2): WWW-Authenticate with an AKA challenge (RFC 3310, RFC 4169) and,
 * beside it, ck and ik, which the P-CSCF keeps and must not let through.
 *
 * Nothing is allocated, and no octet outside [msg, msg + len) is read.  What
 * is a SIP message at all is core/'s to say.
 */
#ifndef SIPSEC_CTL_CHALLENGE_H
#define SIPSEC_CTL_CHALLENGE_H

#include <stddef.h>
#include <stdint.h>

#include "core/sipmsg.h"

/* Two for each of at most this many WWW-Authenticate fields with keys. */
#define CHALLENGE_MAX_FIELDS	8
#define CHALLENGE_MAX_CUTS	(2 * CHALLENGE_MAX_FIELDS)

enum challenge_error {
	CHALLENGE_E_MESSAGE = -1,
	CHALLENGE_E_STATUS = -2,
	CHALLENGE_E_CSEQ = -3,
	CHALLENGE_E_CALL_ID = -4,
	CHALLENGE_E_FROM = -5,
	CHALLENGE_E_TO = -6,
	CHALLENGE_E_MISSING = -7,
	CHALLENGE_E_SYNTAX = -8,
	CHALLENGE_E_TWO = -9,
	CHALLENGE_E_MANY = -10,
	CHALLENGE_E_ALGORITHM_MISSING = -11,
	CHALLENGE_E_ALGORITHM_TWICE = -12,
	CHALLENGE_E_ALGORITHM = -13,
	CHALLENGE_E_REALM_MISSING = -14,
	CHALLENGE_E_REALM_TWICE = -15,
	CHALLENGE_E_NONCE_MISSING = -16,
	CHALLENGE_E_NONCE_TWICE = -17,
	CHALLENGE_E_NONCE = -18,
	CHALLENGE_E_CK_MISSING = -19,
	CHALLENGE_E_CK_TWICE = -20,
	CHALLENGE_E_CK = -21,
	CHALLENGE_E_IK_MISSING = -22,
	CHALLENGE_E_IK_TWICE = -23,
	CHALLENGE_E_IK = -24,
	CHALLENGE_E_ROOM = -25,
	CHALLENGE_E_SERVER = -26,
	CHALLENGE_E_USERNAME = -27,
};

/* What stands in a 401; spans are into the message. */
struct challenge {
	unsigned int aka_version;	/* 1 or 2, of AKAv1 or AKAv2 */
	struct sipsec_span algorithm;	/* as written, AKAv1-MD5 */
	struct sipsec_span realm;	/* between its quotes, escapes as they are */
	struct sipsec_span call_id;
	struct sipsec_span from_uri;	/* without angle brackets and parameters of the field */
	struct sipsec_span to_uri;	/* the public identity that registers */
	uint8_t rand[16];
	uint8_t autn[16];
	uint8_t ck[32];
	uint8_t ik[32];
	uint8_t ck_len;			/* octets: 16 or 32 */
	uint8_t ik_len;			/* octets: 16 or 32 */
	uint32_t header_end;		/* behind the last field's CRLF */
	/* In ascending order, none touching another: what the UE is not to see. */
	unsigned int nr_cuts;
	struct sipsec_span cuts[CHALLENGE_MAX_CUTS];
};

/*
 * Read a 401.  Where there is more than one AKA challenge, all must carry the
 * same RAND, AUTN, CK and IK; the first of them is described.  Returns 0 and
 * fills *c, to be wiped by the caller; or a code above, and *c is zero.
 */
int challenge_read(const uint8_t *msg, size_t len, struct challenge *c);

/*
 * The message for the UE: msg without the cuts, and with line, header fields that
 * end with CRLF or "", behind the last one; every other octet as it was.  It is
 * *out_len octets at out, which has room for size; never more than len and those
 * of line.  Returns 0 or CHALLENGE_E_ROOM.
 */
int challenge_rewrite(const struct challenge *c, const uint8_t *msg, size_t len,
		      const char *line, uint8_t *out, size_t size, size_t *out_len);

/*
 * The private identity of the user whose REGISTER it is: the username of its
 * Authorization fields, as it stands between the quotes; len 0 where it has none.
 * Returns 0, CHALLENGE_E_MESSAGE, or CHALLENGE_E_USERNAME where they differ or
 * cannot be read.
 */
int challenge_read_username(const uint8_t *msg, size_t len, struct sipsec_span *username);

void challenge_wipe(struct challenge *c);

/* "field: reason" of a code above; never NULL. */
const char *challenge_strerror(int err);

#endif
