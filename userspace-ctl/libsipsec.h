/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LIBSIPSEC_H
#define LIBSIPSEC_H

const char *sipsec_library_version(void);

#endif
