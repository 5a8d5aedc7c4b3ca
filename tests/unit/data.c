// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"

struct octets data_file(const char *path)
{
	struct octets o;
	long size;
	FILE *f;

	f = fopen(path, "rb");
	if (!f || fseek(f, 0, SEEK_END))
		err(1, "%s", path);
	size = ftell(f);
	rewind(f);
	o.len = size;
	o.data = malloc(size + 1);
	if (size < 0 || !o.data || fread(o.data, 1, size, f) != (size_t)size)
		err(1, "%s", path);
	fclose(f);
	return o;
}

struct octets data_hex(const char *hex)
{
	struct octets o = { .len = strlen(hex) / 2 };
	unsigned int value;
	u32 i;

	o.data = malloc(o.len + 1);
	if (!o.data || strlen(hex) % 2)
		errx(1, "bad hexadecimal %.20s", hex);
	for (i = 0; i < o.len; i++) {
		if (sscanf(hex + 2 * i, "%2x", &value) != 1)
			errx(1, "bad hexadecimal %.20s", hex);
		o.data[i] = value;
	}
	return o;
}

void data_free(struct octets *o)
{
	free(o->data);
	o->data = NULL;
}

struct json_object *data_json(const char *path)
{
	struct json_object *object = json_object_from_file(path);

	if (!object)
		errx(1, "%s: %s", path, json_util_get_last_err());
	return object;
}

static struct json_object *member(struct json_object *object, const char *name)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, name, &value))
		errx(1, "no %s in %.60s", name, json_object_to_json_string(object));
	return value;
}

const char *data_string(struct json_object *object, const char *name)
{
	return json_object_get_string(member(object, name));
}

struct octets data_octets(struct json_object *object, const char *name)
{
	return data_hex(data_string(object, name));
}

u64 data_number(struct json_object *object, const char *name)
{
	return strtoull(data_string(object, name), NULL, 16);
}

struct json_object *data_array(struct json_object *object, const char *name)
{
	struct json_object *array = member(object, name);

	if (!json_object_is_type(array, json_type_array) || !json_object_array_length(array))
		errx(1, "%s is no array, or empty", name);
	return array;
}

u64 data_random(u64 *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1dULL;
}
