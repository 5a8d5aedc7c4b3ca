// SPDX-License-Identifier: GPL-2.0
/*
 * Clause 11 with random messages, in two ways.
 *
 * Written: an identity is a scheme, a user, a host and a port; it is written in
 * a random one of all its forms, and equals another exactly where the four do.
 *
 * Misread: values put together from pieces at random are read, besides, by
 * readers that are careless in the ways that programs are known to be.  Where
 * the clause is content, each of them reads the identity of the SA, or nothing.
 */
#include <linux/kernel.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "data.h"
#include "guard.h"
#include "identity.h"
#include "tap.h"

static u64 state = 11;

static u32 below(u32 n)
{
	return data_random(&state) % n;
}

static struct sipsec_str str(const char *text)
{
	return (struct sipsec_str){ (const u8 *)text, strlen(text) };
}

static int verdict(const char *message, const struct sipsec_identity_set *ids)
{
	u32 len = strlen(message);
	const u8 *buf = guard_high((const u8 *)message, len);
	struct sipsec_msg msg;

	if (sipsec_msg_parse(buf, len, SIPSEC_MAX_SIZE_DEFAULT, &msg))
		return -1;
	return sipsec_identity_check(buf, &msg, ids);
}

/* What a URI means. */
struct model {
	u32 scheme;	/* sip, sips, tel */
	u32 user, host, port;
};

static const char *const users[] = { "alice", "Alice", "al-ice", "+15550001", "+15550002", "a" };
static const char *const hosts[] = { "a.example", "b.example", "a.example.", "[2001:db8::1]" };
static const char *const ports[] = { "", ":5060", ":5061" };

static bool models_equal(const struct model *a, const struct model *b)
{
	if (a->scheme != b->scheme || a->user != b->user)
		return false;
	return a->scheme == 2 || (a->host == b->host && a->port == b->port);
}

static struct model any_model(void)
{
	struct model m = { below(3), below(ARRAY_SIZE(users)), below(ARRAY_SIZE(hosts)),
			   below(ARRAY_SIZE(ports)) };

	if (m.scheme == 2)
		m.user = 3 + below(2);
	return m;
}

static char either_case(char c)
{
	return below(2) ? toupper(c) : tolower(c);
}

/* One of the forms; params: a sip URI may have some. */
static void write_uri(char *out, const struct model *m, bool params)
{
	static const char *const schemes[] = { "sip:", "sips:", "tel:" };
	static const char *const more[] = { "", "", ";lr", ";transport=%55DP;x=[::1]", ";user=ip" };
	const char *p;

	for (p = schemes[m->scheme]; *p; p++)
		*out++ = either_case(*p);
	for (p = users[m->user]; *p; p++) {
		if (m->scheme == 2) {
			*out++ = *p;
			if (!below(3))
				*out++ = "-.()"[below(4)];
		} else if (*p != '+' && !below(4)) {
			out += sprintf(out, below(2) ? "%%%02x" : "%%%02X", *p);
		} else {
			*out++ = *p;
		}
	}
	*out = '\0';
	if (m->scheme == 2)
		return;
	*out++ = '@';
	if (m->host == 3 && below(2)) {
		out += sprintf(out, "[2001:0dB8:0:0::0:0.0.0.1]");
	} else {
		for (p = hosts[m->host]; *p; p++)
			*out++ = either_case(*p);
	}
	out += sprintf(out, "%s", ports[m->port]);
	if (params)
		sprintf(out, "%s", more[below(ARRAY_SIZE(more))]);
	else
		*out = '\0';
}

static void write_from(char *out, const struct model *m)
{
	static const char *const names[] = {
		"", "Alice", "\"A, B\"", "\"\\\"A\\\"\"", "\"\xc3\xa4\""
	};
	static const char *const spaces[] = { "", " ", "\t", "\r\n ", " \r\n\t" };
	static const char *const params[] = { "", ";tag=1", ";x", ";x=\"a;b\";tag=z" };
	bool brackets = below(2);
	char uri[256];

#define SPACE	spaces[below(ARRAY_SIZE(spaces))]
	write_uri(uri, m, brackets);
	out += sprintf(out, "%s%s", below(2) ? "From" : "f", below(2) ? ":" : " :");
	if (brackets)
		out += sprintf(out, "%s%s%s<%s>", SPACE, names[below(ARRAY_SIZE(names))], SPACE,
			       uri);
	else
		out += sprintf(out, "%s%s", SPACE, uri);
	sprintf(out, "%s%s%s\r\n", SPACE, params[below(ARRAY_SIZE(params))], SPACE);
}

static void written(void)
{
	char a[256], b[256], from[1024], message[2048];
	unsigned int i, same = 0, wrong = 0;

	for (i = 0; i < 100000; i++) {
		struct model m = any_model(), n = below(2) ? m : any_model();
		struct sipsec_identity_set ids = { .nr = 2 };
		bool want;

		/* often, all but one of them are the same */
		if (!below(3)) {
			n = m;
			n.port = below(ARRAY_SIZE(ports));
		}
		want = models_equal(&m, &n);
		same += want;
		write_uri(a, &m, below(2));
		write_uri(b, &n, below(2));
		if (sipsec_impu_equal(str(a), str(b)) != want && !wrong++)
			printf("# %s and %s\n", a, b);
		ids.impu[0] = str("sip:nobody@nowhere.example");
		ids.impu[1] = str(a);
		write_from(from, &n);
		snprintf(message, sizeof(message), "INVITE sip:x SIP/2.0\r\n%s\r\n", from);
		if (verdict(message, &ids) !=
		    (want ? SIPSEC_WHY_OK : SIPSEC_WHY_IDENTITY_FROM) && !wrong++)
			printf("# %s and %s\n", a, from);
	}
	tap_ok(!wrong, "%u pairs of URIs, %u of them the same", i, same);
}

#define ME	"sip:me@h"
#define EVE	"sip:eve@h"
#define IMPI	"me@p"

/* Between the first, or the last, two brackets; without any, up to a delimiter. */
static void read_brackets(const char *value, bool last, char *out)
{
	const char *open = last ? strrchr(value, '<') : strchr(value, '<'), *end;

	if (open) {
		end = strchr(open, '>');
		if (end)
			sprintf(out, "%.*s", (int)(end - open - 1), open + 1);
		return;
	}
	value += strspn(value, " \t\r\n");
	sprintf(out, "%.*s", (int)strcspn(value, ";,? \t\r\n"), value);
}

/*
 * NULL: the string has no end.  escapes: 0, a backslash is nothing; 1, it quotes;
 * 2, a quote behind one does not count.
 */
static const char *after_quotes(const char *value, int escapes)
{
	const char *p = value + 1;

	for (; *p; p++) {
		if (escapes == 1 && *p == '\\' && p[1])
			p++;
		else if (*p == '"' && (escapes != 2 || p[-1] != '\\'))
			return p + 1;
	}
	return NULL;
}

/* Behind the display name in quotes, or each quoted string there is. */
static void read_quotes(const char *value, int escapes, bool each, char *out)
{
	char rest[1024];
	size_t n = 0;

	while (*value) {
		if (*value == '"' && (each || !n)) {
			value = after_quotes(value, escapes);
			if (!value)
				return;
			continue;
		}
		if (each || n || !isspace((u8)*value))
			rest[n++] = *value;
		value++;
	}
	rest[n] = '\0';
	read_brackets(rest, false, out);
}

#define NR_READERS	8

static void misread(int reader, const char *value, char *out)
{
	if (reader < 2)
		read_brackets(value, reader, out);
	else
		read_quotes(value, (reader - 2) % 3, reader - 2 >= 3, out);
}

static void put_pieces(char *out, const char *const *pieces, u32 nr, u32 count)
{
	while (count--)
		out += sprintf(out, "%s", pieces[below(nr)]);
}

static void misread_from(void)
{
	static const char *const pieces[] = {
		"<" ME ">", "<" ME ">", "<" EVE ">", ME, EVE, "<", ">", "\"", "\"", "\\",
		"\\\"", ";", "tag=1", "x", "=", ",", " ", "\r\n ", "a", "?", "@h", ":", "%00",
		"\"a\"", ";tag=1",
	};
	const struct sipsec_identity_set ids = { .nr = 1, .impu = { str(ME) } };
	unsigned int i, good = 0, wrong = 0;
	char value[1024], message[2048], uri[1024];
	int reader;

	for (i = 0; i < 200000; i++) {
		put_pieces(value, pieces, ARRAY_SIZE(pieces), 1 + below(7));
		snprintf(message, sizeof(message), "INVITE sip:x SIP/2.0\r\nf:%s\r\n\r\n", value);
		if (verdict(message, &ids))
			continue;
		good++;
		for (reader = 0; reader < NR_READERS; reader++) {
			uri[0] = '\0';
			misread(reader, value, uri);
			if (strstr(uri, "eve") && !wrong++)
				printf("# reader %d finds %s in %s\n", reader, uri, value);
		}
	}
	tap_ok(!wrong && good > 1000, "From of pieces: %u of %u pass, nobody reads another in them",
	       good, i);
}

/* Digest parameters to one who takes the next quote for the end of a string. */
static bool careless_username(const char *value, bool last, char *out)
{
	bool found = false;
	const char *p = value, *name, *start;
	size_t n;

	p += strspn(p, " \t\r\n");
	p += strcspn(p, " \t\r\n");
	while (*p) {
		name = p += strspn(p, " \t\r\n,");
		p += strcspn(p, "=,");
		n = p - name;
		if (*p != '=')
			continue;
		p += 1 + strspn(p + 1, " \t\r\n");
		start = p;
		if (*p == '"') {
			start = ++p;
			p += strcspn(p, "\"");
		} else {
			p += strcspn(p, ", \t\r\n");
		}
		if (n >= 8 && !strncasecmp(name, "username", 8) && (last || !found)) {
			sprintf(out, "%.*s", (int)(p - start), start);
			found = true;
		}
		p += *p == '"';
	}
	return found;
}

static void misread_username(void)
{
	static const char *const pieces[] = {
		"username=\"" IMPI "\"", "username=\"" IMPI "\"", "username=\"eve\"",
		"username=eve", "username", "=", "\"", "\\\"", "\\", ",", ",", ", ", " ",
		"nonce=\"x\"", "nonce=\"", "x", "\r\n ", "Digest ", "*", "username*=eve",
		"nonce=\"x\\\", username=eve, a=\\\"\"",
	};
	const struct sipsec_identity_set ids = { .impi = str(IMPI) };
	unsigned int i, good = 0, wrong = 0;
	char value[1024], message[2048], name[1024];
	int last;

	for (i = 0; i < 200000; i++) {
		u32 n = sprintf(value, "Digest ");

		put_pieces(value + n, pieces, ARRAY_SIZE(pieces), 1 + below(6));
		snprintf(message, sizeof(message),
			 "INVITE sip:x SIP/2.0\r\nAuthorization: %s\r\n\r\n", value);
		if (verdict(message, &ids))
			continue;
		good++;
		for (last = 0; last < 2; last++) {
			if (careless_username(value, last, name) && strcmp(name, IMPI) && !wrong++)
				printf("# %s found in %s\n", name, value);
		}
	}
	tap_ok(!wrong && good > 1000, "Authorization of pieces: %u of %u pass, the same way", good,
	       i);
}

int main(void)
{
	written();
	misread_from();
	misread_username();
	return tap_done();
}
