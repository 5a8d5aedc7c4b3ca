// SPDX-License-Identifier: GPL-2.0
/* Operations on SAs: what uapi/sipsec.yaml says beyond types and lengths. */
#include <linux/moduleparam.h>
#include <net/genetlink.h>

#include "core/limits.h"
#include "family.h"
#include "fill.h"
#include "attach.h"
#include "lifetime.h"
#include "mac.h"
#include "net.h"
#include "netlink_util.h"
#include "netlink_gen.h"
#include "netlink_sa.h"
#include "pair.h"
#include "peer.h"
#include "sa.h"
#include "sa_table.h"

bool sipsec_allow_md5;
module_param_named(allow_md5, sipsec_allow_md5, bool, 0444);
MODULE_PARM_DESC(allow_md5, "allow hmac-md5-96 (default: no)");

/* Parse a nest of an SA. */
static int parse_nest(struct nlattr *nest, struct nlattr **tb, struct netlink_ext_ack *extack)
{
	static const u8 read_only[] = {
		SIPSEC_A_SA_KEY_ID, SIPSEC_A_SA_AGE, SIPSEC_A_SA_EXPIRED,
		SIPSEC_A_SA_MESSAGES, SIPSEC_A_SA_OCTETS, SIPSEC_A_SA_COUNTERS,
	};
	int err, i;

	err = nla_parse_nested(tb, ARRAY_SIZE(sipsec_sa_nl_policy) - 1, nest,
			       sipsec_sa_nl_policy, extack);
	if (err)
		return err;
	for (i = 0; i < ARRAY_SIZE(read_only); i++)
		if (tb[read_only[i]])
			return sipsec_refuse(extack, tb[read_only[i]], -EINVAL,
					     "key-id, age, expired, messages, octets and counters are read only");
	return 0;
}

/* Parse the nest sa of a request that has nothing else. */
static int parse_sa(struct nlattr **attrs, struct nlattr **tb, struct netlink_ext_ack *extack)
{
	if (!attrs[SIPSEC_A_SA])
		return sipsec_refuse_missing(extack, NULL, SIPSEC_A_SA, "sa: missing");
	if (attrs[SIPSEC_A_PARTNER])
		return sipsec_refuse(extack, attrs[SIPSEC_A_PARTNER], -EINVAL,
				     "partner: only when SAs are made");
	return parse_nest(attrs[SIPSEC_A_SA], tb, extack);
}

static int parse_alg(struct nlattr *attr, const struct sipsec_alg **alg,
		     struct netlink_ext_ack *extack)
{
	*alg = sipsec_alg_by_nr(nla_get_u8(attr));
	if (!*alg)
		return sipsec_refuse(extack, attr, -EINVAL, "alg: not a number of clause 5");
	return 0;
}

/* An algorithm for use, with its key. */
static int parse_key(struct nlattr *nest, struct nlattr **tb, const struct sipsec_alg **alg,
		     const u8 **key, struct netlink_ext_ack *extack)
{
	int err;

	if (!tb[SIPSEC_A_SA_ALG])
		return sipsec_refuse_missing(extack, nest, SIPSEC_A_SA_ALG,
					     "alg: missing");
	err = parse_alg(tb[SIPSEC_A_SA_ALG], alg, extack);
	if (err)
		return err;
	if ((*alg)->nr == SIPSEC_ALG_HMAC_MD5_96 && !sipsec_allow_md5)
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_ALG], -EPERM,
				     "alg: hmac-md5-96 needs the module parameter allow_md5");
	if (!sipsec_mac_driver(*alg))
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_ALG], -EOPNOTSUPP,
				     "alg: this kernel does not serve it");
	if (!tb[SIPSEC_A_SA_KEY])
		return sipsec_refuse_missing(extack, nest, SIPSEC_A_SA_KEY,
					     "key: missing");
	if (nla_len(tb[SIPSEC_A_SA_KEY]) != (*alg)->key_len)
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_KEY], -EINVAL,
				     "key: not of the algorithm's length");
	*key = nla_data(tb[SIPSEC_A_SA_KEY]);
	return 0;
}

/* What names an SA: type, spi and, outbound, address and port. */
static int parse_name(struct nlattr *nest, struct nlattr **tb, struct sipsec_sa_parm *p,
		      struct netlink_ext_ack *extack)
{
	int err;

	if (!tb[SIPSEC_A_SA_TYPE])
		return sipsec_refuse_missing(extack, nest, SIPSEC_A_SA_TYPE, "type: missing");
	p->type = nla_get_u8(tb[SIPSEC_A_SA_TYPE]);
	if (!tb[SIPSEC_A_SA_SPI])
		return sipsec_refuse_missing(extack, nest, SIPSEC_A_SA_SPI, "spi: missing");
	p->spi = nla_get_u32(tb[SIPSEC_A_SA_SPI]);
	if (p->spi <= SIPSEC_SPI_RESERVED)
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_SPI], -EINVAL,
				     "spi: 0 to 255 are reserved");

	err = sipsec_nl_addr(tb[SIPSEC_A_SA_ADDR4], tb[SIPSEC_A_SA_ADDR6], &p->peer.addr, extack);
	if (err < 0)
		return err;
	p->has_addr = err;
	if (tb[SIPSEC_A_SA_PORT]) {
		p->peer.port = htons(nla_get_u16(tb[SIPSEC_A_SA_PORT]));
		if (!p->peer.port)
			return sipsec_refuse(extack, tb[SIPSEC_A_SA_PORT], -ERANGE,
					     "port: 1 to 65535");
	}
	if (p->type == SIPSEC_SA_OUTBOUND) {
		if (!p->has_addr)
			return sipsec_refuse_missing(extack, nest, SIPSEC_A_SA_ADDR4,
						     "addr: missing, an outbound SA is its peer's");
		if (!p->peer.port)
			return sipsec_refuse_missing(extack, nest, SIPSEC_A_SA_PORT,
						     "port: missing, an outbound SA is its peer's");
	}
	return 0;
}

/* An address that a datagram can come from or go to. */
static bool is_unspecified(const struct in6_addr *addr)
{
	return ipv6_addr_any(addr) || (ipv6_addr_v4mapped(addr) && !addr->s6_addr32[3]);
}

static int parse_seconds(struct nlattr *attr, u32 *seconds, struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	if (nla_get_u64(attr) > U32_MAX)
		return sipsec_refuse(extack, attr, -ERANGE, "seconds: at most 4294967295");
	*seconds = nla_get_u64(attr);
	return 0;
}

/* Lifetimes that are given go over those in life. */
static int parse_life(struct nlattr **tb, struct sipsec_life *life,
		      struct netlink_ext_ack *extack)
{
	int err;

	err = parse_seconds(tb[SIPSEC_A_SA_SOFT_SECONDS], &life->soft_seconds, extack) ?:
	      parse_seconds(tb[SIPSEC_A_SA_HARD_SECONDS], &life->hard_seconds, extack);
	if (err)
		return err;
	if (tb[SIPSEC_A_SA_SOFT_MESSAGES])
		life->soft_messages = nla_get_u64(tb[SIPSEC_A_SA_SOFT_MESSAGES]);
	if (tb[SIPSEC_A_SA_HARD_MESSAGES])
		life->hard_messages = nla_get_u64(tb[SIPSEC_A_SA_HARD_MESSAGES]);
	return 0;
}

/* What only one type of SA has. */
static int check_type(u8 type, struct nlattr **tb, struct netlink_ext_ack *extack)
{
	if (type == SIPSEC_SA_INBOUND) {
		if (tb[SIPSEC_A_SA_MARK])
			return sipsec_refuse(extack, tb[SIPSEC_A_SA_MARK], -EINVAL,
					     "mark: only outbound SAs have one");
		if (tb[SIPSEC_A_SA_COMPACT])
			return sipsec_refuse(extack, tb[SIPSEC_A_SA_COMPACT], -EINVAL,
					     "compact: only of outbound SAs");
		return 0;
	}
	if (tb[SIPSEC_A_SA_WINDOW])
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_WINDOW], -EINVAL,
				     "window: only inbound SAs have one");
	if (tb[SIPSEC_A_SA_BUDGET])
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_BUDGET], -EINVAL,
				     "budget: only inbound SAs have one");
	return 0;
}

static int parse_mark(struct nlattr *attr, u32 *mark, struct netlink_ext_ack *extack)
{
	*mark = nla_get_u32(attr);
	if (*mark & ~sipsec_mark_mask)
		return sipsec_refuse(extack, attr, -EINVAL,
				     "mark: has bits outside the module parameter mark_mask");
	return 0;
}

static int check_seq(struct nlattr *attr, u8 type, const struct sipsec_alg *alg,
		     struct netlink_ext_ack *extack)
{
	u64 seq = nla_get_u64(attr);

	if (seq > sipsec_alg_seq_max(alg))
		return sipsec_refuse(extack, attr, -ERANGE, "seq: above the algorithm's last");
	if (type == SIPSEC_SA_OUTBOUND && !seq)
		return sipsec_refuse(extack, attr, -ERANGE, "seq: outbound begins at 1");
	return 0;
}

/* A string attribute without the NUL behind it. */
static struct sipsec_str text_of(const struct nlattr *attr)
{
	struct sipsec_str text = { .at = nla_data(attr), .len = nla_len(attr) };

	if (text.len && !text.at[text.len - 1])
		text.len--;
	return text;
}

static int check_impi(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	if (sipsec_impi_good(text_of(attr)))
		return 0;
	return sipsec_refuse(extack, attr, -EINVAL,
			     "impi: 1 to 255 printable octets without space, quote and backslash");
}

#define IMPU_REASON(sym, text) [SIPSEC_URI_WHY_##sym] = "impu: " text,
static const char *const impu_reasons[] = {
	SIPSEC_URI_WHYS(IMPU_REASON)
};

static int check_impu(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	enum sipsec_uri_why why = sipsec_impu_check(text_of(attr));

	if (why == SIPSEC_URI_WHY_OK)
		return 0;
	if (extack) {
		NL_SET_BAD_ATTR(extack, attr);
		extack->_msg = impu_reasons[why];
	}
	return -EINVAL;
}

/* Is this the one impu that takes all away? */
static bool is_no_impu(struct nlattr *attr)
{
	return attr && nla_len(attr) <= 1 && !*(const u8 *)nla_data(attr);
}

/* Octets of the identities given, impi's to come; -errno. */
static int check_identities(struct nlattr *nest, u32 octets, struct netlink_ext_ack *extack)
{
	struct nlattr *attr;
	int rem, err;
	u32 nr = 0;

	if (!nest)
		return octets;
	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != SIPSEC_A_SA_IMPU)
			continue;
		err = check_impu(attr, extack);
		if (err)
			return err;
		octets += text_of(attr).len;
		if (++nr > SIPSEC_MAX_IMPUS)
			return sipsec_refuse(extack, attr, -E2BIG, "impu: more than 16");
		if (octets > SIPSEC_MAX_IDENTITIES)
			return sipsec_refuse(extack, attr, -E2BIG,
					     "impi, impu: more than 2048 octets in all");
	}
	return octets;
}

/*
 * The identities of an SA: this private one (len 0: none), and the public ones in
 * the nest (NULL: none).  NULL where there are none at all; ERR_PTR(-errno).
 */
static struct sipsec_identities *parse_identities(struct nlattr *nest,
						  const struct sipsec_str *impi,
						  struct netlink_ext_ack *extack)
{
	struct sipsec_identities *ids;
	struct nlattr *attr;
	int octets, rem;

	octets = check_identities(nest, impi->len, extack);
	if (octets <= 0)
		return octets ? ERR_PTR(octets) : NULL;
	ids = sipsec_identities_new(octets);
	if (!ids) {
		NL_SET_ERR_MSG(extack, "sa: out of memory");
		return ERR_PTR(-ENOMEM);
	}
	if (impi->len)
		ids->set.impi = sipsec_identities_add(ids, *impi);
	if (!nest)
		return ids;
	nla_for_each_nested(attr, nest, rem)
		if (nla_type(attr) == SIPSEC_A_SA_IMPU)
			ids->set.impu[ids->set.nr++] = sipsec_identities_add(ids, text_of(attr));
	return ids;
}

static int parse_temporary_seconds(struct nlattr *attr, u32 *seconds,
				   struct netlink_ext_ack *extack)
{
	*seconds = nla_get_u32(attr);
	if (!*seconds)
		return sipsec_refuse(extack, attr, -ERANGE, "temporary-seconds: at least 1");
	return 0;
}

/* What both SAs of a pair have; p->ids is the caller's then. */
static int parse_pair(struct nlattr *nest, struct nlattr **tb, struct sipsec_sa_parm *p,
		      struct netlink_ext_ack *extack)
{
	struct sipsec_str impi = {};
	int err;

	p->state = SIPSEC_SA_STATE_ESTABLISHED;
	if (tb[SIPSEC_A_SA_STATE]) {
		p->has_state = true;
		p->state = nla_get_u8(tb[SIPSEC_A_SA_STATE]);
	}
	if (tb[SIPSEC_A_SA_PAIR]) {
		if (p->type == SIPSEC_SA_INBOUND)
			return sipsec_refuse(extack, tb[SIPSEC_A_SA_PAIR], -EINVAL,
					     "pair: given with the outbound SA");
		if (tb[SIPSEC_A_SA_IMPU])
			return sipsec_refuse(extack, tb[SIPSEC_A_SA_IMPU], -EINVAL,
					     "impu: given with the inbound SA of the pair");
		p->has_pair = true;
		p->pair = nla_get_u32(tb[SIPSEC_A_SA_PAIR]);
	}
	if (tb[SIPSEC_A_SA_DRAIN]) {
		p->has_drain = true;
		p->drain = nla_get_u32(tb[SIPSEC_A_SA_DRAIN]);
	}
	if (tb[SIPSEC_A_SA_TEMPORARY_SECONDS]) {
		err = parse_temporary_seconds(tb[SIPSEC_A_SA_TEMPORARY_SECONDS],
					      &p->temporary_seconds, extack);
		if (err)
			return err;
	}
	if (tb[SIPSEC_A_SA_IMPI]) {
		err = check_impi(tb[SIPSEC_A_SA_IMPI], extack);
		if (err)
			return err;
		impi = text_of(tb[SIPSEC_A_SA_IMPI]);
	}
	p->ids = parse_identities(nest, &impi, extack);
	if (IS_ERR(p->ids)) {
		err = PTR_ERR(p->ids);
		p->ids = NULL;
		return err;
	}
	return 0;
}

/* All of a new SA. */
static int parse_new(struct nlattr *nest, struct nlattr **tb, struct sipsec_sa_parm *p,
		     struct netlink_ext_ack *extack)
{
	int err;

	memset(p, 0, sizeof(*p));
	err = parse_nest(nest, tb, extack) ?:
	      parse_name(nest, tb, p, extack);
	if (err)
		return err;
	if (!tb[SIPSEC_A_SA_DIRECTION])
		return sipsec_refuse_missing(extack, nest, SIPSEC_A_SA_DIRECTION,
					     "direction: missing");
	p->direction = nla_get_u8(tb[SIPSEC_A_SA_DIRECTION]);
	if (p->has_addr && is_unspecified(&p->peer.addr))
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_ADDR4] ?: tb[SIPSEC_A_SA_ADDR6],
				     -EINVAL, "addr: unspecified");
	if (p->peer.port && !p->has_addr)
		return sipsec_refuse_missing(extack, nest, SIPSEC_A_SA_ADDR4,
					     "addr: missing, port needs it");
	err = parse_key(nest, tb, &p->alg, &p->key, extack) ?:
	      check_type(p->type, tb, extack) ?:
	      parse_life(tb, &p->life, extack);
	if (err)
		return err;

	p->window = SIPSEC_WINDOW_DEFAULT;
	if (tb[SIPSEC_A_SA_WINDOW])
		p->window = nla_get_u32(tb[SIPSEC_A_SA_WINDOW]);
	if (!sipsec_replay_window_ok(p->window))
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_WINDOW], -ERANGE,
				     "window: 0, or 32 to 4096");
	if (tb[SIPSEC_A_SA_SEQ]) {
		err = check_seq(tb[SIPSEC_A_SA_SEQ], p->type, p->alg, extack);
		if (err)
			return err;
		p->has_seq = true;
		p->seq = nla_get_u64(tb[SIPSEC_A_SA_SEQ]);
	}
	if (tb[SIPSEC_A_SA_MARK]) {
		err = parse_mark(tb[SIPSEC_A_SA_MARK], &p->mark, extack);
		if (err)
			return err;
	}
	if (tb[SIPSEC_A_SA_COMPACT])
		p->compact = nla_get_u8(tb[SIPSEC_A_SA_COMPACT]);
	/* Clause 8: guards every MAC of 32 bits. */
	if (p->alg->mac_len <= 4)
		p->budget = SIPSEC_FAIL_BUDGET;
	if (tb[SIPSEC_A_SA_BUDGET])
		p->budget = nla_get_u32(tb[SIPSEC_A_SA_BUDGET]);
	if (p->budget == U32_MAX)
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_BUDGET], -ERANGE,
				     "budget: at most 4294967294");
	if (p->alg->mac_len <= 4 && !p->budget)
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_BUDGET], -EINVAL,
				     "budget: a MAC of 32 bits needs one");
	return parse_pair(nest, tb, p, extack);
}

/* The outbound SA of a pair whose inbound one is p[-1]. */
static int parse_partner(struct nlattr *nest, struct nlattr **tb, struct sipsec_sa_parm *p,
			 struct netlink_ext_ack *extack)
{
	static const u8 common[] = {
		SIPSEC_A_SA_STATE, SIPSEC_A_SA_IMPI, SIPSEC_A_SA_IMPU, SIPSEC_A_SA_PAIR,
		SIPSEC_A_SA_DRAIN, SIPSEC_A_SA_TEMPORARY_SECONDS,
	};
	int err, i;

	err = parse_new(nest, tb, p, extack);
	for (i = 0; !err && i < ARRAY_SIZE(common); i++)
		if (tb[common[i]])
			err = sipsec_refuse(extack, tb[common[i]], -EINVAL,
					    "partner: state, impi, impu, pair, drain and temporary-seconds are given in sa");
	/* It has refused to have any. */
	kfree(p->ids);
	p->ids = NULL;
	if (err)
		return err;
	if (p[-1].type != SIPSEC_SA_INBOUND || p->type != SIPSEC_SA_OUTBOUND)
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_TYPE], -EINVAL,
				     "type: in a pair, sa is inbound and partner outbound");
	if (p[-1].direction == p->direction)
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_DIRECTION], -EINVAL,
				     "direction: the SAs of a pair have one each");
	return 0;
}

/* The tables say in words what is wrong; point to the attribute as well. */
static void point_to(struct nlattr **tb, int err, struct netlink_ext_ack *extack)
{
	switch (err) {
	case -EEXIST:
		NL_SET_BAD_ATTR(extack, tb[SIPSEC_A_SA_SPI]);
		break;
	case -EDQUOT:
		NL_SET_BAD_ATTR(extack, tb[SIPSEC_A_SA_IMPI]);
		break;
	case -ENOENT:
	case -EALREADY:
		NL_SET_BAD_ATTR(extack, tb[SIPSEC_A_SA_PAIR]);
		break;
	case -EKEYREJECTED:
	case -EBUSY:
		NL_SET_BAD_ATTR(extack, tb[SIPSEC_A_SA_KEY]);
		break;
	case -ERANGE:
		NL_SET_BAD_ATTR(extack, tb[SIPSEC_A_SA_SEQ]);
		break;
	}
}

/* An SA, or a pair: p and tb have room for two. */
static int add(struct genl_info *info, struct sipsec_sa_parm *p,
	       struct nlattr *tb[][SIPSEC_A_SA_MAX + 1], bool replace)
{
	struct nlattr *sa = info->attrs[SIPSEC_A_SA], *partner = info->attrs[SIPSEC_A_PARTNER];
	struct sipsec_net *sn = sipsec_net(genl_info_net(info));
	unsigned int nr = partner ? 2 : 1, failed = 0;
	int err;

	if (!sa)
		return sipsec_refuse_missing(info->extack, NULL, SIPSEC_A_SA, "sa: missing");
	err = parse_new(sa, tb[0], &p[0], info->extack);
	if (!err && partner)
		err = parse_partner(partner, tb[1], &p[1], info->extack);
	if (err)
		return err;
	mutex_lock(&sn->lock);
	if (p[nr - 1].type == SIPSEC_SA_OUTBOUND)
		err = sipsec_attach(sn);
	if (err)
		NL_SET_ERR_MSG(info->extack, "sa: the netfilter hooks cannot be registered");
	else
		err = sipsec_sa_add(sn, p, nr, replace, &failed, info->extack);
	mutex_unlock(&sn->lock);
	point_to(tb[failed], err, info->extack);
	return err;
}

/* Keys are in the request; let no copy of them lie in freed memory. */
static void wipe_request(struct genl_info *info)
{
	static const u8 nests[] = { SIPSEC_A_SA, SIPSEC_A_PARTNER };
	int i;

	for (i = 0; i < ARRAY_SIZE(nests); i++) {
		struct nlattr *attr = info->attrs[nests[i]];

		if (attr)
			memzero_explicit(nla_data(attr), nla_len(attr));
	}
}

static int make(struct genl_info *info, bool replace)
{
	struct {
		struct sipsec_sa_parm p[2];
		struct nlattr *tb[2][SIPSEC_A_SA_MAX + 1];
	} *m;
	int err = -ENOMEM;

	/* Too large for the stack. */
	m = kzalloc(sizeof(*m), GFP_KERNEL);
	if (m) {
		err = add(info, m->p, m->tb, replace);
		kfree(m->p[0].ids);
	}
	kfree(m);
	wipe_request(info);
	return err;
}

int sipsec_nl_sa_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return make(info, false);
}

int sipsec_nl_sa_replace_doit(struct sk_buff *skb, struct genl_info *info)
{
	return make(info, true);
}

int sipsec_nl_key_id_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[SIPSEC_A_SA_MAX + 1], *nest;
	const struct sipsec_alg *alg;
	struct sk_buff *reply;
	const u8 *key;
	void *hdr;
	u64 id = 0;
	int err;

	err = parse_sa(info->attrs, tb, info->extack) ?:
	      parse_key(info->attrs[SIPSEC_A_SA], tb, &alg, &key, info->extack);
	if (!err)
		id = sipsec_key_id(alg, key);
	wipe_request(info);
	if (err)
		return err;
	reply = sipsec_nl_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	nest = nla_nest_start(reply, SIPSEC_A_SA);
	if (!nest || nla_put_u64_64bit(reply, SIPSEC_A_SA_KEY_ID, id, SIPSEC_A_SA_PAD)) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	nla_nest_end(reply, nest);
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

/* The SA a request names; under net->lock.  ERR_PTR(-ENOENT). */
static struct sipsec_sa *find(struct sipsec_net *sn, const struct sipsec_sa_parm *p,
			      struct nlattr **tb, struct netlink_ext_ack *extack)
{
	struct sipsec_sa *sa = sipsec_sa_find(sn, p->type, p->spi, &p->peer);

	if (sa)
		return sa;
	return ERR_PTR(sipsec_refuse(extack, tb[SIPSEC_A_SA_SPI], -ENOENT,
				     "spi: there is no such SA"));
}

/* Changes to an SA, all parsed, of which those in tb are made. */
struct changes {
	struct nlattr **tb;
	struct nlattr *nest;
	struct sipsec_life life;
	struct sipsec_endpoint bind;
	bool has_bind;
	bool has_pair;			/* state, impu, drain or temporary-seconds */
	struct sipsec_identities *ids;
	u32 temporary_seconds;
	u64 seq;
	u32 mark;
	u32 budget;
};

/* Clause 6: a state only goes on, and one step at a time. */
static int check_state(const struct sipsec_sa *sa, struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	u32 from = sipsec_pair_state(sipsec_sa_pair(sa)), to = nla_get_u8(attr);

	if (to == from || to == from + 1)
		return 0;
	if (to < from)
		return sipsec_refuse(extack, attr, -EINVAL, "state: never goes back");
	return sipsec_refuse(extack, attr, -EINVAL, "state: a temporary SA does not become old");
}

static int parse_pair_changes(const struct sipsec_sa *sa, struct changes *c,
			      struct netlink_ext_ack *extack)
{
	const struct sipsec_identities *ids = sipsec_pair_own_ids(sa->net, sipsec_sa_pair(sa));
	static const struct sipsec_str none;
	struct nlattr **tb = c->tb;
	int err;

	c->has_pair = tb[SIPSEC_A_SA_STATE] || tb[SIPSEC_A_SA_IMPU] || tb[SIPSEC_A_SA_DRAIN] ||
		      tb[SIPSEC_A_SA_TEMPORARY_SECONDS];
	if (tb[SIPSEC_A_SA_STATE]) {
		err = check_state(sa, tb[SIPSEC_A_SA_STATE], extack);
		if (err)
			return err;
	}
	if (tb[SIPSEC_A_SA_TEMPORARY_SECONDS]) {
		err = parse_temporary_seconds(tb[SIPSEC_A_SA_TEMPORARY_SECONDS],
					      &c->temporary_seconds, extack);
		if (err)
			return err;
	}
	if (!tb[SIPSEC_A_SA_IMPU])
		return 0;
	c->ids = parse_identities(is_no_impu(tb[SIPSEC_A_SA_IMPU]) ? NULL : c->nest,
				  ids ? &ids->set.impi : &none, extack);
	if (IS_ERR(c->ids)) {
		err = PTR_ERR(c->ids);
		c->ids = NULL;
		return err;
	}
	return 0;
}

static int parse_changes(const struct sipsec_sa *sa, const struct sipsec_sa_parm *p,
			 struct changes *c, struct netlink_ext_ack *extack)
{
	static const u8 fixed[] = {
		SIPSEC_A_SA_DIRECTION, SIPSEC_A_SA_ALG, SIPSEC_A_SA_KEY, SIPSEC_A_SA_WINDOW,
		SIPSEC_A_SA_IMPI, SIPSEC_A_SA_PAIR,
	};
	struct nlattr **tb = c->tb;
	int err, i;

	for (i = 0; i < ARRAY_SIZE(fixed); i++)
		if (tb[fixed[i]])
			return sipsec_refuse(extack, tb[fixed[i]], -EINVAL,
					     "direction, alg, key, window, impi and pair cannot be changed, only replaced");
	c->life = sa->life;
	err = check_type(sa->type, tb, extack) ?:
	      parse_life(tb, &c->life, extack) ?:
	      parse_pair_changes(sa, c, extack);
	if (err)
		return err;
	if (tb[SIPSEC_A_SA_SEQ]) {
		err = check_seq(tb[SIPSEC_A_SA_SEQ], sa->type, sa->alg, extack);
		if (err)
			return err;
		c->seq = nla_get_u64(tb[SIPSEC_A_SA_SEQ]);
	}
	if (tb[SIPSEC_A_SA_MARK]) {
		err = parse_mark(tb[SIPSEC_A_SA_MARK], &c->mark, extack);
		if (err)
			return err;
	}
	if (tb[SIPSEC_A_SA_BUDGET]) {
		c->budget = nla_get_u32(tb[SIPSEC_A_SA_BUDGET]);
		if (c->budget == U32_MAX || (sa->alg->mac_len <= 4 && !c->budget))
			return sipsec_refuse(extack, tb[SIPSEC_A_SA_BUDGET], -ERANGE,
					     "budget: at most 4294967294; a MAC of 32 bits needs one");
	}
	if (sa->type == SIPSEC_SA_INBOUND) {
		if (p->peer.port && !p->has_addr)
			return sipsec_refuse_missing(extack, NULL, SIPSEC_A_SA_ADDR4,
						     "addr: missing, port needs it");
		c->has_bind = p->has_addr;
		c->bind = p->peer;
		if (p->has_addr && is_unspecified(&p->peer.addr) && p->peer.port)
			return sipsec_refuse(extack, tb[SIPSEC_A_SA_PORT], -EINVAL,
					     "port: an unspecified address takes the port away too");
	}
	return 0;
}

/* The seq never goes back.  Under sa->lock, where it stands still. */
static bool seq_goes_back(const struct sipsec_sa *sa, u64 seq)
{
	if (sa->type == SIPSEC_SA_INBOUND)
		return seq < sa->in.replay.high;
	return !sa->out.next_seq || seq < sa->out.next_seq;
}

static void apply(struct sipsec_sa *sa, const struct changes *c)
{
	sa->life = c->life;
	if (sa->type == SIPSEC_SA_OUTBOUND) {
		if (c->tb[SIPSEC_A_SA_SEQ])
			sa->out.next_seq = c->seq;
		if (c->tb[SIPSEC_A_SA_COMPACT])
			sa->out.compact = nla_get_u8(c->tb[SIPSEC_A_SA_COMPACT]);
		return;
	}
	if (c->tb[SIPSEC_A_SA_SEQ])
		sipsec_replay_set_high(&sa->in.replay, c->seq);
	if (c->tb[SIPSEC_A_SA_BUDGET])
		sa->in.budget.limit = c->budget;
	if (c->has_bind) {
		bool bind = !is_unspecified(&c->bind.addr);

		sa->peer = c->bind;
		sa->in.bind_addr = bind;
		sa->in.bind_port = bind && c->bind.port;
	}
}

/* What it shares with its partner; sends the events of both. */
static void change_pair(struct sipsec_net *sn, struct sipsec_pair *pair, struct changes *c)
{
	struct nlattr *state = c->tb[SIPSEC_A_SA_STATE];

	if (c->tb[SIPSEC_A_SA_DRAIN])
		pair->drain = nla_get_u32(c->tb[SIPSEC_A_SA_DRAIN]);
	if (c->temporary_seconds)
		WRITE_ONCE(pair->temporary_seconds, c->temporary_seconds);
	if (c->tb[SIPSEC_A_SA_IMPU]) {
		sipsec_pair_set_ids(sn, pair, c->ids);
		c->ids = NULL;
	}
	if (state && nla_get_u8(state) != sipsec_pair_state(pair))
		sipsec_pair_set_state(sn, pair, nla_get_u8(state));
	else
		sipsec_pair_changed(sn, pair);
}

static int change(struct sipsec_net *sn, struct sipsec_sa *sa, struct changes *c,
		  struct netlink_ext_ack *extack)
{
	bool new_mark = c->tb[SIPSEC_A_SA_MARK];
	struct sipsec_peer *group = NULL;
	struct sipsec_pair *pair = NULL;
	bool back = false;

	/* An SA by itself needs a pair to be told of: of no harm if it is refused then. */
	if (c->has_pair) {
		pair = sipsec_pair_make(sn, sa);
		if (!pair) {
			NL_SET_ERR_MSG(extack, "sa: out of memory");
			return -ENOMEM;
		}
	}
	/* All that can be refused comes first, then all is done. */
	if (new_mark && sipsec_peer_mark_prepare(sn, sa, c->mark, &group)) {
		NL_SET_ERR_MSG(extack, "mark: out of memory");
		return -ENOMEM;
	}
	spin_lock_bh(&sa->lock);
	if (c->tb[SIPSEC_A_SA_SEQ])
		back = seq_goes_back(sa, c->seq);
	if (!back)
		apply(sa, c);
	spin_unlock_bh(&sa->lock);
	if (back) {
		sipsec_peer_mark_abandon(sn, group);
		return sipsec_refuse(extack, c->tb[SIPSEC_A_SA_SEQ], -ERANGE,
				     "seq: never goes back");
	}
	if (new_mark)
		sipsec_peer_mark_commit(sn, sa, c->mark, group);
	if (pair)
		change_pair(sn, pair, c);
	/* Longer lives bring back what was spent. */
	sipsec_wheel_update(sn, sa);
	if (!pair)
		sipsec_event_sa(sa, SIPSEC_CMD_SA_CHANGED, 0, GFP_KERNEL);
	return 0;
}

int sipsec_nl_sa_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sipsec_net *sn = sipsec_net(genl_info_net(info));
	struct nlattr *tb[SIPSEC_A_SA_MAX + 1];
	struct changes c = { .tb = tb, .nest = info->attrs[SIPSEC_A_SA] };
	struct sipsec_sa_parm p = {};
	struct sipsec_sa *sa;
	int err;

	err = parse_sa(info->attrs, tb, info->extack) ?:
	      parse_name(info->attrs[SIPSEC_A_SA], tb, &p, info->extack);
	if (err)
		goto out;
	mutex_lock(&sn->lock);
	sa = find(sn, &p, tb, info->extack);
	if (IS_ERR(sa))
		err = PTR_ERR(sa);
	else
		err = parse_changes(sa, &p, &c, info->extack) ?:
		      change(sn, sa, &c, info->extack);
	mutex_unlock(&sn->lock);
	kfree(c.ids);
out:
	/* It may hold a key, if it was refused for that. */
	wipe_request(info);
	return err;
}

/* Only what names an SA, and what names its partner where that is asked for. */
static int parse_name_only(struct nlattr **attrs, struct nlattr **tb, struct sipsec_sa_parm *p,
			   int pair_too, struct netlink_ext_ack *extack)
{
	int err, i;

	memset(p, 0, sizeof(*p));
	err = parse_sa(attrs, tb, extack) ?:
	      parse_name(attrs[SIPSEC_A_SA], tb, p, extack);
	if (err)
		return err;
	for (i = SIPSEC_A_SA_PORT + 1; i <= SIPSEC_A_SA_MAX; i++)
		if (tb[i] && i != pair_too)
			return sipsec_refuse(extack, tb[i], -EINVAL,
					     "sa: only type, spi, address and port name an SA");
	return 0;
}

/* The other SA of its pair, or NULL. */
static struct sipsec_sa *partner_of(const struct sipsec_sa *sa)
{
	const struct sipsec_pair *pair = sipsec_sa_pair(sa);

	return pair ? pair->sa[!sa->type] : NULL;
}

int sipsec_nl_sa_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sipsec_net *sn = sipsec_net(genl_info_net(info));
	struct nlattr *tb[SIPSEC_A_SA_MAX + 1];
	struct sipsec_sa *sa, *partner = NULL;
	struct sipsec_sa_parm p;
	int err;

	err = parse_name_only(info->attrs, tb, &p, SIPSEC_A_SA_PAIR, info->extack);
	if (err)
		return err;
	mutex_lock(&sn->lock);
	sa = find(sn, &p, tb, info->extack);
	if (IS_ERR(sa)) {
		err = PTR_ERR(sa);
		goto out;
	}
	if (tb[SIPSEC_A_SA_PAIR]) {
		partner = partner_of(sa);
		if (!partner || partner->spi != nla_get_u32(tb[SIPSEC_A_SA_PAIR])) {
			err = sipsec_refuse(info->extack, tb[SIPSEC_A_SA_PAIR], -ENOENT,
					    "pair: that is not its partner");
			goto out;
		}
		sipsec_sa_del(partner, SIPSEC_REASON_COMMAND);
	}
	sipsec_sa_del(sa, SIPSEC_REASON_COMMAND);
out:
	mutex_unlock(&sn->lock);
	return err;
}

int sipsec_nl_sa_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sipsec_net *sn = sipsec_net(genl_info_net(info));
	struct nlattr *tb[SIPSEC_A_SA_MAX + 1];
	struct sipsec_sa_parm p;
	struct sk_buff *reply;
	struct sipsec_sa *sa;
	void *hdr;
	int err;

	err = parse_name_only(info->attrs, tb, &p, 0, info->extack);
	if (err)
		return err;
	reply = sipsec_nl_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	mutex_lock(&sn->lock);
	sa = find(sn, &p, tb, info->extack);
	err = IS_ERR(sa) ? PTR_ERR(sa) : sipsec_fill_sa(reply, sa);
	mutex_unlock(&sn->lock);
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

/* An SA is meant when each attribute in tb equals its own; none are, all are meant. */
static int parse_filter(struct nlattr **attrs, struct nlattr **tb, struct in6_addr *addr,
			struct netlink_ext_ack *extack)
{
	int err, i;

	memset(tb, 0, (SIPSEC_A_SA_MAX + 1) * sizeof(*tb));
	if (!attrs || !attrs[SIPSEC_A_SA])
		return 0;
	err = parse_sa(attrs, tb, extack);
	if (err)
		return err;
	for (i = SIPSEC_A_SA_ALG + 1; i <= SIPSEC_A_SA_MAX; i++)
		if (tb[i] && i != SIPSEC_A_SA_MARK && i != SIPSEC_A_SA_STATE &&
		    i != SIPSEC_A_SA_IMPI && i != SIPSEC_A_SA_IMPU && i != SIPSEC_A_SA_PAIR)
			return sipsec_refuse(extack, tb[i], -EINVAL,
					     "sa: a filter has type, spi, address, port, direction, alg, mark, state, impi, impu and pair");
	/* that no SA can have one like it is worth an error */
	err = tb[SIPSEC_A_SA_IMPI] ? check_impi(tb[SIPSEC_A_SA_IMPI], extack) : 0;
	if (!err && tb[SIPSEC_A_SA_IMPU])
		err = check_impu(tb[SIPSEC_A_SA_IMPU], extack);
	if (err)
		return err;
	err = sipsec_nl_addr(tb[SIPSEC_A_SA_ADDR4], tb[SIPSEC_A_SA_ADDR6], addr, extack);
	return err < 0 ? err : 0;
}

static bool is_name(struct nlattr *attr, const struct sipsec_str *name)
{
	struct sipsec_str text = text_of(attr);

	return text.len == name->len && !memcmp(text.at, name->at, text.len);
}

static bool has_impu(struct nlattr *attr, const struct sipsec_identities *ids)
{
	u32 i;

	for (i = 0; i < ids->set.nr; i++)
		if (sipsec_impu_equal(text_of(attr), ids->set.impu[i]))
			return true;
	return false;
}

static bool meant_by_pair(const struct sipsec_sa *sa, struct nlattr **tb)
{
	const struct sipsec_pair *pair = sipsec_sa_pair(sa);
	const struct sipsec_identities *ids = sipsec_pair_own_ids(sa->net, pair);
	const struct sipsec_sa *partner = partner_of(sa);

	if (tb[SIPSEC_A_SA_STATE] && nla_get_u8(tb[SIPSEC_A_SA_STATE]) != sipsec_pair_state(pair))
		return false;
	if (tb[SIPSEC_A_SA_PAIR] &&
	    (!partner || partner->spi != nla_get_u32(tb[SIPSEC_A_SA_PAIR])))
		return false;
	if (tb[SIPSEC_A_SA_IMPI] &&
	    !(ids && ids->set.impi.len && is_name(tb[SIPSEC_A_SA_IMPI], &ids->set.impi)))
		return false;
	return !tb[SIPSEC_A_SA_IMPU] || (ids && has_impu(tb[SIPSEC_A_SA_IMPU], ids));
}

static bool meant(const struct sipsec_sa *sa, struct nlattr **tb, const struct in6_addr *addr)
{
	if (tb[SIPSEC_A_SA_TYPE] && nla_get_u8(tb[SIPSEC_A_SA_TYPE]) != sa->type)
		return false;
	if (tb[SIPSEC_A_SA_SPI] && nla_get_u32(tb[SIPSEC_A_SA_SPI]) != sa->spi)
		return false;
	if ((tb[SIPSEC_A_SA_ADDR4] || tb[SIPSEC_A_SA_ADDR6]) &&
	    !ipv6_addr_equal(addr, &sa->peer.addr))
		return false;
	if (tb[SIPSEC_A_SA_PORT] && htons(nla_get_u16(tb[SIPSEC_A_SA_PORT])) != sa->peer.port)
		return false;
	if (tb[SIPSEC_A_SA_DIRECTION] && nla_get_u8(tb[SIPSEC_A_SA_DIRECTION]) != sa->direction)
		return false;
	if (tb[SIPSEC_A_SA_ALG] && nla_get_u8(tb[SIPSEC_A_SA_ALG]) != sa->alg->nr)
		return false;
	if (tb[SIPSEC_A_SA_MARK] && (sa->type != SIPSEC_SA_OUTBOUND ||
				     nla_get_u32(tb[SIPSEC_A_SA_MARK]) != sa->out.mark))
		return false;
	return meant_by_pair(sa, tb);
}

/*
 * The cursor is the dense index: an SA keeps its index as long as it lives, so
 * one that is there all the time comes exactly once.
 */
int sipsec_nl_sa_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct sipsec_net *sn = sipsec_net(sock_net(skb->sk));
	struct nlattr *tb[SIPSEC_A_SA_MAX + 1];
	unsigned long i, first = cb->args[0];
	struct in6_addr addr;
	struct sipsec_sa *sa;
	void *hdr;
	int err;

	err = sipsec_may(cb->skb) ?:
	      parse_filter(sipsec_genl_dump_attrs(cb), tb, &addr, cb->extack);
	if (err)
		return err;

	mutex_lock(&sn->lock);
	xa_for_each_start(&sn->index, i, sa, first) {
		if (meant(sa, tb, &addr)) {
			hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
					  &sipsec_family, NLM_F_MULTI, SIPSEC_CMD_SA_GET);
			if (!hdr || sipsec_fill_sa(skb, sa)) {
				if (hdr)
					genlmsg_cancel(skb, hdr);
				err = -EMSGSIZE;
				break;
			}
			genlmsg_end(skb, hdr);
		}
		cb->args[0] = i + 1;
		cond_resched();
	}
	mutex_unlock(&sn->lock);
	return err && !skb->len ? err : skb->len;
}

int sipsec_nl_sa_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sipsec_net *sn = sipsec_net(genl_info_net(info));
	struct nlattr *tb[SIPSEC_A_SA_MAX + 1];
	struct in6_addr addr;
	struct sk_buff *reply;
	struct sipsec_sa *sa;
	unsigned long i;
	u64 count = 0;
	void *hdr;
	int err;

	err = parse_filter(info->attrs, tb, &addr, info->extack);
	if (err)
		return err;
	/* Before anything is deleted, so that the answer cannot fail after it. */
	reply = sipsec_nl_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	mutex_lock(&sn->lock);
	xa_for_each(&sn->index, i, sa) {
		if (meant(sa, tb, &addr)) {
			sipsec_sa_del(sa, SIPSEC_REASON_FLUSH);
			count++;
		}
		cond_resched();
	}
	mutex_unlock(&sn->lock);
	if (nla_put_u64_64bit(reply, SIPSEC_A_COUNT, count, SIPSEC_A_PAD)) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}
