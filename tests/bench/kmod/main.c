// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/sipsec_bench takes a line, and gives the answer when it is read:
 *
 *	tx LANE FROM TO PORT		the sender, in the caller's namespace
 *	rx LANE ADDR PORT		the receiver
 *	capture DEV			where what is sent comes out
 *	mac LANE NAME			of the crypto API, over what arrives: "driver"
 *	inject LANE DEV			where it is put in
 *	message TEXT			what is sent from now on, whatever octets
 *	run LANE N [flip] [twice] [wait] [arrives] [forge SAS]
 *		send, capture, inject N: "ticks-sending ticks-receiving captured arrived late"
 *	both LANE LANE N CPUS		of two lanes, or one twice: "ticks arrived"
 *	ticks				"ticks nanoseconds", to compare two of them
 */
#include <linux/inet.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "bench.h"

static DEFINE_MUTEX(lock);
static u8 message[BENCH_MAX_MESSAGE];
static unsigned int message_len;
static char answer[256];

static int run(char *words)
{
	struct bench_run r = { .message = message, .len = message_len };
	const char *name = strsep(&words, " "), *nr = strsep(&words, " "), *word;
	struct bench_result res;
	struct bench_lane *lane;
	int err;

	if (!nr || kstrtouint(nr, 0, &r.nr) || r.nr > BENCH_MAX_RUN)
		return -EINVAL;
	while ((word = strsep(&words, " "))) {
		if (!strcmp(word, "flip"))
			r.flip = true;
		else if (!strcmp(word, "twice"))
			r.twice = true;
		else if (!strcmp(word, "wait"))
			r.wait = true;
		else if (!strcmp(word, "arrives"))
			r.arrives = true;
		else if (strcmp(word, "forge") || !words ||
			 kstrtouint(strsep(&words, " "), 0, &r.forge))
			return -EINVAL;
	}
	lane = bench_lane_get(name);
	if (!lane)
		return -ENOMEM;
	err = bench_lane_run(lane, &r, &res);
	if (!err)
		snprintf(answer, sizeof(answer), "%llu %llu %u %lu %lu\n", res.sending,
			 res.receiving, res.captured, res.arrived, res.late);
	return err;
}

static int both(char *words)
{
	const char *a = strsep(&words, " "), *b = strsep(&words, " "), *nr = strsep(&words, " ");
	struct bench_run r = { .message = message, .len = message_len };
	struct bench_lane *first, *second;
	struct bench_result res;
	unsigned int cpus;
	int err;

	if (!words || kstrtouint(nr, 0, &r.nr) || r.nr > BENCH_MAX_RUN ||
	    kstrtouint(words, 0, &cpus))
		return -EINVAL;
	first = bench_lane_get(a);
	second = bench_lane_get(b);
	if (!first || !second)
		return -ENOMEM;
	err = bench_both(first, second, &r, cpus, &res);
	if (!err)
		snprintf(answer, sizeof(answer), "%llu %lu\n", res.receiving, res.arrived);
	return err;
}

static int lane_part(const char *what, char *words)
{
	const char *name = strsep(&words, " "), *arg[3] = {}, *driver;
	struct bench_lane *lane = bench_lane_get(name);
	u16 port = 0;
	int i, err;

	if (!lane)
		return -ENOMEM;
	for (i = 0; i < 3 && words; i++)
		arg[i] = strsep(&words, " ");
	if (!i || words)
		return -EINVAL;
	if (i > 1 && kstrtou16(arg[i - 1], 0, &port))
		return -EINVAL;
	if (!strcmp(what, "tx") && i == 3)
		return bench_lane_tx(lane, in_aton(arg[0]), in_aton(arg[1]), port);
	if (!strcmp(what, "rx") && i == 2)
		return bench_lane_rx(lane, in_aton(arg[0]), port);
	if (!strcmp(what, "inject") && i == 1)
		return bench_lane_inject(lane, arg[0]);
	if (!strcmp(what, "mac") && i == 1) {
		err = bench_lane_mac(lane, arg[0], &driver);
		if (!err)
			snprintf(answer, sizeof(answer), "%s\n", driver);
		return err;
	}
	return -EINVAL;
}

static int command(char *line, size_t len)
{
	char *words, *what;

	answer[0] = '\0';
	if (!strstarts(line, "message "))
		line[strcspn(line, "\n")] = '\0';
	words = line;
	what = strsep(&words, " ");
	if (!strcmp(what, "ticks")) {
		snprintf(answer, sizeof(answer), "%llu %llu\n", bench_ticks(), ktime_get_ns());
		return 0;
	}
	if (!words)
		return -EINVAL;
	if (!strcmp(what, "message")) {
		message_len = len - (words - line);
		if (message_len > sizeof(message))
			return -EMSGSIZE;
		memcpy(message, words, message_len);
		return 0;
	}
	if (!strcmp(what, "capture"))
		return bench_capture(words);
	if (!strcmp(what, "run"))
		return run(words);
	if (!strcmp(what, "both"))
		return both(words);
	return lane_part(what, words);
}

static ssize_t bench_write(struct file *file, const char __user *from, size_t len, loff_t *pos)
{
	char *line = memdup_user_nul(from, len);
	int err;

	if (IS_ERR(line))
		return PTR_ERR(line);
	mutex_lock(&lock);
	err = command(line, len);
	mutex_unlock(&lock);
	kfree(line);
	return err ?: len;
}

static int bench_show(struct seq_file *seq, void *v)
{
	mutex_lock(&lock);
	seq_puts(seq, answer);
	mutex_unlock(&lock);
	return 0;
}

static int bench_open(struct inode *inode, struct file *file)
{
	return single_open(file, bench_show, NULL);
}

static const struct proc_ops ops = {
	.proc_open = bench_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_write = bench_write,
	.proc_release = single_release,
};

static int __init bench_init(void)
{
	return proc_create("sipsec_bench", 0600, NULL, &ops) ? 0 : -ENOMEM;
}

static void __exit bench_exit(void)
{
	remove_proc_entry("sipsec_bench", NULL);
	bench_lanes_free();
	bench_forge_exit();
}

module_init(bench_init);
module_exit(bench_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("benchmark of sipsec inside the kernel");
