// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "core/alg.h"
#include "core/limits.h"
#include "sa.h"

#define WORD(_name, _value, _kind, _attr, _member)	\
	.name = (_name), .value = (_value), .kind = (_kind), \
	.attr = SIPSEC_A_SA_##_attr, .off = offsetof(struct sa, _member)

static const struct word words[] = {
	{
		WORD("in", NULL, WORD_CONST, TYPE, type), .number = SIPSEC_SA_INBOUND,
		.use = { USE_ADD | USE_NEED | USE_NAME | USE_FILTER | USE_SAVE, 0 },
	}, {
		WORD("out", NULL, WORD_CONST, TYPE, type), .number = SIPSEC_SA_OUTBOUND,
		.use = { 0, USE_ADD | USE_NEED | USE_NAME | USE_FILTER | USE_SAVE },
	}, {
		WORD("spi", "SPI", WORD_SPI, SPI, spi),
		.use = { USE_ADD | USE_NEED | USE_NAME | USE_FILTER | USE_SAVE,
			 USE_ADD | USE_NEED | USE_NAME | USE_FILTER | USE_SAVE },
	}, {
		WORD("addr", "ADDR", WORD_ADDR, ADDR4, addr),
		.use = { USE_ADD | USE_SET | USE_FILTER | USE_SAVE,
			 USE_ADD | USE_NAME | USE_FILTER },
	}, {
		WORD("peer", "ADDR", WORD_ADDR, ADDR4, addr), .alias = true,
		.use = { USE_ADD | USE_SET | USE_FILTER,
			 USE_ADD | USE_NEED | USE_NAME | USE_FILTER | USE_SAVE },
	}, {
		WORD("port", "PORT", WORD_PORT, PORT, port),
		.use = { USE_ADD | USE_SET | USE_FILTER | USE_SAVE,
			 USE_ADD | USE_NEED | USE_NAME | USE_FILTER | USE_SAVE },
	}, {
		WORD("dir", "uplink|downlink", WORD_NAMED, DIRECTION, direction),
		.names = word_directions,
		.use = { USE_ADD | USE_NEED | USE_FILTER | USE_SAVE,
			 USE_ADD | USE_NEED | USE_FILTER | USE_SAVE },
	}, {
		WORD("alg", "ALG", WORD_ALG, ALG, alg),
		.use = { USE_ADD | USE_FILTER | USE_SAVE, USE_ADD | USE_FILTER | USE_SAVE },
	}, {
		WORD("key-file", "FILE", WORD_FILE, KEY, key_file),
		.use = { USE_ADD | USE_NEED | USE_SAVE, USE_ADD | USE_NEED | USE_SAVE },
	}, {
		WORD("window", "N", WORD_U32, WINDOW, window),
		.use = { USE_ADD | USE_SAVE, 0 },
	}, {
		WORD("seq", "N", WORD_U64, SEQ, seq),
		.use = { USE_ADD | USE_SET | USE_SAVE, USE_ADD | USE_SET | USE_SAVE },
	}, {
		WORD("mark", "N", WORD_BITS, MARK, mark),
		.use = { USE_FILTER, USE_ADD | USE_SET | USE_FILTER | USE_SAVE },
	}, {
		WORD("soft-seconds", "N", WORD_U64, SOFT_SECONDS, soft_seconds),
		.use = { USE_ADD | USE_SET | USE_SAVE, USE_ADD | USE_SET | USE_SAVE },
	}, {
		WORD("hard-seconds", "N", WORD_U64, HARD_SECONDS, hard_seconds),
		.use = { USE_ADD | USE_SET | USE_SAVE, USE_ADD | USE_SET | USE_SAVE },
	}, {
		WORD("soft-messages", "N", WORD_U64, SOFT_MESSAGES, soft_messages),
		.use = { USE_ADD | USE_SET | USE_SAVE, USE_ADD | USE_SET | USE_SAVE },
	}, {
		WORD("hard-messages", "N", WORD_U64, HARD_MESSAGES, hard_messages),
		.use = { USE_ADD | USE_SET | USE_SAVE, USE_ADD | USE_SET | USE_SAVE },
	}, {
		WORD("budget", "N", WORD_U32, BUDGET, budget),
		.use = { USE_ADD | USE_SET | USE_SAVE, 0 },
	}, {
		WORD("compact", "on|off", WORD_SWITCH, COMPACT, compact),
		.use = { 0, USE_ADD | USE_SET | USE_SAVE },
	},
	{
		WORD("state", "temporary|established|old", WORD_NAMED, STATE, state),
		.names = word_states,
		.use = { USE_ADD | USE_SET | USE_FILTER | USE_SAVE,
			 USE_ADD | USE_SET | USE_FILTER | USE_SAVE },
	}, {
		WORD("impi", "IMPI", WORD_IDENTITY, IMPI, impi),
		.use = { USE_ADD | USE_FILTER | USE_SAVE, USE_ADD | USE_FILTER | USE_SAVE },
	}, {
		WORD("impu", "IMPU", WORD_IMPUS, IMPU, impus),
		.use = { USE_ADD | USE_SET | USE_FILTER | USE_SAVE,
			 USE_ADD | USE_SET | USE_FILTER | USE_SAVE },
	}, {
		WORD("pair", "SPI", WORD_SPI, PAIR, pair),
		.use = { USE_FILTER | USE_DEL, USE_ADD | USE_FILTER | USE_SAVE | USE_DEL },
	}, {
		WORD("drain", "N", WORD_U32, DRAIN, drain),
		.use = { USE_ADD | USE_SET | USE_SAVE, USE_ADD | USE_SET | USE_SAVE },
	}, {
		WORD("temporary-seconds", "N", WORD_U32, TEMPORARY_SECONDS, temporary_seconds),
		.use = { USE_ADD | USE_SET | USE_SAVE, USE_ADD | USE_SET | USE_SAVE },
	},
	{ WORD("key-id", NULL, WORD_ID, KEY_ID, key_id), },
	{ WORD("age", NULL, WORD_TOTAL, AGE, age), },
	{ WORD("expired", NULL, WORD_FLAG, EXPIRED, expired), },
	{ WORD("messages", NULL, WORD_TOTAL, MESSAGES, messages), },
	{ WORD("octets", NULL, WORD_TOTAL, OCTETS, octets), },
	{ WORD("counters", NULL, WORD_COUNTERS, COUNTERS, counters), },
	{ .name = NULL },
};

const struct grammar sa_grammar = {
	.object = "sa",
	.json_const = "type",
	.words = words,
	.attr = SIPSEC_A_SA,
	.const_attr = SIPSEC_A_SA_TYPE,
	.const_off = offsetof(struct sa, type),
};

bool sa_is_of_pair(unsigned int attr)
{
	switch (attr) {
	case SIPSEC_A_SA_STATE:
	case SIPSEC_A_SA_IMPI:
	case SIPSEC_A_SA_IMPU:
	case SIPSEC_A_SA_PAIR:
	case SIPSEC_A_SA_DRAIN:
	case SIPSEC_A_SA_TEMPORARY_SECONDS:
		return true;
	default:
		return false;
	}
}

void sa_defaults(const struct sa *sa, struct sa *defaults)
{
	const struct sipsec_alg *alg = sipsec_alg_by_nr(sa->alg);

	memset(defaults, 0, sizeof(*defaults));
	defaults->type = sa->type;
	defaults->alg = SIPSEC_ALG_HMAC_SHA256_128;
	defaults->state = SIPSEC_SA_STATE_ESTABLISHED;
	defaults->drain = SIPSEC_DRAIN_S;
	defaults->temporary_seconds = SIPSEC_TEMPORARY_S;
	if (sa->type == SIPSEC_SA_INBOUND) {
		defaults->window = SIPSEC_WINDOW_DEFAULT;
		if (alg && alg->mac_len <= 4)
			defaults->budget = SIPSEC_FAIL_BUDGET;
	}
}

const char *sa_name(const struct sa *sa, char text[SA_NAME_MAX])
{
	char peer[ADDR_TEXT_MAX];

	if (sa->type == SIPSEC_SA_INBOUND)
		snprintf(text, SA_NAME_MAX, "in 0x%08x", sa->spi);
	else
		snprintf(text, SA_NAME_MAX, "out 0x%08x %s", sa->spi,
			 addr_port_text(&sa->addr, sa->port, peer));
	return text;
}
