#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Datagrams while memory is short: a part of all allocations that may not wait fail.

What is received needs none: each datagram is of the class it would be of, and what
verified is delivered. What is sent may not leave: then it is counted, the program is
told, and no seq is used twice. In the debug kernel: needs failslab.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../selftests"))
# pylint: disable=wrong-import-position
from lib import lab, sip, sipsec, tap                  # noqa: E402
from lib.tap import case, check, equal                 # noqa: E402

FAIL = "/sys/kernel/debug/failslab"
COUNT = int(os.environ.get("MEMORY_COUNT", "2000"))
UE = (lab.PEER[4], lab.PORT)

if not os.path.isdir(FAIL):
    tap.skip_all("no failslab")
sipsec.need_module()
LAB = lab.Lab()


class Short:
    """with Short(percent): so many of the allocations that may not wait fail."""

    def __init__(self, percent):
        self.values = {"verbose": 0, "interval": 1, "times": -1, "space": 0,
                       "task-filter": "N", "ignore-gfp-wait": "Y", "cache-filter": "N",
                       "probability": percent}

    def __enter__(self):
        for name, value in self.values.items():
            with open(f"{FAIL}/{name}", "w", encoding="ascii") as file:
                file.write(str(value))

    def __exit__(self, *_):
        with open(f"{FAIL}/probability", "w", encoding="ascii") as file:
            file.write("0")


@case("received while memory is short: each is of its class, what verified arrives")
def received():
    LAB.client.clear()
    listener = LAB.client.listen(lab.HOST[4], lab.PORT, preset=sipsec.STRICT)
    server = LAB.host.udp(lab.HOST[4], lab.PORT)
    sender = LAB.peer.udp(*UE)
    sas = [LAB.client.new_in(alg, seq=0, budget=0xfffffffe)
           for alg in (sip.SHA256, sip.GMAC, sip.AES_CMAC, sip.EIA2)]
    sent = arrived = 0
    want = {}
    for seq in range(1, COUNT // 4 + 1):
        good = [sa.sign(sip.request(), seq) for sa in sas]
        # the window holds the others off one that comes late
        with Short(30):
            for one in good:
                for payload in (one, one.replace(b"home1", b"home2", 1), one,
                                sip.request()):
                    try:
                        sender.sendto(payload, (lab.HOST[4], lab.PORT))
                    except OSError as error:    # the sender's own shortage
                        tap.diag(error)
                        raise
                    sent += 1
            sipsec.wait_for(lambda: sum(listener.counters().values()) >= sent,
                            lambda: f"{sent} sent, {listener.counters()}")
        arrived += len(lab.receive(server, len(good)))
    arrived += lab.drop_pending(server)
    for name in ("verified", "replay", "bad-mac", "unprotected"):
        want[name] = COUNT // 4 * 4
    equal(listener.counters(), want, "counters")
    equal(arrived, want["verified"], "delivered")
    equal(LAB.client.stats()["mac-failed"], 0, "MACs that could not be computed")
    server.close()
    sender.close()


@case("sent while memory is short: signed, or counted and told, no seq twice")
def sent_short():
    LAB.client.clear()
    LAB.client.listen(lab.HOST[4], lab.PORT, preset=sipsec.STRICT)
    server = LAB.host.udp(lab.HOST[4], lab.PORT)
    far = LAB.peer.udp(*UE)
    sa = LAB.client.new_out(*UE, direction=sip.DOWNLINK)
    before = LAB.client.stats()
    told = 0
    seqs = []
    for _ in range(COUNT):
        message = sip.request()
        with Short(30):
            try:
                server.sendto(message, UE)
            except OSError:
                told += 1
                continue
        got = lab.receive(far, 1)[0]
        seqs.append(sa.verify(got, message))
    stats = LAB.client.stats()
    signed = stats["signed"] - before["signed"]
    failed = stats["tx-failed"] - before["tx-failed"]
    tap.diag(f"{COUNT} sent: {len(seqs)} arrived, {told} refused; "
             f"{signed} signed, {failed} counted as not")
    check(0 < told < COUNT, "no shortage, or nothing else")
    equal(len(seqs) + told, COUNT, "arrived, and refused")
    equal(len(set(seqs)), len(seqs), "different seqs")
    # the kernel itself may refuse one before it comes to be signed, or after
    check(signed >= len(seqs), "what arrived is signed")
    check(failed <= told, "what is counted is told")
    check(signed + failed + 0 <= COUNT, "each is counted once")
    equal(lab.drop_pending(far), 0, "arrived twice")


if __name__ == "__main__":
    tap.run()
