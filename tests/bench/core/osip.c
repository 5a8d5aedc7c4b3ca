// SPDX-License-Identifier: GPL-2.0
/* libosip2: all header fields it knows. */
#include <stdbool.h>
#include <sys/time.h>
#include <osipparser2/osip_parser.h>

#include "rows.h"

bool row_osip(const struct message *m, unsigned long n)
{
	static bool ready;
	osip_message_t *sip;

	if (!ready && parser_init())
		return false;
	ready = true;
	while (n--) {
		if (osip_message_init(&sip))
			return false;
		if (osip_message_parse(sip, m->data, m->len))
			return false;
		osip_message_free(sip);
	}
	return true;
}
