// SPDX-License-Identifier: GPL-2.0
/* libsipsec: agreement by RFC 3329 (clause 15) */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "lib.h"
#include "lex.h"
#include "secagree.h"

/*
 * Values of several algorithms differ in their preference, the strongest first:
 * RFC 3329 wants no two alike.
 */
#define Q_STEP		100

struct sipsec_agreement {
	const char *alg;
	uint32_t spi_uplink;
	uint32_t spi_downlink;
	char value[SIPSEC_VALUE_SIZE];
	char *received;
	/* struct and text are one allocation */
};

static int fail(struct sipsec *s, enum secagree_field field, int err)
{
	const char *name = secagree_field_name(field);
	int nr = -EBADMSG;

	switch (err) {
	case SECAGREE_E_MISSING:
		nr = -ENOMSG;
		break;
	case SECAGREE_E_NONE:
		nr = -EPROTONOSUPPORT;
		break;
	case SECAGREE_E_ROOM:
		nr = -ENOSPC;
		break;
	}
	if (err == SECAGREE_E_MESSAGE)
		lib_fail(s, nr, "%s", secagree_strerror(err));
	else
		lib_fail(s, nr, "%s: %s", name, secagree_strerror(err));
	return nr;
}

/*
 * A message has lines that end, a value has not, but for folding and what a file
 * ends with.
 */
bool lib_is_message(const void *octets, size_t len)
{
	const uint8_t *o = octets;
	size_t i;

	for (i = 0; i + 2 < len; i++)
		if (o[i] == '\r' && o[i + 1] == '\n' && o[i + 2] != ' ' && o[i + 2] != '\t')
			return true;
	return false;
}

/* The field of a message, or its value alone. */
static int read_either(struct sipsec *s, const void *octets, size_t len,
		       enum secagree_field field, struct secagree *a)
{
	const uint8_t *o = octets;
	int err;

	if (lib_is_message(o, len)) {
		err = secagree_read(o, len, field, a);
	} else {
		while (len && lex_is_space(o[len - 1]))
			len--;
		err = len ? secagree_read_value(o, len, a) : SECAGREE_E_MISSING;
	}
	return err ? fail(s, field, err) : 0;
}

/* All of algs, the strongest first. */
static int write_all(struct sipsec *s, enum secagree_field field, uint32_t algs, uint32_t spi,
		     char *value, size_t size)
{
	const struct sipsec_alg *alg;
	unsigned int rank, q = SECAGREE_Q_FIRST;
	char all[SIPSEC_VALUE_SIZE] = "";
	int err = 0;

	for (rank = 1; !err && (alg = secagree_by_rank(rank)); rank++) {
		if (!(algs >> alg->nr & 1))
			continue;
		err = secagree_append(all, sizeof(all), alg->nr, spi, q);
		if (q > Q_STEP)
			q -= Q_STEP;
	}
	if (!err && !all[0])
		return lib_fail(s, -EPROTONOSUPPORT, "alg: the kernel serves none");
	/* A part of it would be an offer, too. */
	if (!err && strlen(all) >= size)
		err = SECAGREE_E_ROOM;
	if (err)
		return fail(s, field, err);
	strcpy(value, all);
	return 0;
}

const struct sipsec_alg *lib_strongest(uint32_t algs)
{
	const struct sipsec_alg *alg;
	unsigned int rank;

	for (rank = 1; (alg = secagree_by_rank(rank)); rank++)
		if (algs >> alg->nr & 1)
			return alg;
	return NULL;
}

int lib_agree_client(struct sipsec *s, uint32_t algs, uint32_t spi, char *value, size_t size)
{
	if (spi <= SIPSEC_SPI_RESERVED)
		return lib_fail(s, -EINVAL, "spi: 0 to 255 are reserved");
	return write_all(s, SECAGREE_CLIENT, algs, spi, value, size);
}

int sipsec_agree_client(struct sipsec *s, const char *algs, uint32_t spi, char *value,
			size_t size)
{
	uint32_t bits;
	int err = lib_algs(s, algs, &bits);

	return err ? err : lib_agree_client(s, bits, spi, value, size);
}

int lib_agree_offer(struct sipsec *s, uint32_t algs, char *value, size_t size)
{
	return write_all(s, SECAGREE_SERVER, algs, 0, value, size);
}

int sipsec_agree_offer(struct sipsec *s, const char *algs, char *value, size_t size)
{
	uint32_t bits;
	int err = lib_algs(s, algs, &bits);

	return err ? err : lib_agree_offer(s, bits, value, size);
}

/*
 * Agreements
 */

/* NULL, and *err, where none can be. */
static struct sipsec_agreement *choose(struct sipsec *s, const struct secagree *read,
				       enum secagree_field field, uint32_t algs,
				       const struct secagree_mech **mech, int *err)
{
	struct sipsec_agreement *a;
	const size_t size = read->mechs[read->nr - 1].value.off +
			    read->mechs[read->nr - 1].value.len + 2 * read->nr + 1;

	*err = secagree_choose(read, algs, mech);
	if (*err) {
		*err = fail(s, field, *err);
		return NULL;
	}
	/* What is written is no longer than what was read, but for the joints. */
	a = calloc(1, sizeof(*a) + size);
	if (!a) {
		*err = lib_fail(s, -ENOMEM, "%s", strerror(ENOMEM));
		return NULL;
	}
	a->alg = sipsec_alg_by_nr((*mech)->alg)->name;
	a->received = (char *)(a + 1);
	*err = secagree_text(read, a->received, size);
	if (*err) {
		*err = fail(s, field, *err);
		free(a);
		return NULL;
	}
	return a;
}

int lib_agree_server(struct sipsec *s, const void *message, size_t len, uint32_t algs,
		     uint32_t spi, struct sipsec_agreement **result)
{
	const struct secagree_mech *mech;
	struct sipsec_agreement *a;
	struct secagree client;
	int err;

	if (spi && spi <= SIPSEC_SPI_RESERVED)
		return lib_fail(s, -EINVAL, "spi: 0 to 255 are reserved");
	err = read_either(s, message, len, SECAGREE_CLIENT, &client);
	if (err)
		return err;
	a = choose(s, &client, SECAGREE_CLIENT, algs, &mech, &err);
	if (!a)
		return err;
	if (!spi)
		err = sipsec_draw_spi(s, &spi);
	if (!err) {
		a->spi_uplink = spi;
		a->spi_downlink = mech->spi;
		err = secagree_append(a->value, sizeof(a->value), mech->alg, spi, SECAGREE_Q_FIRST);
		if (err)
			err = fail(s, SECAGREE_SERVER, err);
	}
	if (err) {
		free(a);
		return err;
	}
	*result = a;
	return 0;
}

int sipsec_agree_server(struct sipsec *s, const void *message, size_t len, const char *algs,
			uint32_t spi, struct sipsec_agreement **a)
{
	uint32_t bits;
	int err = lib_algs(s, algs, &bits);

	return err ? err : lib_agree_server(s, message, len, bits, spi, a);
}

int lib_agree_verify(struct sipsec *s, const void *message, size_t len, uint32_t algs,
		     struct sipsec_agreement **result)
{
	const struct secagree_mech *mech;
	struct sipsec_agreement *a;
	struct secagree server;
	int err;

	err = read_either(s, message, len, SECAGREE_SERVER, &server);
	if (err)
		return err;
	a = choose(s, &server, SECAGREE_SERVER, algs, &mech, &err);
	if (!a)
		return err;
	if (strlen(a->received) >= sizeof(a->value)) {
		free(a);
		return fail(s, SECAGREE_SERVER, SECAGREE_E_ROOM);
	}
	a->spi_uplink = mech->spi;
	strcpy(a->value, a->received);
	*result = a;
	return 0;
}

int sipsec_agree_verify(struct sipsec *s, const void *message, size_t len, const char *algs,
			struct sipsec_agreement **a)
{
	uint32_t bits;
	int err = lib_algs(s, algs, &bits);

	return err ? err : lib_agree_verify(s, message, len, bits, a);
}

void sipsec_agreement_free(struct sipsec_agreement *a)
{
	free(a);
}

const char *sipsec_agreement_alg(const struct sipsec_agreement *a)
{
	return a->alg;
}

uint32_t sipsec_agreement_spi_uplink(const struct sipsec_agreement *a)
{
	return a->spi_uplink;
}

uint32_t sipsec_agreement_spi_downlink(const struct sipsec_agreement *a)
{
	return a->spi_downlink;
}

const char *sipsec_agreement_received(const struct sipsec_agreement *a)
{
	return a->received;
}

const char *sipsec_agreement_value(const struct sipsec_agreement *a)
{
	return a->value;
}

/*
 * The check of the first protected REGISTER
 */

static int same(struct sipsec *s, const void *message, size_t len, enum secagree_field field,
		const struct secagree *expected)
{
	struct secagree got;
	int err = secagree_read(message, len, field, &got);

	/* One that is left out, and one that cannot be read, is not what it should be. */
	if (err == SECAGREE_E_MESSAGE)
		return fail(s, field, err);
	if (err)
		return lib_fail(s, -EKEYREJECTED, "%s: %s", secagree_field_name(field),
				secagree_strerror(err));
	if (secagree_equal(&got, expected))
		return 0;
	return lib_fail(s, -EKEYREJECTED, "%s: differs from what was %s",
			secagree_field_name(field),
			field == SECAGREE_CLIENT ? "received before" : "sent");
}

int sipsec_agree_check(struct sipsec *s, const void *message, size_t len,
		       const void *security_client, size_t client_len,
		       const void *security_server, size_t server_len)
{
	struct secagree client, server;
	int err;

	err = read_either(s, security_client, client_len, SECAGREE_CLIENT, &client);
	if (!err)
		err = read_either(s, security_server, server_len, SECAGREE_SERVER, &server);
	if (!err)
		err = same(s, message, len, SECAGREE_CLIENT, &client);
	if (!err)
		err = same(s, message, len, SECAGREE_VERIFY, &server);
	return err;
}
