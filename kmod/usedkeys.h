/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which keys are or were in use (clause 6: who installs a used key must say
 * the seq).  Keys of living SAs are all known; of deleted ones the last 4096
 * or so are remembered, by their keyed hash and, outbound, the seq they came to.
 */
#ifndef SIPSEC_USEDKEYS_H
#define SIPSEC_USEDKEYS_H

#include <linux/rhashtable-types.h>
#include <linux/types.h>

struct sipsec_net;
struct sipsec_sa;
struct sipsec_sa_parm;
struct netlink_ext_ack;

struct sipsec_pastkey {
	u64 key_id;		/* 0: none */
	u64 seq;		/* outbound: the next, when it was deleted */
	u8 type;
	u8 direction;
};

struct sipsec_usedkeys {
	struct rhltable live;		/* SAs by key_id */
	struct sipsec_pastkey *past;	/* one a slot, the newest */
};

int sipsec_usedkeys_init(struct sipsec_net *sn);
void sipsec_usedkeys_exit(struct sipsec_net *sn);

/*
 * Enter an SA; 0 or -errno.  Take it out and remember it; or, where it was refused
 * after all, only if it has signed or verified something.  Under net->lock.
 */
int sipsec_usedkeys_add(struct sipsec_net *sn, struct sipsec_sa *sa);
void sipsec_usedkeys_del(struct sipsec_net *sn, struct sipsec_sa *sa);
void sipsec_usedkeys_undo(struct sipsec_net *sn, struct sipsec_sa *sa);

/*
 * May an SA be made with this key and seq?  replaced: the SA whose place it
 * takes, or NULL; pair: another one comes with it, which may have the key.  0, or
 * -errno with the reason in extack: -EKEYREJECTED where a used key comes without seq,
 * -ERANGE where an outbound seq is not above the last one used, -EBUSY where another
 * living outbound SA has the key and the algorithm allows no two, where one of the
 * other direction has or had it and the algorithm's nonce is the same in both, or
 * where as many SAs as may have it.
 * Under net->lock.
 */
int sipsec_usedkeys_check(struct sipsec_net *sn, const struct sipsec_sa_parm *p, u64 key_id,
			  const struct sipsec_sa *replaced, bool pair,
			  struct netlink_ext_ack *extack);

/* The same for the keys of the two SAs at p, of one request. */
int sipsec_usedkeys_check_pair(const struct sipsec_sa_parm *p, struct netlink_ext_ack *extack);

#endif
