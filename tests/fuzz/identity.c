// SPDX-License-Identifier: GPL-2.0
/*
 * Clause 11.  The input is the fields of a request, or, behind an octet 0, two URIs
 * with a NUL between.  Where a request passes, sofia-sip, which many servers read
 * with, finds the same identities in it, or none.
 */
#include <string.h>

#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/su_alloc.h>

#include "field.h"
#include "fuzz.h"
#include "identity.h"

#define STR(text)	{ (const u8 *)(text), sizeof(text) - 1 }
#define IMPI		"alice@p"

static const struct sipsec_identity_set ids = {
	.impi = STR(IMPI),
	.nr = 3,
	.impu = { STR("sip:alice@h"), STR("tel:+1555"), STR("sip:a;b%40@[1::2]:5;user=phone") },
};

static bool ours(const char *uri)
{
	const struct sipsec_str text = { (const u8 *)uri, strlen(uri) };

	for (u32 i = 0; i < ids.nr; i++)
		if (sipsec_impu_equal(ids.impu[i], text))
			return true;
	return sipsec_impu_equal((struct sipsec_str)STR("sip:anonymous@anonymous.invalid"), text);
}

/* A value as a string, folding undone as sofia-sip does before it reads one. */
static char *value(su_home_t *home, const uint8_t *buf, u32 off, u32 end)
{
	char *text = su_zalloc(home, end - off + 1);

	for (u32 i = off; i < end; i++)
		text[i - off] = buf[i] == '\r' || buf[i] == '\n' ? ' ' : (char)buf[i];
	return text;
}

static void sofia_party(su_home_t *home, const char *text)
{
	sip_from_t *from = sip_from_make(home, text);
	char *uri = from ? url_as_string(home, from->a_url) : NULL;

	must(!uri || ours(uri), "sofia-sip reads %s in %s", uri, text);
}

static void sofia_username(su_home_t *home, const char *text)
{
	sip_authorization_t *au = sip_authorization_make(home, text);
	const char *name = au ? msg_params_find(au->au_params, "username=") : NULL;

	must(!name || !strcmp(name, "\"" IMPI "\""), "sofia-sip reads %s in %s", name, text);
}

static void request(const uint8_t *data, size_t size, const char *method)
{
	size_t start = strlen(method) + 12, len = start + size + 4;
	struct sipsec_field f = {};
	struct sipsec_msg msg;
	su_home_t *home;
	uint8_t *buf;

	buf = malloc(len + 1);
	must(buf, "no memory");
	/* the start line, and where the fields lack it, an end */
	sprintf((char *)buf, "%s x SIP/2.0\r\n", method);
	start = strlen((char *)buf);
	memcpy(buf + start, data, size);
	memcpy(buf + start + size, "\r\n\r\n", 4);
	len = start + size + 4;
	buf = realloc(buf, len);
	if (sipsec_msg_parse(buf, len, 16384, &msg) || sipsec_identity_check(buf, &msg, &ids)) {
		free(buf);
		return;
	}
	home = su_home_new(sizeof(*home));
	/* an in-dialog request says nothing of its From */
	if (!strcmp(method, "REGISTER")) {
		if (msg.from.off)
			sofia_party(home, value(home, buf, msg.from.off,
						msg.from.off + msg.from.len));
		if (msg.to.off)
			sofia_party(home, value(home, buf, msg.to.off, msg.to.off + msg.to.len));
		while (sipsec_field_next(buf, &msg, &f))
			if (f.is == SIPSEC_FIELD_AUTHORIZATION)
				sofia_username(home, value(home, buf, f.value - buf, f.end - buf));
	}
	su_home_unref(home);
	free(buf);
}

static void uris(const uint8_t *data, size_t size)
{
	const uint8_t *nul = memchr(data, 0, size);
	size_t len = nul ? nul - data : size, rest = nul ? size - len - 1 : 0;
	uint8_t *a = fuzz_exact(data, len), *b = fuzz_exact(nul ? nul + 1 : data, rest);
	struct sipsec_str one = { a, len }, two = { b, rest };
	bool good = !sipsec_impu_check(one), good_two = !sipsec_impu_check(two);
	bool same = sipsec_impu_equal(one, two);

	must(same == sipsec_impu_equal(two, one), "equal one way");
	must(!same || len > SIPSEC_MAX_IDENTITY || rest > SIPSEC_MAX_IDENTITY || (good && good_two),
	     "equal, and no identities");
	must(!good || sipsec_impu_equal(one, one), "differs from itself");
	sipsec_impi_good(one);
	free(a);
	free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 4096)
		return -1;
	if (size && !data[0]) {
		uris(data + 1, size - 1);
		return 0;
	}
	request(data, size, "REGISTER");
	request(data, size, "INVITE");
	return 0;
}
