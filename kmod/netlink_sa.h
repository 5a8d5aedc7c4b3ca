/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_NETLINK_SA_H
#define SIPSEC_NETLINK_SA_H

#include <linux/types.h>

/* The module parameter allow_md5. */
extern bool sipsec_allow_md5;

#endif
