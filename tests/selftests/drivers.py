#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Which of the kernel's crypto drivers the module takes, and what it says when that
is a slow one although the CPU has instructions for it, or when there is none.
"""

import contextlib
import os
import re
import subprocess

from lib import sip, sipsec, tap
from lib.tap import Skip, check, equal

#: hmac-sha-256-128, its number (clause 5), and its fast drivers' module.
ALG, NR, FAST = "hmac-sha-256-128", 4, "sha256_ssse3"

sipsec.need_module()


def logged(pattern):
    """What of the kernel's log matches."""
    log = subprocess.run(["dmesg"], capture_output=True, text=True, check=True).stdout
    return re.findall(f"sipsec: {pattern}", log)


def warnings():
    """How often the kernel's log says that an algorithm is slow."""
    return logged(r"(\S+): (\S+) is slow")


def driver(nr=NR):
    """What the module says it takes for an algorithm, or None."""
    with contextlib.closing(sipsec.Client()) as client:
        return client.info()[1].get(nr, {}).get("driver")


def again():
    """The module anew."""
    if sipsec.loaded():
        sipsec.unload()
    check(sipsec.load(), "insmod")


def need_module(name):
    """The kernel has it as a module."""
    done = subprocess.run(["modinfo", name], capture_output=True, check=False)
    if done.returncode or b"(builtin)" in done.stdout:
        raise Skip(f"no module {name}")


def need_choice():
    """This CPU has a fast driver for ALG that is a module, and the module asks for it."""
    with open("/proc/cpuinfo", encoding="ascii") as info:
        if not re.search(r"^flags\s*:.*\bssse3\b", info.read(), re.M):
            raise Skip("no CPU with SSSE3")
    need_module(FAST)
    if driver().endswith("-lib"):
        raise Skip("the kernel's library is taken")


@tap.case("the fast driver is asked for, and nothing is said")
def fast():
    need_choice()
    before = len(warnings())
    again()
    check("generic" not in driver(), driver())
    equal(len(warnings()), before, "warnings")


@contextlib.contextmanager
def without(*modules):
    """These modules of the kernel's are gone, and it finds none any more."""
    sipsec.unload()
    try:
        for name in modules:
            subprocess.run(["rmmod", name], capture_output=True, check=False)
            if os.path.exists(f"/sys/module/{name}"):
                raise Skip(f"{name} is in use")
        with sipsec.no_modprobe():
            check(sipsec.load(), "insmod")
            yield
    finally:
        again()


@tap.case("a slow one where the CPU has better is said once, and named")
def slow():
    need_choice()
    before = warnings().count((ALG, "sha256-generic"))
    with without(FAST):
        equal(driver(), "sha256-generic", "driver")
        with contextlib.closing(sipsec.Client()) as client:
            client.new_in()
            client.new_in(spi=0x1234)
            client.clear()
        equal(warnings().count((ALG, "sha256-generic")), before + 1, "warnings")
    check("generic" not in driver(), driver())


@tap.case("one that the kernel does not give is said once, and its SAs are refused")
def missing():
    need_module("cmac")
    if not driver(sip.AES_CMAC).startswith("cmac("):
        raise Skip("another module than cmac gives it")
    pattern = r"aes-cmac-96: not served, as the kernel gives no cmac\(aes\) \(error -2\)"
    before = len(logged(pattern))
    with without("cmac"):
        equal(driver(sip.AES_CMAC), None, "driver")
        with contextlib.closing(sipsec.Client()) as client:
            for _ in range(2):
                client.not_served(sip.AES_CMAC)
        equal(len(logged(pattern)), before + 1, "lines")
    check(driver(sip.AES_CMAC), "it came again")


@tap.case("aes-gmac by the module's own GHASH where the kernel's is the slow one")
def own_ghash():
    with open("/proc/cpuinfo", encoding="ascii") as info:
        if not re.search(r"^flags\s*:.*\baes\b", info.read(), re.M):
            raise Skip("no CPU with AES of x86")
    fast = driver(sip.GMAC)
    if not fast or fast.endswith("-lib"):
        raise Skip(f"{fast} is taken")
    need_module("ghash_clmulni_intel")
    for name in ("ghash-generic", "gcm", "ctr"):
        subprocess.run(["modprobe", name], check=True)
    with without("aesni_intel", "ghash_clmulni_intel"):
        equal(driver(sip.GMAC), "gmac-generic", "driver")
        check(("aes-gmac", "gmac-generic") in warnings(), "it says so")
        with contextlib.closing(sipsec.Client()) as client:
            client.new_in(sip.GMAC)
            client.clear()
    equal(driver(sip.GMAC), fast, "driver")


if __name__ == "__main__":
    tap.run()
