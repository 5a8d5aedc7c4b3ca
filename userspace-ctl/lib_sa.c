// SPDX-License-Identifier: GPL-2.0
/* libsipsec: SAs, listeners and counters, by the words of sipsec(8) */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "attr.h"
#include "codec.h"
#include "core/alg.h"
#include "lib.h"
#include "listener.h"
#include "sa.h"

static_assert(SIPSEC_TEXT_SIZE >= WORD_TEXT_MAX, "libsipsec.h promises room for every text");

struct sipsec_object {
	const struct grammar *g;
	const void *object;
};

/*
 * Requests
 */

static int request(struct sipsec *s, uint8_t cmd, const struct grammar *g, const void *object,
		   nl_msg_fn fn, void *arg)
{
	struct nlmsghdr *nlh;
	struct nl *nl;
	int err;

	nl = lib_nl(s, &err);
	if (!nl)
		return err;
	nlh = nl_begin(nl, cmd);
	/* A filter that means all is no filter. */
	if (((const struct object *)object)->has)
		codec_put(nlh, g, object);
	err = nl_do(nl, fn, arg);
	return err ? lib_refused(s, err, NULL) : 0;
}

static int add_sa(struct sipsec *s, uint8_t cmd, const char *const *words, const void *key,
		  size_t key_len)
{
	/* The table wants a key, which is never a word here: this one stands for it. */
	static const char *const place[] = { "key-file", "" };
	const char *all[WORD_MAX_WORDS + 3];
	const struct sipsec_alg *alg;
	struct texts impus = { 0 };
	struct sa sa = { .impus = &impus };
	unsigned int n;
	int err;

	for (n = 0; words && words[n]; n++) {
		if (n == WORD_MAX_WORDS)
			return lib_fail(s, -EINVAL, "words: too many");
		if (!strcmp(words[n], "key-file"))
			return lib_fail(s, -EINVAL, "key-file: give the key itself");
		all[n] = words[n];
	}
	all[n++] = place[0];
	all[n++] = place[1];
	all[n] = NULL;
	err = lib_words(s, &sa_grammar, USE_ADD, all, &sa);
	if (err)
		return err;
	if (!sa_has(&sa, SIPSEC_A_SA_ALG)) {
		sa.alg = SIPSEC_ALG_HMAC_SHA256_128;
		object_set(&sa, SIPSEC_A_SA_ALG);
	}
	alg = sipsec_alg_by_nr(sa.alg);
	if (key_len != alg->key_len)
		return lib_fail(s, -EINVAL, "key: %zu octets, %s takes %u", key_len, alg->name,
				alg->key_len);
	sa.key = key;
	sa.key_len = key_len;
	return request(s, cmd, &sa_grammar, &sa, NULL, NULL);
}

int sipsec_sa_add(struct sipsec *s, const char *const *words, const void *key, size_t key_len)
{
	return add_sa(s, SIPSEC_CMD_SA_ADD, words, key, key_len);
}

int sipsec_sa_replace(struct sipsec *s, const char *const *words, const void *key,
		      size_t key_len)
{
	return add_sa(s, SIPSEC_CMD_SA_REPLACE, words, key, key_len);
}

int sipsec_sa_set(struct sipsec *s, const char *const *words)
{
	struct texts impus = { 0 };
	struct sa sa = { .impus = &impus };
	int err = lib_words(s, &sa_grammar, USE_SET, words, &sa);

	return err ? err : request(s, SIPSEC_CMD_SA_SET, &sa_grammar, &sa, NULL, NULL);
}

int sipsec_sa_del(struct sipsec *s, const char *const *words)
{
	struct sa sa = { 0 };
	int err = lib_words(s, &sa_grammar, USE_NAME | USE_DEL, words, &sa);

	return err ? err : request(s, SIPSEC_CMD_SA_DEL, &sa_grammar, &sa, NULL, NULL);
}

static int read_count(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *a = codec_find(nlh, SIPSEC_A_COUNT);

	if (a)
		*(uint64_t *)arg = codec_u64(a);
	return 0;
}

int sipsec_sa_flush(struct sipsec *s, const char *const *words, uint64_t *count)
{
	struct texts impus = { 0 };
	struct sa sa = { .impus = &impus };
	uint64_t deleted = 0;
	int err = lib_words(s, &sa_grammar, USE_FILTER, words, &sa);

	if (!err)
		err = request(s, SIPSEC_CMD_SA_FLUSH, &sa_grammar, &sa, read_count, &deleted);
	if (!err && count)
		*count = deleted;
	return err;
}

static int change_listener(struct sipsec *s, uint8_t cmd, unsigned int use,
			   const char *const *words)
{
	struct listener l = { 0 };
	int err = lib_words(s, &listener_grammar, use, words, &l);

	return err ? err : request(s, cmd, &listener_grammar, &l, NULL, NULL);
}

int sipsec_listener_add(struct sipsec *s, const char *const *words)
{
	return change_listener(s, SIPSEC_CMD_LISTENER_ADD, USE_ADD, words);
}

int sipsec_listener_replace(struct sipsec *s, const char *const *words)
{
	return change_listener(s, SIPSEC_CMD_LISTENER_REPLACE, USE_ADD, words);
}

int sipsec_listener_set(struct sipsec *s, const char *const *words)
{
	return change_listener(s, SIPSEC_CMD_LISTENER_SET, USE_SET, words);
}

int sipsec_listener_del(struct sipsec *s, const char *const *words)
{
	return change_listener(s, SIPSEC_CMD_LISTENER_DEL, USE_NAME, words);
}

/*
 * Dumps
 */

struct dump {
	sipsec_object_fn fn;
	void *arg;
	int ended;		/* what fn returned */
};

static int hand_on(struct dump *d, const struct grammar *g, const void *object)
{
	const struct sipsec_object o = { .g = g, .object = object };

	d->ended = d->fn(&o, d->arg);
	return d->ended ? -ECANCELED : 0;
}

static int dump_sa(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest = codec_find(nlh, SIPSEC_A_SA);
	struct counters counters;
	struct texts impus = { 0 };
	struct sa sa = { .counters = &counters, .impus = &impus };

	if (!nest)
		return -EBADMSG;
	codec_get(nest, &sa_grammar, &sa);
	return hand_on(arg, &sa_grammar, &sa);
}

static int dump_listener(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest = codec_find(nlh, SIPSEC_A_LISTENER);
	struct counters counters;
	struct listener l = { .counters = &counters };

	if (!nest)
		return -EBADMSG;
	codec_get(nest, &listener_grammar, &l);
	return hand_on(arg, &listener_grammar, &l);
}

/* What is left of a dump that broke off would be in the way of the next one. */
static void reopen_later(struct sipsec *s)
{
	nl_close(s->nl);
	s->nl = NULL;
}

static int dump(struct sipsec *s, uint8_t cmd, const struct sa *filter, nl_msg_fn fn,
		struct dump *d)
{
	struct nlmsghdr *nlh;
	struct nl *nl;
	int err;

	nl = lib_nl(s, &err);
	if (!nl)
		return err;
	nlh = nl_begin(nl, cmd);
	if (filter && filter->has)
		codec_put(nlh, &sa_grammar, filter);
	err = nl_dump(nl, fn, d);
	if (!err)
		return 0;
	if (d->ended)
		lib_fail(s, err, "ended by the caller");
	else
		lib_refused(s, err, NULL);
	reopen_later(s);
	return d->ended ? d->ended : err;
}

int sipsec_sa_get(struct sipsec *s, const char *const *words, sipsec_object_fn fn, void *arg)
{
	struct dump d = { .fn = fn, .arg = arg };
	struct sa sa = { 0 };
	int err = lib_words(s, &sa_grammar, USE_NAME, words, &sa);

	if (!err)
		err = request(s, SIPSEC_CMD_SA_GET, &sa_grammar, &sa, dump_sa, &d);
	return d.ended ? d.ended : err;
}

int sipsec_sa_dump(struct sipsec *s, const char *const *words, sipsec_object_fn fn, void *arg)
{
	struct dump d = { .fn = fn, .arg = arg };
	struct texts impus = { 0 };
	struct sa filter = { .impus = &impus };
	int err = lib_words(s, &sa_grammar, USE_FILTER, words, &filter);

	return err ? err : dump(s, SIPSEC_CMD_SA_GET, &filter, dump_sa, &d);
}

int sipsec_listener_dump(struct sipsec *s, sipsec_object_fn fn, void *arg)
{
	struct dump d = { .fn = fn, .arg = arg };

	return dump(s, SIPSEC_CMD_LISTENER_GET, NULL, dump_listener, &d);
}

/*
 * What an object says
 */

/* The word of that name, of which an SA's "type" is one. */
static const struct word *find(const struct sipsec_object *o, const char *name)
{
	const int variant = word_variant(o->g, o->object);
	const struct word *w;

	for (w = o->g->words; w->name; w++) {
		if (!object_has(o->object, w->attr) || w->alias)
			continue;
		if (w->kind == WORD_CONST && w->number == variant && o->g->json_const &&
		    !strcmp(name, o->g->json_const))
			return w;
		if (w->kind != WORD_CONST && !strcmp(name, w->name))
			return w;
	}
	return NULL;
}

int sipsec_object_u64(const struct sipsec_object *o, const char *name, uint64_t *value)
{
	const struct word *w = find(o, name);
	const void *from = w ? (const char *)o->object + w->off : NULL;

	if (!w)
		return -ENOENT;
	switch (w->kind) {
	case WORD_SPI:
	case WORD_U32:
	case WORD_BITS:
		*value = *(const uint32_t *)from;
		return 0;
	case WORD_PORT:
		*value = *(const uint16_t *)from;
		return 0;
	case WORD_U64:
	case WORD_ID:
	case WORD_TOTAL:
		*value = *(const uint64_t *)from;
		return 0;
	case WORD_SWITCH:
	case WORD_FLAG:
		*value = *(const uint8_t *)from;
		return 0;
	default:
		return -ENOENT;
	}
}

int sipsec_object_text(const struct sipsec_object *o, const char *name, char *text, size_t size)
{
	const struct word *w = find(o, name);
	char buf[WORD_TEXT_MAX];
	const char *from;

	if (!w || w->kind == WORD_FILE || w->kind == WORD_COUNTERS)
		return -ENOENT;
	from = word_text(w, o->object, buf);
	if (strlen(from) >= size)
		return -ENOSPC;
	strcpy(text, from);
	return 0;
}

static int find_class(const char *name)
{
	int i;

	for (i = 0; i < SIPSEC_NR_CLASSES; i++)
		if (!strcmp(sipsec_class_name(i), name))
			return i;
	return -1;
}

int sipsec_object_counter(const struct sipsec_object *o, const char *class_name, uint64_t *value)
{
	const struct word *w = find(o, "counters");
	const int class = find_class(class_name);
	const struct counters *c;

	if (!w || class < 0)
		return -ENOENT;
	c = *(struct counters *const *)((const char *)o->object + w->off);
	*value = c->of[class];
	return 0;
}

/*
 * Counters
 */

struct stats {
	uint64_t has;
	uint64_t values[CODEC_STATS_MAX];
	struct counters counters;
};

static int read_stats(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *nest = codec_find(nlh, SIPSEC_A_STATS);
	struct stats *stats = arg;

	if (nest)
		stats->has = codec_get_stats(nest, stats->values, &stats->counters);
	return 0;
}

int sipsec_stats(struct sipsec *s, sipsec_counter_fn fn, void *arg)
{
	static const struct object none;
	struct stats stats = { 0 };
	unsigned int i;
	int err;

	err = request(s, SIPSEC_CMD_STATS_GET, NULL, &none, read_stats, &stats);
	if (err)
		return err;
	for (i = 0; i < CODEC_STATS_MAX; i++)
		if (stats.has >> i & 1)
			fn(attr_name(&attr_stats, i), stats.values[i], arg);
	for (i = 0; i < SIPSEC_NR_CLASSES; i++)
		fn(sipsec_class_name(i), stats.counters.of[i], arg);
	return 0;
}
