// SPDX-License-Identifier: GPL-2.0
/*
 * What a P-CSCF does with libsipsec, step by step, as a program:
 *
 *	registrar challenge ADDR PORT REGISTER 401
 *		make the pair of SAs; print the 401 for the UE, and on standard
 *		error what a proxy would keep for the other steps
 *	registrar check REGISTER SECURITY-CLIENT SECURITY-SERVER
 *		compare the first protected REGISTER; on a bid-down it says so
 *	registrar state SPI STATE
 *		set the state of a pair by its uplink SPI
 *	registrar gone WORD VALUE
 *		delete the SAs of a peer, an IMPI or an SPI
 *	registrar list
 *		what there is, and the counters that are not zero
 *	registrar key FILE RAND SQN AMF ALG SPI
 *		home network: the uplink key of an SA out of AKA; FILE has K and OPc
 */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libsipsec.h>

#define MESSAGE_MAX	65536

static const char usage[] =
	"usage: registrar challenge ADDR PORT REGISTER 401\n"
	"       registrar check REGISTER SECURITY-CLIENT SECURITY-SERVER\n"
	"       registrar state SPI STATE\n"
	"       registrar gone WORD VALUE\n"
	"       registrar list\n"
	"       registrar key FILE RAND SQN AMF ALG SPI\n";

struct message {
	char octets[MESSAGE_MAX];
	size_t len;
};

static int read_message(const char *path, struct message *m)
{
	FILE *f = fopen(path, "rb");

	if (!f) {
		perror(path);
		return -1;
	}
	/* A 401 has keys in it: no second copy of it. */
	setvbuf(f, NULL, _IONBF, 0);
	m->len = fread(m->octets, 1, sizeof(m->octets), f);
	fclose(f);
	return 0;
}

/* A function's error, in the words of the library. */
static int failed(const struct sipsec *s, const char *what)
{
	fprintf(stderr, "%s: %s\n", what, sipsec_error(s));
	return 1;
}

static int challenge(struct sipsec *s, char **argv)
{
	const char *const words[] = { "peer", argv[0], "port", argv[1], NULL };
	static struct message reg, response;
	struct sipsec_pair *pair;
	const void *for_ue;
	size_t len;
	int err;

	if (read_message(argv[2], &reg) || read_message(argv[3], &response))
		return 1;
	err = sipsec_pair_make(s, words, response.octets, response.len, reg.octets, reg.len,
			       &pair);
	/* ck and ik were in it. */
	explicit_bzero(&response, sizeof(response));
	if (err == -ENOMSG || err == -EPROTONOSUPPORT) {
		char offer[SIPSEC_VALUE_SIZE];

		failed(s, "494");
		if (!sipsec_agree_offer(s, NULL, offer, sizeof(offer)))
			fprintf(stderr, "Security-Server: %s\n", offer);
		return 1;
	}
	if (err)
		return failed(s, "challenge");
	for_ue = sipsec_pair_challenge(pair, &len);
	fwrite(for_ue, 1, len, stdout);
	fprintf(stderr, "uplink %08x downlink %08x %s\n%s\n%s\n", sipsec_pair_spi_uplink(pair),
		sipsec_pair_spi_downlink(pair), sipsec_pair_alg(pair),
		sipsec_pair_security_client(pair), sipsec_pair_security_server(pair));
	sipsec_pair_free(pair);
	return 0;
}

static int check(struct sipsec *s, char **argv)
{
	static struct message reg;
	int err;

	if (read_message(argv[0], &reg))
		return 1;
	err = sipsec_agree_check(s, reg.octets, reg.len, argv[1], strlen(argv[1]), argv[2],
				 strlen(argv[2]));
	if (err == -EKEYREJECTED)
		return failed(s, "bid down");
	return err ? failed(s, "check") : 0;
}

static int state(struct sipsec *s, char **argv)
{
	const char *const words[] = { "in", "spi", argv[0], "state", argv[1], NULL };

	return sipsec_sa_set(s, words) ? failed(s, "state") : 0;
}

static int gone(struct sipsec *s, char **argv)
{
	const char *const words[] = { argv[0], argv[1], NULL };
	uint64_t count;

	if (sipsec_sa_flush(s, words, &count))
		return failed(s, "gone");
	printf("%llu\n", (unsigned long long)count);
	return 0;
}

static int show(const struct sipsec_object *sa, void *arg)
{
	char type[SIPSEC_TEXT_SIZE], alg[SIPSEC_TEXT_SIZE];
	uint64_t spi, messages = 0;

	(void)arg;
	if (sipsec_object_text(sa, "type", type, sizeof(type)) ||
	    sipsec_object_text(sa, "alg", alg, sizeof(alg)) ||
	    sipsec_object_u64(sa, "spi", &spi))
		return -EBADMSG;
	sipsec_object_u64(sa, "messages", &messages);
	printf("%s %08llx %s %llu\n", type, (unsigned long long)spi, alg,
	       (unsigned long long)messages);
	return 0;
}

static void count(const char *name, uint64_t value, void *arg)
{
	(void)arg;
	if (value)
		printf("%s %llu\n", name, (unsigned long long)value);
}

static int list(struct sipsec *s, char **argv)
{
	static const char *const all[] = { NULL };

	(void)argv;
	if (sipsec_sa_dump(s, all, show, NULL) || sipsec_stats(s, count, NULL))
		return failed(s, "list");
	return 0;
}

/* Octets of hexadecimal digits, exactly len of them. */
static int hex(const char *text, unsigned char *octets, size_t len)
{
	size_t i;

	if (strlen(text) != 2 * len)
		return -1;
	for (i = 0; i < len; i++) {
		unsigned int value;

		if (sscanf(text + 2 * i, "%2x", &value) != 1)
			return -1;
		octets[i] = value;
	}
	return 0;
}

/* Keys are on no command line: a file has K and OPc. */
static int read_usim(const char *path, unsigned char k[16], unsigned char opc[16])
{
	static struct message file;
	char a[33], b[33];
	int rc = -1;

	if (read_message(path, &file))
		return -1;
	file.octets[file.len < sizeof(file.octets) ? file.len : file.len - 1] = '\0';
	if (sscanf(file.octets, "%32s %32s", a, b) == 2 && !hex(a, k, 16) && !hex(b, opc, 16))
		rc = 0;
	else
		fprintf(stderr, "%s: 32 hexadecimal digits of K, and 32 of OPc\n", path);
	explicit_bzero(&file, sizeof(file));
	explicit_bzero(a, sizeof(a));
	explicit_bzero(b, sizeof(b));
	return rc;
}

static int key(struct sipsec *s, char **argv)
{
	unsigned char k[16], opc[16], rand[16], sqn[6], amf[2], out[SIPSEC_KEY_SIZE];
	size_t ck_len, ik_len, len = sizeof(out), i;
	struct sipsec_aka *aka;
	const void *ck, *ik;
	int rc = 0;

	if (hex(argv[1], rand, 16) || hex(argv[2], sqn, 6) || hex(argv[3], amf, 2) ||
	    read_usim(argv[0], k, opc))
		return 2;
	if (sipsec_aka_milenage(s, k, opc, 1, &aka))
		rc = failed(s, "key");
	explicit_bzero(k, sizeof(k));
	explicit_bzero(opc, sizeof(opc));
	if (rc)
		return rc;
	rc = 1;
	if (sipsec_aka_vector(s, aka, rand, sqn, amf)) {
		failed(s, "key");
	} else {
		ck = sipsec_aka_get(aka, SIPSEC_AKA_CK, &ck_len);
		ik = sipsec_aka_get(aka, SIPSEC_AKA_IK, &ik_len);
		rc = 0;
		if (sipsec_derive_key(s, argv[4], ck, ck_len, ik, ik_len, SIPSEC_UPLINK,
				      strtoul(argv[5], NULL, 0), out, &len))
			rc = failed(s, "key");
	}
	sipsec_aka_free(aka);
	for (i = 0; !rc && i < len; i++)
		printf("%02x%s", out[i], i + 1 < len ? "" : "\n");
	explicit_bzero(out, sizeof(out));
	return rc;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int nr_args;
		int (*run)(struct sipsec *s, char **argv);
	} steps[] = {
		{ "challenge", 4, challenge },
		{ "check", 3, check },
		{ "state", 2, state },
		{ "gone", 2, gone },
		{ "list", 0, list },
		{ "key", 6, key },
	};
	struct sipsec *s;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (argc == steps[i].nr_args + 2 && !strcmp(argv[1], steps[i].name))
			break;
	if (i == sizeof(steps) / sizeof(*steps)) {
		fputs(usage, stderr);
		return 2;
	}
	/* A proxy has one handle in each of its processes. */
	s = sipsec_new();
	if (!s)
		return 1;
	rc = steps[i].run(s, argv + 2);
	sipsec_free(s);
	return rc;
}
