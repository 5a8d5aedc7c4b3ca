#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""All that is configured changes while datagrams come and go on two CPUs: for the
kernel that looks for data races (tests/debug/x86 kcsan), and any other.

    race.py [TITLE...]          a kernel with the module, as root

RACE_SECONDS (120) is how long it goes on.  What must hold at the end is little,
all datagrams are counted; what is looked for is in the kernel's log.
"""

import os
import random
import select
import socket
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../selftests"))
# pylint: disable=wrong-import-position
from lib import lab, sip, sipsec, tap                  # noqa: E402
from lib.genl import NlError                           # noqa: E402
from lib.sipsec import ESTABLISHED, OLD, TEMPORARY     # noqa: E402
from lib.tap import case, check, equal                 # noqa: E402
from lib.traffic import Traffic                        # noqa: E402

SEND = os.environ.get("ATTACK_SEND", os.path.join(HERE, "../../build/attack/send"))
SECONDS = float(os.environ.get("RACE_SECONDS", 120))
TO = 5090
IMPI = "alice@home1.example"
IDS = {"impi": IMPI, "impu": ["sip:alice@home1.example"]}

sipsec.need_module()
if not os.access(SEND, os.X_OK):
    tap.skip_all(f"no {SEND}: make -C tests/attack")
LAB = lab.Lab()
CLIENT = LAB.client
ALGS = [nr for nr, row in CLIENT.info()[1].items()
        if "driver" in row and nr != sip.MD5 and nr in sip.ALGS]
#: by which the peer signs; they are there most of the time
SAS = [sip.SA.new(alg) for alg in ALGS]
#: one that has a partner and identities
PAIR = [sip.SA.new(), sip.SA.new(direction=sip.DOWNLINK)]


def arriving():
    """Of every class, many of them with SAs."""
    result = [sip.SA.new().sign(sip.request(), 1), b"malformed", b"\r\n",
              sip.request("REGISTER"), sip.request(),
              sip.request("INVITE", uri=b"urn:service:sos"), bytes(20)]
    for sa in SAS:
        result += [sa.sign(sip.request(), seq) for seq in (1, 7, 5000)]
        result.append(sip.SA(sa.spi, os.urandom(len(sa.key)), sa.alg).sign(
            sip.request(), 9))
    result += [PAIR[0].sign(sip.request("REGISTER"), seq) for seq in range(1, 9)]
    result.append(PAIR[0].sign(sip.request(), 20))
    return result


def leaving():
    """What is signed, what refuses, what establishes a pair."""
    return [sip.request(), sip.request("REGISTER"),
            sip.response(200, "REGISTER"), sip.response(401, "REGISTER"),
            sip.response(200, "INVITE"), b"not SIP"]


def send(namespace, to, port, source, messages, cpu):
    """Sent again and again from a CPU until the time is over: how many."""
    data = b"".join(struct.pack("<I", len(one)) + one for one in messages)
    with namespace.inside():
        done = subprocess.run(
            ["taskset", "-c", str(cpu), SEND, to, str(port), str(source),
             "repeat", "40"], input=data, capture_output=True, check=False)
    check(not done.returncode, done.stderr.decode())
    return int(done.stdout)


def drain(sock):
    """What waits in a socket is thrown away, and what it says of what is lost."""
    try:
        while True:
            sock.recv(1 << 16, socket.MSG_DONTWAIT)
    except OSError:
        pass


class Changer:
    """A client that does something at random, again and again."""

    def __init__(self, seed):
        self.rnd = random.Random(seed)
        self.client = LAB.host.make(sipsec.Client)
        self.done = 0

    def sa_in(self):
        """Add, replace, change, delete an inbound SA that has traffic."""
        sa = self.rnd.choice(SAS)
        name = {"type": sipsec.INBOUND, "spi": sa.spi}
        what = self.rnd.randrange(7)
        if what < 3:
            self.client.call(
                "sa-replace", sa=self.client.inbound(
                    sa, seq=0, window=self.rnd.choice([0, 64, 4096]),
                    budget=self.rnd.choice([1, 3, 1000]),
                    **self.rnd.choice([{}, {"hard-messages": 9},
                                       {"soft-messages": 3, "hard-seconds": 1}])))
        elif what < 6:
            self.client.call("sa-set", sa={**name, **self.rnd.choice([
                {"seq": 6000}, {"hard-messages": 0, "soft-messages": 0},
                {"hard-messages": 20, "soft-messages": 10},
                {"hard-seconds": 0}, {"hard-seconds": 2, "soft-seconds": 1},
                {"budget": 2}, {"addr4": lab.PEER[4], "port": lab.PORT},
                {"addr4": lab.OTHER[4]}, {"addr4": "0.0.0.0"}])})
        else:
            self.client.call("sa-del", sa=name)

    def sa_out(self):
        """The same, outbound: the peer's SAs by which messages are signed."""
        alg = self.rnd.choice(ALGS)
        spi = 0x100 + self.rnd.randrange(4)
        key = os.urandom(sip.ALGS[alg][2])
        sa = sip.SA(spi, key, alg)
        name = {"type": sipsec.OUTBOUND, "spi": spi, "addr4": lab.PEER[4],
                "port": TO}
        what = self.rnd.randrange(5)
        if what < 2:
            self.client.call("sa-replace", sa=self.client.outbound(
                sa, lab.PEER[4], TO, seq=1, mark=self.rnd.randrange(3),
                **self.rnd.choice([{}, {"hard-messages": 50}])))
        elif what < 4:
            self.client.call("sa-set", sa={**name, **self.rnd.choice([
                {"mark": self.rnd.randrange(3)}, {"compact": 1}, {"compact": 0},
                {"hard-messages": 0}, {"hard-seconds": 1}])})
        else:
            self.client.call("sa-del", sa=name)

    def pair(self):
        """A registration: temporary, established by traffic or command, old."""
        one, two = PAIR
        what = self.rnd.randrange(5)
        if what < 2:
            two = sip.SA(two.spi, os.urandom(32), two.alg, two.direction)
            self.client.call(
                "sa-replace",
                sa=self.client.inbound(one, seq=0, state=self.rnd.choice(
                    [TEMPORARY, ESTABLISHED]), **IDS),
                partner=self.client.outbound(two, lab.PEER[4], TO, seq=1))
        elif what == 2:
            self.client.call("sa-flush", sa={"impi": IMPI})
        else:
            self.client.call("sa-set", sa={
                "type": sipsec.INBOUND, "spi": one.spi, **self.rnd.choice([
                    {"state": ESTABLISHED}, {"state": OLD}, {"drain": 1},
                    {"impu": ["sip:alice@home1.example", "tel:+15551234"]},
                    {"temporary-seconds": 1}])})

    def listener(self):
        """The one that has all traffic, and others that come and go."""
        name = {"addr4": lab.HOST[4], "port": lab.PORT}
        other = {"addr4": self.rnd.choice([lab.HOST[4], "0.0.0.0"]),
                 "port": TO + 1}
        what = self.rnd.randrange(5)
        if what < 2:
            self.client.call("listener-set", listener={
                **name, **self.rnd.choice([
                    {"preset": self.rnd.randrange(3)}, {"rate": 1},
                    {"rate": 100000}, {"max-size": 200}, {"max-size": 65535},
                    {"mark-mask": 0xff}, {"monitor": 1}, {"monitor": 0},
                    {"annotate": 1}, {"annotate": 0}, {"notify": 1},
                    {"notify": 0}, {"identity": 0}, {"identity": 1},
                    {"stun": 1}])})
        elif what == 2:
            self.client.call("listener-add", listener={**other, "direction": 0})
        elif what == 3:
            self.client.call("listener-replace", listener={
                **self.rnd.choice([name, other]), "direction": 0,
                "annotate": self.rnd.randrange(2)})
        else:
            self.client.call("listener-del", listener=other)

    def read(self):
        """All that can be read."""
        what = self.rnd.randrange(5)
        if what == 0:
            self.client.list()
        elif what == 1:
            self.client.listeners()
        elif what == 2:
            self.client.stats()
        elif what == 3:
            self.client.list(impi=IMPI)
        else:
            self.client.get_in(self.rnd.choice(SAS).spi)

    def step(self):
        """One of these; what is not there, or is, may be refused."""
        function = self.rnd.choice([self.sa_in, self.sa_in, self.sa_out,
                                    self.sa_out, self.pair, self.pair,
                                    self.listener, self.read, self.read])
        try:
            function()
        except NlError as error:
            check(error.name in ("ENOENT", "EEXIST", "EINVAL", "ERANGE",
                                 "EINTR", "EDQUOT", "EALREADY"), f"{error}")
        self.done += 1


@case("everything changes under traffic on two CPUs")
def race():
    CLIENT.clear()
    CLIENT.listen(lab.HOST[4], lab.PORT)
    for sa in SAS:
        CLIENT.add_in(sa, seq=0)
    server = LAB.host.udp(lab.HOST[4], lab.PORT)
    sink = LAB.peer.udp(lab.PEER[4], TO)
    events = LAB.host.make(sipsec.Events)
    changers = [Changer(seed) for seed in range(3)]
    sent = [0, 0]
    left = [0, 0]
    end = time.monotonic() + SECONDS

    def come(cpu):
        if time.monotonic() < end:
            sent[cpu] += send(LAB.peer, lab.HOST[4], lab.PORT, lab.PORT,
                              arriving(), cpu)

    def go(cpu):
        if time.monotonic() < end:
            left[cpu] += send(LAB.host, lab.PEER[4], TO, 5091, leaving(), cpu)

    with Traffic() as traffic:
        for cpu in (0, 1):
            traffic.start(come, cpu)
            traffic.start(go, cpu)
        for changer in changers:
            traffic.start(changer.step)
        while time.monotonic() < end and not traffic.errors:
            for sock in select.select([events.genl.sock, sink, server], [], [], 1)[0]:
                drain(sock)
    CLIENT.flush()
    # those of the listeners that were replaced are there too
    counters = sipsec.counted(CLIENT.stats()["counters"])
    counters.pop("would-drop", None)
    tap.diag(f"{sum(one.done for one in changers)} changes; {sum(sent)} came: "
             f"{counters}; {sum(left)} left: {CLIENT.stats()}")
    equal(sum(counters.values()), sum(sent), "datagrams counted")
    equal(CLIENT.stats()["mac-failed"], 0, "mac-failed")
    check(counters["verified"], "none has verified")
    check(CLIENT.stats()["signed"], "none was signed")
    CLIENT.clear()


if __name__ == "__main__":
    tap.run()
