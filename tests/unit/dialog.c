// SPDX-License-Identifier: GPL-2.0
/* Call-ID, tags and CSeq, and what an emergency call is (clause 10). */
#include <stdio.h>
#include <string.h>

#include "dialog.h"
#include "guard.h"
#include "tap.h"

static u8 copy[4096];
static struct sipsec_msg msg;

/* Parse a message in front of a page that cannot be read. */
static const u8 *parse(const char *text)
{
	u32 len = strlen(text);
	const u8 *buf = guard_high((const u8 *)text, len);

	memcpy(copy, text, len);
	return sipsec_msg_parse(buf, len, 10000, &msg) == SIPSEC_WHY_OK ? buf : NULL;
}

static bool is(struct sipsec_span span, const char *want)
{
	return span.len == strlen(want) && !memcmp(copy + span.off, want, span.len);
}

#define INVITE(from, to, rest)	\
	"INVITE urn:service:sos SIP/2.0\r\nFrom: " from "\r\nTo: " to "\r\n" rest "\r\n"
#define REST	"Call-ID: a@b\r\nCSeq: 7 INVITE\r\n"
#define FROM	"<sip:a@b>;tag=x"
#define TO	"<sip:c@d>"

static void reads(void)
{
	static const struct {
		const char *text, *call_id, *from, *to;
		u32 cseq;
	} rows[] = {
		{ INVITE(FROM, TO, REST), "a@b", "x", "", 7 },
		{ INVITE(FROM, "<sip:c@d>;tag=Y2", REST), "a@b", "x", "Y2", 7 },
		{ INVITE("sip:a@b;x=1;TAG = x ;y", "sip:c@d", REST), "a@b", "x", "", 7 },
		{ INVITE("\"<x>;tag=no\\\"\" <sip:a@b;tag=no>;tag=yes", TO, REST), "a@b",
		  "yes", "", 7 },
		{ INVITE("A B <sip:a@b>\r\n ;\r\n\ttag=x", TO, REST), "a@b", "x", "", 7 },
		{ INVITE(FROM, TO, "i:\r\n  a@b \t\r\nCSeq:\t4294967295 \r\n INVITE\r\n"), "a@b",
		  "x", "", 4294967295U },
		{ INVITE(FROM, TO, "i:a\r\nCSeq: 000000000000000000001 INVITE\r\n"), "a", "x", "",
		  1 },
	};
	struct sipsec_dialog d;
	const u8 *buf;
	u32 i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		buf = parse(rows[i].text);
		tap_ok(buf && sipsec_dialog_read(buf, &msg, &d) &&
		       is(d.call_id, rows[i].call_id) && is(d.from_tag, rows[i].from) &&
		       is(d.to_tag, rows[i].to) && d.cseq == rows[i].cseq &&
		       sipsec_method_is(buf, d.method, "INVITE") &&
		       !sipsec_method_is(buf, d.method, "INVIT") &&
		       !sipsec_method_is(buf, d.method, "invite"), "dialog %u", i);
	}
}

static void refuses(void)
{
	static const char *const rows[] = {
		INVITE("<sip:a@b>", TO, REST),
		INVITE("<sip:a@b>;tag=", TO, REST),
		INVITE("<sip:a@b>;tag", TO, REST),
		INVITE("<sip:a@b>;tag=\"x\"", TO, REST),
		INVITE("<sip:a@b>;tag=x;tag=x", TO, REST),
		INVITE("<sip:a@b>;tag=x", "<sip:c@d>;tag=y;TAG=y", REST),
		INVITE("<sip:a@b;tag=x", TO, REST),
		INVITE("<sip:a@b>;tag=x,<sip:b@c>", TO, REST),
		INVITE("", TO, REST),
		INVITE(FROM, "", REST),
		INVITE(FROM, TO, "CSeq: 7 INVITE\r\n"),
		INVITE(FROM, TO, "Call-ID: \r\nCSeq: 7 INVITE\r\n"),
		INVITE(FROM, TO, "Call-ID: a\r\n"),
		INVITE(FROM, TO, "Call-ID: a\r\nCSeq: 7 invite\r\n"),
		INVITE(FROM, TO, "Call-ID: a\r\nCSeq: 7 ACK\r\n"),
		INVITE(FROM, TO, "Call-ID: a\r\nCSeq: INVITE\r\n"),
		INVITE(FROM, TO, "Call-ID: a\r\nCSeq: 4294967296 INVITE\r\n"),
		INVITE(FROM, TO, "Call-ID: a\r\nCSeq: 18446744073709551617 INVITE\r\n"),
		"INVITE a SIP/2.0\r\nTo: <sip:c@d>\r\n" REST "\r\n",
		"INVITE a SIP/2.0\r\nFrom: <sip:c@d>;tag=x\r\n" REST "\r\n",
	};
	struct sipsec_dialog d;
	const u8 *buf;
	u32 i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		buf = parse(rows[i]);
		tap_ok(buf && !sipsec_dialog_read(buf, &msg, &d), "no dialog %u", i);
	}
}

struct row {
	const char *text;
	bool is;
};

/*
 * What a function says of messages, the rows, each behind before; false of one that is
 * malformed.  How many are well-formed.
 */
static u32 asks(bool (*function)(const u8 *buf, const struct sipsec_msg *msg), const char *what,
		const char *before, const struct row *rows, u32 nr)
{
	u32 i, good = 0;
	char text[256];
	const u8 *buf;

	for (i = 0; i < nr; i++) {
		snprintf(text, sizeof(text), "%s%s\r\n\r\n", before, rows[i].text);
		buf = parse(text);
		good += !!buf;
		tap_ok((buf && function(buf, &msg)) == rows[i].is, "%s: %s%s", rows[i].text,
		       rows[i].is ? "" : "not ", what);
	}
	return good;
}

static void emergencies(void)
{
	static const struct row rows[] = {
		{ "INVITE urn:service:sos SIP/2.0", true },
		{ "INVITE URN:SERVICE:SOS SIP/2.0", true },
		{ "INVITE urn:service:sos.fire SIP/2.0", true },
		{ "INVITE uRn:sErvice:sOs. SIP/2.0", true },
		{ "INVITE urn:service:sosx SIP/2.0", false },
		{ "INVITE urn:service:so SIP/2.0", false },
		{ "INVITE urn:service:s\357s SIP/2.0", false },
		{ "INVITE urn\032service:sos SIP/2.0", false },
		{ "INVITE urn:service:sos;x SIP/2.0", false },
		{ "INVITE sip:urn:service:sos SIP/2.0", false },
		{ "invite urn:service:sos SIP/2.0", false },
		{ "INVITES urn:service:sos SIP/2.0", false },
		{ "MESSAGE urn:service:sos SIP/2.0", false },
		{ "SIP/2.0 200 urn:service:sos", false },
	};

	asks(sipsec_msg_is_emergency, "an emergency", "", rows, sizeof(rows) / sizeof(*rows));
}

static void vias(void)
{
	static const struct row rows[] = {
		{ "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport", false },
		{ "v: SIP / 2.0 / UDP [2001:db8::1] ; branch=z9hG4bK1", false },
		{ "Via: SIP/2.0/UDP h;branch=maddr;received-by=x;mad=1;x=received", false },
		{ "Via: SIP/2.0/UDP h;x=\";maddr=a\\\";received=b\";rport", false },
		{ "Via: SIP/2.0/UDP h;x=\"", false },
		{ "Via: SIP/2.0/UDP h;x=\"\\", false },
		{ "Via: SIP/2.0/UDP h, SIP/2.0/UDP i;received=192.0.2.2", false },
		{ "Via: SIP/2.0/UDP h\r\nVia: SIP/2.0/UDP i;maddr=192.0.2.2", false },
		{ "Vias: SIP/2.0/UDP h;maddr=192.0.2.2\r\nX: ;maddr=192.0.2.2", false },
		{ "Via: SIP/2.0/UDP h;branch=z9hG4bK1;maddr=192.0.2.2", true },
		{ "X: y\r\nvIA : SIP/2.0/UDP h;\r\n MADDR=192.0.2.2", true },
		{ "V:SIP/2.0/UDP h;Received=192.0.2.2;branch=z9hG4bK1", true },
		{ "Via: SIP/2.0/UDP h;x=\"y\" ;\tmaddr\t=\t192.0.2.2", true },
		{ "Via: SIP/2.0/UDP h (,) ;maddr=192.0.2.2", true },
	};
	u32 good;

	good = asks(sipsec_msg_via_leads_away, "leading away", "INVITE sip:b SIP/2.0\r\n", rows,
		    sizeof(rows) / sizeof(*rows));
	tap_ok(good == sizeof(rows) / sizeof(*rows), "all of these are well-formed");
}

int main(void)
{
	vias();
	reads();
	refuses();
	emergencies();
	return tap_done();
}
