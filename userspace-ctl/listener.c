// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "core/limits.h"
#include "listener.h"

/* Datagrams per second and source (clause 10). */
#define RATE_DEFAULT	20
/* Emergency sessions that are remembered (clause 10). */
#define EMERGENCIES_DEFAULT	4096

#define WORD(_name, _value, _kind, _attr, _member)	\
	.name = (_name), .value = (_value), .kind = (_kind), \
	.attr = SIPSEC_A_LISTENER_##_attr, .off = offsetof(struct listener, _member)

#define SETTABLE	{ USE_ADD | USE_SET | USE_SAVE, 0 }

static const struct word words[] = {
	{
		WORD("addr", "ADDR", WORD_ADDR, ADDR4, addr),
		.use = { USE_ADD | USE_NEED | USE_NAME | USE_SAVE, 0 },
	}, {
		WORD("port", "PORT", WORD_PORT, PORT, port),
		.use = { USE_ADD | USE_NEED | USE_NAME | USE_SAVE, 0 },
	}, {
		WORD("dir", "uplink|downlink", WORD_NAMED, DIRECTION, direction),
		.names = word_directions, .use = { USE_ADD | USE_NEED | USE_SAVE, 0 },
	}, {
		WORD("preset", "ims|strict|open", WORD_NAMED, PRESET, preset),
		.names = word_presets, .use = SETTABLE,
	},
	{ WORD("max-size", "N", WORD_U32, MAX_SIZE, max_size), .use = SETTABLE, },
	{ WORD("mark-mask", "N", WORD_BITS, MARK_MASK, mark_mask), .use = SETTABLE, },
	{ WORD("stun", "on|off", WORD_SWITCH, STUN, stun), .use = SETTABLE, },
	{ WORD("rate", "N", WORD_U32, RATE, rate), .use = SETTABLE, },
	{
		WORD("action", "CLASS=ACTION[,...]", WORD_ACTIONS, ACTIONS, actions),
		.use = SETTABLE,
	},
	{ WORD("monitor", "on|off", WORD_SWITCH, MONITOR, monitor), .use = SETTABLE, },
	{ WORD("annotate", "on|off", WORD_SWITCH, ANNOTATE, annotate), .use = SETTABLE, },
	{ WORD("word", "WORD", WORD_TOKEN, WORD, word), .use = SETTABLE, },
	{ WORD("notify", "on|off", WORD_SWITCH, NOTIFY, notify), .use = SETTABLE, },
	{ WORD("identity", "on|off", WORD_SWITCH, IDENTITY, identity), .use = SETTABLE, },
	{
		WORD("emergencies", "N", WORD_U32, EMERGENCIES, emergencies),
		.use = { USE_ADD | USE_SAVE, 0 },
	},
	{ WORD("counters", NULL, WORD_COUNTERS, COUNTERS, counters), },
	{ .name = NULL },
};

const struct grammar listener_grammar = {
	.object = "listen",
	.words = words,
	.attr = SIPSEC_A_LISTENER,
};

bool listener_takes_action(enum sipsec_class class)
{
	return class != SIPSEC_CLASS_VERIFIED && class != SIPSEC_CLASS_ANNOTATE;
}

void listener_defaults(uint8_t direction, struct listener *defaults)
{
	unsigned int i;

	memset(defaults, 0, sizeof(*defaults));
	defaults->direction = direction;
	defaults->preset = SIPSEC_PRESET_IMS;
	defaults->max_size = SIPSEC_MAX_SIZE_DEFAULT;
	defaults->rate = RATE_DEFAULT;
	defaults->identity = direction == SIPSEC_DIRECTION_UPLINK;
	defaults->emergencies = EMERGENCIES_DEFAULT;
	for (i = 0; i < SIPSEC_NR_CLASSES; i++) {
		enum sipsec_action action = sipsec_class_action(i);

		if (i == SIPSEC_CLASS_TRANSPORT)
			action = direction == SIPSEC_DIRECTION_UPLINK ? SIPSEC_ACTION_DROP :
									SIPSEC_ACTION_ACCEPT;
		/* What the preset does not accept. */
		if (i == SIPSEC_CLASS_UNPROTECTED)
			action = SIPSEC_ACTION_DROP;
		if (!listener_takes_action(i))
			continue;
		defaults->actions.has |= 1U << i;
		defaults->actions.of[i] = action;
	}
}
