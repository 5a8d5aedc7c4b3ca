/* SPDX-License-Identifier: GPL-2.0 */
/* <linux/unaligned.h> came with 6.12; before it was <asm/unaligned.h>. */
#ifndef SIPSEC_COMPAT_LINUX_UNALIGNED_H
#define SIPSEC_COMPAT_LINUX_UNALIGNED_H

#ifdef SIPSEC_HAVE_UNALIGNED_H
#include_next <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#endif
