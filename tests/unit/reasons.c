// SPDX-License-Identifier: GPL-2.0
/* Why a message is malformed: each reason that the parser can give, by a message for it. */
#include <linux/kernel.h>
#include <string.h>

#include "guard.h"
#include "sipmsg.h"
#include "tap.h"

#define MAX	400
#define LINE	"A: b\r\n"
#define LINES16	LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE LINE
#define HOP	"g: 1001;seq=1;mac=AAAA\r\n"

static const struct {
	enum sipsec_why why;
	const char *text;
} cases[] = {
	{ SIPSEC_WHY_OK, "M u SIP/2.0\r\n\r\n" },
	{ SIPSEC_WHY_OK, "M u SIP/2.0\r\n" HOP "g: 1001;seq=1;mac=AAAA;scope=e2e\r\n\r\n" },
	{ SIPSEC_WHY_SIZE, "M u SIP/2.0\r\n" LINES16 LINES16 LINES16 LINES16 LINES16 "\r\n" },
	{ SIPSEC_WHY_START_LINE, "M u SIP/2.1\r\n\r\n" },
	{ SIPSEC_WHY_START_LINE, "\r\nM u SIP/2.0\r\n\r\n" },
	{ SIPSEC_WHY_START_LINE, "SIP/2.0 20x \r\n\r\n" },
	{ SIPSEC_WHY_BARE_CR, "M u SIP/2.0\r\r\n\r\n" },
	{ SIPSEC_WHY_BARE_CR, "M u SIP/2.0\r\nA: b\rc\r\n\r\n" },
	{ SIPSEC_WHY_BARE_CR, "M u SIP/2.0\r\nA: b\r\n\r" },
	{ SIPSEC_WHY_BARE_LF, "M u SIP/2.0\n\r\n" },
	{ SIPSEC_WHY_BARE_LF, "M u SIP/2.0\r\nA: b\r\n c\nd\r\n\r\n" },
	{ SIPSEC_WHY_NO_END, "M u SIP/2.0" },
	{ SIPSEC_WHY_NO_END, "M u SIP/2.0\r\n" },
	{ SIPSEC_WHY_NO_END, "M u SIP/2.0\r\nA: b\r\n" },
	{ SIPSEC_WHY_NO_END, "M u SIP/2.0\r\nA: b\r\n c" },
	{ SIPSEC_WHY_HEADER_NAME, "M u SIP/2.0\r\nA\r\n\r\n" },
	{ SIPSEC_WHY_HEADER_NAME, "M u SIP/2.0\r\n: b\r\n\r\n" },
	{ SIPSEC_WHY_HEADER_NAME, "M u SIP/2.0\r\nA b: c\r\n\r\n" },
	{ SIPSEC_WHY_FIRST_FOLDED, "M u SIP/2.0\r\n A: b\r\n\r\n" },
	{ SIPSEC_WHY_FIRST_FOLDED, "M u SIP/2.0\r\n\t\r\n\r\n" },
	{ SIPSEC_WHY_DUPLICATE, "M u SIP/2.0\r\nFrom: a\r\nf: a\r\n\r\n" },
	{ SIPSEC_WHY_DUPLICATE, "M u SIP/2.0\r\nt:\r\nTo:\r\n\r\n" },
	{ SIPSEC_WHY_CONTENT_LENGTH, "M u SIP/2.0\r\nl: 4\r\n\r\nabc" },
	{ SIPSEC_WHY_CONTENT_LENGTH, "M u SIP/2.0\r\nl: 3\r\nL: 3\r\n\r\nabc" },
	{ SIPSEC_WHY_INTEGRITY, "M u SIP/2.0\r\ng: word;1001  \r\n\r\n" },
	{ SIPSEC_WHY_INTEGRITY, "M u SIP/2.0\r\ng: 1001;seq=1;\r\n mac=AAAA\r\n\r\n" },
	{ SIPSEC_WHY_INTEGRITY_TWICE, "M u SIP/2.0\r\n" HOP HOP "\r\n" },
};

static void lines(unsigned int nr, enum sipsec_why want)
{
	static u8 text[4096];
	struct sipsec_msg msg;
	enum sipsec_why why;
	unsigned int i, n;

	n = sprintf((char *)text, "M u SIP/2.0\r\n");
	for (i = 0; i < nr; i++)
		n += sprintf((char *)text + n, i % 3 ? " c\r\n" : "A: b\r\n");
	n += sprintf((char *)text + n, "\r\n");
	why = sipsec_msg_parse(guard_high(text, n), n, sizeof(text), &msg);
	tap_ok(why == want, "%u of the header: %s", nr, sipsec_why_name(why));
}

int main(void)
{
	struct sipsec_msg msg;
	enum sipsec_why why;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u32 len = strlen(cases[i].text);

		why = sipsec_msg_parse(guard_high((const u8 *)cases[i].text, len), len, MAX, &msg);
		tap_ok(why == cases[i].why, "message %u: %s", i, sipsec_why_name(why));
	}
	/* strings end at it */
	why = sipsec_msg_parse((const u8 *)"M u SIP/2.0\r\nA: \0\r\n\r\n", 21, MAX, &msg);
	tap_ok(why == SIPSEC_WHY_NUL, "NUL: %s", sipsec_why_name(why));
	lines(256, SIPSEC_WHY_OK);
	lines(257, SIPSEC_WHY_TOO_MANY_LINES);
	return tap_done();
}
