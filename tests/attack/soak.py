#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Registrations, calls, re-keying and deletions for long, with many SAs.

    soak.py                     a kernel with the module, as root; slab_nomerge

The UEs are in namespace peer, each with an address of its own; the P-CSCF is in
namespace host; both ends have the module. SOAK_SECONDS (3600) is how long, SOAK_SAS
(100000) how many SAs both ends hold together, SOAK_STEP (60) the seconds between two
points at which there are as many SAs as at any other: there slab use is compared,
and each counter is what was sent.
"""

import glob
import os
import random
import socket
import struct
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../selftests"))
# pylint: disable=wrong-import-position
from lib import lab, sip, sipsec, tap                  # noqa: E402
from lib.sipsec import ESTABLISHED, INBOUND, TEMPORARY  # noqa: E402
from lib.tap import case, check, equal                 # noqa: E402


def number(name, default):
    """A number of the environment."""
    return int(os.environ.get(f"SOAK_{name}", default))


SECONDS = number("SECONDS", 3600)
STEP = number("STEP", 60)
#: Two pairs' worth of SAs for each UE: one at each end.
UES = number("SAS", 100000) // 4
#: UEs that do the same at once: no queue between the ends is as short as that.
BATCH = 100
IP_PKTINFO = 8
JUNK = 5070
DRAIN = 1

sipsec.need_module()
LAB = lab.Lab()
RND = random.Random(3325)


def address(ue):
    """A UE's address."""
    return f"10.{1 + (ue >> 16)}.{ue >> 8 & 255}.{ue & 255}"


def slabs():
    """{cache: objects in use}, once what is free is given back."""
    for path in glob.glob("/sys/kernel/slab/*/shrink"):
        with open(path, "w", encoding="ascii") as file:
            file.write("1")
    with open("/proc/slabinfo", encoding="ascii") as file:
        rows = [line.split() for line in file.readlines()[2:]]
    return {row[0]: int(row[1]) for row in rows}


def unreclaimable():
    """Octets of slabs that hold what cannot be thrown away."""
    with open("/proc/meminfo", encoding="ascii") as file:
        for line in file:
            if line.startswith("SUnreclaim:"):
                return int(line.split()[1]) << 10
    raise tap.Failed("no SUnreclaim")


class End:
    """One end: its client, its socket, its listener and what that should count."""

    def __init__(self, where, addr, direction):
        self.client = where.make(sipsec.Client)
        self.direction = direction
        self.listener = self.client.listen(addr, lab.PORT, direction)
        self.sock = where.udp(addr, lab.PORT)
        self.sock.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)   # SO_RCVBUFFORCE
        self.sent = 0       # by the other end, to here
        self.signed = 0

    def counted(self):
        """All that was sent to here has been verified and has arrived."""
        self.listener.want = {"verified": self.sent}
        self.listener.expect()

    def take(self, messages):
        """That many messages have arrived."""
        got = lab.receive(self.sock, messages)
        check(all(b"\nIntegrity: " in one for one in got), "unsigned")


class Soak:
    """Both ends, and the pairs of each UE."""

    def __init__(self):
        LAB.peer.ip("route add local 10.0.0.0/8 dev lo")
        LAB.host.ip(f"route add 10.0.0.0/8 via {lab.PEER[4]}")
        self.host = End(LAB.host, lab.HOST[4], sip.UPLINK)
        self.peer = End(LAB.peer, "0.0.0.0", sip.DOWNLINK)
        self.junk = LAB.client.listen(lab.HOST[4], JUNK, preset=sipsec.STRICT)
        self.junk_sock = LAB.peer.udp(lab.PEER[4], 6000)
        self.junk_sa = self.host.client.new_in()
        self.junk_seq = 0
        self.pairs = {}             # of a UE: (up, down)
        self.done = {"made": 0, "rekeyed": 0, "deleted": 0, "calls": 0}

    def add(self, ues, state):
        """A new pair for each, at both ends."""
        host, peer = [], []
        for ue in ues:
            up, down = sip.SA.new(), sip.SA.new(direction=sip.DOWNLINK)
            self.pairs[ue] = up, down
            more = {"state": state, "impi": f"{ue}@home1.example",
                    "drain": DRAIN}
            host.append({"sa": self.host.client.inbound(up, **more),
                         "partner": self.host.client.outbound(
                             down, address(ue), lab.PORT, seq=1)})
            peer.append({"sa": self.peer.client.inbound(down, **more),
                         "partner": self.peer.client.outbound(
                             up, lab.HOST[4], lab.PORT, seq=1, mark=ue + 1)})
        self.call(self.host, "sa-add", host)
        self.call(self.peer, "sa-add", peer)
        self.done["made"] += 4 * len(host)

    @staticmethod
    def call(end, command, parts):
        """Many calls, none of which fails."""
        errors = end.client.genl.batch(
            [(sipsec.CMD[command], sipsec.encode(sipsec.MSG, one))
             for one in parts], step=50)
        check(not errors, errors)

    def up(self, messages):
        """{UE: its message} to the P-CSCF, where they arrive."""
        for ue, message in messages.items():
            self.peer.sock.sendmsg([message], [
                (socket.IPPROTO_IP, IP_PKTINFO,
                 struct.pack("=I4s4s", 0, socket.inet_aton(address(ue)), bytes(4))),
                (socket.SOL_SOCKET, socket.SO_MARK, struct.pack("=I", ue + 1))],
                0, (lab.HOST[4], lab.PORT))
        self.peer.signed += len(messages)
        self.host.sent += len(messages)
        self.host.take(len(messages))

    def down(self, messages):
        """The other way."""
        for ue, message in messages.items():
            self.host.sock.sendto(message, (address(ue), lab.PORT))
        self.host.signed += len(messages)
        self.peer.sent += len(messages)
        self.peer.take(len(messages))

    def register(self, ues):
        """New keys, by a registration; an older pair drains."""
        self.add(ues, TEMPORARY)
        self.up({ue: sip.request("REGISTER", cseq=2) for ue in ues})
        self.down({ue: sip.response(200, "REGISTER", cseq=2) for ue in ues})

    def talk(self, ues):
        """A call: INVITE, 200, ACK, and the other side's BYE, 200."""
        self.up({ue: sip.request("INVITE", body=b"v=0\r\n" * 40) for ue in ues})
        self.down({ue: sip.response(200, "INVITE", body=b"v=0\r\n" * 40) for ue in ues})
        self.up({ue: sip.request("ACK") for ue in ues})
        self.down({ue: sip.request("BYE", cseq=2) for ue in ues})
        self.up({ue: sip.response(200, "BYE", cseq=2) for ue in ues})
        self.done["calls"] += len(ues)

    def remove(self, ues):
        """The pair goes by command, at both ends."""
        up_down = {ue: self.pairs.pop(ue) for ue in ues}
        for end, which in (self.host, 0), (self.peer, 1):
            self.call(end, "sa-del", [
                {"sa": {"type": INBOUND, "spi": pair[which].spi,
                        "pair": pair[1 - which].spi}}
                for pair in up_down.values()])
        self.done["deleted"] += 4 * len(ues)

    def forge(self):
        """Some of each class that is thrown away."""
        def junk(message, name):
            self.junk_sock.sendto(message, (lab.HOST[4], JUNK))
            self.junk.want[name] = self.junk.want.get(name, 0) + 1

        known = self.pairs[RND.choice(list(self.pairs))][0]
        other = sip.SA(known.spi, bytes(32))
        self.junk_seq += 1
        good = self.junk_sa.sign(sip.request(), self.junk_seq)
        junk(good, "verified")
        junk(good, "replay")
        junk(other.sign(sip.request(), 1 << 40), "bad-mac")
        junk(sip.SA.new().sign(sip.request(), 1), "unknown-spi")
        junk(sip.request(), "unprotected")
        junk(b"OPTIONS sip:x SIP/2.0\r\nno header\r\n\r\n", "malformed")

    def equal_point(self):
        """Once old pairs are gone: everything is as it was made; the slabs."""
        for end, alone in (self.host, 1), (self.peer, 0):
            sipsec.wait_for(
                lambda end=end, alone=alone:
                [end.client.stats()[k] for k in ("inbound", "outbound")]
                == [UES + alone, UES], lambda end=end: end.client.stats(), 120)
            end.counted()
            stats = end.client.stats()
            equal(stats["signed"], end.signed, "signed")
            for name in ("unsigned", "tx-malformed", "tx-failed", "mac-failed",
                         "tx-too-big", "tx-compressed"):
                equal(stats[name], 0, name)
        self.junk.expect()
        lab.drop_pending(self.host.sock)
        # the namespace's counters are the listeners' sums
        want = dict(self.junk.want)
        want["verified"] = want.get("verified", 0) + self.host.sent
        equal(sipsec.counted(self.host.client.stats()["counters"]), want,
              "counters of the P-CSCF's namespace")
        want = {"sipsec_sa_in": 2 * UES + 1, "sipsec_sa_out": 2 * UES}

        def freed():
            now = slabs()
            return now if {k: now.get(k) for k in want} == want else None

        now = sipsec.wait_for(
            freed, lambda: f"{want}: {[(k, slabs().get(k)) for k in want]}", 60)
        return now, unreclaimable()

    def until(self, end):
        """UEs that call, register anew, leave and come until then."""
        while time.monotonic() < end:
            ues = RND.sample(range(UES), BATCH)
            what = RND.randrange(10)
            if what < 5:
                self.talk(ues)
            elif what < 8:
                # four pairs at most at once, for one that is drawn often
                self.register(ues)
                self.done["rekeyed"] += len(ues)
            else:
                self.remove(ues)
                self.register(ues)
            self.forge()


def grown(first, last, made):
    """Caches that have grown by more than their due."""
    return {name: last[name] - first.get(name, 0) for name in last
            if last[name] - first.get(name, 0) > max(1000, made // 20)}


@case("registrations, calls, new keys and deletions: nothing is lost, nothing grows")
def soak():
    check(os.path.isdir("/sys/kernel/slab/sipsec_sa_in"), "boot with slab_nomerge")
    check(UES >= BATCH, f"SOAK_SAS: at least {4 * BATCH}")
    start = time.monotonic()
    run = Soak()
    tap.diag(f"{time.monotonic() - start:.0f} s")
    for base in range(0, UES, BATCH):
        run.add(range(base, min(base + BATCH, UES)), ESTABLISHED)
    tap.diag(f"{time.monotonic() - start:.0f} s to make {run.done['made']} SAs")
    begin = time.monotonic()
    run.until(begin + STEP)
    first, octets = run.equal_point()
    made = run.done["made"]
    tap.diag(f"{first['sipsec_sa_in']} inbound, {first['sipsec_sa_out']} outbound SAs, "
             f"{octets >> 10} KiB of slabs")
    while time.monotonic() < begin + SECONDS:
        run.until(min(begin + SECONDS, time.monotonic() + STEP))
        last, now = run.equal_point()
        since = run.done["made"] - made
        tap.diag(f"{time.monotonic() - begin:.0f} s: {run.done}, {run.host.sent} up, "
                 f"{run.peer.sent} down, {run.junk.want}; "
                 f"slabs {(now - octets) >> 10:+} KiB")
        equal(grown(first, last, since), {}, "caches that have grown")
        check(now - octets < max(4 << 20, 16 * since),
              f"slabs have grown by {now - octets} octets")


if __name__ == "__main__":
    tap.run()
