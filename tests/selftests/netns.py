#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Namespaces that are apart and that end, SAs that change under traffic, and
the module that goes and comes back under it.

The topology is that of lib/lab.py, twice where two namespaces are compared.
"""

import os
import sys
import threading

from lib import lab, sip, sipsec, tap
from lib.genl import Genl, NlError
from lib.sipsec import CMD, OPEN, STRICT
from lib.tap import case, check, equal
from lib.traffic import Traffic, sender

sipsec.need_module()
TO = 5090
# senders never block: let the others have the interpreter more often
sys.setswitchinterval(0.0002)


@case("two namespaces are apart")
def apart():
    labs = [lab.Lab(), lab.Lab()]
    spi = sip.new_spi()
    sas = [sip.SA(spi, os.urandom(32)) for _ in labs]
    events = [one.host.make(sipsec.Events) for one in labs]
    flows = [one.flow(4, preset=STRICT) for one in labs]
    for one, sa in zip(labs, sas):
        one.client.add_in(sa)
    for here, far in ((0, 1), (1, 0)):
        flows[here].one(sas[here].sign(sip.request(), 5), "verified")
        flows[here].one(sas[far].sign(sip.request(), 6), "bad-mac")
    # an outbound SA signs in one only
    labs[0].client.add_out(sip.SA.new(), lab.PEER[4], TO, seq=1)
    for number, one in enumerate(labs):
        sink = one.peer.udp(lab.PEER[4], TO)
        sock = one.host.udp(lab.HOST[4], 5091)
        sock.sendto(sip.request(), (lab.PEER[4], TO))
        got = lab.receive(sink, 1)[0]
        equal(b"Integrity" in got, number == 0, "signed")
    equal([one.client.stats()["signed"] for one in labs], [1, 0], "signed")
    # the first is emptied, the second does not notice
    labs[0].client.flush()
    labs[0].client.clear()
    equal((len(labs[1].client.list()), len(labs[1].client.listeners())),
          (1, 1), "SAs and listeners")
    flows[1].one(sas[1].sign(sip.request(), 7), "verified")
    names = []
    for one in events:
        mine = []
        try:
            while True:
                mine.append(one.next(0)[0])
        except tap.Failed:
            pass
        names.append([name for name in mine if name != "datagram"])
    equal(names, [["sa-added", "sa-added", "sa-deleted", "sa-deleted"],
                  ["sa-added"]], "events")
    # peer has nothing at all
    client = labs[0].peer.make(sipsec.Client)
    equal((client.list(), client.listeners()), ([], []), "state of the peer")


def furnish(where):
    """Listeners, SAs with and without lifetimes, on both sides."""
    client = where.client
    for version in (4, 6):
        client.listen(lab.HOST[version], lab.PORT, preset=OPEN)
    for number in range(40):
        life = {"hard-seconds": 1 + number % 3} if number % 2 else {}
        client.new_in(sip.GMAC if number % 3 else sip.SHA256, **life)
        client.new_out(lab.PEER[4 + number % 2 * 2], TO + number % 2, **life)


def end(where):
    """Let go of the host's namespace, and wait until it is gone."""
    where.client.close()
    where.host.close()

    def gone():
        return "eth0" not in where.peer.run("ip", "-o", "link")

    sipsec.wait_for(gone, "the end of the namespace")


@case("namespaces end with all their SAs, 5 times")
def ends():
    for _ in range(5):
        where = lab.Lab()
        furnish(where)
        end(where)


@case("namespaces end under traffic, 6 times")
def ends_under_traffic():
    for number in range(6):
        where = lab.Lab()
        furnish(where)
        version = 4 if number % 2 else 6
        sa = where.client.new_in(window=0)
        listener = sipsec.Listener(where.client, lab.HOST[version], lab.PORT)
        good = sa.sign(sip.request(), 5)
        socks = [where.peer.udp(lab.PEER[version]) for _ in range(3)]
        payloads = [good, sip.request(), b"malformed", sip.request(
            pad_to=3000), sip.SA(sa.spi, bytes(32)).sign(sip.request(), 7)]
        with Traffic() as traffic:
            for sock in socks:
                traffic.start(sender(sock, payloads,
                                     (lab.HOST[version], lab.PORT)))
            sipsec.wait_for(lambda one=listener: one.counters().get(
                "verified", 0) > 20, "traffic")
            end(where)
        for sock in socks:
            sock.close()


@case("replacing an SA under traffic: no datagram sees none")
def replace_under_traffic():
    where = lab.Lab()
    client = where.client
    listener = client.listen(lab.HOST[4], lab.PORT, preset=STRICT)
    sas = [client.new_in(alg, window=0) for alg in
           (sip.SHA256, sip.GMAC, sip.AES_CMAC, sip.SHA1)]
    socks = [where.peer.udp(lab.PEER[4]) for _ in range(2)]
    payloads = [sa.sign(sip.request(), 5) for sa in sas]
    rounds = {"in": 0, "out": 0}
    # outbound: a new key each time, the peer's name stays
    out_spi = sip.new_spi()
    client.add_out(sip.SA(out_spi, os.urandom(32)), lab.PEER[4], TO, seq=1)
    sink = where.peer.udp(lab.PEER[4], TO)
    leaving = where.host.udp(lab.HOST[4], 5091)
    arrived = []

    def replace_in(own):
        for sa in sas:
            own.call("sa-replace", sa=own.inbound(sa, window=0, seq=0))
        rounds["in"] += 1

    def replace_out(own):
        own.call("sa-replace", sa=own.outbound(
            sip.SA(out_spi, os.urandom(32)), lab.PEER[4], TO, seq=1))
        rounds["out"] += 1

    def send_out():
        leaving.sendto(sip.request(), (lab.PEER[4], TO))
        arrived.extend(lab.receive(sink, 1))

    with Traffic() as traffic:
        for sock in socks:
            traffic.start(sender(sock, payloads, (lab.HOST[4], lab.PORT)))
        traffic.start(send_out)
        for step in (replace_in, replace_in, replace_out):
            traffic.start(step, where.host.make(sipsec.Client))
        sipsec.wait_for(lambda: rounds["in"] > 200 and rounds["out"] > 200
                        and len(arrived) > 200
                        and listener.counters().get("verified", 0) > 1000,
                        lambda: f"{rounds} {listener.counters()}")
    tap.diag(f"{rounds}, {listener.counters()}, {len(arrived)} signed")
    equal(set(listener.counters()), {"verified"}, "classes")
    check(all(b"\r\nIntegrity: %x;" % out_spi in one for one in arrived),
          "a message left unsigned")
    equal(client.stats()["unsigned"], 0, "unsigned")
    equal(client.stats()["mac-failed"], 0, "mac-failed")
    equal(len(client.list()), len(sas) + 1, "SAs")


@case("replacing an outbound SA 2000 times: nothing that others send meets none")
def replace_while_sending():
    where = lab.Lab()
    spi = sip.new_spi()

    def new():
        return where.client.outbound(sip.SA(spi, os.urandom(32)), lab.PEER[4], TO, seq=1)

    where.client.call("sa-add", sa=new())
    sink = where.peer.udp(lab.PEER[4], TO)
    with Traffic() as traffic:
        for _ in range(2):
            # as fast as the test itself: they have to meet
            traffic.fork(sender(where.host.udp(lab.HOST[4]), [sip.request()],
                                (lab.PEER[4], TO)), nice=0)
        lab.receive(sink, 1)
        for _ in range(2000):
            where.client.call("sa-replace", sa=new())
    tap.diag(f"{traffic.done} sent")
    stats = where.client.stats()
    equal((stats["unsigned"], stats["signed"]), (0, traffic.done), "unsigned, signed")


@case("adding and deleting SAs and listeners under traffic")
def churn():
    where = lab.Lab()
    client = where.client
    listener = client.listen(lab.HOST[4], lab.PORT, preset=STRICT)
    sas = [sip.SA.new(alg) for alg in (sip.SHA256, sip.GMAC, sip.AES_CMAC,
                                       sip.SHA1) for _ in range(4)]
    payloads = [sa.sign(sip.request(), 5) for sa in sas]
    socks = [where.peer.udp(lab.PEER[4]) for _ in range(2)]
    leaving = where.host.udp(lab.HOST[4], 5091)
    done = [0, 0, 0]

    def quietly(function, *args, **more):
        try:
            function(*args, **more)
        except NlError as error:
            check(error.name in ("ENOENT", "EEXIST"), f"{error}")

    def change(own, mine):
        for sa in mine:
            quietly(own.add_in, sa, window=0, seq=0)
            quietly(own.new_out, lab.PEER[4], TO)
        own.list(type=0)
        for sa in mine:
            quietly(own.del_in, sa.spi)
        own.flush(type=1)
        done[0] += 1

    def listeners(own):
        for port in (lab.PORT + 1, lab.PORT + 2):
            quietly(own.listen, lab.HOST[4], port)
        own.listeners()
        for port in (lab.PORT + 1, lab.PORT + 2):
            quietly(own.call, "listener-del",
                    listener={"addr4": lab.HOST[4], "port": port})
        done[1] += 1

    def flush(own):
        own.flush()
        done[2] += 1

    with Traffic() as traffic:
        for number, sock in enumerate(socks):
            traffic.start(sender(sock, payloads,
                                 (lab.HOST[4], lab.PORT + number)))
        traffic.start(sender(socks[0], payloads, (lab.HOST[4], lab.PORT)))
        traffic.start(sender(leaving, [sip.request()], (lab.PEER[4], TO)))
        for part in (0, 1):
            traffic.start(change, where.host.make(sipsec.Client),
                          sas[part::2])
        traffic.start(listeners, where.host.make(sipsec.Client))
        traffic.start(flush, where.host.make(sipsec.Client))
        sipsec.wait_for(
            lambda: min(done) > 30
            and listener.counters().get("verified", 0) > 100
            and listener.counters().get("unknown-spi", 0) > 100,
            lambda: f"{done} {listener.counters()}")
    tap.diag(f"{done}, {listener.counters()}")
    equal(set(listener.counters()), {"verified", "unknown-spi"}, "classes")
    equal(client.stats()["mac-failed"], 0, "mac-failed")
    client.clear()


@case("reordered retransmissions from several CPUs verify once each")
def once():
    where = lab.Lab()
    with where.flow(4, preset=STRICT) as flow:
        sa = flow.new_in(window=4096)
        messages = [sa.sign(sip.request(), seq) for seq in range(1, 1001)]
        socks = [where.peer.udp(lab.PEER[4]) for _ in range(3)]

        def send_all(sock):
            for one in messages:
                sock.sendto(one, (flow.local, flow.port))

        threads = [threading.Thread(target=send_all, args=(sock,))
                   for sock in socks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sipsec.wait_for(
            lambda: sum(flow.listener.counters().values()) >= 3000,
            lambda: str(flow.listener.counters()))
        equal(flow.listener.counters(), {"verified": 1000, "replay": 2000},
              "counters")
        flow.listener.want = flow.listener.counters()
        lab.drop_pending(flow.server)
        where.client.flush()


def remove():
    """rmmod; a dump that is under way holds the module for a moment."""
    def gone():
        try:
            sipsec.unload()
        except tap.Failed:
            return not sipsec.loaded()
        return True

    sipsec.wait_for(gone, "rmmod")


@case("the module goes and comes back under traffic, 20 times")
def removal():
    params = sipsec.parameters()
    where = lab.Lab()
    sa = sip.SA.new()
    out = {version: sip.SA.new(sip.GMAC) for version in (4, 6)}
    good = [sa.sign(sip.request(), 5),
            sa.sign(sip.request(pad_to=4000), 6), sip.request(), b"\r\n"]
    socks = [where.peer.udp(lab.PEER[version]) for version in (4, 6)]
    leaving = [where.host.udp(lab.HOST[version], 5091) for version in (4, 6)]
    sinks = [where.peer.udp(lab.PEER[version], TO) for version in (4, 6)]
    where.client.close()

    def use_netlink():
        try:
            with where.host.inside():
                one = Genl("sipsec")
        except NlError:
            return
        try:
            one.dump(CMD["sa-get"])
            one.call(CMD["stats-get"])
        except NlError:
            pass
        one.close()

    with Traffic() as traffic:
        for version, sock, source in zip((4, 6), socks, leaving):
            traffic.fork(sender(sock, good, (lab.HOST[version], lab.PORT)))
            traffic.fork(sender(source, [sip.request()],
                                (lab.PEER[version], TO)))
        remove()
        for number in range(20):
            check(sipsec.load(**params), "it does not load")
            client = where.host.make(sipsec.Client)
            listeners = [client.listen(lab.HOST[version], lab.PORT,
                                       preset=OPEN) for version in (4, 6)]
            client.add_in(sa, window=0, **{"hard-seconds": 1 + number % 2})
            for version in (4, 6):
                client.add_out(out[version], lab.PEER[version], TO, seq=1)
            if number == 0:
                traffic.fork(use_netlink)
            for listener in listeners:
                sipsec.wait_for(
                    lambda one=listener: {"verified", "expired"} &
                    set(one.counters()), "traffic")
            sipsec.wait_for(lambda c=client: c.stats()["signed"] > 3,
                            "signed traffic")
            client.close()
            remove()
    for sock in sinks:
        lab.drop_pending(sock)
    # nothing of it is left: what was sent now arrives as it is
    where.wire.drain()
    leaving[0].sendto(good[0], (lab.PEER[4], TO))
    equal(where.wire.datagram(TO).payload, good[0], "without the module")
    check(sipsec.load(**params), "it does not load")
    where.client = where.host.make(sipsec.Client)
    equal((where.client.list(), where.client.listeners()), ([], []), "state")
    with where.flow(6, preset=STRICT) as flow:
        where.client.add_in(sa)
        flow.one(good[0], "verified")


@case("many datagrams at once are all counted")
def counted():
    where = lab.Lab()
    with where.flow(4, preset=STRICT) as flow:
        sa = flow.new_in(window=4096)
        for base in range(0, 5000, 500):
            flow.send(*(sa.sign(b"A b SIP/2.0\r\n\r\n", seq)
                        for seq in range(base + 1, base + 501)))
            flow.listener.expect(verified=500)
        lab.drop_pending(flow.server)
        equal(where.client.get_in(sa.spi)["messages"], 5000, "messages")
        where.client.flush()


if __name__ == "__main__":
    tap.run()
