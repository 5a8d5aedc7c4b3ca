// SPDX-License-Identifier: GPL-2.0
#include <linux/build_bug.h>
#include <linux/string.h>

#include "core/integrity.h"
#include "text.h"

/* Of all MACs here the largest block. */
#define TEXT_BLOCK	64

static_assert(SIPSEC_TEXT_HEAD % TEXT_BLOCK == 0);

void sipsec_text_init(struct sipsec_text *t, unsigned int direction, unsigned int alg,
		      u32 spi, u64 seq)
{
	sipsec_pseudo(t->head, SIPSEC_SCOPE_HOP, direction, alg, spi, seq);
	t->part[0].data = t->head;
	t->part[0].len = SIPSEC_PSEUDO_LEN;
	t->nr = 1;
	t->len = SIPSEC_PSEUDO_LEN;
}

/* Room for len octets more in the copy, or NULL where they are a part of their own. */
static u8 *more_head(struct sipsec_text *t, u32 len)
{
	u8 *room = t->head + t->part[0].len;

	if (t->nr > 1 || len > SIPSEC_TEXT_HEAD - t->part[0].len)
		return NULL;
	t->part[0].len += len;
	t->len += len;
	return room;
}

static void add_part(struct sipsec_text *t, const u8 *data, u32 len)
{
	t->part[t->nr].data = data;
	t->part[t->nr].len = len;
	t->nr++;
	t->len += len;
}

void sipsec_text_add(struct sipsec_text *t, const u8 *data, u32 len)
{
	u8 *room = more_head(t, len);
	u32 fill;

	if (room) {
		memcpy(room, data, len);
		return;
	}
	/* So that no hash has to keep the rest of a block for the next part. */
	fill = t->nr > 1 ? 0 : -t->part[0].len % TEXT_BLOCK;
	if (fill)
		memcpy(more_head(t, fill), data, fill);
	if (len)
		add_part(t, data + fill, len - fill);
}

void sipsec_text_add_placeholder(struct sipsec_text *t, unsigned int n)
{
	static const u8 placeholder[SIPSEC_MAX_MAC_CHARS + 1] =
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

	sipsec_text_add(t, placeholder, n);
}
