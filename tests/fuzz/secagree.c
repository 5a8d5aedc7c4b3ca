// SPDX-License-Identifier: GPL-2.0
/* Security-Client, -Server and -Verify of RFC 3329. */
#include <string.h>

#include "core/utf8.h"
#include "fuzz.h"
#include "secagree.h"

/* What is written is read back, and is the same. */
static void written(const struct secagree *a)
{
	static char text[70000];
	const struct secagree_mech *mech;
	struct secagree again;
	unsigned int i, n;

	for (i = 0; i < a->nr; i++)
		must(!a->mechs[i].usable || a->mechs[i].alg, "usable without an algorithm");
	must(secagree_equal(a, a), "not the same as itself");
	if (!secagree_choose(a, ~0U, &mech))
		must(mech->usable, "one is chosen that is of no use");
	if (secagree_text(a, text, sizeof(text)))
		return;
	must(!strpbrk(text, "\r\n"), "more than one line is written: %s", text);
	for (i = 0; i < strlen(text); i += n) {
		n = sipsec_utf8_len((const u8 *)text + i, strlen(text) - i);
		must(n, "what is written is no UTF-8: %s", text);
	}
	must(!secagree_read_value((const uint8_t *)text, strlen(text), &again),
	     "what is written is not read: %s", text);
	must(secagree_equal(a, &again), "what is written differs: %s", text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum secagree_field fields[] = {
		SECAGREE_CLIENT, SECAGREE_SERVER, SECAGREE_VERIFY,
	};
	struct secagree a;
	uint8_t *buf;
	int err;

	if (size > 16384)
		return -1;
	buf = fuzz_exact(data, size);
	err = secagree_read_value(buf, size, &a);
	must(secagree_strerror(err), "no text");
	if (!err)
		written(&a);
	for (unsigned int i = 0; i < 3; i++)
		if (!secagree_read(buf, size, fields[i], &a))
			written(&a);
	free(buf);
	return 0;
}
