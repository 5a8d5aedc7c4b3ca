// SPDX-License-Identifier: GPL-2.0
#include <linux/llist.h>
#include <linux/rcupdate.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/ktime.h>
#include <linux/workqueue.h>

#include "net.h"
#include "pair.h"
#include "sa.h"

/* Words of the window in the cache for inbound SAs: the default's. */
#define CACHED_WORDS	DIV_ROUND_UP(SIPSEC_WINDOW_DEFAULT, 64)

#define IN_SIZE(words)	\
	(offsetof(struct sipsec_sa, in.replay.bits) + (words) * sizeof(u64))
#define OUT_SIZE	\
	(offsetof(struct sipsec_sa, out) + sizeof(struct sipsec_sa_out))

static struct kmem_cache *in_cache __read_mostly;
static struct kmem_cache *out_cache __read_mostly;
static siphash_key_t key_id_key __read_mostly;

/* SAs whose keys can only be freed where sleeping is allowed. */
static LLIST_HEAD(free_list);
static void free_listed(struct work_struct *work);
static DECLARE_WORK(free_work, free_listed);
struct workqueue_struct *sipsec_wq __read_mostly;

int sipsec_sa_cache_init(void)
{
	get_random_bytes(&key_id_key, sizeof(key_id_key));
	in_cache = kmem_cache_create("sipsec_sa_in", IN_SIZE(CACHED_WORDS), 0, 0, NULL);
	if (!in_cache)
		return -ENOMEM;
	out_cache = kmem_cache_create("sipsec_sa_out", OUT_SIZE, 0, 0, NULL);
	if (!out_cache)
		goto err_in;
	sipsec_wq = alloc_workqueue("sipsec", WQ_UNBOUND, 0);
	if (!sipsec_wq)
		goto err_out;
	return 0;

err_out:
	kmem_cache_destroy(out_cache);
err_in:
	kmem_cache_destroy(in_cache);
	return -ENOMEM;
}

void sipsec_sa_cache_exit(void)
{
	/* Callbacks put SAs on free_list, and the work takes them off. */
	rcu_barrier();
	destroy_workqueue(sipsec_wq);
	kmem_cache_destroy(out_cache);
	kmem_cache_destroy(in_cache);
}

u64 sipsec_key_id(const struct sipsec_alg *alg, const u8 *key)
{
	u8 text[1 + SIPSEC_MAX_KEY_LEN];
	u64 id;

	text[0] = alg->nr;
	memcpy(text + 1, key, alg->key_len);
	/* 0 stands for none. */
	id = siphash(text, 1 + alg->key_len, &key_id_key) ?: 1;
	memzero_explicit(text, sizeof(text));
	return id;
}

static struct sipsec_sa *alloc_in(u32 window)
{
	u32 words = sipsec_replay_words(window);

	if (words <= CACHED_WORDS)
		return kmem_cache_zalloc(in_cache, GFP_KERNEL_ACCOUNT);
	return kzalloc(IN_SIZE(words), GFP_KERNEL_ACCOUNT);
}

/* The key is cleared already; what is left is no secret, but replay state. */
static void free_memory(struct sipsec_sa *sa)
{
	sipsec_pair_free_ref(sipsec_sa_pair(sa));
	if (sa->type == SIPSEC_SA_OUTBOUND)
		kmem_cache_free(out_cache, sa);
	else if (sa->in.replay.words <= CACHED_WORDS)
		kmem_cache_free(in_cache, sa);
	else
		kfree(sa);
}

/*
 * Clause 6: never below what a use of this key before came to; where the clock
 * does not fit, a key known to be used is refused without a seq.
 */
static u64 first_seq(const struct sipsec_alg *alg)
{
	return alg->count32 ? 1 : (u64)ktime_get_real_seconds() << 24;
}

struct sipsec_sa *sipsec_sa_new(struct sipsec_net *sn, const struct sipsec_sa_parm *p)
{
	struct sipsec_sa *sa;
	int err;

	if (p->type == SIPSEC_SA_INBOUND)
		sa = alloc_in(p->window);
	else
		sa = kmem_cache_zalloc(out_cache, GFP_KERNEL_ACCOUNT);
	if (!sa)
		return ERR_PTR(-ENOMEM);

	sa->type = p->type;
	sa->direction = p->direction;
	sa->spi = p->spi;
	sa->peer = p->peer;
	sa->alg = p->alg;
	sa->life = p->life;
	sa->created = ktime_get_boottime_seconds();
	sa->net = sn;
	sa->key_id = sipsec_key_id(p->alg, p->key);
	spin_lock_init(&sa->lock);
	INIT_HLIST_NODE(&sa->wheel_node);
	if (p->type == SIPSEC_SA_INBOUND) {
		sa->in.bind_addr = p->has_addr;
		sa->in.bind_port = p->peer.port != 0;
		sa->in.budget.limit = p->budget;
		sipsec_replay_init(&sa->in.replay, p->window, p->seq);
	} else {
		sa->out.mark = p->mark;
		sa->out.compact = p->compact;
		sa->out.next_seq = p->has_seq ? p->seq : first_seq(p->alg);
	}

	err = sipsec_mac_set_key(p->alg, p->key, &sa->key);
	if (err) {
		free_memory(sa);
		return ERR_PTR(err);
	}
	return sa;
}

void sipsec_sa_free(struct sipsec_sa *sa)
{
	sipsec_mac_clear_key(sa->alg, &sa->key);
	free_memory(sa);
}

static void free_listed(struct work_struct *work)
{
	struct llist_node *list = llist_del_all(&free_list);
	struct sipsec_sa *sa, *next;

	llist_for_each_entry_safe(sa, next, list, free_node) {
		sipsec_sa_free(sa);
		cond_resched();
	}
}

static void free_rcu_cb(struct rcu_head *rcu)
{
	struct sipsec_sa *sa = container_of(rcu, struct sipsec_sa, rcu);

	if (!sipsec_mac_clear_sleeps(sa->alg)) {
		sipsec_sa_free(sa);
		return;
	}
	if (llist_add(&sa->free_node, &free_list))
		queue_work(sipsec_wq, &free_work);
}

void sipsec_sa_set_dead(struct sipsec_sa *sa, bool dead)
{
	spin_lock_bh(&sa->lock);
	/* whoever signs reads it as a hint, too */
	WRITE_ONCE(sa->dead, dead);
	spin_unlock_bh(&sa->lock);
}

void sipsec_sa_kill(struct sipsec_sa *sa)
{
	sipsec_sa_set_dead(sa, true);
	call_rcu_hurry(&sa->rcu, free_rcu_cb);
}

/* The end of being temporary (clause 6). */
static bool temporary_over(const struct sipsec_sa *sa, time64_t now)
{
	const struct sipsec_pair *pair = sipsec_sa_pair(sa);

	return pair && sipsec_pair_state(pair) == SIPSEC_SA_STATE_TEMPORARY &&
	       now - sa->created >= READ_ONCE(pair->temporary_seconds);
}

bool sipsec_sa_over(const struct sipsec_sa *sa, time64_t now)
{
	/* Once each: without the lock they may become 0, none, between two looks. */
	u64 messages = READ_ONCE(sa->life.hard_messages);
	u32 seconds = READ_ONCE(sa->life.hard_seconds);

	return (messages && READ_ONCE(sa->messages) >= messages) ||
	       (seconds && now - sa->created >= seconds) ||
	       temporary_over(sa, now);
}

bool sipsec_sa_spent(const struct sipsec_sa *sa, time64_t now)
{
	return READ_ONCE(sa->spent) || sipsec_sa_over(sa, now);
}

#define SLOT(sym)	[SIPSEC_CLASS_##sym] = SIPSEC_SA_COUNT_##sym + 1,

/* The counter of a class, or -1. */
static int count_slot(enum sipsec_class class)
{
	static const u8 slot[SIPSEC_NR_CLASSES + 1] = {
		SIPSEC_SA_CLASSES(SLOT)
	};

	return slot[class] - 1;
}

void sipsec_sa_count(struct sipsec_sa *sa, enum sipsec_class class)
{
	int slot = count_slot(class);

	if (slot >= 0)
		atomic64_inc(&sa->in.count[slot]);
}

u64 sipsec_sa_counted(const struct sipsec_sa *sa, enum sipsec_class class)
{
	int slot = count_slot(class);

	/* a message of class identity has verified, but is counted once */
	if (class == SIPSEC_CLASS_VERIFIED) {
		u64 wrong = atomic64_read(&sa->in.count[SIPSEC_SA_COUNT_IDENTITY]);
		u64 all = READ_ONCE(sa->messages);

		/* the two are not read at once */
		return all > wrong ? all - wrong : 0;
	}
	return slot >= 0 ? atomic64_read(&sa->in.count[slot]) : 0;
}

void sipsec_sa_used(struct sipsec_sa *sa, u32 len)
{
	/* sipsec_sa_spent() reads it as a hint; octets are only read under the lock. */
	WRITE_ONCE(sa->messages, sa->messages + 1);
	sa->octets += len;
}

u64 sipsec_sa_next_seq(struct sipsec_sa *sa, u32 len, time64_t now, bool may_begin)
{
	bool tell = false;
	u64 seq = 0;

	spin_lock(&sa->lock);
	if (!sa->dead && sa->out.next_seq && (sa->messages || may_begin) &&
	    !sipsec_sa_spent(sa, now)) {
		seq = sa->out.next_seq;
		/* 0 past the last: the SA is used up (clause 7). */
		WRITE_ONCE(sa->out.next_seq, seq < sipsec_alg_seq_max(sa->alg) ? seq + 1 : 0);
		sipsec_sa_used(sa, len);
		tell = sipsec_lifetime_crossed(sa);
	}
	spin_unlock(&sa->lock);
	if (tell)
		sipsec_wheel_hurry(sa->net, sa);
	return seq;
}
