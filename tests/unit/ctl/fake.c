// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "codec.h"
#include "core/alg.h"
#include "fake.h"
#include "nl.h"

#define REQUEST_MAX	1024

/* Aligned as a netlink message has to be. */
union message {
	struct nlmsghdr nlh;
	char octets[REQUEST_MAX];
};

struct nl {
	unsigned int nr;
	void *tags[NL_BATCH];
	union message requests[NL_BATCH];
	const char *error;
	unsigned int error_attr;
};

struct fake *fake;

void fake_reset(void)
{
	if (!fake)
		fake = mmap(NULL, sizeof(*fake), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (fake == MAP_FAILED)
		abort();
	memset(fake, 0, sizeof(*fake));
}

void fake_clear_log(void)
{
	fake->log[0] = '\0';
}

const struct sa *fake_sa(uint8_t type, uint32_t spi)
{
	unsigned int i;

	for (i = 0; i < fake->nr_sas; i++)
		if (fake->sas[i].type == type && fake->sas[i].spi == spi)
			return &fake->sas[i];
	return NULL;
}

static struct sa *find_sa(const struct sa *sa)
{
	unsigned int i;

	for (i = 0; i < fake->nr_sas; i++) {
		struct sa *s = &fake->sas[i];

		if (s->type == sa->type && s->spi == sa->spi &&
		    (s->type == SIPSEC_SA_INBOUND ||
		     (s->port == sa->port && addr_equal(&s->addr, &sa->addr))))
			return s;
	}
	return NULL;
}

static struct listener *find_listener(const struct listener *l)
{
	unsigned int i;

	for (i = 0; i < fake->nr_listeners; i++)
		if (fake->listeners[i].port == l->port &&
		    addr_equal(&fake->listeners[i].addr, &l->addr))
			return &fake->listeners[i];
	return NULL;
}

static void note(const char *verb, const char *name)
{
	const size_t n = strlen(fake->log);

	snprintf(fake->log + n, sizeof(fake->log) - n, "%s %s;", verb, name);
}

static uint64_t key_id(uint8_t alg, const uint8_t *key, size_t len)
{
	uint64_t h = 14695981039346656037ULL + alg;

	while (len--)
		h = (h ^ *key++) * 1099511628211ULL;
	return h;
}

/* What the nests of SAs hold beside what sa_grammar has: of the last add. */
static void read_pair(const struct nlattr *a)
{
	char *to = NULL;

	switch (mnl_attr_get_type(a)) {
	case SIPSEC_A_SA_STATE:
		fake->state = mnl_attr_get_u8(a);
		break;
	case SIPSEC_A_SA_IMPI:
		to = fake->impi;
		break;
	case SIPSEC_A_SA_IMPU:
		to = fake->impu;
		break;
	}
	if (to)
		snprintf(to, sizeof(fake->impi), "%.*s", (int)mnl_attr_get_payload_len(a),
			 (const char *)mnl_attr_get_payload(a));
}

/* A request's SA, with its key, which the tool's own reader has no use for. */
static void read_sa(const struct nlattr *nest, struct sa *sa, uint8_t key[32])
{
	const struct nlattr *a;

	memset(sa, 0, sizeof(*sa));
	if (!nest)
		return;
	codec_get(nest, &sa_grammar, sa);
	mnl_attr_for_each_nested(a, nest) {
		read_pair(a);
		if (mnl_attr_get_type(a) != SIPSEC_A_SA_KEY)
			continue;
		sa->key_len = mnl_attr_get_payload_len(a);
		memcpy(key, mnl_attr_get_payload(a), sa->key_len);
		sa->key_id = key_id(sa->alg, key, sa->key_len);
		object_set(sa, SIPSEC_A_SA_KEY_ID);
	}
}

static int add_sa(const struct sa *sa, const uint8_t *key, struct sa *old)
{
	struct sa defaults, *s = old ? old : &fake->sas[fake->nr_sas++];

	sa_defaults(sa, &defaults);
	*s = *sa;
	if (!sa_has(sa, SIPSEC_A_SA_WINDOW))
		s->window = defaults.window;
	if (!sa_has(sa, SIPSEC_A_SA_BUDGET))
		s->budget = defaults.budget;
	if (!sa_has(sa, SIPSEC_A_SA_STATE))
		s->state = defaults.state;
	memcpy(fake->keys[s - fake->sas], key, 32);
	s->impi = NULL;
	if (sa->impi) {
		s->impi = fake->impis[s - fake->sas];
		snprintf(fake->impis[s - fake->sas], sizeof(fake->impis[0]), "%s", sa->impi);
	}
	return 0;
}

static void set_sa(struct sa *s, const struct sa *sa)
{
	const struct word *w;

	for (w = sa_grammar.words; w->name; w++)
		if (w->use[s->type] & USE_SET && object_has(sa, w->attr)) {
			memcpy((char *)s + w->off, (const char *)sa + w->off, word_size(w));
			object_set(s, w->attr);
		}
	/* An address is the whole binding; the unspecified one is none. */
	if (s->type == SIPSEC_SA_INBOUND && sa_has(sa, SIPSEC_A_SA_ADDR4)) {
		static const uint8_t none[16];

		if (!memcmp(s->addr.octets, none, sizeof(none)))
			s->addr.len = 0;
		s->port = s->addr.len ? sa->port : 0;
	}
}

static int do_sa(struct nl *nl, uint8_t cmd, const struct nlattr *nest)
{
	static const char *const verbs[] = {
		[SIPSEC_CMD_SA_ADD] = "sa-add", [SIPSEC_CMD_SA_REPLACE] = "sa-replace",
		[SIPSEC_CMD_SA_SET] = "sa-set", [SIPSEC_CMD_SA_DEL] = "sa-del",
	};
	uint8_t key[32] = { 0 };
	char name[SA_NAME_MAX];
	struct sa sa, *old;

	read_sa(nest, &sa, key);
	note(verbs[cmd], sa_name(&sa, name));
	old = find_sa(&sa);
	if (cmd == SIPSEC_CMD_SA_DEL) {
		nl->error = "spi: no such SA";
		if (!old)
			return -ENOENT;
		*old = fake->sas[--fake->nr_sas];
		/* with pair, the partner too: the one of that SPI and the other type */
		old = NULL;
		if (sa_has(&sa, SIPSEC_A_SA_PAIR))
			old = find_sa(fake_sa(!sa.type, sa.pair));
		if (old)
			*old = fake->sas[--fake->nr_sas];
		return 0;
	}
	nl->error = "key: used before, so seq must be given";
	if (fake->refuse_spi == sa.spi)
		return -EKEYREJECTED;
	nl->error = "spi: in use";
	if (cmd == SIPSEC_CMD_SA_ADD && (old || (fake->in_use && fake->in_use--)))
		return -EEXIST;
	if (cmd != SIPSEC_CMD_SA_SET)
		return add_sa(&sa, key, old);
	nl->error = "spi: no such SA";
	if (!old)
		return -ENOENT;
	set_sa(old, &sa);
	return 0;
}

/* What both are made of says who they are. */
static void join(const struct nlattr *in, const struct nlattr *out)
{
	struct sa sa = { 0 }, partner = { 0 };

	codec_get(in, &sa_grammar, &sa);
	codec_get(out, &sa_grammar, &partner);
	find_sa(&sa)->pair = partner.spi;
	find_sa(&partner)->pair = sa.spi;
	find_sa(&partner)->state = find_sa(&sa)->state;
}

/* One SA, or a pair of which both are made or none. */
static int do_sas(struct nl *nl, uint8_t cmd, const struct nlmsghdr *nlh)
{
	const struct nlattr *sa = codec_find(nlh, SIPSEC_A_SA);
	const struct nlattr *partner = codec_find(nlh, SIPSEC_A_PARTNER);
	const unsigned int nr = fake->nr_sas;
	int err;

	nl->error_attr = SIPSEC_A_SA;
	err = do_sa(nl, cmd, sa);
	if (err || !partner)
		return err;
	nl->error_attr = SIPSEC_A_PARTNER;
	err = do_sa(nl, cmd, partner);
	if (err)
		fake->nr_sas = nr;
	else
		join(sa, partner);
	return err;
}

static int do_listener(struct nl *nl, uint8_t cmd, const struct nlmsghdr *nlh)
{
	static const char *const verbs[] = {
		[SIPSEC_CMD_LISTENER_ADD] = "listener-add",
		[SIPSEC_CMD_LISTENER_REPLACE] = "listener-replace",
		[SIPSEC_CMD_LISTENER_SET] = "listener-set",
		[SIPSEC_CMD_LISTENER_DEL] = "listener-del",
	};
	struct listener l = { 0 }, *old;
	char name[ADDR_TEXT_MAX];
	const struct word *w;
	unsigned int i;

	codec_get(codec_find(nlh, SIPSEC_A_LISTENER), &listener_grammar, &l);
	note(verbs[cmd], addr_port_text(&l.addr, l.port, name));
	old = find_listener(&l);
	nl->error = "max-size: 256 to 65000";
	if (fake->refuse_port && fake->refuse_port == l.port)
		return -ERANGE;
	nl->error = "port: there is a listener at this address and port";
	if (cmd == SIPSEC_CMD_LISTENER_ADD && old)
		return -EEXIST;
	if (cmd == SIPSEC_CMD_LISTENER_ADD || cmd == SIPSEC_CMD_LISTENER_REPLACE) {
		char word[sizeof(l.word)] = "";

		if (old)
			strcpy(word, old->word);
		else
			old = &fake->listeners[fake->nr_listeners++];
		listener_defaults(l.direction, old);
		strcpy(old->word, word);
	}
	nl->error = "port: no such listener";
	if (!old)
		return -ENOENT;
	if (cmd == SIPSEC_CMD_LISTENER_DEL) {
		*old = fake->listeners[--fake->nr_listeners];
		return 0;
	}
	for (w = listener_grammar.words; w->name; w++)
		if (object_has(&l, w->attr) && w->kind != WORD_ACTIONS)
			memcpy((char *)old + w->off, (char *)&l + w->off, word_size(w));
	for (i = 0; i < SIPSEC_NR_CLASSES; i++)
		if (l.actions.has >> i & 1)
			old->actions.of[i] = l.actions.of[i];
	return 0;
}

/*
 * Replies
 */

static struct nlmsghdr *reply(union message *m, uint8_t cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(m->octets);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	nlh->nlmsg_type = NLMSG_MIN_TYPE;
	genl->cmd = cmd;
	return nlh;
}

/* All there is but the key; and what is none is left out, as the kernel does. */
static void put_sa(struct nlmsghdr *nlh, const struct sa *sa)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, SIPSEC_A_SA);
	static const uint8_t zero[32];
	const struct word *w;

	for (w = sa_grammar.words; w->name; w++) {
		const void *from = (const char *)sa + w->off;
		const struct addr *a = from;
		int skip = w->alias || w->kind == WORD_FILE || w->kind == WORD_COUNTERS ||
			   w->kind == WORD_TEXT || w->kind == WORD_IMPUS ||
			   (w->kind == WORD_CONST && w->number != sa->type);

		if (!skip && w->kind == WORD_ADDR && a->len)
			mnl_attr_put(nlh, a->len == 4 ? w->attr : w->attr + 1, a->len, a->octets);
		else if (!skip && w->kind != WORD_ADDR &&
			 (w->kind == WORD_CONST || w->kind == WORD_NAMED ||
			  w->attr == SIPSEC_A_SA_WINDOW || w->attr == SIPSEC_A_SA_SEQ ||
			  memcmp(from, zero, word_size(w))))
			mnl_attr_put(nlh, w->attr, word_size(w), from);
	}
	if (sa->impi)
		mnl_attr_put_strz(nlh, SIPSEC_A_SA_IMPI, sa->impi);
	mnl_attr_nest_end(nlh, nest);
}

static int get_all(uint8_t cmd, nl_msg_fn fn, void *arg)
{
	struct nlmsghdr *nlh;
	union message m;
	unsigned int i;
	int err = 0;

	if (cmd == SIPSEC_CMD_LISTENER_GET) {
		for (i = 0; !err && i < fake->nr_listeners; i++) {
			struct listener l = fake->listeners[i];
			const struct word *w;

			for (w = listener_grammar.words; w->name; w++)
				if (w->kind != WORD_COUNTERS)
					object_set(&l, w->attr);
			nlh = reply(&m, cmd);
			codec_put(nlh, &listener_grammar, &l);
			err = fn(nlh, arg);
		}
		return err;
	}
	for (i = 0; !err && i < fake->nr_sas; i++) {
		nlh = reply(&m, cmd);
		put_sa(nlh, &fake->sas[i]);
		err = fn(nlh, arg);
	}
	return err;
}

static void get_key_id(const struct nlmsghdr *request, union message *m)
{
	struct nlmsghdr *nlh = reply(m, SIPSEC_CMD_KEY_ID);
	struct nlattr *nest = mnl_attr_nest_start(nlh, SIPSEC_A_SA);
	uint8_t key[32] = { 0 };
	struct sa sa;

	read_sa(codec_find(request, SIPSEC_A_SA), &sa, key);
	mnl_attr_put_u64(nlh, SIPSEC_A_SA_KEY_ID, sa.key_id);
	mnl_attr_nest_end(nlh, nest);
}

/* All algorithms but hmac-md5-96 are served. */
static int get_info(nl_msg_fn fn, void *arg)
{
	struct nlmsghdr *nlh;
	union message m;
	unsigned int i;

	nlh = reply(&m, SIPSEC_CMD_INFO_GET);
	for (i = 1; i < SIPSEC_ALG_END; i++) {
		struct nlattr *nest = mnl_attr_nest_start(nlh, SIPSEC_A_ALGORITHM);

		mnl_attr_put_u8(nlh, SIPSEC_A_ALG_NR, i);
		mnl_attr_put_strz(nlh, SIPSEC_A_ALG_DRIVER, "fake");
		if (i == SIPSEC_ALG_HMAC_MD5_96)
			mnl_attr_put(nlh, SIPSEC_A_ALG_DISABLED, 0, NULL);
		mnl_attr_nest_end(nlh, nest);
	}
	return fn(nlh, arg);
}

/*
 * The seam
 */

struct nl *nl_new(void)
{
	return calloc(1, sizeof(struct nl));
}

int nl_connect(struct nl *nl)
{
	(void)nl;
	return 0;
}

void nl_close(struct nl *nl)
{
	free(nl);
}

struct nlmsghdr *nl_batch_begin(struct nl *nl, uint8_t cmd, void *tag)
{
	struct nlmsghdr *nlh = reply(&nl->requests[nl->nr], cmd);

	nl->tags[nl->nr++] = tag;
	return nlh;
}

struct nlmsghdr *nl_begin(struct nl *nl, uint8_t cmd)
{
	nl->nr = 0;
	return nl_batch_begin(nl, cmd, NULL);
}

bool nl_batch_full(const struct nl *nl)
{
	return nl->nr == NL_BATCH;
}

static int carry_out(struct nl *nl, const struct nlmsghdr *nlh)
{
	const uint8_t cmd = codec_cmd(nlh);

	nl->error = "alg: not allowed";
	if (cmd == SIPSEC_CMD_KEY_ID)
		return -EPERM;
	if (cmd <= SIPSEC_CMD_SA_DEL)
		return do_sas(nl, cmd, nlh);
	if ((cmd >= SIPSEC_CMD_LISTENER_ADD && cmd <= SIPSEC_CMD_LISTENER_DEL) ||
	    cmd == SIPSEC_CMD_LISTENER_REPLACE)
		return do_listener(nl, cmd, nlh);
	return 0;
}

int nl_batch_send(struct nl *nl, const struct nl_batch_fns *fns, void *arg)
{
	union message m;
	unsigned int i;
	int err;

	for (i = 0; i < nl->nr; i++) {
		const struct nlmsghdr *nlh = &nl->requests[i].nlh;

		if (codec_cmd(nlh) == SIPSEC_CMD_KEY_ID && !fake->refuse_key_id) {
			get_key_id(nlh, &m);
			fns->reply(&m.nlh, nl->tags[i], arg);
			continue;
		}
		err = carry_out(nl, nlh);
		if (err)
			fns->refused(err, nl->error, nl->tags[i], arg);
	}
	nl->nr = 0;
	return 0;
}

int nl_do(struct nl *nl, nl_msg_fn fn, void *arg)
{
	const struct nlmsghdr *nlh = &nl->requests[0].nlh;
	struct sa sa, *found;
	uint8_t key[32];
	union message m;

	nl->nr = 0;
	if (codec_cmd(nlh) == SIPSEC_CMD_INFO_GET)
		return get_info(fn, arg);
	if (codec_cmd(nlh) != SIPSEC_CMD_SA_GET)
		return carry_out(nl, nlh);
	read_sa(codec_find(nlh, SIPSEC_A_SA), &sa, key);
	found = find_sa(&sa);
	nl->error = "spi: no such SA";
	if (!found)
		return -ENOENT;
	put_sa(reply(&m, SIPSEC_CMD_SA_GET), found);
	return fn ? fn(&m.nlh, arg) : 0;
}

int nl_dump(struct nl *nl, nl_msg_fn fn, void *arg)
{
	nl->nr = 0;
	return get_all(codec_cmd(&nl->requests[0].nlh), fn, arg);
}

int nl_join(struct nl *nl, const char *group)
{
	(void)nl;
	(void)group;
	return 0;
}

int nl_listen(struct nl *nl, const sigset_t *waiting, nl_msg_fn fn, void *arg)
{
	(void)nl;
	(void)waiting;
	(void)fn;
	(void)arg;
	return -EIO;
}

const char *nl_error(const struct nl *nl)
{
	return nl->error;
}

unsigned int nl_error_attr(const struct nl *nl)
{
	return nl->error_attr;
}
