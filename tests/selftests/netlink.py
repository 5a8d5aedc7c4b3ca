#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The generic netlink family: what it takes, what it refuses and how it says
so, who may use it, and that keys never come back.

One namespace without links; nothing here needs traffic.
"""

import ctypes
import errno
import json
import os
import random
import struct

from lib import genl, netns, sip, sipsec, tap
from lib.genl import NlError, attr, nest
from lib.sipsec import CMD, INBOUND, LISTENER, OPERATIONS, OUTBOUND, SA, encode
from lib.tap import case, check, equal

sipsec.need_module()
NS = netns.Netns("netlink")
CLIENT = NS.make(sipsec.Client)

KEY = os.urandom(32)
A_SA, A_LISTENER, A_PARTNER = 1, 2, 8
#: what is there while bad requests come, and must still be there after each
LASTING, LASTING_OUT = 0x1000, 0x1001


def base_in(**more):
    """A good inbound SA's attributes."""
    return {"type": INBOUND, "spi": 0x2000, "direction": 0, "alg": 4,
            "key": KEY, "seq": 0, **more}


def base_out(**more):
    """A good outbound SA's attributes."""
    return {"type": OUTBOUND, "spi": 0x2000, "addr4": "192.0.2.9",
            "port": 5060, "direction": 0, "alg": 4, "key": KEY,
            "seq": 1 << 60, **more}


def base_listener(**more):
    """A good listener's attributes."""
    return {"addr4": "192.0.2.1", "port": 5070, "direction": 0, **more}


def snapshot():
    """All the state there is, without what time changes."""
    sas = CLIENT.list()
    for one in sas:
        one.pop("age")
    return sas, CLIENT.listeners()


def set_up():
    """The lasting state."""
    CLIENT.clear()
    # with keys that were never used
    CLIENT.add_in(sip.SA(LASTING, os.urandom(32)), seq=7)
    CLIENT.add_out(sip.SA(LASTING_OUT, os.urandom(32)), "192.0.2.1", 5060,
                   seq=1 << 50)
    CLIENT.listen("192.0.2.1", 5060)
    return snapshot()


class Refusals:
    """Sends bad requests and collects what is wrong with the answers."""

    def __init__(self):
        self.before = set_up()
        self.wrong = []
        self.count = 0

    def payload(self, number, octets, title, names=None, offset=None,
                missing=None, errors=None):
        """One request, given as octets, has to be refused.

        names: words of which one has to be in the text, unless the extended
        ACK points to offset or names the missing type.
        """
        self.count += 1
        try:
            CLIENT.genl.call(number, octets)
        except NlError as error:
            if errors and error.name not in errors:
                self.wrong.append(f"{title}: {error.name}, not {errors}")
            text = (error.msg or "").lower().replace("_", "-")
            told = bool(names) and any(one.lower() in text for one in names)
            points = offset is not None and error.offset == offset
            misses = missing is not None and error.miss_type == missing
            if names is None and offset is None and missing is None:
                told = bool(error.msg) or error.offset is not None
            if not told and not points and not misses:
                self.wrong.append(f"{title}: refused without naming it: "
                                  f"{error} (at {offset})")
        else:
            self.wrong.append(f"{title}: taken")
            CLIENT.clear()
            set_up()
            return
        after = snapshot()
        if after != self.before:
            self.wrong.append(f"{title}: half applied")
            self.before = set_up()

    def attrs(self, command, table, values, culprit=None, title="",
              missing=None, raw=None):
        """A request from a dict; raw: octets instead of one's encoding."""
        body = b""
        offset = None
        for name, value in values.items():
            if name == culprit:
                # the class in a nest of actions
                offset = 24 + len(body) + 4 * isinstance(value, dict)
            if raw and name in raw:
                body += raw[name]
            else:
                body += encode(table, {name: value})
        kind = A_SA if table is SA else A_LISTENER
        word = culprit or missing
        names = [word, *word.split("-")] if word else None
        if isinstance(values.get(word), dict):
            names.append(next(iter(values[word])))
        self.payload(CMD[command], nest(kind, body),
                     f"{command} {title or word}", names, offset,
                     table[missing][0] if missing else None)

    def done(self):
        """Fail if anything was wrong."""
        CLIENT.clear()
        tap.diag(f"{self.count} requests")
        check(not self.wrong, "\n".join(self.wrong))


#: command, table, attributes that make it good
GOOD = [
    ("sa-add", SA, base_in()), ("sa-add", SA, base_out()),
    ("sa-replace", SA, base_in()), ("sa-replace", SA, base_out()),
    ("sa-set", SA, {"type": INBOUND, "spi": 0x1000, "seq": 9}),
    ("sa-set", SA, {"type": OUTBOUND, "spi": 0x1001, "addr4": "192.0.2.1",
                    "port": 5060, "seq": 1 << 51}),
    ("sa-del", SA, {"type": INBOUND, "spi": 0x1000}),
    ("sa-del", SA, {"type": OUTBOUND, "spi": 0x1001, "addr4": "192.0.2.1",
                    "port": 5060}),
    ("sa-get", SA, {"type": INBOUND, "spi": 0x1000}),
    ("sa-get", SA, {"type": OUTBOUND, "spi": 0x1001, "addr4": "192.0.2.1",
                    "port": 5060}),
    ("listener-add", LISTENER, base_listener()),
    ("listener-replace", LISTENER, base_listener()),
    ("listener-set", LISTENER, {"addr4": "192.0.2.1", "port": 5060,
                                "preset": 2}),
    ("listener-del", LISTENER, {"addr4": "192.0.2.1", "port": 5060}),
    ("listener-get", LISTENER, {"addr4": "192.0.2.1", "port": 5060}),
    ("key-id", SA, {"alg": 4, "key": KEY}),
]
OPTIONAL = {"seq", "preset"}
#: more of them, for what is of a fixed length
LONGER = [
    ("sa-add", SA, base_in(state=0, drain=7, **{"temporary-seconds": 9})),
    ("sa-add", SA, base_out(state=0, drain=7, **{"temporary-seconds": 9})),
    ("sa-set", SA, {"type": INBOUND, "spi": 0x1000, "state": 1, "drain": 7,
                    "temporary-seconds": 9}),
    ("sa-del", SA, {"type": INBOUND, "spi": 0x1000, "pair": 0x1001}),
    ("listener-add", LISTENER, {
        **base_listener(), "rate": 9, "monitor": 1, "annotate": 1,
        "notify": 1, "identity": 1, "emergencies": 64}),
]


@case("the good requests are good")
def good():
    for command, table, values in GOOD:
        set_up()
        part = {"sa" if table is SA else "listener": values}
        CLIENT.call(command, **part)
    CLIENT.clear()


@case("each attribute missing")
def missing():
    refusals = Refusals()
    for command, table, values in GOOD:
        for name in values:
            if name in OPTIONAL:
                continue
            rest = {k: v for k, v in values.items() if k != name}
            # either of two addresses will do, so neither is "the" missing one
            if name == "addr4":
                body = encode(table, rest)
                refusals.payload(CMD[command], nest(
                    A_SA if table is SA else A_LISTENER, body),
                    f"{command} without address",
                    ["addr", "address"], None, table[name][0])
            else:
                refusals.attrs(command, table, rest, missing=name,
                               title=f"without {name}")
        kind = A_SA if table is SA else A_LISTENER
        what = "sa" if kind == A_SA else "listener"
        refusals.payload(CMD[command], b"", f"{command} without anything",
                         [what], None, kind)
        refusals.payload(CMD[command], nest(kind, b""),
                         f"{command} with an empty nest")
        refusals.payload(CMD[command], nest(3 - kind, encode(table, values)),
                         f"{command} with the other nest")
    refusals.done()


@case("each attribute short, long and empty")
def lengths():
    refusals = Refusals()
    for command, table, values in GOOD + LONGER:
        full = dict(values)
        for name in full:
            number = table[name][0]
            payload = encode(table, {name: full[name]})[4:]
            size = {"u8": 1, "u16": 2, "u32": 4, "u64": 8}.get(
                table[name][1], len(payload))
            payload = payload[:size]
            for text, octets in (("short", payload[:-1]),
                                 ("long", payload + b"\0"),
                                 ("empty", b""), ("huge", payload * 900)):
                if octets == payload:
                    continue
                refusals.attrs(command, table, full, name,
                               f"{name} {text}",
                               raw={name: attr(number, octets)})
        for name, octets in (("addr6", 15), ("addr6", 17), ("addr6", 4),
                             ("addr6", 0)):
            if "addr4" not in full:
                continue
            swapped = {("addr6" if k == "addr4" else k): v
                       for k, v in full.items()}
            refusals.attrs(command, table, swapped, name,
                           f"addr6 of {octets} octets",
                           raw={name: attr(table[name][0], bytes(octets))})
    refusals.done()


@case("attributes with a broken header, unknown, or without their flag")
def broken():
    refusals = Refusals()
    for command, table, values in GOOD:
        kind = A_SA if table is SA else A_LISTENER
        body = encode(table, values)
        for unknown in (0, 60, 200, 0x3FFF):
            refusals.payload(CMD[command], nest(
                kind, body + attr(unknown, b"\1\0\0\0")),
                f"{command} with attribute {unknown}", ["attribute"],
                24 + len(body))
        for unknown in (0, 9, 77):
            refusals.payload(CMD[command], nest(kind, body)
                             + attr(unknown, b"\1\0\0\0"),
                             f"{command} with top attribute {unknown}")
        refusals.payload(CMD[command], attr(kind, body),
                         f"{command} without NLA_F_NESTED")
        for cut in (1, 2, 3):
            refusals.payload(CMD[command],
                             nest(kind, body + b"\5\0\1\0"[:cut]),
                             f"{command} with {cut} octets behind")
        for length in (0, 3, 200, 0xFFFF):
            refusals.payload(CMD[command], nest(kind, body + attr(
                2, b"\1\0\0\0", length)),
                f"{command} with an attribute of length {length}")
            refusals.payload(CMD[command], attr(
                kind | genl.NLA_F_NESTED, body, length if length else 2),
                f"{command} with a nest of length {length}")
        refusals.payload(CMD[command], nest(kind, b"\xff" * 64),
                         f"{command} with a nest of garbage")
    refusals.done()


@case("values out of range")
def ranges():
    refusals = Refusals()
    for command in ("sa-add", "sa-replace"):
        for name, values in {
                "type": [2, 255], "spi": [0, 1, 255],
                "direction": [2, 255], "alg": [0, 1, 6, 7, 8, 9, 10, 255],
                "key": [KEY[:31], KEY + b"x", KEY[:1], KEY[:20]],
                "window": [1, 31, 4097, 2**32 - 1],
                # none of them is the inbound SA's
                "mark": [1], "compact": [0, 1, 2],
                "state": [3, 255], "temporary-seconds": [0],
                "impi": ["", "a b", 'a"b', "x" * 256], "pair": [0, 0x1001],
                "impu": [["user"], ["sip:"], ["sip:a", "mailto:a@b"],
                         ["sip:a"] * 17],
                # to be read only
                "key-id": [1], "age": [1], "messages": [1], "octets": [1],
                "expired": [True], "counters": [{"verified": 1}],
        }.items():
            for value in values:
                refusals.attrs(command, SA, base_in(**{name: value}), name,
                               f"inbound {name} {value!r}")
        for name, values in {
                "spi": [0, 255], "port": [0], "seq": [0],
                "window": [0, 128], "budget": [5], "compact": [2, 255],
                "key-id": [1], "state": [3, 255], "temporary-seconds": [0],
                "impi": ["", "a b", "x" * 256], "impu": [["user"]],
                "pair": [0, 0x999],
        }.items():
            for value in values:
                refusals.attrs(command, SA, base_out(**{name: value}), name,
                               f"outbound {name} {value!r}")
        both = base_out()
        refusals.attrs(command, SA, {**both, "addr6": "2001:db8::1"},
                       "addr6", "two addresses")
        refusals.attrs(command, SA, base_in(port=5060), "port",
                       "inbound port without address")
        refusals.attrs(command, SA, base_in(addr4="192.0.2.1", port=0),
                       "port", "inbound port 0")
        for alg, (_, _, size) in sip.ALGS.items():
            for length in (size - 1, size + 1, 0):
                if alg == sip.MD5 or length > 32:
                    continue
                refusals.attrs(command, SA, base_in(
                    alg=alg, key=os.urandom(length)), "key",
                    f"key of {length} octets for algorithm {alg}")
    for name, value in {"key": KEY, "alg": 4, "direction": 0, "window": 64,
                        "mark": 1, "compact": 1, "key-id": 1,
                        "messages": 1, "impi": "a", "pair": 0x1001,
                        "impu": ["user"], "state": 0,
                        "temporary-seconds": 0}.items():
        refusals.attrs("sa-set", SA, {"type": INBOUND, "spi": 0x1000,
                                      name: value}, name,
                       f"inbound {name}")
    refusals.attrs("sa-set", SA, {"type": INBOUND, "spi": 0x1000, "seq": 6},
                   "seq", "seq back")
    refusals.attrs("sa-set", SA, {"type": INBOUND, "spi": 0x1000,
                                  "port": 5060}, "port",
                   "port without address")
    out = {"type": OUTBOUND, "spi": 0x1001, "addr4": "192.0.2.1",
           "port": 5060}
    for name, value in {"key": KEY, "alg": 4, "direction": 0, "window": 64,
                        "budget": 7, "seq": 5, "compact": 2}.items():
        refusals.attrs("sa-set", SA, {**out, name: value}, name,
                       f"outbound {name}")
    for name, values in {
            "port": [0], "direction": [2, 255], "preset": [3, 255],
            "max-size": [0, 255, 65001, 2**32 - 1],
            "mark-mask": [1, 0xF, 0x1E, 0x5F, 0xF0000000, 0x80000001,
                          0x1F1F],
            "stun": [2, 255], "monitor": [2], "annotate": [2], "notify": [2],
            "emergencies": [0, 63, 1048577], "identity": [2],
            "actions": [{"malformed": 3}, {"malformed": 255}, {"verified": 0},
                        {"verified": 1}, {"unprotected": 1},
                        {"transport": 2}, {"keepalive": 2},
                        {"ratelimited": 2}, {"emergency": 2}, {"annotate": 0}],
            "counters": [{"verified": 1}],
    }.items():
        for value in values:
            for command in ("listener-add", "listener-replace"):
                refusals.attrs(command, LISTENER, base_listener(
                    **{name: value}), name, f"{name} {value!r}")
            if name != "port":
                refusals.attrs("listener-set", LISTENER, {
                    "addr4": "192.0.2.1", "port": 5060, name: value}, name,
                    f"{name} {value!r}")
    refusals.attrs("listener-set", LISTENER, {
        "addr4": "192.0.2.1", "port": 5060, "direction": 1}, "direction",
        "direction")
    refusals.attrs("listener-add", LISTENER, {
        **base_listener(), "addr6": "2001:db8::1"}, "addr6", "two addresses")
    refusals.done()


@case("nothing is half applied: a good change before a bad one")
def half():
    refusals = Refusals()
    named = {"type": INBOUND, "spi": 0x1000}
    for last in ({"seq": 1}, {"port": 9}):
        refusals.attrs("sa-set", SA, {
            **named, "hard-seconds": 99, "soft-messages": 8, "budget": 7,
            **last}, next(iter(last)), f"then {last}")
    where = {"addr4": "192.0.2.1", "port": 5060}
    for last in ({"actions": {"malformed": 1, "expired": 7}},
                 {"actions": {"malformed": 1, "verified": 0}},
                 {"rate": 100, "mark-mask": 3}):
        body = encode(LISTENER, {**where, "preset": 2, "max-size": 300,
                                 "stun": 1, **last})
        refusals.payload(CMD["listener-set"], nest(A_LISTENER, body),
                         f"listener-set then {last}")
    refusals.done()


@case("an SA alone whose change is refused is still alone")
def still_alone():
    CLIENT.clear()
    CLIENT.call("sa-add", sa=base_in(seq=9))
    before = CLIENT.get_in(0x2000)
    for name, value in (("drain", 60), ("temporary-seconds", 9), ("impu", ["sip:a@b"])):
        try:
            CLIENT.set_in(0x2000, seq=1, **{name: value})
        except NlError as error:
            equal(error.name, "ERANGE", f"{error}")
        else:
            raise tap.Failed(f"taken: a seq that goes back, with {name}")
        after = CLIENT.get_in(0x2000)
        equal({**after, "age": 0}, {**before, "age": 0}, f"SA after {name}")
    # what an SA of a pair that is nobody's would refuse
    CLIENT.call("sa-add", sa=CLIENT.outbound(sip.SA.new(direction=sip.DOWNLINK), "192.0.2.1",
                                             5060, seq=1, pair=0x2000, impi="a@b"))
    equal(CLIENT.get_in(0x2000)["impi"], "a@b", "impi")
    CLIENT.clear()


@case("values at the edges are taken")
def edges():
    CLIENT.clear()
    for more in ({"spi": 256}, {"spi": 2**32 - 1}, {"window": 0},
                 {"window": 32}, {"window": 33}, {"window": 4096},
                 {"seq": 2**64 - 1}, {"budget": 2**32 - 2}, {"budget": 0},
                 {"direction": 1}, {"addr4": "192.0.2.1", "port": 65535},
                 {"addr6": "2001:db8::1", "port": 1},
                 {"addr6": "2001:db8::1"},
                 {"soft-seconds": 1, "hard-seconds": 2**31},
                 {"soft-messages": 2**63, "hard-messages": 2**64 - 1}):
        values = base_in(**more)
        CLIENT.call("sa-add", sa=values)
        got = CLIENT.get_in(values["spi"])
        for name, value in values.items():
            if name != "key":
                equal(got.get(name, 0), value, name)
        CLIENT.del_in(values["spi"])
    values = base_out(mark=5, compact=1)
    CLIENT.call("sa-add", sa=values)
    got = CLIENT.get_out(values["spi"], "192.0.2.9", 5060)
    for name, value in values.items():
        if name != "key":
            equal(got.get(name), value, name)
    CLIENT.flush()
    for more in ({"max-size": 256}, {"max-size": 65000}, {"mark-mask": 0x1F},
                 {"mark-mask": 2**32 - 1}, {"mark-mask": 0xF8000000},
                 {"mark-mask": 0}, {"stun": 1}, {"rate": 1}, {"preset": 1},
                 {"port": 1}, {"port": 65535}, {"direction": 1},
                 {"monitor": 1}, {"notify": 1}, {"emergencies": 64},
                 {"annotate": 1, "word": "12345678901234-6"},
                 {"emergencies": 65536}, {"actions": {"emergency": 0}},
                 {"actions": {"malformed": 2, "replay": 1, "transport": 1,
                              "keepalive": 0, "ratelimited": 1}}):
        listener = CLIENT.listen(**{"addr": "192.0.2.1", "port": 5070,
                                    "direction": 0, **more})
        got = listener.get()
        for name, value in more.items():
            if name == "actions":
                equal({k: got[name][k] for k in value}, value, name)
            else:
                equal(got[name], value, name)
        listener.remove()


@case("no such thing, and already there")
def presence():
    refusals = Refusals()
    for command, fields in (
            ("sa-set", {"type": INBOUND, "spi": 0x999, "seq": 5}),
            ("sa-del", {"type": INBOUND, "spi": 0x999}),
            ("sa-get", {"type": INBOUND, "spi": 0x999}),
            ("sa-del", {"type": INBOUND, "spi": 0x1001}),
            ("sa-del", {"type": OUTBOUND, "spi": 0x1001,
                        "addr4": "192.0.2.1", "port": 5061}),
            ("sa-get", {"type": OUTBOUND, "spi": 0x1001,
                        "addr4": "192.0.2.2", "port": 5060})):
        refusals.payload(CMD[command], encode(sipsec.MSG, {"sa": fields}),
                         f"{command} {fields}", errors=["ENOENT"])
    for command in ("listener-set", "listener-del", "listener-get"):
        for fields in ({"addr4": "192.0.2.1", "port": 5061},
                       {"addr4": "192.0.2.2", "port": 5060},
                       {"addr6": "2001:db8::1", "port": 5060}):
            refusals.payload(
                CMD[command], encode(sipsec.MSG, {"listener": fields}),
                f"{command} {fields}", errors=["ENOENT"])
    fresh = os.urandom(32)
    refusals.payload(CMD["sa-add"], encode(sipsec.MSG, {"sa": base_in(
        spi=0x1000, key=fresh)}), "sa-add again", errors=["EEXIST"])
    refusals.payload(CMD["sa-add"], encode(sipsec.MSG, {"sa": base_out(
        spi=0x1001, addr4="192.0.2.1", key=fresh)}), "sa-add out again",
        errors=["EEXIST"])
    refusals.payload(CMD["listener-add"], encode(sipsec.MSG, {
        "listener": base_listener(port=5060)}), "listener-add again",
        errors=["EEXIST"])
    # the same SPI the other way round, and of another peer, is another SA
    CLIENT.call("sa-add", sa=base_in(spi=0x1001, key=os.urandom(32)))
    CLIENT.call("sa-add", sa=base_out(spi=0x1001, key=os.urandom(32)))
    CLIENT.call("sa-add", sa=base_out(spi=0x1001, key=os.urandom(32),
                                      port=5061))
    equal(len(CLIENT.list()), 5, "SAs")
    refusals.done()


@case("replace makes, and replaces")
def replace():
    CLIENT.clear()
    first = base_in(window=64, budget=9, **{"hard-seconds": 100})
    CLIENT.call("sa-replace", sa=first)
    key_id = CLIENT.get_in(0x2000)["key-id"]
    CLIENT.call("sa-replace", sa=base_in(alg=5, key=KEY[:16], seq=3))
    got = CLIENT.get_in(0x2000)
    equal((got["alg"], got["window"], got["seq"]), (5, 128, 3),
          "algorithm, window, seq")
    check(got["key-id"] != key_id, "the same key-id")
    check(not got.get("hard-seconds"), "the old lifetime")
    equal(len(CLIENT.list()), 1, "SAs")
    CLIENT.call("sa-replace", sa=base_out(mark=3))
    CLIENT.call("sa-replace", sa=base_out(mark=4, seq=1 << 61))
    equal([one["mark"] for one in CLIENT.list(type=OUTBOUND)], [4], "marks")
    CLIENT.clear()


@case("a listener is replaced whole, but for its word")
def replace_listener():
    CLIENT.clear()
    where = {"addr4": "192.0.2.1", "port": 5060}

    def listener():
        (one,) = CLIENT.listeners()
        return {name: one[name] for name in (
            "direction", "emergencies", "preset", "identity", "annotate",
            "word") if name in one}

    CLIENT.call("listener-replace", listener={
        **where, "direction": 0, "annotate": 1, "preset": 2})
    first = listener()
    equal((first["direction"], first["preset"], first["annotate"]), (0, 2, 1),
          "the first")
    CLIENT.call("listener-replace", listener={
        **where, "direction": 1, "annotate": 1, "emergencies": 64})
    equal(listener(), {"direction": 1, "emergencies": 64, "preset": 0,
                       "identity": 0, "annotate": 1, "word": first["word"]},
          "the second")
    CLIENT.call("listener-replace", listener={
        **where, "direction": 0, "annotate": 1, "word": "Trusted-1"})
    equal(listener()["word"], "Trusted-1", "the word that is given")
    equal(CLIENT.stats()["listeners"], 1, "listeners")
    CLIENT.clear()
    equal(CLIENT.stats()["listeners"], 0, "listeners")


@case("set changes what is given and nothing else")
def change():
    CLIENT.clear()
    CLIENT.call("sa-add", sa=base_in(addr4="192.0.2.1", port=9))
    got = CLIENT.get_in(0x2000)
    for more in ({"hard-seconds": 500}, {"soft-seconds": 400},
                 {"hard-messages": 5}, {"soft-messages": 4}, {"budget": 77},
                 {"seq": 1000}, {"addr4": "192.0.2.2", "port": 10},
                 {"hard-seconds": 0}):
        CLIENT.set_in(0x2000, **more)
        now = CLIENT.get_in(0x2000)
        for one in (got, now):
            one.pop("age")
        got.update(more)
        strip = ("hard-seconds",)
        equal({k: v for k, v in now.items() if v or k not in strip},
              {k: v for k, v in got.items() if v or k not in strip},
              f"after {more}")
        got = CLIENT.get_in(0x2000)
    CLIENT.set_in(0x2000, addr6="2001:db8::5")
    got = CLIENT.get_in(0x2000)
    equal(got.get("addr6"), "2001:db8::5", "address")
    check("addr4" not in got, "two addresses")
    CLIENT.clear()


def fill():
    """A mixed lot: {(type, spi, addr, port): attributes}"""
    CLIENT.clear()
    for number in range(60):
        alg = (2, 3, 4, 5)[number % 4]
        key = os.urandom(sip.ALGS[alg][2])
        common = {"spi": 0x3000 + number, "direction": number // 2 % 2,
                  "alg": alg, "key": key}
        if number % 3:
            CLIENT.call("sa-add", sa={"type": INBOUND, **common})
        else:
            where = {"addr6": "2001:db8::1"} if number % 2 else \
                {"addr4": f"192.0.2.{number % 5}"}
            CLIENT.call("sa-add", sa={"type": OUTBOUND, **common, **where,
                                      "port": 5060 + number % 7, "seq": 1})
    return CLIENT.list()


FILTERS = [{}, {"type": 0}, {"type": 1}, {"direction": 1}, {"alg": 3},
           {"type": 1, "alg": 4}, {"spi": 0x3005}, {"spi": 0x9999},
           {"addr4": "192.0.2.0"}, {"addr6": "2001:db8::1"}, {"port": 5060},
           {"type": 0, "direction": 0, "alg": 5},
           {"addr6": "2001:db8::1", "port": 5064, "type": 1}]


@case("dump filters")
def filters():
    everything = fill()
    equal(len(everything), 60, "SAs")
    for some in FILTERS:
        want = [one["spi"] for one in everything
                if all(one.get(k) == v for k, v in some.items())]
        got = [one["spi"] for one in CLIENT.list(**some)]
        equal(sorted(got), sorted(want), f"SAs of {some}")
    CLIENT.clear()


@case("flush filters, and how many")
def flush():
    for some in FILTERS:
        everything = fill()
        want = [one["spi"] for one in everything
                if all(one.get(k) == v for k, v in some.items())]
        equal(CLIENT.flush(**some), len(want), f"count of {some}")
        left = sorted(one["spi"] for one in CLIENT.list())
        equal(left, sorted(one["spi"] for one in everything
                           if one["spi"] not in want), f"left of {some}")
    CLIENT.clear()
    equal(CLIENT.flush(), 0, "count of nothing")


@case("bad filters are refused")
def bad_filters():
    set_up()
    for payload in (nest(A_SA, attr(1, b"")), nest(A_SA, attr(2, b"\1\0")),
                    nest(A_SA, attr(60, b"\1\0\0\0")), nest(A_SA, b"\xff" * 9),
                    attr(A_SA, b"\1"), attr(77, b"")):
        for command in ("sa-get", "sa-flush"):
            try:
                if command == "sa-get":
                    CLIENT.genl.dump(CMD[command], payload)
                else:
                    CLIENT.genl.call(CMD[command], payload)
                raise tap.Failed(f"{command} took {payload}")
            except NlError as error:
                check(error.msg or error.offset is not None,
                      f"no text: {error}")
        CLIENT.genl.close()
        CLIENT.genl = NS.make(genl.Genl, "sipsec")
    equal(len(CLIENT.list()), 2, "SAs")
    CLIENT.clear()


@case("what an operation does not take is refused, and never passed over")
def not_taken():
    set_up()
    spi = CLIENT.list(type=0)[0]["spi"]
    for command, payload, text in (
            ("sa-flush", nest(A_PARTNER, attr(2, b"\0\1\0\0")), "partner: only"),
            ("sa-flush", nest(A_LISTENER, b""), "listener: not of"),
            ("sa-get", nest(A_PARTNER, b""), "partner: only"),
            ("listener-get", nest(A_SA, b""), "sa: not of"),
            ("listener-get", nest(A_LISTENER, b""), "listener: not of"),
            ("stats-get", nest(A_SA, b""), "sa: not of"),
            ("info-get", nest(A_LISTENER, b""), "listener: not of"),
            ("sa-del", nest(A_SA, encode(SA, {"type": 0, "spi": spi, "addr4": "192.0.2.9"})),
             "sa: only type and spi"),
            ("sa-set", nest(A_SA, encode(SA, {"type": 0, "spi": spi,
                                              "impu": ["sip:a@b", ""]})), "impu"),
            ("sa-set", nest(A_SA, encode(SA, {"type": 0, "spi": spi, "impu": ["", ""]})),
             "impu")):
        try:
            if command in ("sa-get", "listener-get"):
                CLIENT.genl.dump(CMD[command], payload)
            else:
                CLIENT.genl.call(CMD[command], payload)
            raise tap.Failed(f"{command} took {payload}")
        except NlError as error:
            equal(error.name, "EINVAL", command)
            check((error.msg or "").startswith(text), f"{command}: {error}")
    equal(len(CLIENT.list()), 2, "SAs")
    CLIENT.clear()


@case("unknown commands, and events sent as commands")
def commands():
    for number in {*range(30), 255} - set(OPERATIONS.values()):
        try:
            CLIENT.genl.call(number)
            raise tap.Failed(f"command {number} taken")
        except NlError as error:
            equal(error.name, "EOPNOTSUPP", f"command {number}")


@case("key-id: equal for equal keys, and nothing is kept")
def key_id():
    CLIENT.clear()

    def ask(alg, key):
        return CLIENT.call("key-id", sa={"alg": alg,
                                         "key": key})[0]["sa"]["key-id"]

    first = ask(4, KEY)
    equal(ask(4, KEY), first, "id of the same key")
    other = os.urandom(32)
    check(ask(4, other) != first, "id of another key")
    check(ask(5, KEY[:16]) != ask(3, KEY[:20]), "id of another algorithm")
    changed = bytes([KEY[0] ^ 1]) + KEY[1:]
    check(ask(4, changed) != first, "id of a key with one other bit")
    CLIENT.call("sa-add", sa={k: v for k, v in base_in(key=other).items()
                              if k != "seq"})
    equal(CLIENT.get_in(0x2000)["key-id"], ask(4, other), "id of the SA")
    CLIENT.clear()


@case("keys come back in no answer, dump, error or event")
def secrecy():
    CLIENT.clear()
    events = NS.make(sipsec.Events)
    log = CLIENT.genl.log = bytearray()
    # refusals with the whole request in them
    CLIENT.genl.sock.setsockopt(genl.SOL_NETLINK, genl.NETLINK_CAP_ACK, 0)
    keys = []
    for alg in (2, 3, 4, 5):
        for kind in (INBOUND, OUTBOUND):
            sa = sip.SA.new(alg)
            keys.append(sa.key)
            if kind == INBOUND:
                CLIENT.add_in(sa)
                CLIENT.set_in(sa.spi, budget=9)
                CLIENT.call("sa-replace", sa=CLIENT.inbound(sa, seq=4))
                CLIENT.get_in(sa.spi)
            else:
                CLIENT.add_out(sa, "192.0.2.1", 5060)
                CLIENT.get_out(sa.spi, "192.0.2.1", 5060)
            CLIENT.call("key-id", sa={"alg": alg, "key": sa.key})
            try:
                CLIENT.add_in(sa)
                CLIENT.add_in(sa)
            except NlError:
                pass
    # of the same attribute twice, the first is not looked at
    keys.append(os.urandom(32))
    first = nest(A_SA, encode(SA, base_in(key=keys[-1])))
    try:
        CLIENT.genl.call(CMD["sa-add"], first + nest(A_SA, b""))
        raise tap.Failed("an empty SA was taken")
    except NlError:
        pass
    CLIENT.list()
    CLIENT.listeners()
    CLIENT.stats()
    CLIENT.info()
    CLIENT.flush()
    events.next()
    try:
        while True:
            events.next(0)
    except tap.Failed:
        pass
    log += events.genl.log
    check(len(log) > 5000, f"only {len(log)} octets to search")
    for key in keys:
        for at in range(0, len(key) - 3):
            check(key[at:at + 4] not in log,
                  f"4 octets of a key at {at} came back")
    CLIENT.genl.log = None
    CLIENT.genl.sock.setsockopt(genl.SOL_NETLINK, genl.NETLINK_CAP_ACK, 1)


def as_child(function):
    """function() in a child process; its JSON-able result."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            result = function()
        except BaseException as error:  # pylint: disable=broad-except
            result = f"{type(error).__name__}: {error}"
        os.write(write, json.dumps(result).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as file:
        data = file.read()
    os.waitpid(child, 0)
    return json.loads(data)


def try_all():
    """The outcome of every operation, {name: errno name or "ok"}."""
    client = sipsec.Client()
    result = {}
    for name, number in OPERATIONS.items():
        for command, table, values in GOOD:
            if command == name:
                part = "sa" if table is SA else "listener"
                payload = encode(sipsec.MSG, {part: values})
                break
        else:
            payload = b""
        for kind in ("do", "dump"):
            if kind == "dump" and name not in ("sa-get", "listener-get"):
                continue
            try:
                if kind == "do":
                    client.genl.call(number, payload)
                else:
                    client.genl.dump(number)
                outcome = "ok"
            except NlError as error:
                outcome = error.name
            result[f"{kind} {name}"] = outcome
    try:
        client.genl.join("events")
        result["events"] = "ok"
    except OSError as error:
        result["events"] = errno.errorcode[error.errno]
    return result


@case("EPERM without CAP_NET_ADMIN")
def unprivileged():
    before = set_up()

    def child():
        NS.enter()
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
        return try_all()

    outcomes = as_child(child)
    equal(set(outcomes.values()), {"EPERM"}, f"outcomes {outcomes}")
    equal(snapshot(), before, "state")
    CLIENT.clear()


def in_user_namespace():
    """root of a user namespace of its own, with a network namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x10000000 | netns.CLONE_NEWNET):
        return f"unshare: {os.strerror(ctypes.get_errno())}"
    return try_all()


@case("EPERM for the root of a user namespace, unless userns=1")
def user_namespace():
    outcomes = as_child(in_user_namespace)
    if isinstance(outcomes, str):
        raise tap.Skip(outcomes)
    outcomes.pop("events")
    equal(set(outcomes.values()), {"EPERM"}, f"outcomes {outcomes}")
    with sipsec.Param([CLIENT], userns="1"):
        outcomes = as_child(in_user_namespace)
        check("EPERM" not in outcomes.values(), f"outcomes {outcomes}")
        equal(outcomes["do sa-add"], "ok", "sa-add")
        # and still only there: without the capability nothing goes

        def child():
            NS.enter()
            os.setresuid(65534, 65534, 65534)
            return try_all()

        outcomes = as_child(child)
        equal(set(outcomes.values()), {"EPERM"}, f"outcomes {outcomes}")


@case("several requests in one datagram")
def batch():
    CLIENT.clear()
    calls = [(CMD["sa-add"], nest(A_SA, encode(SA, base_in(
        spi=0x4000 + n // 2, key=os.urandom(32))))) for n in range(100)]
    errors = CLIENT.genl.batch(calls)
    equal(sorted(errors), list(range(1, 100, 2)), "which were refused")
    equal({one.name for one in errors.values()}, {"EEXIST"}, "errors")
    equal(len(CLIENT.list()), 50, "SAs")
    CLIENT.clear()


@case("random damage does no harm")
def damage():
    seed = random.randrange(1 << 32)
    tap.diag(f"seed {seed}")
    source = random.Random(seed)
    set_up()
    taken = 0
    for _ in range(3000):
        command, table, values = source.choice(GOOD)
        octets = bytearray(nest(A_SA if table is SA else A_LISTENER,
                                encode(table, values)))
        for _ in range(source.randrange(1, 4)):
            how = source.randrange(4)
            at = source.randrange(len(octets))
            if how == 0:
                octets[at] ^= 1 << source.randrange(8)
            elif how == 1:
                octets[at] = source.choice([0, 1, 4, 127, 128, 255])
            elif how == 2:
                del octets[at:at + source.randrange(1, 9)]
                octets = octets or bytearray(4)
            else:
                octets[at:at] = source.randbytes(source.randrange(1, 9))
        if source.random() < 0.5 and len(octets) >= 4:
            struct.pack_into("=H", octets, 0, len(octets))
        try:
            CLIENT.genl.call(CMD[command], bytes(octets))
            taken += 1
        except NlError as error:
            check(error.errno != errno.ENOMEM, f"{error}")
    tap.diag(f"{taken} of 3000 were taken")
    CLIENT.clear()
    equal(snapshot(), ([], []), "state")
    CLIENT.new_in()
    CLIENT.new_out("192.0.2.1", 5060)
    equal(CLIENT.flush(), 2, "flushed")


if __name__ == "__main__":
    tap.run()
