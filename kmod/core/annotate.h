/* SPDX-License-Identifier: GPL-2.0 */
/* The annotation of clause 12: a word that stands where an Integrity value stood. */
#ifndef SIPSEC_CORE_ANNOTATE_H
#define SIPSEC_CORE_ANNOTATE_H

#include "limits.h"
#include "sipmsg.h"

/*
 * Is it one: SIPSEC_MIN_WORD to SIPSEC_MAX_WORD token characters, at least one
 * of them no hexadecimal digit?
 */
bool sipsec_word_ok(const u8 *word, u32 len);

/* A word of SIPSEC_MAX_WORD characters out of as many random octets. */
void sipsec_word_make(u8 word[SIPSEC_MAX_WORD], const u8 random[SIPSEC_MAX_WORD]);

/*
 * Overwrite a value of len octets with "<word>;<spi>" and spaces, where that does
 * not fit with the word and spaces.  False, and nothing is written, where not
 * even the word fits.
 */
bool sipsec_annotation_write(u8 *value, u32 len, const u8 *word, u32 word_len, u32 spi);

/* What of a field's value is overwritten: all behind the white space it begins with. */
struct sipsec_span sipsec_annotation_place(const u8 *buf, struct sipsec_span value);

/*
 * Does an Integrity field of a well-formed message begin with the word?  One of
 * an unknown scope can: it need not have an SPI.
 */
bool sipsec_msg_has_word(const u8 *buf, const struct sipsec_msg *msg, const u8 *word,
			 u32 word_len);

#endif
