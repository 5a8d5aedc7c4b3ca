// SPDX-License-Identifier: GPL-2.0
#include "core/integrity.h"
#include "core/sipmsg.h"
#include "mac.h"
#include "net.h"
#include "pair.h"
#include "peer.h"
#include "policy.h"
#include "requests.h"
#include "sa.h"
#include "sign.h"

/* All hop fields go: they are another hop's, or an annotation. */
static bool find_cuts(const u8 *buf, const struct sipsec_msg *msg, struct sipsec_edit *e)
{
	u32 pos = msg->start_len;
	struct sipsec_span line;

	e->at = msg->start_len;
	e->field_len = 0;
	e->cut_len = 0;
	e->nr_cuts = 0;
	if (!msg->nr_integrity)
		return true;
	while (sipsec_msg_next_hop_field(buf, msg, &pos, &line)) {
		if (e->nr_cuts == SIPSEC_MAX_CUTS)
			return false;
		e->cut[e->nr_cuts++] = line;
		e->cut_len += line.len;
	}
	return true;
}

/* T of clause 4 for the message as it will be: start line, field, the rest. */
static void make_text(struct sipsec_text *t, const struct sipsec_sa *sa, u64 seq, const u8 *buf,
		      u32 len, const struct sipsec_edit *e)
{
	u32 pos = e->at;
	unsigned int i;

	sipsec_text_init(t, sa->direction, sa->alg->nr, sa->spi, seq);
	sipsec_text_add(t, buf, e->at);
	sipsec_text_add(t, e->field, e->field_len);
	for (i = 0; i < e->nr_cuts; i++) {
		sipsec_text_add(t, buf + pos, e->cut[i].off - pos);
		pos = e->cut[i].off + e->cut[i].len;
	}
	sipsec_text_add(t, buf + pos, len - pos);
}

/* It leaves without a signature, and without other hops' fields. */
static enum sipsec_sign bare(const struct sipsec_edit *e)
{
	return e->nr_cuts ? SIPSEC_SIGN_EDIT : SIPSEC_SIGN_PASS;
}

static enum sipsec_sign sign(struct sipsec_net *sn, struct sipsec_peer *peer,
			     const struct sipsec_peer_use *use, const u8 *buf, u32 len,
			     const struct sipsec_msg *msg, struct sipsec_edit *e)
{
	struct sipsec_peer_choice choice;
	u8 mac[SIPSEC_MAX_MAC_LEN];
	struct sipsec_text t __uninitialized;
	unsigned int mac_off;
	struct sipsec_sa *sa;
	u64 seq;

	sipsec_peer_choose(sn, peer, use, &choice);
	sa = choice.sa;
	if (!sa)
		return use->may_pass || !choice.held ? bare(e) : SIPSEC_SIGN_UNSIGNED;
	seq = choice.seq;
	e->field_len = sipsec_integrity_format(e->field, READ_ONCE(sa->out.compact), sa->spi, seq,
					       sipsec_alg_mac_chars(sa->alg), &mac_off);
	/* No listener would take it. */
	if (len - e->cut_len + e->field_len > SIPSEC_MAX_SIZE_CAP ||
	    msg->nr_lines - e->nr_cuts + 1 > SIPSEC_MAX_HEADER_LINES)
		return SIPSEC_SIGN_TOO_BIG;
	make_text(&t, sa, seq, buf, len, e);
	if (sipsec_mac(sa->alg, &sa->key, seq, &t, mac))
		return SIPSEC_SIGN_FAILED;
	sipsec_mac_encode(e->field + mac_off, mac, sa->alg->mac_len);
	/* The UE is not to get a 2xx by SAs that the next challenge has replaced. */
	if (use->success && sa->direction == SIPSEC_DIRECTION_DOWNLINK && sipsec_sa_pair(sa) &&
	    !sipsec_pair_establish(sn, sipsec_sa_pair(sa)))
		return SIPSEC_SIGN_UNSIGNED;
	return SIPSEC_SIGN_EDIT;
}

/* A message to a peer with SAs. */
static enum sipsec_sign to_peer(struct sipsec_net *sn, const struct sipsec_route *route,
				const u8 *buf, u32 len, const struct sipsec_msg *msg,
				struct sipsec_edit *e)
{
	/*
	 * A P-CSCF makes the pair when the challenge comes by, and the UE
	 * its own only when it has got it: the 401, or whatever else refuses
	 * the registration, is not signed by an SA that the UE has not been
	 * seen to have, but by an older one.  Where none may sign, it is left
	 * as it is, and so is the REGISTER of a UE whose SAs are spent, and its
	 * emergency call: clause 10 lets them through at the peer.
	 */
	bool registration = sipsec_msg_is_registration(buf, msg);
	bool refusal = registration && sipsec_msg_is_register_refusal(buf, msg);
	const struct sipsec_peer_use use = {
		.mark = route->mark,
		.len = len,
		.request = msg->request,
		.registration = registration,
		.register_id = registration && !msg->request ? sipsec_register_id(buf, msg) : 0,
		.success = registration && sipsec_msg_is_register_success(buf, msg),
		.may_begin = !refusal,
		.may_pass = refusal || (registration && msg->request) ||
			    (route->listener &&
			     sipsec_policy_may_go_bare(route->listener, buf, msg)),
	};

	return sign(sn, route->peer, &use, buf, len, msg, e);
}

static enum sipsec_sign choose(struct sipsec_net *sn, const struct sipsec_route *route,
			       const u8 *buf, u32 len, const struct sipsec_msg *msg,
			       struct sipsec_edit *e)
{
	struct sipsec_listener *l = route->listener;
	enum sipsec_sign what;

	if (l && sipsec_policy_goes_bare(l, buf, msg, &route->dst))
		return bare(e);
	what = route->peer ? to_peer(sn, route, buf, len, msg, e) : bare(e);
	if (!l || (what != SIPSEC_SIGN_PASS && what != SIPSEC_SIGN_EDIT))
		return what;
	if (e->field_len)
		sipsec_policy_went_signed(l, buf, msg, &route->dst);
	else
		sipsec_policy_went_bare(l, buf, msg, &route->dst);
	return what;
}

enum sipsec_sign sipsec_sign(struct sipsec_net *sn, const struct sipsec_route *route,
			     const u8 *buf, u32 len, struct sipsec_edit *e)
{
	struct sipsec_msg msg __uninitialized;

	if (sipsec_is_keepalive(buf, len))
		return SIPSEC_SIGN_PASS;
	/* SigComp has no header that could hold a field, so none to remove either. */
	if (buf[0] >= SIPSEC_SIGCOMP_FIRST)
		return route->peer ? SIPSEC_SIGN_COMPRESSED : SIPSEC_SIGN_PASS;
	/* what is well-formed looks like SIP; only of the rest need it be asked */
	if (sipsec_msg_parse_out(buf, len, SIPSEC_MAX_SIZE_CAP, &msg) != SIPSEC_WHY_OK)
		return sipsec_looks_like_sip(buf, len) ? SIPSEC_SIGN_MALFORMED : SIPSEC_SIGN_PASS;

	if (!find_cuts(buf, &msg, e))
		return SIPSEC_SIGN_MALFORMED;
	return choose(sn, route, buf, len, &msg, e);
}

enum sipsec_sign sipsec_sign_stray(const u8 *buf, u32 len, struct sipsec_edit *e)
{
	struct sipsec_msg msg __uninitialized;

	switch (sipsec_msg_parse_out(buf, len, SIPSEC_MAX_SIZE_CAP, &msg)) {
	case SIPSEC_WHY_OK:
		return find_cuts(buf, &msg, e) ? bare(e) : SIPSEC_SIGN_MALFORMED;
	case SIPSEC_WHY_TOO_MANY_LINES:
		/* One that was annotated may have come to these on its way through a proxy. */
		return SIPSEC_SIGN_TOO_BIG;
	default:
		return SIPSEC_SIGN_PASS;
	}
}
