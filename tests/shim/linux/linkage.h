/* SPDX-License-Identifier: GPL-2.0 */
/* For assembler. */
#ifndef SHIM_LINUX_LINKAGE_H
#define SHIM_LINUX_LINKAGE_H

.section .note.GNU-stack, "", @progbits

#define SYM_FUNC_START(name)	.globl name; .type name, @function; .balign 16; name:
#define SYM_FUNC_END(name)	.size name, . - name
#define RET			ret

#endif
