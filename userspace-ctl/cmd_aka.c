// SPDX-License-Identifier: GPL-2.0
/*
 * sipsec aka: what a USIM and its home network compute (TS 33.102), and the SA
 * key that follows from it (clause 6).
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>
#include <openssl/crypto.h>

#include "aka/aka.h"
#include "cmd_aka.h"
#include "core/alg.h"
#include "core/limits.h"
#include "hex.h"
#include "msg.h"
#include "secret.h"

/* Octets of the longest value that comes out. */
#define VALUE_MAX	64
/* More words than the command knows. */
#define MAX_WORDS	32

static const char usage_text[] =
	"usage: sipsec [-j] aka [milenage|tuak] secrets FILE|- rand HEX\n"
	"                  ( sqn HEX amf HEX | autn HEX | auts HEX ) [sqn-ms HEX]\n"
	"                  [alg NAME dir uplink|downlink spi SPI [key-file OUT]]\n"
	"                  [mac-bits N] [res-bits N] [ck-bits N] [ik-bits N] [iterations N]\n"
	"FILE has lines \"k = HEX\" and one of \"op = HEX\", \"opc = HEX\" (MILENAGE),\n"
	"\"top = HEX\", \"topc = HEX\" (TUAK); the last line above is for TUAK.\n";

/* A field of the command line or of the secrets file, once it has been read. */
struct field {
	uint8_t octets[AKA_AUTN_MAX];
	size_t len;		/* 0: not given */
};

enum secret_name {
	SECRET_K,
	SECRET_OP,
	SECRET_OPC,
	SECRET_TOP,
	SECRET_TOPC,
	NR_SECRETS,
};

static const char *const secret_names[NR_SECRETS] = { "k", "op", "opc", "top", "topc" };

struct aka_cmd {
	const char *algorithm;	/* "milenage" or "tuak" where the command line says so */
	const char *secrets;
	struct field rand;
	struct field sqn;
	struct field amf;
	struct field autn;
	struct field auts;
	struct field sqn_ms;
	const struct sipsec_alg *alg;
	const char *dir;
	unsigned int direction;
	bool has_spi;
	uint32_t spi;
	const char *key_file;
	struct aka_tuak_sizes sizes;
	const char *size_arg;	/* the last option for TUAK alone */
};

/* Lines "name: hex", or one JSON object of the same names. */
struct out {
	struct json_object *json;
};

static int usage(void)
{
	fputs(usage_text, stderr);
	return EXIT_USAGE;
}

static int refuse_usage(const char *name, const char *reason)
{
	err_msg("aka: %s: %s", name, reason);
	return EXIT_USAGE;
}

/* What the secrets file holds is no error of the command line. */
static int refuse_secrets(const char *reason)
{
	err_msg("aka: secrets: %s", reason);
	return EXIT_REFUSED;
}

/* An error of aka/: what the command line says is wrong, the rest is refused. */
static int refuse_aka(int err)
{
	err_msg("aka: %s", aka_strerror(err));
	switch (err) {
	case AKA_E_MAC_LEN:
	case AKA_E_RES_LEN:
	case AKA_E_CK_LEN:
	case AKA_E_IK_LEN:
	case AKA_E_ITERATIONS:
	case AKA_E_AUTN_LEN:
	case AKA_E_AUTS_LEN:
		return EXIT_USAGE;
	default:
		return EXIT_REFUSED;
	}
}

/*
 * Reading the command line
 */

static int take_hex(struct field *f, const char *name, const char *text, size_t want)
{
	size_t len = 0;

	if (hex_decode(text, strlen(text), f->octets, sizeof(f->octets), &len) || !len)
		return refuse_usage(name, "must be hexadecimal digits, two for each octet");
	if (want && len != want) {
		err_msg("aka: %s: must be %zu octets, not %zu", name, want, len);
		return EXIT_USAGE;
	}
	f->len = len;
	return EXIT_OK;
}

static int take_number(const char *name, const char *text, unsigned int *value)
{
	char *end;
	unsigned long v;

	errno = 0;
	v = strtoul(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end || errno || v > 100000)
		return refuse_usage(name, "must be a number");
	*value = v;
	return EXIT_OK;
}

/* One of the numbers of bits in allowed, which ends with 0. */
static int take_bits(struct aka_cmd *c, const char *name, const char *text,
		     const unsigned int *allowed, size_t *len)
{
	unsigned int bits;
	int rc = take_number(name, text, &bits);

	if (rc)
		return rc;
	while (*allowed && *allowed != bits)
		allowed++;
	if (!*allowed)
		return refuse_usage(name, "no such length in TS 35.231");
	*len = bits / 8;
	c->size_arg = name;
	return EXIT_OK;
}

static int take_sa(struct aka_cmd *c, const char *name, const char *text)
{
	if (!strcmp(name, "alg")) {
		c->alg = sipsec_alg_by_name(text);
		if (!c->alg) {
			err_msg("aka: alg: unknown algorithm %.32s", hex_shown(text));
			return EXIT_USAGE;
		}
	} else if (!strcmp(name, "dir")) {
		if (strcmp(text, "uplink") && strcmp(text, "downlink"))
			return refuse_usage(name, "must be uplink or downlink");
		c->dir = text;
		c->direction = !strcmp(text, "downlink");
	} else if (!strcmp(name, "spi")) {
		uint64_t spi;

		if (number_read(text, UINT32_MAX, &spi))
			return refuse_usage(name, "must be decimal, or hexadecimal behind 0x");
		if (spi <= SIPSEC_SPI_RESERVED)
			return refuse_usage(name, "0 to 255 are reserved");
		c->spi = spi;
		c->has_spi = true;
	} else {
		c->key_file = text;
	}
	return EXIT_OK;
}

/* The words that a value follows. */
static bool is_word(const char *name)
{
	static const char *const words[] = {
		"secrets", "rand", "sqn", "amf", "autn", "auts", "sqn-ms", "alg", "dir",
		"spi", "key-file", "mac-bits", "res-bits", "ck-bits", "ik-bits", "iterations",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(name, words[i]))
			return true;
	return false;
}

static int take_pair(struct aka_cmd *c, const char *name, const char *text)
{
	const struct {
		const char *name;
		struct field *field;
		size_t want;
	} fields[] = {
		{ "rand", &c->rand, AKA_RAND_LEN },
		{ "sqn", &c->sqn, AKA_SQN_LEN },
		{ "amf", &c->amf, AKA_AMF_LEN },
		{ "autn", &c->autn, 0 },
		{ "auts", &c->auts, 0 },
		{ "sqn-ms", &c->sqn_ms, AKA_SQN_LEN },
	};
	const struct {
		const char *name;
		size_t *len;
		unsigned int allowed[5];
	} sizes[] = {
		{ "mac-bits", &c->sizes.mac_len, { 64, 128, 256 } },
		{ "res-bits", &c->sizes.res_len, { 32, 64, 128, 256 } },
		{ "ck-bits", &c->sizes.ck_len, { 128, 256 } },
		{ "ik-bits", &c->sizes.ik_len, { 128, 256 } },
	};
	size_t i, shown;

	if (!is_word(name)) {
		/* What follows may be a secret. */
		shown = strcspn(name, "=");
		err_msg("aka: %.*s: unknown word", shown < 16 ? (int)shown : 16,
			hex_shown(name));
		return usage();
	}
	if (!text)
		return refuse_usage(name, "its value is missing");

	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (!strcmp(name, fields[i].name))
			return take_hex(fields[i].field, name, text, fields[i].want);
	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		if (!strcmp(name, sizes[i].name))
			return take_bits(c, name, text, sizes[i].allowed, sizes[i].len);
	if (!strcmp(name, "iterations")) {
		c->size_arg = name;
		return take_number(name, text, &c->sizes.iterations);
	}
	if (!strcmp(name, "secrets")) {
		c->secrets = text;
		return EXIT_OK;
	}
	return take_sa(c, name, text);
}

/* A secret on the command line is not repeated in the message. */
static bool is_secret_name(const char *name)
{
	int i;

	for (i = 0; i < NR_SECRETS; i++)
		if (!strcmp(name, secret_names[i]))
			return true;
	return false;
}

static int parse_args(struct aka_cmd *c, int argc, char **argv)
{
	const char *seen[MAX_WORDS];
	int nr_seen = 0;
	int i, j, rc;

	for (i = 1; i < argc; i++) {
		const char *name = argv[i];

		for (j = 0; j < nr_seen; j++)
			if (!strcmp(name, seen[j]))
				return refuse_usage(name, "given twice");
		if (nr_seen == MAX_WORDS)
			return usage();
		seen[nr_seen++] = name;

		if (is_secret_name(name))
			return refuse_usage(name, "goes into the secrets file, never into argv");
		if (!strcmp(name, "milenage") || !strcmp(name, "tuak")) {
			if (c->algorithm)
				return refuse_usage(name, "milenage or tuak, not both");
			c->algorithm = name;
			continue;
		}
		rc = take_pair(c, name, i + 1 < argc ? argv[i + 1] : NULL);
		if (rc)
			return rc;
		i++;
	}
	return EXIT_OK;
}

static int check_args(const struct aka_cmd *c)
{
	const bool sqn = c->sqn.len || c->amf.len;

	if (!c->secrets)
		return refuse_usage("secrets", "missing");
	if (!c->rand.len)
		return refuse_usage("rand", "missing");
	if (sqn && !c->sqn.len)
		return refuse_usage("sqn", "missing, as there is amf");
	if (sqn && !c->amf.len)
		return refuse_usage("amf", "missing, as there is sqn");
	if (sqn + !!c->autn.len + !!c->auts.len != 1)
		return refuse_usage("autn", "give exactly one of sqn and amf, autn, auts");
	if (c->auts.len && c->sqn_ms.len)
		return refuse_usage("sqn-ms", "comes out of auts");
	if (!c->alg && (c->dir || c->has_spi || c->key_file))
		return refuse_usage("alg", "missing, as there is dir, spi or key-file");
	if (c->alg && !c->dir)
		return refuse_usage("dir", "missing, as there is alg");
	if (c->alg && !c->has_spi)
		return refuse_usage("spi", "missing, as there is alg");
	if (c->alg && c->auts.len)
		return refuse_usage("alg", "auts gives no key");
	return EXIT_OK;
}

/*
 * Reading the secrets file.  No message says what stands in it.
 */

static int refuse_line(unsigned int line, const char *name, const char *reason)
{
	err_msg("aka: secrets: line %u: %s%s%s", line, name ? name : "", name ? ": " : "",
		reason);
	return EXIT_REFUSED;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void trim(const char **p, const char **end)
{
	while (*p < *end && is_blank(**p))
		(*p)++;
	while (*p < *end && is_blank((*end)[-1]))
		(*end)--;
}

static int take_secret(struct field *fields, unsigned int line, const char *p, const char *end)
{
	const char *eq = memchr(p, '=', end - p);
	const char *name_end = eq;
	struct field *f;
	int i;

	if (!eq)
		return refuse_line(line, NULL, "must be name = hexadecimal digits");
	trim(&p, &name_end);
	for (i = 0; i < NR_SECRETS; i++)
		if (strlen(secret_names[i]) == (size_t)(name_end - p) &&
		    !memcmp(secret_names[i], p, name_end - p))
			break;
	if (i == NR_SECRETS)
		return refuse_line(line, NULL, "unknown name (k, op, opc, top or topc)");

	f = &fields[i];
	if (f->len)
		return refuse_line(line, secret_names[i], "given twice");
	p = eq + 1;
	trim(&p, &end);
	if (hex_decode(p, end - p, f->octets, 32, &f->len) || !f->len)
		return refuse_line(line, secret_names[i],
				   "must be hexadecimal digits, two for each of at most 32 octets");
	return EXIT_OK;
}

static int parse_secrets(struct field *fields, const struct secret *s)
{
	const char *p = (const char *)s->data, *end = p + s->len;
	unsigned int line = 0;
	int rc = EXIT_OK;

	while (!rc && p < end) {
		const char *nl = memchr(p, '\n', end - p);
		const char *start = p, *stop = nl ? nl : end;

		line++;
		trim(&start, &stop);
		if (start < stop && *start != '#')
			rc = take_secret(fields, line, start, stop);
		p = nl ? nl + 1 : end;
	}
	return rc;
}

static int init_aka(struct aka *a, const struct aka_cmd *c, const struct field *fields)
{
	const struct field *k = &fields[SECRET_K], *op = NULL;
	enum secret_name which = SECRET_K;
	bool tuak;
	int i, err;

	if (!k->len)
		return refuse_secrets("k: missing");
	for (i = SECRET_OP; i < NR_SECRETS; i++) {
		if (!fields[i].len)
			continue;
		if (op)
			return refuse_secrets("more than one of op, opc, top and topc");
		op = &fields[i];
		which = i;
	}
	if (!op)
		return refuse_secrets("op, opc, top or topc: missing");

	tuak = which == SECRET_TOP || which == SECRET_TOPC;
	if (c->algorithm && tuak != !strcmp(c->algorithm, "tuak"))
		return refuse_usage(secret_names[which],
				    tuak ? "is for tuak, not milenage" :
					   "is for milenage, not tuak");
	if (c->size_arg && !tuak)
		return refuse_usage(c->size_arg, "is for tuak, not milenage");

	if (tuak)
		err = aka_init_tuak(a, k->octets, k->len, op->octets, op->len,
				    which == SECRET_TOPC, &c->sizes);
	else
		err = aka_init_milenage(a, k->octets, k->len, op->octets, op->len,
					which == SECRET_OPC);
	return err ? refuse_aka(err) : EXIT_OK;
}

static int read_aka(struct aka *a, const struct aka_cmd *c)
{
	struct field fields[NR_SECRETS] = { 0 };
	struct secret s;
	int rc;

	if (secret_read("aka: secrets", c->secrets, &s))
		return EXIT_REFUSED;
	rc = parse_secrets(fields, &s);
	secret_free(&s);
	if (!rc)
		rc = init_aka(a, c, fields);
	OPENSSL_cleanse(fields, sizeof(fields));
	return rc;
}

/*
 * What comes out
 */

static int out_begin(struct out *o)
{
	o->json = NULL;
	if (!opt_json)
		return EXIT_OK;
	o->json = json_object_new_object();
	if (o->json)
		return EXIT_OK;
	err_msg("aka: memory: none left");
	return EXIT_REFUSED;
}

static void put(struct out *o, const char *name, const uint8_t *octets, size_t len)
{
	char text[2 * VALUE_MAX + 1];

	if (len > VALUE_MAX)
		return;
	hex_encode(text, octets, len);
	if (o->json)
		json_object_object_add(o->json, name, json_object_new_string(text));
	else
		printf("%s: %s\n", name, text);
	OPENSSL_cleanse(text, sizeof(text));
}

/* What was printed is no longer ours to wipe: standard output has it. */
static int out_end(struct out *o, int rc)
{
	if (o->json) {
		if (json_object_object_length(o->json))
			printf("%s\n",
			       json_object_to_json_string_ext(o->json,
							      JSON_C_TO_STRING_PRETTY));
		json_object_put(o->json);
	}
	if (fflush(stdout) || ferror(stdout)) {
		err_msg("aka: standard output: %s", strerror(errno));
		return EXIT_REFUSED;
	}
	return rc;
}

static int put_auts(struct out *o, const struct aka *a, const struct aka_cmd *c,
		    const uint8_t *sqn_ms)
{
	uint8_t auts[AKA_AUTS_MAX];
	size_t len;
	int err;

	err = aka_auts(a, c->rand.octets, sqn_ms, auts, &len);
	if (err)
		return refuse_aka(err);
	put(o, "auts", auts, len);
	return EXIT_OK;
}

static int put_sa_key(struct out *o, const struct aka_cmd *c, const struct aka_vector *v)
{
	uint8_t key[SIPSEC_MAX_KEY_LEN];
	size_t len = sizeof(key);
	int rc = EXIT_OK;
	int err;

	err = sipsec_kdf(c->alg->name, v->ck, v->ck_len, v->ik, v->ik_len, c->direction,
			 c->spi, key, &len);
	if (err)
		return refuse_aka(err);
	if (!c->key_file)
		put(o, "key", key, len);
	else if (secret_write_key("aka: key-file", c->key_file, key, len))
		rc = EXIT_REFUSED;
	OPENSSL_cleanse(key, sizeof(key));
	return rc;
}

/* The home network's side of a resynchronisation. */
static int run_auts(struct out *o, const struct aka *a, const struct aka_cmd *c)
{
	uint8_t sqn_ms[AKA_SQN_LEN];
	int err;

	err = aka_auts_check(a, c->rand.octets, c->auts.octets, c->auts.len, sqn_ms);
	if (err)
		return refuse_aka(err);
	put(o, "sqn-ms", sqn_ms, sizeof(sqn_ms));
	return EXIT_OK;
}

/* Of an AUTN that verifies. */
static void put_sqn(struct out *o, const struct aka_cmd *c)
{
	put(o, "sqn", c->sqn.octets, AKA_SQN_LEN);
	put(o, "amf", c->amf.octets, AKA_AMF_LEN);
}

/* The USIM's side: takes SQN and AMF of an AUTN that verifies. */
static int run_autn(struct out *o, const struct aka *a, struct aka_cmd *c)
{
	int err;

	err = aka_autn_check(a, c->rand.octets, c->autn.octets, c->autn.len, c->sqn.octets,
			     c->amf.octets);
	if (err)
		return refuse_aka(err);
	if (c->sqn_ms.len && !aka_sqn_fresh(c->sqn.octets, c->sqn_ms.octets)) {
		put_sqn(o, c);
		/* A USIM that finds this gives AUTS and neither RES nor keys. */
		if (!put_auts(o, a, c, c->sqn_ms.octets))
			err_msg("aka: sqn: not above sqn-ms, answer with auts");
		return EXIT_REFUSED;
	}
	return EXIT_OK;
}

/* Where the key cannot go into its file nothing is printed. */
static int put_vector(struct out *o, const struct aka *a, const struct aka_cmd *c,
		      const struct aka_vector *v, const uint8_t *autn, size_t autn_len)
{
	int rc = EXIT_OK;

	if (c->key_file)
		rc = put_sa_key(o, c, v);
	if (rc)
		return rc;
	if (c->autn.len)
		put_sqn(o, c);
	put(o, "res", v->res, v->res_len);
	put(o, "ck", v->ck, v->ck_len);
	put(o, "ik", v->ik, v->ik_len);
	put(o, "ak", v->ak, sizeof(v->ak));
	put(o, "autn", autn, autn_len);
	/* Without sqn-ms: of a USIM that has seen this very SQN before. */
	rc = put_auts(o, a, c, c->sqn_ms.len ? c->sqn_ms.octets : c->sqn.octets);
	if (!rc && c->alg && !c->key_file)
		rc = put_sa_key(o, c, v);
	return rc;
}

static int run_vector(struct out *o, const struct aka *a, const struct aka_cmd *c)
{
	uint8_t autn[AKA_AUTN_MAX];
	struct aka_vector v;
	size_t autn_len;
	int err, rc;

	err = aka_vector(a, c->rand.octets, &v);
	if (!err)
		err = aka_autn(a, c->rand.octets, c->sqn.octets, c->amf.octets, autn, &autn_len);
	rc = err ? refuse_aka(err) : put_vector(o, a, c, &v, autn, autn_len);
	aka_vector_wipe(&v);
	return rc;
}

int cmd_aka(int argc, char **argv)
{
	struct aka_cmd c = { .sizes = AKA_TUAK_SIZES_DEFAULT };
	struct aka a = { .kind = AKA_MILENAGE };
	struct out o;
	int rc;

	secret_hide_process();
	if (argc < 2)
		return usage();
	rc = parse_args(&c, argc, argv);
	if (!rc)
		rc = check_args(&c);
	if (!rc)
		rc = read_aka(&a, &c);
	if (!rc) {
		rc = out_begin(&o);
		if (!rc) {
			if (c.auts.len)
				rc = run_auts(&o, &a, &c);
			else if (c.autn.len)
				rc = run_autn(&o, &a, &c);
			if (!rc && !c.auts.len)
				rc = run_vector(&o, &a, &c);
			rc = out_end(&o, rc);
		}
	}
	aka_wipe(&a);
	OPENSSL_cleanse(&c, sizeof(c));
	return rc;
}
