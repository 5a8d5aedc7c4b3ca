/* SPDX-License-Identifier: GPL-2.0 */
/* The names of header fields, and those that are known at a glance. */
#ifndef SIPSEC_CORE_FIELDNAME_H
#define SIPSEC_CORE_FIELDNAME_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "word.h"

/* Those that somebody here wants to know; all others are OTHER. */
enum sipsec_field_name {
	/* what clause 8 asks of every message; the first four may appear once */
	SIPSEC_FIELD_FROM,
	SIPSEC_FIELD_TO,
	SIPSEC_FIELD_CALL_ID,
	SIPSEC_FIELD_CSEQ,
	SIPSEC_FIELD_CONTENT_LENGTH,
	SIPSEC_FIELD_INTEGRITY,
	/* what is looked for afterwards */
	SIPSEC_FIELD_VIA,
	SIPSEC_FIELD_PREFERRED_IDENTITY,
	SIPSEC_FIELD_AUTHORIZATION,
	SIPSEC_FIELD_OTHER,
};

/* Which one is a name, a token of len (1 or more) octets, without regard to case? */
enum sipsec_field_name sipsec_field_name(const u8 *name, u32 len);

/*
 * The usual names, with the colon behind them, as sipsec_word() reads them: with three words
 * a line's name is known for one, whereas each octet of another's has to be looked at.
 * Which these are makes no difference but in time.
 */
#define SIPSEC_KNOWN_WORDS	3
#define SIPSEC_KNOWN_LEN	(SIPSEC_KNOWN_WORDS * SIPSEC_WORD)
#define SIPSEC_KNOWN_BITS	7

struct sipsec_known_name {
	u64 name[SIPSEC_KNOWN_WORDS];	/* in lower case */
	u64 fold[SIPSEC_KNOWN_WORDS];	/* bit 5 of letters, and all that is behind the colon */
	u8 len;				/* without the colon */
	u8 is;				/* enum sipsec_field_name */
	bool more;			/* the next one begins with the same three octets */
} __aligned(64);			/* one line of the cache */

/*
 * Its place, by the first three octets: of a fourth nothing is left in 32 bits.  The factor
 * was looked for at random until no two places were the same; W=1 tells where they are.
 */
#define SIPSEC_KNOWN_HASH(octets) \
	(((u32)(octets) | 0x202020) * 0x25e8b00U >> (32 - SIPSEC_KNOWN_BITS))

extern const struct sipsec_known_name sipsec_known_names[1 << SIPSEC_KNOWN_BITS];

/* The one that stands at p, where there are two words at least.  NULL says nothing. */
static __always_inline const struct sipsec_known_name *sipsec_known_name(const u8 *p,
									 const u8 *end)
{
	u64 a = sipsec_word(p);
	u64 b = sipsec_word(p + SIPSEC_WORD);
	/* behind the last name of a message without a body there are few */
	u64 c = likely(end - p >= SIPSEC_KNOWN_LEN) ? sipsec_word(p + 2 * SIPSEC_WORD) : 0;
	const struct sipsec_known_name *k = &sipsec_known_names[SIPSEC_KNOWN_HASH(a)];

	for (;; k++) {
		u64 differ = ((a | k->fold[0]) ^ k->name[0]) | ((b | k->fold[1]) ^ k->name[1]) |
			     ((c | k->fold[2]) ^ k->name[2]);

		if (likely(!differ))
			return k;
		if (!k->more)
			return NULL;
	}
}

#endif
