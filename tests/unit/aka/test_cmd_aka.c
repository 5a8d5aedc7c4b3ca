// SPDX-License-Identifier: GPL-2.0
/* sipsec aka as a command: what it prints, what it refuses, and with which status. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

#include "capture.h"
#include "cmd_aka.h"
#include "msg.h"
#include "tap.h"
#include "vec.h"

/* TS 35.208 set 1 */
#define K	"465b5ce8b199b49faa5f0a2ee238a6bc"
#define OP	"cdc202d5123e20f62b6d676ac72cb318"
#define OPC	"cd63cb71954a9f4e48a5994e37a02baf"
#define RAND	"23553cbe9637a89d218ae64dae47bf35"
#define AUTN	"55f328b43577b9b94a9ffac354dfafb3"
#define AUTS	"ba853f3c123ccf44e93596e355c6"
#define SQN	"ff9bb4d0b607"
#define VECTOR	"res: a54211d5e3ba50bf\n" \
		"ck: b40ba9a3c58b2a05bbf0d987b21bf8cb\n" \
		"ik: f769bcd751044604127672711c6d3441\n" \
		"ak: aa689c648370\n" \
		"autn: " AUTN "\n" \
		"auts: " AUTS "\n"
#define SECRETS	"# set 1\nk = " K "\n\nopc = " OPC "\n"

/* TS 35.233 set 1: its RES has 32 bits */
#define TUAK_SECRETS \
	"k = abababababababababababababababab\n" \
	"top = 5555555555555555555555555555555555555555555555555555555555555555\n"

#define TUAK_BASE	"secrets - rand 42424242424242424242424242424242 "
#define TUAK_VECTOR \
	"res: 657acd64\n" \
	"ck: d71a1e5c6caffe986a26f783e5c78be1\n" \
	"ik: be849fa2564f869aecee6f62d4337e72\n" \
	"ak: 719f1e9b9054\n" \
	"autn: 608e0f8a8145fffff9a54e6aeaa8618d\n" \
	"auts: f6be7a2c1f29a31fbcf6547c4682\n"

#define MAX_ARGS	32

static struct capture cap;

/* Words are separated by one space. */
static int run(const char *words, const char *input)
{
	char text[1024], *argv[MAX_ARGS + 1], *save = NULL, *word;
	int argc = 0;

	snprintf(text, sizeof(text), "aka %s", words);
	for (word = strtok_r(text, " ", &save); word && argc < MAX_ARGS;
	     word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	argv[argc] = NULL;
	return capture_cmd(&cap, cmd_aka, argv, input);
}

static void gives(const char *words, const char *input, const char *out)
{
	int rc = run(words, input);

	if (!ok(rc == EXIT_OK && !strcmp(cap.out, out) && !cap.err[0], "%s", words))
		printf("# status %d\n# out %s\n# err %s\n", rc, cap.out, cap.err);
}

/* One line on stderr, perhaps with the usage after it. */
static void refuses(const char *words, const char *input, int want, const char *err)
{
	int rc = run(words, input);

	if (!ok(rc == want && !strncmp(cap.err, err, strlen(err)) && !cap.out[0] &&
		!strstr(cap.err, "465b5ce8"), "refused: %s: %.40s", words, err))
		printf("# status %d\n# out %s\n# err %s\n", rc, cap.out, cap.err);
}

#define BASE	"secrets - rand " RAND " "
#define SA	" alg hmac-sha-256-128 dir uplink spi 0x4f1a22c0"

static void vectors(void)
{
	gives(BASE "sqn " SQN " amf b9b9", SECRETS, VECTOR);
	gives("milenage " BASE "sqn " SQN " amf b9b9", SECRETS, VECTOR);
	gives(BASE "sqn " SQN " amf b9b9", "op=" OP "\r\n\tk\t=\t" K "\r\n", VECTOR);
	gives(BASE "autn " AUTN, SECRETS, "sqn: " SQN "\namf: b9b9\n" VECTOR);
	gives(BASE "autn " AUTN " sqn-ms ff9bb4d0b606", SECRETS,
	      "sqn: " SQN "\namf: b9b9\n"
	      "res: a54211d5e3ba50bf\nck: b40ba9a3c58b2a05bbf0d987b21bf8cb\n"
	      "ik: f769bcd751044604127672711c6d3441\nak: aa689c648370\nautn: " AUTN "\n"
	      "auts: ba853f3c123d7af7dbf475d9b3aa\n");
	gives(BASE "auts " AUTS, SECRETS, "sqn-ms: " SQN "\n");
	gives("tuak " TUAK_BASE "sqn 111111111111 amf ffff res-bits 32", TUAK_SECRETS,
	      TUAK_VECTOR);
	gives(TUAK_BASE "autn 608e0f8a8145fffff9a54e6aeaa8618d res-bits 32", TUAK_SECRETS,
	      "sqn: 111111111111\namf: ffff\n" TUAK_VECTOR);
}

static void stale(void)
{
	int rc = run(BASE "autn " AUTN " sqn-ms " SQN, SECRETS);

	ok(rc == EXIT_REFUSED &&
	   !strcmp(cap.out, "sqn: " SQN "\namf: b9b9\nauts: " AUTS "\n") &&
	   strstr(cap.err, "sipsec: aka: sqn: not above sqn-ms"), "a stale SQN: AUTS, no keys");
}

static void refusals(void)
{
	const char *set = SECRETS;

	refuses(BASE "autn 55f328b43577b9b94a9ffac354dfafb2", set, EXIT_REFUSED,
		"sipsec: aka: autn: MAC-A differs\n");
	refuses(BASE "auts ba853f3c123ccf44e93596e355c7", set, EXIT_REFUSED,
		"sipsec: aka: auts: MAC-S differs\n");
	refuses(BASE "autn " AUTN "00", set, EXIT_USAGE, "sipsec: aka: autn: its length");
	refuses("", set, EXIT_USAGE, "usage: ");
	refuses(BASE "k " K " sqn " SQN " amf b9b9", set, EXIT_USAGE,
		"sipsec: aka: k: goes into the secrets file");
	refuses("opc " OPC, set, EXIT_USAGE, "sipsec: aka: opc: goes into");
	refuses("foo bar", set, EXIT_USAGE, "sipsec: aka: foo: unknown word\nusage: ");
	refuses(K, set, EXIT_USAGE, "sipsec: aka: (a key?): unknown word\nusage: ");
	refuses("k=" K, set, EXIT_USAGE, "sipsec: aka: k: unknown word\nusage: ");
	refuses("rand", set, EXIT_USAGE, "sipsec: aka: rand: its value is missing");
	refuses(BASE "rand " RAND, set, EXIT_USAGE, "sipsec: aka: rand: given twice");
	refuses("rand " RAND, set, EXIT_USAGE, "sipsec: aka: secrets: missing");
	refuses("secrets -", set, EXIT_USAGE, "sipsec: aka: rand: missing");
	refuses("secrets /nonexistent/file rand " RAND " autn " AUTN, set, EXIT_REFUSED,
		"sipsec: aka: secrets: /nonexistent/file: No such file");
	refuses("secrets - rand 00 autn " AUTN, set, EXIT_USAGE,
		"sipsec: aka: rand: must be 16 octets, not 1\n");
	refuses("secrets - rand 0g autn " AUTN, set, EXIT_USAGE, "sipsec: aka: rand: must be hex");
	refuses(BASE, set, EXIT_USAGE, "sipsec: aka: autn: give exactly one");
	refuses(BASE "autn " AUTN " sqn " SQN " amf b9b9", set, EXIT_USAGE,
		"sipsec: aka: autn: give exactly one");
	refuses(BASE "sqn " SQN, set, EXIT_USAGE, "sipsec: aka: amf: missing");
	refuses(BASE "amf b9b9", set, EXIT_USAGE, "sipsec: aka: sqn: missing");
	refuses(BASE "auts " AUTS " sqn-ms " SQN, set, EXIT_USAGE, "sipsec: aka: sqn-ms: comes");
	refuses(BASE "autn " AUTN " alg foo", set, EXIT_USAGE, "sipsec: aka: alg: unknown");
	refuses(BASE "autn " AUTN " alg uia1", set, EXIT_USAGE, "sipsec: aka: dir: missing");
	refuses(BASE "autn " AUTN " alg uia1 dir uplink", set, EXIT_USAGE,
		"sipsec: aka: spi: missing");
	refuses(BASE "autn " AUTN " dir uplink", set, EXIT_USAGE, "sipsec: aka: alg: missing");
	refuses(BASE "autn " AUTN " dir up", set, EXIT_USAGE, "sipsec: aka: dir: must be");
	refuses(BASE "autn " AUTN " spi 255", set, EXIT_USAGE, "sipsec: aka: spi: 0 to 255");
	refuses(BASE "autn " AUTN " spi 4f1a22c0", set, EXIT_USAGE, "sipsec: aka: spi: must be");
	refuses(BASE "auts " AUTS SA, set, EXIT_USAGE, "sipsec: aka: alg: auts gives no key");
	refuses("tuak " BASE "autn " AUTN, set, EXIT_USAGE, "sipsec: aka: opc: is for milenage");
	refuses("tuak milenage", set, EXIT_USAGE, "sipsec: aka: milenage: milenage or tuak");
	refuses(BASE "autn " AUTN " mac-bits 64", set, EXIT_USAGE,
		"sipsec: aka: mac-bits: is for tuak");
	refuses(BASE "autn " AUTN " mac-bits 96", set, EXIT_USAGE,
		"sipsec: aka: mac-bits: no such length");
	refuses(BASE "autn " AUTN " res-bits -1", set, EXIT_USAGE,
		"sipsec: aka: res-bits: must be a number");
	refuses(BASE "autn " AUTN " iterations 0", TUAK_SECRETS, EXIT_USAGE,
		"sipsec: aka: iterations: must be 1 to 255");
}

static void bad_secrets(void)
{
	const char *words = BASE "autn " AUTN;

	refuses(words, "", EXIT_REFUSED, "sipsec: aka: secrets: k: missing");
	refuses(words, "k = " K "\n", EXIT_REFUSED, "sipsec: aka: secrets: op, opc, top");
	refuses(words, "opc = " OPC "\n", EXIT_REFUSED, "sipsec: aka: secrets: k: missing");
	refuses(words, SECRETS "op = " OP "\n", EXIT_REFUSED,
		"sipsec: aka: secrets: more than one");
	refuses(words, SECRETS "k = " K, EXIT_REFUSED,
		"sipsec: aka: secrets: line 5: k: given twice\n");
	refuses(words, SECRETS "K = " K, EXIT_REFUSED,
		"sipsec: aka: secrets: line 5: unknown name");
	refuses(words, "# c\n" K "\n", EXIT_REFUSED, "sipsec: aka: secrets: line 2: must be name");
	refuses(words, "k = 0x" K "\n", EXIT_REFUSED, "sipsec: aka: secrets: line 1: k: must be");
	refuses(words, "k =\n", EXIT_REFUSED, "sipsec: aka: secrets: line 1: k: must be");
	refuses(words, "= 00\n", EXIT_REFUSED, "sipsec: aka: secrets: line 1: unknown name");
	refuses(words, "k = " K K "00\n", EXIT_REFUSED, "sipsec: aka: secrets: line 1: k: must");
	refuses(words, "k = 00\nopc = " OPC "\n", EXIT_REFUSED, "sipsec: aka: k: must be 16");
	refuses(words, "k = " K "\nop = 00\n", EXIT_REFUSED, "sipsec: aka: op: must be 16");
	refuses(words, "k = " K "\ntopc = 00\n", EXIT_REFUSED, "sipsec: aka: topc: must be 32");
}

static void sa_keys(void)
{
	char dir[] = "/tmp/unit-aka.XXXXXX", file[64], words[512], text[128] = "";
	struct stat st;
	FILE *f;

	/* HMAC-SHA-256 of S under CK and IK, by Python's hmac */
	gives(BASE "sqn " SQN " amf b9b9" SA, SECRETS,
	      VECTOR "key: 4b88a4103cf8970b302c6a9e5e147523833d7bc317a9a17771112495841f45f2\n");
	gives(BASE "sqn " SQN " amf b9b9 alg hmac-sha-1-96 dir downlink spi 0x100", SECRETS,
	      VECTOR "key: f769bcd751044604127672711c6d344100000000\n");

	if (!mkdtemp(dir))
		abort();
	snprintf(file, sizeof(file), "%s/key", dir);
	snprintf(words, sizeof(words), BASE "autn " AUTN SA " key-file %s", file);
	gives(words, SECRETS, "sqn: " SQN "\namf: b9b9\n" VECTOR);
	f = fopen(file, "r");
	ok(f && fgets(text, sizeof(text), f) &&
	   !strcmp(text, "4b88a4103cf8970b302c6a9e5e147523833d7bc317a9a17771112495841f45f2\n"),
	   "the key file has the key");
	if (f)
		fclose(f);
	ok(!stat(file, &st) && (st.st_mode & 07777) == 0600, "the key file has mode 0600");
	is_int(run(words, SECRETS), EXIT_REFUSED, "a key file that exists is refused");
	ok(!strncmp(cap.err, "sipsec: aka: key-file: ", 23) && !cap.out[0],
	   "and named, and nothing is printed");
	unlink(file);
	rmdir(dir);
}

static void json(void)
{
	struct json_object *o, *v;

	opt_json = true;
	is_int(run(BASE "autn " AUTN SA, SECRETS), EXIT_OK, "JSON");
	o = json_tokener_parse(cap.out);
	ok(o && json_object_object_length(o) == 9, "one object of nine values");
	ok(json_object_object_get_ex(o, "ik", &v) &&
	   !strcmp(json_object_get_string(v), "f769bcd751044604127672711c6d3441"), "ik in JSON");
	json_object_put(o);
	is_int(run(BASE "autn " AUTN "00", SECRETS), EXIT_USAGE, "JSON and a bad AUTN");
	ok(!cap.out[0], "prints nothing");
	opt_json = false;
}

void test_cmd_aka(void)
{
	vectors();
	stale();
	refusals();
	bad_secrets();
	sa_keys();
	json();
}
