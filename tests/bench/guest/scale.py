#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Very many SAs: memory, time to load and dump, and a datagram's cost, beside xfrm.
Run as root where sipsec and the bench module are loaded.

    tests/bench/guest/scale.py [--counts 1,1000,100000,1000000] [--rounds N] [--xfrm N]

Prints "sipsec COUNT WHAT VALUE" and "xfrm COUNT WHAT VALUE": load-s, dump-s,
octets (of kernel memory, per SA), slab (octets of slabs, per SA), and, of sipsec,
best and median ns for a datagram of a random one of so many SAs, with the most of
them in the tables.
"""

import argparse
import pathlib
import re
import statistics
import subprocess
import sys
import time

import rows

TMP = pathlib.Path("/tmp/scale")
PORT = 5060


def memory():
    """Octets in use by all, and by slabs."""
    subprocess.run(["sync"], check=True)
    pathlib.Path("/proc/sys/vm/drop_caches").write_text("3")
    info = {name: int(kib) * 1024 for name, kib in
            re.findall(r"^(\w+):\s+(\d+) kB", pathlib.Path("/proc/meminfo").read_text(), re.M)}
    return info["MemTotal"] - info["MemFree"], info["Slab"]


def settled():
    """The same, once what is freed after grace periods and by work queues is free."""
    before = memory()
    for _ in range(50):
        now = memory()
        if now[1] >= before[1]:
            return now
        before = now
    return before


def spi(i):
    """bench_spi() of the module."""
    return 0x10000000 | (i * 0x9e3779b1 & 0x0fffffff)


def timed(*words):
    """Seconds that a command takes."""
    begin = time.monotonic()
    rows.sh(*words)
    return time.monotonic() - begin


def write(count):
    """Files for sipsec load and ip -batch, with the same SPIs and keys."""
    TMP.mkdir(exist_ok=True)
    with open(TMP / "keys", "w", encoding="ascii") as keys, \
            open(TMP / "conf", "w", encoding="ascii") as conf:
        conf.write(f"listen addr {rows.PROXY} port {PORT} dir uplink preset strict\n")
        for i in range(count):
            keys.write(f"{spi(i):08x}" * 8 + "\n")
            conf.write(f"sa in spi 0x{spi(i):08x} dir uplink seq 1 "
                       f"key-file {TMP}/keys#{i + 1}\n")
    (TMP / "keys").chmod(0o600)


def write_xfrm(count):
    """Inbound states of the same algorithm, window and scope."""
    TMP.mkdir(exist_ok=True)
    with open(TMP / "batch", "w", encoding="ascii") as batch:
        for i in range(count):
            batch.write(f"xfrm state add src {rows.UE} dst {rows.PROXY} proto esp "
                        f"spi 0x{spi(i):08x} mode transport replay-window 128 "
                        f"enc ecb(cipher_null) \"\" "
                        f"auth-trunc hmac(sha256) 0x{f'{spi(i):08x}' * 8} 128\n")


def say(who, count, what, value):
    """A line of the result."""
    print(who, count, what, f"{value:.4g}", flush=True)


def load_once(count):
    """What is written of a count."""
    rows.sh("sipsec", "sa", "flush")
    used, slab = settled()
    took = timed("sipsec", "load", f"{TMP}/conf")
    more, more_slab = memory()
    return {"load-s": took, "octets": (more - used) / count, "slab": (more_slab - slab) / count,
            "dump-s": timed("sipsec", "save")}


def load(path, counts):
    """All counts, one after the other; the last stays.

    All of the kernel takes and gives memory meanwhile: where that weighs, it is the
    median of some.  Of a few SAs it is the first time, when the tables are made.
    """
    for count in counts:
        write(count)
        path.proxy.enter()
        found = [load_once(count) for _ in range(5 if 10_000 <= count <= 200_000 else 1)]
        for what in found[0]:
            say("sipsec", count, what, statistics.median(one[what] for one in found))
        for place in (TMP / "keys", TMP / "conf"):
            place.unlink()


def verify(row, counts, args):
    """Datagrams of a random one of the first so many SAs.  The counts take turns, so
    that the host is the same for all."""
    rows.ask(b"message " + (rows.HERE / "messages/800.sip").read_bytes())
    begin = list(map(int, rows.ask("ticks")))
    took = {count: [] for count in counts}
    for _ in range(args.rounds):
        for count in counts:
            row.options = f"arrives forge {count}"
            took[count].append(row.run(args.batch)[1])
    end = list(map(int, rows.ask("ticks")))
    unit = (end[0] - begin[0]) / (end[1] - begin[1])
    for count in counts:
        ns = sorted(ticks / unit for ticks in took[count])
        say("sipsec", count, "best-ns", ns[0])
        say("sipsec", count, "median-ns", ns[len(ns) // 2])


def xfrm(counts):
    """The same of xfrm, but for datagrams."""
    place = rows.Place()
    place.enter()
    for count in counts:
        write_xfrm(count)
        used, slab = settled()
        say("xfrm", count, "load-s", timed("ip", "-batch", f"{TMP}/batch"))
        more, more_slab = memory()
        say("xfrm", count, "octets", (more - used) / count)
        say("xfrm", count, "slab", (more_slab - slab) / count)
        say("xfrm", count, "dump-s", timed("sh", "-c", "ip -s xfrm state > /dev/null"))
        rows.sh("ip", "xfrm", "state", "flush")


def main():
    """sipsec first, then xfrm."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--counts", default="1,1000,100000,1000000")
    parser.add_argument("--xfrm", default="100000")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--batch", type=int, default=64)
    args = parser.parse_args()
    # xfrm asks for a module for each state; that there is none is not to be measured
    pathlib.Path("/proc/sys/kernel/modprobe").write_text("\n", encoding="ascii")
    path = rows.Path("scale")
    path.proxy.enter()
    row = rows.Row("scale", path, PORT)
    # the UE's SA, whose frames are given other SPIs: eight digits of spi and seq
    path.ue.enter()
    rows.sh("sipsec", "sa", "add", "out", "peer", rows.PROXY, "port", str(PORT), "dir", "uplink",
            "spi", "0x4f1a22c0", "seq", str(0x10000000), "key-file", "-", text="11" * 32)
    if args.xfrm:
        xfrm([int(count) for count in args.xfrm.split(",")])
    counts = sorted(int(count) for count in args.counts.split(","))
    load(path, counts)
    verify(row, counts, args)
    rows.sh("sipsec", "sa", "flush")
    return 0


if __name__ == "__main__":
    sys.exit(main())
