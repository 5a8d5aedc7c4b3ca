/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_COMPAT_LINUX_RCUPDATE_H
#define SIPSEC_COMPAT_LINUX_RCUPDATE_H

#include_next <linux/rcupdate.h>

/* Lazy RCU, which would delay the wiping of keys, came with 6.2, and this too. */
#ifndef SIPSEC_HAVE_CALL_RCU_HURRY
#define call_rcu_hurry(head, func)	call_rcu(head, func)
#endif

#endif
