/* SPDX-License-Identifier: GPL-2.0 */
/* Test vectors: JSON files of objects whose values are hexadecimal strings. */
#ifndef VEC_H
#define VEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

/* Files of the project, and those that may be beside it. */
#define OWN(name)	VECTORS_DIR "/aka/" name
#define SHARED(name)	SHARED_DIR "/" name

/*
 * The file's array of that name; *file is to be given to json_object_put().
 * NULL if there is no such file.  Anything unreadable ends the program.
 */
struct json_object *vec_load(const char *path, const char *array, struct json_object **file);

/* A string, NULL where the object has none of that name. */
const char *vec_text(struct json_object *o, const char *name);

/* Octets of a hexadecimal string; 0 where there is none of that name. */
size_t vec_hex(struct json_object *o, const char *name, uint8_t *out, size_t size);

int vec_int(struct json_object *o, const char *name);

/* "<what>: <the object's name>", good until the next call. */
const char *vec_label(struct json_object *o, const char *what);

/* The suites. */
void test_milenage(void);
void test_tuak(void);
void test_kdf(void);
void test_alloc(void);
void test_secret(void);
void test_challenge(void);
void test_cmd_aka(void);

/* test_alloc.c: before anything of libcrypto is used. */
void alloc_hook(void);

#endif
