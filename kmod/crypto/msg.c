// SPDX-License-Identifier: GPL-2.0
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "msg.h"

void threegpp_init(struct threegpp_msg *msg)
{
	msg->have = 0;
	msg->begun = false;
	msg->err = 0;
}

int threegpp_update(const struct threegpp_alg *alg, struct threegpp_msg *msg, const void *key,
		    const u8 *data, unsigned int len)
{
	if (msg->err)
		return msg->err;
	if (msg->have < alg->prefix_len) {
		unsigned int n = min_t(unsigned int, alg->prefix_len - msg->have, len);

		memcpy(msg->prefix + msg->have, data, n);
		msg->have += n;
		data += n;
		len -= n;
		if (msg->have < alg->prefix_len)
			return 0;
		/* LENGTH modulo 8 is the last octet of all. */
		msg->err = msg->prefix[alg->prefix_len - 1] > 7 ? -EINVAL :
			   alg->init(msg->state, key, msg->prefix);
		if (msg->err)
			return msg->err;
	}
	if (!len)
		return 0;
	msg->begun = true;
	msg->err = alg->update(msg->state, key, data, len);
	return msg->err;
}

int threegpp_final(const struct threegpp_alg *alg, struct threegpp_msg *msg, const void *key,
		   u8 *mac)
{
	int err = msg->err;

	if (!err && (msg->have < alg->prefix_len ||
		     (!msg->begun && msg->prefix[alg->prefix_len - 1])))
		err = -EINVAL;
	if (!err)
		err = alg->final(msg->state, key, mac);
	memzero_explicit(msg, threegpp_msg_size(alg));
	return err;
}
