#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The whole netlink family from uapi/sipsec.yaml, at random: every operation
with attributes that are good, nearly good, missing, twice, of a wrong length or
of another set; the answers are read and thrown away.

What it looks for is what the kernel says about itself (KASAN, lockdep, a stall),
that no answer but an error comes to what is malformed, that the family still
works after it, and that no key comes back.

    nlfuzz.py [REQUESTS [SEED]]
"""

import os
import random
import select
import struct
import sys

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../selftests"))
# pylint: disable=wrong-import-position
from lib import genl, netns, sip, sipsec, tap          # noqa: E402
from lib.tap import case, check, equal                 # noqa: E402

REQUESTS = int(sys.argv.pop(1)) if len(sys.argv) > 1 else 20000
SEED = int(sys.argv.pop(1)) if len(sys.argv) > 1 else \
    int.from_bytes(os.urandom(4), "big")

with open(os.path.join(HERE, "../../uapi/sipsec.yaml"), encoding="utf-8") as _f:
    SPEC = yaml.safe_load(_f)

WIDTH = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "s32": 4}
KEYS = [bytes([0xc0 + n]) * 40 for n in range(4)]   # few, to meet each other


def numbered(entries):
    """[(number, entry)], as YNL counts."""
    result, number = [], 0
    for entry in entries:
        number = entry.get("value", number)
        result.append((number, entry))
        number += 1
    return result


SETS = {}
for _one in SPEC["attribute-sets"]:
    base = _one.get("subset-of")
    SETS[_one["name"]] = numbered(_one["attributes"])
ENUMS = {one["name"]: one.get("entries", []) for one in SPEC["definitions"]}
OPS = [(number, entry) for number, entry in
       numbered(SPEC["operations"]["list"]) if "do" in entry or "dump" in entry]


class Maker:
    """Requests from a random number generator."""

    #: values worth having more often than others
    NUMBERS = [0, 1, 2, 3, 4, 5, 31, 32, 128, 255, 256, 0x1000, 0x1001, 0x1002,
               4096, 5060, 65000, 65535, 65536, 0x1f, 0x1f00, 0xffffffff,
               (1 << 32) - 2, 1 << 32, 1 << 63, (1 << 64) - 1]

    def __init__(self, seed):
        self.rnd = random.Random(seed)

    def number(self, width, enum):
        """A number, mostly one that means something."""
        rnd = self.rnd
        if enum in ENUMS and rnd.random() < 0.9:
            value = rnd.randrange(len(ENUMS[enum]) or 1)
        elif rnd.random() < 0.8:
            value = rnd.choice(self.NUMBERS)
        else:
            value = rnd.getrandbits(8 * width)
        return (value & ((1 << 8 * width) - 1)).to_bytes(width, sys.byteorder)

    def payload(self, entry, depth):
        """What an attribute holds."""
        rnd, kind, name = self.rnd, entry["type"], entry["name"]
        if kind in WIDTH:
            if name == "addr4":
                return bytes([192, 0, 2, rnd.randrange(4)])
            return self.number(WIDTH[kind], entry.get("enum"))
        if kind == "nest":
            return self.attrs(entry["nested-attributes"], depth + 1)
        if kind == "flag" or kind == "pad":
            return b""
        if name == "addr6":
            return bytes.fromhex("20010db8" + "00" * 11) + \
                bytes([rnd.randrange(3)])
        if name == "key":
            return rnd.choice(KEYS)[:rnd.choice([16, 20, 32, 32, 32])]
        if kind == "string":
            text = rnd.choice([b"sip:alice@example.com", b"tel:+1555", b"word",
                               b"zzzzzzzzzzzz", b"alice@ims.example", b"",
                               b"sip:" + b"a" * 300, bytes(rnd.getrandbits(8)
                                                           for _ in range(9))])
            return text + (b"\0" if rnd.random() < 0.9 else b"")
        return bytes(rnd.getrandbits(8) for _ in range(rnd.randrange(40)))

    def attr(self, number, entry, depth):
        """One attribute, now and then with something wrong."""
        rnd = self.rnd
        payload = self.payload(entry, depth)
        if entry["type"] == "nest" and rnd.random() < 0.97:
            number |= genl.NLA_F_NESTED
        if rnd.random() > 0.02:
            return genl.attr(number, payload)
        how = rnd.randrange(5)
        if how == 0:
            return genl.attr(number, payload[:-1] if payload else b"\0")
        if how == 1:
            return genl.attr(number, payload + b"\0")
        if how == 2:
            return genl.attr(number, payload, length=rnd.randrange(70000) & 0xffff)
        if how == 3:
            return genl.attr(number ^ genl.NLA_F_NESTED, payload)
        return genl.attr(rnd.randrange(80), payload)

    #: what an operation cannot do without
    NEEDED = {"sa": {"type", "spi", "addr4", "port", "direction", "alg", "key",
                     "seq"},
              "listener": {"addr4", "port", "direction"}}

    def attrs(self, name, depth=0):
        """The octets of an attribute set, some of it."""
        rnd, result = self.rnd, b""
        if depth > 4:
            return b""
        entries = [one for one in SETS[name] if one[1]["type"] not in
                   ("unused", "pad")]
        few = rnd.random() < 0.7
        for number, entry in entries:
            needed = entry["name"] in self.NEEDED.get(name, ())
            chance = 0.93 if needed else 0.08 if few else 0.3
            if "read only" in entry.get("doc", "").lower():
                chance /= 10
            while rnd.random() < chance:
                result += self.attr(number, entry, depth)
                if not entry.get("multi-attr") and rnd.random() < 0.98:
                    break
        return result

    def message(self, client):
        """A whole request."""
        rnd = self.rnd
        number, entry = rnd.choice(OPS)
        if entry["name"] in ("sa-flush", "listener-del", "sa-del") and \
                rnd.random() < 0.5:
            number, entry = OPS[0]
        if rnd.random() < 0.01:
            number = rnd.randrange(256)
        wanted = set(entry.get("do", entry.get("dump", {}))
                     .get("request", {}).get("attributes", []))
        body = b""
        for kind, one in SETS["msg"]:
            if one["type"] in ("unused", "pad"):
                continue
            if rnd.random() < (0.97 if one["name"] in wanted else 0.01):
                body += self.attr(kind, one, 0)
        flags = genl.NLM_F_REQUEST | genl.NLM_F_ACK
        if "dump" in entry and rnd.random() < 0.3:
            flags = genl.NLM_F_REQUEST | genl.NLM_F_DUMP
        message = client.genl.pack(number, body, flags)
        if rnd.random() < 0.03:
            message = bytearray(message)
            for _ in range(rnd.randrange(1, 4)):
                message[rnd.randrange(20, len(message) + 1) - 1] ^= \
                    1 << rnd.randrange(8)
            message = bytes(message)
        return message


sipsec.need_module()
NS = netns.Netns("nlfuzz")
CLIENT = NS.make(sipsec.Client)


def answers(sock, seen):
    """Read all that is there; counts what was taken."""
    taken = 0
    while select.select([sock], [], [], 0)[0]:
        try:
            data = sock.recv(1 << 18)
        except OSError:
            continue
        for key in KEYS:
            check(key[:16] not in data[20:] or b"" == seen, "a key comes back")
        while len(data) >= 16:
            length, kind = struct.unpack_from("=IH", data)
            if length < 16:
                break
            if kind == genl.NLMSG_ERROR and \
                    not struct.unpack_from("=i", data, 16)[0]:
                taken += 1
            data = data[(length + 3) & ~3:]
    return taken


@case(f"{REQUESTS} requests at random, seed {SEED}")
def requests():
    maker = Maker(SEED)
    events = NS.make(sipsec.Events)
    # an error's answer has the request's head alone (NETLINK_CAP_ACK)
    sock, taken = CLIENT.genl.sock, 0
    for _ in range(REQUESTS):
        try:
            sock.send(maker.message(CLIENT))
        except OSError:
            pass
        taken += answers(sock, None)
        answers(events.genl.sock, None)
    events.genl.close()
    tap.diag(f"{taken} of {REQUESTS} were taken")
    check(taken > REQUESTS // 20, f"only {taken} were taken")


@case("the family works as before")
def works():
    CLIENT.clear()
    sa = sip.SA(0x9999, os.urandom(32))
    CLIENT.add_in(sa)
    equal([one["spi"] for one in CLIENT.list()], [0x9999], "SAs")
    CLIENT.clear()
    equal(CLIENT.stats()["inbound"], 0, "SAs that are counted")


if __name__ == "__main__":
    tap.run()
