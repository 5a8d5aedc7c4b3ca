// SPDX-License-Identifier: GPL-2.0
/* The Integrity field's value, the MAC in it, and the field that is written. */
#include <string.h>

#include "alg.h"
#include "fuzz.h"
#include "integrity.h"
#include "reference.h"

/* What sipsec_integrity_format() writes is read back. */
static void written(uint32_t spi, uint64_t seq, const uint8_t *mac, const struct sipsec_alg *alg)
{
	u8 out[SIPSEC_MAX_FIELD_LEN], back[SIPSEC_MAX_MAC_LEN];
	unsigned int chars = (alg->mac_len * 8 + 5) / 6, n, off, name;
	struct sipsec_integrity f;

	for (int compact = 0; compact < 2; compact++) {
		n = sipsec_integrity_format(out, compact, spi, seq, chars, &off);
		must(n <= sizeof(out) && off + chars + 2 == n, "longer than its bound");
		sipsec_mac_encode(out + off, mac, alg->mac_len);
		name = compact ? 2 : 10;
		must(sipsec_integrity_parse(out, name, n - 2 - name, &f), "what was written");
		must(f.scope == SIPSEC_SCOPE_HOP && f.spi == spi && f.seq == seq &&
		     f.mac_off == off && f.mac_chars == chars, "is read otherwise");
		must(sipsec_mac_decode(out + off, chars, back, alg->mac_len) &&
		     !memcmp(back, mac, alg->mac_len), "MAC");
	}
}

/* One text only for one MAC: else a changed octet would verify. */
static void one_text(const uint8_t *text, unsigned int chars)
{
	u8 mac[SIPSEC_MAX_MAC_LEN], again[SIPSEC_MAX_MAC_CHARS + 1];
	unsigned int len;

	for (len = 1; len <= sizeof(mac); len++) {
		if (!sipsec_mac_decode(text, chars, mac, len))
			continue;
		sipsec_mac_encode(again, mac, len);
		must(!memcmp(again, text, chars), "two texts for one MAC");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ref_integrity want;
	struct sipsec_integrity f;
	const struct sipsec_alg *alg;
	bool good, ref_good;
	uint8_t *buf;

	if (size > 4096)
		return -1;
	buf = fuzz_exact(data, size);
	memset(&f, 0, sizeof(f));
	good = sipsec_integrity_parse(buf, 0, size, &f);
	ref_good = ref_integrity(buf, (struct ref_part){ 0, size }, &want);
	must(good == ref_good, "core %d, reference %d", good, ref_good);
	if (good) {
		must(f.scope == (u8)want.scope, "scope");
		if (f.scope != SIPSEC_SCOPE_UNKNOWN) {
			must(f.spi == want.spi && f.seq == want.seq &&
			     f.mac_off == want.mac.off && f.mac_chars == want.mac.len, "values");
			one_text(buf + f.mac_off, f.mac_chars);
		}
	}
	free(buf);

	if (size >= 29) {
		uint32_t spi;
		uint64_t seq;

		memcpy(&spi, data, 4);
		memcpy(&seq, data + 4, 8);
		alg = sipsec_alg_by_nr(1 + data[12] % 9);
		written(spi, seq ? seq : 1, data + 13, alg);
	}
	return 0;
}
