// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "core/alg.h"
#include "diff.h"

/*
 * How far a seq that goes on is set ahead: more than an SA signs between the
 * dump that says where it is and the request that replaces it.
 */
#define AHEAD_64	0x100000
#define AHEAD_32	0x10000

#define ATTR(attr)	(1ULL << (attr))

#define PLACE		(ATTR(SIPSEC_A_SA_ADDR4) | ATTR(SIPSEC_A_SA_PORT))

void diff_sa(struct config_sa *wanted, const struct sa *running)
{
	const struct sa *sa = &wanted->sa;
	bool replace = false;
	const struct word *w;

	wanted->change = 0;
	wanted->running_key = running->key_id;
	wanted->running_seq = running->seq;
	for (w = sa_grammar.words; w->name; w++) {
		const unsigned int use = w->use[sa->type];

		if (!(use & USE_SAVE) || use & USE_NAME || w->kind == WORD_FILE ||
		    w->attr == SIPSEC_A_SA_SEQ || word_equal(w, sa, running))
			continue;
		if (sa_is_of_pair(w->attr) && !sa_has(sa, w->attr))
			continue;
		if (w->attr == SIPSEC_A_SA_STATE && sa->state != running->state + 1)
			replace = true;
		else if (use & USE_SET)
			wanted->change |= ATTR(w->attr);
		else
			replace = true;
	}
	/* Where it is bound is set as a whole: an address without a port takes the port away. */
	if (wanted->change & PLACE) {
		wanted->change &= ~PLACE;
		wanted->change |= ATTR(SIPSEC_A_SA_ADDR4) | (PLACE & sa->has);
	}
	/* A seq of the file is where it stood: never back. */
	if (sa_has(sa, SIPSEC_A_SA_SEQ) && sa->seq > running->seq)
		wanted->change |= ATTR(SIPSEC_A_SA_SEQ);

	wanted->remade = replace;
	if (replace)
		wanted->todo = TODO_REPLACE;
	else
		wanted->todo = wanted->change ? TODO_SET : TODO_NOTHING;
}

void diff_key(struct config_sa *wanted, uint64_t key_id)
{
	if (key_id != wanted->running_key)
		wanted->todo = TODO_REPLACE_KEY;
}

/*
 * The seq an outbound SA goes on at, or begins at: above all that may have
 * been sent with the key (clause 6).  Without one in the file that is, for a
 * key that was used in this or an earlier boot too, UNIX time * 2^24; where
 * the algorithm's COUNT has no room for that, the kernel is left to say.
 */
static void set_seq_out(const struct config_sa *wanted, uint64_t now, struct sa *sa)
{
	const struct sipsec_alg *alg = sipsec_alg_by_nr(sa->alg);
	uint64_t seq = sa_has(sa, SIPSEC_A_SA_SEQ) ? sa->seq : 0;

	if (!seq && !alg->count32)
		seq = now << 24;
	if (wanted->todo == TODO_REPLACE) {
		const uint64_t ahead = wanted->running_seq +
				       (alg->count32 ? AHEAD_32 : AHEAD_64);

		if (seq < ahead && ahead <= sipsec_alg_seq_max(alg))
			seq = ahead;
	}
	if (seq) {
		sa->seq = seq;
		object_set(sa, SIPSEC_A_SA_SEQ);
	}
}

/* With the same key an inbound SA goes on where it is, or is told to be. */
static void set_seq_in(const struct config_sa *wanted, struct sa *sa)
{
	if (wanted->todo != TODO_REPLACE)
		return;
	if (!sa_has(sa, SIPSEC_A_SA_SEQ) || sa->seq < wanted->running_seq)
		sa->seq = wanted->running_seq;
	object_set(sa, SIPSEC_A_SA_SEQ);
}

void diff_request(const struct config_sa *wanted, uint64_t now, struct sa *request)
{
	const struct word *w;

	*request = wanted->sa;
	if (wanted->todo == TODO_SET) {
		request->has = wanted->change;
		/* No address is the unspecified one. */
		if (!request->addr.len)
			request->addr.len = 4;
		for (w = sa_grammar.words; w->name; w++)
			if (w->use[request->type] & USE_NAME)
				object_set(request, w->attr);
	} else if (request->type == SIPSEC_SA_OUTBOUND) {
		set_seq_out(wanted, now, request);
	} else {
		set_seq_in(wanted, request);
	}
}

static void diff_actions(const struct actions *wanted, const struct actions *running,
			 struct actions *change)
{
	unsigned int i;

	change->has = 0;
	for (i = 0; i < SIPSEC_NR_CLASSES; i++) {
		if (!(wanted->has >> i & 1) ||
		    (running->has >> i & 1 && running->of[i] == wanted->of[i]))
			continue;
		change->has |= 1U << i;
		change->of[i] = wanted->of[i];
	}
}

void diff_listener(struct config_listener *wanted, const struct listener *running)
{
	const struct listener *l = &wanted->l;
	struct listener *change = &wanted->change;
	const struct word *w;

	*change = *l;
	change->has = 0;
	wanted->todo = TODO_NOTHING;
	/* What cannot be changed. */
	if (l->direction != running->direction || l->emergencies != running->emergencies) {
		wanted->todo = TODO_REPLACE;
		return;
	}
	diff_actions(&l->actions, &running->actions, &change->actions);
	for (w = listener_grammar.words; w->name; w++) {
		bool differs;

		if (!(w->use[0] & USE_SET))
			continue;
		if (w->kind == WORD_ACTIONS)
			differs = change->actions.has;
		else if (w->kind == WORD_TOKEN)
			/* One that was drawn at random is as good as any. */
			differs = object_has(l, w->attr) && !word_equal(w, l, running);
		else
			differs = !word_equal(w, l, running);
		if (!differs)
			continue;
		wanted->todo = TODO_SET;
		object_set(change, w->attr);
	}
	for (w = listener_grammar.words; w->name; w++)
		if (w->use[0] & USE_NAME)
			object_set(change, w->attr);
}
