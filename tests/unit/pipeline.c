// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "pipeline.h"
#include "sipmsg.h"

enum sipsec_class pipeline_verify(const u8 *buf, u32 len, const struct macs_sa *sas, u32 nr,
				  struct sipsec_replay *replay)
{
	const struct sipsec_look look = { .max = SIPSEC_MAX_SIZE_DEFAULT };
	u8 pseudo[SIPSEC_PSEUDO_LEN], got[SIPSEC_MAX_MAC_LEN], want[SIPSEC_MAX_MAC_LEN];
	const struct macs_sa *sa = NULL;
	enum sipsec_class class;
	struct sipsec_msg msg;
	enum sipsec_why why;
	u8 *zeroed;
	u32 i;

	class = sipsec_look(buf, len, &look, &msg, &why);
	if (class != SIPSEC_CLASS_NONE)
		return class;

	if (msg.hop.spi <= SIPSEC_SPI_RESERVED)
		return SIPSEC_CLASS_UNKNOWN_SPI;
	for (i = 0; i < nr; i++)
		if (sas[i].spi == msg.hop.spi)
			sa = &sas[i];
	if (!sa)
		return SIPSEC_CLASS_UNKNOWN_SPI;
	if (msg.hop.seq > sipsec_alg_seq_max(sa->alg))
		return SIPSEC_CLASS_MALFORMED;
	if (!sipsec_mac_decode(buf + msg.hop.mac_off, msg.hop.mac_chars, got, sa->alg->mac_len))
		return SIPSEC_CLASS_MALFORMED;
	if (!sipsec_replay_check(replay, msg.hop.seq))
		return SIPSEC_CLASS_REPLAY;

	zeroed = malloc(len);
	if (!zeroed)
		err(1, "malloc");
	memcpy(zeroed, buf, len);
	memset(zeroed + msg.hop.mac_off, 'A', msg.hop.mac_chars);
	sipsec_pseudo(pseudo, SIPSEC_SCOPE_HOP, sa->direction, sa->alg->nr, sa->spi, msg.hop.seq);
	macs_sign(sa, msg.hop.seq, pseudo, zeroed, len, want);
	free(zeroed);
	if (memcmp(got, want, sa->alg->mac_len))
		return SIPSEC_CLASS_BAD_MAC;
	return sipsec_replay_commit(replay, msg.hop.seq) ? SIPSEC_CLASS_VERIFIED :
							    SIPSEC_CLASS_REPLAY;
}

struct octets pipeline_sign(const u8 *buf, u32 len, const struct macs_sa *sa, u64 seq, bool compact)
{
	u8 field[SIPSEC_MAX_FIELD_LEN], pseudo[SIPSEC_PSEUDO_LEN], mac[SIPSEC_MAX_MAC_LEN];
	unsigned int field_len, mac_off;
	struct sipsec_msg msg;
	struct octets out;

	if (sipsec_msg_parse_out(buf, len, SIPSEC_MAX_SIZE_CAP, &msg))
		errx(1, "cannot be signed");
	field_len = sipsec_integrity_format(field, compact, sa->spi, seq,
					    sipsec_alg_mac_chars(sa->alg), &mac_off);
	out.len = len + field_len;
	out.data = malloc(out.len);
	if (!out.data || field_len > sizeof(field))
		errx(1, "a field of %u octets", field_len);
	memcpy(out.data, buf, msg.start_len);
	memcpy(out.data + msg.start_len, field, field_len);
	memcpy(out.data + msg.start_len + field_len, buf + msg.start_len, len - msg.start_len);
	sipsec_pseudo(pseudo, SIPSEC_SCOPE_HOP, sa->direction, sa->alg->nr, sa->spi, seq);
	macs_sign(sa, seq, pseudo, out.data, out.len, mac);
	sipsec_mac_encode(out.data + msg.start_len + mac_off, mac, sa->alg->mac_len);
	return out;
}

struct sipsec_replay *pipeline_window(u32 window)
{
	struct sipsec_replay *r = malloc(sipsec_replay_size(window));

	if (!r)
		err(1, "malloc");
	sipsec_replay_init(r, window, 0);
	return r;
}
