#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What goes away under traffic, again and again: SAs by flush, listeners, network
namespaces, the module.

    gone.py [TITLE...]          a kernel with the module, as root

GONE_FLUSH (5000) times all SAs are flushed, GONE_LISTENER (1000) times a listener is
deleted, and as often replaced, GONE_NETNS (200) namespaces end and GONE_MODULE (300)
times the module is removed.  Datagrams come from one CPU, and others leave and are
signed by another, all the while: each is counted, and none finds what is gone, which
is for the kernel's log to tell.
"""

import contextlib
import ctypes
import os
import platform
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../selftests"))
# pylint: disable=wrong-import-position
from lib import lab, sip, sipsec, tap                  # noqa: E402
from lib.tap import case, check, equal                 # noqa: E402

SEND = os.environ.get("ATTACK_SEND", os.path.join(HERE, "../../build/attack/send"))
LIBC = ctypes.CDLL(None, use_errno=True)
FINIT_MODULE, DELETE_MODULE = 313, 176      # of x86-64
TO = 5090
EVER = 1 << 40


def number(name, default):
    """A number of the environment."""
    return int(os.environ.get(f"GONE_{name}", default))


sipsec.need_module()
if not os.access(SEND, os.X_OK):
    tap.skip_all(f"no {SEND}: make -C tests/attack")
# of an algorithm whose keys are freed in softirq, and of one where that sleeps
SAS = [sip.SA.new(alg) for alg in (sip.SHA256, sip.GMAC)]
OUT = [sip.SA.new(alg) for alg in (sip.SHA256, sip.GMAC)]
# all the classes a listener can tell without an SA, and those of two SAs
ARRIVING = [
    *(sa.sign(sip.request(), 5) for sa in SAS),
    sip.SA.new().sign(sip.request(), 6),
    sip.request("REGISTER"),
    b"malformed",
    b"\r\n",
]


def start(namespace, to, port, source, messages):
    """Send these for ever, of low priority, so that the test itself gets on."""
    with namespace.inside():
        # pylint: disable=consider-using-with
        child = subprocess.Popen(
            ["nice", "-n", "15", SEND, to, str(port), str(source), "repeat",
             str(EVER)], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    for one in messages:
        child.stdin.write(struct.pack("<I", len(one)) + one)
    child.stdin.close()
    return child


@contextlib.contextmanager
def traffic(where, leaving=True, arriving=None):
    """Datagrams to the host's listener, and from it."""
    sink = where.peer.udp(lab.PEER[4], TO)
    children = [start(where.peer, lab.HOST[4], lab.PORT, lab.PORT,
                      arriving or ARRIVING)]
    if leaving:
        children.append(start(where.host, lab.PEER[4], TO, 5091, [sip.request()]))
    try:
        yield children
    finally:
        for one in children:
            one.kill()
            one.wait()
        sink.close()


def furnish(client):
    """SAs that the traffic meets; some end by themselves meanwhile."""
    for turn, sa in enumerate(SAS):
        client.add_in(sa, window=0, seq=0, **({"soft-messages": 3} if turn else {}))
    for sa in OUT:
        sa = sip.SA(sa.spi, os.urandom(len(sa.key)), sa.alg)
        client.add_out(sa, lab.PEER[4], TO, seq=1)


@case("SAs are flushed under traffic")
def flush():
    where = lab.Lab()
    client = where.client
    listener = client.listen(lab.HOST[4], lab.PORT)
    rounds = number("FLUSH", 5000)
    with traffic(where):
        for _ in range(rounds):
            furnish(client)
            equal(client.flush(), len(SAS) + len(OUT), "SAs flushed")
    counters = listener.counters()
    tap.diag(f"{rounds} times: {counters}, {client.stats()}")
    check(set(counters) <= {"verified", "unknown-spi", "unprotected", "malformed",
                            "keepalive", "ratelimited"}, f"{counters}")
    check(counters["verified"], "none was verified")
    check(client.stats()["signed"], "none was signed")
    equal(client.list(), [], "SAs")
    client.clear()


@case("listeners are deleted under traffic")
def listeners():
    where = lab.Lab()
    client = where.client
    rounds = number("LISTENER", 1000)
    client.add_in(SAS[0], window=0, seq=0)
    before = client.stats()["counters"]
    total = 0
    with traffic(where, leaving=False):
        for turn in range(rounds):
            listener = client.listen(lab.HOST[4], lab.PORT, preset=turn % 3,
                                     annotate=turn % 2)
            if turn % 10 == 0:
                sipsec.wait_for(lambda one=listener: one.counters(), "traffic")
            listener.remove()
    after = client.stats()["counters"]
    total = sum(after.values()) - sum(before.values())
    tap.diag(f"{rounds} times, {total} datagrams")
    check(total >= rounds // 10, "there was no traffic")
    equal(client.stats()["listeners"], 0, "listeners")
    client.clear()


@case("listeners are replaced under traffic, and no datagram meets none")
def replaced():
    where = lab.Lab()
    client = where.client
    rounds = number("LISTENER", 1000)
    server = where.host.udp(lab.HOST[4], lab.PORT)
    listener = client.listen(lab.HOST[4], lab.PORT)
    name = {"addr4": lab.HOST[4], "port": lab.PORT}
    counters = client.stats()["counters"]
    with traffic(where, leaving=False, arriving=[b"malformed"]):
        for turn in range(rounds):
            client.call("listener-replace", listener={
                **name, "direction": turn % 2, "emergencies": 64 << turn % 4})
            if turn % 10 == 0:
                sipsec.wait_for(lambda: listener.counters(), "traffic")
    total = sum(client.stats()["counters"].values()) - sum(counters.values())
    tap.diag(f"{rounds} times, {total} datagrams")
    equal(lab.drop_pending(server), 0, "datagrams delivered")
    equal(client.stats()["listeners"], 1, "listeners")
    client.clear()


@case("network namespaces end under traffic")
def namespaces():
    ends = 0
    for turn in range(number("NETNS", 200)):
        where = lab.Lab(checksums=False)
        furnish(where.client)
        listener = where.client.listen(lab.HOST[4], lab.PORT)
        # a program in the host's own namespace would keep it
        with traffic(where, leaving=False):
            if turn % 10 == 0:
                sipsec.wait_for(lambda one=listener: one.counters(), "traffic")
            where.client.close()
            where.host.close()
            if turn % 10 == 0:
                sipsec.wait_for(lambda one=where: "eth0" not in one.peer.run(
                    "ip", "-o", "link"), "the end of the namespace")
        where.peer.close()
        ends += 1
    tap.diag(f"{ends} namespaces")


class Module:
    """The module, by system calls: programs take too long."""

    def __init__(self):
        if platform.machine() != "x86_64":
            raise tap.Skip("the numbers of system calls are x86-64's")
        path = os.environ.get("SIPSEC_KO")
        if not path:
            raise tap.Skip("no SIPSEC_KO")
        # pylint: disable=protected-access
        self.fd = os.open(sipsec._prepare(path), os.O_RDONLY)

    def load(self):
        """It was not there."""
        check(not LIBC.syscall(FINIT_MODULE, self.fd, b"", 0), "it does not load")

    @staticmethod
    def remove():
        """It was there, and goes at once: no request is under way."""
        check(not LIBC.syscall(DELETE_MODULE, b"sipsec", os.O_NONBLOCK),
              f"rmmod: {os.strerror(ctypes.get_errno())}")

    def close(self):
        """Loaded or not."""
        os.close(self.fd)


@case("the module is removed under traffic")
def removal():
    module = Module()
    where = lab.Lab()
    where.client.close()
    rounds = number("MODULE", 300)
    verified = signed = 0
    with traffic(where):
        module.remove()
        for turn in range(rounds):
            module.load()
            client = where.host.make(sipsec.Client)
            listener = client.listen(lab.HOST[4], lab.PORT)
            furnish(client)
            if turn % 10 == 0:
                sipsec.wait_for(
                    lambda one=listener, two=client:
                    one.counters().get("verified") and two.stats()["signed"],
                    "traffic")
            verified += listener.counters().get("verified", 0)
            signed += client.stats()["signed"]
            client.close()
            module.remove()
        module.load()
    module.close()
    tap.diag(f"{rounds} times, {verified} verified, {signed} signed")
    client = where.host.make(sipsec.Client)
    equal((client.list(), client.listeners()), ([], []), "state")


if __name__ == "__main__":
    tap.run()
