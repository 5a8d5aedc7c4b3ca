/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The classes of clause 8: their numbers, names and default actions, in one
 * table used by the kernel, the tool and the tests.
 *
 * C(NUMBER, SYMBOL, name, default action)
 *
 * The number is on the ABI: it is the mark's value (clause 12) and, plus one,
 * the netlink attribute of the class's counter.  Classes are added at the end
 * and never renumbered.
 */
#ifndef SIPSEC_CORE_CLASS_H
#define SIPSEC_CORE_CLASS_H

enum sipsec_action {
	SIPSEC_ACTION_DROP,
	SIPSEC_ACTION_ACCEPT,
	/* handed on and marked, rate-limited, for a proxy that only answers */
	SIPSEC_ACTION_ANSWER,
	/* not an action: the listener's direction or policy decides */
	SIPSEC_ACTION_POLICY,
};

#define SIPSEC_CLASSES(C) \
	C(0,  TRANSPORT,	"transport",	SIPSEC_ACTION_POLICY) \
	C(1,  KEEPALIVE,	"keepalive",	SIPSEC_ACTION_ACCEPT) \
	C(2,  COMPRESSED,	"compressed",	SIPSEC_ACTION_DROP) \
	C(3,  MALFORMED,	"malformed",	SIPSEC_ACTION_DROP) \
	C(4,  UNPROTECTED,	"unprotected",	SIPSEC_ACTION_POLICY) \
	C(5,  UNKNOWN_SPI,	"unknown-spi",	SIPSEC_ACTION_DROP) \
	C(6,  EXPIRED,		"expired",	SIPSEC_ACTION_DROP) \
	C(7,  MISMATCH,		"mismatch",	SIPSEC_ACTION_DROP) \
	C(8,  THROTTLED,	"throttled",	SIPSEC_ACTION_DROP) \
	C(9,  REPLAY,		"replay",	SIPSEC_ACTION_DROP) \
	C(10, BAD_MAC,		"bad-mac",	SIPSEC_ACTION_DROP) \
	C(11, IDENTITY,		"identity",	SIPSEC_ACTION_DROP) \
	C(12, BAD_E2E,		"bad-e2e",	SIPSEC_ACTION_DROP) \
	C(13, VERIFIED,		"verified",	SIPSEC_ACTION_ACCEPT) \
	C(14, RATELIMITED,	"ratelimited",	SIPSEC_ACTION_DROP) \
	C(15, EMERGENCY,	"emergency",	SIPSEC_ACTION_ACCEPT) \
	C(16, ANNOTATE,		"annotate",	SIPSEC_ACTION_DROP)

#define SIPSEC_CLASS_ENUM(nr, sym, name, action) SIPSEC_CLASS_##sym = (nr),
enum sipsec_class {
	SIPSEC_CLASSES(SIPSEC_CLASS_ENUM)
	SIPSEC_NR_CLASSES,
	/* not a class: none of those seen so far applies, go on */
	SIPSEC_CLASS_NONE = SIPSEC_NR_CLASSES,
};

#undef SIPSEC_CLASS_ENUM

/* The name of a class, "?" for a number that is none. */
const char *sipsec_class_name(unsigned int class);

/* Its default action. */
enum sipsec_action sipsec_class_action(enum sipsec_class class);

#endif
