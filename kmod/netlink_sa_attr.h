/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The attributes of an SA in requests: what uapi/sipsec.yaml says of them beyond types
 * and lengths.  Where one refuses, extack names the attribute and the reason, and it
 * returns -errno; else 0, if nothing else is said.  tb has SIPSEC_A_SA_MAX + 1 places.
 */
#ifndef SIPSEC_NETLINK_SA_ATTR_H
#define SIPSEC_NETLINK_SA_ATTR_H

#include <linux/netlink.h>
#include <linux/types.h>

#include "core/alg.h"
#include "core/str.h"
#include "sa.h"

struct genl_info;
struct sipsec_identities;

/* The module parameter allow_md5. */
extern bool sipsec_allow_md5;

/* Parse a nest of an SA, in which nothing is that is read only. */
int sipsec_nl_sa_nest(struct nlattr *nest, struct nlattr **tb, struct netlink_ext_ack *extack);

/* The nest sa of a request that has nothing else. */
int sipsec_nl_sa_given(struct nlattr **attrs, struct nlattr **tb, struct netlink_ext_ack *extack);

/* What names an SA: type, spi and, outbound, address and port. */
int sipsec_nl_sa_name(struct nlattr *nest, struct nlattr **tb, struct sipsec_sa_parm *p,
		      struct netlink_ext_ack *extack);

/* Only what names an SA, and pair_too, where that is no 0. */
int sipsec_nl_sa_name_only(struct nlattr **attrs, struct nlattr **tb, struct sipsec_sa_parm *p,
			   int pair_too, struct netlink_ext_ack *extack);

/* The SA so named; under net->lock.  ERR_PTR(-ENOENT). */
struct sipsec_sa *sipsec_nl_sa_find(struct sipsec_net *sn, const struct sipsec_sa_parm *p,
				    struct nlattr **tb, struct netlink_ext_ack *extack);

/* An algorithm for use, and its key in the request. */
int sipsec_nl_sa_key(struct nlattr *nest, struct nlattr **tb, const struct sipsec_alg **alg,
		     const u8 **key, struct netlink_ext_ack *extack);

/* Lifetimes that are given go over those in life. */
int sipsec_nl_sa_life(struct nlattr **tb, struct sipsec_life *life,
		      struct netlink_ext_ack *extack);

/* Is nothing given that only the other type of SA has? */
int sipsec_nl_sa_check_type(u8 type, struct nlattr **tb, struct netlink_ext_ack *extack);

int sipsec_nl_sa_mark(struct nlattr *attr, u32 *mark, struct netlink_ext_ack *extack);
int sipsec_nl_sa_check_seq(struct nlattr *attr, u8 type, const struct sipsec_alg *alg,
			   struct netlink_ext_ack *extack);
int sipsec_nl_temporary_seconds(struct nlattr *attr, u32 *seconds,
				struct netlink_ext_ack *extack);

/* No address that a datagram can come from or go to? */
bool sipsec_nl_is_unspecified(const struct in6_addr *addr);

/* A string attribute without the NUL behind it. */
struct sipsec_str sipsec_nl_text(const struct nlattr *attr);
int sipsec_nl_check_impi(const struct nlattr *attr, struct netlink_ext_ack *extack);
int sipsec_nl_check_impu(const struct nlattr *attr, struct netlink_ext_ack *extack);

/*
 * The identities of an SA: this private one (len 0: none), and the public ones in
 * the nest (NULL: none).  NULL where there are none at all; ERR_PTR(-errno).
 */
struct sipsec_identities *sipsec_nl_identities(struct nlattr *nest, const struct sipsec_str *impi,
					       struct netlink_ext_ack *extack);

#endif
