// SPDX-License-Identifier: GPL-2.0
/*
 * Clause 11: which URIs are the same, which texts are identities, and what a
 * message may say.  The tables are from RFC 3261 clause 19.1.4, RFC 3966, RFC
 * 4475 and the clause itself, each written from its text, not from a run.
 */
#include <linux/kernel.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "data.h"
#include "guard.h"
#include "identity.h"
#include "sipmsg.h"
#include "tap.h"

static struct sipsec_str str(const char *text)
{
	return (struct sipsec_str){ (const u8 *)text, strlen(text) };
}

#define SAME(a, b)	{ a, b, true }
#define OTHER(a, b)	{ a, b, false }

static const struct {
	const char *a, *b;
	bool same;
} pairs[] = {
	/* RFC 3261 clause 19.1.4's own, where URI parameters other than user do not count */
	SAME("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"),
	SAME("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"),
	SAME("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"),
	SAME("sip:biloxi.com;transport=tcp;method=REGISTER",
	     "sip:biloxi.com;method=REGISTER;transport=tcp"),
	OTHER("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"),
	OTHER("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"),
	OTHER("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"),
	OTHER("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"),
	/* a header part is no identity's */
	OTHER("sip:alice@atlanta.com?subject=project%20x&priority=urgent",
	      "sip:alice@atlanta.com?priority=urgent&subject=project%20x"),
	OTHER("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"),
	/* user */
	SAME("sip:Alice@a.example", "SIP:%41lic%65@A.EXAMPLE"),
	OTHER("sip:Alice@a.example", "sip:alice@a.example"),
	OTHER("sip:alice@a.example", "sip:alice%00@a.example"),
	OTHER("sip:alice%00@a.example", "sip:alice%00@a.example"),
	OTHER("sip:alice%0a@a.example", "sip:alice%0A@a.example"),
	OTHER("sip:alice%7F@a.example", "sip:alice%7f@a.example"),
	OTHER("sip:alice@a.example", "sip:alic%6@a.example"),
	OTHER("sip:alice@a.example", "sip:alice%@a.example"),
	OTHER("sip:alice@a.example", "sip:alic%6g@a.example"),
	OTHER("sip:alice@a.example", "sip:alice%40a.example"),
	OTHER("sip:alice@a.example", "sip:a.example"),
	OTHER("sip:alice@a.example", "sip:@a.example"),
	OTHER("sip:a.example", "sip:@a.example"),
	SAME("sip:a.example", "sip:A.example"),
	SAME("sip:caf%C3%A9@a.example", "sip:caf%c3%a9@a.example"),
	OTHER("sip:caf%C3%A9@a.example", "sip:caf\xc3\xa9@a.example"),
	SAME("sip:%2d%5F%2e%21%7e%2a%27%28%29@a.example", "sip:-_.!~*'()@a.example"),
	/* reserved characters are not their escapes, which sofia-sip takes for them */
	OTHER("sip:a%3Bb@a.example", "sip:a;b@a.example"),
	OTHER("sip:a%3Bb@a.example", "sip:a%3Bb@a.example"),
	OTHER("sip:a%2bb@a.example", "sip:a%2Bb@a.example"),
	SAME("sip:a%40b%3Ac@a.example", "sip:a%40b%3ac@a.example"),
	OTHER("sip:%2B15551234567@a.example", "sip:+15551234567@a.example"),
	OTHER("sip:a%40b@a.example", "sip:a@b@a.example"),
	SAME("sip:a%25b@a.example", "sip:a%25b@a.example"),
	OTHER("sip:a%2541b@a.example", "sip:a%41b@a.example"),
	SAME("sip:a;b?c/d&e=f+g$h,i@a.example", "sip:%61;b?c/d&e=f+g$h,i@a.example"),
	/* a password */
	OTHER("sip:alice:secret@a.example", "sip:alice:secret@a.example"),
	OTHER("sip:alice@a.example", "sip:alice:@a.example"),
	/* what only looks like a user part, or a host */
	OTHER("sip:alice@a.example", "sip:alice@a.example@b.example"),
	OTHER("sip:alice@a.example", "sip:alice@a.example;x=@b.example"),
	OTHER("sip:alice@a.example", "sip:alice@a.example/"),
	OTHER("sip:alice@a.example", "sip:alice@a.example#x"),
	OTHER("sip:alice@a.example", "sip:alice@a.example>"),
	OTHER("sip:alice@a.example", "sip:alice@a.example "),
	OTHER("sip:alice@a.example", " sip:alice@a.example"),
	OTHER("sip:alice@a.example", "sip: alice@a.example"),
	OTHER("sip:alice@a.example", "sip:alice @a.example"),
	OTHER("sip:alice@a.example", "sip:alice@ a.example"),
	OTHER("sip:alice@a.example", "sip://alice@a.example"),
	OTHER("sip:alice@a.example", "alice@a.example"),
	OTHER("sip:alice@a.example", "URL:sip:alice@a.example"),
	OTHER("sip:alice@a.example", "\"sip:alice@a.example\""),
	OTHER("sip:alice@a.example", "<sip:alice@a.example>"),
	/* scheme */
	OTHER("sip:alice@a.example", "sips:alice@a.example"),
	SAME("sips:alice@a.example", "SIPs:alice@a.example"),
	OTHER("sip:alice@a.example", "im:alice@a.example"),
	OTHER("im:alice@a.example", "im:alice@a.example"),
	OTHER("http://a.example", "http://a.example"),
	OTHER("urn:service:sos", "urn:service:sos"),
	OTHER("sip:", "sip:"),
	OTHER("", ""),
	/* host */
	OTHER("sip:alice@a.example.", "sip:alice@a.example"),
	SAME("sip:alice@a.example.", "sip:alice@A.example."),
	OTHER("sip:alice@a.example..", "sip:alice@a.example.."),
	OTHER("sip:alice@.a.example", "sip:alice@.a.example"),
	OTHER("sip:alice@a..example", "sip:alice@a..example"),
	OTHER("sip:alice@.", "sip:alice@."),
	OTHER("sip:alice@-a.example", "sip:alice@-a.example"),
	OTHER("sip:alice@a-.example", "sip:alice@a-.example"),
	SAME("sip:alice@a-b.ex-ample", "sip:alice@A-B.EX-AMPLE"),
	SAME("sip:alice@3com.c0m", "sip:alice@3COM.c0m"),
	OTHER("sip:alice@a.3xample", "sip:alice@a.3xample"),
	OTHER("sip:alice@a_b.example", "sip:alice@a_b.example"),
	OTHER("sip:alice@%61.example", "sip:alice@a.example"),
	OTHER("sip:alice@a%2eexample", "sip:alice@a.example"),
	SAME("sip:alice@localhost", "sip:alice@LOCALHOST"),
	SAME("sip:a@192.0.2.4", "sip:a@192.0.2.4"),
	OTHER("sip:a@192.0.2.04", "sip:a@192.0.2.4"),
	OTHER("sip:a@192.0.2.256", "sip:a@192.0.2.256"),
	OTHER("sip:a@192.0.2", "sip:a@192.0.2"),
	OTHER("sip:a@192.0.2.4.", "sip:a@192.0.2.4."),
	OTHER("sip:a@192.0.2.4.5", "sip:a@192.0.2.4.5"),
	OTHER("sip:a@3221225988", "sip:a@3221225988"),
	SAME("sip:a@[2001:db8::1]", "sip:a@[2001:DB8:0:0::0.0.0.1]"),
	SAME("sip:a@[2001:db8:0:0:0:0:0:1]", "sip:a@[2001:0db8::0001]"),
	SAME("sip:a@[::]", "sip:a@[0:0:0:0:0:0:0:0]"),
	SAME("sip:a@[1::]", "sip:a@[1:0:0:0::]"),
	SAME("sip:a@[::ffff:192.0.2.4]", "sip:a@[::FFFF:c000:204]"),
	SAME("sip:a@[1:2:3::6:7:8]", "sip:a@[1:2:3:0:0:6:7:8]"),
	OTHER("sip:a@[2001:db8::1]", "sip:a@[2001:db8::2]"),
	OTHER("sip:a@[2001:db8::1]", "sip:a@[2001:db8:1::]"),
	OTHER("sip:a@[::ffff:192.0.2.4]", "sip:a@192.0.2.4"),
	OTHER("sip:a@[2001:db8::1]", "sip:a@2001:db8::1"),
	OTHER("sip:a@[2001:db8:::1]", "sip:a@[2001:db8:::1]"),
	OTHER("sip:a@[2001:db8::1%25eth0]", "sip:a@[2001:db8::1%25eth0]"),
	OTHER("sip:a@[1:2:3:4:5:6:7:8:9]", "sip:a@[1:2:3:4:5:6:7:8:9]"),
	OTHER("sip:a@[1:2:3:4:5:6:7:8::]", "sip:a@[1:2:3:4:5:6:7:8::]"),
	OTHER("sip:a@[]", "sip:a@[]"),
	OTHER("sip:a@[::1", "sip:a@[::1"),
	OTHER("sip:a@[::1]x", "sip:a@[::1]x"),
	/* port */
	SAME("sip:a@b.example:5060", "sip:%61@B.example:5060"),
	OTHER("sip:a@b.example:5060", "sip:a@b.example:5061"),
	OTHER("sip:a@b.example:5060", "sip:a@b.example:05060"),
	OTHER("sip:a@b.example:0", "sip:a@b.example:0"),
	OTHER("sip:a@b.example:", "sip:a@b.example:"),
	OTHER("sip:a@b.example:65536", "sip:a@b.example:65536"),
	OTHER("sip:a@b.example:4294972356", "sip:a@b.example:5060"),
	OTHER("sip:a@b.example:5060x", "sip:a@b.example:5060x"),
	SAME("sip:a@[::1]:5060", "sip:a@[0::1]:5060"),
	/* parameters */
	SAME("sip:a@b.example", "sip:a@b.example;lr;maddr=[::1];x=%20"),
	OTHER("sip:a@b.example", "sip:a@b.example;"),
	OTHER("sip:a@b.example", "sip:a@b.example;;lr"),
	OTHER("sip:a@b.example", "sip:a@b.example;x="),
	OTHER("sip:a@b.example", "sip:a@b.example;=x"),
	OTHER("sip:a@b.example", "sip:a@b.example;x=%2"),
	OTHER("sip:a@b.example", "sip:a@b.example;x=%00"),
	OTHER("sip:a@b.example", "sip:a@b.example;x=\"y\""),
	OTHER("sip:a@b.example", "sip:a@b.example;x=y@z"),
	OTHER("sip:a@b.example", "sip:a@b.example;%75ser=phone"),
	OTHER("sip:a@b.example", "sip:a@b.example;user=ip;user=phone"),
	OTHER("sip:a@b.example", "sip:a@b.example;user=p%68one"),
	SAME("sip:a@b.example", "sip:a@b.example;user=ip"),
	SAME("sip:+15551234@b.example", "sip:+15551234@b.example;user=phone"),
	/* RFC 3966: tel */
	SAME("tel:+1-201-555-0123", "TEL:+12015550123"),
	SAME("tel:+(1).201-555.0123", "tel:+12015550123"),
	OTHER("tel:+12015550123", "tel:+12015550124"),
	OTHER("tel:+12015550123", "tel:+1201555012"),
	OTHER("tel:+12015550123", "tel:12015550123"),
	OTHER("tel:12015550123", "tel:12015550123"),
	SAME("tel:7042;phone-context=example.com", "tel:7-0-4-2;Phone-Context=EXAMPLE.com"),
	OTHER("tel:7042;phone-context=example.com", "tel:7042;phone-context=example.org"),
	SAME("tel:863-1234;phone-context=+1-914-555", "tel:8631234;phone-context=+1914555"),
	OTHER("tel:8631234;phone-context=+1914555", "tel:8631234;phone-context=+1914556"),
	OTHER("tel:8631234;phone-context=+1914555", "tel:+8631234;phone-context=+1914555"),
	OTHER("tel:8631234;phone-context=", "tel:8631234;phone-context="),
	OTHER("tel:8631234;phone-context", "tel:8631234;phone-context"),
	OTHER("tel:8631234;phone-context=+", "tel:8631234;phone-context=+"),
	OTHER("tel:8631234;phone-context=914", "tel:8631234;phone-context=914"),
	OTHER("tel:8631234;phone-context=a%2eb", "tel:8631234;phone-context=a%2eb"),
	SAME("tel:+1555;ext=12-34", "tel:+1555;ext=1234"),
	OTHER("tel:+1555;ext=1234", "tel:+1555"),
	SAME("tel:+1555;a=B;c=d", "tel:+1555;C=D;A=b"),
	OTHER("tel:+1555;a=b;c=d", "tel:+1555;a=b;e=d"),
	OTHER("tel:+1555;a=b", "tel:+1555;a=c"),
	OTHER("tel:+1555;a=b-c", "tel:+1555;a=bc"),
	OTHER("tel:+1555;a", "tel:+1555;a=b"),
	SAME("tel:+1555;a", "tel:+1555;A"),
	OTHER("tel:+1555;a=b;A=b", "tel:+1555;a=b;A=b"),
	SAME("tel:+1;a;b;c;d;e;f;g;h", "tel:+1;h;g;f;e;d;c;b;a"),
	OTHER("tel:+1;a;b;c;d;e;f;g;h;i", "tel:+1;a;b;c;d;e;f;g;h;i"),
	SAME("tel:*21#AbC;phone-context=a.b", "tel:*21#aBc;phone-context=a.b"),
	OTHER("tel:+12a5", "tel:+12a5"),
	OTHER("tel:+", "tel:+"),
	OTHER("tel:+-", "tel:+-"),
	OTHER("tel:", "tel:"),
	OTHER("tel:+1555 ", "tel:+1555"),
	OTHER("tel:+1%35", "tel:+15"),
	OTHER("tel:+1+5", "tel:+15"),
	OTHER("tel:+1555;", "tel:+1555"),
	OTHER("tel:+1555;a=", "tel:+1555;a="),
	OTHER("tel:+1555;a=b c", "tel:+1555;a=b c"),
	OTHER("tel:+1555;a_b=c", "tel:+1555;a_b=c"),
	OTHER("tel:+1555?a=b", "tel:+1555?a=b"),
	OTHER("tel:+1555@a.example", "tel:+1555@a.example"),
	/* sip with user=phone and tel */
	SAME("sip:+1-555-1234@a.example;user=phone", "tel:+15551234"),
	SAME("sip:+15551234@a.example;USER=Phone", "tel:+1-555-1234"),
	SAME("sip:%31555;phone-context=a.b@a.example;user=phone", "tel:1555;phone-context=a.b"),
	SAME("sip:21%23;phone-context=a.b@a.example;user=phone", "tel:21#;phone-context=a.b"),
	OTHER("sip:%2B1555@a.example;user=phone", "tel:+1555"),
	OTHER("sip:+1555@a.example", "tel:+1555"),
	OTHER("sip:+1555@a.example;user=ip", "tel:+1555"),
	OTHER("sip:+1555@a.example;user", "tel:+1555"),
	OTHER("sips:+1555@a.example;user=phone", "tel:+1555"),
	OTHER("sip:1555@a.example;user=phone", "tel:+1555"),
	OTHER("sip:1555@a.example;user=phone", "tel:1555"),
	OTHER("sip:a.example;user=phone", "tel:+1555"),
	/* two sip URIs are compared as such */
	OTHER("sip:+1-555@a.example;user=phone", "sip:+1555@a.example;user=phone"),
	OTHER("sip:+1555@a.example;user=phone", "sip:+1555@b.example;user=phone"),
	SAME("sip:alice@a.example;user=phone", "sip:alice@a.example"),
};

static void equality(void)
{
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		const char *a = pairs[i].a, *b = pairs[i].b;
		const u8 *high = guard_high((const u8 *)b, strlen(b));
		bool got = sipsec_impu_equal(str(a), (struct sipsec_str){ high, strlen(b) });

		high = guard_high((const u8 *)a, strlen(a));
		tap_ok(got == pairs[i].same &&
		       sipsec_impu_equal((struct sipsec_str){ high, strlen(a) }, str(b)) == got,
		       "%s %s %s", a, pairs[i].same ? "is" : "is not", b);
	}
	/* no octet behind any prefix is looked at, and none but the whole equals the whole */
	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		u32 len = strlen(pairs[i].a);

		for (n = 0; n <= len; n++)
			sipsec_impu_check((struct sipsec_str){
				guard_high((const u8 *)pairs[i].a, n), n });
	}
	tap_ok(true, "each prefix of them, up to a guard page");
}

static const struct {
	const char *text;
	enum sipsec_uri_why why;
} impus[] = {
	{ "sip:alice@a.example", SIPSEC_URI_WHY_OK },
	{ "sip:+15551234@ims.mnc001.mcc001.3gppnetwork.org;user=phone", SIPSEC_URI_WHY_OK },
	{ "tel:+15551234", SIPSEC_URI_WHY_OK },
	{ "sips:alice@[2001:db8::1]:5061", SIPSEC_URI_WHY_OK },
	{ "", SIPSEC_URI_WHY_EMPTY },
	{ "alice@a.example", SIPSEC_URI_WHY_SCHEME },
	{ "mailto:alice@a.example", SIPSEC_URI_WHY_SCHEME },
	{ "sip", SIPSEC_URI_WHY_SCHEME },
	{ "sip:@a.example", SIPSEC_URI_WHY_USER },
	{ "sip:al ice@a.example", SIPSEC_URI_WHY_USER },
	{ "sip:alice%00@a.example", SIPSEC_URI_WHY_USER },
	{ "sip:alice:pw@a.example", SIPSEC_URI_WHY_PASSWORD },
	{ "sip:alice@", SIPSEC_URI_WHY_HOST },
	{ "sip:", SIPSEC_URI_WHY_HOST },
	{ "sip:alice@a b", SIPSEC_URI_WHY_HOST },
	{ "sip:alice@a.example:x", SIPSEC_URI_WHY_PORT },
	{ "sip:alice@a.example:70000", SIPSEC_URI_WHY_PORT },
	{ "sip:alice@a.example;", SIPSEC_URI_WHY_PARAM },
	{ "sip:alice@a.example;user=phone;user=phone", SIPSEC_URI_WHY_PARAM },
	{ "sip:alice@a.example;lr ", SIPSEC_URI_WHY_PARAM },
	{ "sip:alice@a.example?a=b", SIPSEC_URI_WHY_HEADERS },
	{ "tel:+1x", SIPSEC_URI_WHY_NUMBER },
	{ "tel:1234", SIPSEC_URI_WHY_NO_CONTEXT },
	{ "tel:1234;phone-context=-", SIPSEC_URI_WHY_CONTEXT },
	{ "tel:+1234;a;a", SIPSEC_URI_WHY_PARAM },
};

static void loading(void)
{
	char text[SIPSEC_MAX_IDENTITY + 2];
	struct sipsec_str impi;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(impus); i++) {
		enum sipsec_uri_why why = sipsec_impu_check(str(impus[i].text));

		tap_ok(why == impus[i].why, "impu \"%s\": %s", impus[i].text,
		       sipsec_uri_why_name(why));
	}
	memset(text, 'a', sizeof(text));
	memcpy(text, "sip:", 4);
	memcpy(text + 100, "@a.example;x=", 13);
	tap_ok(!sipsec_impu_check((struct sipsec_str){ (u8 *)text, SIPSEC_MAX_IDENTITY }) &&
	       sipsec_impu_check((struct sipsec_str){ (u8 *)text, SIPSEC_MAX_IDENTITY + 1 }) ==
	       SIPSEC_URI_WHY_LONG, "impu: 255 octets, not 256");
	impi = (struct sipsec_str){ (u8 *)text, SIPSEC_MAX_IDENTITY };
	tap_ok(sipsec_impi_good(impi), "impi: 255 octets");
	impi.len++;
	tap_ok(!sipsec_impi_good(impi), "impi: not 256");
	tap_ok(!sipsec_impi_good(str("")), "impi: not none");
	tap_ok(sipsec_impi_good(str("001010000000001@ims.mnc001.mcc001.3gppnetwork.org")) &&
	       sipsec_impi_good(str("alice")) && sipsec_impi_good(str("caf\xc3\xa9@b")),
	       "impi: good ones");
	tap_ok(!sipsec_impi_good(str("al ice")) && !sipsec_impi_good(str("al\"ice")) &&
	       !sipsec_impi_good(str("al\\ice")) && !sipsec_impi_good(str("al\nice")) &&
	       !sipsec_impi_good(str("al\x7fice")) && !sipsec_impi_good(str("caf\xe9@b")) &&
	       !sipsec_impi_good((struct sipsec_str){ (u8 *)"al\0ice", 6 }), "impi: bad ones");
}

#define ME	"sip:alice@home.example"
#define MY_TEL	"tel:+15550100001"
#define IMPI	"alice@private.home.example"
#define PPI	"P-Preferred-Identity"
#define DIGEST	"Authorization: Digest "
#define MY_NAME	"username=\"" IMPI "\""

static struct sipsec_identity_set mine(void)
{
	struct sipsec_identity_set ids = {
		.impi = str(IMPI),
		.nr = 2,
		.impu = { str(ME), str(MY_TEL) },
	};

	return ids;
}

/* The verdict on a message that ends where it cannot be read on. */
static int verdict(const char *message, const struct sipsec_identity_set *ids)
{
	u32 len = strlen(message);
	const u8 *buf = guard_high((const u8 *)message, len);
	struct sipsec_msg msg;

	if (sipsec_msg_parse(buf, len, SIPSEC_MAX_SIZE_DEFAULT, &msg))
		return -1;
	return sipsec_identity_check(buf, &msg, ids);
}

#define START	"INVITE sip:x SIP/2.0\r\n"
enum {
	WHY_OK = SIPSEC_WHY_OK,
	WHY_TO = SIPSEC_WHY_IDENTITY_TO,
	WHY_FROM = SIPSEC_WHY_IDENTITY_FROM,
	WHY_PREFERRED = SIPSEC_WHY_IDENTITY_PREFERRED,
	WHY_USERNAME = SIPSEC_WHY_IDENTITY_USERNAME,
};

#define WHY(sym)	WHY_##sym

static const struct {
	const char *start;	/* method */
	const char *fields;
	int why;
} messages[] = {
	/* where the clause applies */
	{ "INVITE", "From: <" ME ">;tag=1\r\nTo: <sip:bob@b.example>\r\n", WHY(OK) },
	{ "INVITE", "f:<sip:eve@home.example>;tag=1\r\nTo: <sip:bob@b.example>\r\n", WHY(FROM) },
	{ "INVITE", "f:<sip:eve@home.example>;tag=1\r\n", WHY(FROM) },
	{ "INVITE", "f:<sip:eve@home.example>;tag=1\r\nTo: <sip:b@b.example>;tag=2\r\n", WHY(OK) },
	{ "ACK", "f:<sip:eve@home.example>;tag=1\r\nTo: <sip:b@b.example>\r\n", WHY(OK) },
	{ "CANCEL", "f:<sip:eve@home.example>;tag=1\r\nTo: <sip:b@b.example>\r\n", WHY(OK) },
	{ "ack", "f:<sip:eve@home.example>;tag=1\r\nTo: <sip:b@b.example>\r\n", WHY(FROM) },
	{ "ACKS", "f:<sip:eve@home.example>;tag=1\r\nTo: <sip:b@b.example>\r\n", WHY(FROM) },
	{ "MESSAGE", "From: <" ME ">;tag=1\r\n", WHY(OK) },
	{ "OPTIONS", "", WHY(OK) },
	/* whether there is a To tag */
	{ "INVITE", "f:<sip:eve@e>\r\nt:sip:b@b;tag=2\r\n", WHY(OK) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:B <sip:b@b>;x;TAG = 2\r\n", WHY(OK) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:<sip:b@b>\r\n ;\r\n\ttag\r\n = 2\r\n", WHY(OK) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:\"<3 \\\" B\" <sip:b@b>;tag=2\r\n", WHY(OK) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:J\xc3\xb6rg <sip:b@b>;tag=2\r\n", WHY(OK) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:<sip:b@b;tag=2>\r\n", WHY(FROM) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:\"B;tag=2\" <sip:b@b>\r\n", WHY(FROM) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:<sip:b@b>;xtag=2\r\n", WHY(FROM) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:<sip:b@b>;x=\";tag=2\"\r\n", WHY(FROM) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:<sip:b@b>;tag\r\n", WHY(TO) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:<sip:b@b>;tag=\r\n", WHY(TO) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:<sip:b@b>;tag=\"2\"\r\n", WHY(TO) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:<sip:b@b>;tag=2;tag=3\r\n", WHY(TO) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:<sip:b@b>;x=\"\\\\\";tag=1;y=\"\"\r\n", WHY(TO) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:<sip:b@b>tag=2\r\n", WHY(TO) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:<sip:b@b>;tag=2;\r\n", WHY(TO) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:<sip:b@b>,<sip:c@c>;tag=2\r\n", WHY(TO) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:<sip:b@b> <sip:c@c>;tag=2\r\n", WHY(TO) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:\"B <sip:b@b>;tag=2\r\n", WHY(TO) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:sip:b@b,sip:c@c;tag=2\r\n", WHY(TO) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:;tag=2\r\n", WHY(TO) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:<>;tag=2\r\n", WHY(TO) },
	{ "INVITE", "f:<sip:eve@e>\r\nt:\r\n", WHY(TO) },
	/* REGISTER: To, and no way round it */
	{ "REGISTER", "f:<" ME ">\r\nt:<" ME ">\r\n", WHY(OK) },
	{ "REGISTER", "f:<" ME ">\r\nt:<" MY_TEL ">\r\n", WHY(OK) },
	{ "REGISTER", "f:<" ME ">\r\nt:<sip:eve@home.example>\r\n", WHY(TO) },
	{ "register", "f:<" ME ">\r\nt:<sip:eve@home.example>\r\n", WHY(TO) },
	{ "REGISTER", "f:<" ME ">\r\nt:<sip:eve@home.example>;tag=1\r\n", WHY(TO) },
	{ "REGISTER", "f:<sip:eve@home.example>\r\nt:<" ME ">;tag=1\r\n", WHY(FROM) },
	{ "REGISTER", "f:<" ME ">\r\nt:<sip:anonymous@anonymous.invalid>\r\n", WHY(TO) },
	{ "REGISTER", "f:<sip:eve@home.example>\r\nt:<" ME ">\r\n", WHY(FROM) },
	{ "REGISTERS", "f:<" ME ">\r\nt:<sip:eve@home.example>\r\n", WHY(OK) },
	/* From: forms */
	{ "INVITE", "From: " ME "\r\n", WHY(OK) },
	{ "INVITE", "From: " ME ";tag=1\r\n", WHY(OK) },
	{ "INVITE", "from \t:\t" ME " ; tag = 1 \r\n", WHY(OK) },
	{ "INVITE", "f:Alice A. B-C%*!~ <" ME ">;x=\"y;z\";h=[::1];tag=1\r\n", WHY(OK) },
	{ "INVITE", "f:Alice<" ME ">\r\n", WHY(OK) },
	{ "INVITE", "f:\"Alice, \\\"A\\\\\" <" ME "> ;tag=1\r\n", WHY(OK) },
	{ "INVITE", "f:\"\"<" ME ">\r\n", WHY(OK) },
	{ "INVITE", "f:\"\xd0\x90\"\r\n <" ME ">\r\n ;tag=1\r\n", WHY(OK) },
	{ "INVITE", "f:\"a\r\n b\" <" ME ">\r\n", WHY(OK) },
	{ "INVITE", "f:<SIP:%61lice@HOME.example;x=y>\r\n", WHY(OK) },
	{ "INVITE", "f:" MY_TEL "\r\n", WHY(OK) },
	{ "INVITE", "f:<tel:+1-555-0100001>\r\n", WHY(OK) },
	{ "INVITE", "f:<sip:+15550100001@home.example;user=phone>\r\n", WHY(OK) },
	{ "INVITE", "f:\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=1\r\n", WHY(OK) },
	{ "INVITE", "f:sip:%61nonymous@Anonymous.Invalid\r\n", WHY(OK) },
	{ "INVITE", "f:<sips:anonymous@anonymous.invalid>\r\n", WHY(FROM) },
	{ "INVITE", "f:<sip:anonymous@anonymous.invalid:5060>\r\n", WHY(FROM) },
	{ "INVITE", "f:<sip:anonymous@home.example>\r\n", WHY(FROM) },
	{ "INVITE", "f:<sip:anonymous.invalid>\r\n", WHY(FROM) },
	{ "INVITE", "f:Anonymous\r\n", WHY(FROM) },
	/* From: what does not parse, or could be read as another */
	{ "INVITE", "f:\r\n", WHY(FROM) },
	{ "INVITE", "f: \r\n \r\n", WHY(FROM) },
	{ "INVITE", "f:<>\r\n", WHY(FROM) },
	{ "INVITE", "f:< " ME ">\r\n", WHY(FROM) },
	{ "INVITE", "f:<" ME " >\r\n", WHY(FROM) },
	{ "INVITE", "f:<" ME "\r\n >\r\n", WHY(FROM) },
	{ "INVITE", "f:<" ME "\r\n", WHY(FROM) },
	{ "INVITE", "f:<<" ME ">>\r\n", WHY(FROM) },
	{ "INVITE", "f:" ME ">\r\n", WHY(FROM) },
	{ "INVITE", "f:<" ME "> <sip:eve@e>\r\n", WHY(FROM) },
	{ "INVITE", "f:<" ME ">,<sip:eve@e>\r\n", WHY(FROM) },
	{ "INVITE", "f:<sip:eve@e>,<" ME ">\r\n", WHY(FROM) },
	{ "INVITE", "f:sip:eve@e <" ME ">\r\n", WHY(FROM) },
	{ "INVITE", "f:" ME " sip:eve@e\r\n", WHY(FROM) },
	{ "INVITE", "f:" ME ",sip:eve@e\r\n", WHY(FROM) },
	{ "INVITE", "f:" ME "?x=y\r\n", WHY(FROM) },
	{ "INVITE", "f:<" ME "?x=y>\r\n", WHY(FROM) },
	{ "INVITE", "f:\"<sip:eve@e>\" <" ME ">\r\n", WHY(FROM) },
	{ "INVITE", "f:\"\\\" <sip:eve@e> \\\"\" <" ME ">\r\n", WHY(FROM) },
	{ "INVITE", "f:\"a\\\\\" <" ME ">;p=\"<sip:eve@e>\"\r\n", WHY(FROM) },
	{ "INVITE", "f:<" ME ">;p=\"<sip:eve@e>\"\r\n", WHY(FROM) },
	{ "INVITE", "f:<" ME ">;p=\"\\\"\"\r\n", WHY(FROM) },
	{ "INVITE", "f:\"a\\\r\n b\" <" ME ">\r\n", WHY(FROM) },
	{ "INVITE", "f:\"a <" ME ">\r\n", WHY(FROM) },
	{ "INVITE", "f:\"a\" b <" ME ">\r\n", WHY(FROM) },
	{ "INVITE", "f:a \"b\" <" ME ">\r\n", WHY(FROM) },
	{ "INVITE", "f:\"a\" " ME "\r\n", WHY(FROM) },
	{ "INVITE", "f:\"a\x01\" <" ME ">\r\n", WHY(FROM) },
	{ "INVITE", "f:Bell, Alice <" ME ">\r\n", WHY(FROM) },
	{ "INVITE", "f:(eve) <" ME ">\r\n", WHY(FROM) },
	{ "INVITE", "f:<" ME "> (eve)\r\n", WHY(FROM) },
	{ "INVITE", "f:<" ME ">;tag=1;tag=2\r\n", WHY(FROM) },
	{ "INVITE", "f:<" ME ">\r\n f: <sip:eve@e>\r\n", WHY(FROM) },
	{ "INVITE", "f:<" ME ">;\r\n", WHY(FROM) },
	{ "INVITE", "f:<" ME ">x\r\n", WHY(FROM) },
	{ "INVITE", "f:<" ME "\x01>\r\n", WHY(FROM) },
	{ "INVITE", "f:J\xc3\xb6rg <" ME ">\r\n", WHY(FROM) },
	{ "INVITE", "f:\xef\xbb\xbf" ME "\r\n", WHY(FROM) },
	{ "INVITE", "f:*\r\n", WHY(FROM) },
	{ "INVITE", "f:<" ME "%00>\r\n", WHY(FROM) },
	{ "INVITE", "f:<sip:alice:x@home.example>\r\n", WHY(FROM) },
	/* two fields of the same are malformed */
	{ "INVITE", "f:<" ME ">\r\nFrom: <sip:eve@e>\r\n", -1 },
	{ "INVITE", "t:<" ME ">\r\nTO : <sip:eve@e>;tag=1\r\n", -1 },
	/* P-Preferred-Identity */
	{ "INVITE", PPI ": <" ME ">\r\n", WHY(OK) },
	{ "INVITE", "p-PREFERRED-identity : \"A\" <" MY_TEL "> , " ME "\r\n", WHY(OK) },
	{ "INVITE", PPI ": " ME "," MY_TEL "\r\n", WHY(OK) },
	{ "INVITE", PPI ": <" ME ">\r\n" PPI ":<" MY_TEL ">\r\n", WHY(OK) },
	{ "INVITE", PPI ": <sip:eve@home.example>\r\n", WHY(PREFERRED) },
	{ "INVITE", PPI ": <sip:anonymous@anonymous.invalid>\r\n", WHY(PREFERRED) },
	{ "INVITE", PPI ": <" ME ">, <sip:eve@e>\r\n", WHY(PREFERRED) },
	{ "INVITE", PPI ": <sip:eve@e>,<" ME ">\r\n", WHY(PREFERRED) },
	{ "INVITE", PPI ": <" ME ">\r\nX: y\r\np-preferred-identity:\r\n <sip:eve@e>\r\n",
	  WHY(PREFERRED) },
	{ "INVITE", PPI ": <" ME ">,\r\n", WHY(PREFERRED) },
	{ "INVITE", PPI ": ,<" ME ">\r\n", WHY(PREFERRED) },
	{ "INVITE", PPI ": \r\n", WHY(PREFERRED) },
	{ "INVITE", PPI ": <" ME ">;x=y\r\n", WHY(PREFERRED) },
	{ "INVITE", PPI ": " ME ";x=y\r\n", WHY(PREFERRED) },
	{ "INVITE", PPI ": <" ME "> x\r\n", WHY(PREFERRED) },
	{ "INVITE", PPI ": \"<sip:eve@e>\" <" ME ">\r\n", WHY(PREFERRED) },
	{ "INVITE", "t:<sip:b@b>;tag=1\r\n" PPI ": <sip:eve@e>\r\n", WHY(OK) },
	{ "INVITE", "P-Preferred-Service: <sip:eve@e>\r\n", WHY(OK) },
	/* Authorization */
	{ "REGISTER", DIGEST MY_NAME "\r\n", WHY(OK) },
	{ "REGISTER", "authorization:DIGEST  realm=\"r\" , USERNAME = \"" IMPI "\",\r\n"
	  " nonce=\"\",response=\"\", algorithm=AKAv1-MD5, uri=\"sip:home.example\"\r\n", WHY(OK) },
	{ "INVITE", DIGEST MY_NAME "\r\n" DIGEST "\r\n username=\"" IMPI "\"\r\n", WHY(OK) },
	{ "REGISTER", DIGEST "username=\"eve@private.home.example\"\r\n",
	  WHY(USERNAME) },
	{ "MESSAGE", DIGEST "username=\"eve@private.home.example\"\r\n",
	  WHY(USERNAME) },
	{ "INVITE", DIGEST MY_NAME "\r\n" DIGEST "username=\"eve\"\r\n", WHY(USERNAME) },
	{ "INVITE", DIGEST MY_NAME ",username=\"" IMPI "\"\r\n",
	  WHY(USERNAME) },
	{ "INVITE", DIGEST MY_NAME ",UserName=\"eve\"\r\n",
	  WHY(USERNAME) },
	{ "INVITE", DIGEST "username*=UTF-8''eve,username=\"" IMPI "\"\r\n",
	  WHY(USERNAME) },
	{ "INVITE", DIGEST "username=alice\r\n", WHY(USERNAME) },
	{ "INVITE", DIGEST "username=\"ALICE@private.home.example\"\r\n",
	  WHY(USERNAME) },
	{ "INVITE", DIGEST "username=\"al\\ice@private.home.example\"\r\n",
	  WHY(USERNAME) },
	{ "INVITE", DIGEST "username=\" " IMPI "\"\r\n", WHY(USERNAME) },
	{ "INVITE", DIGEST "username=\"" IMPI "\r\n \"\r\n", WHY(USERNAME) },
	{ "INVITE", DIGEST "username=\"\"\r\n", WHY(USERNAME) },
	{ "INVITE", DIGEST "username=\r\n", WHY(USERNAME) },
	{ "INVITE", DIGEST "username\r\n", WHY(USERNAME) },
	{ "INVITE", DIGEST "username=\"" IMPI "\r\n", WHY(USERNAME) },
	{ "INVITE", DIGEST "realm=\"r\"\r\n", WHY(USERNAME) },
	{ "INVITE", "Authorization: Digest\r\n", WHY(USERNAME) },
	{ "INVITE", "Authorization:\r\n", WHY(USERNAME) },
	{ "INVITE", DIGEST MY_NAME ",\r\n", WHY(USERNAME) },
	{ "INVITE", DIGEST ",username=\"" IMPI "\"\r\n", WHY(USERNAME) },
	{ "INVITE", DIGEST MY_NAME " x\r\n", WHY(USERNAME) },
	{ "INVITE", DIGEST MY_NAME ", Digest username=\"eve\"\r\n",
	  WHY(USERNAME) },
	{ "INVITE", "Authorization: Basic YWxpY2U6cHc=\r\n", WHY(USERNAME) },
	{ "INVITE", "Authorization: Digestusername=\"" IMPI "\"\r\n", WHY(USERNAME) },
	/* a quoted quote ends the string for some, who then find eve */
	{ "INVITE", DIGEST "nonce=\"x\\\" , username=eve, foo=\\\"\"," MY_NAME "\r\n",
	  WHY(USERNAME) },
	{ "ACK", DIGEST "username=\"eve\"\r\n", WHY(OK) },
	{ "INVITE", "Proxy-Authorization: Digest username=\"eve\"\r\n", WHY(OK) },
};

static void clause(void)
{
	static char text[4096];
	const struct sipsec_identity_set ids = mine();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(messages); i++) {
		int why;

		snprintf(text, sizeof(text), "%s sip:x@home.example SIP/2.0\r\n%s\r\n",
			 messages[i].start, messages[i].fields);
		why = verdict(text, &ids);
		tap_ok(why == messages[i].why, "message %u, %s: %s", i, messages[i].start,
		       why < 0 ? "malformed" : sipsec_why_name(why));
	}
	tap_ok(!verdict("SIP/2.0 200 OK\r\nf:<sip:eve@e>\r\nt:<sip:eve@e>\r\n"
			PPI ": <sip:eve@e>\r\n\r\n", &ids), "no response");
	tap_ok(!verdict("INVITE sip:x SIP/2.0\r\n\r\nFrom: <sip:eve@e>\r\n"
			"Authorization: Basic x\r\n", &ids), "not the body");
}

/* What an SA does not have is not checked. */
static void kinds(void)
{
	static const char user[] = "REGISTER sip:x SIP/2.0\r\nf:<sip:eve@e>\r\n"
		"t:<sip:eve@e>\r\nAuthorization: Digest username=\"" IMPI "\"\r\n\r\n";
	static const char name[] = "REGISTER sip:x SIP/2.0\r\nf:<" ME ">\r\nt:<" ME ">\r\n"
		"Authorization: Digest username=\"eve\"\r\n\r\n";
	struct sipsec_identity_set ids = mine();

	ids.nr = 0;
	tap_ok(!verdict(user, &ids) && verdict(name, &ids) == WHY(USERNAME),
	       "with a private identity alone");
	ids = mine();
	ids.impi.len = 0;
	tap_ok(verdict(user, &ids) == WHY(TO) && !verdict(name, &ids), "with public ones alone");
	ids.nr = 0;
	tap_ok(!verdict(user, &ids) && !verdict(name, &ids), "with none");
}

/* The last of 16, and as many values as there may be. */
static void bounds(void)
{
	static char text[65536], names[SIPSEC_MAX_IMPUS][32];
	struct sipsec_identity_set ids = { .nr = SIPSEC_MAX_IMPUS };
	unsigned int i, n, values;
	bool good = true;

	for (i = 0; i < SIPSEC_MAX_IMPUS; i++) {
		snprintf(names[i], sizeof(names[i]), "sip:u%u@a.example", i);
		ids.impu[i] = str(names[i]);
	}
	for (i = 0; i <= SIPSEC_MAX_IMPUS; i++) {
		sprintf(text, START "f:<sip:u%u@a.example>\r\n\r\n", i);
		good &= verdict(text, &ids) == (i < SIPSEC_MAX_IMPUS ? WHY(OK) : WHY(FROM));
	}
	tap_ok(good, "each of 16 public identities, and no other");
	for (values = SIPSEC_MAX_PREFERRED; values < SIPSEC_MAX_PREFERRED + 2; values++) {
		n = sprintf(text, START PPI ": <sip:u1@a.example>");
		for (i = 1; i < values; i++)
			n += sprintf(text + n, "%s<sip:u1@a.example>",
				     i & 1 ? "," : "\r\n" PPI ": ");
		sprintf(text + n, "\r\n\r\n");
		tap_ok(verdict(text, &ids) == (values == SIPSEC_MAX_PREFERRED ?
					       WHY(OK) : WHY(PREFERRED)),
		       "%u P-Preferred-Identity values", values);
	}
}

/* Nothing behind the message is read, wherever it ends. */
static void prefixes(void)
{
	static const char message[] =
		"REGISTER sip:home.example SIP/2.0\r\n"
		"f: \"A \\\" B\" <" ME ";x=%41;user=ip>;tag=1;y=[2001:db8::1];z=\"q\"\r\n"
		"t: <" MY_TEL ">\r\n"
		"P-Preferred-Identity: <" ME ">, " MY_TEL "\r\n"
		"Authorization: Digest username=\"" IMPI "\", realm=\"r\", nc=1\r\n";
	const struct sipsec_identity_set ids = mine();
	unsigned int n, passed = 0, start = strlen("REGISTER sip:home.example SIP/2.0\r\n");
	char text[sizeof(message) + 4];

	/* cut within the header, and closed there */
	for (n = start; n < sizeof(message); n++) {
		snprintf(text, sizeof(text), "%.*s\r\n\r\n", (int)n, message);
		passed += !verdict(text, &ids);
	}
	tap_ok(passed > 4 && passed < n / 2, "cut at each octet: %u of %zu pass", passed,
	       sizeof(message) - start);
}

static void from_file(const char *path, const char *impu, const char *impi, int why)
{
	struct octets o = data_file(path);
	const u8 *buf = guard_high(o.data, o.len);
	struct sipsec_identity_set ids = { .nr = 1, .impu = { str(impu) }, .impi = str(impi) };
	struct sipsec_msg msg;
	int got = -1;

	if (!sipsec_msg_parse(buf, o.len, SIPSEC_MAX_SIZE_DEFAULT, &msg))
		got = sipsec_identity_check(buf, &msg, &ids);
	tap_ok(got == why, "%s, %s: %s", strrchr(path, '/') + 1, impu,
	       got < 0 ? "malformed" : sipsec_why_name(got));
	data_free(&o);
}

#define TORTURE(file, impu, why)	from_file(VECTORS "/rfc4475/" file, impu, "alice", WHY(why))

#define LONG	"amazinglylongcallername"

static void torture(void)
{
	/* an INVITE in a dialog: a To tag among much folding */
	TORTURE("wsinv.dat", "sip:nobody@example.com", OK);
	TORTURE("esc01.dat", "sip:I%20have%20spaces@EXAMPLE.net", OK);
	TORTURE("esc01.dat", "sip:I%20have%20space@example.net", FROM);
	TORTURE("esc02.dat", "sip:resource@example.com", OK);
	TORTURE("escnull.dat", "sip:null-%00-null@example.com", TO);
	TORTURE("lwsdisp.dat", "sip:caller@example.com", OK);
	TORTURE("lwsdisp.dat", "sip:caller@example.org", FROM);
	TORTURE("longreq.dat", "sip:" LONG LONG LONG LONG LONG "@example.net", OK);
	TORTURE("longreq.dat", "sip:" LONG LONG LONG LONG "@example.net", FROM);
	TORTURE("badaspec.dat", "sip:a.g.bell@example.com", TO);
	TORTURE("quotbal.dat", "sip:caller@example.net", TO);
	TORTURE("regaut01.dat", "sip:j.user@example.com", USERNAME);
	TORTURE("regbadct.dat", "sip:user@example.com", OK);
	TORTURE("regescrt.dat", "sip:user@example.com", OK);
	TORTURE("unksm2.dat", "sip:user@example.com", TO);
	TORTURE("inv2543.dat", "tel:+1-303-555-1111", OK);
	TORTURE("inv2543.dat", "sip:+13035551111@ift.client.example.net", OK);
	TORTURE("semiuri.dat", "sip:caller@example.org", OK);
	TORTURE("dblreq.dat", "sip:j.user@example.com", OK);
	TORTURE("mpart01.dat", "sip:fluffy@example.com", OK);
}

#define MATERIAL	SHARED "/material/sip/ims-derived-milenage1"

static int file_verdict(const char *file, const struct sipsec_identity_set *ids)
{
	struct sipsec_msg msg;
	struct octets o;
	char path[256];
	int got = -1;
	const u8 *buf;

	snprintf(path, sizeof(path), MATERIAL "/%s.sip", file);
	o = data_file(path);
	buf = guard_high(o.data, o.len);
	if (!sipsec_msg_parse(buf, o.len, SIPSEC_MAX_SIZE_DEFAULT, &msg))
		got = sipsec_identity_check(buf, &msg, ids);
	data_free(&o);
	return got;
}

/* A whole IMS registration and call of ../shared/material, where it is. */
static void access_network(void)
{
	static const char *const files[] = {
		"01_register1", "04_register2_auth", "05_register2_resync", "07_subscribe_reg",
		"09_invite", "11_message_sms_binary",
	};
	static const char *const in_dialog[] = { "10_prack", "12_bye" };
	const char *name = "001010000000001@ims.mnc001.mcc001.3gppnetwork.org";
	struct sipsec_identity_set own = {
		.impi = str(name), .nr = 2,
		.impu = { str("sip:001010000000001@IMS.mnc001.mcc001.3gppnetwork.org"),
			  str("tel:+1-555-0100001") },
	}, others = {
		.impi = str("001010000000002@ims.mnc001.mcc001.3gppnetwork.org"), .nr = 2,
		.impu = { str("sip:001010000000002@ims.mnc001.mcc001.3gppnetwork.org"),
			  str("tel:+15550100002") },
	};
	unsigned int i;

	if (access(MATERIAL "/09_invite.sip", R_OK)) {
		tap_skip("messages of ../shared/material/sip", "not here");
		return;
	}
	for (i = 0; i < ARRAY_SIZE(files); i++)
		tap_ok(!file_verdict(files[i], &own) && file_verdict(files[i], &others) > 0,
		       "registration and call: %s", files[i]);
	for (i = 0; i < ARRAY_SIZE(in_dialog); i++)
		tap_ok(!file_verdict(in_dialog[i], &others), "in a dialog: %s", in_dialog[i]);
}

int main(void)
{
	equality();
	loading();
	clause();
	kinds();
	bounds();
	prefixes();
	torture();
	access_network();
	return tap_done();
}
