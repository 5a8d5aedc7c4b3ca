/* SPDX-License-Identifier: GPL-2.0 */
/* The start line of clause 8. */
#ifndef SIPSEC_CORE_STARTLINE_H
#define SIPSEC_CORE_STARTLINE_H

#include "sipmsg.h"

/*
 * Read the start line at the beginning of buf: fills start_len and request,
 * and of method, uri and status those that apply.
 */
enum sipsec_why sipsec_startline_parse(const u8 *buf, u32 len, struct sipsec_msg *msg);

#endif
