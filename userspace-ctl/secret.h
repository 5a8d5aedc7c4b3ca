/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keys in user space: read from a file or standard input, never from argv;
 * kept in locked memory that no core dump shows; wiped when done with.
 *
 * A key file is one line of hexadecimal digits, an even number of them;
 * white space around them is allowed, nothing else is.
 */
#ifndef SIPSEC_CTL_SECRET_H
#define SIPSEC_CTL_SECRET_H

#include <stddef.h>
#include <stdint.h>

/* Octets of the largest input: a 401 of the largest size a listener takes. */
#define SECRET_MAX	65536

struct secret {
	uint8_t *data;		/* SECRET_MAX octets of locked memory; NULL: none */
	size_t len;		/* octets in use */
};

/* No core dumps and no ptrace by the same user, from here on. */
void secret_hide_process(void);

/* The mode of a regular file to which others than its owner have access; else 0. */
unsigned int secret_shared_mode(int fd);

/*
 * Open a file of secrets for reading; the caller closes it.  Warns when others than
 * the owner have access to it.  Or a negative errno after saying why; a key where
 * its file's name belongs is not shown.
 */
int secret_open(const char *what, const char *path);

/*
 * All of a file, or of standard input for "-", up to SECRET_MAX octets.  what
 * begins the messages, as "aka: secrets".  Warns when others than the owner
 * have access to the file.  Standard input is read once: who asks a second time is
 * refused.  Returns 0, with *s to be given to secret_free(),
 * or a negative errno after saying why; then *s is empty.
 */
int secret_read(const char *what, const char *path, struct secret *s);

/* The same for what is no secret, which others may read. */
int secret_read_plain(const char *what, const char *path, struct secret *s);

/* Wipe and give back; an empty *s is fine. */
void secret_free(struct secret *s);

/*
 * A key file: *len octets at key, which has room for size.  Returns and says
 * as secret_read() does; at least one octet.
 */
int secret_read_key(const char *what, const char *path, uint8_t *key, size_t size,
		    size_t *len);

/*
 * Make a key file with mode 0600.  What exists already, a symbolic link
 * included, is refused and left as it is.  Returns 0, or a negative errno
 * after saying why; a file half written is removed.
 */
int secret_write_key(const char *what, const char *path, const uint8_t *key, size_t len);

#endif
