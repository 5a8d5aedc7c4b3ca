#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Each class of clause 8, its counters, mark and actions, over IPv4 and IPv6.

The topology is that of lib/lab.py.
"""

import errno
import re
import socket
import struct
import time

from lib import lab, packet, sip, sipsec, tap, vectors
from lib.sipsec import ACCEPT, ANSWER, DROP, IMS, OPEN, STRICT
from lib.tap import both, case, check, equal

sipsec.need_module()
LAB = lab.Lab()
CLIENT = LAB.client

ALGS = [sip.SHA1, sip.GMAC, sip.SHA256, sip.AES_CMAC]


@both("keepalive")
def keepalive(version):
    with LAB.flow(version, preset=STRICT) as flow:
        for payload in (b"", b"\r\n", b"\r\n\r\n", b"\0", b"\0" * 64,
                        b"\n", b"\r\n" * 32):
            flow.one(payload, "keepalive")
        for payload in (b"\0" * 65, b"\r\n" * 33, b"\r\n ", b"\0\1", b"jaK"):
            flow.one(payload, "malformed")


@both("keepalive by STUN")
def stun(version):
    request, answer = sip.stun_binding(), sip.stun_binding(True)
    longest = sip.stun_binding(pad=40)
    equal(len(longest), 64, "STUN with an attribute")
    for direction, good, other in ((sip.UPLINK, request, answer),
                                   (sip.DOWNLINK, answer, request)):
        with LAB.flow(version, direction=direction) as flow:
            flow.one(good, "malformed")
            flow.listener.set(stun=1)
            flow.one(good, "keepalive")
            flow.one(other, "malformed")
            flow.one(good[:-1], "malformed")
            flow.one(good + b"\0\0\0\0", "malformed")
            flow.one(b"\0\3" + good[2:], "malformed")
            flow.one(good[:4] + b"\0\0\0\0" + good[8:], "malformed")
            if direction == sip.UPLINK:
                flow.one(longest, "keepalive")
                flow.one(sip.stun_binding(pad=44), "malformed")
            flow.listener.set(stun=0)
            flow.one(good, "malformed")


@both("compressed")
def compressed(version):
    with LAB.flow(version, preset=OPEN) as flow:
        for payload in (b"\xf8", b"\xf9" + b"x" * 100, b"\xff\x01\x02",
                        b"\xfc\x85" + b"x" * 30):
            flow.one(payload, "compressed")
        # a returned feedback item that begins as a shim but is none
        flow.one(b"\xfc\x81I", "malformed")


@both("wellformed.json")
def wellformed(version):
    messages = vectors.load("wellformed.json")["messages"]
    with LAB.flow(version, preset=STRICT) as flow:
        wrong = []
        kept = []
        for vector in messages:
            message = bytes.fromhex(vector["message"])
            flow.send(message)
            got = flow.listener.which()
            if got != vector["class"]:
                wrong.append(f"{vector['name']}: {got}, "
                             f"want {vector['class']}")
            if vector["class"] == "keepalive":
                kept.append(message)
        check(not wrong, "; ".join(wrong))
        flow.exactly(*kept)


@both("unprotected, by preset and direction")
def unprotected(version):
    messages = {
        "REGISTER": sip.request("REGISTER"),
        "REGISTER big": sip.request("REGISTER", pad_to=3000),
        "register": sip.request("register"),
        "REGISTERS": sip.request("REGISTERS"),
        "INVITE": sip.request("INVITE"),
        "e2e field": sip.request(
            headers=[b"Integrity: 1001;seq=1;mac=AAAA;scope=e2e"]),
    }
    for status in (100, 180, 199, 200, 202, 299, 300, 401, 423, 494, 503, 699):
        messages[f"{status} REGISTER"] = sip.response(status, "REGISTER")
    for status in (100, 200, 401):
        messages[f"{status} INVITE"] = sip.response(status, "INVITE")
        messages[f"{status} register"] = sip.response(status, "register")
    messages["100 without CSeq"] = b"SIP/2.0 100 Trying\r\n\r\n"
    accepted = {
        (IMS, sip.UPLINK): {"REGISTER", "REGISTER big"},
        (IMS, sip.DOWNLINK): {f"{status} REGISTER" for status in
                              (100, 300, 401, 423, 494, 503, 699)},
        (STRICT, sip.UPLINK): set(), (STRICT, sip.DOWNLINK): set(),
        (OPEN, sip.UPLINK): set(messages),
        (OPEN, sip.DOWNLINK): set(messages),
    }
    for (preset, direction), names in accepted.items():
        with LAB.flow(version, preset=preset, direction=direction,
                      rate=1000) as flow:
            if direction == sip.DOWNLINK:
                # each answers a REGISTER that has left
                for message in messages.values():
                    call_id = re.search(rb"\r\nCall-ID: ([^\r]*)", message)
                    if call_id:
                        flow.server.sendto(
                            sip.request("REGISTER", call_id=call_id[1]),
                            (flow.remote, flow.sport))
            flow.send(*messages.values())
            flow.exactly(*(messages[n] for n in messages if n in names),
                         unprotected=len(messages))


@both("the preset is ims unless given, and can be set")
def preset_set(version):
    register, invite = sip.request("REGISTER"), sip.request("INVITE")
    with LAB.flow(version) as flow:
        equal(flow.listener.get()["preset"], IMS, "preset")
        flow.send(register, invite)
        flow.exactly(register, unprotected=2)
        flow.listener.set(preset=OPEN)
        flow.send(invite)
        flow.exactly(invite, unprotected=1)
        flow.listener.set(preset=STRICT)
        flow.send(register)
        flow.exactly(unprotected=1)


@both("unknown-spi")
def unknown(version):
    outbound = CLIENT.new_out(lab.PEER[version], lab.PORT + 100)
    with LAB.flow(version, preset=OPEN) as flow:
        gone = flow.new_in()
        CLIENT.del_in(gone.spi)
        reserved = [sip.SA(spi, bytes(32)) for spi in (0, 1, 255)]
        for sa in (sip.SA.new(), outbound, gone, *reserved):
            flow.one(sa.sign(sip.request(), 7), "unknown-spi")
    CLIENT.flush()


@both("expired, after a number of messages")
def expired(version):
    with LAB.flow(version, preset=OPEN) as flow:
        sa = flow.new_in(**{"hard-messages": 2})
        flow.one(sa.sign(sip.request(), 1), "verified")
        flow.one(sa.sign(sip.request(), 2), "verified")
        flow.one(sa.sign(sip.request(), 3), "expired")
        got = CLIENT.get_in(sa.spi)
        equal(sipsec.counted(got["counters"]), {"verified": 2, "expired": 1},
              "counters of the SA")
        check(got.get("expired"), "the SA does not say that it has expired")
        CLIENT.flush()


@both("mismatch")
def mismatch(version):
    with LAB.flow(version, preset=OPEN) as flow:
        here = sipsec.address(lab.PEER[version])
        wrong = sipsec.address(lab.OTHER[version])
        free = flow.new_in()
        addr = flow.new_in(**here)
        port = flow.new_in(**here, port=flow.sport)
        wrong_addr = flow.new_in(**wrong)
        wrong_port = flow.new_in(**here, port=flow.sport + 1)
        for sa in (free, addr, port):
            flow.one(sa.sign(sip.request(), 1), "verified")
        for sa in (wrong_addr, wrong_port):
            flow.one(sa.sign(sip.request(), 1), "mismatch")
        # another port is right where only the address is bound
        second = LAB.peer.udp(lab.PEER[version], flow.sport + 7)
        for sa, name in ((free, "verified"), (addr, "verified"),
                         (port, "mismatch")):
            message = sa.sign(sip.request(), 2)
            second.sendto(message, (flow.local, flow.port))
            flow.exactly(*[message] if name == "verified" else [], **{name: 1})
        second.close()
        down = CLIENT.new_in(direction=sip.DOWNLINK)
        flow.one(down.sign(sip.request(), 1), "mismatch")
        other = CLIENT.new_in(
            **sipsec.address("198.51.100.1" if version == 6 else
                             "2001:db8:9::1"))
        flow.one(other.sign(sip.request(), 1), "mismatch")
        equal(sipsec.counted(CLIENT.get_in(port.spi)["counters"]),
              {"verified": 1, "mismatch": 1}, "counters of the SA")
        # the binding can be changed: a UE behind another address
        CLIENT.set_in(wrong_port.spi, **here, port=flow.sport)
        flow.one(wrong_port.sign(sip.request(), 1), "verified")
        CLIENT.flush()


@both("throttled, the source that verified last apart from the others")
def throttled(version):
    with LAB.flow(version, preset=OPEN) as flow:
        sa = flow.new_in(budget=3)
        other = LAB.peer.udp(lab.OTHER[version], flow.sport)
        good = [sa.sign(sip.request(), seq) for seq in range(1, 10)]
        bad = [sip.SA(sa.spi, bytes(32)).sign(sip.request(), seq)
               for seq in range(100, 120)]
        # nobody has verified: all are "others"
        flow.send(*bad[:2])
        other.sendto(bad[2], (flow.local, flow.port))
        flow.exactly(bad_mac=3)
        flow.one(good[0], "verified")
        # the count of the others is three now, and one more passes the budget
        other.sendto(bad[3], (flow.local, flow.port))
        flow.exactly(bad_mac=1)
        other.sendto(bad[4], (flow.local, flow.port))
        flow.exactly(throttled=1)
        other.sendto(good[1], (flow.local, flow.port))
        flow.exactly(throttled=1)
        # the source that verified last is not hurt by them ...
        flow.one(good[1], "verified")
        # ... but has a budget of its own
        for one in bad[5:9]:
            flow.one(one, "bad-mac")
        flow.one(bad[9], "throttled")
        flow.one(good[2], "throttled")
        equal(sipsec.counted(CLIENT.get_in(sa.spi)["counters"]),
              {"verified": 2, "bad-mac": 8, "throttled": 4},
              "counters of the SA")
        # a genuine message that is made to come from elsewhere begins no new count
        moved = flow.new_in(budget=3)
        wrong = sip.SA(moved.spi, bytes(32)).sign(sip.request(), 100)
        flow.one(moved.sign(sip.request(), 1), "verified")
        for _ in range(4):
            flow.one(wrong, "bad-mac")
        genuine = moved.sign(sip.request(), 2)
        other.sendto(genuine, (flow.local, flow.port))
        flow.exactly(genuine, verified=1)
        other.sendto(wrong, (flow.local, flow.port))
        flow.exactly(throttled=1)
        # no budget: never
        free = flow.new_in(budget=0)
        forged = sip.SA(free.spi, bytes(32)).sign(sip.request(), 5)
        flow.send(*[forged] * 50)
        flow.exactly(bad_mac=50)
        flow.one(free.sign(sip.request(), 5), "verified")
        other.close()
        CLIENT.flush()


@both("replay")
def replay(version):
    with LAB.flow(version, preset=OPEN) as flow:
        sa = flow.new_in()
        message = sa.sign(sip.request(), 5)
        flow.one(message, "verified")
        for _ in range(3):
            flow.one(message, "replay")
        flow.one(sa.sign(sip.request(), 5), "replay")
        flow.one(sa.sign(sip.request(), 4), "verified")
        # a forged message with a high seq does not move the window
        flow.one(sip.SA(sa.spi, bytes(32)).sign(sip.request(), 1 << 40),
                 "bad-mac")
        flow.one(sa.sign(sip.request(), 6), "verified")
        equal(CLIENT.get_in(sa.spi)["seq"], 6, "highest seq")
        CLIENT.flush()


@both("bad-mac, one bit flipped anywhere")
def bad_mac(version):
    with LAB.flow(version, preset=OPEN, rate=10000) as flow:
        for alg in ALGS:
            sa = flow.new_in(alg, window=0)
            message = sa.sign(sip.request("INVITE", b"v=0\r\n"), 0x1234)
            names = []
            for at in range(len(message)):
                flipped = bytearray(message)
                flipped[at] ^= 1 << (at * 5 + alg) % 8
                flow.send(bytes(flipped))
                names.append(flow.listener.which())
            # a broken Integrity name leaves an unprotected message, a broken
            # SPI is unknown, a broken CRLF malformed; what was made to be
            # verified must not be
            check("verified" not in names, f"verified after a flip: {names}")
            field = message.index(b"Integrity")
            spi = field + len(b"Integrity: ")
            check(set(names) <= {"bad-mac", "malformed", "unprotected",
                                 "unknown-spi"}, f"classes {set(names)}")
            # (a letter's case does not change the SPI, but the MAC)
            check("unknown-spi" in names[spi:spi + 8],
                  f"classes of a changed SPI: {names[spi:spi + 8]}")
            check(names.count("bad-mac") > len(message) // 2,
                  f"only {names.count('bad-mac')} bad-mac")
            equal(names[0], "bad-mac", "class of a changed method")
            equal(names[-1], "bad-mac", "class of a changed body")
            got = sipsec.counted(CLIENT.get_in(sa.spi)["counters"])
            equal(got.get("bad-mac"), names.count("bad-mac"),
                  "bad-mac of the SA")
            lab.drop_pending(flow.server)
            flow.one(message, "verified")
        CLIENT.flush()


def verified(version, alg):
    """Good messages of all sizes and forms are delivered as they came."""
    with LAB.flow(version, preset=STRICT) as flow:
        sa = CLIENT.new_in(alg)
        down_flow = LAB.flow(version, port=5070, sport=5070,
                             direction=sip.DOWNLINK, preset=STRICT)
        down = down_flow.new_in(alg)
        body = bytes(range(256)) * 4
        messages = [
            sa.sign(sip.request(), 1),
            sa.sign(sip.request("INVITE", body), 2),
            sa.sign(sip.response(200, "INVITE", body), 3),
            sa.sign(sip.request(pad_to=1400), 0x44),
            sa.sign(sip.request(), 0xFFFFFFFF, at=4),
            sa.sign(sip.request(), 0x100000000,
                    b"g:%(spi)x;seq=%(seq)x;mac=%(mac)s"),
            sa.sign(sip.request(), 0x100000001,
                    b"INTEGRITY \t: %(spi)X ; mac=%(mac)s;\tSEQ = 000%(seq)X;"
                    b'lr;x="a;mac=b" '),
            sa.sign(sip.request(), 0x100000002,
                    b"Integrity: %(spi)08x;scope=HOP;seq=%(seq)x;mac=%(mac)s"),
            sa.sign(sip.request(headers=[b"g: moon;scope=moon;mac=AAAA"]),
                    0x100000003),
            sa.sign(b"OPTIONS sip:a SIP/2.0\r\n\r\n", 0x100000004),
        ]
        for message in messages:
            flow.one(message, "verified")
        # all remainders of the block sizes, and messages that come in pieces
        sizes = [*range(600, 665), 1500, 2999, 8000, 16384]
        some = [sa.sign(sip.request(pad_to=size - 64), 0x200000000 + size)
                for size in sizes]
        for message in some:
            flow.one(message, "verified")
        got = CLIENT.get_in(sa.spi)
        equal(sipsec.counted(got["counters"]),
              {"verified": len(messages) + len(some)}, "counters of the SA")
        equal(got["messages"], len(messages) + len(some), "messages")
        equal(got["octets"], sum(map(len, messages + some)), "octets")
        equal(got["seq"], 0x200000000 + 16384, "highest seq")
        down_flow.one(down.sign(sip.response(), 1), "verified")
        # a mac of another length, or with unused bits, is malformed
        for wrong in (sip.SHA1, sip.SHA256):
            if sip.ALGS[wrong][1] != sip.ALGS[alg][1]:
                forged = sip.SA(sa.spi, bytes(sip.ALGS[wrong][2]), wrong)
                flow.one(forged.sign(sip.request(), 1 << 40), "malformed")
        if sip.ALGS[alg][1] == 16:
            message = sa.sign(sip.request(), 1 << 41,
                              b"Integrity: %(spi)x;mac=%(mac)s;seq=%(seq)x")
            last = message.index(b";seq=") - 1
            odd = bytearray(message)
            odd[last] += 1
            flow.one(bytes(odd), "malformed")
        down_flow.close()
        CLIENT.flush()


for _alg in ALGS:
    both(f"verified, {sip.ALGS[_alg][0]}", _alg)(verified)


@case("hmac-md5-96 is refused unless allowed")
def md5():
    sa = sip.SA.new(sip.MD5)
    rows = CLIENT.info()[1]
    check(rows[sip.MD5].get("disabled"), f"info says {rows[sip.MD5]}")
    try:
        CLIENT.add_in(sa)
        raise tap.Failed("added without allow_md5")
    except OSError as error:
        check(error.msg and error.offset is not None,
              f"no text or no attribute: {error}")
    equal(CLIENT.list(), [], "SAs after the refusal")


@both("verified, hmac-md5-96 with allow_md5=1", sip.MD5)
def md5_allowed(version, alg):
    with sipsec.Param([CLIENT], allow_md5="1"):
        verified(version, alg)


@case("info names what serves each algorithm")
def info():
    version, rows = CLIENT.info()
    check(version, "no version")
    for alg in ALGS:
        check(rows.get(alg, {}).get("driver"), f"no driver for {alg}: {rows}")
    tap.diag(f"version {version}: "
             + ", ".join(f"{sip.ALGS[n][0]} {rows[n]['driver']}"
                         for n in ALGS))


def each_class(flow):
    """(class, payload) of every class a datagram can have without more."""
    spent = flow.new_in(**{"hard-messages": 1})
    flow.one(spent.sign(sip.request(), 1), "verified")
    seen = flow.new_in()
    flow.one(seen.sign(sip.request(), 1), "verified")
    down = CLIENT.new_in(direction=1 - flow.direction)
    limited = flow.new_in(budget=1)
    forged = sip.SA(limited.spi, bytes(32))
    flow.one(forged.sign(sip.request(), 1), "bad-mac")
    flow.one(forged.sign(sip.request(), 1), "bad-mac")
    good = flow.new_in(window=0)
    return {
        "keepalive": b"\0\r\n\0",
        "compressed": b"\xf8compressed",
        "malformed": b"malformed",
        "unprotected": sip.request("REGISTER"),
        "unknown-spi": sip.SA.new().sign(sip.request(), 1),
        "expired": spent.sign(sip.request(), 2),
        "mismatch": down.sign(sip.request(), 2),
        "throttled": forged.sign(sip.request(), 3),
        "replay": seen.sign(sip.request(), 1),
        "bad-mac": sip.SA(good.spi, bytes(32)).sign(sip.request(), 1),
        "verified": good.sign(sip.request(), 2),
    }


ACCEPTED = ("compressed", "malformed", "unknown-spi", "expired", "mismatch",
            "throttled", "replay", "bad-mac")


@both("mark: SO_RCVMARK and nftables see the class")
def mark(version):
    table = "inet marks"
    rules = [f"add table {table}",
             f"add chain {table} pre {{ type filter hook prerouting "
             "priority mangle; }",
             f"add rule {table} pre udp dport 5060 meta mark set 0xabcd0f0f",
             f"add chain {table} in {{ type filter hook input "
             "priority filter; }"]
    rules += [f"add rule {table} in udp dport 5060 meta mark & 0x1f0 == "
              f"{number << 4:#x} counter comment \"{name}\""
              for number, name in enumerate(sipsec.CLASSES)]
    LAB.host.run("nft", "-f", "-", input="\n".join(rules) + "\n")
    try:
        with LAB.flow(version, rate=1000) as flow:
            samples = each_class(flow)
            flow.listener.set(**{"mark-mask": 0x1F0, "actions": {
                name: ACCEPT for name in ACCEPTED}})
            equal(flow.listener.get()["mark-mask"], 0x1F0, "mark mask")
            lab.drop_pending(flow.server)
            lab.mark_socket(flow.server)
            for name, payload in samples.items():
                flow.send(payload)
                flow.listener.expect(**{name.replace("-", "_"): 1})
                got = lab.receive_mark(flow.server)
                equal(got, (payload, 0xABCD0E0F | sipsec.CLASS[name] << 4),
                      f"payload and mark of {name}")
            listing = LAB.host.run("nft", "list", "chain", "inet", "marks",
                                   "in")
            for name in samples:
                row = [one for one in listing.splitlines()
                       if f'"{name}"' in one][0]
                check("packets 1 " in row, f"nftables did not see it: {row}")
            # no mask: the mark stays
            flow.listener.set(**{"mark-mask": 0})
            flow.send(samples["verified"])
            flow.listener.expect(verified=1)
            equal(lab.receive_mark(flow.server)[1], 0xABCD0F0F, "mark")
    finally:
        LAB.host.run("nft", "delete", "table", "inet", "marks")
        CLIENT.flush()


@both("actions: accept, drop, answer")
def actions(version):
    with LAB.flow(version, rate=1000) as flow:
        samples = each_class(flow)
        names = ACCEPTED
        defaults = flow.listener.get()["actions"]
        equal({n: defaults[n] for n in names}, dict.fromkeys(names, DROP),
              "default actions")
        for action in (ACCEPT, ANSWER, DROP):
            for name in names:
                flow.listener.set(actions={name: action})
                now = flow.listener.get()["actions"]
                equal(now, {**defaults, name: action}, "actions now")
                flow.send(samples[name])
                flow.exactly(*[] if action == DROP else [samples[name]],
                             **{name.replace("-", "_"): 1})
                flow.listener.set(actions={name: DROP})
        # a keepalive may be dropped too
        flow.listener.set(actions={"keepalive": DROP})
        flow.send(b"\r\n")
        flow.listener.expect(keepalive=1)
        flow.listener.set(actions={"keepalive": ACCEPT})
        flow.exactly()
        CLIENT.flush()


def flood(flow, sock, payload, name):
    """60 datagrams at once: (passed, limited), counted and delivered alike."""
    before = flow.listener.counters()
    for _ in range(60):
        sock.sendto(payload, (flow.local, flow.port))

    def new():
        now = flow.listener.counters()
        return [now.get(n, 0) - before.get(n, 0)
                for n in (name, "ratelimited")]

    sipsec.wait_for(lambda: sum(new()) >= 60, lambda: f"60 in {new()}")
    passed, limited = new()
    equal(passed + limited, 60, "datagrams counted")
    flow.listener.want = flow.listener.counters()
    got = lab.drop_pending(flow.server)
    equal(got, passed, f"delivered; {limited} ratelimited")
    return passed, limited


@both("what is let through is rate-limited by source")
def ratelimit(version):
    with LAB.flow(version, rate=1, preset=OPEN) as flow:
        other = LAB.peer.udp(lab.OTHER[version], flow.sport)
        begin = time.monotonic()
        passed, limited = flood(flow, flow.sender, sip.request(),
                                "unprotected")
        check(passed >= 5 and limited, f"{passed} passed, {limited} limited")
        # an IPv6 /64 is one source, IPv4 addresses are two
        shared, _ = flood(flow, other, sip.request(), "unprotected")
        took = time.monotonic() - begin
        if version == 4:
            check(shared >= 5, f"{shared} passed from the second source")
        check(passed + shared <= (10 if version == 4 else 5) + 2 * took + 2,
              f"{passed} and {shared} passed in {took} s")
        # verified messages are never limited
        sa = flow.new_in()
        good = [sa.sign(sip.request(), seq) for seq in range(1, 40)]
        flow.send(*good)
        flow.exactly(*good, verified=39)
        # nor are dropped ones counted as limited
        flow.send(*[b"malformed"] * 40)
        flow.exactly(malformed=40)
        # keepalives have a bucket of their own: passing exactly() shows it
        # the action of what is limited may be to accept it
        flow.listener.set(actions={"ratelimited": ACCEPT})
        flow.send(*[sip.request()] * 60)
        lab.receive(flow.server, 60)
        flow.listener.want = flow.listener.counters()
        other.close()
        CLIENT.flush()


@both("nothing answers a response or an ACK: they are not handed on for it")
def answer_requests(version):
    with LAB.flow(version, preset=STRICT, rate=1000,
                  actions=dict.fromkeys(("unknown-spi", "unprotected", "malformed"),
                                        ANSWER)) as flow:
        lost = sip.SA.new()
        good = [sip.request(), sip.request("OPTIONS"), sip.request("ACKS")]
        bad = [sip.response(200, "INVITE"), sip.response(401, "REGISTER"),
               sip.request("ACK")]
        broken = b"X broken\r\n\r\n"
        for messages, handed_on in ((good, True), (bad, False)):
            for message in messages:
                for name, one in (("unknown_spi", lost.sign(message, 1)),
                                  ("unprotected", message),
                                  ("malformed", message.replace(b"\r\n\r\n",
                                                                b"\r\n" + broken)),
                                  ("malformed", b"\r\n" + message)):
                    flow.send(one)
                    flow.exactly(*[one] if handed_on else [], **{name: 1})
        # as others may read them
        for one in (b"sip/2.0 200 OK\n\n", b"\n \0HTTP/1.1 200 OK\n\n", b"ack x SIP/2.0\n\n"):
            flow.send(one)
            flow.exactly(malformed=1)
        CLIENT.flush()


@both("answer is rate-limited")
def answer_limited(version):
    with LAB.flow(version, rate=1, preset=STRICT,
                  actions={"unknown-spi": ANSWER}) as flow:
        unknown_sa = sip.SA.new().sign(sip.request(), 1)
        passed, limited = flood(flow, flow.sender, unknown_sa, "unknown-spi")
        check(passed >= 5 and limited, f"{passed} passed, {limited} limited")


def tcp_syn(src, dst, sport, dport):
    """A SYN."""
    head = struct.pack("!HHIIBBHHH", sport, dport, 1000, 0, 5 << 4, 2, 64240,
                       0, 0)
    total = packet.checksum(packet.pseudo_header(src, dst, 20, packet.TCP)
                            + head)
    return head[:16] + struct.pack("!H", total) + head[18:]


def crc32c(data):
    """SCTP's checksum, bit by bit."""
    crc = 0xFFFFFFFF
    for octet in data:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def sctp_init(sport, dport):
    """An INIT."""
    init = struct.pack("!HHIIBBHIIHHI", sport, dport, 0, 0, 1, 0, 20, 1,
                       65536, 1, 1, 1)
    return init[:8] + struct.pack("<I", crc32c(init)) + init[12:]


@both("transport")
def transport(version):
    # from an address nobody has, lest the peer answers with a RST
    src = "2001:db8::99" if version == 6 else "192.0.2.99"
    dst = lab.HOST[version]
    LAB.host.ip(f"neigh replace {src} dev eth0 lladdr 02:00:00:00:00:01 "
                "nud permanent")
    for direction, default in ((sip.UPLINK, DROP), (sip.DOWNLINK, ACCEPT)):
        with LAB.flow(version, direction=direction) as flow:
            family = socket.AF_INET6 if version == 6 else socket.AF_INET
            server = LAB.host.socket(family, socket.SOCK_STREAM)
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind((dst, lab.PORT))
            server.listen()
            equal(flow.listener.get()["actions"]["transport"], default,
                  "default action")

            def syn_answered(sport):
                LAB.wire.drain()
                flow.wire(packet.packet(
                    src, dst, tcp_syn(src, dst, sport, lab.PORT), packet.TCP))
                flow.listener.expect(transport=1)
                # a datagram back is the barrier for an answer to the SYN
                flow.server.sendto(b"barrier", (src, 9))
                for frame in LAB.wire.frames():
                    at = 20 if version == 4 else 40
                    proto = frame[9] if version == 4 else frame[6]
                    if proto == packet.TCP:
                        return frame[at + 13] == 0x12
                    if frame.endswith(b"barrier"):
                        return False
                raise tap.Failed("neither an answer nor the barrier")

            equal(syn_answered(2000), default == ACCEPT, "SYN answered")
            flow.listener.set(actions={"transport": 1 - default})
            equal(syn_answered(2001), default != ACCEPT, "SYN answered")
            flow.wire(packet.packet(src, dst, sctp_init(1, lab.PORT),
                                    packet.SCTP))
            flow.listener.expect(transport=1)
            # other ports are not ours
            flow.wire(packet.packet(src, dst, tcp_syn(src, dst, 9, 5062),
                                    packet.TCP),
                      packet.packet(src, dst, sctp_init(9, 5062),
                                    packet.SCTP))
            flow.listener.set(actions={"transport": default})
            flow.exactly()
            server.close()


@both("transport: no TCP connection to an uplink listener")
def transport_connect(version):
    with LAB.flow(version) as flow:
        family = socket.AF_INET6 if version == 6 else socket.AF_INET
        server = LAB.host.socket(family, socket.SOCK_STREAM)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((flow.local, flow.port))
        server.listen()
        client = LAB.peer.socket(family, socket.SOCK_STREAM)
        client.setblocking(False)
        equal(client.connect_ex((flow.local, flow.port)), errno.EINPROGRESS,
              "connect()")
        sipsec.wait_for(lambda: flow.listener.counters().get("transport"),
                        "the SYN to be counted")
        client.close()
        server.close()


@both("wildcard address; other ports and addresses are left alone")
def wildcard(version):
    anyaddr = "::" if version == 6 else "0.0.0.0"
    LAB.host.ip("addr add 192.0.2.77/24 dev eth0" if version == 4 else
                "addr add 2001:db8::77/64 dev eth0 nodad")
    second = "192.0.2.77" if version == 4 else "2001:db8::77"
    LAB.peer.ip(f"neigh replace {second} dev eth0 lladdr 02:00:00:00:00:02 "
                "nud permanent")
    server = LAB.host.udp(anyaddr, lab.PORT)
    plain = LAB.host.udp(anyaddr, lab.PORT + 1)
    sender = LAB.peer.udp(lab.PEER[version], lab.PORT)
    invite = sip.request("INVITE")

    listener = CLIENT.listen(anyaddr, lab.PORT)
    sa = CLIENT.new_in()
    for seq, local in ((1, lab.HOST[version]), (2, second)):
        message = sa.sign(sip.request(), seq)
        sender.sendto(invite, (local, lab.PORT))
        sender.sendto(message, (local, lab.PORT))
        listener.expect(unprotected=1, verified=1)
        equal(lab.receive(server, 1), [message], "delivered")
    sender.sendto(invite, (second, lab.PORT + 1))
    equal(lab.receive(plain, 1), [invite], "delivered at another port")
    listener.expect()
    listener.remove()
    # only one of the two addresses
    listener = CLIENT.listen(second, lab.PORT)
    sender.sendto(invite, (second, lab.PORT))
    listener.expect(unprotected=1)
    sender.sendto(b"any", (lab.HOST[version], lab.PORT))
    equal(lab.receive(server, 1), [b"any"], "delivered at another address")
    listener.expect()
    listener.remove()
    # none at all
    sender.sendto(invite, (second, lab.PORT))
    equal(lab.receive(server, 1), [invite], "delivered without a listener")
    for sock in (server, plain, sender):
        sock.close()
    CLIENT.flush()
    LAB.host.ip(f"addr del {second}/{24 if version == 4 else 64} dev eth0")


@case("the namespace's counters outlive the listeners")
def stats():
    before = CLIENT.stats()
    with LAB.flow(4) as flow:
        flow.one(b"malformed", "malformed")
        equal(CLIENT.stats()["listeners"], 1, "listeners")
        flow.new_in()
        CLIENT.new_out(lab.PEER[4], 5999)
        equal(CLIENT.stats()["inbound"], 1, "inbound SAs")
        equal(CLIENT.stats()["outbound"], 1, "outbound SAs")
    CLIENT.flush()
    after = CLIENT.stats()
    equal((after["inbound"], after["outbound"], after["listeners"]),
          (0, 0, 0), "what is left")
    equal(after["counters"]["malformed"] - before["counters"]["malformed"], 1,
          "malformed")
    equal(after["counters"]["keepalive"] - before["counters"]["keepalive"], 1,
          "keepalive")


@case("max-size")
def max_size():
    with LAB.flow(4, **{"max-size": 600, "preset": OPEN}) as flow:
        sa = flow.new_in(window=0)
        for size in (598, 599, 600, 601, 700, 2000, 65000):
            message = sa.sign(sip.request(pad_to=500), 7)
            message += b"x" * (size - len(message))
            equal(len(message), size, "size")
            flow.one(message, "bad-mac" if size <= 600 else "malformed")
        flow.listener.set(**{"max-size": 65000})
        for seq, size in enumerate((16385, 40000, 64000), 100):
            flow.one(sa.sign(sip.request(pad_to=size), seq), "verified")
        CLIENT.flush()


if __name__ == "__main__":
    tap.run()
