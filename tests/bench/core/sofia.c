// SPDX-License-Identifier: GPL-2.0
/* sofia-sip: all header fields it knows. */
#include <stdbool.h>
#include <string.h>
#include <sofia-sip/msg.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_buffer.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_parser.h>

#include "rows.h"

bool row_sofia(const struct message *m, unsigned long n)
{
	while (n--) {
		msg_t *msg = msg_create(sip_default_mclass(), 0);
		void *room = msg ? msg_buf_exact(msg, m->len + 1) : NULL;

		if (!room)
			return false;
		/* It changes the octets it parses, so each time wants a copy. */
		memcpy(room, m->data, m->len);
		msg_buf_commit(msg, m->len, 1);
		if (msg_extract(msg) < 0 || !sip_object(msg) || !sip_object(msg)->sip_cseq)
			return false;
		msg_destroy(msg);
	}
	return true;
}
