// SPDX-License-Identifier: GPL-2.0
/*
 * The module's memories and buckets of clause 10 with a clock of their own: what
 * they forget and when, and that no flood makes them forget more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "bucket.h"
#include "emergency.h"
#include "requests.h"
#include "tap.h"

#define T64	32
#define IDLE	(4 * 3600)

static struct in6_addr peer = { .s6_addr = { 1 } };
static time64_t now = 1000;

enum kind { BEGIN, ACK, CANCEL, INFO, BYE, TRYING, RINGING, OK, REFUSED };

/* A message of call nr, with the other side's tag. */
static struct sipsec_emergency message(struct sipsec_emergencies *e, enum kind kind,
				       unsigned int nr, const char *other)
{
	static const char *const method[] = { "INVITE", "ACK", "CANCEL", "INFO", "BYE", "INVITE",
					      "INVITE", "INVITE", "INVITE" };
	static const unsigned int status[] = { [TRYING] = 100, [RINGING] = 180, [OK] = 200,
					       [REFUSED] = 486 };
	bool request = kind < TRYING;
	struct sipsec_emergency m;
	struct sipsec_msg msg;
	char text[512], start[64];
	int len;

	if (request)
		snprintf(start, sizeof(start), "%s urn:service:sos SIP/2.0", method[kind]);
	else
		snprintf(start, sizeof(start), "SIP/2.0 %u X", status[kind]);
	len = snprintf(text, sizeof(text), "%s\r\nFrom: <sip:a@b>;tag=t%u\r\nTo: <sip:c@d>%s%s\r\n"
		       "Call-ID: c%u\r\nCSeq: %u %s\r\n\r\n", start, nr, *other ? ";tag=" : "",
		       other, nr, kind == INFO || kind == BYE ? 2 : 1, method[kind]);
	if (sipsec_msg_parse((u8 *)text, len, 1000, &msg) ||
	    !sipsec_emergency_read(e, request, &peer, (u8 *)text, &msg, &m)) {
		printf("Bail out! %s\n", text);
		exit(1);
	}
	return m;
}

static bool known(struct sipsec_emergencies *e, enum kind kind, unsigned int nr, const char *other)
{
	struct sipsec_emergency m = message(e, kind, nr, other);

	return sipsec_emergency_known(e, &m, now);
}

static bool pass(struct sipsec_emergencies *e, enum kind kind, unsigned int nr, const char *other)
{
	struct sipsec_emergency m = message(e, kind, nr, other);

	return sipsec_emergency_pass(e, &m, now);
}

static void lives(struct sipsec_emergencies *e)
{
	bool good;

	good = pass(e, BEGIN, 1, "") && pass(e, TRYING, 1, "");
	now += T64 - 1;
	good &= known(e, CANCEL, 1, "");
	now += 1;
	tap_ok(good && !known(e, CANCEL, 1, ""), "unanswered it lives 64*T1");

	good = pass(e, BEGIN, 2, "");
	now += T64 - 1;
	good &= pass(e, BEGIN, 2, "");
	now += T64 - 1;
	tap_ok(good && known(e, CANCEL, 2, ""), "and from its last INVITE");

	good = pass(e, RINGING, 2, "x");
	now += IDLE - 1;
	good &= pass(e, INFO, 2, "x");
	now += IDLE - 1;
	good &= known(e, INFO, 2, "x");
	now += 1;
	tap_ok(good && !known(e, INFO, 2, "x"), "answered it lives 4 hours from its last use");

	good = pass(e, BEGIN, 3, "") && pass(e, OK, 3, "x") && pass(e, BYE, 3, "x");
	now += T64 - 1;
	good &= pass(e, BYE, 3, "x") && pass(e, INFO, 3, "x");
	now += 1;
	tap_ok(good && !known(e, BYE, 3, "x"), "behind BYE it lives 64*T1, and is not prolonged");

	good = pass(e, BEGIN, 4, "") && pass(e, RINGING, 4, "x") && pass(e, REFUSED, 4, "x");
	now += T64 - 1;
	good &= pass(e, ACK, 4, "x");
	now += 1;
	tap_ok(good && !known(e, ACK, 4, "x"), "refused it lives 64*T1");

	good = pass(e, BEGIN, 5, "") && pass(e, RINGING, 5, "a") && pass(e, RINGING, 5, "b") &&
	       pass(e, RINGING, 5, "c");
	good &= known(e, INFO, 5, "a") && known(e, INFO, 5, "c");
	good &= pass(e, OK, 5, "d");
	tap_ok(good && !known(e, INFO, 5, "a") && known(e, INFO, 5, "b") && known(e, INFO, 5, "d"),
	       "the three newest tags of the other side are known");
	tap_ok(!known(e, INFO, 5, "e") && !pass(e, INFO, 5, "e") && !pass(e, INFO, 99, "d"),
	       "others are not");

	/* the seconds since boot are kept in 32 bits */
	now = 0xfffffff0;
	good = pass(e, BEGIN, 6, "") && pass(e, OK, 6, "x");
	now += 100;
	tap_ok(good && known(e, INFO, 6, "x"), "a clock beyond 32 bits does no harm");
}

static void floods(struct sipsec_emergencies *e)
{
	unsigned int i, lost = 0, full = 0;

	for (i = 0; i < 1000; i++)
		if (!pass(e, BEGIN, 10000 + i, "") || !pass(e, RINGING, 10000 + i, "x"))
			lost++;
	tap_ok(lost < 5, "1000 calls in a memory of 4096: %u find no room", lost);
	for (i = 0; i < 200000; i++)
		full += !pass(e, BEGIN, 1000000 + i, "");
	tap_ok(full < 2000, "of a flood of 200000 %u find no room", full);
	for (i = 0; i < 1000; i++)
		lost += !known(e, INFO, 10000 + i, "x");
	tap_ok(lost < 10, "none that was answered is lost to it");
	for (i = 199000, full = 0; i < 200000; i++)
		full += known(e, CANCEL, 1000000 + i, "");
	tap_ok(full > 980, "of the last 1000 of the flood %u are known", full);
	for (i = full = 0; i < 20000; i++)
		if (pass(e, BEGIN, 2000000 + i, ""))
			full += pass(e, RINGING, 2000000 + i, "x");
	tap_ok(full <= 4096 && full > 2500, "%u answered calls more fill it", full);
	tap_ok(!pass(e, BEGIN, 3000000, "") || full < 4096 - 1000, "then no other begins");
	now += IDLE;
	for (i = full = 0; i < 2000; i++)
		full += pass(e, BEGIN, 4000000 + i, "") && pass(e, RINGING, 4000000 + i, "x");
	tap_ok(full > 1950, "when they have ended, others do: %u of 2000", full);
}

static void emergencies(void)
{
	struct sipsec_emergencies e;

	if (!tap_ok(!sipsec_emergencies_init(&e, 4096), "a memory of emergencies"))
		return;
	lives(&e);
	floods(&e);
	sipsec_emergencies_exit(&e);
}

static void registers(void)
{
	struct sipsec_requests r;
	unsigned int i, known = 0;
	u64 id;

	if (!tap_ok(!sipsec_requests_init(&r), "a memory of REGISTERs"))
		return;
	sipsec_request_add(&r, 0, now);
	tap_ok(!sipsec_request_known(&r, 0, now), "no Call-ID is not remembered");
	sipsec_request_add(&r, 17, now);
	tap_ok(sipsec_request_known(&r, 17, now + T64), "one for 64*T1");
	tap_ok(!sipsec_request_known(&r, 17, now + T64 + 1), "and no longer");
	sipsec_request_add(&r, 17, now + T64);
	tap_ok(sipsec_request_known(&r, 17, now + 2 * T64), "sent again, longer");
	now += 100;
	for (i = 0; i < 100000; i++) {
		id = siphash(&i, sizeof(i), &r.key) | 1;
		sipsec_request_add(&r, id, now + i / 10000);
	}
	for (i = 0; i < 100000; i++) {
		id = siphash(&i, sizeof(i), &r.key) | 1;
		known += sipsec_request_known(&r, id, now + 10);
	}
	tap_ok(known > 3900 && known <= 4096, "of 100000 the newest %u", known);
	for (i = 100000 - 1000, known = 0; i < 100000; i++) {
		id = siphash(&i, sizeof(i), &r.key) | 1;
		known += sipsec_request_known(&r, id, now + 10);
	}
	tap_ok(known == 1000, "%u of the last 1000 are among them", known);
	sipsec_requests_exit(&r);
}

static struct sipsec_endpoint source(unsigned int nr, bool ipv6)
{
	struct sipsec_endpoint e = { .port = nr };

	if (ipv6) {
		memcpy(e.addr.s6_addr, &nr, sizeof(nr));
	} else {
		e.addr.s6_addr[10] = 0xff;
		e.addr.s6_addr[11] = 0xff;
		memcpy(e.addr.s6_addr + 12, &nr, sizeof(nr));
	}
	return e;
}

static void buckets(void)
{
	struct sipsec_endpoint one = source(1, false), other = source(2, true), near = other;
	u64 t = 1000 * NSEC_PER_SEC;
	struct sipsec_buckets b;
	unsigned int i, n, passed;

	if (!tap_ok(!sipsec_buckets_init(&b), "a table of buckets"))
		return;
	for (i = n = 0; i < 1000; i++)
		n += sipsec_buckets_take(&b, &one, 20, t);
	tap_ok(n == 100, "a burst of 5 seconds' worth: %u", n);
	for (i = n = 0; i < 1000; i++)
		n += sipsec_buckets_take(&b, &one, 20, t + NSEC_PER_SEC);
	tap_ok(n == 20, "then 20 a second: %u", n);
	near.addr.s6_addr[15] = 7;
	for (i = n = 0; i < 1000; i++)
		n += sipsec_buckets_take(&b, i % 2 ? &other : &near, 20, t);
	tap_ok(n == 100, "an IPv6 /64 is one source: %u", n);

	/* One address each, more than there is room for. */
	for (i = passed = 0; i < 1000000; i++) {
		struct sipsec_endpoint flood = source(1000 + i, i % 2);

		passed += sipsec_buckets_take(&b, &flood, 20, t);
	}
	tap_ok(passed <= 1024 * (7 + 100), "of a flood of a million sources %u pass", passed);
	for (i = n = 0; i < 1000; i++)
		n += sipsec_buckets_take(&b, &one, 20, t + 2 * NSEC_PER_SEC);
	tap_ok(n == 20, "a source known before it keeps its own: %u", n);
	t += 10 * NSEC_PER_SEC;
	other = source(77777777, false);
	for (i = n = 0; i < 1000; i++)
		n += sipsec_buckets_take(&b, &other, 20, t);
	tap_ok(n == 100, "behind it a new one has its full measure: %u", n);
	sipsec_buckets_exit(&b);
}

int main(void)
{
	emergencies();
	registers();
	buckets();
	return tap_done();
}
