/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_CTL_SA_KEY_H
#define SIPSEC_CTL_SA_KEY_H

#include "keyring.h"
#include "sa.h"

/*
 * The default algorithm where none is given, and the key of sa->key_file as
 * keyring_get() reads it, which must be of the algorithm's length.  Returns 0
 * or a negative errno after saying why.
 */
int sa_read_key(struct sa *sa, struct keyring *keys, const char *what, const char *dir);

#endif
