// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>
#include <unistd.h>

#include "hex.h"
#include "vec.h"

static noreturn void bail(const char *what, const char *name)
{
	printf("Bail out! %s: %s\n", name, what);
	exit(1);
}

struct json_object *vec_load(const char *path, const char *array, struct json_object **file)
{
	struct json_object *found;

	*file = NULL;
	if (access(path, F_OK))
		return NULL;
	*file = json_object_from_file(path);
	if (!*file || !json_object_object_get_ex(*file, array, &found) ||
	    !json_object_array_length(found))
		bail("not to be read, or empty", path);
	return found;
}

const char *vec_text(struct json_object *o, const char *name)
{
	struct json_object *value;

	if (!json_object_object_get_ex(o, name, &value))
		return NULL;
	return json_object_get_string(value);
}

size_t vec_hex(struct json_object *o, const char *name, uint8_t *out, size_t size)
{
	const char *text = vec_text(o, name);
	size_t len;

	if (!text)
		return 0;
	if (hex_decode(text, strlen(text), out, size, &len))
		bail("bad hexadecimal", name);
	return len;
}

int vec_int(struct json_object *o, const char *name)
{
	struct json_object *value;

	if (!json_object_object_get_ex(o, name, &value))
		bail("missing", name);
	return json_object_get_int(value);
}

const char *vec_label(struct json_object *o, const char *what)
{
	static char label[256];
	const char *name = vec_text(o, "name");

	snprintf(label, sizeof(label), "%s: %s", what, name ? name : "?");
	return label;
}
