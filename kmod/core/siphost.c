// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>

#include "ipaddr.h"
#include "limits.h"
#include "siphost.h"
#include "urichar.h"
#include "word.h"

/* Letters, digits, "-" and ".", of which names and IPv4 addresses are made. */
static bool is_name(u8 c)
{
	return sipsec_urichar_is(c, SIPSEC_URI_ALNUM) || c == '-' || c == '.';
}

static const u8 *label_end(const u8 *at, const u8 *end)
{
	while (at < end && *at != '.')
		at++;
	return at;
}

u32 sipsec_hostname_len(const u8 *at, const u8 *end)
{
	const u8 *label, *p = at;
	u32 len;

	while (p < end && is_name(*p))
		p++;
	len = p - at;
	if (!len || len > SIPSEC_MAX_HOSTNAME)
		return 0;
	/* one dot may stand behind it all */
	end = p[-1] == '.' ? p - 1 : p;
	for (label = at;; label = p + 1) {
		p = label_end(label, end);
		if (p == label || *label == '-' || p[-1] == '-')
			return 0;
		if (p == end)
			break;
	}
	/* the last begins with a letter, else it is an address or nothing */
	return sipsec_urichar_is(*label, SIPSEC_URI_ALPHA) ? len : 0;
}

u32 sipsec_host_parse(const u8 *at, const u8 *end, struct sipsec_host *host)
{
	u8 addr[4];
	u32 len;

	host->text.at = at;
	host->ipv6 = at < end && *at == '[';
	if (host->ipv6) {
		len = sipsec_ipv6_reference_parse(at, end - at, host->addr);
	} else {
		len = sipsec_hostname_len(at, end);
		if (!len) {
			len = sipsec_ipv4_parse(at, end - at, addr);
			if (at + len < end && is_name(at[len]))
				len = 0;
		}
	}
	host->text.len = len;
	return len;
}

bool sipsec_host_equal(const struct sipsec_host *a, const struct sipsec_host *b)
{
	if (a->ipv6 != b->ipv6)
		return false;
	if (a->ipv6)
		return !memcmp(a->addr, b->addr, sizeof(a->addr));
	/* letters, digits, "-" and ".": a name's are those of a token */
	return a->text.len == b->text.len &&
	       sipsec_token_equal(a->text.at, b->text.at, a->text.len);
}
