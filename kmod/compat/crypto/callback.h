/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A crypto API completion callback got the request up to 6.2 and gets its
 * data since.  SIPSEC_CRYPTO_CALLBACK(name, data, err) opens its definition.
 */
#ifndef SIPSEC_COMPAT_CRYPTO_CALLBACK_H
#define SIPSEC_COMPAT_CRYPTO_CALLBACK_H

#include <linux/crypto.h>

#ifdef SIPSEC_CRYPTO_CALLBACK_HAS_DATA
#define SIPSEC_CRYPTO_CALLBACK(name, data, err)				\
	static void name(void *data, int err)
#else
#define SIPSEC_CRYPTO_CALLBACK(name, data, err)				\
	static void name##_data(void *data, int err);			\
	static void name(struct crypto_async_request *req, int err)	\
	{								\
		name##_data(req->data, err);				\
	}								\
	static void name##_data(void *data, int err)
#endif

#endif
