/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words of the command line and of the configuration file: one table for
 * each kind of object says what a word is called, which value follows it,
 * where that goes, and which netlink attribute it is.  Commands, the reader of
 * the file, save, JSON, the messages to the kernel and the completion of the
 * shell all go by it.
 */
#ifndef SIPSEC_CTL_WORD_H
#define SIPSEC_CTL_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value that follows a word, and the member it goes to. */
enum word_kind {
	WORD_CONST,		/* none: the word itself is the value (uint8_t) */
	WORD_SPI,		/* uint32_t, shown in eight digits */
	WORD_U32,
	WORD_U64,
	WORD_BITS,		/* uint32_t, shown in hexadecimal */
	WORD_PORT,		/* uint16_t, not 0 */
	WORD_ADDR,		/* struct addr; attr is IPv4's, attr + 1 IPv6's */
	WORD_NAMED,		/* uint8_t, an index into names */
	WORD_ALG,		/* uint8_t, the number of clause 5 */
	WORD_ALGS,		/* uint32_t, bits by those numbers: ALG,... */
	WORD_SWITCH,		/* uint8_t: on or off */
	WORD_TEXT,		/* const char * */
	WORD_IDENTITY,		/* the same, up to SIPSEC_IDENTITY_MAX octets, as those of texts */
	WORD_TEXTS,		/* struct texts: the word may be repeated; no netlink attribute */
	WORD_IMPUS,		/* struct texts *, the caller's (NULL: not wanted); with one */
	WORD_ACTIONS,		/* struct actions: CLASS=ACTION,... */
	WORD_FILE,		/* const char *: the path; an SA's attribute is the key */
	WORD_TOKEN,		/* char[SIPSEC_WORD_MAX + 1]: clause 12's */
	/* what the kernel says and nobody sets */
	WORD_FLAG,
	WORD_ID,		/* uint64_t, shown in hexadecimal */
	WORD_TOTAL,		/* uint64_t */
	WORD_COUNTERS,		/* struct counters * */
};

/* What a word is good for. */
enum {
	USE_ADD = 1,		/* add, replace, a line of the file */
	USE_NEED = 2,		/* add cannot do without */
	USE_NAME = 4,		/* names the object: set, del and get cannot do without */
	USE_SET = 8,
	USE_FILTER = 16,	/* list, flush */
	USE_SAVE = 32,		/* save writes it by this word */
	USE_DEL = 64,		/* del, beside the words that name it */
};

struct word {
	const char *name;
	const char *value;	/* what stands for its value in a synopsis; NULL: none */
	enum word_kind kind;
	uint16_t attr;
	uint16_t off;		/* of the member */
	/* By the object's variant: for an SA inbound and outbound, else the first. */
	uint8_t use[2];
	uint8_t number;		/* of a WORD_CONST */
	bool alias;		/* another word for the attribute of one before it */
	const char *const *names;	/* of a WORD_NAMED; NULL ends them */
};

/* What every object begins with: bits by the number of the attribute. */
struct object {
	uint64_t has;
};

struct grammar {
	const char *object;	/* "sa" */
	const char *json_const;	/* name of the member that WORD_CONST gives */
	const struct word *words;	/* .name NULL ends them */
	uint16_t attr;		/* the nest on the top level of a message */
	uint16_t const_attr;	/* attribute that says the variant; 0: there is but one */
	uint16_t const_off;
};

struct actions {
	uint32_t has;		/* bits by class */
	uint8_t of[32];
};

#define WORD_MAX_TEXTS	16
/* More than an object can have, of which impu alone may come more than once. */
#define WORD_MAX_WORDS	128

struct texts {
	unsigned int nr;
	const char *of[WORD_MAX_TEXTS];
};

#define WORD_TEXT_MAX	2304	/* of a value as text, a path aside */
#define WORD_ERROR_MAX	160

extern const char *const word_directions[];
extern const char *const word_states[];
extern const char *const word_presets[];
extern const char *const word_actions[];

static inline bool object_has(const void *object, unsigned int attr)
{
	return ((const struct object *)object)->has >> attr & 1;
}

static inline void object_set(void *object, unsigned int attr)
{
	((struct object *)object)->has |= 1ULL << attr;
}

static inline void object_clear(void *object, unsigned int attr)
{
	((struct object *)object)->has &= ~(1ULL << attr);
}

/* 0 or 1; -1 where the object does not say. */
int word_variant(const struct grammar *g, const void *object);

/* Is the word one for this use with objects of that variant (-1: of either)? */
bool word_usable(const struct word *w, unsigned int use, int variant);

/* The word of that name, or NULL. */
const struct word *word_find(const struct grammar *g, const char *name);

/*
 * Why name is no word, in error of WORD_ERROR_MAX; returns -EINVAL.  It may be a key
 * that should not be here: only its first characters are shown.
 */
int word_unknown(const char *name, char *error);

/*
 * Read n words into an object that was zero.  use is USE_ADD, USE_NAME,
 * USE_SET or USE_FILTER.  Strings are kept as pointers into argv.  Returns 0;
 * or -EINVAL, with "spi: given twice" in error.
 */
int words_parse(const struct grammar *g, unsigned int use, int n, char **argv, void *object,
		char error[WORD_ERROR_MAX]);

/* Names joined by ',' to bits by number; NULL, or why not. */
const char *algs_parse(const char *text, uint32_t *algs);

/* A value as it would be typed; a WORD_FILE, flag and counters excepted. */
const char *word_text(const struct word *w, const void *object, char text[WORD_TEXT_MAX]);

/* Octets of the member; have two objects the same value? */
size_t word_size(const struct word *w);
bool word_equal(const struct word *w, const void *a, const void *b);

#endif
