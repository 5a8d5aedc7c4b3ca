// SPDX-License-Identifier: GPL-2.0
/* Kamailio's reading, by a Kamailio that is started for it (kamailio_server.c). */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kamailio.h"

static int fd = -1;
static pid_t child;
static bool absent;

static bool all(void *to, size_t len, bool out)
{
	ssize_t n;

	while (len) {
		n = out ? send(fd, to, len, MSG_NOSIGNAL) : recv(fd, to, len, 0);
		if (n <= 0)
			return false;
		to = (char *)to + n;
		len -= n;
	}
	return true;
}

static bool ask(const uint8_t *buf, uint32_t len, struct kamailio_answer *answer)
{
	return all(&len, sizeof(len), true) && all((void *)buf, len, true) &&
	       all(answer, sizeof(*answer), false);
}

static void run_server(int end, const char *config)
{
	char number[16];
	int null = open("/dev/null", O_RDWR);

	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	fcntl(end, F_SETFD, 0);
	snprintf(number, sizeof(number), "%d", end);
	setenv(KAMAILIO_FD, number, 1);
	execlp("kamailio", "kamailio", "-x", "fm", "-f", config, "-DD", "-E", (char *)NULL);
	_exit(127);
}

/* The configuration is beside the program, and so is what it loads. */
static bool start(void)
{
	static const char probe[] =
		"INVITE sip:b@c SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nFrom: <sip:a@b>;tag=1\r\n"
		"To: <sip:b@c>\r\nCall-ID: i\r\nCSeq: 7 INVITE\r\ng:1\r\n"
		"Content-Length: 2\r\n\r\nxyz";
	static struct kamailio_answer answer;
	static struct reading r;
	char self[4096], config[4200];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int ends[2];

	if (n <= 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		err(1, "socketpair");
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	snprintf(config, sizeof(config), "%s/kamailio.cfg", self);
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (!child)
		run_server(ends[1], config);
	close(ends[1]);
	fd = ends[0];
	if (!ask((const uint8_t *)probe, sizeof(probe) - 1, &answer)) {
		close(fd);
		fd = -1;
		waitpid(child, NULL, 0);
		return false;
	}
	memcpy(&r, answer.r, sizeof(answer.r));
	if (!answer.taken || !r.request || r.status || r.method.len != 6 || r.uri.len != 7 ||
	    r.from.len != 15 || r.to.len != 9 || r.call_id.len != 1 || r.from_user.len != 1 ||
	    r.from_host.len != 1 || r.cseq_number.len != 1 || r.cseq_method.len != 6 ||
	    r.length != 2 || r.body_len != 2 || r.nr_integrity != 1 || r.has_to_tag ||
	    answer.body_off != sizeof(probe) - 4)
		errx(1, "this is not the Kamailio that kamailio_server.c knows");
	return true;
}

bool kamailio_read(const uint8_t *buf, size_t len, struct reading *r)
{
	static struct kamailio_answer answer;

	if (absent || len > KAMAILIO_ROOM)
		return false;
	if (fd < 0 && !start()) {
		absent = true;
		fprintf(stderr, "no kamailio: it is left out\n");
		return false;
	}
	if (!ask(buf, len, &answer)) {
		/* it has died of it: its own affair, and not a message to act on */
		close(fd);
		fd = -1;
		waitpid(child, NULL, 0);
		fprintf(stderr, "kamailio died\n");
		return false;
	}
	if (!answer.taken)
		return false;
	memcpy(r, answer.r, sizeof(answer.r));
	r->body = buf + answer.body_off;
	return true;
}

void kamailio_done(struct reading *r)
{
	(void)r;
}

/* A field's text is compared as it is. */
bool kamailio_value(char what, const uint8_t *value, size_t len, struct text *t)
{
	(void)what;
	text_set(t, value, len);
	return true;
}
