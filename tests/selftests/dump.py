#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A dump of 100,000 SAs while others come and go: each one that is there from
the first to the last message is in it exactly once.

One namespace without links.
"""

import os
import random
import struct
import time
from collections import Counter

from lib import netns, sip, sipsec, tap
from lib.genl import NLM_F_DUMP_INTR, nest
from lib.sipsec import CMD, SA, encode
from lib.tap import case, check, equal

sipsec.need_module()
NS = netns.Netns("dump")
CLIENT = NS.make(sipsec.Client)
OTHER = NS.make(sipsec.Client)
COUNT = int(os.environ.get("SELFTEST_SAS", "100000"))
BASE = 0x10000000
PATIENCE = 5 * tap.DEADLINE


def key_of(number):
    """A key nobody else has."""
    return struct.pack("=QQ", 0xABCDEF0123456789, number)


def add(numbers):
    """sa-add requests for inbound SAs, made fast."""
    head = encode(SA, {"type": 0, "direction": 0, "alg": sip.AES_CMAC,
                       "window": 32, "seq": 0})
    for number in numbers:
        yield CMD["sa-add"], nest(1, head + struct.pack(
            "=HHIHH", 8, 2, BASE + number, 20, 8) + key_of(number))


def replace(numbers):
    """sa-replace requests."""
    return ((CMD["sa-replace"], body) for _, body in add(numbers))


def delete(numbers):
    """sa-del requests."""
    for number in numbers:
        yield CMD["sa-del"], nest(1, encode(SA, {"type": 0,
                                                 "spi": BASE + number}))


def spi_of(attrs):
    """The SPI in a reply, without decoding all of it."""
    body = attrs[0][1]
    at = 0
    while at < len(body):
        length, kind = struct.unpack_from("=HH", body, at)
        if kind == 2:
            return struct.unpack_from("=I", body, at + 4)[0]
        at += (length + 3) & ~3
    raise tap.Failed("a reply without SPI")


def spis(part):
    """The SPIs of a datagram of a dump."""
    return [spi_of(attrs) - BASE for _, attrs in part]


def batch(calls):
    """A batch of which all have to be taken."""
    errors = OTHER.genl.batch(calls)
    check(not errors, f"{len(errors)} refused, one: {errors}")


@case(f"{COUNT} SAs are made")
def make():
    begin = time.monotonic()
    batch(add(range(COUNT)))
    tap.diag(f"{COUNT / (time.monotonic() - begin):.0f} SAs a second")
    equal(CLIENT.stats()["inbound"], COUNT, "inbound SAs")


@case("a dump while nothing happens")
def quiet():
    got = [spi for part in CLIENT.genl.dump_steps(CMD["sa-get"], b"", PATIENCE)
           for spi in spis(part)]
    equal(len(got), COUNT, "SAs in the dump")
    equal(len(set(got)), COUNT, "different SAs in the dump")


@case("a dump while others are added and removed")
def busy():
    seed = random.randrange(1 << 32)
    tap.diag(f"seed {seed}")
    source = random.Random(seed)
    # a tenth may go; the others last
    mortal = source.sample(range(COUNT), COUNT // 10)
    lasting = set(range(COUNT)) - set(mortal)
    fresh = iter(range(COUNT, 10 * COUNT))
    temporary = []
    seen = Counter()
    steps = 0
    for part in CLIENT.genl.dump_steps(CMD["sa-get"], b"", PATIENCE):
        seen.update(spis(part))
        steps += 1
        # between two messages of the dump some go and some come, into places
        # that have just become free, before and behind it
        if steps % 10 == 1:
            gone = [mortal.pop() for _ in range(min(25, len(mortal)))]
            while len(temporary) > 40:
                gone.append(temporary.pop(source.randrange(len(temporary))))
            batch(delete(gone))
            new = [next(fresh) for _ in range(len(gone) + source.randrange(9))]
            batch(add(new))
            temporary += new
            # which take no place of another
            batch(replace(source.sample(sorted(lasting), 25)))
    tap.diag(f"{steps} messages, {sum(seen.values())} SAs")
    check(steps > COUNT // 5000, f"the dump had only {steps} messages")
    twice = [spi for spi, times in seen.items() if times > 1]
    equal(twice[:5], [], "SAs that were in it twice")
    missed = lasting - set(seen)
    equal(len(missed), 0, "lasting SAs that were not in it")
    left = COUNT - (COUNT // 10 - len(mortal)) + len(temporary)
    equal(CLIENT.flush(), left, "flushed")


@case("an empty dump afterwards; the memory is used again")
def again():
    equal(len(CLIENT.list()), 0, "SAs")
    batch(add(range(20 * COUNT, 20 * COUNT + 1000)))
    equal(len(CLIENT.list()), 1000, "SAs in the dump")
    equal(CLIENT.flush(), 1000, "flushed")


@case("two dumps at once, and one that is abandoned")
def several():
    batch(add(range(30 * COUNT, 30 * COUNT + 5000)))
    third = NS.make(sipsec.Client)
    first = CLIENT.genl.dump_steps(CMD["sa-get"], b"", PATIENCE)
    second = third.genl.dump_steps(CMD["sa-get"], b"", PATIENCE)
    left = NS.make(sipsec.Client)
    next(left.genl.dump_steps(CMD["sa-get"], b"", PATIENCE))
    got = [[], []]
    alive = [(first, got[0]), (second, got[1])]
    while alive:
        for pair in list(alive):
            try:
                pair[1].extend(spis(next(pair[0])))
            except StopIteration:
                alive.remove(pair)
    left.close()
    for one in got:
        equal((len(one), len(set(one))), (5000, 5000), "SAs in the dumps")
    CLIENT.flush()
    third.close()


@case("a dump of listeners while one goes says that it is none")
def listeners():
    ports = range(1000, 1300)
    for port in ports:
        CLIENT.listen("192.0.2.1", port)
    equal(len(list(CLIENT.listeners())), len(ports), "listeners")
    flags = CLIENT.genl.flags
    check(not flags & NLM_F_DUMP_INTR, "interrupted, and nothing has happened")
    steps = CLIENT.genl.dump_steps(CMD["listener-get"], b"", PATIENCE)
    seen = len(next(steps))
    check(seen < len(ports), f"{seen} listeners in one message")
    OTHER.call("listener-del", listener={"addr4": "192.0.2.1", "port": ports[0]})
    for _ in steps:
        pass
    check(CLIENT.genl.flags & NLM_F_DUMP_INTR, "not interrupted")
    CLIENT.clear()


if __name__ == "__main__":
    tap.run()
