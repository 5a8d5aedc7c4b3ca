// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "fake.h"
#include "tap.h"
#include "tests.h"

#define MAX_WORDS	64
#define KEY_TAIL	"0000000000000000000000000000000000000000000000000000000000"

struct capture cap;
const char *dir;

int run(const char *words, const char *input)
{
	char text[4096], *argv[MAX_WORDS + 1], *save = NULL, *word;
	static char paths[MAX_WORDS][256];
	int argc = 0;

	snprintf(text, sizeof(text), "%s", words);
	for (word = strtok_r(text, " ", &save); word && argc < MAX_WORDS;
	     word = strtok_r(NULL, " ", &save)) {
		if (!strncmp(word, "@/", 2)) {
			snprintf(paths[argc], sizeof(paths[0]), "%s%s", dir, word + 1);
			word = paths[argc];
		}
		argv[argc++] = word;
	}
	argv[argc] = NULL;
	return capture_cmd(&cap, cmd_run, argv, input);
}

void refuses(const char *words, const char *input, int rc, const char *err)
{
	const int got = run(words, input);
	const char *line = strchr(cap.err, '\n');

	/* One line, and nothing on standard output. */
	if (!ok(got == rc && !cap.out[0] && strstr(cap.err, err) && line && !line[1] &&
		!strncmp(cap.err, "sipsec: ", 8), "refused: %s: %s", words, err))
		printf("# status %d\n# out %s\n# err %s\n", got, cap.out, cap.err);
}

void make_file(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	if (!f || fputs(text, f) < 0 || fclose(f))
		abort();
	chmod(path, 0600);
}

int main(void)
{
	char template[] = "/tmp/unit-ctl.XXXXXX", command[64];
	int rc;

	dir = mkdtemp(template);
	if (!dir)
		abort();
	make_file("one.key", "000001" KEY_TAIL "\n");
	make_file("two.key", "000002" KEY_TAIL "\n");
	make_file("short.key", "0102030405060708090a0b0c0d0e0f10\n");
	make_file("gmac.key", "0102030405060708090a0b0c0d0e0f1011121314\n");
	make_file("many", "# keys\n000003" KEY_TAIL "\n\n000004" KEY_TAIL);
	fake_reset();

	test_words();
	test_attrs();
	test_config();
	test_load();
	test_commands();
	test_from_challenge();
	test_agree();
	test_json();

	rc = tap_done();
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return system(command) ? 1 : rc;
}
