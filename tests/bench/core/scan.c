// SPDX-License-Identifier: GPL-2.0
/*
 * The floor: the lines of a header split a word of eight octets at a time, and
 * one field looked for. It checks nothing: no name, no colon, no stray octet.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "rows.h"

#define OF(octet)	(0x0101010101010101ULL * (octet))

static size_t find_lf(const char *p, size_t pos, size_t len)
{
	for (; len - pos >= 8; pos += 8) {
		uint64_t w, x, hit;

		memcpy(&w, p + pos, 8);
		x = w ^ OF('\n');
		hit = (x - OF(1)) & ~x & OF(0x80);
		if (hit)
			return pos + __builtin_ctzll(hit) / 8;
	}
	while (pos < len && p[pos] != '\n')
		pos++;
	return pos;
}

/* The offset of the body; *field is that of the Integrity field or 0. */
static __attribute__((noinline)) size_t scan(const char *p, size_t len, size_t *field)
{
	size_t pos = 0, end;

	*field = 0;
	for (;;) {
		end = find_lf(p, pos, len);
		if (end == len)
			return 0;
		if (end - pos == 1)
			return end + 1;
		if (end - pos > 10 && (p[pos] | 0x20) == 'i' && p[pos + 9] == ':' &&
		    !strncasecmp(p + pos, "integrity", 9))
			*field = pos;
		pos = end + 1;
	}
}

bool row_scan(const struct message *m, unsigned long n)
{
	size_t field;

	while (n--) {
		const char *p = m->data;

		/* nothing is known of it from one time to the next */
		__asm__ volatile("" : "+r" (p) :: "memory");
		if (!scan(p, m->len, &field))
			return false;
	}
	return true;
}
