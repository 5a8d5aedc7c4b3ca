/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CTL_TESTS_H
#define CTL_TESTS_H

#include "capture.h"

/* What the last run() gave. */
extern struct capture cap;

/* The directory of this run, with key files: one.key, two.key, many. */
extern const char *dir;

/*
 * Run a command, words separated by one space, "@/" meaning dir, with input on
 * its standard input; returns its exit status.
 */
int run(const char *words, const char *input);

/* run(), exit status rc, and a line on stderr that begins with err. */
void refuses(const char *words, const char *input, int rc, const char *err);

/* A file of that name in dir. */
void make_file(const char *name, const char *text);

void test_words(void);
void test_attrs(void);
void test_config(void);
void test_load(void);
void test_commands(void);
void test_from_challenge(void);
void test_agree(void);
void test_json(void);

#endif
