/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A security association (clauses 2 and 6).
 *
 * Life: made and published under sipsec_net.lock; found by datagrams under RCU,
 * without a reference; taken out of the tables under sipsec_net.lock and marked
 * dead under its own lock, so that nothing is committed on it any more; wiped
 * and freed after a grace period.
 */
#ifndef SIPSEC_SA_H
#define SIPSEC_SA_H

#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/sipsec.h>

#include "addr.h"
#include "budget.h"
#include "core/alg.h"
#include "core/class.h"
#include "core/replay.h"
#include "mac.h"

struct sipsec_identities;
struct sipsec_net;
struct sipsec_pair;
struct sipsec_peer;

/* The classes that are counted where an SA is known (clause 8). */
#define SIPSEC_SA_CLASSES(C) \
	C(MALFORMED) C(EXPIRED) C(MISMATCH) C(THROTTLED) C(REPLAY) C(BAD_MAC) C(IDENTITY)

enum {
#define SIPSEC_SA_COUNT_ENUM(sym) SIPSEC_SA_COUNT_##sym,
	SIPSEC_SA_CLASSES(SIPSEC_SA_COUNT_ENUM)
#undef SIPSEC_SA_COUNT_ENUM
	SIPSEC_SA_NR_COUNTS,
};

/* Lifetimes; 0 is none. */
struct sipsec_life {
	u64 soft_messages;
	u64 hard_messages;
	u32 soft_seconds;
	u32 hard_seconds;
};

struct sipsec_sa_in {
	atomic64_t count[SIPSEC_SA_NR_COUNTS];
	struct sipsec_budget budget;	/* written under lock */
	bool bind_addr;			/* written under lock: only from sa->peer's address */
	bool bind_port;			/* and port */
	struct sipsec_replay replay;	/* under lock; bits[] follow */
};

/* Of an outbound SA among its peer's. */
enum sipsec_place {
	SIPSEC_PLACE_NONE,
	SIPSEC_PLACE_WAITING,		/* for the UE to be heard */
	SIPSEC_PLACE_LISTED,
};

struct sipsec_sa_out {
	u64 next_seq;			/* written under lock; 0: used up */
	struct hlist_node peer_node;	/* among all of the peer's SAs, newest first */
	struct hlist_node mark_node;	/* among those of the same mark */
	struct sipsec_peer *peer_all;
	struct sipsec_peer *peer_mark;	/* NULL without a mark */
	u32 mark;
	u8 place;			/* enum sipsec_place, under net->peer_lock */
	bool compact;
};

struct sipsec_sa {
	struct rhash_head node;		/* in net->in or net->out */
	u32 spi;
	u8 type;			/* enum sipsec_sa_type */
	u8 direction;			/* enum sipsec_direction */
	bool dead;			/* written under lock */
	bool spent;			/* under lock; a hard lifetime is over */
	struct sipsec_endpoint peer;
	spinlock_t lock;		/* of what says so here */
	const struct sipsec_alg *alg;
	struct sipsec_mac_key key;

	u64 messages;			/* written under lock */
	u64 octets;			/* under lock */
	struct sipsec_life life;	/* written under lock */
	time64_t created;		/* boot time in seconds */

	struct sipsec_net *net;
	struct sipsec_pair __rcu *pair;	/* set once; NULL: established, by itself */
	u64 key_id;
	struct rhlist_head key_node;	/* in net->usedkeys */
	u32 index;			/* in net->index */
	bool soft_told;			/* under wheel.lock: the soft event is out */
	bool off_wheel;			/* under wheel.lock: it is being removed */
	u32 due;			/* under wheel.lock: boot time of the next event */
	struct hlist_node wheel_node;
	union {
		struct rcu_head rcu;
		struct llist_node free_node;
	};

	union {
		struct sipsec_sa_out out;
		struct sipsec_sa_in in;	/* last: ends in the window */
	};
};

/* What an SA is made of; given by netlink. */
struct sipsec_sa_parm {
	u8 type;
	u8 direction;
	u32 spi;
	struct sipsec_endpoint peer;	/* port 0 and, inbound, addr all zero: not given */
	bool has_addr;
	const struct sipsec_alg *alg;
	const u8 *key;			/* alg->key_len octets */
	u32 window;
	bool has_seq;
	u64 seq;
	u32 mark;
	bool compact;
	u32 budget;
	struct sipsec_life life;

	/* Of a pair given for both SAs in the first (core/limits.h, pair.h). */
	bool has_state;
	u8 state;			/* enum sipsec_sa_state; established if not given */
	bool has_pair;
	u32 pair;			/* outbound: its partner's SPI */
	bool has_drain;
	u32 drain;
	u32 temporary_seconds;		/* 0: not given */
	struct sipsec_identities *ids;	/* NULL: none; the caller's until taken over */
};

int sipsec_sa_cache_init(void);
/* Waits for all SAs that are being freed. */
void sipsec_sa_cache_exit(void);

/* A new SA in no table.  May sleep.  ERR_PTR(-errno). */
struct sipsec_sa *sipsec_sa_new(struct sipsec_net *sn, const struct sipsec_sa_parm *p);

/* Free one that never was in a table. */
void sipsec_sa_free(struct sipsec_sa *sa);

/* Dead or not: a dead one commits nothing and signs nothing. */
void sipsec_sa_set_dead(struct sipsec_sa *sa, bool dead);

/* Mark dead, and free after a grace period; it is in no table any more. */
void sipsec_sa_kill(struct sipsec_sa *sa);

/* The boot-random keyed hash of an algorithm and a key. */
u64 sipsec_key_id(const struct sipsec_alg *alg, const u8 *key);

/* Is a hard lifetime over at boot time now?  Under sa->lock or as a hint. */
bool sipsec_sa_spent(const struct sipsec_sa *sa, time64_t now);
/* The same, whether it has been told or not. */
bool sipsec_sa_over(const struct sipsec_sa *sa, time64_t now);

/*
 * Count a class against an inbound SA; those that are not counted per SA are
 * passed over.
 */
void sipsec_sa_count(struct sipsec_sa *sa, enum sipsec_class class);

/* The counter of a class, 0 where there is none. */
u64 sipsec_sa_counted(const struct sipsec_sa *sa, enum sipsec_class class);

/* A message of len octets has verified, or is going to be signed.  Under sa->lock. */
void sipsec_sa_used(struct sipsec_sa *sa, u32 len);

/*
 * Take the next seq of an outbound SA to sign len octets.  0: none, it is
 * spent, dead or used up, or has never signed and may not begin with this.
 */
u64 sipsec_sa_next_seq(struct sipsec_sa *sa, u32 len, time64_t now, bool may_begin);

#endif
