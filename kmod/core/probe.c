// SPDX-License-Identifier: GPL-2.0
/* What a datagram is before it is read as SIP: keepalive, STUN, SIP at all. */
#include <linux/unaligned.h>

#include "limits.h"
#include "sipmsg.h"

/* RFC 5389 clause 6 */
#define STUN_HEADER		20
#define STUN_COOKIE		0x2112a442
#define STUN_REQUEST		0x0001
#define STUN_SUCCESS		0x0101
#define STUN_ERROR		0x0111

static bool is_cr_lf_nul(u8 c)
{
	return c == '\r' || c == '\n' || !c;
}

bool sipsec_is_keepalive(const u8 *buf, u32 len)
{
	u32 i;

	if (len > SIPSEC_MAX_KEEPALIVE)
		return false;
	for (i = 0; i < len; i++)
		if (!is_cr_lf_nul(buf[i]))
			return false;
	return true;
}

bool sipsec_is_stun_binding(const u8 *buf, u32 len, bool response)
{
	u16 type;

	if (len < STUN_HEADER || len > SIPSEC_MAX_KEEPALIVE)
		return false;
	type = get_unaligned_be16(buf);
	if (response ? type != STUN_SUCCESS && type != STUN_ERROR : type != STUN_REQUEST)
		return false;
	/* attributes are padded to words: the length's last two bits are zero */
	return get_unaligned_be16(buf + 2) == len - STUN_HEADER && len % 4 == 0 &&
	       get_unaligned_be32(buf + 4) == STUN_COOKIE;
}

/* White space to a lenient receiver, as C's isspace() has it. */
static bool is_space(u8 c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Behind what a lenient receiver passes over. */
static u32 skip_blank(const u8 *buf, u32 len)
{
	u32 pos = 0;

	while (pos < len && (is_space(buf[pos]) || !buf[pos]))
		pos++;
	return pos;
}

bool sipsec_can_be_answered(const u8 *buf, u32 len)
{
	u32 pos, end;

	if (len && buf[0] >= SIPSEC_SIGCOMP_FIRST)
		return true;
	pos = skip_blank(buf, len);
	for (end = pos; end < len && !is_space(buf[end]) && buf[end]; end++)
		if (buf[end] == '/')
			return false;
	return end - pos != 3 || (buf[pos] | 0x20) != 'a' || (buf[pos + 1] | 0x20) != 'c' ||
	       (buf[pos + 2] | 0x20) != 'k';
}

bool sipsec_looks_like_sip(const u8 *buf, u32 len)
{
	bool boundary = true;
	u32 pos;

	if (len && buf[0] >= SIPSEC_SIGCOMP_FIRST)
		return true;
	pos = skip_blank(buf, len);
	for (; len - pos >= 4 && !is_cr_lf_nul(buf[pos]); pos++) {
		if (boundary && (buf[pos] | 0x20) == 's' && (buf[pos + 1] | 0x20) == 'i' &&
		    (buf[pos + 2] | 0x20) == 'p' && buf[pos + 3] == '/')
			return true;
		boundary = is_space(buf[pos]);
	}
	return false;
}
