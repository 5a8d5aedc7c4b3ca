// SPDX-License-Identifier: GPL-2.0
#include <linux/in6.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "core/dialog.h"
#include "core/limits.h"
#include "emergency.h"

#define NR_WAYS		16
/* Tags of the other side: an early dialog for each place that rings, the newest kept. */
#define NR_OTHERS	3
/* An answered session ends by itself when nothing has passed for so long. */
#define IDLE_S		(4 * 3600)

enum state {
	FREE,
	WAITING,	/* for an answer; or it was refused, or has ended by BYE */
	ANSWERED,
};

struct entry {
	u64 id;
	u64 other[NR_OTHERS];
	u32 used;	/* seconds since boot: what it lives on from */
	u32 cseq;	/* of the INVITE */
	u32 turn;	/* of the set, when it was used last */
	u8 state;
	u8 next_other;
};

struct sipsec_emergency_set {
	spinlock_t lock;	/* of all in the set */
	u32 turn;		/* seconds are too coarse to tell in a flood who came first */
	struct entry way[NR_WAYS];
};

int sipsec_emergencies_init(struct sipsec_emergencies *e, u32 nr)
{
	u32 i;

	get_random_bytes(&e->key, sizeof(e->key));
	e->nr_sets = roundup_pow_of_two(DIV_ROUND_UP(nr, NR_WAYS));
	e->set = kvcalloc(e->nr_sets, sizeof(*e->set), GFP_KERNEL_ACCOUNT);
	if (!e->set)
		return -ENOMEM;
	for (i = 0; i < e->nr_sets; i++)
		spin_lock_init(&e->set[i].lock);
	return 0;
}

void sipsec_emergencies_exit(struct sipsec_emergencies *e)
{
	kvfree(e->set);
}

static u64 hash(const struct sipsec_emergencies *e, const u8 *buf, struct sipsec_span span)
{
	return siphash(buf + span.off, span.len, &e->key);
}

bool sipsec_emergency_read(const struct sipsec_emergencies *e, bool from_ue,
			   const struct in6_addr *peer, const u8 *buf,
			   const struct sipsec_msg *msg, struct sipsec_emergency *m)
{
	/* The UE began: its tag is the From tag of what it asks and of what it is answered. */
	bool ue_in_from = msg->request == from_ue;
	struct sipsec_span ue, other;
	struct sipsec_dialog d;
	bool invite, cancel;

	if (!sipsec_dialog_read(buf, msg, &d))
		return false;
	ue = ue_in_from ? d.from_tag : d.to_tag;
	other = ue_in_from ? d.to_tag : d.from_tag;
	if (!ue.len)
		return false;
	invite = sipsec_method_is(buf, d.method, "INVITE");
	cancel = sipsec_method_is(buf, d.method, "CANCEL");

	memset(m, 0, sizeof(*m));
	m->id = siphash_3u64(hash(e, buf, d.call_id), hash(e, buf, ue),
			     siphash(peer, sizeof(*peer), &e->key), &e->key);
	if (other.len)
		/* never 0, which is none */
		m->other = hash(e, buf, other) | 1;
	m->cseq = d.cseq;
	if (msg->request && from_ue) {
		m->begins = !other.len && sipsec_msg_is_emergency(buf, msg);
		m->own = cancel || sipsec_method_is(buf, d.method, "ACK");
	} else if (!msg->request && !from_ue) {
		m->own = invite || cancel;
		m->status = invite ? msg->status : 0;
	}
	m->ends = msg->request && sipsec_method_is(buf, d.method, "BYE");
	return m->begins || m->own || m->other;
}

static bool alive(const struct entry *en, u32 now)
{
	switch (en->state) {
	case WAITING:
		return now - en->used < SIPSEC_LINGER_S;
	case ANSWERED:
		return now - en->used < IDLE_S;
	default:
		return false;
	}
}

static struct sipsec_emergency_set *set_of(struct sipsec_emergencies *e, u64 id)
{
	return &e->set[id & (e->nr_sets - 1)];
}

static struct entry *find(struct sipsec_emergency_set *set, u64 id, u32 now)
{
	int i;

	for (i = 0; i < NR_WAYS; i++)
		if (set->way[i].id == id && alive(&set->way[i], now))
			return &set->way[i];
	return NULL;
}

/* A place for a new one: a free one, else that of whoever has waited longest for an answer. */
static struct entry *place(struct sipsec_emergency_set *set, u32 now)
{
	struct entry *oldest = NULL;
	int i;

	for (i = 0; i < NR_WAYS; i++) {
		struct entry *en = &set->way[i];

		if (!alive(en, now))
			return en;
		if (en->state == WAITING &&
		    (!oldest || set->turn - en->turn > set->turn - oldest->turn))
			oldest = en;
	}
	return oldest;
}

static bool knows_other(const struct entry *en, u64 other)
{
	int i;

	for (i = 0; i < NR_OTHERS; i++)
		if (other && en->other[i] == other)
			return true;
	return false;
}

static bool belongs(const struct entry *en, const struct sipsec_emergency *m)
{
	return m->begins || (m->own && m->cseq == en->cseq) || knows_other(en, m->other);
}

bool sipsec_emergency_known(struct sipsec_emergencies *e, const struct sipsec_emergency *m,
			    time64_t now)
{
	struct sipsec_emergency_set *set = set_of(e, m->id);
	const struct entry *en;
	bool known;

	if (m->begins)
		return true;
	spin_lock(&set->lock);
	en = find(set, m->id, now);
	known = en && belongs(en, m);
	spin_unlock(&set->lock);
	return known;
}

static void learn(struct entry *en, const struct sipsec_emergency *m)
{
	if (!m->other || knows_other(en, m->other))
		return;
	en->other[en->next_other] = m->other;
	en->next_other = (en->next_other + 1) % NR_OTHERS;
}

/*
 * 100 answers nothing, it only says that the INVITE has come.  What is refused is
 * as good as unanswered, but for the ACK, and so is what has ended by BYE.
 */
static void update(struct sipsec_emergency_set *set, struct entry *en,
		   const struct sipsec_emergency *m, u32 now)
{
	en->turn = set->turn++;
	if (m->begins)
		en->cseq = m->cseq;
	if (m->status > 100 && m->cseq == en->cseq) {
		learn(en, m);
		if (m->status >= 300)
			en->state = WAITING;
		else if (m->other)
			en->state = ANSWERED;
		en->used = now;
	} else if (m->ends) {
		if (en->state == ANSWERED)
			en->used = now;
		en->state = WAITING;
	} else if (m->begins || en->state == ANSWERED) {
		en->used = now;
	}
}

bool sipsec_emergency_pass(struct sipsec_emergencies *e, const struct sipsec_emergency *m,
			   time64_t now)
{
	struct sipsec_emergency_set *set = set_of(e, m->id);
	struct entry *en;

	spin_lock(&set->lock);
	en = find(set, m->id, now);
	if (!en && m->begins) {
		en = place(set, now);
		if (en)
			*en = (struct entry){ .id = m->id, .state = WAITING };
	}
	if (en && !belongs(en, m))
		en = NULL;
	if (en)
		update(set, en, m, now);
	spin_unlock(&set->lock);
	return en;
}
