/* SPDX-License-Identifier: GPL-2.0 */
#ifndef UNIT_LINUX_TIME64_H
#define UNIT_LINUX_TIME64_H

#include "kernel_parts.h"

#endif
