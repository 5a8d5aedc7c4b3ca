/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A second reader of clauses 3, 8 and 14, octet by octet as they are written and
 * without regard to cost.  It shares no code with core/.
 */
#ifndef UNIT_REFERENCE_H
#define UNIT_REFERENCE_H

#include <linux/types.h>

struct ref_part {
	u32 off;
	u32 len;
};

enum ref_scope { REF_HOP, REF_E2E, REF_UNKNOWN };

struct ref_integrity {
	enum ref_scope scope;
	u64 spi;
	u64 seq;
	struct ref_part mac;
};

#define REF_MAX_FIELDS	300

struct ref_msg {
	bool request;
	unsigned int status;
	struct ref_part method, uri, from, to, call_id, cseq;
	bool has_length;
	u32 length;
	u32 start_len, body_off;
	unsigned int lines;
	bool has_hop, has_e2e;
	struct ref_integrity hop, e2e;
	/* every Integrity field, and those that clause 9 removes */
	unsigned int nr_integrity, nr_removed;
	struct ref_part removed[REF_MAX_FIELDS];
};

/* Is it well-formed?  leaving: Integrity fields are not looked into. */
bool ref_parse(const u8 *buf, u32 len, u32 max, bool leaving, struct ref_msg *msg);

/* Is it an integrity-value (or one of unknown scope)? */
bool ref_integrity(const u8 *buf, struct ref_part value, struct ref_integrity *field);

bool ref_is_token(const u8 *buf, struct ref_part part);

/* The CSeq value's method. */
bool ref_cseq_method(const u8 *buf, struct ref_part cseq, struct ref_part *method);

/* The class, by its number in clause 8; -1 if there is a hop field to verify. */
int ref_class(const u8 *buf, u32 len, u32 max, bool stun_request,
	      bool stun_response, struct ref_msg *msg);

/*
 * Run core/ and this over the same octets: true if they agree in all there is.
 * Otherwise it says on stdout in what.
 */
bool ref_agrees(const u8 *buf, u32 len);

#endif
