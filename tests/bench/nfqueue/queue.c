// SPDX-License-Identifier: GPL-2.0
/*
 * The same verification by a program behind NFQUEUE.
 *
 *	verifier QUEUE SPI KEY		both in hex; prints "ready", then verifies
 *					until it is killed
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/netfilter.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "verify.h"

#define IPV4_MIN	20
#define UDP_HEADER	8

static int packet(struct nfq_q_handle *queue, struct nfgenmsg *nfmsg, struct nfq_data *data,
		  void *arg)
{
	struct nfqnl_msg_packet_hdr *head = nfq_get_msg_packet_hdr(data);
	int len, ihl;
	unsigned char *ip;

	(void)nfmsg;
	(void)arg;
	len = nfq_get_payload(data, &ip);
	ihl = len < IPV4_MIN ? len : (ip[0] & 0xf) * 4;
	return nfq_set_verdict(queue, ntohl(head->packet_id),
			       len > ihl + UDP_HEADER &&
			       verify(ip + ihl + UDP_HEADER, len - ihl - UDP_HEADER) ?
			       NF_ACCEPT : NF_DROP, 0, NULL);
}

int main(int argc, char **argv)
{
	/* aligned as netlink wants it */
	static long buf[0x10000 / sizeof(long)];
	struct nfq_q_handle *queue;
	struct nfq_handle *h;
	ssize_t n;

	if (argc != 4)
		errx(2, "usage: verifier QUEUE SPI KEY");
	verify_init(argv[2], argv[3]);
	h = nfq_open();
	if (!h)
		err(1, "nfq_open");
	queue = nfq_create_queue(h, atoi(argv[1]), packet, NULL);
	if (!queue || nfq_set_mode(queue, NFQNL_COPY_PACKET, 0xffff) < 0)
		err(1, "queue %s", argv[1]);
	/* as large as the kernel lets it be, so that none is lost */
	nfnl_rcvbufsiz(nfq_nfnlh(h), 1 << 22);
	puts("ready");
	fflush(stdout);
	for (;;) {
		n = recv(nfq_fd(h), buf, sizeof(buf), 0);
		if (n < 0 && errno != ENOBUFS)
			err(1, "recv");
		if (n > 0)
			nfq_handle_packet(h, (char *)buf, n);
	}
}
