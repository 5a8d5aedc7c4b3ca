#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Clause 10's memories: emergency sessions, and REGISTERs without protection.

The topology is that of lib/lab.py: as a P-CSCF (uplink) the host hears the
peer, as a UE (downlink) it calls it.
"""

import itertools

from lib import lab, sip, sipsec, tap
from lib.sipsec import DROP, IMS, OPEN, STRICT
from lib.tap import both, case, check, equal

sipsec.need_module()
LAB = lab.Lab()
CLIENT = LAB.client
SOS = b"urn:service:sos"
_serial = itertools.count(1)


class Call:
    """The messages of one session, as a UE and as the network write them."""

    def __init__(self, uri=SOS):
        serial = next(_serial)
        self.uri = uri
        self.call_id = b"c%x@ue.example" % serial
        self.tag, self.other = b"u%x" % serial, b"n%x" % serial

    def _message(self, start, method, cseq, ue_first, tags):
        tag, other = tags or (self.tag, self.other)
        ue = b"<sip:ue@home1.example;x=y>" + (b";tag=" + tag if tag else b"")
        net = b"\"PSAP <x>;tag=no\" <urn:service:sos>" \
            + (b" ; tag=" + other if other else b"")
        return b"\r\n".join([
            start,
            b"Via: SIP/2.0/UDP ue.example;branch=z9hG4bK%x" % next(_serial),
            b"f: " + (ue if ue_first else net),
            b"To: " + (net if ue_first else ue),
            b"Call-ID:  " + self.call_id + b" ",
            b"CSeq: %d " % cseq + method, b"Content-Length: 0", b"", b""])

    def ask(self, method, cseq=1, tags=None, uri=None):
        """A request of the UE."""
        return self._message(method + b" " + (uri or self.uri) + b" SIP/2.0",
                             method, cseq, True, tags)

    def invite(self, **more):
        """What begins it."""
        return self.ask(b"INVITE", tags=(self.tag, b""), **more)

    def answer(self, status, method=b"INVITE", cseq=1, tags=None):
        """A response of the network."""
        return self._message(b"SIP/2.0 %d X" % status, method, cseq, True,
                             tags)

    def net_ask(self, method, cseq=7, tags=None):
        """A request of the network."""
        return self._message(method + b" sip:ue@ue.example SIP/2.0", method,
                             cseq, False, tags)

    def net_answer(self, status, method, cseq=7, tags=None):
        """A response of the UE to a request of the network."""
        return self._message(b"SIP/2.0 %d X" % status, method, cseq, False,
                             tags)


class Side:
    """A flow, and what the host sends back by the listener's socket."""

    def __init__(self, flow):
        self.flow = flow

    def get(self, message, name="emergency", ok=True):
        """The host gets it: it is of this class, and passes or does not."""
        self.flow.send(message)
        self.flow.exactly(*[message] if ok else [],
                          **{name.replace("-", "_"): 1})

    def refuse(self, *messages):
        """The host gets these, and drops them as unprotected."""
        for one in messages:
            self.get(one, "unprotected", False)

    def put(self, *messages):
        """The host sends these, and they leave as they are."""
        for one in messages:
            self.flow.server.sendto(one, (self.flow.remote, self.flow.sport))
            equal(lab.receive(self.flow.sender, 1), [one], "what left")


@both("a P-CSCF: a whole call, and what is not of it")
def pcscf(version):
    with LAB.flow(version, rate=10000) as flow:
        side, call = Side(flow), Call()
        side.refuse(call.ask(b"ACK"), call.ask(b"CANCEL"), call.ask(b"BYE", 2))
        side.get(call.invite())
        side.get(call.invite())
        side.put(call.answer(100, tags=(call.tag, b"")))
        # nobody has answered: its CANCEL, but nothing with tags of its own
        side.get(call.ask(b"CANCEL", tags=(call.tag, b"")))
        side.refuse(call.ask(b"PRACK", 2), call.ask(b"BYE", 2),
                    call.ask(b"ACK", 2), call.ask(b"CANCEL", 2),
                    call.ask(b"INVITE", 2), call.ask(b"MESSAGE", 2,
                                                     (call.tag, b"")))
        side.put(call.answer(183))
        side.get(call.ask(b"PRACK", 2))
        side.put(call.answer(200, b"PRACK", 2), call.answer(200))
        side.get(call.ask(b"ACK"))
        side.get(call.ask(b"INVITE", 3))
        side.put(call.answer(200, cseq=3))
        side.get(call.ask(b"ACK", 3))
        side.put(call.net_ask(b"UPDATE"))
        side.get(call.net_answer(200, b"UPDATE"))
        # another's, by one thing each
        stranger = Call()
        wrong = stranger.other
        side.refuse(call.ask(b"BYE", 4, (call.tag, wrong)),
                    call.ask(b"BYE", 4, (stranger.tag, call.other)),
                    call.ask(b"BYE", 4, (call.other, call.tag)),
                    call.ask(b"BYE", 4, (call.tag.upper(), call.other)),
                    call.net_answer(200, b"UPDATE", 7, (call.tag, wrong)),
                    call.net_ask(b"BYE"),
                    stranger.ask(b"BYE", 4, (call.tag, call.other)),
                    sip.request("MESSAGE"))
        other = LAB.peer.udp(lab.OTHER[version], flow.sport)
        other.sendto(call.ask(b"BYE", 4), (flow.local, flow.port))
        flow.exactly(unprotected=1)
        # the port may change: NAT
        moved = LAB.peer.udp(lab.PEER[version], flow.sport + 9)
        message = call.ask(b"INFO", 4)
        moved.sendto(message, (flow.local, flow.port))
        flow.exactly(message, emergency=1)
        # it ends, and its last messages may be sent again
        side.get(call.ask(b"BYE", 5))
        side.put(call.answer(200, b"BYE", 5))
        side.get(call.ask(b"BYE", 5))
        other.close()
        moved.close()


@both("what begins one, and what does not")
def begins(version):
    with LAB.flow(version, rate=10000) as flow:
        side = Side(flow)
        for uri in (b"urn:service:sos.fire", b"URN:Service:SOS",
                    b"urn:service:sos.police.municipal", SOS):
            side.get(Call(uri).invite())
        for uri in (b"urn:service:sosx", b"urn:service:so", b"urn:service",
                    b"sip:sos@urn:service:sos", b"urn:service:counseling",
                    b"tel:112", b"urn:service:sos;x"):
            side.refuse(Call(uri).invite())
        call = Call()
        side.refuse(call.ask(b"INVITE"), call.ask(b"OPTIONS"),
                    call.invite().replace(b"INVITE urn", b"invite urn"),
                    call.invite().replace(b"CSeq: 1 INVITE", b"CSeq: 1 BYE"),
                    call.invite().replace(b"CSeq", b"X"),
                    call.invite().replace(b"Call-ID", b"X"),
                    call.invite().replace(b";tag=" + call.tag, b""),
                    call.invite().replace(b"f:", b"X:"),
                    call.invite().replace(b"To:", b"X:"),
                    call.answer(200), call.net_ask(b"INVITE"))
        flow.listener.set(preset=STRICT)
        side.refuse(Call().invite())
        flow.listener.set(preset=OPEN)
        side.get(Call().invite())
        flow.listener.set(actions={"emergency": DROP})
        side.get(Call().invite(), ok=False)


@both("refused, challenged and tried again")
def challenged(version):
    with LAB.flow(version, rate=10000) as flow:
        side, call = Side(flow), Call()
        side.get(call.invite())
        side.put(call.answer(407))
        side.get(call.ask(b"ACK"))
        again = call.invite(cseq=2)
        side.get(again)
        side.put(call.answer(180, cseq=2, tags=(call.tag, b"second")))
        side.get(call.ask(b"PRACK", 3, (call.tag, b"second")))
        side.put(call.answer(200, cseq=2, tags=(call.tag, b"third")))
        side.get(call.ask(b"ACK", 2, (call.tag, b"third")))
        side.get(call.ask(b"BYE", 4, (call.tag, b"third")))


@both("a UE: what it is told of its own calls, and nothing else")
def ue(version):
    with LAB.flow(version, direction=sip.DOWNLINK, rate=10000) as flow:
        side, call = Side(flow), Call()
        side.refuse(call.answer(180), call.invite())
        side.put(call.invite())
        side.refuse(call.net_ask(b"BYE"), call.answer(200, b"PRACK", 2),
                    call.answer(180, cseq=2), Call().answer(180))
        side.get(call.answer(100, tags=(call.tag, b"")))
        side.get(call.answer(180))
        side.put(call.ask(b"PRACK", 2))
        side.get(call.answer(200, b"PRACK", 2))
        side.get(call.answer(200))
        side.put(call.ask(b"ACK"))
        side.get(call.net_ask(b"UPDATE"))
        side.put(call.net_answer(200, b"UPDATE"))
        side.refuse(call.net_ask(b"BYE", 8, (call.tag, b"wrong")),
                    call.net_ask(b"BYE", 8, (b"wrong", call.other)))
        side.get(call.net_ask(b"BYE", 8))
        side.put(call.net_answer(200, b"BYE", 8))
        # a call that is no emergency is not let in
        plain = Call(b"sip:bob@home1.example")
        side.put(plain.invite())
        side.refuse(plain.answer(180))


@both("two UEs behind one address")
def nat(version):
    with LAB.flow(version, rate=10000) as flow:
        second = LAB.peer.udp(lab.PEER[version], flow.sport + 1)
        one, two = Call(), Call()
        # they may even choose the same tag, or the same Call-ID
        two.tag = one.tag
        three = Call()
        three.call_id = one.call_id

        def get(sock, message, name="emergency"):
            sock.sendto(message, (flow.local, flow.port))
            flow.exactly(*[message] if name == "emergency" else [],
                         **{name: 1})

        for sock, call in ((flow.sender, one), (second, two), (second, three)):
            get(sock, call.invite())
        flow.server.sendto(one.answer(200), (flow.remote, flow.sport))
        get(flow.sender, one.ask(b"ACK"))
        get(flow.sender, one.ask(b"INFO", 2))
        # what the first was answered is not the others'
        for call in (two, three):
            get(second, call.ask(b"INFO", 2), "unprotected")
        flow.server.sendto(two.answer(200), (flow.remote, flow.sport + 1))
        get(second, two.ask(b"INFO", 2))
        get(second, two.ask(b"BYE", 3))
        get(flow.sender, one.ask(b"INFO", 3))
        get(flow.sender, one.ask(b"BYE", 4))
        second.close()


@both("a session that began without protection goes on without")
def with_sas(version):
    with LAB.flow(version, rate=10000) as flow:
        side, call = Side(flow), Call()
        # the P-CSCF still has an SA of the UE, which has lost it
        sa = CLIENT.new_out(flow.remote, flow.sport, direction=sip.DOWNLINK)
        side.get(call.invite())
        side.put(call.answer(180), call.answer(200))
        side.get(call.ask(b"ACK"))
        side.put(call.net_ask(b"BYE"))
        side.get(call.net_answer(200, b"BYE"))
        # all else is signed
        for message in (Call().answer(200), sip.response(200, "INVITE")):
            flow.server.sendto(message, (flow.remote, flow.sport))
            sa.verify(lab.receive(flow.sender, 1)[0], message)
        CLIENT.flush()
    with LAB.flow(version, direction=sip.DOWNLINK, rate=10000) as flow:
        side, call = Side(flow), Call()
        # a UE whose SAs are spent
        sa = CLIENT.new_out(flow.remote, flow.sport, **{"hard-messages": 1})
        flow.server.sendto(sip.request(), (flow.remote, flow.sport))
        lab.receive(flow.sender, 1)
        side.put(call.invite())
        side.get(call.answer(200))
        side.put(call.ask(b"ACK"))
        side.get(call.net_ask(b"BYE"))
        CLIENT.flush()


@both("a UE: refusals of REGISTERs that left without protection")
def registers(version):
    def register(call_id):
        return sip.request("REGISTER", call_id=call_id)

    def response(status, call_id, method="REGISTER"):
        return sip.response(status, method, call_id=call_id)

    with LAB.flow(version, direction=sip.DOWNLINK, rate=10000) as flow:
        side = Side(flow)
        side.get(response(401, b"one"), "unprotected", False)
        side.put(register(b"one"))
        for status in (100, 401, 423, 503):
            side.get(response(status, b"one"), "unprotected")
        side.refuse(response(200, b"one"), response(180, b"one"),
                    response(401, b"One"), response(401, b"onetwo"),
                    response(401, b"on"), response(401, b"one", "OPTIONS"))
        # one that left signed may not be refused so
        sa = CLIENT.new_out(flow.remote, flow.sport)
        message = register(b"signed")
        flow.server.sendto(message, (flow.remote, flow.sport))
        sa.verify(lab.receive(flow.sender, 1)[0], message)
        side.refuse(response(401, b"signed"))
        CLIENT.flush()
        # as many as there are users behind this host
        for number in range(300):
            flow.server.sendto(register(b"user%d" % number),
                               (flow.remote, flow.sport))
        lab.receive(flow.sender, 300)
        for number in (0, 17, 299):
            side.get(response(401, b"user%d" % number), "unprotected")


@both("a UE: told that the P-CSCF has its SA no more")
def lost(version):
    def response(status, call_id, method):
        return sip.response(status, method, call_id=call_id)

    with LAB.flow(version, direction=sip.DOWNLINK, rate=10000) as flow:
        side = Side(flow)
        sa = CLIENT.new_out(flow.remote, flow.sport)

        def put_signed(message):
            flow.server.sendto(message, (flow.remote, flow.sport))
            sa.verify(lab.receive(flow.sender, 1)[0], message)

        for method in ("REGISTER", "MESSAGE"):
            name = method.encode()
            side.refuse(response(494, name, method))
            put_signed(sip.request(method, call_id=name))
            for status in (494, 421, 494):
                side.get(response(status, name, method), "unprotected")
            # and told nothing else, nor by anyone else
            side.refuse(*(response(status, name, method) for status in
                          (100, 180, 200, 401, 403, 407, 420, 493, 495, 500)))
            side.refuse(response(494, name + b"x", method))
            for addr, port in ((flow.remote, flow.sport + 1),
                               (lab.OTHER[version], flow.sport)):
                other = LAB.peer.udp(addr, port)
                other.sendto(response(494, name, method),
                             (flow.local, flow.port))
                flow.exactly(unprotected=1)
                other.close()
        # what the UE has answered is no request
        put_signed(response(200, b"theirs", "OPTIONS"))
        side.refuse(response(494, b"theirs", "OPTIONS"))
        flow.listener.set(preset=STRICT)
        side.refuse(response(494, b"MESSAGE", "MESSAGE"))
        put_signed(sip.request("MESSAGE", call_id=b"strict"))
        flow.listener.set(preset=IMS)
        side.refuse(response(494, b"strict", "MESSAGE"))
        CLIENT.flush()


@both("a P-CSCF: the refusal of a REGISTER goes as that came")
def refusals(version):
    def register(call_id):
        return sip.request("REGISTER", call_id=call_id)

    def response(status, call_id):
        return sip.response(status, "REGISTER", call_id=call_id)

    with LAB.flow(version, rate=10000) as flow:
        side = Side(flow)
        up = flow.new_in()
        sa = CLIENT.new_out(flow.remote, flow.sport, direction=sip.DOWNLINK)

        def put_signed(message):
            flow.server.sendto(message, (flow.remote, flow.sport))
            sa.verify(lab.receive(flow.sender, 1)[0], message)

        put_signed(sip.request("NOTIFY"))
        # the UE has lost its SAs and begins again
        side.get(register(b"bare"), "unprotected")
        side.put(response(401, b"bare"))
        put_signed(response(200, b"bare"))
        # it registers again by its SA
        flow.one(up.sign(register(b"signed"), 1), "verified")
        put_signed(response(401, b"signed"))
        # from another port: without rport the refusal would go where Via says
        for addr, port, bare in ((lab.PEER[version], flow.sport + 1, True),
                                 (lab.OTHER[version], flow.sport, False)):
            name = b"theirs%d" % port
            other = LAB.peer.udp(addr, port)
            message = register(name)
            other.sendto(message, (flow.local, flow.port))
            flow.exactly(message, unprotected=1)
            (side.put if bare else put_signed)(response(401, name))
            other.close()
        # what is answered as another request is none
        message = register(b"bye").replace(b" REGISTER\r\n", b" BYE\r\n")
        side.refuse(message, message.replace(b" BYE\r\n", b" register\r\n"))
        CLIENT.flush()


@both("a P-CSCF: the refusal of what has not verified is not signed")
def unverified(version):
    def response(status, call_id=b"call", cseq=1, method="INVITE"):
        return sip.response(status, method, call_id=call_id, cseq=cseq)

    with LAB.flow(version, rate=10000,
                  actions=dict.fromkeys(("unknown-spi", "malformed", "unprotected"),
                                        sipsec.ANSWER)) as flow:
        side = Side(flow)
        up = flow.new_in()
        sa = CLIENT.new_out(flow.remote, flow.sport, direction=sip.DOWNLINK)

        def put_signed(*messages):
            for message in messages:
                flow.server.sendto(message, (flow.remote, flow.sport))
                sa.verify(lab.receive(flow.sender, 1)[0], message)

        flow.one(up.sign(sip.request("INVITE", call_id=b"call"), 1), "verified")
        put_signed(response(100), response(483))
        # a copy of it, in the UE's name
        copy = sip.SA.new().sign(sip.request("INVITE", call_id=b"call"), 1)
        side.get(copy, "unknown-spi")
        side.put(response(300), response(483), response(699))
        put_signed(response(100), response(180), response(200), response(483, cseq=2),
                   response(483, b"other"), response(483, method="BYE"))
        side.get(sip.request("MESSAGE", call_id=b"none"), "unprotected")
        side.put(response(421, b"none", method="MESSAGE"))
        # a method that is not its own
        side.get(sip.request("MESSAGE", call_id=b"two").replace(b" MESSAGE\r\n", b" INVITE\r\n"),
                 "unprotected")
        side.put(response(403, b"two"))
        # of what is malformed only the address is known
        side.get(b"INVITE sip:a SIP/2.0\nCall-ID: call\n\n", "malformed")
        side.put(response(400, b"any"), response(400, b"other", 7, "BYE"))
        put_signed(response(200, b"any"))
        CLIENT.flush()


@both("a P-CSCF: what names another place for its answer goes nowhere, but verified")
def answered_elsewhere(version):
    for more in ({}, {"preset": OPEN}, {"monitor": 1}):
        with LAB.flow(version, rate=10000, **more) as flow:
            sa = flow.new_in()
            for param in (b";maddr=192.0.2.77", b";received=192.0.2.77"):
                def lead(message):
                    return message.replace(b";branch=", param + b";branch=", 1)
                for message in (sip.request("REGISTER"), sip.request("MESSAGE")):
                    flow.send(lead(message))
                    flow.exactly(unprotected=1)
                flow.send(lead(Call().invite()))
                # in monitor mode it has got as far as to be told for one
                flow.exactly(unprotected=1)
                message = sa.sign(lead(sip.request("MESSAGE")), next(_serial))
                flow.one(message, "verified")
            flow.send(sip.request("REGISTER"))
            flow.receive()
            CLIENT.flush()


@case("a flood of sessions ends none that was answered")
def flood():
    with LAB.flow(4, rate=100000, emergencies=64) as flow:
        equal(flow.listener.get()["emergencies"], 64, "emergencies")
        side = Side(flow)
        calls = [Call() for _ in range(8)]
        for call in calls:
            side.get(call.invite())
            side.put(call.answer(180))
        unanswered = Call()
        side.get(unanswered.invite())
        for _ in range(8):
            some = [Call().invite() for _ in range(100)]
            flow.send(*some)
            lab.receive(flow.server, 100)
        flow.listener.expect(emergency=800)
        for call in calls:
            side.get(call.ask(b"INFO", 2))
        side.refuse(unanswered.ask(b"ACK"))
        # who finds a set full of answered ones is not let in
        counts = flow.listener.counters()
        for _ in range(200):
            call = Call()
            flow.send(call.invite())
            flow.server.sendto(call.answer(180), (flow.remote, flow.sport))
        lab.drop_pending(flow.sender)

        def done():
            now = flow.listener.counters()
            new = [now.get(n, 0) - counts.get(n, 0)
                   for n in ("emergency", "ratelimited")]
            return sum(new) == 200 and new

        passed, limited = sipsec.wait_for(done, "200 calls")
        check(passed >= 56 and limited >= 50, f"{passed}, {limited} limited")
        flow.listener.want = flow.listener.counters()
        lab.drop_pending(flow.server)
        for call in calls:
            side.get(call.ask(b"INFO", 3))


@both("emergencies have a bucket of their own")
def buckets(version):
    with LAB.flow(version, rate=1) as flow:
        flow.send(*[sip.request("REGISTER")] * 40)
        sipsec.wait_for(lambda: flow.listener.counters().get("ratelimited"),
                        "REGISTERs to be ratelimited")
        sipsec.wait_for(lambda: sum(flow.listener.counters().values()) == 40,
                        "40 datagrams")
        lab.drop_pending(flow.server)
        flow.listener.want = flow.listener.counters()
        side = Side(flow)
        side.get(Call().invite())
        flow.send(*[Call().invite() for _ in range(60)])
        before = flow.listener.want
        total = sum(before.values()) + 60
        sipsec.wait_for(lambda: sum(flow.listener.counters().values())
                        == total, "60 INVITEs")
        now = flow.listener.counters()
        passed = now["emergency"] - before["emergency"]
        check(now["ratelimited"] - before["ratelimited"] == 60 - passed > 20,
              f"{passed} passed")
        lab.drop_pending(flow.server)
        flow.listener.want = now


@case("emergencies: bounds, and what cannot be changed")
def bounds():
    for number in (0, 63, 1048577):
        try:
            CLIENT.listen(lab.HOST[4], 5061, emergencies=number)
            raise tap.Failed(f"emergencies {number} taken")
        except OSError as error:
            check("emergencies" in (error.msg or ""), f"{error}")
    listener = CLIENT.listen(lab.HOST[4], 5061, emergencies=100)
    equal(listener.get()["emergencies"], 100, "emergencies")
    listener.set(emergencies=100, preset=OPEN)
    try:
        listener.set(emergencies=101)
        raise tap.Failed("changed")
    except OSError as error:
        check("emergencies" in (error.msg or ""), f"{error}")
    listener.remove()


if __name__ == "__main__":
    tap.run()
