#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Datagrams while memory is short: a part of all allocations that may not wait fail.

What comes in needs none: of what the kernel brings to the hook each is of the class
it would be of.  What is sent may not leave: then the program is told, or the kernel
has lost it behind the hook, and no seq is used twice.  In the debug kernel: needs
failslab.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../selftests"))
# pylint: disable=wrong-import-position
import fault                                           # noqa: E402
from lib import lab, sip, sipsec, tap                  # noqa: E402
from lib.tap import case, check, equal                 # noqa: E402

ROUNDS = int(os.environ.get("MEMORY_ROUNDS", "500"))
UE = (lab.PEER[4], lab.PORT)
TO = (lab.HOST[4], lab.PORT)

if not fault.offered("failslab"):
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
        fault.configure("failslab", self.values)

    def __exit__(self, *_):
        fault.configure("failslab", {"probability": 0})


def known(server, sender):
    """The neighbours know each other, which takes memory."""
    for one, other, to in ((sender, server, TO), (server, sender, UE)):
        one.sendto(b"\r\n\r\n", to)
        lab.receive(other, 1)


@case("received while memory is short: each is of its class, what verified arrives")
def received():
    LAB.client.clear()
    listener = LAB.client.listen(*TO, preset=sipsec.STRICT)
    server = LAB.host.udp(*TO)
    sender = LAB.peer.udp(*UE)
    known(server, sender)
    before = listener.counters()
    sas = [LAB.client.new_in(alg, seq=0, budget=0xfffffffe)
           for alg in (sip.SHA256, sip.SHA1, sip.GMAC, sip.AES_CMAC, sip.EIA2)]
    sent = arrived = 0
    for seq in range(1, ROUNDS + 1):
        good = [sa.sign(sip.request(), seq) for sa in sas]
        with Short(30):
            for one in good:
                for payload in (one.replace(b"Via", b"Vib", 1), one, one,
                                sip.request()):
                    sender.sendto(payload, TO)
                    sent += 1
        arrived += lab.drop_pending(server)
    # Where its own memory is short, the kernel loses one now and then before the hook.
    counters = listener.counters()
    each = {name: counters.get(name, 0)
            for name in ("verified", "replay", "bad-mac", "unprotected")}
    tap.diag(f"{sent} sent: {each}")
    equal(sum(counters.values()), before["keepalive"] + sum(each.values()), "other classes")
    check(all(0.99 * sent / 4 <= count <= sent / 4 for count in each.values()), f"{each}")
    equal(arrived, each["verified"], "delivered")
    equal(LAB.client.stats()["mac-failed"], 0, "MACs that could not be computed")
    server.close()
    sender.close()


@case("sent while memory is short: signed, or not there; no seq twice")
def sent_short():
    LAB.client.clear()
    LAB.client.listen(*TO, preset=sipsec.STRICT)
    server = LAB.host.udp(*TO)
    far = LAB.peer.udp(*UE)
    known(server, far)
    sa = LAB.client.new_out(*UE, direction=sip.DOWNLINK, seq=1)
    before = LAB.client.stats()
    message = sip.request()
    refused, got = 0, []
    with Short(30):
        for _ in range(10 * ROUNDS):
            try:
                server.sendto(message, UE)
            except OSError:
                refused += 1
            got += lab.pending(far)
    stats = LAB.client.stats()
    signed, failed = (stats[name] - before[name] for name in ("signed", "tx-failed"))
    seqs = [sa.verify(one, message) for one in got]
    tap.diag(f"{10 * ROUNDS} sent: {len(seqs)} arrived, {refused} refused; {signed} signed, "
             f"{failed} counted as not")
    check(0 < len(seqs) < 10 * ROUNDS, "no shortage, or nothing else")
    equal(len(set(seqs)), len(seqs), "different seqs")
    check(signed >= len(seqs), "what arrived is signed")
    equal(failed, refused, "what is not signed is told")


if __name__ == "__main__":
    tap.run()
