/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_ASM_BARRIER_H
#define SHIM_ASM_BARRIER_H

/* With what it pairs is said where it is used. */
#define smp_rmb()		__atomic_thread_fence(__ATOMIC_ACQUIRE)
/* The same. */
#define smp_wmb()		__atomic_thread_fence(__ATOMIC_RELEASE)

#endif
