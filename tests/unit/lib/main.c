// SPDX-License-Identifier: GPL-2.0
/*
 * libsipsec by its public header alone.  The kernel behind it is faked (fake.c of
 * the tool's tests): it takes SAs and listeners and knows nothing of messages.
 */
#include <errno.h>
#include <libsipsec.h>
#include <stdio.h>
#include <string.h>

#include "tap.h"

void fake_reset(void);

/* TS 35.208, test set 1 */
static const uint8_t k[16] = {
	0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f,
	0xaa, 0x5f, 0x0a, 0x2e, 0xe2, 0x38, 0xa6, 0xbc
};

static const uint8_t opc[16] = {
	0xcd, 0x63, 0xcb, 0x71, 0x95, 0x4a, 0x9f, 0x4e,
	0x48, 0xa5, 0x99, 0x4e, 0x37, 0xa0, 0x2b, 0xaf
};

static const uint8_t rand1[16] = {
	0x23, 0x55, 0x3c, 0xbe, 0x96, 0x37, 0xa8, 0x9d,
	0x21, 0x8a, 0xe6, 0x4d, 0xae, 0x47, 0xbf, 0x35
};

static const uint8_t sqn[6] = { 0xff, 0x9b, 0xb4, 0xd0, 0xb6, 0x07 };

static const uint8_t amf[2] = { 0xb9, 0xb9 };

static const uint8_t res[8] = { 0xa5, 0x42, 0x11, 0xd5, 0xe3, 0xba, 0x50, 0xbf };

#define CK	"b40ba9a3c58b2a05bbf0d987b21bf8cb"
#define IK	"f769bcd751044604127672711c6d3441"
#define CHALLENGE(keys)	\
	"SIP/2.0 401 Unauthorized\r\n" \
	"From: <sip:a@ims.example>;tag=1\r\n" \
	"To: <sip:a@ims.example>;tag=2\r\n" \
	"Call-ID: c\r\n" \
	"CSeq: 1 REGISTER\r\n" \
	"WWW-Authenticate: Digest realm=\"ims.example\"," \
	"nonce=\"I1U8vpY3qJ0hihrk2uR7vzVf8zS0NXe5uUqf/6w1TfoAAA==\",algorithm=AKAv1-MD5" \
	keys "\r\n"
#define KEYS	",ck=\"" CK "\",ik=\"" IK "\""
#define OFFER	"tls, sipsec;ver=1;alg=aes-cmac-96;spi=a001, sipsec;ver=1;alg=aes-gmac;spi=a002"
#define REGISTER(more)	\
	"REGISTER sip:ims.example SIP/2.0\r\nTo: <sip:a@ims.example>\r\n" \
	"Security-Client: " OFFER "\r\n" more "\r\n"

static struct sipsec *s;

/* An error, its text, and that the function did nothing is for others to see. */
static void fails(int got, int err, const char *text)
{
	if (!ok(got == err && strstr(sipsec_error(s), text), "libsipsec: %s", text))
		printf("# %d %s\n", got, sipsec_error(s));
}

struct seen {
	unsigned int nr;
	unsigned int nr_in;
	char alg[SIPSEC_TEXT_SIZE];
	uint64_t spi;
	int end;
};

static int see(const struct sipsec_object *o, void *arg)
{
	struct seen *seen = arg;
	char type[SIPSEC_TEXT_SIZE], small[2];
	uint64_t none;

	seen->nr++;
	if (!sipsec_object_text(o, "type", type, sizeof(type)) && !strcmp(type, "in"))
		seen->nr_in++;
	if (sipsec_object_text(o, "alg", seen->alg, sizeof(seen->alg)) ||
	    sipsec_object_u64(o, "spi", &seen->spi) ||
	    sipsec_object_text(o, "alg", small, sizeof(small)) != -ENOSPC ||
	    sipsec_object_u64(o, "alg", &none) != -ENOENT ||
	    sipsec_object_text(o, "key-file", type, sizeof(type)) != -ENOENT ||
	    sipsec_object_u64(o, "nonsense", &none) != -ENOENT ||
	    sipsec_object_counter(o, "nonsense", &none) != -ENOENT)
		return -EBADMSG;
	return seen->end;
}

static unsigned int nr_sas(void)
{
	static const char *const all[] = { NULL };
	struct seen seen = { 0 };

	return sipsec_sa_dump(s, all, see, &seen) ? ~0U : seen.nr;
}

static void associations(void)
{
	static const char *const add[] = { "in", "spi", "0x1000", "dir", "uplink", NULL };
	static const char *const name[] = { "in", "spi", "4096", NULL };
	static const char *const set[] = { "in", "spi", "0x1000", "budget", "9", NULL };
	static const char *const twice[] = { "in", "spi", "0x1000", "spi", "0x1000", NULL };
	static const char *const file[] = { "in", "spi", "0x1000", "dir", "uplink", "key-file",
					    "-", NULL };
	static const uint8_t key[SIPSEC_KEY_SIZE] = { 1 };
	struct seen seen = { 0 };

	fake_reset();
	ok(!sipsec_open(s) && !nr_sas(), "libsipsec: no SAs");
	fails(sipsec_sa_add(s, twice, key, sizeof(key)), -EINVAL, "spi: given twice");
	fails(sipsec_sa_add(s, file, key, sizeof(key)), -EINVAL, "key-file: give the key itself");
	fails(sipsec_sa_add(s, add, key, 16), -EINVAL, "key: 16 octets, hmac-sha-256-128 takes 32");
	fails(sipsec_sa_add(s, name, key, 32), -EINVAL, "dir: missing");
	fails(sipsec_sa_add(s, NULL, key, 32), -EINVAL, "in or out: missing");
	fails(sipsec_sa_set(s, set), -ENOENT, "spi: no such SA");
	ok(!nr_sas(), "libsipsec: nothing was made");
	ok(!sipsec_sa_add(s, add, key, sizeof(key)) && nr_sas() == 1, "libsipsec: add");
	fails(sipsec_sa_add(s, add, key, sizeof(key)), -EEXIST, "spi: in use");
	ok(!sipsec_sa_replace(s, add, key, sizeof(key)) && nr_sas() == 1, "libsipsec: replace");
	ok(!sipsec_sa_set(s, set), "libsipsec: set");
	ok(!sipsec_sa_get(s, name, see, &seen) && seen.nr_in == 1 && seen.spi == 0x1000 &&
	   !strcmp(seen.alg, "hmac-sha-256-128"), "libsipsec: get");
	seen.end = 7;
	ok(sipsec_sa_get(s, name, see, &seen) == 7, "libsipsec: the caller ends a get");
	ok(sipsec_sa_dump(s, NULL, see, &seen) == 7, "libsipsec: the caller ends a dump");
	ok(!sipsec_sa_del(s, name) && !nr_sas(), "libsipsec: del");
	fails(sipsec_sa_del(s, name), -ENOENT, "spi: no such SA");
}

static int see_listener(const struct sipsec_object *o, void *arg)
{
	char text[SIPSEC_TEXT_SIZE];
	uint64_t port;

	return sipsec_object_u64(o, "port", &port) || port != 5060 ||
	       sipsec_object_text(o, "addr", text, sizeof(text)) || strcmp(text, "::1") ||
	       sipsec_object_text(o, "preset", text, sizeof(text)) || strcmp(text, arg);
}

static void listeners(void)
{
	static const char *const add[] = { "addr", "::1", "port", "5060", "dir", "uplink", NULL };
	static const char *const set[] = { "addr", "::1", "port", "5060", "preset", "open", NULL };
	static const char *const again[] = {
		"addr", "::1", "port", "5060", "dir", "downlink", NULL
	};
	static const char *const name[] = { "addr", "::1", "port", "5060", NULL };

	fake_reset();
	ok(!sipsec_listener_add(s, add) && !sipsec_listener_dump(s, see_listener, "ims"),
	   "libsipsec: a listener");
	ok(!sipsec_listener_set(s, set) && !sipsec_listener_dump(s, see_listener, "open"),
	   "libsipsec: set a listener");
	fails(sipsec_listener_add(s, again), -EEXIST,
	      "port: there is a listener at this address and port");
	ok(!sipsec_listener_replace(s, again) && !sipsec_listener_dump(s, see_listener, "ims"),
	   "libsipsec: replace a listener");
	ok(!sipsec_listener_del(s, name), "libsipsec: del a listener");
	fails(sipsec_listener_del(s, name), -ENOENT, "port: no such listener");
}

static void agreement(void)
{
	static const char reg[] = REGISTER("");
	char client[SIPSEC_VALUE_SIZE], offer[SIPSEC_VALUE_SIZE], second[2048];
	struct sipsec_agreement *a = NULL, *v = NULL;
	uint32_t spi = 0;

	fake_reset();
	ok(!sipsec_draw_spi(s, &spi) && spi > 255, "libsipsec: an SPI");
	ok(!sipsec_agree_client(s, "uia2,aes-gmac", 0xa001, client, sizeof(client)) &&
	   !strcmp(client, "sipsec;ver=1;alg=aes-gmac;spi=a001;q=0.9, "
		   "sipsec;ver=1;alg=uia2;spi=a001;q=0.8"), "libsipsec: Security-Client");
	ok(!sipsec_agree_offer(s, "uia2", offer, sizeof(offer)) &&
	   !strcmp(offer, "sipsec;ver=1;alg=uia2;q=0.9"), "libsipsec: the offer of a 494");
	fails(sipsec_agree_offer(s, NULL, offer, 8), -ENOSPC, "security-server: does not fit");
	/* the first would fit */
	fails(sipsec_agree_offer(s, "aes-gmac,uia2", offer, 40), -ENOSPC,
	      "security-server: does not fit");
	ok(!strcmp(offer, "sipsec;ver=1;alg=uia2;q=0.9"), "libsipsec: nothing is written of it");
	fails(sipsec_agree_offer(s, "rot13", offer, 8), -EINVAL, "alg: no such algorithm");
	fails(sipsec_agree_client(s, NULL, 9, client, sizeof(client)), -EINVAL, "spi: 0 to 255");

	ok(!sipsec_agree_server(s, reg, sizeof(reg) - 1, NULL, 0xb001, &a) &&
	   !strcmp(sipsec_agreement_alg(a), "aes-gmac") &&
	   sipsec_agreement_spi_uplink(a) == 0xb001 && sipsec_agreement_spi_downlink(a) == 0xa002 &&
	   !strcmp(sipsec_agreement_received(a), OFFER) &&
	   !strcmp(sipsec_agreement_value(a), "sipsec;ver=1;alg=aes-gmac;spi=b001;q=0.9"),
	   "libsipsec: the P-CSCF's choice");
	ok(!sipsec_agree_verify(s, sipsec_agreement_value(a), strlen(sipsec_agreement_value(a)),
				NULL, &v) && sipsec_agreement_spi_uplink(v) == 0xb001 &&
	   !sipsec_agreement_spi_downlink(v) &&
	   !strcmp(sipsec_agreement_value(v), sipsec_agreement_value(a)),
	   "libsipsec: the UE's choice");
	snprintf(second, sizeof(second), REGISTER("Security-Verify: %s\r\n"),
		 sipsec_agreement_value(v));
	ok(!sipsec_agree_check(s, second, strlen(second), OFFER, strlen(OFFER),
			       sipsec_agreement_value(a), strlen(sipsec_agreement_value(a))),
	   "libsipsec: what was said is what was agreed");
	fails(sipsec_agree_check(s, second, strlen(second), "tls", 3,
				 sipsec_agreement_value(a), strlen(sipsec_agreement_value(a))),
	      -EKEYREJECTED, "security-client: differs");
	fails(sipsec_agree_server(s, "tls", 3, NULL, 0, &a), -EPROTONOSUPPORT, "no algorithm");
	fails(sipsec_agree_server(s, "", 0, NULL, 0, &a), -ENOMSG, "security-client: missing");
	fails(sipsec_agree_server(s, "sipsec", 6, NULL, 0, &a), -EBADMSG, "ver: missing");
	sipsec_agreement_free(a);
	sipsec_agreement_free(v);
	sipsec_agreement_free(NULL);
}

static void pairs(void)
{
	static const char response[] = CHALLENGE(KEYS) "\r\n", bare[] = CHALLENGE("") "\r\n";
	static const char want[] = CHALLENGE("")
		"Security-Server: sipsec;ver=1;alg=aes-gmac;spi=b001;q=0.9\r\n\r\n";
	static const char *const words[] = { "peer", "192.0.2.7", "port", "5060", "spi-uplink",
					     "0xb001", NULL };
	static const char *const file[] = { "peer", "192.0.2.7", "port", "5060", "message", "x",
					    NULL };
	static const char reg[] = REGISTER("");
	struct sipsec_pair *pair = NULL;
	const void *message;
	size_t len;

	fake_reset();
	fails(sipsec_pair_make(s, words, bare, sizeof(bare) - 1, reg, sizeof(reg) - 1, &pair),
	      -EBADMSG, "ck: missing");
	fails(sipsec_pair_make(s, words, response, sizeof(response) - 1, "tls", 3, &pair),
	      -EPROTONOSUPPORT, "security-client: no algorithm in common");
	fails(sipsec_pair_make(s, words, response, sizeof(response) - 1, NULL, 0, &pair),
	      -EINVAL, "spi-downlink: missing");
	fails(sipsec_pair_make(s, file, response, sizeof(response) - 1, "tls", 3, &pair),
	      -EINVAL, "message: give the message itself");
	ok(!pair && !nr_sas(), "libsipsec: no pair was made");
	ok(!sipsec_pair_make(s, words, response, sizeof(response) - 1, reg, sizeof(reg) - 1, &pair),
	   "libsipsec: a pair");
	if (!pair)
		return;
	message = sipsec_pair_challenge(pair, &len);
	ok(len == sizeof(want) - 1 && !memcmp(message, want, len), "libsipsec: the 401 for the UE");
	ok(nr_sas() == 2 && sipsec_pair_spi_uplink(pair) == 0xb001 &&
	   sipsec_pair_spi_downlink(pair) == 0xa002 &&
	   !strcmp(sipsec_pair_alg(pair), "aes-gmac") &&
	   !strcmp(sipsec_pair_security_client(pair), OFFER) &&
	   !strcmp(sipsec_pair_security_server(pair), "sipsec;ver=1;alg=aes-gmac;spi=b001;q=0.9"),
	   "libsipsec: what the pair is");
	fails(sipsec_pair_make(s, words, response, sizeof(response) - 1, reg, sizeof(reg) - 1,
			       &pair), -EEXIST, "spi: in use");
	ok(nr_sas() == 2, "libsipsec: an SPI in use changes nothing");
	sipsec_pair_free(pair);
	sipsec_pair_free(NULL);
}

static bool is(const struct sipsec_aka *aka, enum sipsec_aka_value value, const void *want,
	       size_t want_len)
{
	size_t len;
	const void *got = sipsec_aka_get(aka, value, &len);

	return got && len == want_len && !memcmp(got, want, len);
}

static void aka(void)
{
	uint8_t autn[16], key[SIPSEC_KEY_SIZE], ck[16], ik[16];
	struct sipsec_aka *home = NULL, *usim = NULL;
	const void *p;
	size_t len;

	if (!ok(!sipsec_aka_milenage(s, k, opc, 1, &home) &&
		!sipsec_aka_milenage(s, k, opc, 1, &usim), "libsipsec: MILENAGE"))
		return;
	ok(!sipsec_aka_get(home, SIPSEC_AKA_RES, &len) && !len, "libsipsec: nothing computed");
	ok(!sipsec_aka_vector(s, home, rand1, sqn, amf) && is(home, SIPSEC_AKA_RES, res, 8),
	   "libsipsec: RES of test set 1");
	p = sipsec_aka_get(home, SIPSEC_AKA_AUTN, &len);
	if (!ok(p && len == 16, "libsipsec: AUTN"))
		return;
	memcpy(autn, p, 16);
	ok(!sipsec_aka_answer(s, usim, rand1, autn, 16) && is(usim, SIPSEC_AKA_RES, res, 8) &&
	   is(usim, SIPSEC_AKA_SQN, sqn, 6) && is(usim, SIPSEC_AKA_AMF, amf, 2),
	   "libsipsec: a USIM's answer");
	memcpy(ck, sipsec_aka_get(usim, SIPSEC_AKA_CK, &len), 16);
	memcpy(ik, sipsec_aka_get(usim, SIPSEC_AKA_IK, &len), 16);
	autn[15] ^= 1;
	fails(sipsec_aka_answer(s, usim, rand1, autn, 16), -EKEYREJECTED, "autn: MAC-A differs");
	ok(!sipsec_aka_get(usim, SIPSEC_AKA_RES, &len), "libsipsec: nothing of a wrong AUTN");
	fails(sipsec_aka_answer(s, usim, rand1, autn, 15), -EINVAL, "autn: its length");
	ok(!sipsec_aka_auts(s, usim, rand1, sqn) &&
	   (p = sipsec_aka_get(usim, SIPSEC_AKA_AUTS, &len)) &&
	   !sipsec_aka_resync(s, home, rand1, p, len) && is(home, SIPSEC_AKA_SQN, sqn, 6),
	   "libsipsec: resynchronisation");
	len = sizeof(key);
	ok(!sipsec_derive_key(s, "aes-gmac", ck, 16, ik, 16, SIPSEC_UPLINK, 0x1000, key, &len) &&
	   len == 20, "libsipsec: the key of an SA");
	len = sizeof(key);
	fails(sipsec_derive_key(s, "rot13", ck, 16, ik, 16, SIPSEC_UPLINK, 0x1000, key, &len),
	      -EINVAL, "alg: unknown algorithm");
	len = 4;
	fails(sipsec_derive_key(s, "aes-gmac", ck, 16, ik, 16, SIPSEC_UPLINK, 0x1000, key, &len),
	      -ENOSPC, "key: does not fit");
	fails(sipsec_aka_tuak(s, k, 7, key, 1, &usim), -EINVAL, "k: must be");
	sipsec_aka_free(home);
	sipsec_aka_free(usim);
	sipsec_aka_free(NULL);
}

int main(void)
{
	s = sipsec_new();
	if (!ok(s && sipsec_library_version() == LIBSIPSEC_VERSION &&
		sipsec_library_release()[0] && !sipsec_error(s)[0], "libsipsec: a handle"))
		return tap_done();
	associations();
	listeners();
	agreement();
	pairs();
	aka();
	sipsec_free(s);
	sipsec_free(NULL);
	return tap_done();
}
