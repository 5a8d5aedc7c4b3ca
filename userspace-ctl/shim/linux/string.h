/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_CTL_SHIM_STRING_H
#define SIPSEC_CTL_SHIM_STRING_H

#include <string.h>
#include <strings.h>

#endif
