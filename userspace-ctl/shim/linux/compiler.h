/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_CTL_SHIM_COMPILER_H
#define SIPSEC_CTL_SHIM_COMPILER_H

#ifndef __always_inline
#define __always_inline		inline __attribute__((__always_inline__))
#endif

#define __aligned(n)		__attribute__((__aligned__(n)))
#ifndef noinline
#define noinline		__attribute__((__noinline__))
#endif

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)

#endif
