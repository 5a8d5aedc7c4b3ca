// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "config.h"
#include "core/alg.h"
#include "core/limits.h"
#include "hex.h"
#include "msg.h"
#include "sa_key.h"
#include "secret.h"

#define WHERE_MAX	512

struct reader {
	struct config *c;
	struct keyring *keys;
	const char *what;
	char dir[PATH_MAX];	/* of the file */
	time_t written;		/* it; 0: standard input */
	bool shared;		/* others than its owner have access to it */
	unsigned int line;
};

static const char *where(const struct reader *r, char text[WHERE_MAX])
{
	snprintf(text, WHERE_MAX, "%s: %.400s:%u", r->what, r->c->name, r->line);
	return text;
}

static int refuse(const struct reader *r, const char *object, const char *reason)
{
	char text[WHERE_MAX];

	err_msg("%s: %.16s: %s", where(r, text), object, reason);
	return -EINVAL;
}

/*
 * SAs by name.  Inbound: the SPI; outbound: SPI and peer.
 */

static bool same_sa(const struct sa *a, const struct sa *b)
{
	if (a->type != b->type || a->spi != b->spi)
		return false;
	return a->type == SIPSEC_SA_INBOUND ||
	       (a->port == b->port && addr_equal(&a->addr, &b->addr));
}

static uint32_t hash_sa(const struct sa *sa)
{
	uint32_t h = sa->spi * 2654435761u + sa->type;
	unsigned int i;

	if (sa->type == SIPSEC_SA_OUTBOUND) {
		h += sa->port;
		for (i = 0; i < sa->addr.len; i++)
			h = (h ^ sa->addr.octets[i]) * 16777619;
	}
	return h ^ h >> 15;
}

/* Where it is in the index, or the free place where it would be. */
static uint32_t *place(const struct config *c, const struct sa *sa)
{
	uint32_t i = hash_sa(sa) & (c->index_size - 1);

	while (c->index[i] && !same_sa(&c->sas[c->index[i] - 1].sa, sa))
		i = (i + 1) & (c->index_size - 1);
	return &c->index[i];
}

static int grow_index(struct config *c)
{
	const uint32_t size = c->index_size ? 4 * c->index_size : 64;
	uint32_t *index = calloc(size, sizeof(*index));
	unsigned int i;

	if (!index)
		return -ENOMEM;
	free(c->index);
	c->index = index;
	c->index_size = size;
	for (i = 0; i < c->nr_sas; i++)
		*place(c, &c->sas[i].sa) = i + 1;
	return 0;
}

struct config_sa *config_find_sa(const struct config *c, const struct sa *sa)
{
	uint32_t nr = c->index_size ? *place(c, sa) : 0;

	return nr ? &c->sas[nr - 1] : NULL;
}

struct config_listener *config_find_listener(const struct config *c, const struct listener *l)
{
	unsigned int i;

	for (i = 0; i < c->nr_listeners; i++)
		if (c->listeners[i].l.port == l->port &&
		    addr_equal(&c->listeners[i].l.addr, &l->addr))
			return &c->listeners[i];
	return NULL;
}

/* Room for one more at the end, made in powers of two; NULL: no memory. */
static void *grow(void *array, unsigned int nr, size_t size)
{
	if (nr & (nr - 1))
		return array;
	return realloc(array, (nr ? 2 * (size_t)nr : 1) * size);
}

/*
 * Lines
 */

/* What the line does not say, but for the variant, gets the default's value. */
static void fill(const struct grammar *g, void *object, const void *defaults)
{
	const struct word *w;

	for (w = g->words; w->name; w++)
		if (!object_has(object, w->attr))
			memcpy((char *)object + w->off, (const char *)defaults + w->off,
			       word_size(w));
}

/*
 * What the table of words cannot see and the kernel would refuse: told before
 * anything is done.
 */
static const char *check_sa(const struct sa *sa)
{
	const struct sipsec_alg *alg = sipsec_alg_by_nr(sa->alg);

	if (sa->spi <= SIPSEC_SPI_RESERVED)
		return "spi: 0 to 255 are reserved";
	if (sa_has(sa, SIPSEC_A_SA_WINDOW) && sa->window &&
	    (sa->window < SIPSEC_WINDOW_MIN || sa->window > SIPSEC_WINDOW_MAX))
		return "window: must be 0 or 32 to 4096";
	if (sa_has(sa, SIPSEC_A_SA_PORT) && !sa_has(sa, SIPSEC_A_SA_ADDR4))
		return "port: needs an address";
	if (sa_has(sa, SIPSEC_A_SA_SEQ) && sa->seq > sipsec_alg_seq_max(alg))
		return "seq: above the algorithm's last";
	if (sa_has(sa, SIPSEC_A_SA_SEQ) && !sa->seq && sa->type == SIPSEC_SA_OUTBOUND)
		return "seq: 0 is never sent";
	if (sa_has(sa, SIPSEC_A_SA_TEMPORARY_SECONDS) && !sa->temporary_seconds)
		return "temporary-seconds: at least 1";
	if (sa_has(sa, SIPSEC_A_SA_PAIR) && sa_has(sa, SIPSEC_A_SA_IMPU))
		return "impu: given with the inbound SA of the pair";
	return NULL;
}

/* The words are gone with their line: keep texts, most SAs have none. */
static int keep_texts(struct sa *sa)
{
	struct texts *impus = NULL;
	unsigned int i;

	if (sa->impi) {
		sa->impi = strdup(sa->impi);
		if (!sa->impi) {
			sa->impus = NULL;
			return -ENOMEM;
		}
	}
	if (sa->impus->nr) {
		impus = calloc(1, sizeof(*impus));
		for (i = 0; impus && i < sa->impus->nr; i++) {
			impus->of[i] = strdup(sa->impus->of[i]);
			if (!impus->of[i])
				break;
			impus->nr++;
		}
		if (!impus || impus->nr < sa->impus->nr) {
			sa->impus = impus;
			return -ENOMEM;
		}
	}
	sa->impus = impus;
	return 0;
}

static void free_texts(struct sa *sa)
{
	unsigned int i;

	for (i = 0; sa->impus && i < sa->impus->nr; i++)
		free((char *)sa->impus->of[i]);
	free(sa->impus);
	free((char *)sa->impi);
}

/*
 * Without seq an outbound SA begins at UNIX time * 2^24 (diff.c).  A clock that was lost,
 * as of a host without a battery, would begin at each boot where it has begun before.
 */
static bool clock_is_lost(const struct reader *r, const struct sa *sa)
{
	const struct sipsec_alg *alg = sipsec_alg_by_nr(sa->alg);

	return sa->type == SIPSEC_SA_OUTBOUND && !sa_has(sa, SIPSEC_A_SA_SEQ) && alg &&
	       alg->nonce && time(NULL) < r->written;
}

static int take_sa(struct reader *r, int n, char **words)
{
	char error[WORD_ERROR_MAX], text[WHERE_MAX], what[WHERE_MAX + 16], name[SA_NAME_MAX];
	struct config *c = r->c;
	struct config_sa *s, *other;
	struct texts impus = { 0 };
	struct sa defaults;
	const char *reason;
	int err;

	s = grow(c->sas, c->nr_sas, sizeof(*s));
	if (!s)
		return -ENOMEM;
	c->sas = s;
	s += c->nr_sas;
	memset(s, 0, sizeof(*s));
	s->line = r->line;
	s->sa.impus = &impus;
	if (words_parse(&sa_grammar, USE_ADD, n, words, &s->sa, error))
		return refuse(r, "sa", error);
	if (!strcmp(s->sa.key_file, "-"))
		return refuse(r, "sa", "key-file: must be a file, in a file");

	snprintf(what, sizeof(what), "%s: key-file", where(r, text));
	err = sa_read_key(&s->sa, r->keys, what, r->dir);
	if (err)
		return err == -ENOMEM ? -EIO : err;
	s->sa.key_file = NULL;
	reason = check_sa(&s->sa);
	if (reason)
		return refuse(r, "sa", reason);
	s->clock_is_lost = clock_is_lost(r, &s->sa);
	sa_defaults(&s->sa, &defaults);
	defaults.key_file = NULL;
	defaults.impus = &impus;
	fill(&sa_grammar, &s->sa, &defaults);

	other = config_find_sa(c, &s->sa);
	if (other) {
		snprintf(error, sizeof(error), "%s: is on line %u already",
			 sa_name(&s->sa, name), other->line);
		return refuse(r, "sa", error);
	}
	if (2 * (c->nr_sas + 1) > c->index_size) {
		err = grow_index(c);
		if (err)
			return err;
	}
	err = keep_texts(&s->sa);
	if (err) {
		free_texts(&s->sa);
		return err;
	}
	*place(c, &s->sa) = c->nr_sas + 1;
	c->nr_sas++;
	return 0;
}

static int take_listener(struct reader *r, int n, char **words)
{
	char error[WORD_ERROR_MAX], text[WHERE_MAX], name[ADDR_TEXT_MAX];
	struct config *c = r->c;
	struct config_listener *l, *other;
	struct listener defaults;
	unsigned int i;

	l = grow(c->listeners, c->nr_listeners, sizeof(*l));
	if (!l)
		return -ENOMEM;
	c->listeners = l;
	l += c->nr_listeners;
	memset(l, 0, sizeof(*l));
	l->line = r->line;
	if (words_parse(&listener_grammar, USE_ADD, n, words, &l->l, error))
		return refuse(r, "listen", error);
	/* Who knows it can write what the kernel alone should (clause 12). */
	if (l->l.word[0] && r->shared) {
		warn_msg("%s: listen: word: others have access to the file: chmod 600",
			 where(r, text));
		r->shared = false;
	}
	other = config_find_listener(c, &l->l);
	if (other) {
		snprintf(error, sizeof(error), "%s: is on line %u already",
			 addr_port_text(&l->l.addr, l->l.port, name), other->line);
		return refuse(r, "listen", error);
	}
	listener_defaults(l->l.direction, &defaults);
	fill(&listener_grammar, &l->l, &defaults);
	for (i = 0; i < SIPSEC_NR_CLASSES; i++) {
		if (l->l.actions.has >> i & 1)
			continue;
		l->l.actions.has |= defaults.actions.has & 1U << i;
		l->l.actions.of[i] = defaults.actions.of[i];
	}
	c->nr_listeners++;
	return 0;
}

static int take_line(struct reader *r, char *line)
{
	static const char blank[] = " \t\r\n";
	char *words[WORD_MAX_WORDS];
	int n = 0;

	for (line += strspn(line, blank); *line && *line != '#'; line += strspn(line, blank)) {
		if (n == WORD_MAX_WORDS)
			return refuse(r, words[0], "too many words");
		/* a word that begins with "#", or with "\#" */
		if (line[0] == '\\' && (line[1] == '#' || !strncmp(line + 1, "\\#", 2)))
			line++;
		words[n++] = line;
		line += strcspn(line, blank);
		if (*line)
			*line++ = '\0';
	}
	if (!n)
		return 0;
	if (!strcmp(words[0], "sa"))
		return take_sa(r, n - 1, words + 1);
	if (!strcmp(words[0], "listen"))
		return take_listener(r, n - 1, words + 1);
	return refuse(r, hex_shown(words[0]), "unknown word: a line begins with listen or sa");
}

static int read_lines(struct reader *r, FILE *f)
{
	char *line = NULL;
	size_t size = 0;
	int err = 0;
	ssize_t n;

	for (errno = 0; !err && (n = getline(&line, &size, f)) >= 0; errno = 0) {
		r->line++;
		if (memchr(line, '\0', n))
			err = refuse(r, "NUL", "no text file");
		else
			err = take_line(r, line);
	}
	/* A line for which there is no memory is no error of the stream. */
	if (!err && (ferror(f) || !feof(f))) {
		n = errno ? errno : EIO;
		err = -EIO;
		err_msg("%s: %s: %s", r->what, r->c->name, strerror(n));
	} else if (err == -ENOMEM) {
		refuse(r, "memory", "none left");
	}
	free(line);
	return err;
}

static void set_dir(struct reader *r, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash)
		snprintf(r->dir, sizeof(r->dir), "%.*s", (int)(slash - path), path);
	else
		snprintf(r->dir, sizeof(r->dir), ".");
	/* "/file": below the root */
	if (!r->dir[0])
		snprintf(r->dir, sizeof(r->dir), "/");
}

int config_read(struct config *c, const char *what, const char *path, struct keyring *keys)
{
	struct reader r = { .c = c, .keys = keys, .what = what };
	FILE *f = stdin;
	struct stat st;
	int err;

	memset(c, 0, sizeof(*c));
	c->name = path;
	if (!strcmp(path, "-")) {
		c->name = "standard input";
		snprintf(r.dir, sizeof(r.dir), ".");
	} else {
		set_dir(&r, path);
		f = fopen(path, "re");
		if (!f) {
			err = -errno;
			err_msg("%s: %s: %s", what, path, strerror(-err));
			return err;
		}
		if (!fstat(fileno(f), &st))
			r.written = st.st_mtime;
		r.shared = secret_shared_mode(fileno(f));
	}
	err = read_lines(&r, f);
	if (f != stdin)
		fclose(f);
	if (err)
		config_free(c);
	return err;
}

void config_free(struct config *c)
{
	unsigned int i;

	for (i = 0; i < c->nr_sas; i++)
		free_texts(&c->sas[i].sa);
	free(c->listeners);
	free(c->sas);
	free(c->index);
	memset(c, 0, sizeof(*c));
}
