// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/limits.h"
#include "hex.h"
#include "keyring.h"
#include "msg.h"
#include "secret.h"
#include "word.h"

#define POOL_SIZE	0x100000
#define FIRST_BUCKETS	64
/* Octets of a line: white space beside the digits is not a reason for more. */
#define LINE_MAX_LEN	1024

/* A key in a pool: its length, then its octets. */
struct key {
	uint8_t len;
	uint8_t octets[];
};

struct keyfile {
	struct keyfile *next;	/* in its bucket */
	bool many;		/* a key a line */
	unsigned int nr;	/* of keys, a line without one among them */
	const struct key **keys;
	char path[];
};

struct pool {
	struct pool *next;
	size_t used;
	uint8_t octets[];
};

struct keyring {
	struct pool *pools;
	struct keyfile **buckets;
	unsigned int nr_buckets;
	unsigned int nr_files;
};

static void *secret_map(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	(void)mlock(p, size);
	(void)madvise(p, size, MADV_DONTDUMP);
	return p;
}

static void secret_unmap(void *p, size_t size)
{
	explicit_bzero(p, size);
	munmap(p, size);
}

struct keyring *keyring_new(void)
{
	struct keyring *k = calloc(1, sizeof(*k));

	if (!k)
		return NULL;
	k->nr_buckets = FIRST_BUCKETS;
	k->buckets = calloc(k->nr_buckets, sizeof(struct keyfile *));
	if (!k->buckets) {
		free(k);
		return NULL;
	}
	return k;
}

void keyring_free(struct keyring *k)
{
	unsigned int i;

	if (!k)
		return;
	while (k->pools) {
		struct pool *p = k->pools;

		k->pools = p->next;
		secret_unmap(p, POOL_SIZE);
	}
	for (i = 0; i < k->nr_buckets; i++) {
		while (k->buckets[i]) {
			struct keyfile *f = k->buckets[i];

			k->buckets[i] = f->next;
			free(f->keys);
			free(f);
		}
	}
	free(k->buckets);
	free(k);
}

static struct key *new_key(struct keyring *k)
{
	const size_t size = sizeof(struct key) + SIPSEC_MAX_KEY_LEN;
	struct pool *p = k->pools;

	if (!p || sizeof(*p) + p->used + size > POOL_SIZE) {
		p = secret_map(POOL_SIZE);
		if (!p)
			return NULL;
		p->next = k->pools;
		k->pools = p;
	}
	p->used += size;
	return (struct key *)(p->octets + p->used - size);
}

/*
 * Files by path
 */

static unsigned int hash(const char *path, bool many)
{
	uint32_t h = 2166136261u + many;

	for (; *path; path++)
		h = (h ^ (uint8_t)*path) * 16777619;
	return h;
}

static struct keyfile *find(const struct keyring *k, const char *path, bool many)
{
	struct keyfile *f = k->buckets[hash(path, many) % k->nr_buckets];

	while (f && (f->many != many || strcmp(f->path, path)))
		f = f->next;
	return f;
}

static void grow(struct keyring *k)
{
	const unsigned int nr = 4 * k->nr_buckets;
	struct keyfile **buckets = calloc(nr, sizeof(struct keyfile *));
	unsigned int i;

	/* Without memory for more of them the buckets get longer, no more. */
	if (!buckets)
		return;
	for (i = 0; i < k->nr_buckets; i++) {
		while (k->buckets[i]) {
			struct keyfile *f = k->buckets[i];
			const unsigned int to = hash(f->path, f->many) % nr;

			k->buckets[i] = f->next;
			f->next = buckets[to];
			buckets[to] = f;
		}
	}
	free(k->buckets);
	k->buckets = buckets;
	k->nr_buckets = nr;
}

static void insert(struct keyring *k, struct keyfile *f)
{
	unsigned int bucket;

	if (k->nr_files++ > 2 * k->nr_buckets)
		grow(k);
	bucket = hash(f->path, f->many) % k->nr_buckets;
	f->next = k->buckets[bucket];
	k->buckets[bucket] = f;
}

/*
 * Reading
 */

static int add_key(struct keyfile *f, const struct key *key)
{
	/* Room for powers of two. */
	if (!(f->nr & (f->nr - 1))) {
		const size_t room = f->nr ? 2 * (size_t)f->nr : 1;
		/* Of pointers.  NOLINTNEXTLINE(bugprone-sizeof-expression) */
		const struct key **keys = realloc(f->keys, room * sizeof(*keys));

		if (!keys)
			return -ENOMEM;
		f->keys = keys;
	}
	f->keys[f->nr++] = key;
	return 0;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* A line without its line feed; an empty one and a comment have no key. */
static int take_line(struct keyring *k, struct keyfile *f, const char *p, const char *end)
{
	struct key *key;
	size_t len = 0;
	int err;

	while (p < end && is_space(*p))
		p++;
	while (p < end && is_space(end[-1]))
		end--;
	if (p == end || *p == '#')
		return add_key(f, NULL);
	key = new_key(k);
	if (!key)
		return -ENOMEM;
	err = hex_decode(p, end - p, key->octets, SIPSEC_MAX_KEY_LEN, &len);
	key->len = len;
	return err ? err : add_key(f, key);
}

static int read_lines(struct keyring *k, struct keyfile *f, int fd, char *buf, size_t size)
{
	size_t held = 0;

	for (;;) {
		ssize_t n = read(fd, buf + held, size - held);
		char *p = buf, *end, *nl;
		int err;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		end = buf + held + n;
		while ((nl = memchr(p, '\n', end - p))) {
			err = take_line(k, f, p, nl);
			if (err)
				return err;
			p = nl + 1;
		}
		held = end - p;
		if (!n)
			return held ? take_line(k, f, p, end) : 0;
		if (held > LINE_MAX_LEN)
			return -EMSGSIZE;
		memmove(buf, p, held);
	}
}

static int read_many(struct keyring *k, const char *what, struct keyfile *f)
{
	const int fd = secret_open(what, f->path);
	char *buf;
	int err;

	if (fd < 0)
		return fd;
	buf = secret_map(SECRET_MAX);
	err = buf ? read_lines(k, f, fd, buf, SECRET_MAX) : -ENOMEM;
	if (buf)
		secret_unmap(buf, SECRET_MAX);
	close(fd);
	if (err == -EINVAL || err == -EMSGSIZE)
		err_msg("%s: %s: line %u: must be hexadecimal digits, of at most %u octets",
			what, f->path, f->nr + 1, SIPSEC_MAX_KEY_LEN);
	else if (err)
		err_msg("%s: %s: %s", what, f->path, strerror(-err));
	return err;
}

static int read_one(struct keyring *k, const char *what, struct keyfile *f)
{
	struct key *key = new_key(k);
	size_t len = 0;
	int err;

	if (!key)
		return -ENOMEM;
	err = secret_read_key(what, f->path, key->octets, SIPSEC_MAX_KEY_LEN, &len);
	key->len = len;
	return err ? err : add_key(f, key);
}

static const struct keyfile *open_file(struct keyring *k, const char *what, const char *path,
				       bool many, int *err)
{
	struct keyfile *f = find(k, path, many);

	/* What came from standard input was for one key: two SAs with one are a mistake. */
	if (f && strcmp(path, "-"))
		return f;
	f = calloc(1, sizeof(*f) + strlen(path) + 1);
	if (!f) {
		*err = -ENOMEM;
		return NULL;
	}
	f->many = many;
	strcpy(f->path, path);
	*err = many ? read_many(k, what, f) : read_one(k, what, f);
	if (*err) {
		free(f->keys);
		free(f);
		return NULL;
	}
	insert(k, f);
	return f;
}

/* The line of "#N" at the end of a path, which is cut off; 0: there is none. */
static unsigned int cut_line(char *path)
{
	char *mark = strrchr(path, '#');
	uint64_t line;

	if (!mark || number_read(mark + 1, UINT_MAX, &line) || !line)
		return 0;
	*mark = '\0';
	return line;
}

int keyring_get(struct keyring *k, const char *what, const char *dir, const char *spec,
		const uint8_t **key, uint8_t *len)
{
	const struct keyfile *f;
	char path[PATH_MAX];
	unsigned int line;
	int err = 0;
	int n;

	if (dir && spec[0] != '/' && strcmp(spec, "-"))
		n = snprintf(path, sizeof(path), "%s/%s", dir, spec);
	else
		n = snprintf(path, sizeof(path), "%s", spec);
	if (n >= (int)sizeof(path)) {
		err_msg("%s: %.64s...: %s", what, spec, strerror(ENAMETOOLONG));
		return -ENAMETOOLONG;
	}
	line = cut_line(path);
	f = open_file(k, what, path, line, &err);
	if (!f) {
		if (err == -ENOMEM)
			err_msg("%s: %s: %s", what, path, strerror(ENOMEM));
		return err;
	}
	if (!line)
		line = 1;
	if (line > f->nr || !f->keys[line - 1]) {
		err_msg("%s: %s: line %u: no key", what, path, line);
		return -ENOENT;
	}
	*key = f->keys[line - 1]->octets;
	*len = f->keys[line - 1]->len;
	return 0;
}
