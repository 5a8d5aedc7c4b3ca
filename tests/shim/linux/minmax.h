/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_MINMAX_H
#define SHIM_LINUX_MINMAX_H

#define min_t(type, a, b)	\
	({ type _a = (a), _b = (b); _a < _b ? _a : _b; })

#endif
