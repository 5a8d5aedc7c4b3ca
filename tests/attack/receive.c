// SPDX-License-Identifier: GPL-2.0
/*
 * What a SIP program behind a listener gets, taken from a socket as fast as it goes:
 *
 *	receive FD
 *
 * Prints, once standard input has ended and the socket is empty, how many datagrams
 * came, and how many different ones of the call, which have an X-Call of a number
 * in hexadecimal.
 */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CALLS	0x100000

static bool seen[CALLS];

int main(int argc, char **argv)
{
	static char buf[65536];
	static const char mark[] = "\r\nX-Call: ";
	unsigned long all = 0, different = 0, n;
	bool ended = false;
	struct pollfd poll_of[2] = { { .events = POLLIN }, { .events = POLLIN } };
	ssize_t len;
	char *at;

	if (argc != 2)
		errx(2, "usage: %s FD", argv[0]);
	poll_of[0].fd = atoi(argv[1]);
	for (;;) {
		len = recv(poll_of[0].fd, buf, sizeof(buf) - 1, MSG_DONTWAIT);
		if (len < 0 && errno == EAGAIN) {
			if (ended)
				break;
			if (poll(poll_of, 2, -1) < 0)
				err(1, "poll");
			ended = poll_of[1].revents;
			continue;
		}
		if (len < 0)
			err(1, "receive");
		all++;
		buf[len] = '\0';
		at = memmem(buf, len, mark, sizeof(mark) - 1);
		n = at ? strtoul(at + sizeof(mark) - 1, NULL, 16) : CALLS;
		if (n < CALLS && !seen[n]) {
			seen[n] = true;
			different++;
		}
	}
	printf("%lu %lu\n", all, different);
	return 0;
}
