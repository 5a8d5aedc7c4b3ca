#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The multicast group: what happens to SAs, in order, and attacks, limited in
rate with nothing lost uncounted.

The topology is that of lib/lab.py.
"""

from lib import lab, sip, sipsec, tap
from lib.genl import NlError
from lib.tap import case, check, equal

sipsec.need_module()
LAB = lab.Lab()
CLIENT = LAB.client
PEER = (lab.PEER[4], 5090)


def subscribe():
    """A subscriber in the host's namespace."""
    return LAB.host.make(sipsec.Events)


@case("an inbound SA is added, changed, replaced, deleted")
def inbound():
    events = subscribe()
    sa = CLIENT.new_in(budget=3, **{"hard-seconds": 1000})
    _, got, _ = events.want("sa-added", sa.spi)
    equal((got["type"], got["alg"], got["budget"], got["hard-seconds"]),
          (0, sa.alg, 3, 1000), "the SA in the event")
    CLIENT.set_in(sa.spi, budget=4)
    _, got, _ = events.want("sa-changed", sa.spi)
    equal(got["budget"], 4, "budget")
    CLIENT.call("sa-replace", sa=CLIENT.inbound(
        sip.SA(sa.spi, sip.SA.new().key)))
    # either order is right, both events have to come
    pair = [events.next(), events.next()]
    equal(sorted((name, one["spi"], event.get("reason"))
                 for name, one, event in pair),
          [("sa-added", sa.spi, None),
           ("sa-deleted", sa.spi, sipsec.REASONS.index("replaced"))],
          "events of a replacement")
    CLIENT.del_in(sa.spi)
    events.want("sa-deleted", sa.spi, "command")
    events.none()


@case("an outbound SA is added, changed, replaced, deleted")
def outbound():
    events = subscribe()
    sa = CLIENT.new_out(*PEER, mark=3)
    _, got, _ = events.want("sa-added", sa.spi)
    equal((got["type"], got["addr4"], got["port"], got["mark"]),
          (1, *PEER, 3), "the SA in the event")
    name = {"type": 1, "spi": sa.spi, "addr4": PEER[0], "port": PEER[1]}
    CLIENT.call("sa-set", sa={**name, "mark": 0})
    events.want("sa-changed", sa.spi)
    CLIENT.call("sa-del", sa=name)
    events.want("sa-deleted", sa.spi, "command")
    events.none()


@case("a flush tells of each")
def flush():
    made = {CLIENT.new_in().spi for _ in range(50)}
    made |= {CLIENT.new_out(*PEER).spi for _ in range(50)}
    events = subscribe()
    CLIENT.flush(type=1)
    CLIENT.flush()
    gone = [events.next() for _ in range(100)]
    equal({one["spi"] for _, one, _ in gone}, made, "SPIs")
    equal({(name, event["reason"]) for name, _, event in gone},
          {("sa-deleted", sipsec.REASONS.index("flush"))}, "events")
    equal([one["type"] for _, one, _ in gone], [1] * 50 + [0] * 50, "types")
    events.none()


@case("what is refused is no event")
def refused():
    sa = CLIENT.new_in()
    events = subscribe()
    for call in (lambda: CLIENT.add_in(sa),
                 lambda: CLIENT.set_in(sa.spi, port=1),
                 lambda: CLIENT.del_in(sa.spi + 1000)):
        try:
            call()
            raise tap.Failed("it was taken")
        except NlError:
            pass
    CLIENT.flush()
    events.want("sa-deleted", sa.spi, "flush")
    events.none()


@case("messages in seq and counters do not change an SA")
def quiet():
    with LAB.flow(4) as flow:
        sa = flow.new_in()
        events = subscribe()
        flow.one(sa.sign(sip.request(), 1), "verified")
        CLIENT.get_in(sa.spi)
        CLIENT.list()
        CLIENT.flush()
        events.want("sa-deleted", sa.spi, "flush")
        events.none()


@case("bad-mac, replay and throttled tell class and source, IPv4", 4)
@case("bad-mac, replay and throttled tell class and source, IPv6", 6)
def datagrams(version):
    with LAB.flow(version) as flow:
        sa = flow.new_in(budget=2)
        events = subscribe()
        forged = sip.SA(sa.spi, bytes(32)).sign(sip.request(), 9)
        good = sa.sign(sip.request(), 1)
        source = {**sipsec.address(lab.PEER[version]), "port": flow.sport}

        def told(name):
            kind, one, event = events.next()
            equal((kind, one), ("datagram", {"type": 0, "spi": sa.spi}),
                  "event")
            equal(sipsec.CLASSES[event.pop("class")], name, "class")
            equal(event.pop("lost", 0), 0, "lost")
            equal(event, source, "source")

        flow.one(good, "verified")
        flow.one(good, "replay")
        told("replay")
        for _ in range(3):
            flow.one(forged, "bad-mac")
            told("bad-mac")
        # the third passed the budget
        told("throttled")
        flow.one(forged, "throttled")
        # other classes are no events
        flow.one(b"malformed", "malformed")
        flow.one(sip.SA.new().sign(sip.request(), 1), "unknown-spi")
        events.none()
        CLIENT.flush()


@case("datagram events are limited in rate; what is lost is counted")
def limited():
    with LAB.flow(4) as flow:
        sa = flow.new_in()
        events = subscribe()
        forged = sip.SA(sa.spi, bytes(32)).sign(sip.request(), 9)
        before = CLIENT.stats()["events-lost"]
        sent = told = lost = 0

        def take():
            nonlocal told, lost
            while True:
                try:
                    kind, _, event = events.next(0)
                except tap.Failed:
                    return
                equal(kind, "datagram", "event")
                told += 1
                lost += event["lost"]

        # until an event tells that others were lost
        deadline = tap.Deadline()
        while not lost:
            flow.send(*[forged] * 50)
            flow.listener.expect(bad_mac=50)
            sent += 50
            take()
            check(not deadline.over(), f"{told} told of {sent}, none lost")
        after = CLIENT.stats()["events-lost"]
        equal(told + after - before, sent, "events told and lost")
        check(lost <= after - before, f"{lost} lost, stats: {after - before}")
        # they do not crowd out what happens to SAs
        flow.send(*[forged] * 100)
        CLIENT.flush()
        while True:
            kind, one, _ = events.next()
            if kind != "datagram":
                break
        equal((kind, one["spi"]), ("sa-deleted", sa.spi), "event")
        flow.listener.want = {}
        sipsec.wait_for(lambda: sum(flow.listener.counters().values())
                        >= sent + 100, "all to be counted")
        flow.listener.want = flow.listener.counters()


@case("nobody listens: nothing is sent or counted as lost")
def nobody():
    with LAB.flow(4) as flow:
        sa = flow.new_in()
        before = CLIENT.stats()["events-lost"]
        forged = sip.SA(sa.spi, bytes(32)).sign(sip.request(), 9)
        flow.send(*[forged] * 60)
        flow.listener.expect(bad_mac=60)
        equal(CLIENT.stats()["events-lost"], before, "lost")
        CLIENT.flush()


@case("two subscribers get the same; another namespace nothing")
def several():
    first, second = subscribe(), subscribe()
    other = LAB.peer.make(sipsec.Events)
    sa = CLIENT.new_in()
    CLIENT.flush()
    for events in (first, second):
        events.want("sa-added", sa.spi)
        events.want("sa-deleted", sa.spi, "flush")
        events.none()
    other.none()


if __name__ == "__main__":
    tap.run()
