#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""SAs with the algorithms of 3GPP's access, uia1, uia2, 128-eia2 and 128-eia3:
from the request to the wire and back, their 32-bit COUNT, and what guards a MAC
of 32 bits.

The topology is that of lib/lab.py.  crypto.py tests the algorithms themselves.
"""

import json
import os
import shutil
import struct
import subprocess

from lib import f9, lab, sip, sipsec, tap
from lib.genl import NlError
from lib.sipsec import OPEN
from lib.tap import check, equal

sipsec.need_module()
LAB = lab.Lab()
CLIENT = LAB.client
ALGS = [sip.UIA1, sip.UIA2, sip.EIA2, sip.EIA3]
LAST = 2**32 - 1
MODULE = "sipsec_3gpp"
_BUILT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                      "build", "userspace-ctl", "sipsec")
TOOL = os.environ.get("SIPSEC") or shutil.which("sipsec") or _BUILT


def each(title):
    """A case for each algorithm."""
    def register(function):
        for alg in ALGS:
            tap.case(f"{title}, {sip.ALGS[alg][0]}", alg)(function)
        return function
    return register


def loaded():
    """Is the module of the algorithms there?"""
    return os.path.isdir(f"/sys/module/{MODULE}")


@tap.case("loaded by the first SA that needs it, and removable after the last")
def on_demand():
    for alg in ALGS:
        subprocess.run(["rmmod", MODULE], check=False, capture_output=True)
        check(not loaded(), f"{MODULE} is in use without an SA")
        sa = sip.SA.new(alg)
        CLIENT.add_in(sa)
        check(loaded(), f"not loaded for {sip.ALGS[alg][0]}")
        check(subprocess.run(["rmmod", MODULE], check=False,
                             capture_output=True).returncode,
              "removed under an SA")
        CLIENT.flush()
        # the SA is freed after a grace period
        sipsec.wait_for(lambda: not subprocess.run(
            ["rmmod", MODULE], check=False, capture_output=True).returncode,
            "rmmod after the last SA")


@tap.case("what serves them is told, by netlink and by the tool")
def drivers():
    # what of the CPU has to do with it, crypto.py tests
    with open("/proc/cpuinfo", encoding="ascii") as file:
        fast = "pclmul" if "pclmulqdq" in file.read().split() else "generic"
    want = {sip.UIA1: "uia1-generic", sip.UIA2: f"uia2-{fast}",
            sip.EIA2: "128-eia2-cmac", sip.EIA3: f"128-eia3-{fast}"}
    _, rows = CLIENT.info()
    equal({alg: rows[alg].get("driver") for alg in ALGS}, want, "drivers")
    text = LAB.host.run(TOOL, "version")
    for alg, driver in want.items():
        row = [one for one in text.splitlines()
               if one.split()[1:2] == [sip.ALGS[alg][0]]]
        check(row and driver in row[0], f"sipsec version: {text}")


@tap.case("without the module: refused, and told as not served")
def missing():
    with sipsec.no_modprobe():
        subprocess.run(["rmmod", MODULE], check=False, capture_output=True)
        check(not loaded(), f"{MODULE} is in use without an SA")
        for alg in ALGS:
            CLIENT.not_served(alg)
        _, rows = CLIENT.info()
        check(not any("driver" in rows[alg] for alg in ALGS), f"told: {rows}")
    equal(CLIENT.list(), [], "SAs")


@each("verified and signed, both directions, IPv4 and IPv6")
def end_to_end(alg):
    for version in (4, 6):
        for direction in (sip.UPLINK, sip.DOWNLINK):
            with LAB.flow(version, preset=OPEN, direction=direction) as flow:
                sa = flow.new_in(alg)
                for seq, size in enumerate((None, 301, 800, 1400, 9000), 1):
                    flow.one(sa.sign(sip.request(pad_to=size), seq), "verified")
                # what differs in SPI, direction, seq or key is another message
                for wrong in (sip.SA(sa.spi, os.urandom(16), alg, direction),
                              sip.SA(sa.spi, sa.key, alg, 1 - direction)):
                    flow.one(wrong.sign(sip.request(), 9), "bad-mac")
                spi = sip.new_spi()
                signed = sip.SA(spi, sa.key, alg, direction).sign(
                    sip.request(), 9)
                flow.one(signed.replace(b"%x" % spi, b"%x" % sa.spi, 1),
                         "bad-mac")
                flow.one(sa.sign(sip.request(), 9).replace(b"seq=9", b"seq=a"),
                         "bad-mac")
                flow.one(sa.sign(sip.request(), 9), "verified")
                # and out
                out = sip.SA.new(alg, direction)
                CLIENT.add_out(out, flow.remote, flow.sport)
                for seq, size in enumerate((None, 301, 800, 1400, 9000), 1):
                    message = sip.request(pad_to=size)
                    flow.server.sendto(message, (flow.remote, flow.sport))
                    got = lab.receive(flow.sender, 1)[0]
                    equal(out.verify(got, message), seq, "seq")
                CLIENT.flush()


#: The algorithms whose published sets an SA of each can have (clause 4).
SETS = {sip.UIA1: ["uia1"], sip.UIA2: ["uia2", "128-eia1"],
        sip.EIA2: ["128-eia2"], sip.EIA3: ["128-eia3"]}
#: Key: the last seq that it signed at.
signed_at = {}


class Independent(sip.SA):
    """One whose MACs lib/f9.py makes, and not the kernel."""

    def mac_text(self, message, seq):
        text = sip.pseudo(0, self.direction, self.alg, self.spi, seq) + message
        fresh = self.spi if self.alg in (sip.UIA1, sip.UIA2) else 0
        prefix = struct.pack("!IIBB", seq, fresh, self.direction, 0)
        return sip.b64(f9.mac(SETS[self.alg][0], self.key, prefix, text))


@each("the published sets' numbers and messages in SAs, the MACs made apart")
def published(alg):
    """Key, COUNT, FRESH and DIRECTION of a set are the SA's, where clause 4 leaves
    them free, and its message is a body; the MAC is not the set's, since in front
    of it all stand PSEUDO and SIP."""
    rows = [row for row in f9.published() if row.own and row.alg in SETS[alg]]
    check(len(rows) >= 5, f"{len(rows)} sets")
    for direction in (sip.UPLINK, sip.DOWNLINK):
        with LAB.flow(4, preset=OPEN, direction=direction) as flow:
            for row in rows:
                if row.prefix[8] == direction:
                    one_set(flow, alg, row)


def one_set(flow, alg, row):
    """Verified and signed, at its COUNT; a key that signed before signs above."""
    count, fresh = struct.unpack("!II", row.prefix[:8])
    seq = max(count, 1)
    sa = Independent(fresh if alg in (sip.UIA1, sip.UIA2) else sip.new_spi(),
                     row.key, alg, row.prefix[8])
    message = sip.request("MESSAGE", row.msg)
    signed = sa.sign(message, seq)
    CLIENT.add_in(sa, seq=seq - 1)
    flow.one(signed[:-1] + bytes([signed[-1] ^ 1]), "bad-mac")
    flow.one(signed, "verified")
    CLIENT.flush()
    above = max(seq, signed_at.get(row.key, 0) + 1)
    signed_at[row.key] = above
    CLIENT.add_out(sa, flow.remote, flow.sport, seq=above)
    flow.server.sendto(message, (flow.remote, flow.sport))
    equal(lab.receive(flow.sender, 1)[0],
          signed if above == seq else sa.sign(message, above), row.name)
    CLIENT.flush()


@each("a bit changed anywhere is a wrong MAC")
def flips(alg):
    with LAB.flow(4, preset=sipsec.STRICT) as flow:
        sa = flow.new_in(alg, window=0, budget=4000)
        message = sa.sign(sip.request("INVITE", b"v=0\r\n"), 0x1234)
        for at in range(0, len(message), 3):
            flipped = bytearray(message)
            flipped[at] ^= 1 << (at * 5 + alg) % 8
            flow.send(bytes(flipped))
            got = flow.listener.which()
            check(got != "verified", f"verified with octet {at} changed")
        start = message.index(b"mac=") + 4
        for at in range(start, start + 6):
            flipped = bytearray(message)
            flipped[at] = ord("B" if message[at] != ord("B") else "C")
            flow.send(bytes(flipped))
            check(flow.listener.which() in ("bad-mac", "malformed"),
                  f"character {at - start} of the mac")
        flow.one(message, "verified")
        CLIENT.flush()


@each("COUNT ends at 2^32 - 1 on both sides")
def count_ends(alg):
    with LAB.flow(4, preset=OPEN) as flow:
        sa = flow.new_in(alg, window=64)
        flow.one(sa.sign(sip.request(), LAST - 1), "verified")
        for seq in (LAST + 1, 2**33, 2**32 + 5, 2**64 - 1):
            flow.one(sa.sign(sip.request(), seq), "malformed")
        flow.one(sa.sign(sip.request(), LAST), "verified")
        flow.one(sa.sign(sip.request(), LAST), "replay")
        out = sip.SA.new(alg)
        peer = (flow.remote, flow.sport)
        CLIENT.add_out(out, *peer, seq=LAST - 1)
        for seq in (LAST - 1, LAST):
            message = sip.request()
            flow.server.sendto(message, peer)
            equal(out.verify(lab.receive(flow.sender, 1)[0], message), seq,
                  "seq")
        before = CLIENT.stats()["unsigned"]
        try:
            flow.server.sendto(sip.request(), peer)
        except PermissionError:
            pass
        CLIENT.wait_stats(unsigned=before + 1)
        for more in ({"seq": LAST + 1}, {"seq": 2**40}):
            try:
                CLIENT.add_out(sip.SA.new(alg), *peer, **more)
            except NlError as error:
                equal(error.name, "ERANGE", f"{more}")
            else:
                check(False, f"{more} is taken")
        CLIENT.flush()


@each("a key that signed needs a seq above")
def used_key(alg):
    peer = (lab.PEER[4], 5090)
    first = sip.SA.new(alg)
    CLIENT.add_out(first, *peer, seq=7)
    CLIENT.flush()
    again = sip.SA(sip.new_spi(), first.key, alg)
    for more in ({}, {"seq": 6}):
        try:
            CLIENT.add_out(again, *peer, **more)
        except NlError:
            continue
        check(False, f"{more} is taken")
    CLIENT.add_out(again, *peer, seq=8)
    CLIENT.flush()


@each("a forger has 1024 guesses a minute")
def forger(alg):
    """The default failure budget; nobody sets one."""
    with LAB.flow(4, preset=OPEN) as flow:
        sa = flow.new_in(alg, window=0)
        equal(CLIENT.get_in(sa.spi)["budget"], 1024, "budget")
        forged = sa.sign(sip.request(), 1)
        at = forged.index(b"mac=") + 4
        real = forged[at:at + 6]
        guesses = (sip.b64(guess.to_bytes(4, "big")) for guess in range(3000))
        guesses = [one for one in guesses if one != real]
        sent = 0
        for start in range(0, 1025, 41):
            some = guesses[start:start + 41]
            flow.send(*(forged[:at] + one + forged[at + 6:] for one in some))
            flow.listener.expect(bad_mac=len(some))
            sent += len(some)
        equal(sent, 1025, "guesses")
        # no more: not even the right one
        flow.send(*(forged[:at] + one + forged[at + 6:]
                    for one in guesses[1025:1065]))
        flow.listener.expect(throttled=40)
        flow.one(forged, "throttled")
        # an SA
        # beside it is not hurt
        other = flow.new_in(alg)
        flow.one(other.sign(sip.request(), 1), "verified")
        equal(sipsec.counted(CLIENT.get_in(sa.spi)["counters"]),
              {"bad-mac": 1025, "throttled": 41}, "counters of the SA")
        CLIENT.flush()
    # it cannot be switched off for 32 bits
    try:
        CLIENT.new_in(alg, budget=0)
    except NlError as error:
        equal((error.name, error.msg),
              ("EINVAL", "budget: a MAC of 32 bits needs one"), "budget 0")
    else:
        check(False, "budget 0 is taken")


@each("the tool: sa add, list, version")
def tool(alg):
    name = sip.ALGS[alg][0]
    path = "/tmp/threegpp-key"
    with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600),
              "w", encoding="ascii") as file:
        file.write(os.urandom(16).hex() + "\n")
    try:
        spi = sip.new_spi()
        LAB.host.run(TOOL, "sa", "add", "in", "spi", f"{spi:#x}", "dir",
                     "uplink", "alg", name, "key-file", path)
        LAB.host.run(TOOL, "sa", "add", "out", "spi", f"{spi:#x}", "peer",
                     lab.PEER[4], "port", "5090", "dir", "uplink", "alg", name,
                     "key-file", path)
        equal(CLIENT.get_in(spi)["alg"], alg, "alg")
        check(name in LAB.host.run(TOOL, "sa", "list"), "sa list")
        rows = json.loads(LAB.host.run(TOOL, "-j", "version"))
        check(name in json.dumps(rows), f"version: {rows}")
        with open(path, encoding="ascii") as file:
            key = bytes.fromhex(file.read())
        with LAB.flow(4, preset=OPEN) as flow:
            flow.one(sip.SA(spi, key, alg).sign(sip.request(), 1), "verified")
            sink = LAB.peer.udp(lab.PEER[4], 5090)
            message = sip.request()
            flow.server.sendto(message, (lab.PEER[4], 5090))
            sip.SA(spi, key, alg).verify(lab.receive(sink, 1)[0], message)
            sink.close()
    finally:
        os.unlink(path)
        CLIENT.flush()


if __name__ == "__main__":
    tap.run()
