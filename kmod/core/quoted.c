// SPDX-License-Identifier: GPL-2.0
#include "octet.h"
#include "quoted.h"

bool sipsec_quoted_read(const u8 *buf, u32 *pos, u32 end, struct sipsec_quoted *q)
{
	u32 at;
	u8 c;

	q->escapes = false;
	q->brackets = false;
	for (at = *pos + 1; at < end; at++) {
		c = buf[at];
		if (c == '"') {
			*pos = at + 1;
			return true;
		}
		if (c == '\\') {
			q->escapes = true;
			if (++at == end)
				return false;
			c = buf[at];
			if (c == '\r' || c == '\n' || c >= 0x80)
				return false;
		} else if (c == 0x7f || (c < ' ' && !sipsec_octet_is(c, SIPSEC_OCTET_LWS))) {
			return false;
		}
		if (c == '<' || c == '>')
			q->brackets = true;
	}
	return false;
}
