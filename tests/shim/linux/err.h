/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_ERR_H
#define SHIM_LINUX_ERR_H

#include <linux/errno.h>

#define PTR_ERR_OR_ZERO(ptr)	\
	((unsigned long)(ptr) >= -4095UL ? (int)(long)(ptr) : 0)

#endif
