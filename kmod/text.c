// SPDX-License-Identifier: GPL-2.0
#include "core/integrity.h"
#include "text.h"

static const u8 placeholder[SIPSEC_MAX_MAC_CHARS + 1] =
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

void sipsec_text_init(struct sipsec_text *t, unsigned int direction, unsigned int alg,
		      u32 spi, u64 seq)
{
	sipsec_pseudo(t->pseudo, SIPSEC_SCOPE_HOP, direction, alg, spi, seq);
	t->nr = 0;
	t->len = 0;
	sipsec_text_add(t, t->pseudo, sizeof(t->pseudo));
}

void sipsec_text_add_placeholder(struct sipsec_text *t, unsigned int n)
{
	sipsec_text_add(t, placeholder, n);
}
