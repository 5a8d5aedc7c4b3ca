/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_COMPAT_LINUX_LOCAL_LOCK_H
#define SIPSEC_COMPAT_LINUX_LOCAL_LOCK_H

#include_next <linux/local_lock.h>

/*
 * Since 6.11.  Before, disabled bottom halves alone keep per-CPU data apart,
 * on PREEMPT_RT too.
 */
#ifndef local_lock_nested_bh
#define local_lock_nested_bh(lock)	((void)(lock))
#define local_unlock_nested_bh(lock)	((void)(lock))
#endif

#endif
