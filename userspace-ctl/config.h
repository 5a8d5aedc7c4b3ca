/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The configuration file: a line an object, "listen" or "sa" and then the words
 * of listen add and sa add.  "#" at the beginning of a word begins a comment;
 * a word that begins with it is written "\#".
 * Keys are named by file, never written (keyring.h); a path that is not
 * absolute is below the file's own directory.
 */
#ifndef SIPSEC_CTL_CONFIG_H
#define SIPSEC_CTL_CONFIG_H

#include <stdint.h>

#include "keyring.h"
#include "listener.h"
#include "sa.h"

/*
 * An object of the file.  What it does not say has the default's value, so
 * that it compares with what is running; has says what it does say.
 */
struct config_listener {
	struct listener l;
	unsigned int line;
	/* for load: */
	uint8_t todo;
	struct listener change;
};

struct config_sa {
	struct sa sa;		/* without key_file; key is the keyring's, impi and impus its own */
	unsigned int line;
	bool clock_is_lost;	/* its first seq would be of a clock before the file's time */
	/* for load: */
	uint8_t todo;
	bool remade;		/* differs, the key aside, in what cannot be set */
	uint64_t change;	/* attributes to be set */
	uint64_t running_key;	/* its id */
	uint64_t running_seq;
};

struct config {
	const char *name;	/* for messages */
	struct config_listener *listeners;
	unsigned int nr_listeners;
	struct config_sa *sas;
	unsigned int nr_sas;
	uint32_t *index;	/* SAs by name: number plus one, 0 is free */
	uint32_t index_size;
};

/*
 * Read and check all of a file, or of standard input for "-".  Returns 0, with
 * *c to be given to config_free(); or a negative errno after saying why, with
 * the file and line.  what begins the messages.
 */
int config_read(struct config *c, const char *what, const char *path, struct keyring *keys);

void config_free(struct config *c);

/* The file's object of the same name, or NULL. */
struct config_sa *config_find_sa(const struct config *c, const struct sa *sa);
struct config_listener *config_find_listener(const struct config *c, const struct listener *l);

#endif
