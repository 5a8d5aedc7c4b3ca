/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The seam to the kernel: a generic netlink socket of family sipsec.  Only
 * nl.c knows sockets; nothing here knows what the attributes mean.
 *
 * A request is begun, filled with attributes, and then done or dumped.  Many
 * can be batched: one write and one answer for up to NL_BATCH of them.  What
 * was sent is wiped, since it may hold a key.
 *
 * Functions that return int give 0 or a negative errno; nl_error() then has
 * one line that says why, with the kernel's own words where there are any.
 */
#ifndef SIPSEC_CTL_NL_H
#define SIPSEC_CTL_NL_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct nl;
struct nlmsghdr;

/* Requests in one batch: their answers must fit a receive buffer. */
#define NL_BATCH	128

/* Called for each message that answers; not 0 ends the request with it. */
typedef int (*nl_msg_fn)(const struct nlmsghdr *nlh, void *arg);

struct nl_batch_fns {
	/* an answer to the request begun with that tag */
	void (*reply)(const struct nlmsghdr *nlh, void *tag, void *arg);
	/* it was refused, err a negative errno, why as of nl_error() */
	void (*refused)(int err, const char *why, void *tag, void *arg);
};

/* A handle without a socket; NULL: no memory. */
struct nl *nl_new(void);

/*
 * Give it a socket, in the calling thread's network namespace, and look up the
 * family.  -ENOENT: the kernel has no such family.  After an error the handle
 * is good for nl_error() and nl_close() alone.
 */
int nl_connect(struct nl *nl);

void nl_close(struct nl *nl);

/* A new request of a command of the family; valid until it is done. */
struct nlmsghdr *nl_begin(struct nl *nl, uint8_t cmd);

int nl_do(struct nl *nl, nl_msg_fn fn, void *arg);
int nl_dump(struct nl *nl, nl_msg_fn fn, void *arg);

/*
 * The next request of the batch.  The caller sees to it that the batch is not
 * full: nl_batch_full() before it.
 */
struct nlmsghdr *nl_batch_begin(struct nl *nl, uint8_t cmd, void *tag);
bool nl_batch_full(const struct nl *nl);

/*
 * Send what has been batched and wait for all answers.  A request that is
 * refused does not keep those after it from being carried out.
 */
int nl_batch_send(struct nl *nl, const struct nl_batch_fns *fns, void *arg);

/*
 * Multicast: join, then wait for messages one after another.  nl_listen()
 * returns what fn returned when that is not 0; -ENOBUFS when messages were
 * lost (call it again to go on); -EINTR on a signal that waiting lets in.
 */
int nl_join(struct nl *nl, const char *group);
int nl_listen(struct nl *nl, const sigset_t *waiting, nl_msg_fn fn, void *arg);

/*
 * The attribute on the top level of the request that the last refusal was about,
 * or in which it was; 0: the kernel did not say.
 */
unsigned int nl_error_attr(const struct nl *nl);

/* Why the last call failed: "spi: in use", "Operation not permitted". */
const char *nl_error(const struct nl *nl);

#endif
