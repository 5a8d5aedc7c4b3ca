/* SPDX-License-Identifier: GPL-2.0 */
/* What is measured in one process. */
#ifndef ROWS_H
#define ROWS_H

#include "bench.h"

bool row_scan(const struct message *m, unsigned long n);
bool row_sipsec_parse(const struct message *m, unsigned long n);
bool row_sipsec_parse_out(const struct message *m, unsigned long n);
bool row_osip(const struct message *m, unsigned long n);
bool row_sofia(const struct message *m, unsigned long n);

/* The MAC alone, and all of core/ with it, of an algorithm of clause 5. */
bool row_mac_sha256(const struct message *m, unsigned long n);
bool row_mac_sha1(const struct message *m, unsigned long n);
bool row_mac_gmac(const struct message *m, unsigned long n);
bool row_mac_cmac(const struct message *m, unsigned long n);
bool row_verify_sha256(const struct message *m, unsigned long n);
bool row_verify_sha1(const struct message *m, unsigned long n);
bool row_verify_gmac(const struct message *m, unsigned long n);
bool row_verify_cmac(const struct message *m, unsigned long n);

#endif
