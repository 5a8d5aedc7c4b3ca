/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_CTL_SHIM_BITS_H
#define SIPSEC_CTL_SHIM_BITS_H

#define BIT(nr)		(1UL << (nr))
#define BIT_ULL(nr)	(1ULL << (nr))

#endif
