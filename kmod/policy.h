/* SPDX-License-Identifier: GPL-2.0 */
/* What a listener does with a datagram of a class: clauses 8 and 10. */
#ifndef SIPSEC_POLICY_H
#define SIPSEC_POLICY_H

#include <linux/types.h>

#include "addr.h"
#include "core/class.h"
#include "core/sipmsg.h"

struct sipsec_listener;

/*
 * What is done with a datagram of this class from src: true, it is handed on.
 * msg is valid for class unprotected.  *class becomes RATELIMITED where a
 * bucket was empty.  In monitor mode all is handed on, and what would have been
 * dropped is counted, but for what cannot be annotated.  Under RCU, bottom
 * halves off.
 */
bool sipsec_policy_accepts(struct sipsec_listener *l, enum sipsec_class *class, const u8 *buf,
			   const struct sipsec_msg *msg, const struct sipsec_endpoint *src);

#endif
