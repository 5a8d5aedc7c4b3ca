// SPDX-License-Identifier: GPL-2.0
/*
 * sipsec sa from-challenge: what a P-CSCF does with the 401 of an S-CSCF.  Out
 * of its CK and IK come the keys of two SAs, uplink inbound and downlink
 * outbound; the message goes on to the UE without them.
 *
 * It is all or nothing: an SA that was made is deleted again when the other
 * one or the message fails.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <json-c/json.h>

#include "aka/aka.h"
#include "challenge.h"
#include "cmd.h"
#include "codec.h"
#include "core/alg.h"
#include "core/limits.h"
#include "msg.h"
#include "nl_open.h"
#include "out.h"
#include "pair.h"
#include "sa.h"
#include "secret.h"

/* TS 24.229: reg-await-auth. */
#define HARD_SECONDS	240
/* An SPI drawn at random is in use once in thousands of times, at worst. */
#define MAX_DRAWS	16

struct work {
	const struct command *c;
	struct nl *nl;
	const struct pair *pair;
	const struct challenge *challenge;
	struct sa uplink;
	struct sa downlink;
	uint8_t key[SIPSEC_MAX_KEY_LEN];
};

static int request(struct work *w, uint8_t cmd, const struct sa *sa)
{
	codec_put(nl_begin(w->nl, cmd), &sa_grammar, sa);
	return nl_do(w->nl, NULL, NULL);
}

static void delete(struct work *w, struct sa *sa)
{
	sa->has = 0;
	object_set(sa, SIPSEC_A_SA_TYPE);
	object_set(sa, SIPSEC_A_SA_SPI);
	if (sa->type == SIPSEC_SA_OUTBOUND) {
		object_set(sa, SIPSEC_A_SA_ADDR4);
		object_set(sa, SIPSEC_A_SA_PORT);
	}
	if (request(w, SIPSEC_CMD_SA_DEL, sa))
		cmd_refused(w->c, w->nl);
}

static void set_sa(const struct pair *p, struct sa *sa, uint8_t type, uint8_t direction)
{
	memset(sa, 0, sizeof(*sa));
	sa->type = type;
	sa->direction = direction;
	sa->alg = p->alg;
	sa->hard_seconds = p->hard_seconds;
	object_set(sa, SIPSEC_A_SA_TYPE);
	object_set(sa, SIPSEC_A_SA_SPI);
	object_set(sa, SIPSEC_A_SA_DIRECTION);
	object_set(sa, SIPSEC_A_SA_ALG);
	object_set(sa, SIPSEC_A_SA_KEY);
	object_set(sa, SIPSEC_A_SA_HARD_SECONDS);
}

/* The uplink's seq is left to the kernel: 0, or refused for a used key. */
static void set_uplink(struct work *w)
{
	set_sa(w->pair, &w->uplink, SIPSEC_SA_INBOUND, SIPSEC_DIRECTION_UPLINK);
	if (w->pair->bind) {
		w->uplink.addr = w->pair->addr;
		object_set(&w->uplink, SIPSEC_A_SA_ADDR4);
	}
}

static void set_downlink(struct work *w)
{
	const struct pair *p = w->pair;
	struct sa *sa = &w->downlink;

	set_sa(p, sa, SIPSEC_SA_OUTBOUND, SIPSEC_DIRECTION_DOWNLINK);
	sa->spi = p->spi_downlink;
	sa->addr = p->addr;
	sa->port = p->port;
	sa->seq = 1;
	sa->mark = p->mark;
	sa->compact = p->compact;
	object_set(sa, SIPSEC_A_SA_ADDR4);
	object_set(sa, SIPSEC_A_SA_PORT);
	object_set(sa, SIPSEC_A_SA_SEQ);
	if (p->mark)
		object_set(sa, SIPSEC_A_SA_MARK);
	if (p->compact)
		object_set(sa, SIPSEC_A_SA_COMPACT);
}

/* Add an SA with the key of clause 6.  0; 1 after saying why; else a negative errno. */
static int add(struct work *w, struct sa *sa)
{
	const struct challenge *c = w->challenge;
	size_t len = sizeof(w->key);
	int err;

	err = sipsec_kdf(sipsec_alg_by_nr(sa->alg)->name, c->ck, c->ck_len, c->ik, c->ik_len,
			 sa->direction, sa->spi, w->key, &len);
	if (err) {
		err_msg("%s: %s", w->c->path, aka_strerror(err));
		return 1;
	}
	sa->key = w->key;
	sa->key_len = len;
	err = request(w, SIPSEC_CMD_SA_ADD, sa);
	explicit_bzero(w->key, sizeof(w->key));
	return err;
}

static uint32_t draw_spi(void)
{
	uint32_t spi = 0;

	while (spi <= SIPSEC_SPI_RESERVED)
		if (getrandom(&spi, sizeof(spi), 0) != sizeof(spi))
			spi = 0;
	return spi;
}

static int add_uplink(struct work *w)
{
	unsigned int draws = 0;
	int err;

	set_uplink(w);
	w->uplink.spi = w->pair->spi_uplink;
	do {
		if (!w->pair->spi_uplink)
			w->uplink.spi = draw_spi();
		err = add(w, &w->uplink);
	} while (err == -EEXIST && !w->pair->spi_uplink && ++draws < MAX_DRAWS);
	return err;
}

static int refused(struct work *w, const char *which, int err)
{
	if (err < 0)
		err_msg("%s: %s: %s", w->c->path, which, nl_error(w->nl));
	return EXIT_REFUSED;
}

/* What the UE is to be told, in Security-Server, and the caller to know. */
static void show_spis(const struct work *w)
{
	struct json_object *o;
	char spi[16];

	if (!opt_json) {
		fprintf(stderr, "spi-uplink 0x%08x spi-downlink 0x%08x\n", w->uplink.spi,
			w->downlink.spi);
		return;
	}
	o = json_object_new_object();
	snprintf(spi, sizeof(spi), "0x%08x", w->uplink.spi);
	out_add_string(o, "spi-uplink", spi);
	snprintf(spi, sizeof(spi), "0x%08x", w->downlink.spi);
	out_add_string(o, "spi-downlink", spi);
	out_add_string(o, "alg", sipsec_alg_by_nr(w->pair->alg)->name);
	out_add_u64(o, "hard-seconds", w->pair->hard_seconds);
	fprintf(stderr, "%s\n", json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN));
	json_object_put(o);
}

static int make_pair(struct work *w, const uint8_t *message, size_t len)
{
	int err, rc;

	err = add_uplink(w);
	if (err)
		return refused(w, "uplink", err);
	set_downlink(w);
	err = add(w, &w->downlink);
	if (err) {
		rc = refused(w, "downlink", err);
		delete(w, &w->uplink);
		return rc;
	}
	fwrite(message, 1, len, stdout);
	rc = out_end(w->c->path, EXIT_OK);
	if (rc) {
		delete(w, &w->downlink);
		delete(w, &w->uplink);
		return rc;
	}
	show_spis(w);
	return EXIT_OK;
}

static int with_message(struct work *w, const struct secret *s)
{
	uint8_t *message = malloc(s->len);
	size_t len = 0;
	int err, rc = EXIT_REFUSED;

	if (!message) {
		err_msg("%s: %s", w->c->path, strerror(ENOMEM));
		return EXIT_REFUSED;
	}
	err = challenge_strip(w->challenge, s->data, s->len, message, s->len, &len);
	if (err) {
		err_msg("%s: %s", w->c->path, challenge_strerror(err));
	} else {
		w->nl = nl_open(w->c->path);
		if (w->nl)
			rc = make_pair(w, message, len);
		nl_close(w->nl);
	}
	explicit_bzero(w->key, sizeof(w->key));
	free(message);
	return rc;
}

int cmd_sa_from_challenge(const struct command *c, int argc, char **argv)
{
	struct pair pair = { 0 };
	struct work w = { .c = c, .pair = &pair };
	struct challenge challenge;
	struct secret s;
	char what[64];
	int err, rc;

	rc = cmd_parse(c, argc, argv, &pair);
	if (rc)
		return rc;
	if (!object_has(&pair, PAIR_ALG))
		pair.alg = SIPSEC_ALG_HMAC_SHA256_128;
	if (!object_has(&pair, PAIR_HARD_SECONDS))
		pair.hard_seconds = HARD_SECONDS;

	snprintf(what, sizeof(what), "%s: message", c->path);
	if (secret_read(what, pair.message ? pair.message : "-", &s))
		return EXIT_REFUSED;
	err = challenge_read(s.data, s.len, &challenge);
	if (err) {
		err_msg("%s: %s", c->path, challenge_strerror(err));
		rc = EXIT_REFUSED;
	} else {
		w.challenge = &challenge;
		rc = with_message(&w, &s);
		challenge_wipe(&challenge);
	}
	secret_free(&s);
	return rc;
}
