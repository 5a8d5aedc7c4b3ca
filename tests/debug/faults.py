#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Every memory allocation fails once: in each netlink operation, when a network
namespace is made, and when the module is loaded.

A request that fails leaves the state as it was, one that succeeds does all of
it.  What is leaked kmemleak tells (tests/debug/run); what is touched after it was
freed, KASAN.  In the debug kernel: needs /proc/thread-self/fail-nth.
"""

import ctypes
import errno
import os
import select
import struct
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../selftests"))
# pylint: disable=wrong-import-position
import fault                                           # noqa: E402
from lib import genl, lab, netns, sip, sipsec, tap     # noqa: E402
from lib.sipsec import CMD, INBOUND, MSG, OUTBOUND, encode  # noqa: E402
from lib.tap import case, check, equal                 # noqa: E402
from lib.traffic import Traffic, sender                # noqa: E402

MOST = 4000         # no operation has more allocations
NAME_IN = {"type": INBOUND, "spi": 0x2000}
NAME_OUT = {"type": OUTBOUND, "spi": 0x2000, "addr4": "192.0.2.9", "port": 5060}
LISTENER = {"addr4": "192.0.2.1", "port": 5070}


def prepare():
    """Allocations that may wait fail too, and in silence."""
    for name, values in (("failslab", {"ignore-gfp-wait": "N"}),
                         ("fail_page_alloc", {"ignore-gfp-wait": "N",
                                              "ignore-gfp-highmem": "N",
                                              "min-order": "0"})):
        if not fault.offered(name):
            tap.skip_all(f"no {name}")
        fault.configure(name, {**values, "verbose": 0})


class Nth:
    """with Nth(5) as nth: the fifth allocation of this thread fails; then
    nth.hit says whether there was one."""

    def __init__(self, number):
        self.number = number
        self.fd = os.open(f"/proc/self/task/{threading.get_native_id()}"
                          "/fail-nth", os.O_RDWR)
        self.hit, self.left = False, number

    def __enter__(self):
        os.pwrite(self.fd, b"%d" % self.number, 0)
        return self

    def __exit__(self, *_):
        self.left = int(os.pread(self.fd, 16, 0).split()[0])
        self.hit = not self.left
        os.pwrite(self.fd, b"0", 0)
        os.close(self.fd)


prepare()
sipsec.need_module()
NS = netns.Netns("faults")
CLIENT = NS.make(sipsec.Client)


def snapshot(client=None):
    """All the state there is, without what time changes."""
    client = client or CLIENT
    sas = client.list()
    for one in sas:
        one.pop("age")
    return (sorted(sas, key=str), sorted(client.listeners(), key=str))


def drain(sock):
    """What waits in a socket is thrown away; the errors it holds too."""
    while select.select([sock], [], [], 0)[0]:
        try:
            sock.recv(1 << 18)
        except OSError:
            pass


def call(client, number, payload, nth, dump=False):
    """One request, answered before send() returns: an errno, 0 for success, or
    None where the answer itself was lost."""
    flags = genl.NLM_F_REQUEST | (genl.NLM_F_DUMP if dump else genl.NLM_F_ACK)
    message = client.genl.pack(number, payload, flags)
    sock = client.genl.sock
    result = None
    with nth:
        try:
            sock.send(message)
        except OSError as error:
            # what could not be sent has done nothing
            result = error.errno
    while select.select([sock], [], [], 0)[0]:
        try:
            data = sock.recv(1 << 18)
        except OSError:
            continue    # ENOBUFS: an answer was lost
        while len(data) >= 16:
            length, kind = struct.unpack_from("=IH", data)
            if kind in (genl.NLMSG_ERROR, genl.NLMSG_DONE) and result is None:
                result = -struct.unpack_from("=i", data, 16)[0]
            data = data[(length + 3) & ~3:]
    return result


def every(title, command, parts, before, dump=False):
    """The n-th allocation fails, for every n that there is."""
    payload = encode(MSG, parts)
    before()
    was = snapshot()
    # how it is when nothing fails
    equal(call(CLIENT, CMD[command], payload, Nth(0), dump), 0, title)
    done = snapshot()
    failed = 0
    for number in range(1, MOST):
        before()
        now = snapshot()
        # keys are new each time
        equal(names(now), names(was), f"{title}: state before")
        nth = Nth(number)
        result = call(CLIENT, CMD[command], payload, nth, dump)
        after = snapshot()
        text = f"{title}, allocation {number}"
        if result is None:
            check(names(after) in (names(now), names(done)), f"{text}: state")
        elif result:
            failed += 1
            check(result in (errno.ENOMEM, errno.ENOBUFS),
                  f"{text}: {os.strerror(result)}")
            equal(after, now, f"{text}: state after it failed")
        else:
            equal(names(after), names(done), f"{text}: state after success")
        if not nth.hit:
            break
    else:
        check(False, f"{title}: more than {MOST} allocations")
    check(failed or number == 1, f"{title}: none of {number - 1} failed")
    tap.diag(f"{title}: {number - 1} allocations, {failed} refused")


def names(state):
    """What a state is without keys' ids."""
    sas, listeners = state
    return ([{k: v for k, v in one.items() if k != "key-id"} for one in sas],
            listeners)


def key_of(alg):
    """A fresh key."""
    return os.urandom(sip.ALGS[alg][2])


ALGS = [nr for nr, row in CLIENT.info()[1].items()
        if "driver" in row and nr != sip.MD5 and nr in sip.ALGS]


def nothing():
    """No SA and no listener."""
    CLIENT.clear()


def some():
    """An SA of each type, a listener."""
    CLIENT.clear()
    CLIENT.call("sa-add", sa={**NAME_IN, "direction": 0, "alg": 4,
                              "key": key_of(4), "seq": 7})
    CLIENT.call("sa-add", sa={**NAME_OUT, "direction": 0, "alg": 4,
                              "key": key_of(4), "seq": 7, "mark": 5})
    CLIENT.call("listener-add", listener={**LISTENER, "direction": 0})


@case("sa-add, inbound")
def add_in():
    for alg in ALGS:
        every(f"sa-add in, {sip.ALGS[alg][0]}", "sa-add",
              {"sa": {**NAME_IN, "direction": 0, "alg": alg,
                      "key": key_of(alg), "seq": 3, "window": 4096,
                      "hard-seconds": 1000}}, nothing)


@case("sa-add, outbound")
def add_out():
    for alg in ALGS:
        every(f"sa-add out, {sip.ALGS[alg][0]}", "sa-add",
              {"sa": {**NAME_OUT, "direction": 0, "alg": alg, "key": key_of(alg),
                      "seq": 1 << 20, "mark": 9}}, nothing)


@case("sa-replace, inbound and outbound")
def replace():
    for name in (NAME_IN, NAME_OUT):
        for alg in ALGS:
            every(f"sa-replace, {sip.ALGS[alg][0]}", "sa-replace",
                  {"sa": {**name, "direction": 0, "alg": alg,
                          "key": key_of(alg), "seq": 1 << 20}}, some)


@case("sa-set")
def set_sa():
    every("sa-set in", "sa-set",
          {"sa": {**NAME_IN, "seq": 90, "hard-seconds": 1000, "budget": 7}}, some)
    for mark in (0, 5, 6):
        every(f"sa-set out, mark {mark}", "sa-set",
              {"sa": {**NAME_OUT, "seq": 90, "mark": mark}}, some)


IDS = {"impi": "alice@ims.example",
       "impu": ["sip:alice@ims.example", "tel:+15551234"]}


def pair_of(state, spi=0x3000, **more):
    """The parts of a request that makes a pair."""
    return {"sa": {"type": INBOUND, "spi": spi, "direction": 0, "alg": 4,
                   "key": key_of(4), "seq": 3, "state": state, **IDS, **more},
            "partner": {"type": OUTBOUND, "spi": spi, "addr4": "192.0.2.9",
                        "port": 5060, "direction": 1, "alg": 4,
                        "key": key_of(4), "seq": 1 << 20, "mark": 9}}


def with_pairs():
    """An old pair, an established and a temporary one."""
    CLIENT.clear()
    for spi, state in ((0x4000, 1), (0x4001, 1), (0x4002, 0)):
        CLIENT.call("sa-add", **pair_of(state, spi))


@case("pairs, states, identities")
def pairs():
    for state in (0, 1):
        every(f"sa-add, a pair, state {state}", "sa-add", pair_of(state), nothing)
        every(f"sa-add, a pair beside others, state {state}", "sa-add",
              pair_of(state), with_pairs)
        every(f"sa-replace, a pair, state {state}", "sa-replace",
              pair_of(state, 0x4001), with_pairs)
    every("sa-add, the partner of one that is there", "sa-add",
          {"sa": {**NAME_OUT, "direction": 1, "alg": 4, "key": key_of(4),
                  "seq": 1 << 20, "pair": 0x2000}}, lone)
    for more in ({"state": 1}, {"state": 2}, {"impu": ["sip:b@c"]},
                 {"drain": 7}, {"impu": [""]}):
        for spi in (0x4001, 0x4002):
            # what is no way to go
            if (spi, more) in ((0x4001, {"state": 1}), (0x4002, {"state": 2})):
                continue
            every(f"sa-set {more} of {spi:x}", "sa-set",
                  {"sa": {"type": INBOUND, "spi": spi, **more}}, with_pairs)
    every("sa-set, identities of one without a pair", "sa-set",
          {"sa": {**NAME_IN, "impu": ["sip:b@c"]}}, lone)
    every("sa-flush by impi", "sa-flush", {"sa": {"impi": IDS["impi"]}}, with_pairs)


@case("what was refused has used no key")
def key_unused():
    def without_seq():
        parts = pair_of(0)
        for one in parts.values():
            del one["seq"]
        return parts

    CLIENT.clear()
    for number in range(1, MOST):
        payload = encode(MSG, without_seq())
        nth = Nth(number)
        if call(CLIENT, CMD["sa-add"], payload, nth):
            # a used one would need seq
            equal(call(CLIENT, CMD["sa-add"], payload, Nth(0)), 0,
                  f"once more after allocation {number}")
        CLIENT.clear()
        if not nth.hit:
            break


@case("pairs that are refused, while datagrams find their inbound SA")
def found():
    where = lab.Lab()
    client = where.client
    listener = client.listen(lab.HOST[4], lab.PORT)
    sa = sip.SA.new()
    refused = 0
    with Traffic() as traffic:
        traffic.fork(sender(where.peer.udp(lab.PEER[4]),
                            [sa.sign(sip.request(), 1)],
                            (lab.HOST[4], lab.PORT)))
        sipsec.wait_for(listener.counters, "a datagram")
        for _ in range(20):
            for number in range(1, MOST):
                # whoever finds it reaches its lifetime at once
                parts = {
                    "sa": client.inbound(sa, window=0, seq=0, impi="a@b",
                                         **{"soft-messages": 1}),
                    "partner": client.outbound(
                        sip.SA(sa.spi, os.urandom(32), direction=sip.DOWNLINK),
                        lab.PEER[4], 5060, seq=1, mark=9)}
                nth = Nth(number)
                refused += bool(call(client, CMD["sa-add"], encode(MSG, parts),
                                     nth))
                client.flush()
                if not nth.hit:
                    break
    tap.diag(f"{refused} refused, {listener.counters()}")
    check(refused, "none was refused")
    client.clear()


def lone():
    """An inbound SA by itself."""
    CLIENT.clear()
    CLIENT.call("sa-add", sa={**NAME_IN, "direction": 0, "alg": 4,
                              "key": key_of(4), "seq": 7})


@case("sa-del, sa-flush, sa-get")
def delete():
    every("sa-del in", "sa-del", {"sa": NAME_IN}, some)
    every("sa-del out", "sa-del", {"sa": NAME_OUT}, some)
    every("sa-flush", "sa-flush", {}, some)
    every("sa-get", "sa-get", {"sa": NAME_IN}, some)
    every("dump of SAs", "sa-get", {}, some, dump=True)


@case("listeners")
def listeners():
    every("listener-add", "listener-add",
          {"listener": {**LISTENER, "direction": 0}}, nothing)
    every("listener-replace, none there", "listener-replace",
          {"listener": {**LISTENER, "direction": 1}}, nothing)
    every("listener-replace", "listener-replace",
          {"listener": {**LISTENER, "direction": 1, "annotate": 1,
                        "word": "Trusted-1"}}, some)
    every("listener-set", "listener-set",
          {"listener": {**LISTENER, "preset": 2, "rate": 9}}, some)
    every("listener-del", "listener-del", {"listener": LISTENER}, some)
    every("listener-get", "listener-get", {"listener": LISTENER}, some)
    every("dump of listeners", "listener-get", {}, some, dump=True)


@case("stats-get, info-get, key-id")
def others():
    every("stats-get", "stats-get", {}, some)
    every("info-get", "info-get", {}, some)
    every("key-id", "key-id", {"sa": {"alg": 4, "key": key_of(4)}}, some)


@case("operations while someone listens to events")
def with_events():
    events = NS.make(sipsec.Events)
    try:
        for function in (add_in, add_out, replace, set_sa, pairs, delete):
            function()
            drain(events.genl.sock)
    finally:
        events.genl.close()


@case("the first SA and the first listener of a namespace")
def first():
    for parts in ({"sa": {**NAME_OUT, "direction": 0, "alg": 4,
                          "key": key_of(4), "seq": 3, "mark": 2}},
                  {"listener": {**LISTENER, "direction": 0}}):
        command = "sa-add" if "sa" in parts else "listener-add"
        for number in range(1, MOST):
            there = netns.Netns("first")
            client = there.make(sipsec.Client)
            nth = Nth(number)
            result = call(client, CMD[command], encode(MSG, parts), nth)
            sas, lists = snapshot(client)
            check(result is None or bool(result) != bool(sas or lists),
                  f"{command} {number}: {result}, {sas}, {lists}")
            client.close()
            os.close(there.fd)
            there.fd = -1
            if not nth.hit:
                break
        tap.diag(f"{command}: {number - 1} allocations")


LIBC = ctypes.CDLL(None, use_errno=True)


@case("a network namespace")
def namespace():
    refused = 0
    for number in range(1, MOST):
        before = netns._current()       # pylint: disable=protected-access
        nth = Nth(number)
        with nth:
            failed = LIBC.unshare(netns.CLONE_NEWNET)
        refused += bool(failed)
        netns._setns(before)            # pylint: disable=protected-access
        os.close(before)
        if not nth.hit:
            check(not failed, "unshare")
            break
    tap.diag(f"a namespace: {number - 1} allocations, {refused} refused")


@case("the module")
def module():
    path = os.environ.get("SIPSEC_KO")
    if not path:
        raise tap.Skip("no SIPSEC_KO")
    CLIENT.close()
    sipsec.unload()
    fd = os.open(sipsec._prepare(path), os.O_RDONLY)    # pylint: disable=protected-access
    # The kernel's own part before the parameters warns where it lacks memory.
    nth = Nth(MOST)
    with nth:
        LIBC.syscall(313, fd, b"userns=maybe", 0)       # finit_module
    check(not sipsec.loaded(), "a wrong parameter")
    refused = 0
    first_number = MOST - nth.left + 1
    for number in range(first_number, MOST):
        nth = Nth(number)
        with nth:
            failed = LIBC.syscall(313, fd, b"", 0)
        refused += bool(failed)
        equal(bool(failed), not sipsec.loaded(), f"allocation {number}")
        if not nth.hit:
            check(not failed, "finit_module")
            break
        if not failed:
            sipsec.unload()
    os.close(fd)
    tap.diag(f"the module: {number - first_number} allocations, {refused} refused")


if __name__ == "__main__":
    tap.run()
