#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Which of the kernel's crypto drivers the module takes, and what it says when that
is a slow one although the CPU has instructions for it.
"""

import contextlib
import os
import re
import subprocess

from lib import sipsec, tap
from lib.tap import Skip, check, equal

MODPROBE = "/proc/sys/kernel/modprobe"
#: hmac-sha-256-128, its number (clause 5), and its fast drivers' module.
ALG, NR, FAST = "hmac-sha-256-128", 4, "sha256_ssse3"

sipsec.need_module()


def warnings():
    """How often the kernel's log says that an algorithm is slow."""
    log = subprocess.run(["dmesg"], capture_output=True, text=True, check=True).stdout
    return re.findall(r"sipsec: (\S+): (\S+) is slow", log)


def driver():
    """What the module says it takes for ALG."""
    with contextlib.closing(sipsec.Client()) as client:
        return client.info()[1][NR]["driver"]


def again():
    """The module anew."""
    if sipsec.loaded():
        sipsec.unload()
    check(sipsec.load(), "insmod")


def need_choice():
    """This CPU has a fast driver for ALG that is a module, and the module asks for it."""
    with open("/proc/cpuinfo", encoding="ascii") as info:
        if not re.search(r"^flags\s*:.*\bssse3\b", info.read(), re.M):
            raise Skip("no CPU with SSSE3")
    done = subprocess.run(["modinfo", FAST], capture_output=True, check=False)
    if done.returncode or b"(builtin)" in done.stdout or driver().endswith("-lib"):
        raise Skip(f"no module {FAST}")


@tap.case("the fast driver is asked for, and nothing is said")
def fast():
    need_choice()
    before = len(warnings())
    again()
    check("generic" not in driver(), driver())
    equal(len(warnings()), before, "warnings")


@tap.case("a slow one where the CPU has better is said once, and named")
def slow():
    need_choice()
    with open(MODPROBE, encoding="ascii") as file:
        path = file.read().strip()
    sipsec.unload()
    subprocess.run(["rmmod", FAST], capture_output=True, check=False)
    if os.path.exists(f"/sys/module/{FAST}"):
        raise Skip(f"{FAST} is in use")
    before = warnings().count((ALG, "sha256-generic"))
    try:
        # the kernel finds no module any more
        with open(MODPROBE, "w", encoding="ascii") as file:
            file.write("/bin/false")
        check(sipsec.load(), "insmod")
        equal(driver(), "sha256-generic", "driver")
        with contextlib.closing(sipsec.Client()) as client:
            client.new_in()
            client.new_in(spi=0x1234)
            client.clear()
        equal(warnings().count((ALG, "sha256-generic")), before + 1, "warnings")
    finally:
        with open(MODPROBE, "w", encoding="ascii") as file:
            file.write(path)
        again()
    check("generic" not in driver(), driver())


if __name__ == "__main__":
    tap.run()
