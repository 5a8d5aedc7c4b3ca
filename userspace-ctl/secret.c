// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hex.h"
#include "msg.h"
#include "secret.h"

/* Octets of the longest key that secret_write_key() is given. */
#define KEY_MAX	64
/* Hexadecimal digits of the shortest key. */
#define KEY_DIGITS	32

/* Who reads it a second time would find nothing there. */
static bool input_is_read;

void secret_hide_process(void)
{
	const struct rlimit none = { 0, 0 };

	/* Either may fail in a sandbox; the command is no worse off than before. */
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static int secret_alloc(struct secret *s)
{
	void *p = mmap(NULL, SECRET_MAX, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return -ENOMEM;
	/* As far as RLIMIT_MEMLOCK goes: unlocked is better than no command. */
	(void)mlock(p, SECRET_MAX);
	(void)madvise(p, SECRET_MAX, MADV_DONTDUMP);
	s->data = p;
	s->len = 0;
	return 0;
}

void secret_free(struct secret *s)
{
	if (!s->data)
		return;
	explicit_bzero(s->data, SECRET_MAX);
	munmap(s->data, SECRET_MAX);
	s->data = NULL;
	s->len = 0;
}

static int read_all(int fd, struct secret *s)
{
	for (;;) {
		uint8_t more;
		ssize_t n;

		if (s->len < SECRET_MAX)
			n = read(fd, s->data + s->len, SECRET_MAX - s->len);
		else
			n = read(fd, &more, 1);
		if (!n)
			return 0;
		if (n < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		if (s->len == SECRET_MAX)
			return -EFBIG;
		s->len += n;
	}
}

/* Nobody calls a file so: a key was given in the place of the file that holds it. */
static bool is_key(const char *path)
{
	const char *name = strrchr(path, '/');
	size_t len;

	name = name ? name + 1 : path;
	len = hex_span(name);
	return len >= KEY_DIGITS && !name[len];
}

static int open_plain(const char *what, const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int err;

	if (fd >= 0)
		return fd;
	err = -errno;
	if (is_key(path))
		err_msg("%s: the name of a file belongs here, not a key", what);
	else
		err_msg("%s: %s: %s", what, path, strerror(-err));
	return err;
}

unsigned int secret_shared_mode(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISREG(st.st_mode) && (st.st_mode & 0077) ?
	       st.st_mode & 07777 : 0;
}

int secret_open(const char *what, const char *path)
{
	const int fd = open_plain(what, path);
	const unsigned int mode = fd >= 0 ? secret_shared_mode(fd) : 0;

	if (mode)
		warn_msg("%s: %s: others have access (mode %04o): chmod 600", what, path, mode);
	return fd;
}

static int read_input(const char *what, const char *path, bool secret, struct secret *s)
{
	int fd = STDIN_FILENO;
	int err;

	s->data = NULL;
	s->len = 0;
	if (!strcmp(path, "-")) {
		if (input_is_read) {
			err_msg("%s: standard input: has been read for something else", what);
			return -EBUSY;
		}
		path = "standard input";
		input_is_read = true;
	} else {
		fd = secret ? secret_open(what, path) : open_plain(what, path);
		if (fd < 0)
			return fd;
	}

	err = secret_alloc(s);
	if (!err)
		err = read_all(fd, s);
	if (fd != STDIN_FILENO)
		close(fd);
	if (err) {
		err_msg("%s: %s: %s", what, path, strerror(-err));
		secret_free(s);
	}
	return err;
}

int secret_read(const char *what, const char *path, struct secret *s)
{
	return read_input(what, path, true, s);
}

int secret_read_plain(const char *what, const char *path, struct secret *s)
{
	return read_input(what, path, false, s);
}

static int is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

int secret_read_key(const char *what, const char *path, uint8_t *key, size_t size,
		    size_t *len)
{
	const uint8_t *p, *end;
	struct secret s;
	int err;

	err = secret_read(what, path, &s);
	if (err)
		return err;

	p = s.data;
	end = s.data + s.len;
	while (p < end && is_space(*p))
		p++;
	while (p < end && is_space(end[-1]))
		end--;
	err = p == end ? -EINVAL : hex_decode((const char *)p, end - p, key, size, len);
	secret_free(&s);
	if (err) {
		explicit_bzero(key, size);
		if (err == -EMSGSIZE)
			err_msg("%s: %s: more than %zu octets", what, path, size);
		else
			err_msg("%s: %s: must be one line of an even number of hexadecimal digits",
				what, path);
	}
	return err;
}

static int write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		text += n;
		len -= n;
	}
	return 0;
}

int secret_write_key(const char *what, const char *path, const uint8_t *key, size_t len)
{
	char text[2 * KEY_MAX + 2];
	int err;
	int fd;

	if (len > KEY_MAX)
		return -EMSGSIZE;

	/* O_EXCL follows no symbolic link; the mode is right from the first moment. */
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		err = -errno;
		err_msg("%s: %s: %s", what, path, strerror(-err));
		return err;
	}

	hex_encode(text, key, len);
	text[2 * len] = '\n';
	err = write_all(fd, text, 2 * len + 1);
	explicit_bzero(text, sizeof(text));
	/* A delayed write error (quota, network file system) shows here. */
	if (!err && fsync(fd) && errno != EINVAL && errno != EROFS)
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	if (err) {
		err_msg("%s: %s: %s", what, path, strerror(-err));
		unlink(path);
	}
	return err;
}
