// SPDX-License-Identifier: GPL-2.0
/* Clause 12's annotation: words, and what is written into a value. */
#include <stdlib.h>
#include <string.h>

#include "annotate.h"
#include "guard.h"
#include "tap.h"

static void words(void)
{
	static const struct {
		const char *word;
		bool good;
	} rows[] = {
		{ "abcdefg", false }, { "abcdefgh", true }, { "1234567g", true },
		{ "deadbeef", false }, { "DEADBEEF01234567", false }, { "deadbeef01234_67", true },
		{ "0123456789abcdefg", false }, { "word with", false }, { "semi;colon", false },
		{ "comma,comma", false }, { "!%'*+-.`~", true }, { "\"quoted-it\"", false },
		{ "\303\274mlaut-word", false }, { "", false },
	};
	u8 random[SIPSEC_MAX_WORD], word[SIPSEC_MAX_WORD];
	u32 i, j, seen = 0;
	bool good = true;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		u32 len = strlen(rows[i].word);

		tap_ok(sipsec_word_ok(guard_high((const u8 *)rows[i].word, len), len) ==
		       rows[i].good, "word \"%s\" is %s", rows[i].word,
		       rows[i].good ? "one" : "none");
	}
	for (i = 0; i < 10000; i++) {
		for (j = 0; j < SIPSEC_MAX_WORD; j++)
			random[j] = rand();
		sipsec_word_make(word, random);
		good &= sipsec_word_ok(word, SIPSEC_MAX_WORD);
		for (j = 1; j < SIPSEC_MAX_WORD; j++)
			seen |= 1U << (word[j] >= 'a' ? word[j] - 'a' : word[j] - '2' + 26);
	}
	tap_ok(good, "10000 random words are words");
	tap_ok(seen == ~0U, "all 32 characters are in them");
}

static void one(const char *word, u32 spi, u32 len, const char *want)
{
	u8 buf[64];
	u8 *value;

	memset(buf, '#', sizeof(buf));
	value = (u8 *)guard_high(buf, len);
	tap_ok(sipsec_annotation_write(value, len, (const u8 *)word, strlen(word), spi) ==
	       !!want && !memcmp(value, want ?: "################", len),
	       "%s and %x in %u octets: %s", word, spi, len, want ?: "no");
}

static void writes(void)
{
	one("Trusted-1", 0x4f1a22c0, 20, "Trusted-1;4f1a22c0  ");
	one("Trusted-1", 0x4f1a22c0, 18, "Trusted-1;4f1a22c0");
	one("Trusted-1", 0x4f1a22c0, 17, "Trusted-1        ");
	one("Trusted-1", 0x100, 13, "Trusted-1;100");
	one("Trusted-1", 0x100, 12, "Trusted-1   ");
	one("Trusted-1", 0xabcdef, 16, "Trusted-1;abcdef");
	one("Trusted-1", 0x100, 9, "Trusted-1");
	one("Trusted-1", 0x100, 8, NULL);
	one("Trusted-1", 0x100, 0, NULL);
	one("0123456789abcdeX", 0xffffffff, 25, "0123456789abcdeX;ffffffff");
	one("0123456789abcdeX", 0, 18, "0123456789abcdeX;0");
}

static bool has_word(const char *text, const char *word)
{
	u32 len = strlen(text);
	const u8 *buf = guard_high((const u8 *)text, len);
	struct sipsec_msg msg;

	return sipsec_msg_parse(buf, len, 10000, &msg) == SIPSEC_WHY_OK &&
	       sipsec_msg_has_word(buf, &msg, (const u8 *)word, strlen(word));
}

#define MSG(field)	"OPTIONS a SIP/2.0\r\n" field "\r\n\r\nIntegrity: trusted-1;scope=x\r\n"

static void claims(void)
{
	static const struct {
		const char *text;
		bool has;
	} rows[] = {
		{ MSG("Integrity: trusted-1;scope=moon"), true },
		{ MSG("Integrity: TRUSTED-1;scope=moon"), true },
		{ MSG("g:trusted-1;scope=moon"), true },
		{ MSG("X: y\r\nInTeGrItY \t: \t trusted-1 ;scope=moon"), true },
		{ MSG("Integrity: moon;scope=moon\r\ng: trusted-1;scope=sun"), true },
		{ MSG("Integrity: trusted-12;scope=moon"), false },
		{ MSG("Integrity: trusted-;scope=moon"), false },
		{ MSG("Integrity: xtrusted-1;scope=moon"), false },
		{ MSG("Integrity: moon;scope=moon;x=trusted-1"), false },
		{ MSG("Integrit: trusted-1;scope=moon"), false },
		{ MSG("X: trusted-1"), false },
	};
	u32 i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		tap_ok(has_word(rows[i].text, "trusted-1") == rows[i].has, "claim %u is %s", i,
		       rows[i].has ? "one" : "none");
}

static void places(void)
{
	static const char text[] = "OPTIONS a SIP/2.0\r\nIntegrity: \t 1f4;seq=1;mac=AAAA \r\n\r\n";
	const u8 *buf = guard_high((const u8 *)text, sizeof(text) - 1);
	struct sipsec_msg msg;
	struct sipsec_span at;

	if (!tap_ok(sipsec_msg_parse(buf, sizeof(text) - 1, 1000, &msg) == SIPSEC_WHY_OK &&
		    msg.has_hop, "a message with a hop field"))
		return;
	at = sipsec_annotation_place(buf, msg.hop_value);
	tap_ok(at.len == 19 && !memcmp(buf + at.off, "1f4;seq=1;mac=AAAA ", 19),
	       "its value begins behind white space and goes to the end of the line");
	msg.hop_value.len = 3;
	at = sipsec_annotation_place(buf, msg.hop_value);
	tap_ok(!at.len, "white space alone leaves nothing");
}

int main(void)
{
	words();
	writes();
	claims();
	places();
	return tap_done();
}
