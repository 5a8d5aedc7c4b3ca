#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Lifetimes (clause 6): soft and hard, in seconds and in messages, the events
in their order, expired for 64*T1 and then unknown, and longer lives by sa-set.

The topology is that of lib/lab.py.  All SAs live at the same time, so that
the program lasts little longer than 64*T1.
"""

from lib import lab, sip, sipsec, tap
from lib.sipsec import INBOUND, OUTBOUND
from lib.tap import case, check, equal

sipsec.need_module()
LAB = lab.Lab()
CLIENT = LAB.client
EVENTS = LAB.host.make(sipsec.Events)
FLOW = LAB.flow(4, preset=sipsec.STRICT)
LINGER = 32


class State:
    """The SAs, made by the first case."""

    sas = {}
    #: events so far: {spi: [(name, reason, age)]}
    seen = {}


def pump(condition):
    """Take in events until condition() holds."""
    while not condition():
        name, sa, event = EVENTS.next(LINGER + tap.DEADLINE)
        reason = event.get("reason")
        State.seen.setdefault(sa["spi"], []).append(
            (name, None if reason is None else sipsec.REASONS[reason],
             sa.get("age")))


def story(name, kinds=("sa-expired", "sa-deleted")):
    """What events an SA had, without age."""
    return [(event, reason) for event, reason, _ in
            State.seen.get(State.sas[name].spi, []) if event in kinds]


SOFT, HARD, GONE = (("sa-expired", "soft"), ("sa-expired", "hard"),
                    ("sa-deleted", "expired"))


def verify(name, seq, want):
    """One message on an inbound SA."""
    FLOW.one(State.sas[name].sign(sip.request(), seq), want)


@case("lifetimes are given and read")
def make():
    peer = (lab.PEER[4], 5090)
    lives = {
        "in seconds": {"soft-seconds": 1, "hard-seconds": 2},
        "in hard only": {"hard-seconds": 1},
        "in messages": {"soft-messages": 2, "hard-messages": 4},
        "in extended": {"soft-seconds": 10, "hard-seconds": 11},
        "in revived": {"hard-seconds": 1},
        "in for ever": {},
        "in deleted": {"hard-seconds": 1},
        "out seconds": {"soft-seconds": 1, "hard-seconds": 2},
        "out messages": {"soft-messages": 1, "hard-messages": 2},
        "out extended": {"hard-messages": 1},
    }
    for port, (name, life) in enumerate(lives.items(), 5100):
        if name.startswith("in"):
            sa = CLIENT.new_in(**life)
            got = CLIENT.get_in(sa.spi)
        else:
            peer = (lab.PEER[4], port)
            sa = CLIENT.new_out(*peer, **life)
            sa.peer = peer
            got = CLIENT.get_out(sa.spi, *peer)
        State.sas[name] = sa
        equal({k: got[k] for k in life}, life, f"lifetimes of {name}")
        # long before the others have gone by theirs it would have gone by its own
        if name == "in extended":
            CLIENT.set_in(sa.spi, **{"hard-seconds": 100000, "soft-seconds": 99999})


@case("in messages: soft, then hard; more by sa-set")
def messages():
    verify("in messages", 1, "verified")
    equal(story("in messages"), [], "events after one message")
    verify("in messages", 2, "verified")
    pump(lambda: SOFT in story("in messages"))
    verify("in messages", 3, "verified")
    verify("in messages", 4, "verified")
    pump(lambda: HARD in story("in messages"))
    verify("in messages", 5, "expired")
    # what is refused is not counted as a message
    equal(CLIENT.get_in(State.sas["in messages"].spi)["messages"], 4,
          "messages")


def send_out(name, count=1):
    """Messages to the peer of an outbound SA: how many arrive, signed."""
    sa = State.sas[name]
    sink = LAB.peer.udp(*sa.peer)
    sock = LAB.host.udp(lab.HOST[4], 0)
    arrived = 0
    before = CLIENT.stats()
    for _ in range(count):
        try:
            sock.sendto(sip.request(), sa.peer)
        except PermissionError:
            pass
    after = sipsec.wait_for(
        lambda: (lambda s: s["signed"] + s["unsigned"] - before["signed"]
                 - before["unsigned"] >= count and s)(CLIENT.stats()),
        "the messages to be counted")
    arrived = after["signed"] - before["signed"]
    for one in lab.receive(sink, arrived):
        sa.verify(one)
    equal(lab.drop_pending(sink), 0, "unsigned ones that arrived")
    sink.close()
    sock.close()
    return arrived


@case("outbound, in messages")
def outbound_messages():
    equal(send_out("out messages"), 1, "signed")
    pump(lambda: SOFT in story("out messages"))
    equal(send_out("out messages", 3), 1, "signed")
    pump(lambda: HARD in story("out messages"))
    equal(send_out("out extended", 2), 1, "signed")
    pump(lambda: HARD in story("out extended"))
    sa = State.sas["out extended"]
    CLIENT.call("sa-set", sa={"type": OUTBOUND, "spi": sa.spi,
                              **sipsec.address(sa.peer[0]),
                              "port": sa.peer[1], "hard-messages": 1000})
    equal(send_out("out extended", 2), 2, "signed")


@case("in seconds: soft, then hard")
def seconds():
    pump(lambda: HARD in story("in seconds"))
    equal(story("in seconds"), [SOFT, HARD], "events")
    verify("in seconds", 1, "expired")
    check(CLIENT.get_in(State.sas["in seconds"].spi).get("expired"),
          "the SA does not say that it has expired")
    # what does not lengthen its life changes nothing of its end
    CLIENT.set_in(State.sas["in seconds"].spi, budget=99)
    pump(lambda: HARD in story("out seconds"))
    equal(story("out seconds"), [SOFT, HARD], "events")
    equal(send_out("out seconds"), 0, "signed")
    pump(lambda: HARD in story("in hard only"))
    equal(story("in hard only"), [HARD], "events")
    # no event comes before its time
    for name, ages in (("in seconds", [1, 2]), ("out seconds", [1, 2])):
        got = [age for _, _, age in State.seen[State.sas[name].spi]
               if age is not None][-2:]
        check(got[0] >= ages[0] and got[1] >= ages[1], f"ages {got}")


@case("extended in time, or after it")
def extended():
    pump(lambda: HARD in story("in revived"))
    verify("in revived", 1, "expired")
    CLIENT.set_in(State.sas["in revived"].spi, **{"hard-seconds": 0})
    verify("in revived", 1, "verified")
    check(not CLIENT.get_in(State.sas["in revived"].spi).get("expired"),
          "still expired")
    verify("in extended", 1, "verified")
    equal(story("in extended"), [], "events")


@case("an expired SA can be deleted, and added again")
def deleted():
    pump(lambda: HARD in story("in deleted"))
    sa = State.sas["in deleted"]
    CLIENT.del_in(sa.spi)
    pump(lambda: ("sa-deleted", "command") in story("in deleted"))
    verify("in deleted", 1, "unknown-spi")
    CLIENT.add_in(sa, seq=0)
    verify("in deleted", 1, "verified")


@case("64*T1 later they are gone, and the SPI is unknown")
def gone():
    names = ["in seconds", "in hard only", "in messages", "out seconds",
             "out messages"]
    pump(lambda: all(GONE in story(name) for name in names))
    for name in names:
        sa = State.sas[name]
        equal(story(name)[-2:], [HARD, GONE], f"last events of {name}")
        age = State.seen[sa.spi][-1][2]
        if "messages" not in name and age is not None:
            check(age >= LINGER + 1, f"{name} gone at age {age}")
        if name.startswith("in"):
            verify(name, 9, "unknown-spi")
    equal(story("in seconds"), [SOFT, HARD, GONE], "events")
    left = {one["spi"] for one in CLIENT.list()}
    equal(left, {State.sas[name].spi for name in State.sas
                 if name not in names}, "SAs that are left")


@case("the others live on")
def others():
    for name in ("in for ever", "in extended", "in revived", "in deleted"):
        verify(name, 77, "verified")
    equal(send_out("out extended"), 1, "signed")
    equal(story("in for ever"), [], "events")
    equal(story("in extended"), [], "events")
    kinds = {one["type"] for one in CLIENT.list()}
    equal(kinds, {INBOUND, OUTBOUND}, "types")
    CLIENT.clear()


if __name__ == "__main__":
    tap.run()
