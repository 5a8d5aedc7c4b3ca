// SPDX-License-Identifier: GPL-2.0
/* docs/json.md names every key that the tool's tables make it print. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "listener.h"
#include "sa.h"
#include "tap.h"
#include "tests.h"

/* Of the chapter that begins with a line: is the key in it, between backquotes? */
static bool documented(const char *text, const char *chapter, const char *key)
{
	const char *from = strstr(text, chapter), *to;
	char quoted[64];
	const char *found;

	if (!from)
		return false;
	to = strstr(from + strlen(chapter), "\n## ");
	snprintf(quoted, sizeof(quoted), "`%s`", key);
	found = strstr(from, quoted);
	return found && (!to || found < to);
}

static void check_grammar(const char *text, const char *chapter, const struct grammar *g)
{
	const struct word *w;

	for (w = g->words; w->name; w++) {
		const char *key = w->kind == WORD_CONST ? g->json_const : w->name;

		if (!w->alias && w->kind != WORD_FILE)
			ok(documented(text, chapter, key), "json.md: %s: %s", g->object, key);
	}
}

void test_json(void)
{
	static char text[65536];
	FILE *f = fopen(DOCS_DIR "/json.md", "r");
	unsigned int i;
	size_t n = 0;

	if (f) {
		n = fread(text, 1, sizeof(text) - 1, f);
		fclose(f);
	}
	if (!ok(n, "json.md is read"))
		return;
	check_grammar(text, "\n## SA\n", &sa_grammar);
	check_grammar(text, "\n## Listener\n", &listener_grammar);
	for (i = 1; i <= attr_stats.max; i++)
		if (attr_stats.names[i])
			ok(documented(text, "\n## `stats`\n", attr_stats.names[i]),
			   "json.md: stats: %s", attr_stats.names[i]);
	for (i = 0; i < SIPSEC_NR_CLASSES; i++)
		ok(documented(text, "\n## Counters\n", sipsec_class_name(i)), "json.md: class %s",
		   sipsec_class_name(i));
	ok(!documented(text, "\n## SA\n", "preset") && !documented(text, "\n## Nowhere\n", "spi"),
	   "json.md: what is not there is not found");
}
