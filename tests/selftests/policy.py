#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Clauses 8, 10 and 12 at a listener: monitor mode, answer, notify.

The topology is that of lib/lab.py.
"""

from lib import lab, sip, sipsec, tap
from lib.sipsec import ACCEPT, ANSWER, DROP, STRICT
from lib.tap import both, check, equal

sipsec.need_module()
LAB = lab.Lab()
CLIENT = LAB.client


def refusable(flow):
    """(class, payload) of what a listener refuses by itself."""
    seen = flow.new_in()
    flow.one(seen.sign(sip.request(), 1), "verified")
    down = CLIENT.new_in(direction=1 - flow.direction)
    return {
        "compressed": b"\xf8compressed",
        "malformed": b"malformed",
        "unprotected": sip.request("INVITE"),
        "unknown-spi": sip.SA.new().sign(sip.request(), 1),
        "mismatch": down.sign(sip.request(), 2),
        "replay": seen.sign(sip.request(), 1),
        "bad-mac": sip.SA(seen.spi, bytes(32)).sign(sip.request(), 2),
    }


@both("monitor mode accepts everything, and counts what it would have dropped")
def monitor(version):
    with LAB.flow(version, rate=1000, preset=STRICT,
                  **{"mark-mask": 0x1F}) as flow:
        samples = refusable(flow)
        for name, payload in samples.items():
            flow.one(payload, name)
        flow.listener.set(monitor=1)
        equal(flow.listener.get()["monitor"], 1, "monitor")
        for name, payload in samples.items():
            flow.send(payload)
            flow.exactly(payload, would_drop=1,
                         **{name.replace("-", "_"): 1})
        # what an action accepts would not have been dropped
        flow.listener.set(actions={"replay": ACCEPT})
        flow.send(samples["replay"])
        flow.exactly(samples["replay"], replay=1)
        # the mark tells the class all the same
        lab.mark_socket(flow.server)
        flow.send(samples["bad-mac"])
        equal(lab.receive_mark(flow.server),
              (samples["bad-mac"], sipsec.CLASS["bad-mac"]), "mark")
        flow.listener.expect(bad_mac=1, would_drop=1)
        before = CLIENT.stats()["counters"]["would-drop"]
        check(before >= len(samples) + 1, f"{before} in the namespace")
        flow.listener.set(monitor=0)
        for name, payload in samples.items():
            if name != "replay":
                flow.one(payload, name)
        equal(CLIENT.stats()["counters"]["would-drop"], before, "would-drop")
        CLIENT.flush()


@both("monitor mode lets pass what is rate-limited")
def monitor_rate(version):
    with LAB.flow(version, rate=1, monitor=1) as flow:
        flow.send(*[sip.request("REGISTER")] * 40)
        lab.receive(flow.server, 40)
        counters = sipsec.wait_for(
            lambda: sum(flow.listener.counters().get(n, 0) for n in (
                "unprotected", "ratelimited")) == 40
            and flow.listener.counters(), "40 datagrams")
        check(counters["ratelimited"] > 10, f"limited: {counters}")
        equal(counters["would-drop"], counters["ratelimited"], "would-drop")
        flow.listener.want = counters


@both("monitor mode does not drop TCP")
def monitor_tcp(version):
    with LAB.flow(version, monitor=1) as flow:
        family = 10 if version == 6 else 2
        server = LAB.host.socket(family, 1)
        server.bind((flow.local, flow.port))
        server.listen()
        client = LAB.peer.socket(family, 1)
        client.settimeout(tap.DEADLINE)
        client.connect((flow.local, flow.port))
        client.close()
        server.close()
        counters = flow.listener.counters()
        check(counters["transport"] >= 2, f"{counters}")
        flow.listener.want = counters


@both("what the preset refuses can be answered")
def answer_unprotected(version):
    with LAB.flow(version, rate=1000, **{"mark-mask": 0x1F}) as flow:
        equal(flow.listener.get()["actions"]["unprotected"], DROP, "action")
        invite = sip.request("INVITE")
        flow.one(invite, "unprotected")
        flow.listener.set(actions={"unprotected": ANSWER})
        lab.mark_socket(flow.server)
        flow.send(invite)
        equal(lab.receive_mark(flow.server),
              (invite, sipsec.CLASS["unprotected"]), "mark")
        flow.listener.expect(unprotected=1)
        flow.listener.set(rate=1)
        flow.send(*[invite] * 40)
        sipsec.wait_for(lambda: flow.listener.counters().get("ratelimited"),
                        "one to be ratelimited")
        sipsec.wait_for(lambda: sum(
            flow.listener.counters().get(n, 0)
            for n in ("unprotected", "ratelimited")) == 42, "42 datagrams")
        flow.listener.want = flow.listener.counters()
        lab.drop_pending(flow.server)


@both("notify: each datagram is told, no more than so many of a class")
def notify(version):
    events = LAB.host.make(sipsec.Events)
    with LAB.flow(version, preset=STRICT) as flow:
        sa = flow.new_in()
        equal(events.next()[0], "sa-added", "event")
        flow.one(b"silent", "malformed")
        flow.listener.set(notify=1)
        flow.send(sa.sign(sip.request(), 1))
        flow.send(sip.request("INVITE"))
        flow.listener.expect(verified=1, unprotected=1)
        for name, spi, action in (("verified", sa.spi, ACCEPT),
                                  ("unprotected", None, DROP)):
            command, of, event = events.next()
            equal(command, "verdict", "event")
            equal(of.get("spi"), spi, "SPI")
            equal({**event, "listener": flow.listener.key}, {
                "class": sipsec.CLASS[name], "action": action,
                **sipsec.address(flow.remote), "port": flow.sport, "lost": 0,
                "listener": event["listener"]}, "event")
            equal(event["listener"], flow.listener.key, "listener")
        # no class takes another's share
        flow.send(*[b"malformed"] * 100)
        flow.listener.expect(malformed=100)
        flow.send(sa.sign(sip.request(), 2))
        flow.listener.expect(verified=1)
        told = 0
        while True:
            of = events.next()[2]
            if of["class"] == sipsec.CLASS["verified"]:
                break
            told += 1
        check(20 <= told < 100, f"{told} of 100 were told")
        lab.drop_pending(flow.server)
        flow.listener.set(notify=0)
        flow.send(sa.sign(sip.request(), 3))
        flow.listener.expect(verified=1)
        events.none()
        lab.drop_pending(flow.server)
        CLIENT.flush()


if __name__ == "__main__":
    tap.run()
