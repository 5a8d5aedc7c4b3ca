#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The 3GPP integrity algorithms of module sipsec_3gpp in the kernel's crypto API:
as any user of it sees them, through AF_ALG.  No network, and no module sipsec.
"""

import errno
import importlib.util
import os
import re
import subprocess
import tempfile

from lib import afalg, tap, vectors
from lib.tap import Skip, check, equal

MODULE = "sipsec_3gpp"
#: Name: octets of key, prefix, MAC.
ALGS = {"uia1": (16, 10, 4), "uia2": (16, 10, 4), "128-eia1": (16, 10, 4),
        "128-eia2": (16, 10, 4), "128-eia3": (16, 10, 4),
        "zuc256-mac-32": (32, 26, 4), "zuc256-mac-64": (32, 26, 8),
        "zuc256-mac-128": (32, 26, 16)}
#: Those that have a driver by carry-less multiplication where the CPU can.
PCLMUL = [name for name in ALGS if name not in ("uia1", "128-eia2")]


def run(*command):
    """(exit status, what it said)."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def loaded():
    """Is the module there?"""
    return os.path.isdir(f"/sys/module/{MODULE}")


def module_file():
    """Its .ko."""
    status, text = run("modinfo", "-n", MODULE)
    if status:
        tap.skip_all(f"no module {MODULE}: {text.strip()}")
    return text.strip()


KO = module_file()


def flatten():
    """The published vectors."""
    spec = importlib.util.spec_from_file_location(
        "flatten", vectors.find("3gpp/flatten.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(module.rows())


def proc_crypto():
    """driver: fields of /proc/crypto, for this module."""
    with open("/proc/crypto", encoding="ascii") as file:
        blocks = [dict(re.split(r"\s*: ", line, maxsplit=1)
                       for line in block.splitlines())
                  for block in file.read().strip().split("\n\n")]
    return {one["driver"]: one for one in blocks if one["module"] == MODULE}


def cpu_has(flag):
    """Is it among the CPU's flags?"""
    with open("/proc/cpuinfo", encoding="ascii") as file:
        return any(flag in line.split() for line in file
                   if line.startswith("flags"))


def drivers(name):
    """Those of an algorithm, the one that the kernel prefers first."""
    rows = [row for row in proc_crypto().values() if row["name"] == name]
    return [row["driver"] for row in
            sorted(rows, key=lambda row: -int(row["priority"]))]


@tap.case("loaded on demand by each name and by each driver's")
def on_demand():
    """As any kernel algorithm is."""
    names = ["uia1", "128-eia3-generic"]
    if cpu_has("pclmulqdq"):
        names.append("uia2-pclmul")
    for name in names:
        run("rmmod", MODULE)
        check(not loaded(), "still loaded")
        afalg.mac(name, bytes(16), bytes(10))
        check(loaded(), f"{name} has not loaded {MODULE}")
    rows = proc_crypto()
    aliases = run("modinfo", "-F", "alias", KO)[1].split()
    for name in [*rows, *ALGS]:
        check(name in aliases and f"crypto-{name}" in aliases,
              f"{name}: not among the aliases {aliases}")


@tap.case("registered as tested shashes")
def registered():
    """What /proc/crypto says."""
    rows = proc_crypto()
    fast = cpu_has("pclmulqdq") and cpu_has("ssse3")
    for name in ALGS:
        want = ["128-eia2-cmac" if name == "128-eia2" else name + "-generic"]
        if name in PCLMUL and fast:
            want.insert(0, name + "-pclmul")
        equal(drivers(name), want, name)
    for driver, row in rows.items():
        equal((row["type"], row["selftest"], row["digestsize"]),
              ("shash", "passed", str(ALGS[row["name"]][2])), driver)


@tap.case("all published vectors, whole and in pieces")
def published():
    """Each in one piece, at every split of two, and copied in the middle."""
    rows = flatten()
    check(len(rows) >= 80, f"{len(rows)} vectors")
    splits = 0
    served = {name: drivers(name) for name in ALGS}
    for row, driver in ((row, driver) for row in rows
                        for driver in served[row.alg]):
        data = row.prefix + row.msg
        with afalg.Hash(driver, row.key) as one:
            equal(one.digest(data), row.mac, f"{driver}, {row.name}")
            # In an emulator each takes a while: every one of the short messages.
            step = 1 if len(data) < 80 else 47
            for split in range(1, len(data), step):
                equal(one.digest(data[:split], data[split:]), row.mac,
                      f"{driver}, {row.name}, split at {split}")
                splits += 1
            for split in (4, 10, len(data) // 2, len(data) - 1):
                one.sock.send(data[:split], afalg.MSG_MORE)
                with one.copy() as other:
                    equal(other.digest(data[split:]), row.mac,
                          f"{driver}, {row.name}, exported at {split}")
                equal(one.digest(data[split:]), row.mac,
                      f"{driver}, {row.name}, after the export at {split}")
    tap.diag(f"{len(rows)} vectors, {splits} splits")


@tap.case("pieces of pages, and messages of 100,000 octets")
def long_message():
    """What is in several scatterlist entries gives the same."""
    for name, (key, prefix, _) in ALGS.items():
        data = bytes(prefix) + os.urandom(100_000)
        whole = afalg.mac(name, bytes(range(key)), data)
        for driver in drivers(name):
            with afalg.Hash(driver, bytes(range(key))) as one:
                equal(one.digest(data), whole, driver)
                equal(one.digest(*(data[at:at + 4097]
                                   for at in range(0, len(data), 4097))),
                      whole, f"{driver}, in pieces")


@tap.case("what is no key and no prefix is refused")
def refused():
    """Each with EINVAL."""
    for name, (key, prefix, _) in ALGS.items():
        for size in {0, 15, 16, 17, 31, 32, 33} - {key}:
            try:
                afalg.Hash(name, bytes(size))
            except OSError as error:
                equal(error.errno, errno.EINVAL, f"{name}, key of {size}")
            else:
                check(False, f"{name}: key of {size} octets")
        bad = [bytes(prefix - 1), bytes(prefix - 1) + b"\x08m",
               bytes(prefix - 1) + b"\1"]
        if prefix == 10:
            bad.append(bytes(8) + b"\2\0m")
        else:
            bad.append(bytes(24) + b"\x40\0m")
        if name.startswith("128"):
            bad.append(bytes(7) + b"\1\0\0m")
        for data in bad:
            try:
                afalg.mac(name, bytes(key), data)
            except OSError as error:
                equal(error.errno, errno.EINVAL, f"{name}, {data!r}")
            else:
                check(False, f"{name}: {data!r} is taken")


def dmesg():
    """The kernel's log."""
    return run("dmesg")[1]


def insert(octets):
    """insmod of a module's octets."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, MODULE + ".ko")
        with open(path, "wb") as file:
            file.write(octets)
        return run("insmod", path)


@tap.case("a wrong vector keeps the module out")
def corrupted():
    """The module's file with one bit of a vector's MAC, key or text changed."""
    run("rmmod", MODULE)
    with open(KO, "rb") as file:
        good = file.read()
    rows = [one for one in flatten() if one.own]
    for name in ALGS:
        row = [one for one in rows if one.alg == name][-1]
        # key and text of some are those of others too; each takes a while
        for part in (row.mac, row.key, row.prefix + row.msg)[:3 if name == "uia1" else 1]:
            if good.count(part) != 1:
                continue
            at = good.index(part) + len(part) - (2 if part not in
                                                 (row.mac, row.key) else 1)
            bad = good[:at] + bytes([good[at] ^ 0x10]) + good[at + 1:]
            before = dmesg().count("gives another MAC")
            status, text = insert(bad)
            check(status and "Invalid" in text, f"{name}: {status}, {text}")
            check(not loaded() and not proc_crypto(), f"{name}: it is there")
            after = dmesg()
            equal(after.count("gives another MAC"), before + 1, f"{name}: logged")
            check(row.name in after, f"{name}: the log does not name the vector")
    equal(insert(good), (0, ""), "the same without the change")
    check(loaded(), "not loaded")


@tap.case("not removed while it is used")
def in_use():
    """A tfm holds the module."""
    with afalg.Hash("uia2", bytes(16)) as one:
        status, _ = run("rmmod", MODULE)
        check(status and loaded(), "removed under a tfm")
        equal(len(one.digest(bytes(20))), 4, "octets")
    equal(run("rmmod", MODULE)[0], 0, "rmmod")


if __name__ == "__main__":
    if os.geteuid():
        raise Skip("root is needed")
    try:
        afalg.serve_all()
    except Skip as why:
        tap.skip_all(why)
    tap.run()
