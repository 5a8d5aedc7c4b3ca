// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "core/dialog.h"
#include "core/limits.h"
#include "requests.h"

#define NR_SETS		256
#define NR_WAYS		16

struct sipsec_request_set {
	spinlock_t lock;	/* of all in the set */
	u32 next;		/* the way that has had its id longest */
	struct {
		u64 id;		/* 0: free */
		u32 when;
	} way[NR_WAYS];
};

int sipsec_requests_init(struct sipsec_requests *r)
{
	int i;

	get_random_bytes(&r->key, sizeof(r->key));
	r->set = kvcalloc(NR_SETS, sizeof(*r->set), GFP_KERNEL_ACCOUNT);
	if (!r->set)
		return -ENOMEM;
	for (i = 0; i < NR_SETS; i++)
		spin_lock_init(&r->set[i].lock);
	return 0;
}

void sipsec_requests_exit(struct sipsec_requests *r)
{
	kvfree(r->set);
}

static u64 hash_of(const struct sipsec_requests *r, const u8 *buf, struct sipsec_span text)
{
	return siphash(buf + text.off, text.len, &r->key);
}

u64 sipsec_request_id(const struct sipsec_requests *r, const u8 *buf,
		      const struct sipsec_msg *msg, const struct sipsec_endpoint *peer)
{
	struct sipsec_span call_id = sipsec_msg_call_id(buf, msg);
	u64 place = 0;

	if (!call_id.len)
		return 0;
	if (peer)
		place = siphash(&peer->addr, sizeof(peer->addr), &r->key) + (__force u16)peer->port;
	return siphash_2u64(hash_of(r, buf, call_id), place, &r->key) | 1;
}

u32 sipsec_register_id(const u8 *buf, const struct sipsec_msg *msg)
{
	/* Compared with those of one user's alone, so that a key is not needed. */
	static const siphash_key_t key;
	struct sipsec_span call_id = sipsec_msg_call_id(buf, msg);
	struct sipsec_span method;
	u32 number = 0;

	sipsec_msg_read_cseq(buf, msg, &number, &method);
	return (u32)siphash_2u64(siphash(buf + call_id.off, call_id.len, &key), number, &key) ?: 1;
}

u64 sipsec_request_id_from(const struct sipsec_requests *r, const u8 *buf,
			   const struct sipsec_msg *msg, const struct in6_addr *addr)
{
	u64 place = siphash(addr, sizeof(*addr), &r->key);
	struct sipsec_span method;
	u64 call = 0, cseq = 0;
	u32 number;

	if (msg) {
		call = hash_of(r, buf, sipsec_msg_call_id(buf, msg));
		if (sipsec_msg_read_cseq(buf, msg, &number, &method) &&
		    !sipsec_method_is(buf, method, "REGISTER"))
			cseq = hash_of(r, buf, method) + number;
	}
	return siphash_3u64(call, cseq, place, &r->key) | 1;
}

static struct sipsec_request_set *set_of(struct sipsec_requests *r, u64 id)
{
	/* not the lowest bit, which is always one */
	return &r->set[(id >> 1) % NR_SETS];
}

void sipsec_request_add(struct sipsec_requests *r, u64 id, time64_t now)
{
	struct sipsec_request_set *set = set_of(r, id);
	int i;

	if (!id)
		return;
	spin_lock(&set->lock);
	for (i = 0; i < NR_WAYS && set->way[i].id != id; i++)
		;
	if (i == NR_WAYS) {
		i = set->next;
		set->next = (set->next + 1) % NR_WAYS;
	}
	set->way[i].id = id;
	set->way[i].when = now;
	spin_unlock(&set->lock);
}

bool sipsec_request_known(struct sipsec_requests *r, u64 id, time64_t now)
{
	struct sipsec_request_set *set = set_of(r, id);
	bool known = false;
	int i;

	spin_lock(&set->lock);
	for (i = 0; id && i < NR_WAYS; i++)
		if (set->way[i].id == id)
			known = (u32)now - set->way[i].when <= SIPSEC_LINGER_S;
	spin_unlock(&set->lock);
	return known;
}
