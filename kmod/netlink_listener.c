// SPDX-License-Identifier: GPL-2.0
/* Operations on listeners: what uapi/sipsec.yaml says beyond types and lengths. */
#include <net/genetlink.h>

#include "core/annotate.h"
#include "core/limits.h"
#include "family.h"
#include "fill.h"
#include "attach.h"
#include "listener.h"
#include "net.h"
#include "netlink_util.h"
#include "netlink_gen.h"

static int parse_listener(struct nlattr **attrs, struct nlattr **tb,
			  struct sipsec_endpoint *local, struct netlink_ext_ack *extack)
{
	struct nlattr *nest = attrs[SIPSEC_A_LISTENER];
	int err;

	if (!nest)
		return sipsec_refuse_missing(extack, NULL, SIPSEC_A_LISTENER, "listener: missing");
	err = nla_parse_nested(tb, ARRAY_SIZE(sipsec_listener_nl_policy) - 1, nest,
			       sipsec_listener_nl_policy, extack);
	if (err)
		return err;
	if (tb[SIPSEC_A_LISTENER_COUNTERS])
		return sipsec_refuse(extack, tb[SIPSEC_A_LISTENER_COUNTERS], -EINVAL,
				     "counters: read only");
	err = sipsec_nl_addr(tb[SIPSEC_A_LISTENER_ADDR4], tb[SIPSEC_A_LISTENER_ADDR6],
			     &local->addr, extack);
	if (err < 0)
		return err;
	if (!err)
		return sipsec_refuse_missing(extack, nest, SIPSEC_A_LISTENER_ADDR4,
					     "addr: missing");
	if (!tb[SIPSEC_A_LISTENER_PORT])
		return sipsec_refuse_missing(extack, nest, SIPSEC_A_LISTENER_PORT, "port: missing");
	local->port = htons(nla_get_u16(tb[SIPSEC_A_LISTENER_PORT]));
	if (!local->port)
		return sipsec_refuse(extack, tb[SIPSEC_A_LISTENER_PORT], -ERANGE,
				     "port: 1 to 65535");
	return 0;
}

/* Which actions a class may be given. */
static int parse_actions(struct nlattr *nest, struct sipsec_listener_conf *conf,
			 struct netlink_ext_ack *extack)
{
	struct nlattr *tb[SIPSEC_A_ACTION_MAX + 1];
	enum sipsec_class class;
	int err;

	err = nla_parse_nested(tb, SIPSEC_A_ACTION_MAX, nest, sipsec_actions_nl_policy, extack);
	if (err)
		return err;
	for (class = 0; class < SIPSEC_NR_CLASSES; class++) {
		struct nlattr *attr = tb[class + 1];
		u8 action;

		if (!attr)
			continue;
		action = nla_get_u8(attr);
		if (class == SIPSEC_CLASS_VERIFIED || class == SIPSEC_CLASS_ANNOTATE)
			return sipsec_refuse(extack, attr, -EINVAL,
					     "actions: verified is always accepted, annotate dropped");
		if (class == SIPSEC_CLASS_UNPROTECTED && action == SIPSEC_CLASS_ACTION_ACCEPT)
			return sipsec_refuse(extack, attr, -EINVAL,
					     "actions: unprotected is accepted by preset open");
		if (action == SIPSEC_CLASS_ACTION_ANSWER &&
		    (class == SIPSEC_CLASS_TRANSPORT || class == SIPSEC_CLASS_KEEPALIVE ||
		     class == SIPSEC_CLASS_RATELIMITED || class == SIPSEC_CLASS_EMERGENCY))
			return sipsec_refuse(extack, attr, -EINVAL,
					     "actions: transport, keepalive, ratelimited and emergency cannot be answered");
		conf->action[class] = action;
	}
	return 0;
}

/* The class needs a contiguous field of 5 bits: there are at most 32 of them. */
static bool mark_mask_ok(u32 mask)
{
	u32 field;

	if (!mask)
		return true;
	field = mask >> __ffs(mask);
	return !(field & (field + 1)) && field >= 31;
}

/* When the actions are known. */
static int parse_annotation(struct nlattr **tb, struct sipsec_listener_conf *conf,
			    struct netlink_ext_ack *extack)
{
	struct nlattr *attr = tb[SIPSEC_A_LISTENER_WORD];

	if (attr) {
		u32 len = strnlen(nla_data(attr), nla_len(attr));

		if (!sipsec_word_ok(nla_data(attr), len))
			return sipsec_refuse(extack, attr, -EINVAL,
					     "word: 8 to 16 token characters, at least one no hexadecimal digit");
		conf->word_len = len;
		memcpy(conf->word, nla_data(attr), len);
	}
	attr = tb[SIPSEC_A_LISTENER_ANNOTATE];
	if (attr)
		conf->annotate = nla_get_u8(attr);
	/* Nothing can be written into these, nor wiped off. */
	if (conf->annotate && (conf->action[SIPSEC_CLASS_MALFORMED] != SIPSEC_ACTION_DROP ||
			       conf->action[SIPSEC_CLASS_COMPRESSED] != SIPSEC_ACTION_DROP))
		return sipsec_refuse(extack, tb[SIPSEC_A_LISTENER_ACTIONS] ?: attr, -EINVAL,
				     "annotate: needs the action drop for malformed and compressed");
	return 0;
}

static int parse_conf(struct nlattr **tb, struct sipsec_listener_conf *conf,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *attr;
	int err;

	if (tb[SIPSEC_A_LISTENER_PRESET])
		conf->preset = nla_get_u8(tb[SIPSEC_A_LISTENER_PRESET]);
	attr = tb[SIPSEC_A_LISTENER_MAX_SIZE];
	if (attr) {
		conf->max_size = nla_get_u32(attr);
		if (conf->max_size < SIPSEC_MAX_SIZE_MIN || conf->max_size > SIPSEC_MAX_SIZE_CAP)
			return sipsec_refuse(extack, attr, -ERANGE, "max-size: 256 to 65000");
	}
	attr = tb[SIPSEC_A_LISTENER_MARK_MASK];
	if (attr) {
		conf->mark_mask = nla_get_u32(attr);
		if (!mark_mask_ok(conf->mark_mask))
			return sipsec_refuse(extack, attr, -EINVAL,
					     "mark-mask: 0, or a contiguous field of at least 5 bits");
	}
	attr = tb[SIPSEC_A_LISTENER_RATE];
	if (attr) {
		conf->rate = nla_get_u32(attr);
		if (!conf->rate || conf->rate > SIPSEC_RATE_MAX)
			return sipsec_refuse(extack, attr, -ERANGE, "rate: 1 to 1000000");
	}
	attr = tb[SIPSEC_A_LISTENER_EMERGENCIES];
	if (attr) {
		conf->emergencies = nla_get_u32(attr);
		if (conf->emergencies < SIPSEC_EMERGENCIES_MIN ||
		    conf->emergencies > SIPSEC_EMERGENCIES_MAX)
			return sipsec_refuse(extack, attr, -ERANGE, "emergencies: 64 to 1048576");
	}
	if (tb[SIPSEC_A_LISTENER_STUN])
		conf->stun = nla_get_u8(tb[SIPSEC_A_LISTENER_STUN]);
	if (tb[SIPSEC_A_LISTENER_IDENTITY])
		conf->identity = nla_get_u8(tb[SIPSEC_A_LISTENER_IDENTITY]);
	if (tb[SIPSEC_A_LISTENER_MONITOR])
		conf->monitor = nla_get_u8(tb[SIPSEC_A_LISTENER_MONITOR]);
	if (tb[SIPSEC_A_LISTENER_NOTIFY])
		conf->notify = nla_get_u8(tb[SIPSEC_A_LISTENER_NOTIFY]);
	if (tb[SIPSEC_A_LISTENER_ACTIONS]) {
		err = parse_actions(tb[SIPSEC_A_LISTENER_ACTIONS], conf, extack);
		if (err)
			return err;
	}
	return parse_annotation(tb, conf, extack);
}

static int make(struct genl_info *info, bool replace)
{
	struct sipsec_net *sn = sipsec_net(genl_info_net(info));
	struct nlattr *tb[SIPSEC_A_LISTENER_MAX + 1];
	struct netlink_ext_ack *extack = info->extack;
	struct sipsec_listener_conf conf;
	struct sipsec_endpoint local;
	int err;

	err = parse_listener(info->attrs, tb, &local, extack);
	if (err)
		return err;
	if (!tb[SIPSEC_A_LISTENER_DIRECTION])
		return sipsec_refuse_missing(extack, info->attrs[SIPSEC_A_LISTENER],
					     SIPSEC_A_LISTENER_DIRECTION, "direction: missing");
	sipsec_listener_defaults(&conf, nla_get_u8(tb[SIPSEC_A_LISTENER_DIRECTION]));
	err = parse_conf(tb, &conf, extack);
	if (err)
		return err;

	mutex_lock(&sn->lock);
	err = sipsec_attach(sn);
	if (err)
		NL_SET_ERR_MSG(extack, "listener: the netfilter hooks cannot be registered");
	else
		err = sipsec_listener_add(sn, &local, &conf, replace, extack);
	mutex_unlock(&sn->lock);
	return err;
}

int sipsec_nl_listener_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return make(info, false);
}

int sipsec_nl_listener_replace_doit(struct sk_buff *skb, struct genl_info *info)
{
	return make(info, true);
}

/* Under net->lock.  ERR_PTR(-ENOENT). */
static struct sipsec_listener *find(struct sipsec_net *sn, const struct sipsec_endpoint *local,
				    struct nlattr **tb, struct netlink_ext_ack *extack)
{
	struct sipsec_listener *l = sipsec_listener_find(sn, local);

	if (l)
		return l;
	return ERR_PTR(sipsec_refuse(extack, tb[SIPSEC_A_LISTENER_PORT], -ENOENT,
				     "port: there is no listener at this address and port"));
}

static int set(struct sipsec_net *sn, struct sipsec_listener *l, struct nlattr **tb,
	       struct netlink_ext_ack *extack)
{
	struct sipsec_listener_conf conf = l->conf;
	int err;

	if (tb[SIPSEC_A_LISTENER_DIRECTION] &&
	    nla_get_u8(tb[SIPSEC_A_LISTENER_DIRECTION]) != conf.direction)
		return sipsec_refuse(extack, tb[SIPSEC_A_LISTENER_DIRECTION], -EINVAL,
				     "direction: cannot be changed");
	err = parse_conf(tb, &conf, extack);
	if (err)
		return err;
	if (conf.emergencies != l->conf.emergencies)
		return sipsec_refuse(extack, tb[SIPSEC_A_LISTENER_EMERGENCIES], -EINVAL,
				     "emergencies: cannot be changed");
	return sipsec_listener_set(sn, l, &conf, extack);
}

int sipsec_nl_listener_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sipsec_net *sn = sipsec_net(genl_info_net(info));
	struct nlattr *tb[SIPSEC_A_LISTENER_MAX + 1];
	struct sipsec_endpoint local;
	struct sipsec_listener *l;
	int err;

	err = parse_listener(info->attrs, tb, &local, info->extack);
	if (err)
		return err;
	mutex_lock(&sn->lock);
	l = find(sn, &local, tb, info->extack);
	err = IS_ERR(l) ? PTR_ERR(l) : set(sn, l, tb, info->extack);
	mutex_unlock(&sn->lock);
	return err;
}

/* Only what names a listener. */
static int parse_name_only(struct nlattr **attrs, struct nlattr **tb,
			   struct sipsec_endpoint *local, struct netlink_ext_ack *extack)
{
	int err, i;

	err = parse_listener(attrs, tb, local, extack);
	if (err)
		return err;
	for (i = SIPSEC_A_LISTENER_PORT + 1; i <= SIPSEC_A_LISTENER_MAX; i++)
		if (tb[i])
			return sipsec_refuse(extack, tb[i], -EINVAL,
					     "listener: only address and port name it");
	return 0;
}

int sipsec_nl_listener_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sipsec_net *sn = sipsec_net(genl_info_net(info));
	struct nlattr *tb[SIPSEC_A_LISTENER_MAX + 1];
	struct sipsec_endpoint local;
	struct sipsec_listener *l;
	int err;

	err = parse_name_only(info->attrs, tb, &local, info->extack);
	if (err)
		return err;
	mutex_lock(&sn->lock);
	l = find(sn, &local, tb, info->extack);
	if (IS_ERR(l))
		err = PTR_ERR(l);
	else
		sipsec_listener_del(sn, l);
	mutex_unlock(&sn->lock);
	return err;
}

int sipsec_nl_listener_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sipsec_net *sn = sipsec_net(genl_info_net(info));
	struct nlattr *tb[SIPSEC_A_LISTENER_MAX + 1];
	struct sipsec_endpoint local;
	struct sipsec_listener *l;
	struct sk_buff *reply;
	void *hdr;
	int err;

	err = parse_name_only(info->attrs, tb, &local, info->extack);
	if (err)
		return err;
	reply = sipsec_nl_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	mutex_lock(&sn->lock);
	l = find(sn, &local, tb, info->extack);
	err = IS_ERR(l) ? PTR_ERR(l) : sipsec_fill_listener(reply, l);
	mutex_unlock(&sn->lock);
	return sipsec_nl_reply_end(info, reply, hdr, err);
}

/* The cursor is the hash bucket and the place in it. */
int sipsec_nl_listener_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct sipsec_net *sn = sipsec_net(sock_net(skb->sk));
	struct sipsec_listener *l;
	int err, place;
	void *hdr;

	err = sipsec_may_dump(cb);
	if (err)
		return err;
	mutex_lock(&sn->lock);
	/* Places move where one comes or goes meanwhile: who reads is told. */
	cb->seq = sn->listeners.generation;
	for (; cb->args[0] < ARRAY_SIZE(sn->listeners.hash); cb->args[0]++, cb->args[1] = 0) {
		place = 0;
		hlist_for_each_entry(l, &sn->listeners.hash[cb->args[0]], node) {
			if (place++ < cb->args[1])
				continue;
			hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
					  &sipsec_family, NLM_F_MULTI, SIPSEC_CMD_LISTENER_GET);
			if (!hdr || sipsec_fill_listener(skb, l)) {
				if (hdr)
					genlmsg_cancel(skb, hdr);
				err = -EMSGSIZE;
				goto out;
			}
			genl_dump_check_consistent(cb, hdr);
			genlmsg_end(skb, hdr);
			cb->args[1]++;
		}
	}
out:
	mutex_unlock(&sn->lock);
	return err && !skb->len ? err : skb->len;
}
