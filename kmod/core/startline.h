/* SPDX-License-Identifier: GPL-2.0 */
/* The start line of clause 8. */
#ifndef SIPSEC_CORE_STARTLINE_H
#define SIPSEC_CORE_STARTLINE_H

#include "sipmsg.h"

/*
 * Read the start line buf[0..end), which holds no CR, LF or NUL: fills request,
 * and of method, uri and status those that apply.  False: malformed.
 */
bool sipsec_startline_parse(const u8 *buf, u32 end, struct sipsec_msg *msg);

#endif
