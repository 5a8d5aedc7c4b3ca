/* SPDX-License-Identifier: GPL-2.0 */
#ifndef UNIT_LINUX_SPINLOCK_H
#define UNIT_LINUX_SPINLOCK_H

#include "kernel_parts.h"

#endif
