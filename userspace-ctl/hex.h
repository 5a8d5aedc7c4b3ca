/* SPDX-License-Identifier: GPL-2.0 */
/* Octets as hexadecimal digits (two an octet, no prefix, no separators), and numbers. */
#ifndef SIPSEC_CTL_HEX_H
#define SIPSEC_CTL_HEX_H

#include <stddef.h>
#include <stdint.h>

/* The value of a digit, upper or lower case; -1 for anything else. */
int hex_digit(char c);

/*
 * digits characters at text to *len octets at out, which has room for size.
 * Returns 0, -EINVAL for an odd count or what is no digit, -EMSGSIZE for more
 * than size octets.  On an error out may have been written.
 */
int hex_decode(const char *text, size_t digits, uint8_t *out, size_t size, size_t *len);

/* len octets to 2 * len digits, lower case, and a NUL. */
void hex_encode(char *text, const uint8_t *data, size_t len);

/* How many characters at the beginning of text are hexadecimal digits. */
size_t hex_span(const char *text);

/*
 * A word for a message: text itself, or, where it may be a key that stands in the
 * wrong place, something else.
 */
const char *hex_shown(const char *text);

/* A number: decimal, or hexadecimal behind 0x; returns 0 or -EINVAL, also above max. */
int number_read(const char *text, uint64_t max, uint64_t *value);

#endif
