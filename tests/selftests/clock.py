#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The host's clock is set, years ahead and back: nothing that lasts some time
(lifetimes, the failure budget, rates, memories of clause 10) takes notice, and no
seq is used twice.

The topology is that of lib/lab.py.  The clock is the whole machine's, so this is
for a VM that tests/vm has started.
"""

import os
import time

from lib import lab, sip, sipsec, tap
from lib.genl import NlError
from lib.sipsec import STRICT
from lib.tap import case, check, equal

if not os.path.exists("/.vm/job"):
    tap.skip_all("sets the machine's clock: only in a VM of tests/vm")
sipsec.need_module()
LAB = lab.Lab()
CLIENT = LAB.client
YEAR = 365 * 86400


class Clock:
    """with Clock() as clock: clock.jump(seconds); it is right again afterwards."""

    def __enter__(self):
        self.begin = time.time() - time.monotonic()
        return self

    def jump(self, seconds):
        """Ahead, or back."""
        before = time.time()
        time.clock_settime(time.CLOCK_REALTIME, before + seconds)
        check(abs(time.time() - before - seconds) < 3600, "the clock is set")

    def __exit__(self, *_):
        time.clock_settime(time.CLOCK_REALTIME, self.begin + time.monotonic())


@case("ages and lifetimes", 10 * YEAR)
@case("ages and lifetimes, back", -10 * YEAR)
def lifetimes(seconds):
    events = LAB.host.make(sipsec.Events)
    with LAB.flow(4, preset=STRICT) as flow, Clock() as clock:
        lasting = flow.new_in(**{"soft-seconds": 3000, "hard-seconds": 4000})
        short = flow.new_in(**{"hard-seconds": 1})
        clock.jump(seconds)
        flow.one(lasting.sign(sip.request(), 1), "verified")
        got = CLIENT.get_in(lasting.spi)
        check(0 <= got["age"] < 1000, f"age {got['age']}")
        check("expired" not in got, "expired")
        # and what is over is over
        while True:
            name, sa, event = events.next()
            if name == "sa-expired":
                break
        equal((sa["spi"], sipsec.REASONS[event["reason"]]), (short.spi, "hard"),
              "what has expired")
        flow.one(short.sign(sip.request(), 1), "expired")
        flow.one(lasting.sign(sip.request(), 2), "verified")
    events.genl.close()
    CLIENT.clear()


@case("a failure budget that is spent", YEAR)
@case("a failure budget that is spent, back", -YEAR)
def budget(seconds):
    begin = time.monotonic()
    with LAB.flow(4, preset=STRICT) as flow, Clock() as clock:
        sa = flow.new_in(budget=2)
        forged = sip.SA(sa.spi, os.urandom(len(sa.key)))
        for seq in (1, 2, 3):
            flow.one(forged.sign(sip.request(), seq), "bad-mac")
        flow.one(sa.sign(sip.request(), 4), "throttled")
        clock.jump(seconds)
        flow.send(sa.sign(sip.request(), 5))
        name = flow.listener.which()
        # its period of 60 s may end where this takes long
        if time.monotonic() - begin < 60:
            equal(name, "throttled", "class")
    CLIENT.clear()


@case("the rate of what is not protected")
def rate():
    with LAB.flow(4, rate=1) as flow, Clock() as clock:
        begin = time.monotonic()

        def passed():
            """How many of 20 more pass."""
            before = flow.listener.counters()
            flow.send(*(sip.request("REGISTER") for _ in range(20)))
            total = sum(before.values()) + 20
            after = sipsec.wait_for(
                lambda: sum(flow.listener.counters().values()) >= total
                and flow.listener.counters(), "20 more")
            return after.get("unprotected", 0) - before.get("unprotected", 0)

        count = passed()
        clock.jump(YEAR)
        count += passed()
        # a bucket holds five seconds' worth, and one more comes in each second
        most = 6 + time.monotonic() - begin
        check(count <= most, f"{count} passed, at most {most} may")
        # back: what comes in again is not held up
        clock.jump(-2 * YEAR)
        sipsec.wait_for(passed, "one to pass")
        flow.listener.want = flow.listener.counters()
    CLIENT.clear()


@case("the memory of an emergency call", 10 * YEAR)
@case("the memory of an emergency call, back", -10 * YEAR)
def emergency(seconds):
    with LAB.flow(4) as flow, Clock() as clock:
        call = b"clock%d@ue.example" % (seconds % 7)

        def ask(method, cseq, tag=b""):
            return b"\r\n".join([
                method + b" urn:service:sos SIP/2.0",
                b"Via: SIP/2.0/UDP ue.example;branch=z9hG4bK%d" % cseq,
                b"From: <sip:ue@home1.example>;tag=u",
                b"To: <urn:service:sos>" + tag, b"Call-ID: " + call,
                b"CSeq: %d " % cseq + method, b"Content-Length: 0", b"", b""])

        flow.one(ask(b"BYE", 1), "unprotected")
        first = ask(b"INVITE", 1)
        flow.send(first)
        flow.exactly(first, emergency=1)
        clock.jump(seconds)
        cancel = ask(b"CANCEL", 1)
        flow.send(cancel)
        flow.exactly(cancel, emergency=1)
    CLIENT.clear()


@case("what is signed after the clock went back")
def signing():
    peer = (lab.PEER[4], 5090)
    sink = LAB.peer.udp(*peer)
    sock = LAB.host.udp(lab.HOST[4], 5091)
    sa = sip.SA.new()
    seqs = []

    def sign():
        bare = sip.request()
        sock.sendto(bare, peer)
        seqs.append(sa.verify(lab.receive(sink, 1)[0], bare))

    with Clock() as clock:
        # its first seq comes from the clock
        CLIENT.add_out(sa, *peer)
        sign()
        clock.jump(-10 * YEAR)
        sign()
        CLIENT.flush()
        # where it would begin below what was signed, it does not begin
        try:
            CLIENT.add_out(sa, *peer)
            check(False, "the key begins once more")
        except NlError as error:
            equal(error.name, "EKEYREJECTED", "the same key without seq")
        CLIENT.add_out(sa, *peer, seq=seqs[-1] + 1)
        sign()
    equal(seqs, [seqs[0], seqs[0] + 1, seqs[0] + 2], "seqs")
    check(seqs[0] > time.time(), f"{seqs[0]} is of the clock")
    CLIENT.clear()


@case("across the wrap of jiffies' 32 bits, five minutes after boot")
def wrap():
    def uptime():
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    if uptime() > 298:
        raise tap.Skip("five minutes after boot are over")
    if uptime() < 240 and "CLOCK_WRAP" not in os.environ:
        raise tap.Skip("it is more than a minute until then; CLOCK_WRAP=1 waits")
    events = LAB.host.make(sipsec.Events)
    with LAB.flow(4, preset=STRICT, rate=1) as flow:
        time.sleep(max(0, 295 - uptime()))
        lives = {flow.new_in(**{"hard-seconds": life}).spi: life
                 for life in range(1, 13)}
        lasting = flow.new_in(**{"hard-seconds": 1000})
        over = set()
        seq = 0
        while len(over) < len(lives):
            name, sa, _ = events.next()
            seq += 1
            flow.one(lasting.sign(sip.request(), seq), "verified")
            if name == "sa-expired":
                over.add(sa["spi"])
                # never before its time
                check(sa["age"] >= lives[sa["spi"]],
                      f"age {sa['age']} of {lives[sa['spi']]}")
        equal(over, set(lives), "what has expired")
        check(uptime() > 301, f"ended {uptime():.0f} s after boot")
    events.genl.close()
    CLIENT.clear()


if __name__ == "__main__":
    tap.run()
