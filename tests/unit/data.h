/* SPDX-License-Identifier: GPL-2.0 */
/* Vectors and messages from files.  What cannot be read ends the program. */
#ifndef UNIT_DATA_H
#define UNIT_DATA_H

#include <json-c/json.h>
#include <linux/types.h>

struct octets {
	u8 *data;
	u32 len;
};

struct octets data_file(const char *path);
struct octets data_hex(const char *hex);
void data_free(struct octets *o);

/* A JSON file; json_object_put() it. */
struct json_object *data_json(const char *path);
/* A member that must be there: as string, as octets, as hexadecimal number. */
const char *data_string(struct json_object *object, const char *name);
struct octets data_octets(struct json_object *object, const char *name);
u64 data_number(struct json_object *object, const char *name);
struct json_object *data_array(struct json_object *object, const char *name);

/* xorshift64*: the same numbers in every run. */
u64 data_random(u64 *state);

#endif
