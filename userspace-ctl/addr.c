// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "addr.h"

int addr_parse(const char *text, struct addr *a)
{
	memset(a, 0, sizeof(*a));
	if (inet_pton(AF_INET, text, a->octets) == 1)
		a->len = 4;
	else if (inet_pton(AF_INET6, text, a->octets) == 1)
		a->len = 16;
	else
		return -EINVAL;
	return 0;
}

const char *addr_text(const struct addr *a, char text[ADDR_TEXT_MAX])
{
	text[0] = '\0';
	if (a->len)
		inet_ntop(a->len == 4 ? AF_INET : AF_INET6, a->octets, text, ADDR_TEXT_MAX);
	return text;
}

const char *addr_port_text(const struct addr *a, uint16_t port, char text[ADDR_TEXT_MAX])
{
	char bare[ADDR_TEXT_MAX];
	const char *open = "", *close = "";

	if (!a->len)
		return "any";
	addr_text(a, bare);
	if (!port) {
		memcpy(text, bare, ADDR_TEXT_MAX);
		return text;
	}
	if (a->len == 16) {
		open = "[";
		close = "]";
	}
	/* 45 characters of an address, 5 of a port, and three more */
	snprintf(text, ADDR_TEXT_MAX, "%s%.45s%s:%u", open, bare, close, port);
	return text;
}

bool addr_equal(const struct addr *a, const struct addr *b)
{
	return a->len == b->len && !memcmp(a->octets, b->octets, sizeof(a->octets));
}
