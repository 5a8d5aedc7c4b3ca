// SPDX-License-Identifier: GPL-2.0
/*
 * Send datagrams as fast as they go, made from signed messages on standard input,
 * each behind its length in four octets, little-endian:
 *
 *	send ADDRESS PORT SOURCE-PORT flips		each bit of each message flipped, alone
 *	send ADDRESS PORT SOURCE-PORT macs N		each with N random MACs
 *	send ADDRESS PORT SOURCE-PORT twice		each from two CPUs at the same time; a
 *		length of 0 ends the messages then, and each octet behind it is one more round
 *	send ADDRESS PORT SOURCE-PORT repeat N	each N times, in turns
 *	send ADDRESS PORT SOURCE-PORT count N	the same, "@@@@@@@@" in it replaced by the
 *						time's number, from 1, in hexadecimal
 *	send ADDRESS PORT SOURCE-PORT sources N	the same, from 10.0.0.0 and the number
 *	send ADDRESS PORT SOURCE-PORT fragments N	the same, the first 400 octets, as first
 *						fragments of datagrams that never come whole
 *
 * Prints how many were sent, of twice after each round.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#define BATCH	64
#define ROOM	2048

struct message {
	uint32_t len;
	uint8_t *octets;
};

static struct message *messages;
static unsigned int nr_messages;
static const char *address;
static uint16_t port, source_port;

static unsigned long long sent;
static uint8_t room[BATCH][ROOM + 28];
static struct mmsghdr batch[BATCH];
static struct iovec vec[BATCH];
static unsigned int filled;

static int new_socket(void)
{
	struct sockaddr_in own = { .sin_family = AF_INET, .sin_port = htons(source_port) };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), one = 1;

	if (fd < 0 || inet_pton(AF_INET, address, &to.sin_addr) != 1)
		err(1, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&own, sizeof(own)) ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)))
		err(1, "connect");
	return fd;
}

static void read_messages(void)
{
	uint8_t head[4];
	struct message *m;

	while (fread(head, 4, 1, stdin) == 1) {
		if (!(nr_messages & (nr_messages - 1)))
			messages = realloc(messages, (2 * nr_messages + 1) * sizeof(*m));
		if (!messages)
			err(1, "memory");
		m = &messages[nr_messages];
		m->len = head[0] | head[1] << 8 | head[2] << 16 | (uint32_t)head[3] << 24;
		if (!m->len)
			return;
		nr_messages++;
		if (m->len > ROOM)
			errx(1, "a message of %u octets", m->len);
		m->octets = malloc(m->len);
		if (!m->octets || fread(m->octets, m->len, 1, stdin) != 1)
			errx(1, "a message that is cut");
	}
}

/*
 * A refusal of one sent before (ICMP) is not about this one: once more.  One that a
 * hook drops on its way out (EPERM) has been sent as far as it goes.
 */
static void send_all(int fd, struct mmsghdr *some, unsigned int nr)
{
	unsigned int done = 0;
	int n;

	while (done < nr) {
		n = sendmmsg(fd, some + done, nr - done, 0);
		if (n > 0)
			done += n;
		else if (errno == EPERM)
			done++;
		else if (errno != ECONNREFUSED && errno != ENOBUFS && errno != EINTR)
			err(1, "send");
	}
}

static void flush(int fd)
{
	send_all(fd, batch, filled);
	sent += filled;
	filled = 0;
}

static uint8_t *next(int fd, const struct message *m)
{
	uint8_t *at;

	if (filled == BATCH)
		flush(fd);
	at = room[filled];
	memcpy(at, m->octets, m->len);
	vec[filled].iov_base = at;
	vec[filled].iov_len = m->len;
	batch[filled].msg_hdr.msg_iov = &vec[filled];
	batch[filled].msg_hdr.msg_iovlen = 1;
	filled++;
	return at;
}

static void flips(int fd)
{
	unsigned int i, bit;

	for (i = 0; i < nr_messages; i++)
		for (bit = 0; bit < 8 * messages[i].len; bit++)
			next(fd, &messages[i])[bit / 8] ^= 1 << bit % 8;
	flush(fd);
}

static uint64_t draw(void)
{
	static uint64_t state = 0x9e3779b97f4a7c15;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void macs(int fd, unsigned long n)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	/* the bits that count of the last character, by how many there are of four */
	static const uint8_t last[] = { 0x3f, 0, 0x30, 0x3c };
	unsigned int i, chars, at;
	unsigned long k;
	uint8_t *mac;

	for (i = 0; i < nr_messages; i++) {
		mac = memmem(messages[i].octets, messages[i].len, ";mac=", 5);
		if (!mac)
			errx(1, "a message without mac");
		at = mac + 5 - messages[i].octets;
		for (chars = 0; strchr(digits, mac[5 + chars]) && mac[5 + chars]; chars++)
			;
		for (k = 0; k < n; k++) {
			uint8_t *to = next(fd, &messages[i]) + at;

			for (unsigned int c = 0; c + 1 < chars; c++)
				to[c] = digits[draw() >> 20 & 63];
			/* its unused bits are zero, else it is malformed */
			to[chars - 1] = digits[draw() >> 20 & last[chars % 4]];
			/* the right one once in a lifetime */
			if (!memcmp(to, mac + 5, chars))
				filled--;
		}
	}
	flush(fd);
}

static void repeat(int fd, unsigned long n)
{
	unsigned int i;

	while (n--)
		for (i = 0; i < nr_messages; i++)
			next(fd, &messages[i]);
	flush(fd);
}

/* In place of "@@@@@@@@", wherever that is. */
static void number_it(uint8_t *octets, size_t len, unsigned long n)
{
	char digits[9];
	uint8_t *at;

	snprintf(digits, sizeof(digits), "%08lx", n & 0xffffffff);
	while ((at = memmem(octets, len, "@@@@@@@@", 8)))
		memcpy(at, digits, 8);
}

static void count_up(int fd, unsigned long n)
{
	unsigned long k;
	unsigned int i;

	for (k = 1; k <= n; k++)
		for (i = 0; i < nr_messages; i++)
			number_it(next(fd, &messages[i]), messages[i].len, k);
	flush(fd);
}

/* A message behind an IP and a UDP header, which the kernel takes as they are. */
static int raw_socket(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);

	if (fd < 0 || inet_pton(AF_INET, address, &to.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)))
		err(1, "raw socket");
	return fd;
}

#define FRAGMENT	400	/* octets of a message in its first fragment; 8 n with UDP's */

static void raw(int fd, unsigned long n, bool fragments)
{
	struct iphdr ip = {
		.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP,
		.frag_off = fragments ? htons(IP_MF) : 0,
	};
	struct udphdr udp = { .source = htons(source_port), .dest = htons(port) };
	unsigned long k;
	unsigned int i;
	uint32_t len;

	if (inet_pton(AF_INET, address, &ip.daddr) != 1)
		errx(1, "%s?", address);
	for (k = 1; k <= n; k++) {
		for (i = 0; i < nr_messages; i++) {
			struct message m = { .len = messages[i].len + 28 };
			uint8_t whole[ROOM + 28];

			len = messages[i].len;
			if (fragments && len > FRAGMENT)
				m.len = FRAGMENT + 28;
			ip.id = htons(k * nr_messages + i);
			/* the peer's own where fragments are sent, which IP fills in */
			ip.saddr = fragments ? 0 : htonl(0x0a000000 + k);
			udp.len = htons(len + 8 + (fragments ? 8 : 0));
			memcpy(whole, &ip, sizeof(ip));
			memcpy(whole + 20, &udp, sizeof(udp));
			memcpy(whole + 28, messages[i].octets, len);
			number_it(whole + 28, len, k);
			m.octets = whole;
			next(fd, &m);
		}
	}
	flush(fd);
}

/*
 * Two threads, each on a CPU of its own, send the same few messages in the same order, and
 * wait for each other before: a veth verifies them within sendmmsg().  Waiting before each
 * one would take most of the time where the CPUs are emulated.
 */
#define TOGETHER	32

static atomic_uint at_barrier[2];
static int both[2];

static void *one_cpu(void *which)
{
	unsigned int me = (uintptr_t)which, i, k, turn = atomic_load(&at_barrier[me]);
	struct mmsghdr some[TOGETHER] = {};
	struct iovec where[TOGETHER];
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(me, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		err(1, "no second CPU");
	for (i = 0; i < nr_messages; i += k) {
		for (k = 0; k < TOGETHER && i + k < nr_messages; k++) {
			where[k].iov_base = messages[i + k].octets;
			where[k].iov_len = messages[i + k].len;
			some[k].msg_hdr.msg_iov = &where[k];
			some[k].msg_hdr.msg_iovlen = 1;
		}
		atomic_store(&at_barrier[me], ++turn);
		while ((int)(atomic_load(&at_barrier[!me]) - turn) < 0)
			;
		send_all(both[me], some, k);
	}
	return NULL;
}

static void twice(void)
{
	pthread_t other;

	both[0] = new_socket();
	both[1] = new_socket();
	do {
		if (pthread_create(&other, NULL, one_cpu, (void *)1))
			errx(1, "no thread");
		one_cpu(NULL);
		pthread_join(other, NULL);
		sent += 2ULL * nr_messages;
		printf("%llu\n", sent);
		fflush(stdout);
	} while (getchar() != EOF);
}

int main(int argc, char **argv)
{
	unsigned long n = argc > 5 ? strtoul(argv[5], NULL, 10) : 1;

	if (argc < 5)
		errx(2, "usage: %s ADDRESS PORT SOURCE-PORT WHAT [N]; WHAT is %s", argv[0],
		     "flips, macs, twice, repeat, count, sources or fragments");
	address = argv[1];
	port = atoi(argv[2]);
	source_port = atoi(argv[3]);
	read_messages();
	if (!strcmp(argv[4], "flips"))
		flips(new_socket());
	else if (!strcmp(argv[4], "macs"))
		macs(new_socket(), n);
	else if (!strcmp(argv[4], "repeat"))
		repeat(new_socket(), n);
	else if (!strcmp(argv[4], "count"))
		count_up(new_socket(), n);
	else if (!strcmp(argv[4], "sources"))
		raw(raw_socket(), n, false);
	else if (!strcmp(argv[4], "fragments"))
		raw(raw_socket(), n, true);
	else if (!strcmp(argv[4], "twice"))
		twice();
	else
		errx(2, "%s?", argv[4]);
	if (strcmp(argv[4], "twice"))
		printf("%llu\n", sent);
	return 0;
}
