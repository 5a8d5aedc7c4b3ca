#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The replay window of clause 7 against a model that is obviously right: the
set of all seqs seen.

The topology is that of lib/lab.py.
"""

import os
import random

from lib import lab, sip, sipsec, tap
from lib.genl import NlError
from lib.tap import case, check, equal

sipsec.need_module()
LAB = lab.Lab()
CLIENT = LAB.client
# What is sent comes in that order: each CPU has a queue of its own.
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
LAST = 2**64 - 1


class Model:
    """Every seq seen, and the highest."""

    def __init__(self, window, high=0):
        self.window, self.high, self.start = window, high, high
        self.seen = set()

    def take(self, seq):
        """The class of a good message with this seq."""
        if seq == 0:
            return "malformed"
        if self.window:
            if seq + self.window <= self.high or seq <= self.start \
                    or seq in self.seen:
                return "replay"
        self.seen.add(seq)
        self.high = max(self.high, seq)
        return "verified"


class Run:
    """One SA and its model; sends seqs and compares."""

    def __init__(self, flow, window=None, high=None, alg=sip.SHA256):
        more = {}
        if window is not None:
            more["window"] = window
        if high is not None:
            more["seq"] = high
        self.flow = flow
        self.sa = flow.new_in(alg, **more)
        self.model = Model(128 if window is None else window, high or 0)

    def send(self, *seqs):
        """Send messages with these seqs, and compare what they are."""
        for seq in seqs:
            want = self.model.take(seq)
            self.flow.send(self.sa.sign(
                b"OPTIONS sip:a SIP/2.0\r\nCSeq: 1 OPTIONS\r\n\r\n", seq))
            got = self.flow.listener.which()
            equal(got, want, f"class of seq {seq:#x}, window "
                  f"{self.model.window}, H {self.model.high:#x}")
        equal(CLIENT.get_in(self.sa.spi)["seq"], self.model.high, "H")
        lab.drop_pending(self.flow.server)

    def burst(self, seqs):
        """The same in one go, compared by counts (much faster)."""
        want = {"verified": 0, "replay": 0}
        for seq in seqs:
            want[self.model.take(seq)] += 1
            self.flow.send(self.sa.sign(b"A a SIP/2.0\r\n\r\n", seq))
            if sum(want.values()) % 64 == 0:
                # not more than a receive queue holds
                self.flow.listener.expect(**want)
                want = {"verified": 0, "replay": 0}
                lab.drop_pending(self.flow.server)
        self.flow.listener.expect(**want)
        lab.drop_pending(self.flow.server)
        equal(CLIENT.get_in(self.sa.spi)["seq"], self.model.high, "H")


@case("window edges, W 32", 32)
@case("window edges, W 128", 128)
@case("window edges, W 100", 100)
@case("window edges, W 4096", 4096)
@case("window edges, default W", None)
def edges(window):
    size = window or 128
    with LAB.flow(4) as flow:
        equal(CLIENT.get_in(flow.new_in(
            **{"window": window} if window else {}).spi)["window"], size,
            "window")
        for base in (0, 5, 2**32 - 2, 2**32 + 7, LAST - 3 * size - 80):
            run = Run(flow, window)
            high = base + 2 * size + 70
            run.send(high, high, high - size + 1, high - size, high - size - 1,
                     high - size + 1, high - 1, high - 1, high + 1,
                     high + 1, high - size + 1, high - size + 2, 1)
            # a jump of less than, exactly and more than the window
            for jump in (size - 1, size, size + 1, 63, 64, 65):
                high = run.model.high
                if high + jump > LAST:
                    continue
                run.send(high + jump, high, high - 1, high + jump - size,
                         high + jump - size + 1)
        CLIENT.flush()


@case("no check with W 0")
def none():
    with LAB.flow(4) as flow:
        run = Run(flow, 0)
        run.send(5, 5, 1, 1, 2**63, 5, LAST, LAST, 1)
        CLIENT.flush()


@case("seq at 2^32 and at 2^64 - 1")
def limits():
    with LAB.flow(4) as flow:
        run = Run(flow, 32)
        run.send(2**32 - 1, 2**32, 2**32 + 1, 2**32, 2**32 - 1, 2**32 - 20,
                 2**32 - 31, 2**32 - 30)
        run.send(LAST - 1, LAST - 32, LAST - 33, LAST, LAST, LAST - 1,
                 LAST - 31, LAST - 32, 1)
        for alg in (sip.GMAC, sip.AES_CMAC, sip.SHA1):
            Run(flow, 64, alg=alg).send(1, LAST, 2, LAST - 63, LAST - 64)
        CLIENT.flush()


@case("reordering against a model, W 32", 32, 2500)
@case("reordering against a model, W 128", 128, 2500)
@case("reordering against a model, W 1000", 1000, 2500)
@case("reordering against a model, W 4096", 4096, 2500)
def reordering(window, count):
    seed = random.randrange(1 << 32)
    tap.diag(f"W {window}: seed {seed}")
    source = random.Random(seed)
    with LAB.flow(4) as flow:
        run = Run(flow, window, source.choice([0, 1, 77, 2**32 - 300]))
        seqs = []
        high = run.model.high
        for _ in range(count):
            dice = source.random()
            if dice < 0.35:
                high += 1
                seqs.append(high)
            elif dice < 0.45:
                high += source.randrange(1, window + window // 2)
                seqs.append(high)
            else:
                seqs.append(max(1, high - source.randrange(
                    window + window // 2)))
        run.burst(seqs)
        CLIENT.flush()


@case("nothing that does not verify moves the window")
def unmoved():
    with LAB.flow(4) as flow:
        run = Run(flow, 32)
        run.send(10)
        good = run.sa.sign(sip.request(), 500)
        flow.one(good[:-1] + b"\xff" if good[-1:] != b"\n" else good + b"x",
                 "bad-mac")
        flow.one(sip.SA(run.sa.spi, bytes(32)).sign(sip.request(), LAST),
                 "bad-mac")
        equal(CLIENT.get_in(run.sa.spi)["seq"], 10, "H")
        run.send(11, 9, 500)
        CLIENT.flush()


@case("seq of an inbound SA is read and set")
def inbound_set():
    with LAB.flow(4) as flow:
        run = Run(flow, 64, 1000)
        # everything up to a given seq counts as seen
        run.send(1000, 999, 937, 1, 1001)
        CLIENT.set_in(run.sa.spi, seq=1020)
        run.model.start = run.model.high = 1020
        run.send(1002, 1020, 1019, 1021, 1022)
        # never back
        try:
            CLIENT.set_in(run.sa.spi, seq=1021)
            raise tap.Failed("seq was set back")
        except NlError as error:
            check(error.msg and error.offset is not None,
                  f"refused without text or attribute: {error}")
        run.send(1021, 1022, 1023)
        CLIENT.set_in(run.sa.spi, seq=LAST)
        run.model.start = run.model.high = LAST
        run.send(1024, LAST)
        CLIENT.flush()


@case("seq of an outbound SA is read and set")
def outbound_set():
    peer = (lab.PEER[4], 5090)
    sink = LAB.peer.udp(*peer)
    sock = LAB.host.udp(lab.HOST[4], 5091)
    sa = CLIENT.new_out(*peer, seq=41)

    def signed():
        sock.sendto(sip.request(), peer)
        return sa.verify(lab.receive(sink, 1)[0])

    def put(seq):
        CLIENT.call("sa-set", sa={"type": 1, "spi": sa.spi, "addr4": peer[0],
                                  "port": peer[1], "seq": seq})

    equal(CLIENT.get_out(sa.spi, *peer)["seq"], 41, "next seq")
    equal([signed(), signed()], [41, 42], "seqs")
    put(1 << 33)
    equal(signed(), 1 << 33, "seq")
    try:
        put(1 << 33)
        raise tap.Failed("seq was set back")
    except NlError as error:
        check(error.msg and error.offset is not None,
              f"refused without text or attribute: {error}")
    equal(signed(), (1 << 33) + 1, "seq")
    # the last seq, then nothing more: it must not wrap
    put(LAST)
    equal(signed(), LAST, "seq")
    before = CLIENT.stats()["unsigned"]
    try:
        sock.sendto(sip.request(), peer)
    except PermissionError:
        pass
    CLIENT.wait_stats(unsigned=before + 1)
    equal(lab.drop_pending(sink), 0, "datagrams after the last seq")
    CLIENT.flush()
    sock.close()
    sink.close()


@case("without a first seq an outbound SA starts at UNIX time * 2^24")
def outbound_start():
    import time     # pylint: disable=import-outside-toplevel
    # CLOCK_REALTIME_COARSE: the kernel, too, has the time of its last tick
    before = int(time.clock_gettime(5))
    sa = CLIENT.add_out(sip.SA.new(), lab.PEER[4], 5090)
    after = int(time.time())
    seq = CLIENT.get_out(sa.spi, lab.PEER[4], 5090)["seq"]
    check(before <= seq >> 24 <= after, f"seq {seq:#x} at {before}")
    equal(seq & 0xFFFFFF, 0, "low bits")
    CLIENT.flush()


USED = "EKEYREJECTED", "key: used before"
LOW = "ERANGE", "seq: not above"
MANY = "EBUSY", "key: 64"
OTHER = "EBUSY", "key: the other direction"
SIGNING = "EBUSY", "key: another outbound SA"


def refused(error, function, *args, **more):
    """A key is refused with this error and text."""
    try:
        function(*args, **more)
    except NlError as got:
        equal((got.name, (got.msg or "")[:len(error[1])]), error, f"{got}")
        return
    raise tap.Failed("a key was taken that must be refused")


@case("a used key needs a seq, inbound")
def used_inbound():
    first = sip.SA.new()
    CLIENT.add_in(first)
    second = sip.SA(sip.new_spi(), first.key)
    refused(USED, CLIENT.add_in, second)
    CLIENT.add_in(second, seq=9)
    CLIENT.flush()
    # also when the SA that had it is gone, under any SPI
    third = sip.SA(sip.new_spi(), first.key)
    refused(USED, CLIENT.add_in, third)
    refused(USED, CLIENT.call, "sa-replace", sa=CLIENT.inbound(first))
    equal(CLIENT.list(), [], "SAs after the refusals")
    CLIENT.add_in(first, seq=0)
    CLIENT.call("sa-replace", sa=CLIENT.inbound(first, seq=77))
    equal(CLIENT.get_in(first.spi)["seq"], 77, "seq")
    CLIENT.flush()


@case("an SA that is replaced by one of the same key has seen what that one has")
def inherited():
    with LAB.flow(4) as flow:
        sa = flow.new_in()
        messages = [sa.sign(sip.request(), seq) for seq in (100, 90, 101)]
        flow.one(messages[0], "verified")
        for window in (256, 64):
            CLIENT.call("sa-replace", sa=CLIENT.inbound(sa, seq=0, window=window))
            equal(CLIENT.get_in(sa.spi)["seq"], 100, "seq")
            flow.one(messages[0], "replay")
            # also what it had not
            flow.one(messages[1], "replay")
        flow.one(messages[2], "verified")
        CLIENT.call("sa-replace", sa=CLIENT.inbound(sa, seq=500))
        equal(CLIENT.get_in(sa.spi)["seq"], 500, "seq")
        CLIENT.flush()


@case("64 SAs of one key at most")
def many_of_a_key():
    key = os.urandom(32)
    sas = [sip.SA(sip.new_spi(), key) for _ in range(65)]
    for sa in sas[:64]:
        CLIENT.add_in(sa, seq=1)
    refused(MANY, CLIENT.add_in, sas[64], seq=1)
    CLIENT.call("sa-replace", sa=CLIENT.inbound(sas[0], seq=2))
    CLIENT.del_in(sas[1].spi)
    CLIENT.add_in(sas[64], seq=1)
    CLIENT.flush()


@case("aes-gmac, whose nonce has no direction, takes one key for each")
def one_direction():
    peer = (lab.PEER[4], 5090)
    one = sip.SA.new(sip.GMAC)
    two = sip.SA(sip.new_spi(), one.key, sip.GMAC, sip.DOWNLINK)
    refused(OTHER, CLIENT.call, "sa-add", sa=CLIENT.inbound(one),
                          partner=CLIENT.outbound(two, *peer, seq=9))
    CLIENT.add_in(one)
    refused(OTHER, CLIENT.add_out, two, *peer, seq=9)
    # the other end of the same SA may be here, too
    CLIENT.add_out(one, *peer, seq=9)
    CLIENT.flush()
    # and of what was deleted
    refused(OTHER, CLIENT.add_out, two, *peer, seq=99)
    CLIENT.add_out(one, *peer, seq=99)
    CLIENT.flush()
    # of the others each direction has nonces of its own, or there is none
    one = sip.SA.new()
    CLIENT.call("sa-add", sa=CLIENT.inbound(one), partner=CLIENT.outbound(
        sip.SA(sip.new_spi(), one.key, direction=sip.DOWNLINK), *peer, seq=9))
    CLIENT.flush()


@case("a used key needs a seq above the last sent, outbound")
def used_outbound():
    peer = (lab.PEER[4], 5090)
    sink = LAB.peer.udp(*peer)
    sock = LAB.host.udp(lab.HOST[4], 5091)
    for alg in (sip.SHA256, sip.GMAC):
        first = sip.SA.new(alg)
        CLIENT.add_out(first, *peer, seq=1000)
        for _ in range(3):
            sock.sendto(sip.request(), peer)
        equal([first.verify(one) for one in lab.receive(sink, 3)],
              [1000, 1001, 1002], "seqs")
        second = sip.SA(sip.new_spi(), first.key, alg)
        refused(USED, CLIENT.add_out, second, *peer)
        refused(SIGNING if alg == sip.GMAC else LOW, CLIENT.add_out, second, *peer, seq=1002)
        CLIENT.flush()
        refused(USED, CLIENT.add_out, second, *peer)
        refused(LOW, CLIENT.add_out, first, *peer, seq=1)
        refused(LOW, CLIENT.add_out, first, *peer, seq=1002)
        equal(CLIENT.list(), [], "SAs after the refusals")
        CLIENT.add_out(second, *peer, seq=1003)
        sock.sendto(sip.request(), peer)
        equal(second.verify(lab.receive(sink, 1)[0]), 1003, "seq")
        CLIENT.flush()
    sock.close()
    sink.close()


if __name__ == "__main__":
    tap.run()
