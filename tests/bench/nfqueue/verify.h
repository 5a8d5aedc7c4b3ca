/* SPDX-License-Identifier: GPL-2.0 */
/* One SA of hmac-sha-256-128: core/'s parser and window, and libcrypto's MAC. */
#ifndef BENCH_VERIFY_H
#define BENCH_VERIFY_H

#include <stdbool.h>

/* SPI and key in hex; ends the program where they are wrong. */
void verify_init(const char *spi, const char *hex);

/* Does the message verify?  Then its seq is used up. */
bool verify(const unsigned char *buf, unsigned int len);

#endif
