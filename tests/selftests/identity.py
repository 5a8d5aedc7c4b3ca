#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Clause 11: who holds a valid SA cannot speak for somebody else with it.

The topology is that of lib/lab.py.  Alice and Eve are users behind the same
address and port of peer; each has SAs of her own.
"""

import itertools
import os

from lib import lab, sip, sipsec, tap
from lib.genl import NlError
from lib.sipsec import ACCEPT, DROP, OPEN, STRICT
from lib.tap import case, check, equal
from lib.traffic import Traffic, sender

sipsec.need_module()
LAB = lab.Lab()
CLIENT = LAB.client

HOME = b"home1.example"
ALICE = {"impi": "alice_private@home1.example",
         "impu": ["sip:alice@home1.example", "tel:+358-555-1234567"]}
EVE = {"impi": "eve_private@home1.example",
       "impu": ["sip:eve@home1.example", "sip:eve@[2001:db8::1]:5061",
                "tel:+358-555-7654321"]}
SERIAL = itertools.count(1)


def message(method="INVITE", sender=b"<sip:eve@home1.example>;tag=1",
            to=b"<sip:bob@home1.example>", headers=()):
    """A request of Eve's, if nothing else is said."""
    serial = next(SERIAL)
    return b"\r\n".join([
        method.encode() + b" sip:home1.example SIP/2.0",
        b"Via: SIP/2.0/UDP ue.example:5060;branch=z9hG4bKi%x;rport" % serial,
        b"Max-Forwards: 70", b"From: " + sender, b"To: " + to,
        b"Call-ID: %x@ue.example" % serial, b"CSeq: 1 " + method.encode(),
        *headers, b"Content-Length: 0", b"", b""])


def register(sender=b"<sip:eve@home1.example>;tag=1",
             to=b"<sip:eve@home1.example>", headers=()):
    """A REGISTER of Eve's."""
    return message("REGISTER", sender, to, headers)


def digest(name, more=b""):
    """An Authorization field."""
    return b'Authorization: Digest username="%s", realm="%s"%s' \
        % (name, HOME, more)


ANSWERED = b"<sip:bob@home1.example>;tag=2"
EVE_NAME = EVE["impi"].encode()
PPI = b"P-Preferred-Identity: "

HONEST = {
    "From": message(),
    "From, another of hers": message(sender=b"<tel:+3585557654321>"),
    "From, as IPv6": message(
        sender=b'"E" <sip:%65ve@[2001:DB8:0::0.0.0.1]:5061;lr>;tag=1'),
    "From, user=phone":
        message(sender=b"<sip:+358-555-7654321@home1.example;user=phone>"),
    "From, anonymous": message(
        sender=b'"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1'),
    "preferred": message(headers=[
        PPI + b'"Eve" <sip:eve@HOME1.example>, tel:+3585557654321']),
    "username": message(headers=[digest(EVE_NAME)]),
    "REGISTER": register(headers=[digest(EVE_NAME, b', uri="sip:x"')]),
    "in a dialog": message("BYE", b"<sip:alice@home1.example>", ANSWERED),
    "ACK": message("ACK", b"<sip:alice@home1.example>"),
    "CANCEL": message("CANCEL", b"<sip:alice@home1.example>"),
    "a response": sip.response(headers=[PPI + b"<sip:alice@home1.example>"]),
}

FORGED = {
    "From": message(sender=b"<sip:alice@home1.example>;tag=1"),
    "From, compact": message().replace(
        b"From: <sip:eve", b"f:<sip:alice"),
    "From, her number": message(sender=b"<tel:+3585551234567>"),
    "From, user=phone":
        message(sender=b"<sip:+3585551234567@home1.example;user=phone>"),
    "From, escaped": message(sender=b"<sip:%61lice@home1.example>"),
    "From, another port": message(sender=b"<sip:eve@home1.example:5060>"),
    "From, sips": message(sender=b"<sips:eve@home1.example>"),
    "From, two": message(
        sender=b"<sip:eve@home1.example>,<sip:alice@home1.example>"),
    "From, in the display name": message(
        sender=b'"<sip:alice@home1.example>" <sip:eve@home1.example>'),
    "From, NUL escaped": message(sender=b"<sip:eve%00@home1.example>"),
    "From, no URI": message(sender=b"eve"),
    "From, in MESSAGE": message("MESSAGE", b"<sip:alice@home1.example>"),
    "preferred": message(headers=[PPI + b"<sip:alice@home1.example>"]),
    "preferred, second": message(headers=[
        PPI + b"<sip:eve@home1.example>, <sip:alice@home1.example>"]),
    "preferred, second field": message(headers=[
        PPI + b"<sip:eve@home1.example>", b"X: y",
        b"p-preferred-identity :\r\n <tel:+358-555-1234567>"]),
    "username": message(headers=[digest(b"alice_private@home1.example")]),
    "username, second": message(headers=[
        digest(EVE_NAME, b', username="alice_private@home1.example"')]),
    "username, second field": message(headers=[
        digest(EVE_NAME), digest(b"alice_private@home1.example")]),
    "username, behind a quoted quote": message(headers=[
        b'Authorization: Digest nonce="\\", username=alice, x=\\"", '
        b'username="' + EVE_NAME + b'"']),
    "username*": message(headers=[digest(EVE_NAME, b", username*=''a")]),
    "another scheme": message(headers=[b"Authorization: Basic YTpi"]),
    "REGISTER, From": register(sender=b"<sip:alice@home1.example>"),
    "REGISTER, To": register(to=b"<sip:alice@home1.example>"),
    "REGISTER, To with a tag":
        register(to=b"<sip:alice@home1.example>;tag=2"),
    "REGISTER, username":
        register(headers=[digest(b"alice_private@home1.example")]),
    "a tag within the URI": message(
        sender=b"<sip:alice@home1.example>",
        to=b"<sip:bob@home1.example;tag=2>"),
    "To does not parse": message(
        sender=b"<sip:alice@home1.example>",
        to=b'"<sip:bob@home1.example>;tag=2'),
}


def caught(version):
    """Eve signs well, and with every forgery she is caught."""
    with LAB.flow(version, preset=STRICT) as flow:
        sa = flow.new_in(**EVE)
        seqs = itertools.count(1)
        wrong = []
        for table, want in ((HONEST, "verified"), (FORGED, "identity")):
            for name, one in table.items():
                flow.send(sa.sign(one, next(seqs)))
                got = flow.listener.which()
                if got != want:
                    wrong.append(f"{name}: {got}, not {want}")
        check(not wrong, "; ".join(wrong))
        # only the honest ones were handed on
        equal(lab.drop_pending(flow.server), len(HONEST), "delivered")
        got = sipsec.counted(CLIENT.get_in(sa.spi)["counters"])
        equal(got, {"verified": len(HONEST), "identity": len(FORGED)},
              "counters of the SA")
        CLIENT.flush()


for _version in (4, 6):
    case(f"an attacker with an SA of her own, IPv{_version}", _version)(caught)


@case("the window advances all the same")
def window():
    with LAB.flow(preset=STRICT) as flow:
        sa = flow.new_in(**EVE)
        forged = sa.sign(FORGED["From"], 7)
        flow.one(forged, "identity")
        flow.one(forged, "replay")
        equal(CLIENT.get_in(sa.spi)["seq"], 7, "highest seq")
        # but not without the right MAC
        other = sip.SA(sa.spi, bytes(32)).sign(FORGED["From"], 99)
        flow.one(other, "bad-mac")
        CLIENT.flush()


@case("an event tells of it")
def event():
    with LAB.flow(preset=STRICT) as flow:
        sa = flow.new_in(**EVE)
        events = LAB.host.make(sipsec.Events)
        flow.one(sa.sign(FORGED["preferred"], 1), "identity")
        _, got, what = events.want("datagram", sa.spi)
        equal((what["class"], what["addr4"], what["port"]),
              (sipsec.CLASS["identity"], flow.remote, flow.sport), "event")
        flow.one(sa.sign(HONEST["preferred"], 2), "verified")
        events.none()
        CLIENT.flush()


@case("the listener's switch and action")
def switch():
    forged, honest = FORGED["From"], HONEST["From"]
    with LAB.flow(preset=STRICT, **{"mark-mask": 0x1F}) as flow:
        equal(flow.listener.get()["identity"], 1, "at an uplink listener")
        lab.mark_socket(flow.server)
        sa = flow.new_in(**EVE)
        seqs = itertools.count(1)
        flow.one(sa.sign(forged, next(seqs)), "identity")
        flow.listener.set(identity=0)
        flow.one(sa.sign(forged, next(seqs)), "verified")
        flow.listener.set(identity=1, actions={"identity": ACCEPT})
        flow.send(sa.sign(forged, next(seqs)))
        equal(lab.receive_mark(flow.server)[1], sipsec.CLASS["identity"],
              "mark")
        flow.listener.expect(identity=1)
        flow.listener.set(actions={"identity": DROP})
        flow.one(sa.sign(forged, next(seqs)), "identity")
        flow.one(sa.sign(honest, next(seqs)), "verified")
        # nothing to compare with
        free = flow.new_in()
        flow.one(free.sign(forged, 1), "verified")
        CLIENT.flush()


@case("a UE hears others; its listener has to be told to compare")
def downlink():
    with LAB.flow(preset=STRICT, direction=sip.DOWNLINK) as flow:
        equal(flow.listener.get()["identity"], 0, "at a downlink listener")
        sa = flow.new_in(**ALICE)
        flow.one(sa.sign(message(), 1), "verified")
        flow.listener.set(identity=1)
        flow.one(sa.sign(message(), 2), "identity")
        CLIENT.flush()


@case("each kind of identity by itself, and changed under way")
def kinds():
    by_name, by_uri = FORGED["REGISTER, username"], FORGED["REGISTER, To"]
    with LAB.flow(preset=STRICT) as flow:
        private = flow.new_in(impi=EVE["impi"])
        public = flow.new_in(impu=EVE["impu"])
        flow.one(private.sign(by_name, 1), "identity")
        flow.one(private.sign(by_uri, 2), "verified")
        flow.one(public.sign(by_name, 1), "verified")
        flow.one(public.sign(by_uri, 2), "identity")
        CLIENT.set_in(public.spi, impu=ALICE["impu"])
        flow.one(public.sign(FORGED["From"], 3), "verified")
        flow.one(public.sign(HONEST["From"], 4), "identity")
        CLIENT.set_in(public.spi, impu=[""])
        flow.one(public.sign(HONEST["From"], 5), "verified")
        CLIENT.flush()


@case("the last of 16 identities")
def sixteen():
    names = [f"sip:user{i}@home1.example" for i in range(17)]
    with LAB.flow(preset=STRICT) as flow:
        sa = flow.new_in(impu=names[:16])
        for i in (0, 15, 16):
            flow.one(sa.sign(message(sender=names[i].encode()), i + 1),
                     "verified" if i < 16 else "identity")
        CLIENT.flush()


@case("two users behind one address and port")
def one_place():
    """Inbound the SPI tells them apart, outbound the mark."""
    with LAB.flow(preset=STRICT) as flow:
        place = (flow.remote, flow.sport)
        users = [(ALICE, b"<sip:alice@home1.example>", 5),
                 (EVE, b"<sip:eve@home1.example>", 6)]
        pairs = [CLIENT.new_pair(*place, outbound={"mark": mark}, **ids)
                 for ids, _, mark in users]
        for seq, (mine, other) in enumerate(((0, 1), (1, 0)), 1):
            flow.one(pairs[mine][0].sign(
                message(sender=users[mine][1]), seq), "verified")
            flow.one(pairs[mine][0].sign(
                message(sender=users[other][1]), seq + 10), "identity")
        # the proxy names the SA by the mark of its packets
        for (_, down), (_, _, mark) in zip(pairs, users):
            flow.server.setsockopt(1, 36, mark)         # SO_MARK
            answer = sip.response(200, "MESSAGE")
            flow.server.sendto(answer, place)
            got = lab.receive(flow.sender, 1)[0]
            equal(down.verify(got, answer), 1, "seq")
        # an SA is found by the identities, too
        equal({one["spi"] for one in CLIENT.list(
            impu=["sip:%61lice@HOME1.example"])},
            {sa.spi for sa in pairs[0]}, "Alice's SAs")
        equal(CLIENT.flush(impi=EVE["impi"]), 2, "Eve's SAs, flushed")
        flow.one(pairs[0][0].sign(message(sender=users[0][1]), 30),
                 "verified")
        flow.one(pairs[1][0].sign(message(sender=users[1][1]), 30),
                 "unknown-spi")
        CLIENT.flush()


@case("what is no identity is refused, with the reason")
def refused():
    for more, reason in (
            ({"impu": ["eve@home1.example"]}, "no sip:, sips: or tel: URI"),
            ({"impu": ["sip:eve@home1.example", "mailto:a@b"]},
             "no sip:, sips: or tel: URI"),
            ({"impu": ["sip:eve:pw@home1.example"]}, "password"),
            ({"impu": ["sip:e ve@home1.example"]}, "user part"),
            ({"impu": ["sip:eve%00@home1.example"]}, "user part"),
            ({"impu": ["sip:eve@home1_example"]}, "host"),
            ({"impu": ["sip:eve@home1.example:0"]}, "port"),
            ({"impu": ["sip:eve@home1.example;"]}, "URI parameter"),
            ({"impu": ["sip:eve@home1.example?a=b"]}, "header part"),
            ({"impu": ["tel:+12x"]}, "telephone number"),
            ({"impu": ["tel:12"]}, "without phone-context"),
            ({"impi": "e ve"}, "impi: 1 to 255"),
            ({"impi": 'e"ve'}, "impi: 1 to 255"),
            ({"impi": "e\\ve"}, "impi: 1 to 255")):
        for call in (CLIENT.new_in, lambda **more: CLIENT.flush(**more)):
            try:
                call(**more)
                tap.check(False, f"{more} was taken")
            except NlError as error:
                check(reason in error.msg and error.name == "EINVAL",
                      f"{more}: {error}")
    equal(CLIENT.list(), [], "SAs")


@case("while a pair is replaced 1000 times nobody else can be named on it")
def replaced():
    CLIENT.clear()
    listener = CLIENT.listen(lab.HOST[4], lab.PORT, preset=STRICT)
    sa, spi = sip.SA.new(), sip.new_spi()
    forged = sa.sign(message(sender=b"<sip:alice@home1.example>;tag=1"), 5)
    # whoever listens to events makes it take longer
    events = LAB.host.make(sipsec.Events)

    def pair(command):
        CLIENT.call(command, sa=CLIENT.inbound(sa, window=0, seq=0, **EVE),
                    partner=CLIENT.outbound(
                        sip.SA(spi, os.urandom(32), direction=sip.DOWNLINK),
                        lab.PEER[4], lab.PORT, seq=1))

    pair("sa-add")
    with Traffic() as traffic:
        for _ in range(2):
            traffic.fork(sender(LAB.peer.udp(lab.PEER[4]), [forged],
                                (lab.HOST[4], lab.PORT)), nice=0)
        sipsec.wait_for(listener.counters, "a datagram")
        for _ in range(1000):
            pair("sa-replace")
    events.genl.close()
    tap.diag(f"{listener.counters()}")
    equal(set(listener.counters()), {"identity"}, "classes")
    CLIENT.clear()


@case("unprotected requests are another matter")
def unprotected():
    with LAB.flow(preset=OPEN) as flow:
        flow.new_in(**EVE)
        flow.send(FORGED["From"])
        flow.exactly(FORGED["From"], unprotected=1)
        CLIENT.flush()


if __name__ == "__main__":
    tap.run()
