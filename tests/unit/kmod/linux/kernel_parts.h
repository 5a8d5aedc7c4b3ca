/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the memories of clause 10 use of the kernel, for one thread of user space.  The
 * headers beside this one all come here.
 */
#ifndef UNIT_KERNEL_PARTS_H
#define UNIT_KERNEL_PARTS_H

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <linux/types.h>

typedef long long time64_t;
typedef struct { int nothing; } spinlock_t;

#define spin_lock_init(lock)	((void)(lock))
#define spin_lock(lock)		((void)(lock))
#define spin_unlock(lock)	((void)(lock))

#define GFP_KERNEL		0
#define GFP_KERNEL_ACCOUNT	0
#define kvcalloc(n, size, gfp)	calloc(n, size)
#define kvfree(p)		free(p)

#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define NSEC_PER_SEC		1000000000ULL
#define max(a, b)		((a) > (b) ? (a) : (b))

#define __force

struct in6_addr {
	u8 s6_addr[16];
};

typedef u16 __be16;

static inline u32 roundup_pow_of_two(u32 n)
{
	u32 power = 1;

	while (power < n)
		power <<= 1;
	return power;
}

static inline void get_random_bytes(void *p, size_t len)
{
	u8 *octet = p;

	while (len--)
		*octet++ = rand();
}

typedef struct { u64 key[2]; } siphash_key_t;

/* No SipHash, but what spreads as well for a test. */
static inline u64 siphash(const void *data, size_t len, const siphash_key_t *key)
{
	u64 h = 0xcbf29ce484222325ULL ^ key->key[0] ^ len;
	const u8 *p = data;

	while (len--)
		h = (h ^ *p++) * 0x100000001b3ULL;
	h = (h ^ h >> 29 ^ key->key[1]) * 0x9e3779b97f4a7c15ULL;
	return (h ^ h >> 32) * 0x9e3779b97f4a7c15ULL ^ h >> 29;
}

static inline u64 siphash_2u64(u64 a, u64 b, const siphash_key_t *key)
{
	const u64 both[] = { a, b };

	return siphash(both, sizeof(both), key);
}

static inline u64 siphash_3u64(u64 a, u64 b, u64 c, const siphash_key_t *key)
{
	const u64 all[] = { a, b, c };

	return siphash(all, sizeof(all), key);
}

#endif
