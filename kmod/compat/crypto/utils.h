/* SPDX-License-Identifier: GPL-2.0 */
/* crypto_memneq(): in a header of its own since 6.6. */
#ifndef SIPSEC_COMPAT_CRYPTO_UTILS_H
#define SIPSEC_COMPAT_CRYPTO_UTILS_H

#ifdef SIPSEC_HAVE_CRYPTO_UTILS_H
#include_next <crypto/utils.h>
#else
#include <crypto/algapi.h>
#endif

#endif
