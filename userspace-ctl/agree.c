// SPDX-License-Identifier: GPL-2.0
#include "agree.h"

#define WORD(_name, _value, _kind, _attr, _member)	\
	{ .name = (_name), .value = (_value), .kind = (_kind), .attr = AGREE_##_attr, \
	  .off = offsetof(struct agree, _member), .use = { USE_ADD, 0 } }

#define MESSAGE	WORD("message", "FILE", WORD_FILE, MESSAGE, message)
#define CLIENT	WORD("security-client", "VALUE", WORD_TEXT, CLIENT, client)
#define SERVER	WORD("security-server", "VALUE", WORD_TEXT, SERVER, server)
#define ALGS	WORD("alg", "ALG,...", WORD_ALGS, ALGS, algs)
#define SPI	WORD("spi", "SPI", WORD_SPI, SPI, spi)
#define END	{ .name = NULL }

static const struct word client_words[] = { SPI, ALGS, END };
static const struct word server_words[] = { MESSAGE, CLIENT, SPI, ALGS, END };
static const struct word offer_words[] = { ALGS, END };
static const struct word verify_words[] = { MESSAGE, SERVER, ALGS, END };
static const struct word check_words[] = {
	MESSAGE,
	WORD("register", "FILE", WORD_FILE, REGISTER, reg),
	CLIENT,
	WORD("challenge", "FILE", WORD_FILE, CHALLENGE, challenge),
	SERVER,
	END
};

const struct grammar agree_client_grammar = { .object = "agree", .words = client_words };
const struct grammar agree_server_grammar = { .object = "agree", .words = server_words };
const struct grammar agree_offer_grammar = { .object = "agree", .words = offer_words };
const struct grammar agree_verify_grammar = { .object = "agree", .words = verify_words };
const struct grammar agree_check_grammar = { .object = "agree", .words = check_words };
