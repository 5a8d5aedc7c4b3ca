/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keys by the name of their file: PATH is a file of one key (secret.h), PATH#N
 * the Nth line of a file that has one a line.  A file is read once; the keys
 * stay in memory that no core dump shows until keyring_free() wipes it.
 */
#ifndef SIPSEC_CTL_KEYRING_H
#define SIPSEC_CTL_KEYRING_H

#include <stdbool.h>
#include <stdint.h>

struct keyring;

/* NULL: no memory. */
struct keyring *keyring_new(void);
void keyring_free(struct keyring *k);

/*
 * The key that spec names, below directory dir (NULL: the current one) where
 * it is no absolute path.  "-" is standard input, where that is allowed.
 * Returns 0, *key valid until keyring_free(); or a negative errno after saying
 * why, in a message that begins with what.
 */
int keyring_get(struct keyring *k, const char *what, const char *dir, const char *spec,
		const uint8_t **key, uint8_t *len);

#endif
