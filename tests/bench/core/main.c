// SPDX-License-Identifier: GPL-2.0
/*
 *	bench ROUNDS MESSAGE...
 *	bench -r ROW TIMES MESSAGE	one row and nothing else
 */
#include <err.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"

static const struct row rows[] = {
	{ "line-scan", row_scan },
	{ "sipsec-parse", row_sipsec_parse },
	{ "sipsec-parse-out", row_sipsec_parse_out },
	{ "osip", row_osip },
	{ "sofia", row_sofia },
	{ "mac-hmac-sha-256-128", row_mac_sha256 },
	{ "core-hmac-sha-256-128", row_verify_sha256 },
	{ "mac-hmac-sha-1-96", row_mac_sha1 },
	{ "core-hmac-sha-1-96", row_verify_sha1 },
	{ "mac-aes-gmac", row_mac_gmac },
	{ "core-aes-gmac", row_verify_gmac },
	{ "mac-aes-cmac-96", row_mac_cmac },
	{ "core-aes-cmac-96", row_verify_cmac },
};

#define NR_ROWS		(sizeof(rows) / sizeof(rows[0]))
#define MAX_MESSAGES	8

int main(int argc, char **argv)
{
	struct message messages[MAX_MESSAGES];
	int i;

	if (argc == 5 && !strcmp(argv[1], "-r")) {
		messages[0] = message_read(argv[4]);
		row_repeat(rows, NR_ROWS, argv[2], &messages[0], strtoul(argv[3], NULL, 10));
		return 0;
	}
	if (argc < 3 || argc - 2 > MAX_MESSAGES)
		errx(2, "usage: bench ROUNDS MESSAGE... | bench -r ROW TIMES MESSAGE");
	for (i = 2; i < argc; i++)
		messages[i - 2] = message_read(argv[i]);
	rows_time(rows, NR_ROWS, messages, argc - 2, atoi(argv[1]));
	return 0;
}
