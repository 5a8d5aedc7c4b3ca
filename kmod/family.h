/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_FAMILY_H
#define SIPSEC_FAMILY_H

#include <net/genetlink.h>

extern struct genl_family sipsec_family;

/*
 * May the sender of this dump have it, and are its attributes those it takes?  0 or
 * -errno.  Other requests do not come so far.
 */
int sipsec_may_dump(struct netlink_callback *cb);

/*
 * A dump was refused for what is in its request, which may be a key: no copy is to lie in
 * freed memory.
 */
void sipsec_wipe_dump(struct netlink_callback *cb);

#endif
