/* SPDX-License-Identifier: GPL-2.0 */
/* Where SAs are: by SPI, by peer and SPI, by a dense index. */
#ifndef SIPSEC_SA_TABLE_H
#define SIPSEC_SA_TABLE_H

#include <linux/types.h>
#include <linux/sipsec.h>

#include "addr.h"

struct netlink_ext_ack;
struct rhash_lock_head;
struct sipsec_net;
struct sipsec_sa;
struct sipsec_sa_parm;

int sipsec_sa_table_init(struct sipsec_net *sn);
/* The namespace is gone: no datagrams, no netlink.  Frees all SAs. */
void sipsec_sa_table_exit(struct sipsec_net *sn);

/*
 * For datagrams, under RCU: the way to an inbound SA, in three steps with some time between.
 * The first two take it from memory to the cache, without waiting for it.
 */
struct rhash_lock_head __rcu *const *sipsec_sa_fetch_bucket(struct sipsec_net *sn, u32 spi);
void sipsec_sa_fetch(struct rhash_lock_head __rcu *const *bucket);
/* bucket: what the first gave, or NULL. */
struct sipsec_sa *sipsec_sa_find_in(struct sipsec_net *sn,
				    struct rhash_lock_head __rcu *const *bucket, u32 spi);

/*
 * All below under net->lock.
 */
struct sipsec_sa *sipsec_sa_find(struct sipsec_net *sn, u8 type, u32 spi,
				 const struct sipsec_endpoint *peer);

/*
 * Make and publish nr SAs: one, or the inbound and then the outbound one of a
 * pair; with replace in the place of those that are there, else that is -EEXIST.
 * 0 or -errno with the reason in extack, and then nothing has changed.  Takes
 * p->ids over if it sets it to NULL.  *failed: which of them was refused.  Sends
 * the events.
 */
int sipsec_sa_add(struct sipsec_net *sn, struct sipsec_sa_parm *p, unsigned int nr, bool replace,
		  unsigned int *failed, struct netlink_ext_ack *extack);

/* Take out of the tables, and free after a grace period.  Sends the event. */
void sipsec_sa_del(struct sipsec_sa *sa, enum sipsec_reason reason);

#endif
