#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What a datagram takes of the CPU's time natively, on this host's own kernel, where a
program behind NFQUEUE verifies it: between two network namespaces, as root.

    tests/bench/nfqueue/native.py [--rounds N] [--sizes 300,800,1300]

Prints "row size what best median driver" in ns, as tests/bench/guest/rows.py does, with no
driver: "plain" with no one looking, "nfqueue" with the program; exit status 4 where this
host's kernel has no NFQUEUE.  It is the CPU's time of this
program, which sends and receives, and of the verifier, not the clock's; what
sending and receiving takes is in both rows, so that their difference is what
verifying takes.  A row that loses a datagram ends the run.
"""

import argparse
import os
import pathlib
import socket
import subprocess
import sys
import time

TOP = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(TOP / "tests/bench/guest"), str(TOP / "tests/selftests")]
# pylint: disable=wrong-import-position
import rows                                             # noqa: E402
from lib import sip                                     # noqa: E402

PORT, SPI, KEY = 5060, 0x4F1A2400, b"\x66" * 32
BATCH = 64


class Way:
    """A UE's and a proxy's namespace with a link between them, and a socket in each."""

    def __init__(self):
        proxy, ue = rows.Place(), rows.Place()
        ue.enter()
        rows.sh("ip", "link", "add", "u0", "type", "veth", "peer", "name", "p0")
        rows.sh("ip", "link", "set", "p0", "netns", proxy.path())
        self.sender = self.end(ue, "u0", rows.UE)
        self.receiver = self.end(proxy, "p0", rows.PROXY)
        self.sender.connect((rows.PROXY, PORT))
        self.receiver.settimeout(10)

    @staticmethod
    def end(place, device, address):
        """A socket at this end."""
        place.enter()
        rows.sh("ip", "addr", "add", f"{address}/24", "dev", device)
        rows.sh("ip", "link", "set", device, "up")
        end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        end.bind((address, PORT))
        return end

    def run(self, messages, clocks):
        """ns of the CPU's time for one of them, and its fate."""
        begin = sum(map(time.clock_gettime_ns, clocks))
        for first in range(0, len(messages), BATCH):
            some = messages[first:first + BATCH]
            for one in some:
                self.sender.send(one)
            for one in some:
                if self.receiver.recv(len(one) + 1) != one:
                    sys.exit("not what was sent")
        return (sum(map(time.clock_gettime_ns, clocks)) - begin) / len(messages)


def main():
    """Both rows take turns."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=41)
    parser.add_argument("--sizes", default="300,800,1300")
    args = parser.parse_args()
    # all on one CPU, whose caches then have what both share
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    plain, queued = Way(), Way()
    # not every kernel that has NFQUEUE has nftables' name for it
    if subprocess.run(["iptables", "-A", "INPUT", "-p", "udp", "--dport", str(PORT),
                       "-j", "NFQUEUE", "--queue-num", "7"], check=False).returncode:
        return 4
    own = time.CLOCK_PROCESS_CPUTIME_ID
    # CPUCLOCK_SCHED of the process, of Linux's ABI
    both = [own, ~rows.verifier(7, SPI, KEY.hex()).pid << 3 | 2]
    sa, seq = sip.SA(SPI, KEY, sip.SHA256), 0
    for size in args.sizes.split(","):
        message = (TOP / f"tests/bench/messages/{size}.sip").read_bytes()
        took = {"plain": [], "nfqueue": []}
        for _ in range(args.rounds):
            some = [sa.sign(message, seq + 0x10000000 + i) for i in range(8 * BATCH)]
            seq += len(some)
            took["plain"].append(plain.run(some, [own]))
            took["nfqueue"].append(queued.run(some, both))
        for name, values in took.items():
            rows.report(name, size, "receive", values, 1, "-")
    return 0


if __name__ == "__main__":
    sys.exit(main())
