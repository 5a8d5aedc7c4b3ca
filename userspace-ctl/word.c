// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "addr.h"
#include "core/alg.h"
#include "core/annotate.h"
#include "core/class.h"
#include "hex.h"
#include "uapi/linux/sipsec.h"
#include "word.h"

const char *const word_directions[] = {
	[SIPSEC_DIRECTION_UPLINK] = "uplink",
	[SIPSEC_DIRECTION_DOWNLINK] = "downlink",
	NULL
};

const char *const word_states[] = {
	[SIPSEC_SA_STATE_TEMPORARY] = "temporary",
	[SIPSEC_SA_STATE_ESTABLISHED] = "established",
	[SIPSEC_SA_STATE_OLD] = "old",
	NULL
};

const char *const word_presets[] = {
	[SIPSEC_PRESET_IMS] = "ims",
	[SIPSEC_PRESET_STRICT] = "strict",
	[SIPSEC_PRESET_OPEN] = "open",
	NULL
};

const char *const word_actions[] = {
	[SIPSEC_CLASS_ACTION_DROP] = "drop",
	[SIPSEC_CLASS_ACTION_ACCEPT] = "accept",
	[SIPSEC_CLASS_ACTION_ANSWER] = "answer",
	NULL
};

static const void *member(const struct word *w, const void *object)
{
	return (const char *)object + w->off;
}

/*
 * Values
 */

/* The index of the name that is the first len characters of text, or -1. */
static int find_name(const char *const *names, const char *text, size_t len)
{
	int i;

	for (i = 0; names[i]; i++)
		if (strlen(names[i]) == len && !memcmp(names[i], text, len))
			return i;
	return -1;
}

static int find_class(const char *text, size_t len)
{
	unsigned int i;

	for (i = 0; i < SIPSEC_NR_CLASSES; i++) {
		const char *name = sipsec_class_name(i);

		if (strlen(name) == len && !memcmp(name, text, len))
			return i;
	}
	return -1;
}

static const char *parse_actions(const char *text, struct actions *a)
{
	for (;;) {
		const size_t len = strcspn(text, ",");
		const char *eq = memchr(text, '=', len);
		int class, action;

		if (!eq)
			return "must be CLASS=ACTION,...";
		class = find_class(text, eq - text);
		if (class < 0)
			return "unknown class";
		action = find_name(word_actions, eq + 1, text + len - eq - 1);
		if (action < 0)
			return "an action is drop, accept or answer";
		if (a->has >> class & 1)
			return "a class is given twice";
		a->has |= 1U << class;
		a->of[class] = action;
		if (!text[len])
			return NULL;
		text += len + 1;
	}
}

const char *algs_parse(const char *text, uint32_t *algs)
{
	for (;;) {
		const size_t len = strcspn(text, ",");
		const struct sipsec_alg *alg;
		char name[32];

		if (len >= sizeof(name))
			return "no such algorithm";
		memcpy(name, text, len);
		name[len] = '\0';
		alg = sipsec_alg_by_name(name);
		if (!alg)
			return "no such algorithm";
		*algs |= 1U << alg->nr;
		if (!text[len])
			return NULL;
		text += len + 1;
	}
}

/* NULL, or what it has to be. */
static const char *check_identity(const char *text)
{
	return strlen(text) > SIPSEC_IDENTITY_MAX ? "must be 255 octets at most" : NULL;
}

/* All that may be repeated are identities. */
static const char *add_text(struct texts *texts, const char *text)
{
	if (texts->nr == WORD_MAX_TEXTS)
		return "given too often";
	texts->of[texts->nr++] = text;
	return check_identity(text);
}

/* NULL, or what the value has to be; "": what the table says. */
static const char *parse_value(const struct word *w, const char *text, void *object)
{
	void *to = (char *)object + w->off;
	const struct sipsec_alg *alg;
	uint64_t v = 0;
	int i;

	switch (w->kind) {
	case WORD_SPI:
		if (number_read(text, UINT32_MAX, &v))
			return "must be a number up to 0xffffffff, hexadecimal behind 0x";
		*(uint32_t *)to = v;
		break;
	case WORD_U32:
	case WORD_BITS:
		if (number_read(text, UINT32_MAX, &v))
			return "must be a number up to 4294967295";
		*(uint32_t *)to = v;
		break;
	case WORD_U64:
		if (number_read(text, UINT64_MAX, &v))
			return "must be a number up to 18446744073709551615";
		*(uint64_t *)to = v;
		break;
	case WORD_PORT:
		if (number_read(text, UINT16_MAX, &v) || !v)
			return "must be 1 to 65535";
		*(uint16_t *)to = v;
		break;
	case WORD_ADDR:
		if (addr_parse(text, to))
			return "must be an IPv4 or IPv6 address";
		break;
	case WORD_NAMED:
		i = find_name(w->names, text, strlen(text));
		if (i < 0)
			return "";
		*(uint8_t *)to = i;
		break;
	case WORD_ALG:
		alg = sipsec_alg_by_name(text);
		if (!alg)
			return "no such algorithm";
		*(uint8_t *)to = alg->nr;
		break;
	case WORD_SWITCH:
		if (strcmp(text, "on") && strcmp(text, "off"))
			return "must be on or off";
		*(uint8_t *)to = !strcmp(text, "on");
		break;
	case WORD_ACTIONS:
		return parse_actions(text, to);
	case WORD_ALGS:
		return algs_parse(text, to);
	case WORD_TEXTS:
		return add_text(to, text);
	case WORD_IMPUS:
		return *(struct texts **)to ? add_text(*(struct texts **)to, text) :
					      "cannot be given here";
	case WORD_IDENTITY:
		*(const char **)to = text;
		return check_identity(text);
	case WORD_TEXT:
	case WORD_FILE:
		*(const char **)to = text;
		break;
	case WORD_TOKEN:
		if (!sipsec_word_ok((const uint8_t *)text, strlen(text)))
			return "must be 8 to 16 token characters, one of them no hex digit";
		memcpy(to, text, strlen(text));
		break;
	case WORD_CONST:
	case WORD_FLAG:
	case WORD_ID:
	case WORD_TOTAL:
	case WORD_COUNTERS:
		return "cannot be set";
	}
	return NULL;
}

static const char *actions_text(const struct actions *a, char text[WORD_TEXT_MAX])
{
	unsigned int i;
	size_t n = 0;

	text[0] = '\0';
	for (i = 0; i < SIPSEC_NR_CLASSES && n < WORD_TEXT_MAX; i++) {
		if (!(a->has >> i & 1) || a->of[i] > SIPSEC_CLASS_ACTION_ANSWER)
			continue;
		n += snprintf(text + n, WORD_TEXT_MAX - n, "%s%s=%s", n ? "," : "",
			      sipsec_class_name(i), word_actions[a->of[i]]);
	}
	return text;
}

static const char *texts_text(const struct texts *t, char text[WORD_TEXT_MAX])
{
	unsigned int i;
	size_t n = 0;

	text[0] = '\0';
	for (i = 0; t && i < t->nr && n < WORD_TEXT_MAX; i++)
		n += snprintf(text + n, WORD_TEXT_MAX - n, "%s%s", n ? " " : "", t->of[i]);
	return text;
}

static const char *named_text(const struct word *w, unsigned int nr)
{
	unsigned int i;

	for (i = 0; w->names[i]; i++)
		if (i == nr)
			return w->names[i];
	return "?";
}

const char *word_text(const struct word *w, const void *object, char text[WORD_TEXT_MAX])
{
	const void *from = member(w, object);
	const struct sipsec_alg *alg;

	switch (w->kind) {
	case WORD_CONST:
		return w->name;
	case WORD_SPI:
		snprintf(text, WORD_TEXT_MAX, "0x%08x", *(const uint32_t *)from);
		return text;
	case WORD_BITS:
		snprintf(text, WORD_TEXT_MAX, "0x%x", *(const uint32_t *)from);
		return text;
	case WORD_U32:
		snprintf(text, WORD_TEXT_MAX, "%u", *(const uint32_t *)from);
		return text;
	case WORD_U64:
	case WORD_TOTAL:
		snprintf(text, WORD_TEXT_MAX, "%llu", *(const unsigned long long *)from);
		return text;
	case WORD_ID:
		snprintf(text, WORD_TEXT_MAX, "%016llx", *(const unsigned long long *)from);
		return text;
	case WORD_PORT:
		snprintf(text, WORD_TEXT_MAX, "%u", *(const uint16_t *)from);
		return text;
	case WORD_ADDR:
		return addr_text(from, text);
	case WORD_NAMED:
		return named_text(w, *(const uint8_t *)from);
	case WORD_ALG:
		alg = sipsec_alg_by_nr(*(const uint8_t *)from);
		return alg ? alg->name : "?";
	case WORD_SWITCH:
		return *(const uint8_t *)from ? "on" : "off";
	case WORD_ACTIONS:
		return actions_text(from, text);
	case WORD_TEXT:
	case WORD_IDENTITY:
	case WORD_FILE:
		return *(const char *const *)from;
	case WORD_TOKEN:
		return from;
	case WORD_FLAG:
		return "yes";
	case WORD_IMPUS:
		return texts_text(*(struct texts *const *)from, text);
	case WORD_ALGS:
	case WORD_TEXTS:
	case WORD_COUNTERS:
		break;
	}
	return "";
}

size_t word_size(const struct word *w)
{
	switch (w->kind) {
	case WORD_CONST:
	case WORD_NAMED:
	case WORD_ALG:
	case WORD_SWITCH:
	case WORD_FLAG:
		return sizeof(uint8_t);
	case WORD_PORT:
		return sizeof(uint16_t);
	case WORD_SPI:
	case WORD_U32:
	case WORD_BITS:
	case WORD_ALGS:
		return sizeof(uint32_t);
	case WORD_U64:
	case WORD_ID:
	case WORD_TOTAL:
		return sizeof(uint64_t);
	case WORD_ADDR:
		return sizeof(struct addr);
	case WORD_ACTIONS:
		return sizeof(struct actions);
	case WORD_TOKEN:
		return SIPSEC_WORD_MAX + 1;
	case WORD_TEXTS:
		return sizeof(struct texts);
	case WORD_TEXT:
	case WORD_IDENTITY:
	case WORD_FILE:
	case WORD_IMPUS:
	case WORD_COUNTERS:
		return sizeof(void *);
	}
	return 0;
}

static bool texts_equal(const struct texts *a, const struct texts *b)
{
	unsigned int i;

	if (!a || !b || a->nr != b->nr)
		return (a ? a->nr : 0) == (b ? b->nr : 0);
	for (i = 0; i < a->nr; i++)
		if (strcmp(a->of[i], b->of[i]))
			return false;
	return true;
}

bool word_equal(const struct word *w, const void *a, const void *b)
{
	const char *s, *t;

	if (w->kind == WORD_IMPUS)
		return texts_equal(*(struct texts *const *)member(w, a),
				   *(struct texts *const *)member(w, b));
	if (w->kind == WORD_TEXT || w->kind == WORD_IDENTITY) {
		s = *(const char *const *)member(w, a);
		t = *(const char *const *)member(w, b);
		return s && t ? !strcmp(s, t) : s == t;
	}
	return !memcmp(member(w, a), member(w, b), word_size(w));
}

/*
 * Words
 */

int word_variant(const struct grammar *g, const void *object)
{
	if (!g->const_attr)
		return 0;
	if (!object_has(object, g->const_attr))
		return -1;
	return *((const uint8_t *)object + g->const_off) ? 1 : 0;
}

bool word_usable(const struct word *w, unsigned int use, int variant)
{
	/* set takes the words that name the object, too */
	if (use == USE_SET)
		use |= USE_NAME;
	if (variant >= 0)
		return w->use[variant] & use;
	return (w->use[0] | w->use[1]) & use;
}

const struct word *word_find(const struct grammar *g, const char *name)
{
	const struct word *w;

	for (w = g->words; w->name; w++)
		if (!strcmp(w->name, name))
			return w;
	return NULL;
}

int word_unknown(const char *name, char *error)
{
	const char *shown = hex_shown(name);

	if (!strcmp(name, "key"))
		snprintf(error, WORD_ERROR_MAX,
			 "key: a key is read from a file or standard input: key-file FILE|-");
	else
		snprintf(error, WORD_ERROR_MAX, "%.16s%s: %s", shown,
			 strlen(shown) > 16 ? "..." : "",
			 name[0] == '-' && name[1] ? "options stand before the command" :
						     "unknown word");
	return -EINVAL;
}

static int refuse(const char *name, const char *reason, char *error)
{
	snprintf(error, WORD_ERROR_MAX, "%s: %s", name, reason);
	return -EINVAL;
}

/* Take the word at argv[0]; returns how many of argv it took, or -EINVAL. */
static int take(const struct grammar *g, unsigned int use, int n, char **argv, void *object,
		char *error)
{
	const struct word *w = word_find(g, argv[0]);
	const char *reason;

	if (!w)
		return word_unknown(argv[0], error);
	/* a filter has one of each */
	if (object_has(object, w->attr) &&
	    (use == USE_FILTER || (w->kind != WORD_TEXTS && w->kind != WORD_IMPUS)))
		return refuse(w->name, w->kind == WORD_CONST ? "in or out, once" : "given twice",
			      error);
	object_set(object, w->attr);
	if (w->kind == WORD_CONST) {
		*((uint8_t *)object + w->off) = w->number;
		return 1;
	}
	if (n < 2)
		return refuse(w->name, "its value is missing", error);
	reason = parse_value(w, argv[1], object);
	if (!reason)
		return 2;
	if (*reason)
		return refuse(w->name, reason, error);
	snprintf(error, WORD_ERROR_MAX, "%s: must be %s", w->name, w->value);
	return -EINVAL;
}

/* Each word given must be one for this use and variant. */
static int check_use(const struct grammar *g, unsigned int use, int n, char **argv, int variant,
		     char *error)
{
	int i;

	for (i = 0; i < n; i++) {
		const struct word *w = word_find(g, argv[i]);

		if (!w || !word_usable(w, use, -1))
			return refuse(argv[i], "not a word of this command", error);
		if (!word_usable(w, use, variant))
			return refuse(w->name, variant ? "not of an outbound SA" :
							 "not of an inbound SA", error);
		if (w->kind != WORD_CONST)
			i++;
	}
	return 0;
}

static int check_missing(const struct grammar *g, unsigned int use, int variant,
			 const void *object, char *error)
{
	const unsigned int need = use == USE_ADD ? USE_NEED : USE_NAME;
	const struct word *w;

	if (use == USE_FILTER)
		return 0;
	if (variant < 0)
		return refuse("in or out", "missing", error);
	/* Of words for the same, the one that save writes is the one that is missed. */
	for (w = g->words; w->name; w++)
		if (w->use[variant] & need && w->use[variant] & USE_SAVE &&
		    !object_has(object, w->attr))
			return refuse(w->name, "missing", error);
	return 0;
}

/* What of those words is a change of the object they name. */
static bool changes_something(const struct grammar *g, int variant, const void *object)
{
	const struct word *w;

	for (w = g->words; w->name; w++)
		if (w->use[variant] & USE_SET && object_has(object, w->attr))
			return true;
	return false;
}

int words_parse(const struct grammar *g, unsigned int use, int n, char **argv, void *object,
		char error[WORD_ERROR_MAX])
{
	int variant, err;
	int i = 0;

	while (i < n) {
		int took = take(g, use, n - i, argv + i, object, error);

		if (took < 0)
			return took;
		i += took;
	}
	variant = word_variant(g, object);
	err = check_use(g, use, n, argv, variant, error);
	if (!err)
		err = check_missing(g, use, variant, object, error);
	if (!err && use == USE_SET && !changes_something(g, variant, object)) {
		snprintf(error, WORD_ERROR_MAX, "nothing to set");
		return -EINVAL;
	}
	return err;
}
