/* SPDX-License-Identifier: GPL-2.0 */
/* The words of sa from-challenge. */
#ifndef SIPSEC_CTL_PAIR_H
#define SIPSEC_CTL_PAIR_H

#include <stdint.h>

#include "addr.h"
#include "word.h"

/* Bits of struct pair's has: no attributes, since a pair is no netlink object. */
enum pair_word {
	PAIR_MESSAGE = 1,
	PAIR_SPI_UPLINK,
	PAIR_SPI_DOWNLINK,
	PAIR_PEER,
	PAIR_PORT,
	PAIR_ALGS,
	PAIR_HARD_SECONDS,
	PAIR_MARK,
	PAIR_COMPACT,
	PAIR_BIND,
	PAIR_REGISTER,
	PAIR_CLIENT,
	PAIR_ADD,
	PAIR_IMPI,
	PAIR_IMPU,
	PAIR_TEMPORARY_SECONDS,
};

struct pair {
	uint64_t has;		/* bits by PAIR_ */
	const char *message;
	const char *reg;
	const char *security_client;
	const char *impi;
	struct texts impus;
	uint32_t temporary_seconds;
	uint32_t spi_uplink;
	uint32_t spi_downlink;
	struct addr addr;	/* of the UE */
	uint16_t port;
	uint8_t compact;
	uint8_t bind;
	uint8_t add;		/* Security-Server to the 401 */
	uint32_t algs;		/* bits by number */
	uint32_t mark;
	uint64_t hard_seconds;
};

extern const struct grammar pair_grammar;

#endif
