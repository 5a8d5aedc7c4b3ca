/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every bound of sipsec in one place, each with the clause of the
 * specification (docs/integrity.md) that sets it, or the reason for it.
 */
#ifndef SIPSEC_CORE_LIMITS_H
#define SIPSEC_CORE_LIMITS_H

/* Clause 8, well-formed: a listener's largest message, in octets of UDP payload. */
#define SIPSEC_MAX_SIZE_DEFAULT		16384
/*
 * No listener may raise it above this: PSEUDO, a message and a tag then fit
 * into one 64 KiB scratch buffer, and IPv4 UDP cannot carry 508 octets more.
 */
#define SIPSEC_MAX_SIZE_CAP		65000
/* A listener below this could take no real request. */
#define SIPSEC_MAX_SIZE_MIN		256

/* Clause 8: header lines of a message; a continuation line counts as a line. */
#define SIPSEC_MAX_HEADER_LINES		256

/* Clause 8, class 1: octets of a keepalive. */
#define SIPSEC_MAX_KEEPALIVE		64

/* Clause 8, class 2: SigComp's first octet is this or above. */
#define SIPSEC_SIGCOMP_FIRST		0xf8

/* Clause 2: SPIs 0 to 255 are reserved. */
#define SIPSEC_SPI_RESERVED		255

/* Clause 7: 0 turns the check off, else WINDOW_MIN to WINDOW_MAX. */
#define SIPSEC_WINDOW_DEFAULT		128
#define SIPSEC_WINDOW_MIN		32
#define SIPSEC_WINDOW_MAX		4096

/* Clause 3: characters of the mac and seq values and of the SPI. */
#define SIPSEC_MAX_MAC_CHARS		43
#define SIPSEC_MAX_SEQ_CHARS		16
#define SIPSEC_MAX_SPI_CHARS		8

/*
 * Generic parameters of one Integrity field of a known scope.  A bound of this
 * implementation: no repeated name may pass (clause 3) and nothing is allocated
 * to find one, so a field with more is malformed.  The worst that 16 KiB can make
 * of it, this many long names that differ in one octet, was measured at 32 us.
 */
#define SIPSEC_MAX_GENERIC_PARAMS	64

/* Clause 12: characters of an annotation's word. */
#define SIPSEC_MIN_WORD			8
#define SIPSEC_MAX_WORD			16

/* Clause 4: octets of PSEUDO; clause 5: of the longest MAC, key and salt. */
#define SIPSEC_PSEUDO_LEN		16
#define SIPSEC_MAX_MAC_LEN		16
#define SIPSEC_MAX_KEY_LEN		32

/*
 * The longest Integrity line this project writes, with CRLF:
 * "Integrity: " spi ";seq=" seq ";mac=" 22 characters.
 */
#define SIPSEC_MAX_FIELD_LEN		(11 + 8 + 5 + 16 + 5 + 22 + 2)

/*
 * Clause 11: public identities of an SA; and, of this implementation: octets of
 * an identity, and of all of an SA together, so that they fit into one netlink
 * message; P-Preferred-Identity values of a message (RFC 3325 has two) and
 * parameters of a telephone number, each of which is compared with all others.
 */
#define SIPSEC_MAX_IMPUS		16
#define SIPSEC_MAX_IDENTITY		255
#define SIPSEC_MAX_IDENTITIES		2048
#define SIPSEC_MAX_PREFERRED		16
#define SIPSEC_MAX_TEL_PARAMS		8

/* RFC 1035: octets of a domain name. */
#define SIPSEC_MAX_HOSTNAME		255

/* RFC 3261: T1, in milliseconds; clause 8: a spent SA is kept 64*T1. */
#define SIPSEC_T1_MS			500
#define SIPSEC_LINGER_S			(64 * SIPSEC_T1_MS / 1000)

/*
 * Clause 6: how long an SA may be temporary (TS 24.229: reg-await-auth), how long
 * it stays once it is old, and how many a private identity has in a direction.
 */
#define SIPSEC_TEMPORARY_S		240
#define SIPSEC_DRAIN_S			(64 * SIPSEC_T1_MS / 1000)
#define SIPSEC_MAX_SAS_OF_IMPI		6

/* Clause 8: the failure budget: wrong MACs in one period, its length in s. */
#define SIPSEC_FAIL_BUDGET		1024
#define SIPSEC_FAIL_PERIOD_S		60

#endif
