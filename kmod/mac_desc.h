/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A hash's working memory on the stack: SHASH_DESC_ON_STACK() but for the zeros, which
 * kernels with CONFIG_INIT_STACK_ALL_ZERO would fill it with for each message before
 * crypto_shash_init() or _import() write what is read of it.  To be wiped by shash_desc_zero().
 */
#ifndef SIPSEC_MAC_DESC_H
#define SIPSEC_MAC_DESC_H

#include <crypto/hash.h>

union sipsec_mac_desc {
	struct shash_desc desc;
	u8 room[sizeof(struct shash_desc) + HASH_MAX_DESCSIZE];
};

#endif
