// SPDX-License-Identifier: GPL-2.0
/* Hexadecimal digits, and key files: what is read, what is refused, what is written. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture.h"
#include "hex.h"
#include "secret.h"
#include "tap.h"
#include "vec.h"

static char dir[64];
static char path[PATH_MAX];

static const char *in_dir(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static const char *make(const char *name, const char *text, size_t len, mode_t mode)
{
	int fd = open(in_dir(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, text, len) != (ssize_t)len || fchmod(fd, mode) || close(fd))
		abort();
	return path;
}

static void hex_text(void)
{
	uint8_t out[4];
	uint64_t v;
	size_t len;

	ok(!hex_decode("00fFAb", 6, out, 4, &len) && len == 3 && out[1] == 0xff &&
	   out[2] == 0xab, "digits of both cases");
	is_int(hex_decode("abc", 3, out, 4, &len), -EINVAL, "an odd number of digits");
	is_int(hex_decode("0g", 2, out, 4, &len), -EINVAL, "a letter that is no digit");
	is_int(hex_decode("0x", 2, out, 4, &len), -EINVAL, "a prefix");
	is_int(hex_decode("0 ", 2, out, 4, &len), -EINVAL, "a space");
	is_int(hex_decode("0102030405", 10, out, 4, &len), -EMSGSIZE, "no room");
	ok(!number_read("0x4f1A22c0", UINT32_MAX, &v) && v == 0x4f1a22c0, "an SPI");
	ok(!number_read("4294967295", UINT32_MAX, &v) && v == UINT32_MAX, "a decimal one");
	is_int(number_read("4294967296", UINT32_MAX, &v), -EINVAL, "one too many");
	is_int(number_read("", UINT32_MAX, &v), -EINVAL, "no digit");
	is_int(number_read("0x", UINT32_MAX, &v), -EINVAL, "a prefix alone");
	is_int(number_read("4f1a22c0", UINT32_MAX, &v), -EINVAL, "no prefix");
	is_int(number_read("12-3", UINT32_MAX, &v), -EINVAL, "a sign");
}

static int read_key(const char *text, size_t len, uint8_t *key, size_t *key_len)
{
	struct capture cap;
	int err;

	make("key", text, len, 0600);
	capture_begin(&cap);
	err = secret_read_key("test", path, key, 32, key_len);
	capture_end(&cap);
	if (err && strncmp(cap.err, "sipsec: test: ", 14))
		return 1;
	/* A message about a file of secrets has none of its digits. */
	if (strstr(cap.err, "00112233"))
		return 2;
	return err;
}

#define KEY16	"00112233445566778899aabbccddeeff"

static void key_files(void)
{
	static const uint8_t want[4] = { 0, 0x11, 0x22, 0x33 };
	uint8_t key[32];
	size_t len;

#define READ(text) read_key(text, sizeof(text) - 1, key, &len)
	ok(!READ(KEY16 "\n") && len == 16 && !memcmp(key, want, 4), "a key of 16 octets");
	ok(!READ(KEY16) && len == 16, "without a newline");
	ok(!READ(" \t" KEY16 "\r\n\n") && len == 16, "white space round it");
	ok(!READ(KEY16 KEY16) && len == 32, "a key of 32 octets");
	is_int(READ(KEY16 KEY16 "00"), -EMSGSIZE, "a key of 33 octets");
	is_int(READ(KEY16 "0"), -EINVAL, "an odd number of digits");
	is_int(READ(KEY16 "\n" KEY16 "\n"), -EINVAL, "two lines");
	is_int(READ("0x" KEY16), -EINVAL, "a prefix");
	is_int(READ(""), -EINVAL, "an empty file");
	is_int(READ(" \t\n"), -EINVAL, "a blank file");
	is_int(READ("0011223\0"), -EINVAL, "a NUL");
#undef READ
}

static void files(void)
{
	static char big[SECRET_MAX + 1];
	struct capture cap;
	struct secret s;
	int err;

	memset(big, '0', sizeof(big));
	make("big", big, SECRET_MAX, 0600);
	err = secret_read("test", path, &s);
	ok(!err && s.len == SECRET_MAX, "a file of the largest size");
	secret_free(&s);
	ok(!s.data, "freed");
	secret_free(&s);

	make("big", big, SECRET_MAX + 1, 0600);
	capture_begin(&cap);
	err = secret_read("test", path, &s);
	capture_end(&cap);
	is_int(err, -EFBIG, "one octet more");
	ok(!s.data, "nothing to free after an error");

	capture_begin(&cap);
	err = secret_read("test", in_dir("none"), &s);
	capture_end(&cap);
	is_int(err, -ENOENT, "no such file");
	ok(strstr(cap.err, "none: No such file"), "the message names the file");

	capture_begin(&cap);
	err = secret_read("test", dir, &s);
	capture_end(&cap);
	is_int(err, -EISDIR, "a directory");
}

static void permissions(void)
{
	static const mode_t modes[] = { 0600, 0400, 0640, 0604, 0660, 0644 };
	struct capture cap;
	uint8_t key[32];
	size_t i, len;
	int err;

	for (i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		make("mode", KEY16, 32, modes[i]);
		capture_begin(&cap);
		err = secret_read_key("test", path, key, 32, &len);
		capture_end(&cap);
		ok(!err && !strstr(cap.err, "warning") == !(modes[i] & 077), "mode %04o",
		   modes[i]);
		unlink(path);
	}
}

static int write_key(const char *name)
{
	static const uint8_t key[4] = { 0xde, 0xad, 0xbe, 0xef };
	struct capture cap;
	int err;

	in_dir(name);
	capture_begin(&cap);
	err = secret_write_key("test", path, key, 4);
	capture_end(&cap);
	return err;
}

static void written(void)
{
	char target[PATH_MAX];
	uint8_t key[32];
	struct stat st;
	size_t len = 0;
	mode_t mask;

	mask = umask(0);
	is_int(write_key("new"), 0, "a key file is made");
	umask(mask);
	ok(!stat(path, &st) && (st.st_mode & 07777) == 0600, "its mode is 0600 under any umask");
	ok(!secret_read_key("test", path, key, 32, &len) && len == 4 && key[0] == 0xde &&
	   key[3] == 0xef, "it reads back");
	is_int(st.st_size, 9, "one line");
	is_int(write_key("new"), -EEXIST, "what exists is refused");
	is_int(write_key("none/new"), -ENOENT, "no such directory");

	snprintf(target, sizeof(target), "%s/target", dir);
	in_dir("link");
	if (symlink(target, path))
		abort();
	is_int(write_key("link"), -EEXIST, "a dangling symbolic link is refused");
	ok(access(target, F_OK), "and not followed");
}

static void clean_up(void)
{
	static const char *const names[] = { "key", "big", "mode", "new", "link" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(in_dir(names[i]));
	ok(!rmdir(dir), "no other file was left");
}

void test_secret(void)
{
	snprintf(dir, sizeof(dir), "/tmp/unit-aka.XXXXXX");
	if (!mkdtemp(dir))
		abort();
	hex_text();
	key_files();
	files();
	permissions();
	written();
	clean_up();
}
