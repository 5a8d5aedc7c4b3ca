/* SPDX-License-Identifier: GPL-2.0 */
/* Names of the netlink attributes, as uapi/sipsec.yaml gives them. */
#ifndef SIPSEC_CTL_ATTR_H
#define SIPSEC_CTL_ATTR_H

#include <stddef.h>
#include <stdint.h>

struct nlmsghdr;

struct attr_set {
	const char *const *names;	/* by number; NULL: no name */
	unsigned int max;		/* the last number */
	const struct attr_set *const *nests;	/* by number; NULL: no nests in this set */
};

/* The attributes of every message, and those of stats. */
extern const struct attr_set attr_msg;
extern const struct attr_set attr_stats;

/* "attribute" for a number that has no name. */
const char *attr_name(const struct attr_set *set, unsigned int nr);

/*
 * The name of the innermost attribute at offset in a message of the family,
 * or NULL where none is: what NLMSGERR_ATTR_OFFS points at.
 */
const char *attr_name_at(const struct nlmsghdr *nlh, size_t offset);

/*
 * The name of the attribute that is missing in the nest at offset (0: on the
 * top level): NLMSGERR_ATTR_MISS_TYPE and NLMSGERR_ATTR_MISS_NEST.
 */
const char *attr_name_missing(const struct nlmsghdr *nlh, size_t nest, unsigned int nr);

#endif
