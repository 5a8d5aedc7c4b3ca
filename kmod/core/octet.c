// SPDX-License-Identifier: GPL-2.0
#include "octet.h"

#define TOKEN	SIPSEC_OCTET_TOKEN
#define DIGIT	SIPSEC_OCTET_DIGIT
#define HEX	SIPSEC_OCTET_HEX
#define BASE64	SIPSEC_OCTET_BASE64
#define WS	SIPSEC_OCTET_WS
#define LWS	SIPSEC_OCTET_LWS

const u8 sipsec_octets[256] = {
	['\t'] = WS | LWS,
	['\n'] = LWS,
	['\r'] = LWS,
	[' '] = WS | LWS,
	['!'] = TOKEN,
	['%'] = TOKEN,
	['\''] = TOKEN,
	['*'] = TOKEN,
	['+'] = TOKEN,
	['-'] = TOKEN | BASE64,
	['.'] = TOKEN,
	['0' ... '9'] = TOKEN | DIGIT | HEX | BASE64,
	['A' ... 'F'] = TOKEN | HEX | BASE64,
	['G' ... 'Z'] = TOKEN | BASE64,
	['_'] = TOKEN | BASE64,
	['`'] = TOKEN,
	['a' ... 'f'] = TOKEN | HEX | BASE64,
	['g' ... 'z'] = TOKEN | BASE64,
	['~'] = TOKEN,
};
