/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The header fields of RFC 3329, Security-Client, Security-Server and
 * Security-Verify, and mechanism sipsec in them (clause 15).
 *
 * Nothing is allocated, and no octet outside the given ones is read.  Other
 * mechanisms are checked for their syntax and kept aside.
 */
#ifndef SIPSEC_CTL_SECAGREE_H
#define SIPSEC_CTL_SECAGREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/alg.h"
#include "core/sipmsg.h"

/* Values of all lines of a field, and parameters of one: more is refused. */
#define SECAGREE_MAX_MECHS	32
#define SECAGREE_MAX_PARAMS	16

enum secagree_field {
	SECAGREE_CLIENT,
	SECAGREE_SERVER,
	SECAGREE_VERIFY,
};

enum secagree_error {
	SECAGREE_E_MESSAGE = -1,
	SECAGREE_E_MISSING = -2,
	SECAGREE_E_SYNTAX = -3,
	SECAGREE_E_MANY = -4,
	SECAGREE_E_PARAMS = -5,
	SECAGREE_E_TWICE = -6,
	SECAGREE_E_Q = -7,
	SECAGREE_E_VER_MISSING = -8,
	SECAGREE_E_ALG_MISSING = -9,
	SECAGREE_E_SPI = -10,
	SECAGREE_E_SPI_RESERVED = -11,
	SECAGREE_E_SPI_MISSING = -12,
	SECAGREE_E_NONE = -13,
	SECAGREE_E_ROOM = -14,
};

/* One value of a field. */
struct secagree_mech {
	struct sipsec_span value;	/* all of it, without white space around */
	struct sipsec_span name;
	bool usable;		/* sipsec of a version and algorithm that are known */
	bool has_spi;
	uint8_t alg;
	uint32_t spi;
	uint16_t q;		/* in thousandths; 1000 where not given */
};

/* All values of a field in their order, whether in one line or in several. */
struct secagree {
	const uint8_t *octets;	/* what the spans are of */
	unsigned int nr;
	struct secagree_mech mechs[SECAGREE_MAX_MECHS];
};

/* "security-client" */
const char *secagree_field_name(enum secagree_field field);

/*
 * Read a field: of a well-formed message of any kind, or its value alone.  The
 * octets must stay while *a is used.  Returns 0, or a code above and *a is empty;
 * SECAGREE_E_MISSING where the message has no such field.
 */
int secagree_read(const uint8_t *msg, size_t len, enum secagree_field field,
		  struct secagree *a);
int secagree_read_value(const uint8_t *text, size_t len, struct secagree *a);

/* The place of an algorithm in the order of strength, 1 the strongest; 0: none. */
unsigned int secagree_rank(unsigned int alg);
/* The algorithm of that place, or NULL. */
const struct sipsec_alg *secagree_by_rank(unsigned int rank);

/*
 * The strongest algorithm offered that is among those allowed (bits by number);
 * of several of one algorithm the first.  *mech is the value that offers it, and
 * has an SPI.  Returns 0, SECAGREE_E_NONE, or SECAGREE_E_SPI_MISSING.
 */
int secagree_choose(const struct secagree *a, uint32_t allowed,
		    const struct secagree_mech **mech);

/* Have both the same values in the same order, white space between aside? */
bool secagree_equal(const struct secagree *a, const struct secagree *b);

/*
 * The values as one line, joined by ", ", each with white space left out where
 * it may be: a value that secagree_read_value() reads, and a NUL.  Returns 0 or
 * SECAGREE_E_ROOM.
 */
int secagree_text(const struct secagree *a, char *text, size_t size);

/*
 * Append "sipsec;ver=1;alg=aes-gmac;spi=a001;q=0.9" to a text of that room; with
 * ", " before it where it is not the first; spi 0 and q 0 are left out.  Returns
 * 0 or SECAGREE_E_ROOM.
 */
#define SECAGREE_VALUE_MAX	80
#define SECAGREE_Q_FIRST	900	/* of the value that is wanted most */
int secagree_append(char *text, size_t size, unsigned int alg, uint32_t spi, unsigned int q);

/* "reason" or "parameter: reason" of a code above; never NULL. */
const char *secagree_strerror(int err);

#endif
