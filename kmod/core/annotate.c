// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>

#include "annotate.h"
#include "field.h"
#include "octet.h"

bool sipsec_word_ok(const u8 *word, u32 len)
{
	u8 all;

	if (len < SIPSEC_MIN_WORD || len > SIPSEC_MAX_WORD)
		return false;
	return sipsec_token_end(word, 0, len, &all) == len && !(all & SIPSEC_OCTET_HEX);
}

void sipsec_word_make(u8 word[SIPSEC_MAX_WORD], const u8 random[SIPSEC_MAX_WORD])
{
	/* 32, so that all are as likely; from 'g' to 'z' they are no hexadecimal digits */
	static const u8 chars[] = "abcdefghijklmnopqrstuvwxyz234567";
	u32 i;

	word[0] = 'g' + random[0] % ('z' - 'g' + 1);
	for (i = 1; i < SIPSEC_MAX_WORD; i++)
		word[i] = chars[random[i] % 32];
}

bool sipsec_annotation_write(u8 *value, u32 len, const u8 *word, u32 word_len, u32 spi)
{
	u8 text[SIPSEC_MAX_SPI_CHARS];
	u32 chars = sipsec_octet_put_hex(text, spi);

	if (len < word_len)
		return false;
	memset(value, ' ', len);
	memcpy(value, word, word_len);
	if (len - word_len > chars) {
		value[word_len] = ';';
		memcpy(value + word_len + 1, text, chars);
	}
	return true;
}

struct sipsec_span sipsec_annotation_place(const u8 *buf, struct sipsec_span value)
{
	u32 end = value.off + value.len;
	u32 off = sipsec_octet_skip(buf, value.off, end, SIPSEC_OCTET_LWS);

	return (struct sipsec_span){ .off = off, .len = end - off };
}

/* White space, the word, and then no further character of a token. */
static bool begins_with(const u8 *buf, struct sipsec_span value, const u8 *word, u32 word_len)
{
	struct sipsec_span text = sipsec_annotation_place(buf, value);
	u32 end = sipsec_octet_skip(buf, text.off, text.off + text.len, SIPSEC_OCTET_TOKEN);

	return end - text.off == word_len && sipsec_token_equal(buf + text.off, word, word_len);
}

bool sipsec_msg_has_word(const u8 *buf, const struct sipsec_msg *msg, const u8 *word,
			 u32 word_len)
{
	struct sipsec_field f = {};

	while (sipsec_field_next(buf, msg, &f))
		if (f.is == SIPSEC_FIELD_INTEGRITY &&
		    begins_with(buf, sipsec_field_value(buf, &f), word, word_len))
			return true;
	return false;
}
