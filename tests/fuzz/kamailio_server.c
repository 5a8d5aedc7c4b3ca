// SPDX-License-Identifier: GPL-2.0
/*
 * Kamailio's parser within Kamailio: this is loaded by it as if it were a module, and
 * from then on answers on a socket.  The parser's functions are exported to modules, but
 * no headers are packaged: what is known here of its structures is that of 5.6 on
 * 64-bit machines, which a message that is read first must bear out.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "kamailio.h"

struct str {
	const char *s;
	int len;
};

struct hdr_field {
	int type;
	struct str name;
	struct str body;
	int len;
	void *parsed;
	struct hdr_field *next;
};

/* From struct sip_msg: where its members are. */
#define TYPE		32
#define METHOD		40
#define URI		56
#define STATUSCODE	88
#define HEADERS		112
#define CALL_ID		152
#define TO		160
#define CSEQ		168
#define FROM		176
#define CONTENT_LENGTH	224
#define BUF		0x2d0
#define LEN		0x2d8
#define SIZE		8192	/* more than it has */

#define IS_REQUEST	1
#define IS_REPLY	2
#define AUTHORIZATION	13

struct cseq_body {
	int error;
	struct str number;
	struct str method;
};

struct to_body {
	int error;
	struct str body;
	struct str uri;
	struct str display;
	struct str tag_value;
};

extern int parse_msg(char *buf, unsigned int len, void *msg);
extern int parse_headers(void *msg, uint64_t flags, int next);
extern int parse_from_header(void *msg);
extern int parse_to_header(void *msg);
extern int parse_uri(const char *buf, int len, void *uri);
extern char *get_body(void *msg);
extern void free_sip_msg(void *msg);

static char msg[SIZE] __attribute__((aligned(64)));
static char buf[KAMAILIO_ROOM + 8];

static void *member(size_t offset)
{
	void *p;

	memcpy(&p, msg + offset, sizeof(p));
	return p;
}

static struct hdr_field *field(size_t offset)
{
	return member(offset);
}

static void set(struct text *t, const struct str *s)
{
	size_t n = 0;

	for (int i = 0; i < s->len && n < OTHERS_TEXT; i++)
		if (!strchr(" \t\r\n", s->s[i]) && s->s[i])
			t->octets[n++] = s->s[i];
	t->len = n;
	t->there = true;
}

static void set_field(struct text *t, const struct hdr_field *h)
{
	if (h)
		set(t, &h->body);
}

static void read_from(struct reading *r)
{
	struct to_body *from;
	struct str uri[32] = { 0 };	/* struct sip_uri: user, password, host, ... */

	set_field(&r->from, field(FROM));
	if (!field(FROM) || parse_from_header(msg) || !field(FROM)->parsed)
		return;
	from = field(FROM)->parsed;
	if (from->uri.len <= 0 || parse_uri(from->uri.s, from->uri.len, uri))
		return;
	set(&r->from_user, &uri[0]);
	set(&r->from_host, &uri[2]);
}

static bool is_integrity(const struct str *name)
{
	return (name->len == 9 && !strncasecmp(name->s, "Integrity", 9)) ||
	       (name->len == 1 && (*name->s == 'g' || *name->s == 'G'));
}

static bool take(uint32_t len, struct reading *r, uint32_t *body_off)
{
	const struct hdr_field *h;
	struct cseq_body *cseq;
	struct to_body *to;
	const char *start = buf, *body;
	short type;

	/* as large as it is known to be there */
	memset(msg, 0, sizeof(msg));
	memcpy(msg + BUF, &start, sizeof(start));
	memcpy(msg + LEN, &len, sizeof(len));
	if (parse_msg(buf, len, msg) || parse_headers(msg, ~(uint64_t)0, 0) < 0)
		return false;
	memcpy(&type, msg + TYPE, sizeof(type));
	if (type != IS_REQUEST && type != IS_REPLY)
		return false;
	r->request = type == IS_REQUEST;
	if (r->request) {
		set(&r->method, (struct str *)(msg + METHOD));
		set(&r->uri, (struct str *)(msg + URI));
	} else {
		memcpy(&r->status, msg + STATUSCODE, sizeof(r->status));
	}
	read_from(r);
	set_field(&r->to, field(TO));
	if (field(TO) && !parse_to_header(msg) && field(TO)->parsed) {
		to = field(TO)->parsed;
		r->has_to_tag = to->tag_value.len > 0;
	}
	set_field(&r->call_id, field(CALL_ID));
	cseq = field(CSEQ) ? field(CSEQ)->parsed : NULL;
	if (cseq) {
		set(&r->cseq_number, &cseq->number);
		set(&r->cseq_method, &cseq->method);
	}
	if (field(CONTENT_LENGTH)) {
		r->has_length = true;
		r->length = (unsigned long)field(CONTENT_LENGTH)->parsed;
	}
	body = get_body(msg);
	if (body) {
		*body_off = body - buf;
		r->has_body = true;
		/* what is behind a Content-Length it leaves to who asks */
		r->body_len = buf + len - body;
		if (r->has_length && r->length < r->body_len)
			r->body_len = r->length;
	}
	for (h = field(HEADERS); h; h = h->next)
		r->nr_integrity += is_integrity(&h->name);
	return true;
}

static bool all(int fd, void *to, size_t len, bool out)
{
	ssize_t n;

	while (len) {
		n = out ? write(fd, to, len) : read(fd, to, len);
		if (n <= 0)
			return false;
		to = (char *)to + n;
		len -= n;
	}
	return true;
}

static void __attribute__((constructor)) serve(void)
{
	static struct kamailio_answer answer;
	static struct reading r;
	const char *number = getenv(KAMAILIO_FD);
	uint32_t len;
	int fd;

	if (!number)
		errx(1, "loaded by what does not fuzz");
	fd = atoi(number);
	while (all(fd, &len, sizeof(len), false)) {
		if (len > KAMAILIO_ROOM || !all(fd, buf, len, false))
			break;
		/* behind what it receives there is a zero */
		memset(buf + len, 0, sizeof(buf) - len);
		memset(&r, 0, sizeof(r));
		answer.body_off = 0;
		answer.taken = take(len, &r, &answer.body_off);
		free_sip_msg(msg);
		memcpy(answer.r, &r, sizeof(answer.r));
		if (!all(fd, &answer, sizeof(answer), true))
			break;
	}
	_exit(0);
}
