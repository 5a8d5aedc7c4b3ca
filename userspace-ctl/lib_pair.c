// SPDX-License-Identifier: GPL-2.0
/*
 * libsipsec: what a P-CSCF does with the 401 of an S-CSCF.  Out of its CK and IK
 * come the keys of two SAs, uplink inbound and downlink outbound; the message
 * goes on to the UE without them, and with Security-Server.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "aka/aka.h"
#include "challenge.h"
#include "codec.h"
#include "core/alg.h"
#include "core/identity.h"
#include "core/limits.h"
#include "lib.h"
#include "pair.h"
#include "sa.h"
#include "secagree.h"

/* An SPI drawn at random is in use once in thousands of times, at worst. */
#define MAX_DRAWS	16

struct sipsec_pair {
	const struct sipsec_alg *alg;
	uint32_t spi_uplink;
	uint32_t spi_downlink;
	struct addr addr;
	uint16_t port;
	char security_server[SECAGREE_VALUE_MAX];
	char *security_client;	/* "" where there was none; to be freed */
	uint8_t *message;	/* for the UE; to be freed */
	size_t message_len;
};

/* While one is made. */
struct work {
	struct sipsec *s;
	const struct pair *words;
	const struct challenge *challenge;
	const uint8_t *message;
	size_t message_len;
	struct sipsec_pair *pair;
	struct sipsec_identity_set ids;
	struct sa uplink;
	struct sa downlink;
	uint8_t keys[2][SIPSEC_MAX_KEY_LEN];
	bool downlink_refused;
};

void sipsec_pair_free(struct sipsec_pair *pair)
{
	if (!pair)
		return;
	free(pair->security_client);
	free(pair->message);
	free(pair);
}

const void *sipsec_pair_challenge(const struct sipsec_pair *pair, size_t *len)
{
	*len = pair->message_len;
	return pair->message;
}

const char *sipsec_pair_alg(const struct sipsec_pair *pair)
{
	return pair->alg->name;
}

uint32_t sipsec_pair_spi_uplink(const struct sipsec_pair *pair)
{
	return pair->spi_uplink;
}

uint32_t sipsec_pair_spi_downlink(const struct sipsec_pair *pair)
{
	return pair->spi_downlink;
}

const char *sipsec_pair_security_client(const struct sipsec_pair *pair)
{
	return pair->security_client;
}

const char *sipsec_pair_security_server(const struct sipsec_pair *pair)
{
	return pair->security_server;
}

/*
 * What is agreed
 */

/* The algorithm and the UE's SPI, of what it offered or of the words. */
static int agree(struct work *w, const void *reg, size_t reg_len)
{
	const struct pair *words = w->words;
	struct sipsec_agreement *a;
	uint32_t algs = words->algs;
	int err;

	if (!reg) {
		if (!object_has(words, PAIR_SPI_DOWNLINK))
			return lib_fail(w->s, -EINVAL, "spi-downlink: missing, and no register");
		/* Nothing was offered: what the P-CSCF wants most is what there is. */
		if (!algs)
			algs = 1U << SIPSEC_ALG_HMAC_SHA256_128;
		w->pair->alg = lib_strongest(algs);
		w->pair->spi_downlink = words->spi_downlink;
		w->pair->security_client = strdup("");
		return w->pair->security_client ? 0 : lib_fail(w->s, -ENOMEM, "%s",
							       strerror(ENOMEM));
	}
	if (object_has(words, PAIR_SPI_DOWNLINK))
		return lib_fail(w->s, -EINVAL, "spi-downlink: comes from Security-Client");
	err = algs ? 0 : lib_algs(w->s, NULL, &algs);
	/* The SPI it would draw is of no use: one is drawn until the kernel takes it. */
	if (!err)
		err = lib_agree_server(w->s, reg, reg_len, algs, SIPSEC_SPI_RESERVED + 1, &a);
	if (err)
		return err;
	w->pair->alg = sipsec_alg_by_name(sipsec_agreement_alg(a));
	w->pair->spi_downlink = sipsec_agreement_spi_downlink(a);
	w->pair->security_client = strdup(sipsec_agreement_received(a));
	sipsec_agreement_free(a);
	return w->pair->security_client ? 0 : lib_fail(w->s, -ENOMEM, "%s", strerror(ENOMEM));
}

/*
 * Whose registration it is
 */

/*
 * The private identity where nobody says it: as a network makes it of the public
 * one for a UE that does not send it (TS 24.229, 5.3.1.2): without scheme, port and
 * what follows.
 */
static struct sipsec_str impi_of(const uint8_t *uri, size_t len)
{
	static const char behind[] = { ';', '?' };
	const uint8_t *colon = memchr(uri, ':', len), *host, *end, *at, *port;
	unsigned int i;

	if (!colon)
		return (struct sipsec_str){ .len = 0 };
	len -= colon + 1 - uri;
	uri = colon + 1;
	/* Both may be of the user. */
	at = memchr(uri, '@', len);
	host = at ? at + 1 : uri;
	for (i = 0; i < sizeof(behind); i++) {
		end = memchr(host, behind[i], uri + len - host);
		if (end)
			len = end - uri;
	}
	if (at && at + 1 < uri + len && at[1] != '[') {
		port = memchr(at, ':', uri + len - at);
		if (port)
			len = port - uri;
	} else if (at) {
		end = memchr(at, ']', uri + len - at);
		if (end)
			len = end + 1 - uri;
	}
	return (struct sipsec_str){ .at = uri, .len = len };
}

static struct sipsec_str text_str(const char *text)
{
	return (struct sipsec_str){ .at = (const uint8_t *)text, .len = strlen(text) };
}

static int find_impi(struct work *w, const void *reg, size_t reg_len)
{
	const struct sipsec_span *to = &w->challenge->to_uri;
	struct sipsec_span username = { .len = 0 };
	int err;

	if (w->words->impi) {
		w->ids.impi = text_str(w->words->impi);
	} else {
		if (reg && lib_is_message(reg, reg_len)) {
			err = challenge_read_username(reg, reg_len, &username);
			if (err)
				return lib_fail(w->s, -EBADMSG, "%s", challenge_strerror(err));
		}
		if (username.len)
			w->ids.impi = (struct sipsec_str){
				.at = (const uint8_t *)reg + username.off, .len = username.len
			};
		else
			w->ids.impi = impi_of(w->message + to->off, to->len);
	}
	if (sipsec_impi_good(w->ids.impi))
		return 0;
	return lib_fail(w->s, w->words->impi ? -EINVAL : -EBADMSG,
			"impi: must be 1 to 255 printable octets of UTF-8 without space, quote and backslash");
}

static int find_impus(struct work *w)
{
	const struct texts *given = &w->words->impus;
	const struct sipsec_span *to = &w->challenge->to_uri;
	enum sipsec_uri_why why;
	unsigned int i;

	for (i = 0; i < given->nr; i++)
		w->ids.impu[i] = text_str(given->of[i]);
	w->ids.nr = given->nr;
	if (!given->nr)
		w->ids.impu[w->ids.nr++] = (struct sipsec_str){
			.at = w->message + to->off, .len = to->len
		};
	for (i = 0; i < w->ids.nr; i++) {
		why = sipsec_impu_check(w->ids.impu[i]);
		if (why != SIPSEC_URI_WHY_OK)
			return lib_fail(w->s, given->nr ? -EINVAL : -EBADMSG, "%s: %s",
					given->nr ? "impu" : "to", sipsec_uri_why_name(why));
	}
	return 0;
}

/*
 * The message for the UE
 */

static int write_message(struct work *w)
{
	static const char name[] = "Security-Server: ";
	const bool add = !object_has(w->words, PAIR_ADD) || w->words->add;
	const size_t size = w->message_len + sizeof(name) + SECAGREE_VALUE_MAX + 2;
	struct sipsec_pair *p = w->pair;
	char line[sizeof(name) + SECAGREE_VALUE_MAX + 2] = "";
	int err;

	p->security_server[0] = '\0';
	if (secagree_append(p->security_server, sizeof(p->security_server), p->alg->nr,
			    p->spi_uplink, SECAGREE_Q_FIRST))
		return lib_fail(w->s, -ENOSPC, "security-server: does not fit");
	if (add)
		snprintf(line, sizeof(line), "%s%s\r\n", name, p->security_server);
	if (!p->message)
		p->message = malloc(size);
	if (!p->message)
		return lib_fail(w->s, -ENOMEM, "%s", strerror(ENOMEM));
	err = challenge_rewrite(w->challenge, w->message, w->message_len, line, p->message, size,
				&p->message_len);
	return err ? lib_fail(w->s, -EBADMSG, "%s", challenge_strerror(err)) : 0;
}

/*
 * The SAs
 */

static void name_sa(struct sa *sa, const struct sipsec_pair *p, uint8_t type)
{
	memset(sa, 0, sizeof(*sa));
	sa->type = type;
	object_set(sa, SIPSEC_A_SA_TYPE);
	object_set(sa, SIPSEC_A_SA_SPI);
	if (type == SIPSEC_SA_INBOUND) {
		sa->spi = p->spi_uplink;
		return;
	}
	sa->spi = p->spi_downlink;
	sa->addr = p->addr;
	sa->port = p->port;
	object_set(sa, SIPSEC_A_SA_ADDR4);
	object_set(sa, SIPSEC_A_SA_PORT);
}

/* Its partner goes with it. */
int lib_pair_delete(struct sipsec *s, const struct sipsec_pair *pair)
{
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	struct nl *nl;
	struct sa sa;
	int err;

	nl = lib_nl(s, &err);
	if (!nl)
		return err;
	name_sa(&sa, pair, SIPSEC_SA_INBOUND);
	nlh = nl_begin(nl, SIPSEC_CMD_SA_DEL);
	nest = mnl_attr_nest_start(nlh, SIPSEC_A_SA);
	codec_put_members(nlh, &sa_grammar, &sa);
	mnl_attr_put_u32(nlh, SIPSEC_A_SA_PAIR, pair->spi_downlink);
	mnl_attr_nest_end(nlh, nest);
	err = nl_do(nl, NULL, NULL);
	return err ? lib_refused(s, err, NULL) : 0;
}

static void set_sa(struct work *w, struct sa *sa, uint8_t type, uint8_t direction, uint8_t *key)
{
	const struct pair *words = w->words;

	name_sa(sa, w->pair, type);
	sa->direction = direction;
	sa->alg = w->pair->alg->nr;
	sa->key = key;
	sa->key_len = w->pair->alg->key_len;
	sa->hard_seconds = words->hard_seconds;
	object_set(sa, SIPSEC_A_SA_DIRECTION);
	object_set(sa, SIPSEC_A_SA_ALG);
	object_set(sa, SIPSEC_A_SA_KEY);
	if (object_has(words, PAIR_HARD_SECONDS))
		object_set(sa, SIPSEC_A_SA_HARD_SECONDS);
}

/*
 * The uplink's seq is left to the kernel: 0, or refused for a used key.  Bound to the
 * UE's address, where nothing else is said: what comes from elsewhere, or in another's
 * name, would be answered there, and signed with the SA of who is there.
 */
static void set_uplink(struct work *w)
{
	set_sa(w, &w->uplink, SIPSEC_SA_INBOUND, SIPSEC_DIRECTION_UPLINK, w->keys[0]);
	if (w->words->bind || !object_has(w->words, PAIR_BIND)) {
		w->uplink.addr = w->words->addr;
		object_set(&w->uplink, SIPSEC_A_SA_ADDR4);
	}
}

static void set_downlink(struct work *w)
{
	const struct pair *words = w->words;
	struct sa *sa = &w->downlink;

	set_sa(w, sa, SIPSEC_SA_OUTBOUND, SIPSEC_DIRECTION_DOWNLINK, w->keys[1]);
	sa->seq = 1;
	sa->mark = words->mark;
	sa->compact = words->compact;
	object_set(sa, SIPSEC_A_SA_SEQ);
	if (words->mark)
		object_set(sa, SIPSEC_A_SA_MARK);
	if (words->compact)
		object_set(sa, SIPSEC_A_SA_COMPACT);
}

/* The key of clause 6. */
static int derive(struct work *w, const struct sa *sa, uint8_t *key)
{
	const struct challenge *c = w->challenge;
	size_t len = SIPSEC_MAX_KEY_LEN;
	int err;

	err = sipsec_kdf(w->pair->alg->name, c->ck, c->ck_len, c->ik, c->ik_len, sa->direction,
			 sa->spi, key, &len);
	return err ? lib_fail(w->s, -EIO, "%s", aka_strerror(err)) : 0;
}

/* A string attribute ends with NUL, which a span does not. */
static void put_str(struct nlmsghdr *nlh, uint16_t attr, struct sipsec_str s)
{
	char text[SIPSEC_IDENTITY_MAX + 1];

	memcpy(text, s.at, s.len);
	text[s.len] = '\0';
	mnl_attr_put_strz(nlh, attr, text);
}

/* What both have in common is given with the first. */
static void put_common(struct work *w, struct nlmsghdr *nlh)
{
	const struct sipsec_identity_set *ids = &w->ids;
	unsigned int i;

	mnl_attr_put_u8(nlh, SIPSEC_A_SA_STATE, SIPSEC_SA_STATE_TEMPORARY);
	if (object_has(w->words, PAIR_TEMPORARY_SECONDS))
		mnl_attr_put_u32(nlh, SIPSEC_A_SA_TEMPORARY_SECONDS, w->words->temporary_seconds);
	put_str(nlh, SIPSEC_A_SA_IMPI, ids->impi);
	for (i = 0; i < ids->nr; i++)
		put_str(nlh, SIPSEC_A_SA_IMPU, ids->impu[i]);
}

/*
 * Both or none: it is one request, by which the user's temporary pair goes too, also
 * where the UE asks for the SPI that it has in that.
 */
static int add(struct work *w)
{
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	struct nl *nl;
	int err;

	nl = lib_nl(w->s, &err);
	if (!nl)
		return err;
	nlh = nl_begin(nl, SIPSEC_CMD_SA_ADD);
	nest = mnl_attr_nest_start(nlh, SIPSEC_A_SA);
	codec_put_members(nlh, &sa_grammar, &w->uplink);
	put_common(w, nlh);
	mnl_attr_nest_end(nlh, nest);
	nest = mnl_attr_nest_start(nlh, SIPSEC_A_PARTNER);
	codec_put_members(nlh, &sa_grammar, &w->downlink);
	mnl_attr_nest_end(nlh, nest);
	err = nl_do(nl, NULL, NULL);
	if (!err)
		return 0;
	w->downlink_refused = nl_error_attr(nl) == SIPSEC_A_PARTNER;
	return lib_refused(w->s, err, w->downlink_refused ? "downlink" : "uplink");
}

/* Everything but the kernel first, so that what fails leaves nothing behind. */
static int make_once(struct work *w)
{
	int err;

	set_uplink(w);
	set_downlink(w);
	err = write_message(w);
	if (!err)
		err = derive(w, &w->uplink, w->keys[0]);
	if (!err)
		err = derive(w, &w->downlink, w->keys[1]);
	if (!err)
		err = add(w);
	explicit_bzero(w->keys[0], sizeof(w->keys[0]));
	explicit_bzero(w->keys[1], sizeof(w->keys[1]));
	return err;
}

static int make(struct work *w)
{
	const bool given = object_has(w->words, PAIR_SPI_UPLINK);
	unsigned int draws = 0;
	int err;

	w->pair->addr = w->words->addr;
	w->pair->port = w->words->port;
	do {
		w->pair->spi_uplink = given ? w->words->spi_uplink : lib_random_spi();
		err = make_once(w);
	} while (err == -EEXIST && !w->downlink_refused && !given && ++draws < MAX_DRAWS);
	return err;
}

/* All of a pair that is there and empty. */
static int make_pair(struct work *w, const void *reg, size_t reg_len)
{
	int err = agree(w, reg, reg_len);

	if (!err)
		err = find_impi(w, reg, reg_len);
	if (!err)
		err = find_impus(w);
	return err ? err : make(w);
}

/* One offer, in one way. */
static int take_offer(struct sipsec *s, const struct pair *words, const void **reg,
		      size_t *reg_len)
{
	if (!words->security_client)
		return 0;
	if (*reg)
		return lib_fail(s, -EINVAL, "security-client: register is given too");
	*reg = words->security_client;
	*reg_len = strlen(words->security_client);
	return 0;
}

int lib_pair_make(struct sipsec *s, const struct pair *words, const void *message,
		  size_t message_len, const void *reg, size_t reg_len,
		  struct sipsec_pair **result)
{
	struct work w = { .s = s, .words = words, .message = message, .message_len = message_len };
	struct challenge challenge;
	int err;

	err = take_offer(s, words, &reg, &reg_len);
	if (err)
		return err;
	err = challenge_read(message, message_len, &challenge);
	if (err)
		return lib_fail(s, -EBADMSG, "%s", challenge_strerror(err));
	w.challenge = &challenge;
	w.pair = calloc(1, sizeof(*w.pair));
	if (w.pair)
		err = make_pair(&w, reg, reg_len);
	else
		err = lib_fail(s, -ENOMEM, "%s", strerror(ENOMEM));
	challenge_wipe(&challenge);
	if (err) {
		sipsec_pair_free(w.pair);
		return err;
	}
	*result = w.pair;
	return 0;
}

int sipsec_pair_make(struct sipsec *s, const char *const *words, const void *challenge,
		     size_t challenge_len, const void *reg, size_t reg_len,
		     struct sipsec_pair **pair)
{
	struct pair parsed = { 0 };
	int err = lib_words(s, &pair_grammar, USE_ADD, words, &parsed);

	if (err)
		return err;
	if (parsed.message || parsed.reg)
		return lib_fail(s, -EINVAL, "%s: give the message itself",
				parsed.message ? "message" : "register");
	return lib_pair_make(s, &parsed, challenge, challenge_len, reg, reg_len, pair);
}
