/* SPDX-License-Identifier: GPL-2.0 */
/* What an algorithm has to pass before it is registered. */
#ifndef SIPSEC_CRYPTO_SELFTEST_H
#define SIPSEC_CRYPTO_SELFTEST_H

#include <linux/init.h>

#include "msg.h"

/*
 * Compute the published vectors, whole and in pieces.  0; -EINVAL if one
 * differs, which has been logged; another errno if it could not be tried.
 */
int __init threegpp_selftest(const struct threegpp_alg *alg);

#endif
