// SPDX-License-Identifier: GPL-2.0
/* The MAC helper against published vectors, so that what leans on it stands. */
#include <string.h>

#include "macs.h"
#include "tap.h"

static void file(const char *name, const char *digest)
{
	char path[256];
	struct json_object *root, *tests;
	u8 out[32];
	size_t i;

	snprintf(path, sizeof(path), VECTORS "/mac/%s", name);
	root = data_json(path);
	tests = data_array(root, "tests");
	for (i = 0; i < json_object_array_length(tests); i++) {
		struct json_object *test = json_object_array_get_idx(tests, i);
		struct octets key = data_octets(test, "key");
		struct octets text = data_octets(test, "msg");
		struct octets want = data_octets(test, "mac");
		u32 len;

		if (!digest) {
			len = macs_cmac(key.data, key.len, text.data, text.len, out);
		} else if (!*digest) {
			struct octets nonce = data_octets(test, "iv");

			len = macs_gmac(key.data, key.len, nonce.data, text.data, text.len, out);
			data_free(&nonce);
		} else {
			len = macs_hmac(digest, key.data, key.len, text.data, text.len, out);
		}
		tap_ok(want.len >= 4 && want.len <= len && !memcmp(out, want.data, want.len),
		       "%s: %s", name, data_string(test, "name"));
		data_free(&key);
		data_free(&text);
		data_free(&want);
	}
	json_object_put(root);
}

int main(void)
{
	file("hmac_md5_rfc2202.json", "MD5");
	file("hmac_sha1_rfc2202.json", "SHA1");
	file("hmac_sha256_rfc4231.json", "SHA256");
	file("aes_cmac_rfc4493.json", NULL);
	file("gmac.json", "");
	return tap_done();
}
