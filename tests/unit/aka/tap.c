// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tap.h"

static unsigned int nr_tests, nr_failed;

bool ok(bool good, const char *fmt, ...)
{
	char text[256], *p;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* A line break would end the description, a '#' begin a directive. */
	for (p = text; *p; p++)
		if (*p == '\n' || *p == '#')
			*p = ' ';
	printf("%sok %u - %s\n", good ? "" : "not ", ++nr_tests, text);
	nr_failed += !good;
	return good;
}

void skip(const char *what, const char *why)
{
	printf("ok %u - %s # SKIP %s\n", ++nr_tests, what, why);
}

static void diag_hex(const char *label, const uint8_t *p, size_t len)
{
	printf("# %s ", label);
	while (len--)
		printf("%02x", *p++);
	printf("\n");
}

bool is_hex(const uint8_t *got, size_t got_len, const uint8_t *want, size_t want_len,
	    const char *what)
{
	bool good = got_len == want_len && !memcmp(got, want, want_len);

	ok(good, "%s", what);
	if (!good) {
		diag_hex(" got", got, got_len);
		diag_hex("want", want, want_len);
	}
	return good;
}

bool is_int(long got, long want, const char *what)
{
	ok(got == want, "%s", what);
	if (got != want)
		printf("#  got %ld\n# want %ld\n", got, want);
	return got == want;
}

int tap_done(void)
{
	printf("1..%u\n", nr_tests);
	if (nr_failed)
		printf("# %u failed\n", nr_failed);
	return nr_failed ? 1 : 0;
}
