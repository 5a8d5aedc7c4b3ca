// SPDX-License-Identifier: GPL-2.0
/* sipsec agree: the header fields of RFC 3329, by libsipsec */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "agree.h"
#include "cmd.h"
#include "lib.h"
#include "msg.h"
#include "out.h"
#include "secret.h"

/* What a word gives as text, or a file as its octets. */
struct input {
	struct secret file;
	const void *octets;
	size_t len;
};

static int refused(const struct command *c, const struct sipsec *s, int err)
{
	err_msg("%s: %s", c->path, sipsec_error(s));
	return s->refused ? EXIT_REFUSED : cmd_lib_status(err);
}

/* One of text and path; standard input where there is neither and it may be so. */
static int read_input(const struct command *c, const char *name, const char *text,
		      const char *path, struct input *in)
{
	char what[64];

	if (text) {
		in->octets = text;
		in->len = strlen(text);
		return EXIT_OK;
	}
	snprintf(what, sizeof(what), "%s: %s", c->path, name);
	if (secret_read_plain(what, path, &in->file))
		return EXIT_REFUSED;
	in->octets = in->file.data;
	in->len = in->file.len;
	return EXIT_OK;
}

static int refuse_both(const struct command *c, const char *a, const char *b)
{
	err_msg("%s: %s: %s is given too", c->path, a, b);
	return EXIT_USAGE;
}

static int read_algs(struct sipsec *s, const struct agree *words, uint32_t *algs)
{
	*algs = words->algs;
	return words->algs ? 0 : lib_algs(s, NULL, algs);
}

static void add_spi(struct json_object *o, const char *name, uint32_t spi)
{
	char text[16];

	if (!spi)
		return;
	snprintf(text, sizeof(text), "0x%08x", spi);
	out_add_string(o, name, text);
}

/* A field: as a header line, or its value and what else there is to say. */
static void show(const char *line_name, const char *name, const char *value,
		 const struct sipsec_agreement *a, uint32_t spi_downlink)
{
	struct json_object *o;

	if (!opt_json) {
		printf("%s: %s\n", line_name, value);
		return;
	}
	o = json_object_new_object();
	out_add_string(o, name, value);
	if (a) {
		out_add_string(o, "alg", sipsec_agreement_alg(a));
		add_spi(o, "spi-uplink", sipsec_agreement_spi_uplink(a));
		spi_downlink = sipsec_agreement_spi_downlink(a);
	}
	add_spi(o, "spi-downlink", spi_downlink);
	out_json(o);
}

static struct sipsec *begin(const struct command *c)
{
	struct sipsec *s = sipsec_new();

	if (!s)
		err_msg("%s: %s", c->path, strerror(ENOMEM));
	return s;
}

static int end(const struct command *c, struct sipsec *s, int err)
{
	const int rc = err ? refused(c, s, err) : out_end(c->path, EXIT_OK);

	sipsec_free(s);
	return rc;
}

/* What a UE offers, with an SPI, or what a P-CSCF can do. */
static int make_offer(const struct command *c, int argc, char **argv, bool client)
{
	char value[SIPSEC_VALUE_SIZE];
	struct agree words = { 0 };
	struct sipsec *s;
	uint32_t algs;
	int err, rc;

	rc = cmd_parse(c, argc, argv, &words);
	if (rc)
		return rc;
	s = begin(c);
	if (!s)
		return EXIT_REFUSED;
	err = read_algs(s, &words, &algs);
	if (!err && client && !object_has(&words, AGREE_SPI))
		err = sipsec_draw_spi(s, &words.spi);
	if (!err)
		err = client ? lib_agree_client(s, algs, words.spi, value, sizeof(value)) :
			       lib_agree_offer(s, algs, value, sizeof(value));
	if (!err)
		show(client ? "Security-Client" : "Security-Server",
		     client ? "security-client" : "security-server", value, NULL, words.spi);
	return end(c, s, err);
}

int cmd_agree_client(const struct command *c, int argc, char **argv)
{
	return make_offer(c, argc, argv, true);
}

int cmd_agree_offer(const struct command *c, int argc, char **argv)
{
	return make_offer(c, argc, argv, false);
}

static int with_agreement(const struct command *c, const struct agree *words,
			  const struct input *in, bool server)
{
	struct sipsec_agreement *a;
	struct sipsec *s = begin(c);
	uint32_t algs;
	int err;

	if (!s)
		return EXIT_REFUSED;
	err = read_algs(s, words, &algs);
	if (!err && server)
		err = lib_agree_server(s, in->octets, in->len, algs, words->spi, &a);
	else if (!err)
		err = lib_agree_verify(s, in->octets, in->len, algs, &a);
	if (!err) {
		show(server ? "Security-Server" : "Security-Verify",
		     server ? "security-server" : "security-verify",
		     sipsec_agreement_value(a), a, 0);
		sipsec_agreement_free(a);
	}
	return end(c, s, err);
}

static int agree_with(const struct command *c, int argc, char **argv, bool server)
{
	struct agree words = { 0 };
	struct input in = { .len = 0 };
	const char *text;
	int rc;

	rc = cmd_parse(c, argc, argv, &words);
	if (rc)
		return rc;
	text = server ? words.client : words.server;
	if (text && words.message)
		return refuse_both(c, server ? "security-client" : "security-server", "message");
	rc = read_input(c, "message", text, words.message ? words.message : "-", &in);
	if (!rc)
		rc = with_agreement(c, &words, &in, server);
	secret_free(&in.file);
	return rc;
}

int cmd_agree_server(const struct command *c, int argc, char **argv)
{
	return agree_with(c, argc, argv, true);
}

int cmd_agree_verify(const struct command *c, int argc, char **argv)
{
	return agree_with(c, argc, argv, false);
}

static int check(const struct command *c, const struct input *message,
		 const struct input *client, const struct input *server)
{
	struct sipsec *s = begin(c);

	if (!s)
		return EXIT_REFUSED;
	return end(c, s, sipsec_agree_check(s, message->octets, message->len, client->octets,
					    client->len, server->octets, server->len));
}

int cmd_agree_check(const struct command *c, int argc, char **argv)
{
	struct input message = { .len = 0 }, client = { .len = 0 }, server = { .len = 0 };
	struct agree words = { 0 };
	int rc;

	rc = cmd_parse(c, argc, argv, &words);
	if (rc)
		return rc;
	if (words.client && words.reg)
		return refuse_both(c, "security-client", "register");
	if (words.server && words.challenge)
		return refuse_both(c, "security-server", "challenge");
	if (!words.client && !words.reg) {
		err_msg("%s: security-client: missing, and no register", c->path);
		return EXIT_USAGE;
	}
	if (!words.server && !words.challenge) {
		err_msg("%s: security-server: missing, and no challenge", c->path);
		return EXIT_USAGE;
	}
	rc = read_input(c, "register", words.client, words.reg, &client);
	if (!rc)
		rc = read_input(c, "challenge", words.server, words.challenge, &server);
	if (!rc)
		rc = read_input(c, "message", NULL, words.message ? words.message : "-", &message);
	if (!rc)
		rc = check(c, &message, &client, &server);
	secret_free(&client.file);
	secret_free(&server.file);
	secret_free(&message.file);
	return rc;
}
