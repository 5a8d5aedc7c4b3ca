// SPDX-License-Identifier: GPL-2.0
#include <linux/etherdevice.h>
#include <linux/inet.h>
#include <linux/interrupt.h>
#include <linux/ip.h>
#include <linux/nsproxy.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/udp.h>
#include <net/net_namespace.h>
#include <net/udp.h>

#include "bench.h"

static LIST_HEAD(lanes);
/* The one that runs, whose frames are captured. */
static struct bench_lane *running;

struct tap {
	struct list_head list;
	struct net_device *dev;
};

static LIST_HEAD(taps);

struct bench_lane *bench_lane_get(const char *name)
{
	struct bench_lane *lane;

	list_for_each_entry(lane, &lanes, list)
		if (!strcmp(lane->name, name))
			return lane;
	lane = kzalloc(sizeof(*lane), GFP_KERNEL);
	if (!lane)
		return NULL;
	strscpy(lane->name, name, sizeof(lane->name));
	skb_queue_head_init(&lane->frames);
	list_add(&lane->list, &lanes);
	return lane;
}

static int open_socket(struct socket **sock, __be32 addr, u16 port)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = addr,
		.sin_port = htons(port),
	};
	int err;

	err = sock_create_kern(current->nsproxy->net_ns, AF_INET, SOCK_DGRAM, IPPROTO_UDP, sock);
	if (err)
		return err;
	/* which type an address is of differs between kernels */
	err = kernel_bind(*sock, (void *)&sin, sizeof(sin));
	if (err) {
		sock_release(*sock);
		*sock = NULL;
	}
	return err;
}

int bench_lane_tx(struct bench_lane *lane, __be32 from, __be32 to, u16 port)
{
	int err;

	if (lane->tx)
		return -EEXIST;
	lane->to = (struct sockaddr_in) {
		.sin_family = AF_INET,
		.sin_addr.s_addr = to,
		.sin_port = htons(port),
	};
	err = open_socket(&lane->tx, from, port);
	/* no bound to what is on its way */
	if (!err)
		lane->tx->sk->sk_sndbuf = INT_MAX / 2;
	return err;
}

/* What a socket would queue, counted and freed. */
static int arrive(struct sock *sk, struct sk_buff *skb)
{
	struct bench_lane *lane = sk->sk_user_data;
	struct task_struct *waiter = READ_ONCE(lane->waiter);

	/* one that fails is missing from what has arrived */
	if (lane->mac && bench_mac(lane->mac, skb->data + sizeof(struct udphdr),
				   skb_headlen(skb) - sizeof(struct udphdr))) {
		kfree_skb(skb);
		return 0;
	}
	if (atomic_long_inc_return(&lane->arrived) >= READ_ONCE(lane->wanted) && waiter)
		wake_up_process(waiter);
	consume_skb(skb);
	return 0;
}

int bench_lane_rx(struct bench_lane *lane, __be32 addr, u16 port)
{
	int err;

	if (lane->rx)
		return -EEXIST;
	err = open_socket(&lane->rx, addr, port);
	if (err)
		return err;
	lane->rx->sk->sk_user_data = lane;
	udp_sk(lane->rx->sk)->encap_type = 1;
	udp_sk(lane->rx->sk)->encap_rcv = arrive;
	udp_encap_enable();
	return 0;
}

int bench_lane_mac(struct bench_lane *lane, const char *name, const char **driver)
{
	struct bench_mac *mac;

	if (lane->mac)
		return -EEXIST;
	mac = bench_mac_new(name);
	if (IS_ERR(mac))
		return PTR_ERR(mac);
	lane->mac = mac;
	*driver = bench_mac_driver(mac);
	return 0;
}

static rx_handler_result_t captured(struct sk_buff **pskb)
{
	struct bench_lane *lane = READ_ONCE(running);
	struct sk_buff *skb = *pskb;

	skb_orphan(skb);
	if (lane && skb->protocol == htons(ETH_P_IP) &&
	    skb_queue_len(&lane->frames) < BENCH_MAX_RUN)
		skb_queue_tail(&lane->frames, skb);
	else
		consume_skb(skb);
	return RX_HANDLER_CONSUMED;
}

int bench_capture(const char *name)
{
	struct tap *tap = kzalloc(sizeof(*tap), GFP_KERNEL);
	int err = -ENODEV;

	if (!tap)
		return -ENOMEM;
	tap->dev = dev_get_by_name(current->nsproxy->net_ns, name);
	if (tap->dev) {
		rtnl_lock();
		err = netdev_rx_handler_register(tap->dev, captured, NULL);
		rtnl_unlock();
		if (err)
			dev_put(tap->dev);
	}
	if (err)
		kfree(tap);
	else
		list_add(&tap->list, &taps);
	return err;
}

int bench_lane_inject(struct bench_lane *lane, const char *name)
{
	if (lane->inject)
		return -EEXIST;
	lane->inject = dev_get_by_name(current->nsproxy->net_ns, name);
	return lane->inject ? 0 : -ENODEV;
}

/* How the Via's branch begins (RFC 3261); the octet behind it may change. */
#define BRANCH		"z9hG4bK"

/* A frame as a NIC would hand it over: in one piece, its checksum verified. */
static struct sk_buff *copy_frame(const struct bench_lane *lane, struct sk_buff *frame)
{
	unsigned int len = frame->len + ETH_HLEN;
	struct sk_buff *skb = netdev_alloc_skb_ip_align(lane->inject, len);

	if (!skb)
		return NULL;
	skb_put(skb, len);
	ether_addr_copy(skb->data, lane->inject->dev_addr);
	eth_zero_addr(skb->data + ETH_ALEN);
	*(__be16 *)(skb->data + 2 * ETH_ALEN) = htons(ETH_P_IP);
	if (skb_copy_bits(frame, 0, skb->data + ETH_HLEN, frame->len)) {
		kfree_skb(skb);
		return NULL;
	}
	skb->protocol = eth_type_trans(skb, lane->inject);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return skb;
}

static int copy_frames(struct bench_lane *lane, const struct bench_run *run,
		       struct sk_buff_head *list)
{
	static u32 seq = 0x10000000;
	struct sk_buff *frame, *skb;
	int err;

	skb_queue_walk(&lane->frames, frame) {
		skb = copy_frame(lane, frame);
		if (!skb)
			return -ENOMEM;
		__skb_queue_tail(list, skb);
		if (run->flip) {
			u8 *branch = strnstr(skb->data, BRANCH, skb->len);

			if (!branch)
				return -EBADMSG;
			branch[strlen(BRANCH)] ^= 1;
		}
		if (run->forge) {
			err = bench_forge(skb, bench_spi(get_random_u32_below(run->forge)), ++seq);
			if (err)
				return err;
		}
	}
	return 0;
}

/*
 * Sleep until nr have arrived: then whoever has them in between runs at once, be it
 * ksoftirqd, a kworker, as ESP's transport mode has it, or a program.
 */
static void wait_for(struct bench_lane *lane, unsigned long nr)
{
	long left = HZ;

	if (atomic_long_read(&lane->arrived) >= nr)
		return;
	WRITE_ONCE(lane->wanted, nr);
	WRITE_ONCE(lane->waiter, current);
	while (left) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (atomic_long_read(&lane->arrived) >= nr)
			break;
		left = schedule_timeout(left);
	}
	__set_current_state(TASK_RUNNING);
	WRITE_ONCE(lane->waiter, NULL);
}

u64 bench_inject(struct bench_lane *lane, struct sk_buff_head *list, bool arrives)
{
	unsigned long nr = atomic_long_read(&lane->arrived);
	struct sk_buff *skb;
	u64 ticks = 0, begin;
	unsigned int i;

	while (!skb_queue_empty(list)) {
		begin = bench_ticks();
		local_bh_disable();
		for (i = 0; i < BENCH_BURST && (skb = __skb_dequeue(list)); i++)
			netif_receive_skb(skb);
		/* what was put off to a tasklet is done now */
		local_bh_enable();
		nr += i;
		if (arrives)
			wait_for(lane, nr);
		/* what is to be dropped may yet be ksoftirqd's */
		for (i = 0; i < 100 && bench_softirq_pending(); i++)
			yield();
		ticks += bench_ticks() - begin;
		cond_resched();
	}
	return ticks;
}

static int send(struct bench_lane *lane, const struct bench_run *run, u64 *ticks)
{
	struct msghdr msg = { .msg_flags = MSG_DONTWAIT };
	unsigned int i;
	u64 begin;
	int err;

	for (i = 0; i < run->nr; i++) {
		struct kvec vec = { .iov_base = (void *)run->message, .iov_len = run->len };

		msg.msg_name = &lane->to;
		msg.msg_namelen = sizeof(lane->to);
		begin = bench_ticks();
		err = kernel_sendmsg(lane->tx, &msg, &vec, 1, run->len);
		*ticks += bench_ticks() - begin;
		if (err < 0)
			return err;
		if (i % BENCH_BURST == BENCH_BURST - 1)
			cond_resched();
	}
	/* should ksoftirqd have some of it yet */
	for (i = 0; i < HZ && skb_queue_len(&lane->frames) < run->nr; i++)
		schedule_timeout_uninterruptible(1);
	return 0;
}

int bench_lane_fill(struct bench_lane *lane, const struct bench_run *run,
		    struct sk_buff_head *list)
{
	u64 ticks = 0;
	int err;

	if (!lane->tx || !lane->rx || !lane->inject)
		return -ENOTCONN;
	WRITE_ONCE(running, lane);
	err = send(lane, run, &ticks);
	if (!err && skb_queue_len(&lane->frames) != run->nr)
		err = -EPIPE;
	if (!err)
		err = copy_frames(lane, run, list);
	WRITE_ONCE(running, NULL);
	skb_queue_purge(&lane->frames);
	return err;
}

int bench_lane_run(struct bench_lane *lane, const struct bench_run *run,
		   struct bench_result *result)
{
	unsigned long in_time;
	struct sk_buff_head list;
	unsigned int tries;
	u64 begin;
	int err;

	memset(result, 0, sizeof(*result));
	if (!lane->tx || !lane->rx || !lane->inject)
		return -ENOTCONN;
	__skb_queue_head_init(&list);
	WRITE_ONCE(running, lane);
	err = send(lane, run, &result->sending);
	if (err)
		goto out;
	result->captured = skb_queue_len(&lane->frames);
	if (run->twice) {
		err = copy_frames(lane, run, &list);
		if (err)
			goto out;
		bench_inject(lane, &list, false);
	}
	err = copy_frames(lane, run, &list);
	if (err)
		goto out;
	atomic_long_set(&lane->arrived, 0);
	begin = bench_ticks();
	result->receiving = bench_inject(lane, &list, run->arrives && !run->wait);
	if (run->wait) {
		/* whatever the program did, while it was injected too */
		wait_for(lane, run->nr);
		result->receiving = bench_ticks() - begin;
	}
	in_time = atomic_long_read(&lane->arrived);
	/* what is late was not measured, but is to be counted here, not in the next run */
	for (tries = 0; tries < 3 && atomic_long_read(&lane->arrived) < run->nr; tries++)
		schedule_timeout_uninterruptible(1);
	if (atomic_long_read(&lane->arrived) != in_time)
		schedule_timeout_uninterruptible(5);
	result->arrived = atomic_long_read(&lane->arrived);
	result->late = result->arrived - in_time;
out:
	WRITE_ONCE(running, NULL);
	__skb_queue_purge(&list);
	skb_queue_purge(&lane->frames);
	return err;
}

void bench_lanes_free(void)
{
	struct bench_lane *lane, *next;
	struct tap *tap, *after;

	list_for_each_entry_safe(tap, after, &taps, list) {
		rtnl_lock();
		netdev_rx_handler_unregister(tap->dev);
		rtnl_unlock();
		dev_put(tap->dev);
		list_del(&tap->list);
		kfree(tap);
	}
	list_for_each_entry_safe(lane, next, &lanes, list) {
		if (lane->inject)
			dev_put(lane->inject);
		if (lane->tx)
			sock_release(lane->tx);
		if (lane->rx)
			sock_release(lane->rx);
		/* no one receives any more */
		bench_mac_free(lane->mac);
		skb_queue_purge(&lane->frames);
		list_del(&lane->list);
		kfree(lane);
	}
}
