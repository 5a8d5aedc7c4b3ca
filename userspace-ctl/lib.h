/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of libsipsec share: the handle, and how a function fails. */
#ifndef SIPSEC_CTL_LIB_H
#define SIPSEC_CTL_LIB_H

#include <sys/types.h>

#include "libsipsec.h"
#include "nl.h"
#include "word.h"

struct pair;

struct sipsec {
	struct nl *nl;		/* NULL: not open */
	pid_t pid;		/* whose socket it is */
	bool refused;		/* the last error is the kernel's or the socket's */
	char error[384];
};

/* Keep the text and return err, a negative errno. */
int lib_fail(struct sipsec *s, int err, const char *fmt, ...)
	__attribute__
	((format(printf, 3, 4)));

/* A socket of this process, opened where there is none; NULL: *err says why. */
struct nl *lib_nl(struct sipsec *s, int *err);

/* The kernel's or the socket's refusal; what (may be NULL) goes before. */
int lib_refused(struct sipsec *s, int err, const char *what);

/* Words into an object that was zero. */
int lib_words(struct sipsec *s, const struct grammar *g, unsigned int use,
	      const char *const *words, void *object);

/* Names, or what the kernel serves for NULL, as bits by number. */
int lib_algs(struct sipsec *s, const char *names, uint32_t *algs);

/* Whole message, or value of a field alone? */
bool lib_is_message(const void *octets, size_t len);

/* The strongest of some that there are. */
const struct sipsec_alg *lib_strongest(uint32_t algs);

/* An SPI at random that is not reserved, whether it is in use or not. */
uint32_t lib_random_spi(void);

/* Is there an inbound SA of that SPI?  0 or 1, or a negative errno. */
int lib_spi_used(struct sipsec *s, uint32_t spi);

/* sipsec_agree_server() and the like, of algorithms by bits. */
int lib_agree_server(struct sipsec *s, const void *message, size_t len, uint32_t algs,
		     uint32_t spi, struct sipsec_agreement **a);
int lib_agree_verify(struct sipsec *s, const void *message, size_t len, uint32_t algs,
		     struct sipsec_agreement **a);
int lib_agree_client(struct sipsec *s, uint32_t algs, uint32_t spi, char *value, size_t size);
int lib_agree_offer(struct sipsec *s, uint32_t algs, char *value, size_t size);

/* sipsec_pair_make() of words that have been read. */
int lib_pair_make(struct sipsec *s, const struct pair *words, const void *challenge,
		  size_t challenge_len, const void *reg, size_t reg_len,
		  struct sipsec_pair **pair);
/* Take both SAs back. */
int lib_pair_delete(struct sipsec *s, const struct sipsec_pair *pair);

#endif
