#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Receiving allocates nothing: the kernel's own trace of what is allocated, for a
datagram that meets a listener, beside the same one where there is none.

The topology is that of lib/lab.py. A datagram is received where it is sent, in this
process, but in a softirq, so that neither what others allocate nor what sending does is
counted. It can be a kernel thread's, and others can interrupt: medians are compared.
"""

import atexit
import glob
import os
import re
import subprocess

from lib import lab, sip, sipsec, tap
from lib.tap import check, equal

TRACING = "/sys/kernel/tracing"
INSTANCE = f"{TRACING}/instances/sipsec"
ROUNDS, BATCH = 9, 16
#: Where no listener is.
PLAIN = 5070
#: In a softirq, where datagrams are received; what sends is not.
FLAGS = re.compile(r"\[\d+\] ..s")

sipsec.need_module()
if not os.path.isdir(f"{TRACING}/instances"):
    subprocess.run(["mount", "-t", "tracefs", "tracefs", TRACING], check=False)
if not os.path.isdir(f"{TRACING}/events/kmem"):
    tap.skip_all("the kernel does not trace its allocations")


class Trace:
    """Of the allocations of this process, and of what interrupts it.

    Turned on once: each time, the kernel changes its own code."""

    def __init__(self):
        if not os.path.isdir(INSTANCE):
            os.mkdir(INSTANCE)
        atexit.register(os.rmdir, INSTANCE)
        self.write("tracing_on", 0)
        for kind in ("kmalloc*", "kmem_cache_alloc*"):
            for event in glob.glob(f"{INSTANCE}/events/kmem/{kind}/enable"):
                event = os.path.relpath(os.path.dirname(event), INSTANCE)
                self.write(f"{event}/filter", f"common_pid == {os.getpid()}")
                self.write(f"{event}/enable", 1)

    @staticmethod
    def write(name, value):
        """Into a file of the instance."""
        with open(f"{INSTANCE}/{name}", "w", encoding="ascii") as file:
            file.write(f"{value}\n")

    def of(self, step):
        """What was allocated to receive what step() sends, a line for each."""
        self.write("trace", "")
        self.write("tracing_on", 1)
        step()
        self.write("tracing_on", 0)
        with open(f"{INSTANCE}/trace", encoding="ascii") as file:
            lines = [line for line in file if not line.startswith("#")]
        check(lines, "nothing that was sent is traced")
        return [line for line in lines if FLAGS.search(line)]


LAB, TRACE = lab.Lab(), Trace()


def allocations(flow, server, port, make):
    """Those of a median round; make() makes what is sent in one to this port."""
    rounds = []
    for _ in range(ROUNDS):
        some = make()

        def send(some=some):
            for one in some:
                flow.sender.sendto(one, (flow.local, port))

        rounds.append(TRACE.of(send))
        lab.drop_pending(server)
    return sorted(rounds, key=len)[ROUNDS // 2]


def same(flow, name, make):
    """Nothing more is allocated for datagrams of this class than where there is no
    listener."""
    with flow, LAB.host.udp(flow.local, PLAIN) as server:
        found = allocations(flow, flow.server, flow.port, make)
        equal(flow.listener.counters().get(name, 0), ROUNDS * BATCH, name)
        plain = allocations(flow, server, PLAIN, make)
        where = sorted({line.split("call_site=")[1].split()[0] for line in found})
        check(len(found) <= len(plain), f"{name}: {len(found)} allocations, {len(plain)} "
              f"without a listener, by {', '.join(where)}")
        LAB.client.flush()


def signed(sa, size):
    """A batch of new messages of an SA."""
    seqs = iter(range(1, 1 << 20))
    return lambda: [sa.sign(sip.request(pad_to=size), next(seqs)) for _ in range(BATCH)]


def verified(alg, size):
    """Messages that verify."""
    flow = LAB.flow(preset=sipsec.STRICT)
    same(flow, "verified", signed(flow.new_in(alg), size))


def refused(name, what=None, by=None, **more):
    """Messages that do not: they are changed, or of an SA with these attributes."""
    flow = LAB.flow(preset=sipsec.STRICT)
    make = signed(flow.new_in(sip.SHA256, **more), 800)
    same(flow, name, lambda: [re.sub(what, by, one) for one in make()] if what else make())


for _name, _alg in sip.ALG_BY_NAME.items():
    if _alg == sip.MD5:
        continue
    for _size in (300, 1300):
        tap.case(f"verified, {_name}, {_size} octets", _alg, _size)(verified)
for _case in (
        ("bad-mac", b"tag=", b"tag=0"),
        ("unknown-spi", rb"Integrity: [0-9a-f]+", b"Integrity: ff"),
        ("malformed", rb"Forwards: 70\r\n", rb"Forwards: 70\n"),
        ("unprotected", b"Integrity", b"Integrit")):
    tap.case(f"{_case[0]}, 800 octets", *_case)(refused)
tap.case("replay, 800 octets", "replay", seq=1 << 30)(refused)

if __name__ == "__main__":
    tap.run()
