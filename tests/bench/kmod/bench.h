/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The benchmark inside the kernel.  A lane is a way that messages take: they are
 * sent from a socket in one namespace, captured as frames where they come out of
 * a veth, put into memory, and later injected into the device of another
 * namespace, up to a socket that counts what arrives.
 */
#ifndef SIPSEC_BENCH_H
#define SIPSEC_BENCH_H

#include <linux/interrupt.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/types.h>
#include <net/sock.h>

#define BENCH_NAME_LEN		32
#define BENCH_MAX_MESSAGE	2048
/* Datagrams of one run. */
#define BENCH_MAX_RUN		4096
/* Datagrams that are injected with bottom halves off, as a NIC's poll does. */
#define BENCH_BURST		64

struct bench_mac;

struct bench_lane {
	struct list_head list;
	char name[BENCH_NAME_LEN];
	struct socket *tx;		/* in the sender's namespace */
	struct sockaddr_in to;
	struct socket *rx;		/* in the receiver's; counts and frees */
	struct bench_mac *mac;		/* of what arrives, or NULL */
	struct net_device *inject;	/* frames are put in here */
	struct sk_buff_head frames;	/* captured */
	atomic_long_t arrived;
	unsigned long wanted;		/* so many wake the waiter */
	struct task_struct *waiter;
};

struct bench_run {
	unsigned int nr;		/* datagrams */
	bool flip;			/* change an octet of each frame: its MAC is wrong then */
	bool twice;			/* inject all once, and measure the second time */
	bool wait;			/* a program has them in between: until all arrive */
	bool arrives;			/* it is not dropped: each burst is waited for */
	unsigned int forge;		/* not 0: as from one of so many SAs, bench_spi() */
	const u8 *message;
	unsigned int len;
};

struct bench_result {
	u64 sending;			/* ticks for all */
	u64 receiving;
	unsigned int captured;
	unsigned long arrived;		/* of those measured */
	unsigned long late;		/* of these, after the measurement: it is void */
};

/* The CPU's time stamp counter: cycles or, in an emulator that counts them, instructions. */
static inline u64 bench_ticks(void)
{
	u32 low, high;

	asm volatile("lfence; rdtsc; lfence" : "=a" (low), "=d" (high) :: "memory");
	return (u64)high << 32 | low;
}

/*
 * Has this CPU work that is put off?  User Mode Linux with SMP does not tell modules;
 * what was put off is missing from what has arrived then.
 */
static inline bool bench_softirq_pending(void)
{
#if defined(CONFIG_UML) && defined(CONFIG_SMP)
	return false;
#else
	return local_softirq_pending();
#endif
}

/* A lane, made if there is none; NULL without memory. */
struct bench_lane *bench_lane_get(const char *name);
/* All from the caller's namespace. */
int bench_lane_tx(struct bench_lane *lane, __be32 from, __be32 to, u16 port);
int bench_lane_rx(struct bench_lane *lane, __be32 addr, u16 port);
/* What comes in by this device is the running lane's. */
int bench_capture(const char *dev);
/* What arrives is put through this MAC of the crypto API's; its driver goes to *driver. */
int bench_lane_mac(struct bench_lane *lane, const char *name, const char **driver);
int bench_lane_inject(struct bench_lane *lane, const char *dev);
int bench_lane_run(struct bench_lane *lane, const struct bench_run *run,
		   struct bench_result *result);
void bench_lanes_free(void);

/* Send run->nr and capture them; the frames, ready to be injected, are added to list. */
int bench_lane_fill(struct bench_lane *lane, const struct bench_run *run,
		    struct sk_buff_head *list);
/* Inject and free all of list; ticks.  arrives: as in struct bench_run. */
u64 bench_inject(struct bench_lane *lane, struct sk_buff_head *list, bool arrives);
/*
 * The frames of two lanes, run->nr of each, injected by one CPU or by two at once.
 * With a == b its frames, all of the same SA, go to both by turns.
 */
int bench_both(struct bench_lane *a, struct bench_lane *b, const struct bench_run *run,
	       unsigned int cpus, struct bench_result *result);

/* A MAC of the crypto API's by this name, keyed, for one CPU at a time; an ERR_PTR. */
struct bench_mac *bench_mac_new(const char *name);
void bench_mac_free(struct bench_mac *mac);
/* Over so many octets; what comes out is thrown away. */
int bench_mac(struct bench_mac *mac, const u8 *text, unsigned int len);
const char *bench_mac_driver(const struct bench_mac *mac);

/*
 * The SPI of SA i, of up to 2^28, all different; its key is the SPI in
 * big-endian order eight times.
 */
static inline u32 bench_spi(u32 i)
{
	return 0x10000000 | (i * 0x9e3779b1u & 0x0fffffff);
}

/*
 * Give a frame another SPI and seq, in place, and the right MAC of
 * hmac-sha-256-128: its Integrity field has eight digits of both.
 */
int bench_forge(struct sk_buff *skb, u32 spi, u32 seq);
void bench_forge_exit(void);

#endif
