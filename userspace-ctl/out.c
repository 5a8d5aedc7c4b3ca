// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "msg.h"
#include "out.h"

static bool use_color(void)
{
	static int cached = -1;

	if (cached < 0) {
		const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

		cached = isatty(STDOUT_FILENO) && !(no && *no) && term && strcmp(term, "dumb");
	}
	return cached;
}

const char *out_color(enum out_color color)
{
	static const char *const codes[] = {
		[OUT_PLAIN] = "\033[0m",
		[OUT_BOLD] = "\033[1m",
		[OUT_RED] = "\033[31m",
		[OUT_YELLOW] = "\033[33m",
	};

	return use_color() ? codes[color] : "";
}

void out_header(const char *text)
{
	printf("%s%s%s\n", out_color(OUT_BOLD), text, out_color(OUT_PLAIN));
}

static const char *json_text(struct json_object *o)
{
	const char *text = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
							  JSON_C_TO_STRING_NOSLASHESCAPE);

	return text ? text : "null";
}

void out_list_line(struct out_list *l)
{
	if (!l->begun)
		l->header();
	l->begun = true;
}

void out_list_json(struct out_list *l, struct json_object *o)
{
	printf("%s\n%s", l->begun ? "," : "[", json_text(o));
	json_object_put(o);
	l->begun = true;
}

void out_list_end(struct out_list *l)
{
	if (!opt_json)
		out_list_line(l);
	else
		puts(l->begun ? "\n]" : "[]");
}

void out_json(struct json_object *o)
{
	puts(json_text(o));
	json_object_put(o);
}

void out_add_u64(struct json_object *o, const char *name, uint64_t value)
{
	json_object_object_add(o, name, json_object_new_uint64(value));
}

void out_add_string(struct json_object *o, const char *name, const char *text)
{
	json_object_object_add(o, name, json_object_new_string(text));
}

struct json_object *out_counters_json(const struct counters *c)
{
	struct json_object *o = json_object_new_object();
	unsigned int i;

	for (i = 0; i < SIPSEC_NR_CLASSES; i++)
		out_add_u64(o, sipsec_class_name(i), c->of[i]);
	if (c->has_would_drop)
		out_add_u64(o, "would-drop", c->would_drop);
	return o;
}

static struct json_object *actions_json(const struct actions *a)
{
	struct json_object *o = json_object_new_object();
	unsigned int i;

	for (i = 0; i < SIPSEC_NR_CLASSES; i++)
		if (a->has >> i & 1 && a->of[i] <= SIPSEC_CLASS_ACTION_ANSWER)
			out_add_string(o, sipsec_class_name(i), word_actions[a->of[i]]);
	return o;
}

static struct json_object *texts_json(const struct texts *t)
{
	struct json_object *o = json_object_new_array();
	unsigned int i;

	for (i = 0; t && i < t->nr; i++)
		json_object_array_add(o, json_object_new_string(t->of[i]));
	return o;
}

/* Numbers are numbers; what is shown in hexadecimal, and names, are strings. */
static struct json_object *value_json(const struct word *w, const void *object)
{
	const void *from = (const char *)object + w->off;
	char text[WORD_TEXT_MAX];

	switch (w->kind) {
	case WORD_U32:
		return json_object_new_uint64(*(const uint32_t *)from);
	case WORD_PORT:
		return json_object_new_uint64(*(const uint16_t *)from);
	case WORD_U64:
	case WORD_TOTAL:
		return json_object_new_uint64(*(const uint64_t *)from);
	case WORD_SWITCH:
	case WORD_FLAG:
		return json_object_new_boolean(*(const uint8_t *)from);
	case WORD_ACTIONS:
		return actions_json(from);
	case WORD_IMPUS:
		return texts_json(*(struct texts *const *)from);
	case WORD_COUNTERS:
		return out_counters_json(*(struct counters *const *)from);
	default:
		return json_object_new_string(word_text(w, object, text));
	}
}

/* Is it to be shown?  An alias is not, nor the variant the object is not of. */
static bool shown(const struct grammar *g, const struct word *w, const void *object)
{
	if (!object_has(object, w->attr) || w->alias || w->kind == WORD_FILE)
		return false;
	return w->kind != WORD_CONST || word_variant(g, object) == w->number;
}

struct json_object *out_object_json(const struct grammar *g, const void *object)
{
	struct json_object *o = json_object_new_object();
	const struct word *w;

	for (w = g->words; w->name; w++)
		if (shown(g, w, object))
			json_object_object_add(o, w->kind == WORD_CONST ? g->json_const : w->name,
					       value_json(w, object));
	return o;
}

void out_counters_text(const struct counters *c, const char *indent)
{
	bool any = false;
	unsigned int i;

	for (i = 0; i < SIPSEC_NR_CLASSES; i++) {
		if (!c->of[i])
			continue;
		any = true;
		printf("%s%s: %llu\n", indent, sipsec_class_name(i), (unsigned long long)c->of[i]);
	}
	if (c->would_drop)
		printf("%swould-drop: %llu\n", indent, (unsigned long long)c->would_drop);
	if (!any)
		printf("%snone\n", indent);
}

void out_object_text(const struct grammar *g, const void *object)
{
	char text[WORD_TEXT_MAX];
	const struct word *w;

	for (w = g->words; w->name; w++) {
		if (!shown(g, w, object))
			continue;
		if (w->kind == WORD_COUNTERS) {
			printf("%s:\n", w->name);
			out_counters_text(*(struct counters *const *)
					  ((const char *)object + w->off), "  ");
		} else {
			printf("%s: %s\n", w->kind == WORD_CONST ? g->json_const : w->name,
			       word_text(w, object, text));
		}
	}
}

const char *out_age(uint64_t seconds, char text[OUT_AGE_MAX])
{
	const unsigned long long s = seconds;

	if (s < 60)
		snprintf(text, OUT_AGE_MAX, "%llus", s);
	else if (s < 3600)
		snprintf(text, OUT_AGE_MAX, "%llum%02llus", s / 60, s % 60);
	else if (s < 86400)
		snprintf(text, OUT_AGE_MAX, "%lluh%02llum", s / 3600, s / 60 % 60);
	else
		snprintf(text, OUT_AGE_MAX, "%llud%lluh", s / 86400, s / 3600 % 24);
	return text;
}

int out_end(const char *what, int rc)
{
	if (!fflush(stdout) && !ferror(stdout))
		return rc;
	err_msg("%s: standard output: %s", what, strerror(errno));
	return EXIT_REFUSED;
}
