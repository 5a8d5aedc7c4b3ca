// SPDX-License-Identifier: GPL-2.0
/*
 * The parser of messages and Integrity fields in the kernel.  Each message lies at
 * the end of an allocation of its own size, so that KASAN sees the octet behind it.
 */
#include <kunit/test.h>
#include <linux/random.h>
#include <linux/string.h>

#include "core/field.h"
#include "core/integrity.h"
#include "core/sipmsg.h"

#define START	"REGISTER sip:home.example SIP/2.0\r\n"
#define FIELD	"Integrity: 00001001;seq=1f;mac=AAAAAAAAAAAAAAAAAAAAAA\r\n"
#define REST	"From: <sip:alice@home.example>;tag=1\r\nTo: <sip:alice@home.example>\r\n" \
		"Call-ID: 1@ue\r\nCSeq: 7 REGISTER\r\n"
#define BODY	"Content-Length: 4\r\n\r\nbody"

static const u8 *alone(struct kunit *test, const void *octets, size_t len)
{
	u8 *copy = kunit_kmalloc(test, len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, copy);
	return memcpy(copy, octets, len);
}

static bool span_is(const u8 *buf, struct sipsec_span span, const char *want)
{
	return span.len == strlen(want) && !memcmp(buf + span.off, want, span.len);
}

static void spans(struct kunit *test)
{
	static const char text[] = START FIELD REST BODY;
	const u32 len = sizeof(text) - 1;
	const u8 *buf = alone(test, text, len);
	struct sipsec_msg msg;

	KUNIT_ASSERT_EQ(test, (int)sipsec_msg_parse(buf, len, SIPSEC_MAX_SIZE_DEFAULT, &msg),
			(int)SIPSEC_WHY_OK);
	KUNIT_EXPECT_TRUE(test, msg.request);
	KUNIT_EXPECT_EQ(test, msg.start_len, (u32)strlen(START));
	KUNIT_EXPECT_EQ(test, msg.body_off, len - 4);
	KUNIT_EXPECT_EQ(test, msg.nr_lines, 6U);
	KUNIT_EXPECT_TRUE(test, span_is(buf, msg.method, "REGISTER"));
	KUNIT_EXPECT_TRUE(test, span_is(buf, msg.uri, "sip:home.example"));
	KUNIT_EXPECT_TRUE(test, span_is(buf, msg.from, " <sip:alice@home.example>;tag=1"));
	KUNIT_EXPECT_TRUE(test, span_is(buf, msg.call_id, " 1@ue"));
	KUNIT_EXPECT_TRUE(test, span_is(buf, msg.cseq, " 7 REGISTER"));
	KUNIT_EXPECT_TRUE(test, msg.has_content_length);
	KUNIT_EXPECT_EQ(test, msg.content_length, 4U);
	KUNIT_ASSERT_TRUE(test, msg.has_hop);
	KUNIT_EXPECT_FALSE(test, msg.has_e2e);
	KUNIT_EXPECT_EQ(test, msg.hop.spi, 0x1001U);
	KUNIT_EXPECT_EQ(test, msg.hop.seq, 0x1fULL);
	KUNIT_EXPECT_EQ(test, (int)msg.hop.mac_chars, 22);
	KUNIT_EXPECT_TRUE(test, sipsec_msg_is_register(buf, &msg));
	KUNIT_EXPECT_TRUE(test, sipsec_msg_is_registration(buf, &msg));
}

struct malformed {
	const char *text;
	enum sipsec_why why;
};

static void reasons(struct kunit *test)
{
	static const struct malformed all[] = {
		{ "REGISTER sip:a SIP/3.0\r\n\r\n", SIPSEC_WHY_START_LINE },
		{ START "To: a\r\n", SIPSEC_WHY_NO_END },
		{ START "To: a\n\r\n", SIPSEC_WHY_BARE_LF },
		{ START "To: a\rb\r\n\r\n", SIPSEC_WHY_BARE_CR },
		{ START " folded\r\n\r\n", SIPSEC_WHY_FIRST_FOLDED },
		{ START "To\r\n\r\n", SIPSEC_WHY_HEADER_NAME },
		{ START "To: a\r\nt: b\r\n\r\n", SIPSEC_WHY_DUPLICATE },
		{ START "Content-Length: 5\r\n\r\nbody", SIPSEC_WHY_CONTENT_LENGTH },
		{ START "Integrity: 00001001;seq=0\r\n\r\n", SIPSEC_WHY_INTEGRITY },
		{ START FIELD FIELD "\r\n", SIPSEC_WHY_INTEGRITY_TWICE },
	};
	struct sipsec_msg msg;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		u32 len = strlen(all[i].text);

		KUNIT_EXPECT_EQ_MSG(test,
				    (int)sipsec_msg_parse(alone(test, all[i].text, len), len,
							  SIPSEC_MAX_SIZE_DEFAULT, &msg),
				    (int)all[i].why, "%s", all[i].text);
	}
}

/* Of a message that ends early, by any number of octets, none behind it is read. */
static void truncated(struct kunit *test)
{
	static const char text[] = START FIELD REST BODY;
	const struct sipsec_look look = {
		.max = SIPSEC_MAX_SIZE_DEFAULT, .stun_request = true, .stun_response = true,
	};
	enum sipsec_why why;
	struct sipsec_msg msg;
	u32 len;

	for (len = 1; len < sizeof(text) - 1; len++) {
		const u8 *buf = alone(test, text, len);

		KUNIT_EXPECT_NE_MSG(test, (int)sipsec_look(buf, len, &look, &msg, &why),
				    (int)SIPSEC_CLASS_NONE, "%u octets", len);
		sipsec_looks_like_sip(buf, len);
	}
}

/* Octets at random, put over a good message. */
static void mutated(struct kunit *test)
{
	static const char text[] = START FIELD REST BODY;
	const u32 len = sizeof(text) - 1;
	u8 *buf = kunit_kmalloc(test, len, GFP_KERNEL);
	struct sipsec_msg msg;
	struct rnd_state rnd;
	unsigned int i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, buf);
	prandom_seed_state(&rnd, 3261);
	for (i = 0; i < 20000; i++) {
		unsigned int n = 1 + prandom_u32_state(&rnd) % 4;

		memcpy(buf, text, len);
		while (n--)
			buf[prandom_u32_state(&rnd) % len] = prandom_u32_state(&rnd);
		if (sipsec_msg_parse(buf, len, SIPSEC_MAX_SIZE_DEFAULT, &msg) != SIPSEC_WHY_OK)
			continue;
		KUNIT_ASSERT_LE(test, msg.body_off, len);
		KUNIT_ASSERT_LE(test, msg.from.off + msg.from.len, msg.body_off);
		KUNIT_ASSERT_LE(test, msg.call_id.off + msg.call_id.len, msg.body_off);
		if (msg.has_hop)
			KUNIT_ASSERT_LE(test, msg.hop.mac_off + msg.hop.mac_chars, msg.body_off);
	}
}

static void formatted(struct kunit *test)
{
	static const u64 seqs[] = { 1, 0xffffffff, 0x100000000ULL, ~0ULL };
	struct sipsec_integrity f;
	unsigned int i, compact;

	for (i = 0; i < ARRAY_SIZE(seqs); i++) {
		for (compact = 0; compact < 2; compact++) {
			u8 line[SIPSEC_MAX_FIELD_LEN];
			unsigned int mac_off, value, len;

			len = sipsec_integrity_format(line, compact, 0xfffffffe, seqs[i], 22,
						      &mac_off);
			KUNIT_ASSERT_LE(test, len, (unsigned int)sizeof(line));
			value = (u8 *)memchr(line, ':', len) - line + 1;
			KUNIT_ASSERT_TRUE(test, sipsec_integrity_parse(alone(test, line, len - 2),
								       value, len - 2 - value, &f));
			KUNIT_EXPECT_EQ(test, f.spi, 0xfffffffeU);
			KUNIT_EXPECT_EQ(test, f.seq, seqs[i]);
			KUNIT_EXPECT_EQ(test, f.mac_off, mac_off);
			KUNIT_EXPECT_EQ(test, (int)f.mac_chars, 22);
		}
	}
}

static void mac_values(struct kunit *test)
{
	u8 mac[SIPSEC_MAX_MAC_LEN], back[SIPSEC_MAX_MAC_LEN], text[SIPSEC_MAX_MAC_CHARS];
	unsigned int len, i;

	for (len = 1; len <= sizeof(mac); len++) {
		unsigned int chars = (len * 8 + 5) / 6;

		for (i = 0; i < len; i++)
			mac[i] = 0xff - 37 * i;
		sipsec_mac_encode(text, mac, len);
		KUNIT_ASSERT_TRUE(test, sipsec_mac_decode(text, chars, back, len));
		KUNIT_EXPECT_EQ(test, memcmp(mac, back, len), 0);
		KUNIT_EXPECT_FALSE(test, sipsec_mac_decode(text, chars - 1, back, len));
		text[len / 2] = '=';
		KUNIT_EXPECT_FALSE(test, sipsec_mac_decode(text, chars, back, len));
	}
}

/* A field by itself: its lines, and what a name may be. */
static void fields(struct kunit *test)
{
	static const char folded[] = "Subject : a\r\n b\r\n\tc\r\n";
	const u8 *at = alone(test, folded, sizeof(folded) - 1);
	enum sipsec_why why = SIPSEC_WHY_OK;
	struct sipsec_field f;

	KUNIT_ASSERT_TRUE(test, sipsec_field_read(at, at + sizeof(folded) - 1, &f, &why));
	KUNIT_EXPECT_PTR_EQ(test, f.name, at);
	KUNIT_EXPECT_PTR_EQ(test, f.value, at + 9);
	KUNIT_EXPECT_EQ(test, f.lines, 3U);
	KUNIT_EXPECT_PTR_EQ(test, f.end, at + sizeof(folded) - 3);
	at = alone(test, "a b: c\r\n", 8);
	KUNIT_EXPECT_FALSE(test, sipsec_field_read(at, at + 8, &f, &why));
	KUNIT_EXPECT_EQ(test, (int)why, (int)SIPSEC_WHY_HEADER_NAME);
	at = alone(test, "a: c\r", 5);
	KUNIT_EXPECT_FALSE(test, sipsec_field_read(at, at + 5, &f, &why));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(spans),
	KUNIT_CASE(reasons),
	KUNIT_CASE(truncated),
	KUNIT_CASE(mutated),
	KUNIT_CASE(formatted),
	KUNIT_CASE(mac_values),
	KUNIT_CASE(fields),
	{}
};

static struct kunit_suite core_suite = {
	.name = "sipsec_core",
	.test_cases = cases,
};

kunit_test_suite(core_suite);
