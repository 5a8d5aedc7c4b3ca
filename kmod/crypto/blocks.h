/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Octets as they come, to whole blocks.  The last octet stays in the buffer
 * until the end, since some of its bits may not belong to the message.
 */
#ifndef SIPSEC_CRYPTO_BLOCKS_H
#define SIPSEC_CRYPTO_BLOCKS_H

#include <linux/string.h>
#include <linux/types.h>

/*
 * have octets of buf, whose size is a block, are taken; do_blocks() gets nr
 * whole blocks.  Returns how many of buf are taken then: 1 to a block, and 0
 * only if there has been no octet at all.
 */
static __always_inline unsigned int
blocks_update(u8 *buf, unsigned int have, unsigned int block, const u8 *data, unsigned int len,
	      void (*do_blocks)(void *state, const void *key, const u8 *data, unsigned int nr),
	      void *state, const void *key)
{
	unsigned int n;

	if (have + len <= block) {
		memcpy(buf + have, data, len);
		return have + len;
	}
	if (have) {
		n = block - have;
		memcpy(buf + have, data, n);
		do_blocks(state, key, buf, 1);
		data += n;
		len -= n;
	}
	n = (len - 1) / block;
	if (n) {
		do_blocks(state, key, data, n);
		data += n * block;
		len -= n * block;
	}
	memcpy(buf, data, len);
	return len;
}

/*
 * The end of the message: clear what does not belong to the last octet and the
 * rest of the buffer.  bits is LENGTH modulo 8.  Returns the bits in it.
 */
static inline unsigned int blocks_end(u8 *buf, unsigned int have, unsigned int block,
				      unsigned int bits)
{
	memset(buf + have, 0, block - have);
	if (!bits)
		return have * 8;
	buf[have - 1] &= 0xff00 >> bits;
	return (have - 1) * 8 + bits;
}

#endif
