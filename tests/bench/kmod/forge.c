// SPDX-License-Identifier: GPL-2.0
/* Messages as if from any of very many SAs, of which the sender has only one. */
#include <crypto/hash.h>
#include <linux/ip.h>
#include <linux/udp.h>

#include "bench.h"

#define FIELD		"\r\nIntegrity: "
#define SPI_LEN		8
#define SEQ		";seq="
#define SEQ_LEN		8
#define MAC		";mac="
#define MAC_LEN		22

static struct crypto_shash *hmac;

static void put_base64url(u8 *out, const u8 *in, unsigned int len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	unsigned int acc = 0, bits = 0;

	for (; len; len--) {
		acc = acc << 8 | *in++;
		for (bits += 8; bits >= 6; bits -= 6)
			*out++ = digits[acc >> (bits - 6) & 63];
	}
	if (bits)
		*out = digits[acc << (6 - bits) & 63];
}

int bench_forge(struct sk_buff *skb, u32 spi, u32 seq)
{
	struct iphdr *iph = (struct iphdr *)skb->data;
	u8 *text = skb->data + iph->ihl * 4 + sizeof(struct udphdr);
	unsigned int len = skb->len - (text - skb->data);
	u8 pseudo[16] = { 1, 0, 4 }, key[32], out[32], hex[SPI_LEN + 1];
	__be32 be_spi = cpu_to_be32(spi);
	__be64 be_seq = cpu_to_be64(seq);
	u8 *field = strnstr(text, FIELD, len);
	u8 *mac;
	int i, err;

	if (!field)
		return -EBADMSG;
	field += strlen(FIELD);
	mac = field + SPI_LEN + strlen(SEQ) + SEQ_LEN + strlen(MAC);
	if (memcmp(field + SPI_LEN, SEQ, strlen(SEQ)) ||
	    memcmp(mac - strlen(MAC), MAC, strlen(MAC)))
		return -EBADMSG;
	if (!hmac) {
		struct crypto_shash *tfm = crypto_alloc_shash("hmac(sha256)", 0, 0);

		if (IS_ERR(tfm))
			return PTR_ERR(tfm);
		hmac = tfm;
	}
	snprintf(hex, sizeof(hex), "%08x", spi);
	memcpy(field, hex, SPI_LEN);
	snprintf(hex, sizeof(hex), "%08x", seq);
	memcpy(field + SPI_LEN + strlen(SEQ), hex, SEQ_LEN);
	memset(mac, 'A', MAC_LEN);
	memcpy(pseudo + 4, &be_spi, sizeof(be_spi));
	memcpy(pseudo + 8, &be_seq, sizeof(be_seq));
	for (i = 0; i < sizeof(key); i += sizeof(be_spi))
		memcpy(key + i, &be_spi, sizeof(be_spi));
	err = crypto_shash_setkey(hmac, key, sizeof(key));
	if (!err) {
		SHASH_DESC_ON_STACK(desc, hmac);

		desc->tfm = hmac;
		err = crypto_shash_init(desc) ?:
		      crypto_shash_update(desc, pseudo, sizeof(pseudo)) ?:
		      crypto_shash_finup(desc, text, len, out);
	}
	put_base64url(mac, out, 16);
	return err;
}

void bench_forge_exit(void)
{
	if (hmac)
		crypto_free_shash(hmac);
}
