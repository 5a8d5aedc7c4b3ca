/* SPDX-License-Identifier: GPL-2.0 */
/* Standard output and error of a function that prints. */
#ifndef CAPTURE_H
#define CAPTURE_H

struct capture {
	char out[8192];		/* NUL-terminated */
	char err[8192];
	int saved[2];
	int file[2];
};

/* From here to capture_end() both go to *c; not to be nested. */
void capture_begin(struct capture *c);
void capture_end(struct capture *c);

/*
 * Run cmd(argc, argv) in a process of its own, with argv ending at NULL and
 * input as its standard input.  Returns its exit status, -1 for a signal.
 */
int capture_cmd(struct capture *c, int (*cmd)(int argc, char **argv), char **argv,
		const char *input);

#endif
