/* SPDX-License-Identifier: GPL-2.0 */
/* In user space the FPU is always there; a test may say that it is not. */
#ifndef SHIM_ASM_FPU_API_H
#define SHIM_ASM_FPU_API_H

#include <linux/types.h>

/* Defined by the program. */
bool irq_fpu_usable(void);
void kernel_fpu_begin(void);
void kernel_fpu_end(void);

#endif
