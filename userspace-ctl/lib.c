// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "codec.h"
#include "core/limits.h"
#include "lib.h"

/* An SPI drawn at random is in use once in thousands of times, at worst. */
#define MAX_DRAWS	16

unsigned int sipsec_library_version(void)
{
	return LIBSIPSEC_VERSION;
}

const char *sipsec_library_release(void)
{
	return SIPSEC_VERSION;
}

struct sipsec *sipsec_new(void)
{
	return calloc(1, sizeof(struct sipsec));
}

void sipsec_free(struct sipsec *s)
{
	if (!s)
		return;
	nl_close(s->nl);
	free(s);
}

const char *sipsec_error(const struct sipsec *s)
{
	return s->error;
}

int lib_fail(struct sipsec *s, int err, const char *fmt, ...)
{
	va_list ap;

	s->refused = false;
	va_start(ap, fmt);
	vsnprintf(s->error, sizeof(s->error), fmt, ap);
	va_end(ap);
	return err;
}

int lib_refused(struct sipsec *s, int err, const char *what)
{
	lib_fail(s, err, "%s%s%s", what ? what : "", what ? ": " : "", nl_error(s->nl));
	s->refused = true;
	return err;
}

struct nl *lib_nl(struct sipsec *s, int *err)
{
	const pid_t self = getpid();

	*err = 0;
	if (s->nl && s->pid == self)
		return s->nl;
	/* A socket from before fork() is the parent's: answers would be mixed up. */
	nl_close(s->nl);
	s->nl = nl_new();
	s->pid = self;
	*err = s->nl ? nl_connect(s->nl) : -ENOMEM;
	if (!*err)
		return s->nl;
	if (!s->nl)
		lib_fail(s, *err, "%s", strerror(ENOMEM));
	else if (*err == -ENOENT)
		lib_refused(s, *err, NULL);
	else
		lib_refused(s, *err, "netlink");
	nl_close(s->nl);
	s->nl = NULL;
	return NULL;
}

int sipsec_open(struct sipsec *s)
{
	int err;

	lib_nl(s, &err);
	return err;
}

int lib_words(struct sipsec *s, const struct grammar *g, unsigned int use,
	      const char *const *words, void *object)
{
	char error[WORD_ERROR_MAX];
	int n = 0;

	while (words && words[n])
		if (++n > WORD_MAX_WORDS)
			return lib_fail(s, -EINVAL, "words: too many");
	/* They are only read. */
	if (words_parse(g, use, n, (char **)words, object, error))
		return lib_fail(s, -EINVAL, "%s", error);
	return 0;
}

static int read_algs(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *a;
	uint32_t *algs = arg;
	struct codec_alg alg;

	mnl_attr_for_each(a, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(a) != SIPSEC_A_ALGORITHM)
			continue;
		codec_get_alg(a, &alg);
		if (alg.driver && !alg.disabled && alg.nr < 32)
			*algs |= 1U << alg.nr;
	}
	return 0;
}

int lib_algs(struct sipsec *s, const char *names, uint32_t *algs)
{
	const char *reason;
	struct nl *nl;
	int err;

	*algs = 0;
	if (names) {
		reason = algs_parse(names, algs);
		return reason ? lib_fail(s, -EINVAL, "alg: %s", reason) : 0;
	}
	nl = lib_nl(s, &err);
	if (!nl)
		return err;
	nl_begin(nl, SIPSEC_CMD_INFO_GET);
	err = nl_do(nl, read_algs, algs);
	return err ? lib_refused(s, err, NULL) : 0;
}

uint32_t lib_random_spi(void)
{
	uint32_t spi = 0;

	while (spi <= SIPSEC_SPI_RESERVED)
		if (getrandom(&spi, sizeof(spi), 0) != sizeof(spi))
			spi = 0;
	return spi;
}

int lib_spi_used(struct sipsec *s, uint32_t spi)
{
	struct sa sa = { .type = SIPSEC_SA_INBOUND, .spi = spi };
	struct nl *nl;
	int err;

	nl = lib_nl(s, &err);
	if (!nl)
		return err;
	object_set(&sa, SIPSEC_A_SA_TYPE);
	object_set(&sa, SIPSEC_A_SA_SPI);
	codec_put(nl_begin(nl, SIPSEC_CMD_SA_GET), &sa_grammar, &sa);
	err = nl_do(nl, NULL, NULL);
	if (err == -ENOENT)
		return 0;
	return err ? lib_refused(s, err, NULL) : 1;
}

int sipsec_draw_spi(struct sipsec *s, uint32_t *spi)
{
	unsigned int i;

	for (i = 0; i < MAX_DRAWS; i++) {
		const uint32_t drawn = lib_random_spi();
		const int used = lib_spi_used(s, drawn);

		if (used < 0)
			return used;
		if (used)
			continue;
		*spi = drawn;
		return 0;
	}
	return lib_fail(s, -EEXIST, "spi: none found that is not in use");
}
