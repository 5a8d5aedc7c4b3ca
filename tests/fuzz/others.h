/* SPDX-License-Identifier: GPL-2.0 */
/* A message as a parser that is not ours has read it, to be held against our reading. */
#ifndef FUZZ_OTHERS_H
#define FUZZ_OTHERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OTHERS_TEXT	512
#define OTHERS_FIELDS	300

struct text {
	size_t len;
	char octets[OTHERS_TEXT];	/* white space left out; what does not fit too */
	bool there;
};

struct reading {
	bool request;
	unsigned int status;
	struct text method;
	struct text uri;
	struct text from;
	struct text to;
	struct text call_id;
	struct text from_user;		/* of its URI, as written */
	struct text from_host;
	bool has_to_tag;
	unsigned int nr_usernames;	/* of Authorization */
	struct text username[4];	/* without quotes */
	struct text cseq_number;
	struct text cseq_method;
	bool has_length;
	unsigned long length;
	bool has_body;			/* false: it has not told */
	const uint8_t *body;
	size_t body_len;
	/* values of fields named Integrity or g */
	unsigned int nr_integrity;
	struct text integrity[OTHERS_FIELDS];
	void *held;			/* what the pointers are into */
};

/* A value with its white space left out. */
void text_set(struct text *t, const void *octets, size_t len);
void text_string(struct text *t, const char *string);

/*
 * Fills *r, which is all zero; false: it does not take it for a message.  Where one
 * value is given, parsed by the same parser on its own, it is put into *t.
 */
bool osip_read(const uint8_t *buf, size_t len, struct reading *r);
void osip_done(struct reading *r);
bool osip_value(char what, const uint8_t *value, size_t len, struct text *t);

bool sofia_read(const uint8_t *buf, size_t len, struct reading *r);
void sofia_done(struct reading *r);
bool sofia_value(char what, const uint8_t *value, size_t len, struct text *t);

bool kamailio_read(const uint8_t *buf, size_t len, struct reading *r);
void kamailio_done(struct reading *r);
bool kamailio_value(char what, const uint8_t *value, size_t len, struct text *t);

#endif
