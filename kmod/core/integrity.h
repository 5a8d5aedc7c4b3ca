/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Integrity header field (clause 3), PSEUDO (clause 4) and the SigComp
 * shim (clause 14, recognised only).
 */
#ifndef SIPSEC_CORE_INTEGRITY_H
#define SIPSEC_CORE_INTEGRITY_H

#include <linux/types.h>

#include "limits.h"

enum sipsec_scope {
	SIPSEC_SCOPE_HOP = 0,
	SIPSEC_SCOPE_E2E = 1,
	SIPSEC_SCOPE_UNKNOWN,
};

struct sipsec_integrity {
	u64 seq;
	u32 spi;
	u32 mac_off;	/* of the mac value's first character, in the message */
	u8 mac_chars;	/* 1 to 43 */
	u8 scope;	/* enum sipsec_scope */
};

/*
 * Parse the value of an Integrity field: octets [off, off + len) of buf, all
 * that stands between the colon and the CRLF (a CR or LF in it, thus folding,
 * is malformed).  Returns true and fills *f; for an unknown scope only
 * f->scope is set.  False: malformed.
 */
bool sipsec_integrity_parse(const u8 *buf, u32 off, u32 len, struct sipsec_integrity *f);

/*
 * base64url without padding to octets.  True when chars is exactly the length
 * that mac_len octets need and the unused trailing bits are zero.
 */
bool sipsec_mac_decode(const u8 *text, unsigned int chars, u8 *mac, unsigned int mac_len);

/* mac_len octets to (mac_len * 8 + 5) / 6 characters; not NUL-terminated. */
void sipsec_mac_encode(u8 *text, const u8 *mac, unsigned int mac_len);

/*
 * Write "Integrity: <spi>;seq=<seq>;mac=AAAA..." CRLF (name "g" and no space
 * after the colon if compact) with mac_chars characters 'A'.  out has room
 * for SIPSEC_MAX_FIELD_LEN.  Returns the octets written; *mac_off is the mac
 * value's offset in out.
 */
unsigned int sipsec_integrity_format(u8 *out, bool compact, u32 spi, u64 seq,
				     unsigned int mac_chars, unsigned int *mac_off);

/* Where in PSEUDO scope and direction (its lowest bit) and the SPI are. */
#define SIPSEC_PSEUDO_SCOPE	1
#define SIPSEC_PSEUDO_SPI	4

/* PSEUDO of clause 4. */
void sipsec_pseudo(u8 out[SIPSEC_PSEUDO_LEN], enum sipsec_scope scope,
		   unsigned int direction, unsigned int alg, u32 spi, u64 seq);

enum sipsec_shim {
	SIPSEC_SHIM_NONE,
	SIPSEC_SHIM_MALFORMED,
	SIPSEC_SHIM_OK,
};

/*
 * Is there a shim of clause 14 in a datagram whose first octet is >= 0xf8?
 * NONE: T bit clear, a short item, or a long item that does not begin with
 * 0x49.  MALFORMED: it does, and the version is wrong or n is not 14 plus the
 * MAC octets of an algorithm of clause 5, or the datagram ends before it.
 */
enum sipsec_shim sipsec_shim_probe(const u8 *buf, u32 len);

#endif
