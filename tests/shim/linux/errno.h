/* SPDX-License-Identifier: GPL-2.0 */
/* As it is; here so that all that pure code may include is in one place. */
#include_next <linux/errno.h>
