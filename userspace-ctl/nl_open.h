/* SPDX-License-Identifier: GPL-2.0 */
/* A socket for a command, and what it says where there is none. */
#ifndef SIPSEC_CTL_NL_OPEN_H
#define SIPSEC_CTL_NL_OPEN_H

#include <stdbool.h>

#include "nl.h"

/* NULL after saying why; what begins the message. */
struct nl *nl_open(const char *what);

/* The same, and *missing instead of a message where there is no such family. */
struct nl *nl_open_quiet(const char *what, bool *missing);

#endif
