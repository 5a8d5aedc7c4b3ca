// SPDX-License-Identifier: GPL-2.0
/*
 * sipsec sa from-challenge: what a P-CSCF does with the 401 of an S-CSCF, by
 * libsipsec.  It is all or nothing: SAs that were made are deleted again when
 * the message cannot be written.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "cmd.h"
#include "lib.h"
#include "msg.h"
#include "out.h"
#include "pair.h"
#include "secret.h"

static int refused(const struct command *c, const struct sipsec *s, int err)
{
	err_msg("%s: %s", c->path, sipsec_error(s));
	if (s->refused)
		return EXIT_REFUSED;
	if (err == -EINVAL)
		return EXIT_USAGE;
	return err == -ENOMSG || err == -EPROTONOSUPPORT ? EXIT_NO_COMMON : EXIT_REFUSED;
}

static void add_spi(struct json_object *o, const char *name, uint32_t spi)
{
	char text[16];

	snprintf(text, sizeof(text), "0x%08x", spi);
	out_add_string(o, name, text);
}

/* What the caller has to know: the message is not for him. */
static void show_pair(const struct sipsec_pair *pair)
{
	struct json_object *o;

	if (!opt_json) {
		fprintf(stderr, "spi-uplink 0x%08x spi-downlink 0x%08x\n",
			sipsec_pair_spi_uplink(pair), sipsec_pair_spi_downlink(pair));
		return;
	}
	o = json_object_new_object();
	add_spi(o, "spi-uplink", sipsec_pair_spi_uplink(pair));
	add_spi(o, "spi-downlink", sipsec_pair_spi_downlink(pair));
	out_add_string(o, "alg", sipsec_pair_alg(pair));
	out_add_string(o, "security-client", sipsec_pair_security_client(pair));
	out_add_string(o, "security-server", sipsec_pair_security_server(pair));
	fprintf(stderr, "%s\n", json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
							       JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(o);
}

static int make(const struct command *c, const struct pair *words, const struct secret *message,
		const struct secret *reg)
{
	struct sipsec *s = sipsec_new();
	struct sipsec_pair *pair;
	const void *challenge;
	size_t len;
	int err, rc;

	if (!s) {
		err_msg("%s: %s", c->path, strerror(ENOMEM));
		return EXIT_REFUSED;
	}
	err = lib_pair_make(s, words, message->data, message->len, reg->data, reg->len, &pair);
	if (err) {
		rc = refused(c, s, err);
		sipsec_free(s);
		return rc;
	}
	/* A reader that is gone is an error like another, after which the pair goes. */
	signal(SIGPIPE, SIG_IGN);
	challenge = sipsec_pair_challenge(pair, &len);
	fwrite(challenge, 1, len, stdout);
	rc = out_end(c->path, EXIT_OK);
	if (!rc)
		show_pair(pair);
	else if (lib_pair_delete(s, pair))
		err_msg("%s: %s", c->path, sipsec_error(s));
	sipsec_pair_free(pair);
	sipsec_free(s);
	return rc;
}

int cmd_sa_from_challenge(const struct command *c, int argc, char **argv)
{
	struct secret message = { .len = 0 }, reg = { .len = 0 };
	struct pair words = { 0 };
	char what[64];
	int rc;

	rc = cmd_parse(c, argc, argv, &words);
	if (rc)
		return rc;
	if (words.reg) {
		snprintf(what, sizeof(what), "%s: register", c->path);
		if (secret_read_plain(what, words.reg, &reg))
			return EXIT_REFUSED;
	}
	snprintf(what, sizeof(what), "%s: message", c->path);
	if (secret_read(what, words.message ? words.message : "-", &message))
		rc = EXIT_REFUSED;
	else
		rc = make(c, &words, &message, &reg);
	secret_free(&message);
	secret_free(&reg);
	return rc;
}
