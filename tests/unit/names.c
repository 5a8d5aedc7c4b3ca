// SPDX-License-Identifier: GPL-2.0
/*
 * Names of header fields: what is known at a glance, beside a reading of one octet after
 * the other; each octet of each name with each value that it may have.
 */
#include <linux/kernel.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "field.h"
#include "guard.h"
#include "tap.h"

/* RFC 3261 clause 25.1 and 7.3.3; docs/integrity.md; RFC 3325. */
static const struct {
	const char *name;
	enum sipsec_field_name is;
} wanted[] = {
	{ "From", SIPSEC_FIELD_FROM }, { "f", SIPSEC_FIELD_FROM },
	{ "To", SIPSEC_FIELD_TO }, { "t", SIPSEC_FIELD_TO },
	{ "Call-ID", SIPSEC_FIELD_CALL_ID }, { "i", SIPSEC_FIELD_CALL_ID },
	{ "CSeq", SIPSEC_FIELD_CSEQ },
	{ "Content-Length", SIPSEC_FIELD_CONTENT_LENGTH }, { "l", SIPSEC_FIELD_CONTENT_LENGTH },
	{ "Integrity", SIPSEC_FIELD_INTEGRITY }, { "g", SIPSEC_FIELD_INTEGRITY },
	{ "Via", SIPSEC_FIELD_VIA }, { "v", SIPSEC_FIELD_VIA },
	{ "P-Preferred-Identity", SIPSEC_FIELD_PREFERRED_IDENTITY },
	{ "Authorization", SIPSEC_FIELD_AUTHORIZATION },
};

/* Of IANA's registry: what begins alike, is longer, or is no more than usual. */
static const char *const others[] = {
	"Contact", "m", "Content-Type", "c", "Content-Disposition", "Max-Forwards", "Route",
	"Record-Route", "Supported", "k", "User-Agent", "Server", "Service-Route", "Accept",
	"Accept-Contact", "Accept-Encoding", "P-Access-Network-Info", "P-Asserted-Identity",
	"P-Associated-URI", "P-Charging-Vector", "P-Charging-Function-Addresses", "Path",
	"P-Preferred-Service", "Proxy-Authorization", "WWW-Authenticate", "Security-Client",
	"Security-Verify", "Security-Server", "Session-Expires", "Session-ID", "Allow",
	"Allow-Events", "Require", "Privacy", "Reason", "RAck", "RSeq", "Event", "Expires",
	"Feature-Caps", "P-Early-Media", "P-Visited-Network-ID", "Tog", "Fr", "Fromm", "Integritys",
	"Vias", "Cal-id", "X", "Content-Lengths", "P-Preferred-Identit", "P-Preferred-Identity2",
};

static enum sipsec_field_name reference_name(const u8 *name, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wanted); i++)
		if (strlen(wanted[i].name) == len &&
		    !strncasecmp((const char *)name, wanted[i].name, len))
			return wanted[i].is;
	return SIPSEC_FIELD_OTHER;
}

/* The value's offset, 0 where there is no name. */
static size_t reference(const u8 *text, enum sipsec_field_name *is)
{
	size_t n = 0;

	while (text[n] && text[n] < 0x80 &&
	       (isalnum(text[n]) || strchr("-.!%*_+`'~", text[n])))
		n++;
	*is = reference_name(text, n);
	if (!n)
		return 0;
	while (text[n] == ' ' || text[n] == '\t')
		n++;
	return text[n] == ':' ? n + 1 : 0;
}

static unsigned long nr, wrong;

/* A line and what follows it, at the end of memory. */
static void look(const char *text, size_t len)
{
	const u8 *p = guard_high((const u8 *)text, len), *end = p + len;
	enum sipsec_field_name is;
	struct sipsec_field f;
	enum sipsec_why why;
	size_t value = reference((const u8 *)text, &is);
	const char *crlf = strstr(text, "\r\n");
	bool line = memchr(text, '\r', len) == crlf && memchr(text, '\n', len) == crlf + 1 &&
		    !memchr(text, '\0', crlf - text);

	nr++;
	if (!sipsec_field_read(p, end, &f, &why))
		wrong += line && value;
	else
		wrong += !line || !value || f.is != is || f.name != p || f.value != p + value ||
			 f.end != (const u8 *)memchr(p, '\r', len);
}

/* Each octet of the name and its colon as any other one, in front of much, little and nothing. */
static void mutate(const char *name)
{
	static const char *const behind[] = {
		": a value that is long enough\r\nAnother: b\r\n\r\n", ":a\r\n\r\n", ":\r\nA:b\r\n",
		" : c\r\n\r\nbody", "\t:\r\n\r\n",
	};
	size_t i, k, len, n = strlen(name);
	char text[128];
	int c;

	for (i = 0; i < ARRAY_SIZE(behind); i++) {
		len = snprintf(text, sizeof(text), "%s%s", name, behind[i]);
		for (k = 0; k <= n; k++) {
			const char old = text[k];

			/* where the line ends is for others to test */
			for (c = 1; c < 256; c++) {
				text[k] = c;
				if (c != '\r' && c != '\n')
					look(text, len);
			}
			text[k] = old;
		}
	}
}

int main(void)
{
	unsigned int known = 0, found = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wanted); i++)
		mutate(wanted[i].name);
	for (i = 0; i < ARRAY_SIZE(others); i++)
		mutate(others[i]);
	tap_ok(nr > 500000 && !wrong, "%lu lines, %lu not as the reference has them", nr, wrong);

	for (i = 0; i < ARRAY_SIZE(sipsec_known_names); i++) {
		const struct sipsec_known_name *k = &sipsec_known_names[i];
		u8 text[SIPSEC_KNOWN_LEN] = "";
		size_t n;

		if (!k->len)
			continue;
		known++;
		for (n = 0; n <= k->len; n++)
			text[n] = k->name[n / 8] >> n % 8 * 8;
		/* of one letter: what follows counts, and is a space */
		if (k->len == 1)
			text[2] = ' ';
		found += sipsec_known_name(text, text + sizeof(text)) == k && text[k->len] == ':' &&
			 k->is == reference_name(text, k->len);
	}
	tap_ok(known >= 40 && found == known, "%u names of %u are where they are looked for", found,
	       known);
	return tap_done();
}
