/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM sipsec

#if !defined(SIPSEC_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define SIPSEC_TRACE_H

#include <linux/tracepoint.h>
#include <net/net_namespace.h>

#include "addr.h"
#include "core/class.h"
#include "core/sipmsg.h"

/* Each datagram to a listener: its class, and of a malformed one, why. */
TRACE_EVENT(sipsec_verdict,
	TP_PROTO(const struct net *net, const struct sipsec_endpoint *src,
		 enum sipsec_class class, enum sipsec_why why, u32 spi, bool accept),
	TP_ARGS(net, src, class, why, spi, accept),
	TP_STRUCT__entry(
		__field(unsigned int, netns)
		__array(u8, addr, 16)
		__field(u16, port)
		__field(u8, class)
		__field(u8, why)
		__field(u32, spi)
		__field(bool, accept)
	),
	TP_fast_assign(
		__entry->netns = net->ns.inum;
		memcpy(__entry->addr, &src->addr, 16);
		__entry->port = ntohs(src->port);
		__entry->class = class;
		__entry->why = why;
		__entry->spi = spi;
		__entry->accept = accept;
	),
	TP_printk("netns=%u src=%pI6c port=%u class=%u why=%u spi=0x%08x %s",
		  __entry->netns, __entry->addr, __entry->port, __entry->class, __entry->why,
		  __entry->spi, __entry->accept ? "accept" : "drop")
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
