// SPDX-License-Identifier: GPL-2.0
#include <linux/moduleparam.h>
#include <net/genetlink.h>

#include "core/limits.h"
#include "net.h"
#include "netlink_gen.h"
#include "netlink_sa_attr.h"
#include "netlink_util.h"
#include "pair.h"
#include "peer.h"
#include "sa_table.h"

bool sipsec_allow_md5;
module_param_named(allow_md5, sipsec_allow_md5, bool, 0444);
MODULE_PARM_DESC(allow_md5, "allow hmac-md5-96 (default: no)");

int sipsec_nl_sa_nest(struct nlattr *nest, struct nlattr **tb, struct netlink_ext_ack *extack)
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

int sipsec_nl_sa_given(struct nlattr **attrs, struct nlattr **tb, struct netlink_ext_ack *extack)
{
	if (!attrs[SIPSEC_A_SA])
		return sipsec_refuse_missing(extack, NULL, SIPSEC_A_SA, "sa: missing");
	return sipsec_nl_sa_nest(attrs[SIPSEC_A_SA], tb, extack);
}

static int parse_alg(struct nlattr *attr, const struct sipsec_alg **alg,
		     struct netlink_ext_ack *extack)
{
	*alg = sipsec_alg_by_nr(nla_get_u8(attr));
	if (!*alg)
		return sipsec_refuse(extack, attr, -EINVAL, "alg: not a number of clause 5");
	return 0;
}

int sipsec_nl_sa_key(struct nlattr *nest, struct nlattr **tb, const struct sipsec_alg **alg,
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
	if (!tb[SIPSEC_A_SA_KEY])
		return sipsec_refuse_missing(extack, nest, SIPSEC_A_SA_KEY,
					     "key: missing");
	if (nla_len(tb[SIPSEC_A_SA_KEY]) != (*alg)->key_len)
		return sipsec_refuse(extack, tb[SIPSEC_A_SA_KEY], -EINVAL,
				     "key: not of the algorithm's length");
	*key = nla_data(tb[SIPSEC_A_SA_KEY]);
	return 0;
}

int sipsec_nl_sa_name(struct nlattr *nest, struct nlattr **tb, struct sipsec_sa_parm *p,
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

bool sipsec_nl_is_unspecified(const struct in6_addr *addr)
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

int sipsec_nl_sa_life(struct nlattr **tb, struct sipsec_life *life,
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

int sipsec_nl_sa_check_type(u8 type, struct nlattr **tb, struct netlink_ext_ack *extack)
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

int sipsec_nl_sa_mark(struct nlattr *attr, u32 *mark, struct netlink_ext_ack *extack)
{
	*mark = nla_get_u32(attr);
	if (*mark & ~sipsec_mark_mask)
		return sipsec_refuse(extack, attr, -EINVAL,
				     "mark: has bits outside the module parameter mark_mask");
	return 0;
}

int sipsec_nl_sa_check_seq(struct nlattr *attr, u8 type, const struct sipsec_alg *alg,
			   struct netlink_ext_ack *extack)
{
	u64 seq = nla_get_u64(attr);

	if (seq > sipsec_alg_seq_max(alg))
		return sipsec_refuse(extack, attr, -ERANGE, "seq: above the algorithm's last");
	if (type == SIPSEC_SA_OUTBOUND && !seq)
		return sipsec_refuse(extack, attr, -ERANGE, "seq: outbound begins at 1");
	return 0;
}

struct sipsec_str sipsec_nl_text(const struct nlattr *attr)
{
	struct sipsec_str text = { .at = nla_data(attr), .len = nla_len(attr) };

	if (text.len && !text.at[text.len - 1])
		text.len--;
	return text;
}

int sipsec_nl_check_impi(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	if (sipsec_impi_good(sipsec_nl_text(attr)))
		return 0;
	return sipsec_refuse(extack, attr, -EINVAL,
			     "impi: 1 to 255 printable octets of UTF-8 without space, quote and backslash");
}

#define IMPU_REASON(sym, text) [SIPSEC_URI_WHY_##sym] = "impu: " text,
static const char *const impu_reasons[] = {
	SIPSEC_URI_WHYS(IMPU_REASON)
};

int sipsec_nl_check_impu(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	enum sipsec_uri_why why = sipsec_impu_check(sipsec_nl_text(attr));

	if (why == SIPSEC_URI_WHY_OK)
		return 0;
	if (extack) {
		NL_SET_BAD_ATTR(extack, attr);
		extack->_msg = impu_reasons[why];
	}
	return -EINVAL;
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
		err = sipsec_nl_check_impu(attr, extack);
		if (err)
			return err;
		octets += sipsec_nl_text(attr).len;
		if (++nr > SIPSEC_MAX_IMPUS)
			return sipsec_refuse(extack, attr, -E2BIG, "impu: more than 16");
		if (octets > SIPSEC_MAX_IDENTITIES)
			return sipsec_refuse(extack, attr, -E2BIG,
					     "impi, impu: more than 2048 octets in all");
	}
	return octets;
}

struct sipsec_identities *sipsec_nl_identities(struct nlattr *nest,
					       const struct sipsec_str *impi,
					       struct netlink_ext_ack *extack)
{
	struct sipsec_identities *ids;
	struct sipsec_str name;
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
	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != SIPSEC_A_SA_IMPU)
			continue;
		name = sipsec_nl_text(attr);
		ids->set.impu[ids->set.nr++] = sipsec_identities_add(ids, name);
	}
	return ids;
}

int sipsec_nl_temporary_seconds(struct nlattr *attr, u32 *seconds,
				struct netlink_ext_ack *extack)
{
	*seconds = nla_get_u32(attr);
	if (!*seconds)
		return sipsec_refuse(extack, attr, -ERANGE, "temporary-seconds: at least 1");
	return 0;
}

struct sipsec_sa *sipsec_nl_sa_find(struct sipsec_net *sn, const struct sipsec_sa_parm *p,
				    struct nlattr **tb, struct netlink_ext_ack *extack)
{
	struct sipsec_sa *sa = sipsec_sa_find(sn, p->type, p->spi, &p->peer);

	if (sa)
		return sa;
	return ERR_PTR(sipsec_refuse(extack, tb[SIPSEC_A_SA_SPI], -ENOENT,
				     "spi: there is no such SA"));
}

int sipsec_nl_sa_name_only(struct nlattr **attrs, struct nlattr **tb, struct sipsec_sa_parm *p,
			   int pair_too, struct netlink_ext_ack *extack)
{
	int err, i;

	memset(p, 0, sizeof(*p));
	err = sipsec_nl_sa_given(attrs, tb, extack) ?:
	      sipsec_nl_sa_name(attrs[SIPSEC_A_SA], tb, p, extack);
	if (err)
		return err;
	for (i = SIPSEC_A_SA_PORT + 1; i <= SIPSEC_A_SA_MAX; i++)
		if (tb[i] && i != pair_too)
			return sipsec_refuse(extack, tb[i], -EINVAL,
					     "sa: only type, spi, address and port name an SA");
	/* It may be bound elsewhere, and would be taken all the same. */
	for (i = SIPSEC_A_SA_ADDR4; i <= SIPSEC_A_SA_PORT; i++)
		if (tb[i] && p->type == SIPSEC_SA_INBOUND)
			return sipsec_refuse(extack, tb[i], -EINVAL,
					     "sa: only type and spi name an inbound SA");
	return 0;
}
