/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A kernel behind nl.h: it keeps SAs and listeners as the real one would, as
 * far as the tool can tell, and writes down what it was asked.
 */
#ifndef FAKE_H
#define FAKE_H

#include "listener.h"
#include "sa.h"

#define FAKE_MAX	600

struct fake {
	struct sa sas[FAKE_MAX];
	uint8_t keys[FAKE_MAX][32];
	char impis[FAKE_MAX][64];	/* which an SA's impi points to */
	unsigned int nr_sas;
	struct listener listeners[FAKE_MAX];
	unsigned int nr_listeners;
	/* Of the last SA or pair that said so. */
	uint8_t state;
	char impi[256];
	char impu[256];
	/* Requests, one after another: "sa-add in 0x00001000;" */
	char log[65536];
	/* The SA of this SPI is refused by add, replace and set. */
	uint32_t refuse_spi;
	/* Ids of keys are refused. */
	bool refuse_key_id;
	/* The listener of this port is refused. */
	uint16_t refuse_port;
	/* The first so many adds find their SPI in use. */
	unsigned int in_use;
};

/* Shared with the processes in which commands run. */
extern struct fake *fake;

void fake_reset(void);
void fake_clear_log(void);

/* The SA of that type and SPI, or NULL. */
const struct sa *fake_sa(uint8_t type, uint32_t spi);

#endif
