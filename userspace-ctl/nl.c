// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "attr.h"
#include "nl.h"
#include "uapi/linux/sipsec.h"

/* Octets of the largest request: two SAs with all attributes, their identities. */
#define REQUEST_MAX	8192
#define SEND_SIZE	(NL_BATCH * 1024)
#define GROUPS_MAX	8
/* The kernel fills messages of a dump up to 32 KiB where the reader has room. */
#define RECV_SIZE	65536
#define SOCKET_SIZE	(4 << 20)

struct nl {
	/* first, so that they are aligned as the allocation is */
	char send[SEND_SIZE];
	char recv[RECV_SIZE];

	struct mnl_socket *socket;
	uint16_t family;
	uint32_t seq;		/* of the last request begun */
	struct {
		char name[32];
		uint32_t id;
	} groups[GROUPS_MAX];
	unsigned int nr_groups;
	char error[320];
	unsigned int error_attr;

	/* the requests begun and not sent yet */
	unsigned int nr;
	uint32_t first_seq;
	struct {
		uint32_t off;
		void *tag;
	} requests[NL_BATCH];
};

const char *nl_error(const struct nl *nl)
{
	return nl->error;
}

unsigned int nl_error_attr(const struct nl *nl)
{
	return nl->error_attr;
}

static int fail(struct nl *nl, int err)
{
	nl->error_attr = 0;
	snprintf(nl->error, sizeof(nl->error), "%s", strerror(-err));
	return err;
}

/*
 * Requests
 */

struct nlmsghdr *nl_batch_begin(struct nl *nl, uint8_t cmd, void *tag)
{
	struct nlmsghdr *nlh;
	struct genlmsghdr *genl;
	uint32_t off = 0;

	/* Each begins where the one before it ends: the kernel reads them so. */
	if (nl->nr) {
		nlh = (struct nlmsghdr *)(nl->send + nl->requests[nl->nr - 1].off);
		off = nl->requests[nl->nr - 1].off + MNL_ALIGN(nlh->nlmsg_len);
	} else {
		nl->first_seq = nl->seq + 1;
	}
	nl->requests[nl->nr].off = off;
	nl->requests[nl->nr].tag = tag;
	nl->nr++;

	nlh = mnl_nlmsg_put_header(nl->send + off);
	nlh->nlmsg_type = nl->family;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	nlh->nlmsg_seq = ++nl->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = SIPSEC_GENL_VERSION;
	return nlh;
}

struct nlmsghdr *nl_begin(struct nl *nl, uint8_t cmd)
{
	nl->nr = 0;
	return nl_batch_begin(nl, cmd, NULL);
}

bool nl_batch_full(const struct nl *nl)
{
	const struct nlmsghdr *last;
	uint32_t off;

	if (!nl->nr || nl->nr == NL_BATCH)
		return nl->nr;
	off = nl->requests[nl->nr - 1].off;
	last = (const struct nlmsghdr *)(nl->send + off);
	return SEND_SIZE - (off + MNL_ALIGN(last->nlmsg_len)) < REQUEST_MAX;
}

static struct nlmsghdr *request(struct nl *nl, unsigned int i)
{
	return (struct nlmsghdr *)(nl->send + nl->requests[i].off);
}

/* The index of the request a message answers, or nl->nr. */
static unsigned int answers(const struct nl *nl, const struct nlmsghdr *nlh)
{
	uint32_t i = nlh->nlmsg_seq - nl->first_seq;

	return i < nl->nr ? i : nl->nr;
}

static size_t sent_len(struct nl *nl)
{
	return nl->requests[nl->nr - 1].off + request(nl, nl->nr - 1)->nlmsg_len;
}

static void forget_requests(struct nl *nl)
{
	if (nl->nr)
		explicit_bzero(nl->send, sent_len(nl));
	nl->nr = 0;
}

static int send_requests(struct nl *nl)
{
	if (mnl_socket_sendto(nl->socket, nl->send, sent_len(nl)) < 0)
		return fail(nl, -errno);
	return 0;
}

static ssize_t receive(struct nl *nl)
{
	ssize_t n;

	do
		n = mnl_socket_recvfrom(nl->socket, nl->recv, sizeof(nl->recv));
	while (n < 0 && errno == EINTR);
	return n < 0 ? fail(nl, -errno) : n;
}

/*
 * Errors
 */

/* What a refusal says beside its errno. */
struct extack {
	const char *text;
	uint32_t offset;
	uint32_t miss_nest;
	uint32_t miss_type;
	bool has_offset;
	bool has_miss;
};

static int read_extack(const struct nlattr *a, void *arg)
{
	struct extack *e = arg;
	const bool u32 = mnl_attr_get_payload_len(a) == sizeof(uint32_t);

	switch (mnl_attr_get_type(a)) {
	case NLMSGERR_ATTR_MSG:
		if (mnl_attr_validate(a, MNL_TYPE_NUL_STRING) >= 0)
			e->text = mnl_attr_get_str(a);
		break;
	case NLMSGERR_ATTR_OFFS:
		e->has_offset = u32;
		e->offset = u32 ? mnl_attr_get_u32(a) : 0;
		break;
	case NLMSGERR_ATTR_MISS_TYPE:
		e->has_miss = u32;
		e->miss_type = u32 ? mnl_attr_get_u32(a) : 0;
		break;
	case NLMSGERR_ATTR_MISS_NEST:
		e->miss_nest = u32 ? mnl_attr_get_u32(a) : 0;
		break;
	}
	return MNL_CB_OK;
}

/*
 * The attribute's name and the kernel's text, where it does not begin with the
 * name itself, or with what is common to some names: "addr: unspecified" of
 * addr4, "seconds: at most 5" of hard-seconds.
 */
static void join(struct nl *nl, const char *name, const char *text)
{
	const size_t len = strcspn(text, ": "), name_len = strlen(name);

	if (len && !strncmp(text, name, len) && len <= name_len)
		name = NULL;
	else if (len && len < name_len && !strncmp(text + len, ": ", 2) &&
		 !strncmp(name + name_len - len, text, len))
		text += len + 2;
	snprintf(nl->error, sizeof(nl->error), "%s%s%s", name ? name : "", name ? ": " : "",
		 text);
}

static unsigned int attr_around(const struct nlmsghdr *req, size_t offset)
{
	const struct nlattr *a;

	mnl_attr_for_each(a, req, GENL_HDRLEN)
		if (offset - ((const char *)a - (const char *)req) < a->nla_len)
			return mnl_attr_get_type(a);
	return 0;
}

static void explain(struct nl *nl, int err, const struct extack *e, const struct nlmsghdr *req)
{
	const char *name = NULL, *text = e->text;

	nl->error_attr = 0;
	if (req && (e->has_miss || e->has_offset))
		nl->error_attr = attr_around(req, e->has_miss ? e->miss_nest : e->offset);
	if (req && e->has_miss) {
		name = attr_name_missing(req, e->miss_nest, e->miss_type);
		if (!text)
			text = "missing";
	} else if (req && e->has_offset) {
		name = attr_name_at(req, e->offset);
	}
	if (!text)
		text = err == -EPERM ? "not permitted, CAP_NET_ADMIN is needed" : strerror(-err);
	if (name)
		join(nl, name, text);
	else
		snprintf(nl->error, sizeof(nl->error), "%s", text);
}

/*
 * An NLMSG_ERROR (error 0: an acknowledgment) or NLMSG_DONE.  Returns its
 * errno; what the kernel says of it goes to nl->error.
 */
static int read_error(struct nl *nl, const struct nlmsghdr *nlh, const struct nlmsghdr *req)
{
	const struct nlmsgerr *m = mnl_nlmsg_get_payload(nlh);
	struct extack e = { 0 };
	unsigned int skip = sizeof(int);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(int))
		return nlh->nlmsg_type == NLMSG_DONE ? 0 : fail(nl, -EBADMSG);
	if (nlh->nlmsg_type == NLMSG_ERROR) {
		skip = sizeof(*m);
		if (mnl_nlmsg_get_payload_len(nlh) < skip)
			return fail(nl, -EBADMSG);
		/* Without NETLINK_CAP_ACK in force the whole request comes back. */
		if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
			skip += mnl_nlmsg_get_payload_len(&m->msg);
	}
	if (!m->error)
		return 0;
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS &&
	    MNL_ALIGN(skip) <= mnl_nlmsg_get_payload_len(nlh))
		mnl_attr_parse(nlh, skip, read_extack, &e);
	explain(nl, m->error, &e, req);
	return m->error;
}

/*
 * Doing
 */

/* One message of an answer; 1: it was the last. */
static int take(struct nl *nl, const struct nlmsghdr *nlh, nl_msg_fn fn, void *arg, bool dump)
{
	int err;

	if (answers(nl, nlh) == nl->nr)
		return 0;
	switch (nlh->nlmsg_type) {
	case NLMSG_NOOP:
		return 0;
	case NLMSG_ERROR:
	case NLMSG_DONE:
		err = read_error(nl, nlh, request(nl, 0));
		return err ? err : 1;
	}
	if (dump && nlh->nlmsg_flags & NLM_F_DUMP_INTR) {
		snprintf(nl->error, sizeof(nl->error), "changed while it was read: try again");
		return -EINTR;
	}
	err = fn ? fn(nlh, arg) : 0;
	if (err)
		fail(nl, err);
	return err;
}

static int transact(struct nl *nl, nl_msg_fn fn, void *arg, bool dump)
{
	int err = send_requests(nl);

	while (!err) {
		ssize_t n = receive(nl);
		const struct nlmsghdr *nlh = (const struct nlmsghdr *)nl->recv;
		int left = n;

		if (n < 0) {
			err = n;
			break;
		}
		for (; !err && mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left))
			err = take(nl, nlh, fn, arg, dump);
	}
	forget_requests(nl);
	return err == 1 ? 0 : err;
}

int nl_do(struct nl *nl, nl_msg_fn fn, void *arg)
{
	request(nl, 0)->nlmsg_flags |= NLM_F_ACK;
	return transact(nl, fn, arg, false);
}

int nl_dump(struct nl *nl, nl_msg_fn fn, void *arg)
{
	request(nl, 0)->nlmsg_flags |= NLM_F_DUMP;
	return transact(nl, fn, arg, true);
}

/* One message of a batch's answers; 1: it was the last. */
static int take_batched(struct nl *nl, const struct nlmsghdr *nlh,
			const struct nl_batch_fns *fns, void *arg)
{
	const unsigned int i = answers(nl, nlh);
	int err;

	if (i == nl->nr)
		return 0;
	if (nlh->nlmsg_type != NLMSG_ERROR) {
		if (nlh->nlmsg_type >= NLMSG_MIN_TYPE && fns->reply)
			fns->reply(nlh, nl->requests[i].tag, arg);
		return 0;
	}
	err = read_error(nl, nlh, request(nl, i));
	if (err)
		fns->refused(err, nl->error, nl->requests[i].tag, arg);
	return i == nl->nr - 1;
}

int nl_batch_send(struct nl *nl, const struct nl_batch_fns *fns, void *arg)
{
	int err;

	if (!nl->nr)
		return 0;
	/* They are answered in order: the last one's answer ends the batch. */
	request(nl, nl->nr - 1)->nlmsg_flags |= NLM_F_ACK;
	err = send_requests(nl);
	while (!err) {
		ssize_t n = receive(nl);
		const struct nlmsghdr *nlh = (const struct nlmsghdr *)nl->recv;
		int left = n;

		if (n < 0) {
			err = n;
			break;
		}
		for (; !err && mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left))
			err = take_batched(nl, nlh, fns, arg);
	}
	forget_requests(nl);
	return err == 1 ? 0 : err;
}

/*
 * Multicast
 */

int nl_join(struct nl *nl, const char *group)
{
	unsigned int i;

	for (i = 0; i < nl->nr_groups; i++) {
		if (strcmp(nl->groups[i].name, group))
			continue;
		if (mnl_socket_setsockopt(nl->socket, NETLINK_ADD_MEMBERSHIP, &nl->groups[i].id,
					  sizeof(nl->groups[i].id)) < 0)
			return fail(nl, -errno);
		return 0;
	}
	return fail(nl, -ENOENT);
}

int nl_listen(struct nl *nl, const sigset_t *waiting, nl_msg_fn fn, void *arg)
{
	struct pollfd pfd = { .fd = mnl_socket_get_fd(nl->socket), .events = POLLIN };
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)nl->recv;
	int left, err = 0;
	ssize_t n;

	if (ppoll(&pfd, 1, NULL, waiting) < 0)
		return fail(nl, -errno);
	n = mnl_socket_recvfrom(nl->socket, nl->recv, sizeof(nl->recv));
	if (n < 0)
		return fail(nl, -errno);
	left = n;
	for (; !err && mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left))
		if (nlh->nlmsg_type == nl->family)
			err = fn(nlh, arg);
	return err;
}

/*
 * The family
 */

static void read_group(struct nl *nl, const struct nlattr *nest)
{
	const struct nlattr *a, *name = NULL, *id = NULL;

	mnl_attr_for_each_nested(a, nest) {
		if (mnl_attr_get_type(a) == CTRL_ATTR_MCAST_GRP_NAME)
			name = a;
		else if (mnl_attr_get_type(a) == CTRL_ATTR_MCAST_GRP_ID)
			id = a;
	}
	if (!name || !id || nl->nr_groups == GROUPS_MAX ||
	    mnl_attr_validate(name, MNL_TYPE_NUL_STRING) < 0 ||
	    mnl_attr_validate(id, MNL_TYPE_U32) < 0)
		return;
	snprintf(nl->groups[nl->nr_groups].name, sizeof(nl->groups[0].name), "%s",
		 mnl_attr_get_str(name));
	nl->groups[nl->nr_groups++].id = mnl_attr_get_u32(id);
}

static int read_family(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *a, *group;
	struct nl *nl = arg;

	mnl_attr_for_each(a, nlh, GENL_HDRLEN) {
		switch (mnl_attr_get_type(a)) {
		case CTRL_ATTR_FAMILY_ID:
			if (mnl_attr_validate(a, MNL_TYPE_U16) >= 0)
				nl->family = mnl_attr_get_u16(a);
			break;
		case CTRL_ATTR_MCAST_GROUPS:
			mnl_attr_for_each_nested(group, a)
				read_group(nl, group);
			break;
		}
	}
	return 0;
}

static int find_family(struct nl *nl)
{
	struct nlmsghdr *nlh;
	struct genlmsghdr *genl;
	int err;

	nl->family = GENL_ID_CTRL;
	nlh = nl_begin(nl, CTRL_CMD_GETFAMILY);
	genl = mnl_nlmsg_get_payload(nlh);
	genl->version = 1;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, SIPSEC_GENL_NAME);
	err = nl_do(nl, read_family, nl);
	if (!err && nl->family == GENL_ID_CTRL)
		err = fail(nl, -EBADMSG);
	return err;
}

static int open_socket(struct nl *nl)
{
	const int one = 1, size = SOCKET_SIZE;
	int fd;

	nl->socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!nl->socket)
		return fail(nl, -errno);
	if (mnl_socket_bind(nl->socket, 0, MNL_SOCKET_AUTOPID) < 0)
		return fail(nl, -errno);
	mnl_socket_setsockopt(nl->socket, NETLINK_EXT_ACK, (void *)&one, sizeof(one));
	mnl_socket_setsockopt(nl->socket, NETLINK_CAP_ACK, (void *)&one, sizeof(one));

	/* The second is what one without privilege gets. */
	fd = mnl_socket_get_fd(nl->socket);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return 0;
}

struct nl *nl_new(void)
{
	return calloc(1, sizeof(struct nl));
}

int nl_connect(struct nl *nl)
{
	int err = open_socket(nl);

	if (!err)
		err = find_family(nl);
	if (err != -ENOENT && err != -EPROTONOSUPPORT)
		return err;
	snprintf(nl->error, sizeof(nl->error),
		 "the kernel has no sipsec family (modprobe sipsec)");
	return -ENOENT;
}

void nl_close(struct nl *nl)
{
	if (!nl)
		return;
	if (nl->socket)
		mnl_socket_close(nl->socket);
	explicit_bzero(nl->send, sizeof(nl->send));
	free(nl);
}
