/* SPDX-License-Identifier: GPL-2.0 */
#ifndef UNIT_LINUX_KTIME_H
#define UNIT_LINUX_KTIME_H

#include "kernel_parts.h"

#endif
