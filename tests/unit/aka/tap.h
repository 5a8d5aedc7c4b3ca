/* SPDX-License-Identifier: GPL-2.0 */
/* TAP on standard output. */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One test: its result and, as by printf, what it was. */
bool ok(bool good, const char *fmt, ...)
	__attribute__
	((format(printf, 2, 3)));

/* One test that cannot be run here, and why. */
void skip(const char *what, const char *why);

/* ok(), and both values as diagnostics where they differ. */
bool is_hex(const uint8_t *got, size_t got_len, const uint8_t *want, size_t want_len,
	    const char *what);
bool is_int(long got, long want, const char *what);

/* The plan; the exit status of main(). */
int tap_done(void);

#endif
