// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture.h"

static int check(int result)
{
	if (result < 0) {
		printf("Bail out! capture\n");
		abort();
	}
	return result;
}

void capture_begin(struct capture *c)
{
	int i;

	fflush(NULL);
	for (i = 0; i < 2; i++) {
		c->file[i] = check(memfd_create("capture", MFD_CLOEXEC));
		c->saved[i] = check(dup(i + 1));
		check(dup2(c->file[i], i + 1));
	}
}

void capture_end(struct capture *c)
{
	char *text[2] = { c->out, c->err };
	int i;

	fflush(NULL);
	for (i = 0; i < 2; i++) {
		ssize_t n;

		check(dup2(c->saved[i], i + 1));
		close(c->saved[i]);
		n = pread(c->file[i], text[i], sizeof(c->out) - 1, 0);
		text[i][check(n)] = '\0';
		close(c->file[i]);
	}
}

int capture_cmd(struct capture *c, int (*cmd)(int argc, char **argv), char **argv,
		const char *input)
{
	int argc = 0, status;
	pid_t pid;

	while (argv[argc])
		argc++;
	capture_begin(c);
	pid = check(fork());
	if (!pid) {
		int in = check(memfd_create("input", MFD_CLOEXEC));
		int rc;

		check(write(in, input, strlen(input)));
		check(lseek(in, 0, SEEK_SET));
		check(dup2(in, STDIN_FILENO));
		rc = cmd(argc, argv);
		fflush(NULL);
		_exit(rc);
	}
	check(waitpid(pid, &status, 0));
	capture_end(c);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
