/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TAP: a line for each test, the plan behind them all; a program that dies
 * half-way prints no plan and so has failed too.
 */
#ifndef UNIT_TAP_H
#define UNIT_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static unsigned int tap_run, tap_failed;

static inline __attribute__((format(printf, 2, 3))) bool tap_ok(bool good, const char *format, ...)
{
	va_list args;

	tap_run++;
	if (!good)
		tap_failed++;
	printf("%s %u - ", good ? "ok" : "not ok", tap_run);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
	return good;
}

static inline void tap_skip(const char *name, const char *why)
{
	printf("ok %u - %s # SKIP %s\n", ++tap_run, name, why);
}

/* The plan; the program's exit status. */
static inline int tap_done(void)
{
	printf("1..%u\n", tap_run);
	return tap_failed || !tap_run;
}

#endif
