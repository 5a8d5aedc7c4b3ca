// SPDX-License-Identifier: GPL-2.0
#include "pair.h"

#define WORD(_name, _value, _kind, _attr, _member)	\
	.name = (_name), .value = (_value), .kind = (_kind), \
	.attr = PAIR_##_attr, .off = offsetof(struct pair, _member)

#define NEEDED		{ USE_ADD | USE_NEED | USE_SAVE, 0 }
#define OPTIONAL	{ USE_ADD, 0 }

static const struct word words[] = {
	{ WORD("peer", "ADDR", WORD_ADDR, PEER, addr), .use = NEEDED, },
	{ WORD("port", "PORT", WORD_PORT, PORT, port), .use = NEEDED, },
	{ WORD("register", "FILE", WORD_FILE, REGISTER, reg), .use = OPTIONAL, },
	{
		WORD("security-client", "VALUE", WORD_TEXT, CLIENT, security_client),
		.use = OPTIONAL,
	},
	{ WORD("spi-downlink", "SPI", WORD_SPI, SPI_DOWNLINK, spi_downlink), .use = OPTIONAL, },
	{ WORD("spi-uplink", "SPI", WORD_SPI, SPI_UPLINK, spi_uplink), .use = OPTIONAL, },
	{ WORD("alg", "ALG,...", WORD_ALGS, ALGS, algs), .use = OPTIONAL, },
	{ WORD("impi", "IMPI", WORD_IDENTITY, IMPI, impi), .use = OPTIONAL, },
	{ WORD("impu", "URI", WORD_TEXTS, IMPU, impus), .use = OPTIONAL, },
	{
		WORD("temporary-seconds", "N", WORD_U32, TEMPORARY_SECONDS, temporary_seconds),
		.use = OPTIONAL,
	},
	{
		WORD("hard-seconds", "N", WORD_U64, HARD_SECONDS, hard_seconds),
		.use = OPTIONAL,
	},
	{ WORD("mark", "N", WORD_BITS, MARK, mark), .use = OPTIONAL, },
	{ WORD("compact", "on|off", WORD_SWITCH, COMPACT, compact), .use = OPTIONAL, },
	{ WORD("bind", "on|off", WORD_SWITCH, BIND, bind), .use = OPTIONAL, },
	{ WORD("security-server", "on|off", WORD_SWITCH, ADD, add), .use = OPTIONAL, },
	{ WORD("message", "FILE", WORD_FILE, MESSAGE, message), .use = OPTIONAL, },
	{ .name = NULL },
};

const struct grammar pair_grammar = {
	.object = "pair",
	.words = words,
};
