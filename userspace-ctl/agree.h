/* SPDX-License-Identifier: GPL-2.0 */
/* The words of agree. */
#ifndef SIPSEC_CTL_AGREE_H
#define SIPSEC_CTL_AGREE_H

#include <stdint.h>

#include "word.h"

/* Bits of struct agree's has: no attributes, since it is no netlink object. */
enum agree_word {
	AGREE_MESSAGE = 1,
	AGREE_REGISTER,
	AGREE_CHALLENGE,
	AGREE_CLIENT,
	AGREE_SERVER,
	AGREE_SPI,
	AGREE_ALGS,
};

struct agree {
	uint64_t has;		/* bits by AGREE_ */
	const char *message;
	const char *reg;
	const char *challenge;
	const char *client;
	const char *server;
	uint32_t spi;
	uint32_t algs;
};

extern const struct grammar agree_client_grammar;
extern const struct grammar agree_server_grammar;
extern const struct grammar agree_offer_grammar;
extern const struct grammar agree_verify_grammar;
extern const struct grammar agree_check_grammar;

#endif
