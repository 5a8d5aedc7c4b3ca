/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The lexical rules of SIP header fields that core/ has no use for: tokens,
 * quoted strings, white space (RFC 3261, 25.1).  Nothing is allocated, and no
 * octet from end on is read.
 */
#ifndef SIPSEC_CTL_LEX_H
#define SIPSEC_CTL_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/sipmsg.h"

/* What is left to read of a header field's value. */
struct cursor {
	const uint8_t *msg;
	uint32_t pos;
	uint32_t end;
};

bool lex_end(const struct cursor *c);

/*
 * In a well-formed message a CR or LF inside a field belongs to folding, so it
 * is white space like any other.
 */
bool lex_is_space(uint8_t o);
void lex_skip_space(struct cursor *c);

/* Each moves behind what it found; false: it is not there. */
bool lex_octet(struct cursor *c, uint8_t o);
bool lex_token(struct cursor *c, struct sipsec_span *s);
/* From the opening quote on; s is what stands between the quotes. */
bool lex_quoted(struct cursor *c, struct sipsec_span *s);

/* Alike without regard to case; text is of lower-case letters, digits and '-'. */
bool lex_text_is(const uint8_t *name, size_t len, const char *text);
bool lex_same(const uint8_t *msg, const struct sipsec_span *s, const char *text);

/*
 * The next header field of a well-formed message: its name, and its value from
 * behind the colon to before its CRLF.  *pos starts at m->start_len.  False:
 * there is none left.
 */
bool lex_next_field(const uint8_t *msg, const struct sipsec_msg *m, uint32_t *pos,
		    struct sipsec_span *name, struct cursor *value);

#endif
