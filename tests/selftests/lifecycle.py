#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The life of SAs (clauses 2, 6, 8 and 9): pairs, states, identities, which SA
signs, and a re-registration under traffic.

The topology is that of lib/lab.py.  The host is a P-CSCF, but where a case
says that it is a UE; in the last cases both ends have the module.
"""

import os
import random
import re
import select
import threading
import time

from lib import lab, sip, sipsec, tap
from lib.genl import NlError
from lib.sipsec import ESTABLISHED, INBOUND, OLD, OUTBOUND, TEMPORARY
from lib.tap import case, check, equal

sipsec.need_module()
LAB = lab.Lab()
CLIENT = LAB.client
UE = (lab.PEER[4], lab.PORT)
IMPI = "user1@home1.example"
IMPUS = ["sip:user1@home1.example", "tel:+358-555-1234567",
         "sip:user1_alias@home1.example"]


def refused(word, call, *args, **more):
    """The call is refused, with this in the text; nothing changes."""
    before = sorted(str({k: v for k, v in one.items() if k != "age"})
                    for one in CLIENT.list())
    try:
        call(*args, **more)
    except NlError as error:
        check(word in str(error) or "policy" in str(error),
              f"refused by {error}, not for {word}")
    else:
        tap.check(False, f"not refused: {args} {more}")
    after = sorted(str({k: v for k, v in one.items() if k != "age"})
                   for one in CLIENT.list())
    equal(after, before, f"SAs after a refusal for {word}")


def states():
    """{spi: state} of all there are."""
    return {one["spi"]: one["state"] for one in CLIENT.list()}


def out_name(sa, peer=UE):
    """What names an outbound SA."""
    return {"type": OUTBOUND, "spi": sa.spi, **sipsec.address(peer[0]),
            "port": peer[1]}


class Pcscf:
    """The host as P-CSCF or (downlink) UE, with the other end as sockets."""

    def __init__(self, direction=sip.UPLINK):
        CLIENT.clear()
        self.direction = direction
        self.flow = LAB.flow(4, direction=direction, preset=sipsec.STRICT)
        self.seqs = {}

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.flow.__exit__(*args)
        CLIENT.clear()

    def pair(self, state=TEMPORARY, **more):
        """A pair of the user's: the sip.SAs in and out."""
        more.setdefault("impi", IMPI)
        return CLIENT.new_pair(*UE, direction=self.direction, state=state,
                               **more)

    def hear(self, sa, message, want="verified"):
        """The other end sends this on sa."""
        seq = self.seqs[sa.spi] = self.seqs.get(sa.spi, 0) + 1
        self.flow.one(sa.sign(message, seq), want)

    def say(self, message, **sockopts):
        """The host sends this: the SPI that signs it, None if it leaves as it
        is, "dropped"."""
        sock = self.flow.server
        for option, value in sockopts.items():
            sock.setsockopt(1, {"mark": 36}[option], value)
        try:
            sock.sendto(message, UE)
        except PermissionError:
            return "dropped"
        finally:
            if sockopts:
                sock.setsockopt(1, 36, 0)
        got = lab.receive(self.flow.sender, 1)[0]
        match = re.search(rb"^Integrity: ([0-9a-f]+);", got, re.M)
        if match:
            return int(match[1], 16)
        lab.same(got, message, "what left unsigned")
        return None

    def ok(self):
        """The host sends the 2xx to REGISTER."""
        return self.say(sip.response(200, "REGISTER"))


REGISTER_KIND = [sip.request("REGISTER"), sip.response(200, "REGISTER"),
                 sip.response(401, "REGISTER"), sip.response(100, "REGISTER")]
OTHER_KIND = [sip.request("INVITE"), sip.request("OPTIONS"),
              sip.request("register"), sip.response(200, "INVITE"),
              sip.response(401, "OPTIONS"), sip.request("REGISTERS")]


#
# Pairs and identities
#

@case("both SAs of a pair are made at once, and show each other")
def made():
    CLIENT.clear()
    events = LAB.host.make(sipsec.Events)
    one, two = CLIENT.new_pair(*UE, impi=IMPI, impu=IMPUS, drain=77,
                               outbound={"mark": 5, "hard-seconds": 600})
    got = [CLIENT.get_in(one.spi), CLIENT.get_out(two.spi, *UE)]
    for sa, partner in zip(got, (two, one)):
        equal((sa["pair"], sa["state"], sa["impi"], sa["impu"], sa["drain"],
               sa["temporary-seconds"]),
              (partner.spi, ESTABLISHED, IMPI, IMPUS, 77, 240), "the pair's")
    equal((got[1]["mark"], got[1]["hard-seconds"]), (5, 600), "outbound")
    check("hard-seconds" not in got[0], "a lifetime of the other SA")
    for sa in (one, two):
        _, told, _ = events.want("sa-added", sa.spi)
        equal((told["impi"], told["impu"]), (IMPI, IMPUS), "in the event")
    events.none()
    CLIENT.del_in(one.spi)
    check("pair" not in CLIENT.get_out(two.spi, *UE), "pair of one")
    CLIENT.clear()


@case("an SA by itself is established, and has no pair")
def alone():
    CLIENT.clear()
    sa = CLIENT.get_in(CLIENT.new_in().spi)
    equal(sa["state"], ESTABLISHED, "state")
    check(not {"pair", "impi", "impu", "drain"} & set(sa), f"{sa}")
    CLIENT.clear()


@case("of a pair both SAs are made or none")
def both_or_none():
    CLIENT.clear()
    there_in, there_out = CLIENT.new_in(), CLIENT.new_out(*UE)
    one, two = sip.SA.new(), sip.SA.new(direction=sip.DOWNLINK)

    def add(command="sa-add", sa=None, partner=None, first=None):
        CLIENT.call(command,
                    sa={**(first or CLIENT.inbound(one)), **(sa or {})},
                    partner={**CLIENT.outbound(two, *UE, seq=1),
                             **(partner or {})})

    refused("spi", add, partner={"spi": there_out.spi})
    refused("spi", add, sa={"spi": there_in.spi})
    refused("key", add, partner={"key": bytes(31)})
    refused("alg", add, partner={"alg": 77})
    refused("seq", add, partner={"seq": 0})
    refused("direction", add, partner={"direction": sip.UPLINK})
    refused("type", add, first=CLIENT.outbound(one, *UE))
    refused("type", CLIENT.call, "sa-add", sa=CLIENT.inbound(one),
            partner=CLIENT.inbound(two))
    for more in ({"state": 0}, {"impi": "a"}, {"impu": ["sip:a"]},
                 {"drain": 3}, {"pair": one.spi}, {"temporary-seconds": 5}):
        refused("partner", add, partner=more)
    refused("partner", CLIENT.call, "sa-set", sa={
        "type": INBOUND, "spi": there_in.spi, "seq": 5},
        partner=out_name(there_out))
    # nothing has been kept of the keys of what was refused
    add()
    # replaced as a whole: the old ones are gone, the new ones a pair
    events = LAB.host.make(sipsec.Events)
    key = os.urandom(32)
    add("sa-replace", sa={"key": os.urandom(32)}, partner={"key": key})
    equal(sorted(events.next()[0] for _ in range(4)),
          ["sa-added"] * 2 + ["sa-deleted"] * 2, "events")
    equal(CLIENT.get_in(one.spi)["pair"], two.spi, "pair")
    CLIENT.clear()


@case("an outbound SA joins an inbound one by its SPI")
def joined():
    CLIENT.clear()
    one = CLIENT.new_in()
    two = CLIENT.new_out(*UE, direction=sip.DOWNLINK, pair=one.spi)
    equal((CLIENT.get_in(one.spi)["pair"], CLIENT.get_out(two.spi, *UE)["pair"]),
          (two.spi, one.spi), "pair")
    refused("pair", CLIENT.new_out, *UE, direction=sip.DOWNLINK, pair=one.spi)
    refused("pair", CLIENT.new_out, *UE, direction=sip.DOWNLINK, pair=0x999)
    refused("pair", CLIENT.new_in, pair=two.spi)
    three = CLIENT.new_in(state=TEMPORARY, impi=IMPI)
    refused("pair", CLIENT.new_out, *UE, direction=sip.UPLINK, pair=three.spi)
    for more in ({"state": ESTABLISHED}, {"impi": "other"}):
        refused("pair", CLIENT.new_out, *UE, direction=sip.DOWNLINK,
                pair=three.spi, **more)
    refused("impu", CLIENT.new_out, *UE, direction=sip.DOWNLINK,
            pair=three.spi, impu=["sip:a@b"])
    CLIENT.set_in(three.spi, impu=IMPUS)
    four = CLIENT.new_out(*UE, direction=sip.DOWNLINK, pair=three.spi,
                          impi=IMPI)
    equal(CLIENT.get_in(three.spi)["impu"], IMPUS, "identities stay")
    got = CLIENT.get_out(four.spi, *UE)
    equal((got["state"], got["impi"]), (TEMPORARY, IMPI), "of the partner")
    # who takes the place of one of them is in the pair
    CLIENT.call("sa-replace", sa=CLIENT.inbound(
        sip.SA(three.spi, os.urandom(32)), impi=IMPI, state=TEMPORARY))
    equal((CLIENT.get_in(three.spi)["pair"], CLIENT.get_in(three.spi)["state"]),
          (four.spi, TEMPORARY), "the successor's pair")
    CLIENT.call("sa-replace", sa=CLIENT.inbound(
        sip.SA(three.spi, os.urandom(32)), state=ESTABLISHED))
    check("pair" not in CLIENT.get_in(three.spi), "pair of another state")
    # one direction each
    refused("direction", CLIENT.call, "sa-replace", sa=CLIENT.inbound(
        sip.SA(one.spi, os.urandom(32), direction=sip.DOWNLINK)))
    CLIENT.clear()


@case("identities are bounded text")
def identities():
    CLIENT.clear()
    for name, value, word in (
            ("impi", "", "impi"), ("impi", "a" * 256, "impi"),
            ("impi", "a\rb", "impi"), ("impi", "a\x7f", "impi"),
            ("impi", "a\0b", "impi"), ("impi", "a b", "impi"),
            ("impu", [""], "impu"), ("impu", ["sip:a", "b\n"], "impu"),
            ("impu", ["sip:a@b"] * 17, "impu"),
            ("impu", [f"sip:{'s' * 248}@b"] * 9, "2048"), ("impu", ["s" * 256], "impu")):
        refused(word, CLIENT.new_in, **{name: value})
    most = [f"sip:{'u' * 100}{i:02}@home1.example" for i in range(16)]
    sa = CLIENT.new_in(impi="i" * 128, impu=most)
    got = CLIENT.get_in(sa.spi)
    equal((got["impi"], got["impu"]), ("i" * 128, most), "identities")
    CLIENT.set_in(sa.spi, impu=IMPUS)
    equal((CLIENT.get_in(sa.spi)["impi"], CLIENT.get_in(sa.spi)["impu"]),
          ("i" * 128, IMPUS), "after sa-set")
    CLIENT.set_in(sa.spi, impu=[""])
    check("impu" not in CLIENT.get_in(sa.spi), "impu, taken away")
    refused("impi", CLIENT.set_in, sa.spi, impi=IMPI)
    # of both SAs of a pair
    one, two = CLIENT.new_pair(*UE)
    CLIENT.set_in(one.spi, impu=IMPUS)
    equal(CLIENT.get_out(two.spi, *UE)["impu"], IMPUS, "of the partner")
    CLIENT.clear()


@case("listed and deleted by state, IMPI, IMPU, pair; a flush is idempotent")
def filters():
    CLIENT.clear()
    first = CLIENT.new_pair(*UE, impi=IMPI, impu=IMPUS)
    second = CLIENT.new_pair(*UE, impi=IMPI, state=TEMPORARY)
    third = CLIENT.new_pair(lab.OTHER[4], 5060, impi="user2@home1.example",
                            impu=IMPUS[:1])
    alone_sa = CLIENT.new_in()
    spis = [{one.spi for one in pair} for pair in (first, second, third)]

    def listed(**more):
        return {one["spi"] for one in CLIENT.list(**more)}

    equal(listed(state=TEMPORARY), spis[1], "temporary")
    equal(listed(state=ESTABLISHED), spis[0] | spis[2] | {alone_sa.spi},
          "established")
    equal(listed(impi=IMPI), spis[0] | spis[1], "IMPI")
    equal(listed(impu=IMPUS[:1]), spis[0] | spis[2], "IMPU")
    equal(listed(impi=IMPI, state=TEMPORARY), spis[1], "IMPI and state")
    equal(listed(pair=first[0].spi), {first[1].spi}, "pair")
    equal(listed(impi=IMPI[:-1]) | listed(impi=IMPI + "x")
          | listed(impu=["sip:user1"]), set(), "parts")
    refused("filter", CLIENT.flush, drain=32)
    equal(CLIENT.flush(impi=IMPI, state=TEMPORARY), 2, "flushed")
    equal(CLIENT.flush(impi=IMPI, state=TEMPORARY), 0, "flushed again")
    equal(CLIENT.flush(impu=IMPUS[1:2]), 2, "flushed")
    refused("pair", CLIENT.call, "sa-del", sa={
        "type": INBOUND, "spi": third[0].spi, "pair": third[0].spi})
    CLIENT.call("sa-del", sa={"type": INBOUND, "spi": third[0].spi,
                              "pair": third[1].spi})
    equal(listed(), {alone_sa.spi}, "left")
    equal([CLIENT.flush(), CLIENT.flush()], [1, 0], "flushed")


#
# States
#

@case("a temporary SA is for REGISTER and its responses alone")
def temporary():
    with Pcscf() as host:
        one, two = host.pair()
        for message in OTHER_KIND:
            host.hear(one, message, "mismatch")
        equal(CLIENT.get_in(one.spi)["counters"],
              {"mismatch": len(OTHER_KIND)}, "counters")
        for message in REGISTER_KIND:
            host.hear(one, message)
        # it keeps nothing from the address, at which need not be who answers a challenge
        for message in OTHER_KIND + REGISTER_KIND[:1]:
            equal(host.say(message), None, f"{message[:20]}")
        equal(states(), {one.spi: TEMPORARY, two.spi: TEMPORARY}, "states")
        for message in REGISTER_KIND[2:]:
            equal(host.say(message), two.spi, f"signer of {message[:20]}")
        equal(states(), {one.spi: TEMPORARY, two.spi: TEMPORARY}, "states")


@case("a P-CSCF establishes a pair by the 2xx that it signs")
def established_by_signing():
    with Pcscf() as host:
        events = LAB.host.make(sipsec.Events)
        one, two = host.pair()
        for sa in (one, two):
            equal(events.want("sa-added", sa.spi)[1]["state"], TEMPORARY,
                  "state")
        # the challenge leaves without: the UE has not been heard on it
        equal(host.say(sip.response(401, "REGISTER")), None, "the challenge")
        host.hear(one, sip.request("REGISTER"))
        equal(host.say(sip.response(200, "INVITE")), None, "200, INVITE")
        equal(host.ok(), two.spi, "signer of the 2xx")
        # at once for the other SA, too
        host.hear(one, sip.request("INVITE"))
        equal(host.say(sip.request("INVITE")), two.spi, "signer")
        for sa in (one, two):
            equal(events.want("sa-changed", sa.spi)[1]["state"], ESTABLISHED,
                  "state")
        events.none()
        host.ok()
        events.none()


@case("a UE establishes a pair by the 2xx that it verifies")
def established_by_verifying():
    with Pcscf(sip.DOWNLINK) as host:
        one, two = host.pair()
        equal(host.say(sip.request("INVITE")), "dropped", "INVITE before")
        equal(host.say(sip.request("REGISTER")), two.spi, "REGISTER")
        host.hear(one, sip.response(100, "REGISTER"))
        host.hear(one, sip.request("INVITE"), "mismatch")
        bad = sip.SA(one.spi, os.urandom(32), one.alg, one.direction)
        host.flow.one(bad.sign(sip.response(200, "REGISTER"), 99), "bad-mac")
        equal(states(), {one.spi: TEMPORARY, two.spi: TEMPORARY}, "states")
        host.hear(one, sip.response(202, "REGISTER"))
        equal(states(), {one.spi: ESTABLISHED, two.spi: ESTABLISHED},
              "states")
        host.hear(one, sip.request("INVITE"))
        equal(host.say(sip.request("INVITE")), two.spi, "INVITE after")


@case("established by command, and then old by command; never back")
def by_command():
    with Pcscf() as host:
        one, two = host.pair()
        refused("state", CLIENT.set_in, one.spi, state=OLD)
        CLIENT.set_in(one.spi, state=TEMPORARY)
        CLIENT.call("sa-set", sa={**out_name(two), "state": ESTABLISHED})
        equal(set(states().values()), {ESTABLISHED}, "states")
        host.hear(one, sip.request("INVITE"))
        equal(host.say(sip.request("INVITE")), two.spi, "signer")
        refused("state", CLIENT.set_in, one.spi, state=TEMPORARY)
        CLIENT.set_in(one.spi, state=ESTABLISHED)
        CLIENT.set_in(one.spi, state=OLD)
        equal(set(states().values()), {OLD}, "states")
        refused("state", CLIENT.set_in, one.spi, state=ESTABLISHED)
        # old ones admit everything
        for message in OTHER_KIND + REGISTER_KIND:
            host.hear(one, message)
        equal(host.say(sip.request("INVITE")), two.spi, "signer")
        # an SA that was by itself
        three = CLIENT.new_in()
        CLIENT.set_in(three.spi, state=ESTABLISHED)
        CLIENT.set_in(three.spi, state=OLD, drain=1000)
        got = CLIENT.get_in(three.spi)
        equal((got["state"], got["drain"]), (OLD, 1000), "by itself")


@case("a newer pair makes the older ones old; they drain and are gone")
def displaced():
    with Pcscf() as host:
        events = LAB.host.make(sipsec.Events)
        first = host.pair(ESTABLISHED, drain=1)
        other = host.pair(ESTABLISHED, impi="user2@home1.example")
        no_impi = CLIENT.new_in()
        second = host.pair(drain=1000)
        for sa in (*first, *other, no_impi, *second):
            events.want("sa-added", sa.spi)
        host.hear(second[0], sip.request("REGISTER"))
        equal(host.ok(), second[1].spi, "signer of the 2xx")
        # the new one first, then who makes way, then their end
        for sa, state in [(sa, ESTABLISHED) for sa in second] + \
                [(sa, OLD) for sa in first]:
            equal(events.want("sa-changed", sa.spi)[1]["state"], state,
                  "state")
        gone = set()
        while len(gone) < 2:
            name, sa, event = events.next()
            equal((name, sipsec.REASONS[event["reason"]]),
                  ("sa-deleted", "drained"), "event")
            gone.add(sa["spi"])
        equal(gone, {sa.spi for sa in first}, "SAs that are gone")
        host.hear(first[0], sip.request(), "unknown-spi")
        equal(set(states()), {sa.spi for sa in (*other, no_impi, *second)},
              "SAs that stay")
        # made as established, it does the same
        third = host.pair(ESTABLISHED)
        equal([states()[sa.spi] for sa in (*second, *third, *other)],
              [OLD, OLD] + [ESTABLISHED] * 4, "states")
        # a longer or shorter drain, while it lasts
        CLIENT.set_in(second[0].spi, drain=0)
        for _ in range(2):
            sipsec.wait_for(lambda: second[0].spi not in states()
                            and second[1].spi not in states(), "the drain")


@case("the order is that of being established, not of being made")
def order():
    with Pcscf() as host:
        early = host.pair()
        late = host.pair(ESTABLISHED)
        host.hear(early[0], sip.request("REGISTER"))
        equal(states()[late[0].spi], ESTABLISHED, "state")
        CLIENT.set_in(early[0].spi, state=ESTABLISHED)
        equal([states()[sa.spi] for sa in (*early, *late)],
              [ESTABLISHED, ESTABLISHED, OLD, OLD], "states")


@case("a challenge replaces the temporary pair, and no other")
def challenged():
    with Pcscf() as host:
        old = host.pair(ESTABLISHED, drain=1000)
        established = host.pair(ESTABLISHED)
        first = host.pair()
        other = host.pair(impi="user2@home1.example")
        events = LAB.host.make(sipsec.Events)
        second = host.pair()
        for sa in second:
            events.want("sa-added", sa.spi)
        for sa in first:
            events.want("sa-deleted", sa.spi, "replaced")
        events.none()
        equal(states(), {
            **{sa.spi: OLD for sa in old},
            **{sa.spi: ESTABLISHED for sa in established},
            **{sa.spi: TEMPORARY for sa in (*second, *other)}}, "states")
        # one that is refused replaces nothing
        before = states()

        def challenge(one, two, state=TEMPORARY):
            CLIENT.call("sa-add",
                        sa=CLIENT.inbound(one, impi=IMPI, state=state),
                        partner=CLIENT.outbound(two, *UE, seq=1))

        for taken in (other, established, old):
            refused("spi", challenge, sip.SA.new(), taken[1])
            refused("spi", challenge, taken[0],
                    sip.SA.new(direction=sip.DOWNLINK))
        refused("spi", challenge, sip.SA.new(), second[1], ESTABLISHED)
        refused("seq", CLIENT.call, "sa-add",
                sa=CLIENT.inbound(sip.SA.new(), impi=IMPI, state=TEMPORARY),
                partner=CLIENT.outbound(second[1], *UE, seq=0))
        refused("spi", CLIENT.new_out, *UE, direction=sip.DOWNLINK, impi=IMPI,
                state=TEMPORARY, spi=second[1].spi)
        equal(states(), before, "states after refusals")
        # the SPIs of the pair that goes may stay: one of them, or both
        for keep in ((1,), (0,), (0, 1)):
            new = [sip.SA.new(direction=way)
                   for way in (sip.UPLINK, sip.DOWNLINK)]
            for index in keep:
                new[index].spi = second[index].spi
            while events.queue or select.select([events.genl.sock], [], [],
                                                0)[0]:
                events.next()
            challenge(*new)
            told = [events.next() for _ in range(4)]
            events.none()
            equal(sorted((name, sa["spi"]) for name, sa, _ in told),
                  sorted([("sa-added", sa.spi) for sa in new]
                         + [("sa-deleted", sa.spi) for sa in second]),
                  "events")
            equal({sa["pair"] for sa in (CLIENT.get_in(new[0].spi),
                                         CLIENT.get_out(new[1].spi, *UE))},
                  {sa.spi for sa in new}, "the pair")
            equal(len(states()), len(before), "SAs")
            host.seqs.pop(new[0].spi, None)
            host.hear(new[0], sip.request("REGISTER"))
            second = new


@case("six SAs of a direction and IMPI")
def six():
    with Pcscf() as host:
        old = [host.pair(ESTABLISHED, drain=1000) for _ in range(6)]
        equal(len(states()), 12, "SAs")
        refused("six", host.pair, ESTABLISHED)
        refused("six", host.pair)
        refused("six", CLIENT.new_in, impi=IMPI)
        refused("six", CLIENT.new_out, *UE, direction=sip.DOWNLINK, impi=IMPI)
        host.pair(impi="user2@home1.example")
        # by joining, too
        spare = CLIENT.new_in()
        refused("six", CLIENT.new_out, *UE, direction=sip.DOWNLINK,
                pair=spare.spi, impi=IMPI)
        # other directions and types count for themselves
        CLIENT.new_in(direction=sip.DOWNLINK, impi=IMPI, state=OLD)
        CLIENT.del_in(old[0][0].spi)
        refused("six", host.pair)
        one = CLIENT.new_in(impi=IMPI, state=TEMPORARY)
        refused("six", CLIENT.new_out, *UE, direction=sip.DOWNLINK,
                pair=one.spi)
        CLIENT.call("sa-del", sa=out_name(old[0][1]))
        CLIENT.new_out(*UE, direction=sip.DOWNLINK, pair=one.spi)
        # there are six: but a challenge takes the temporary pair's place
        pair = host.pair()
        check(one.spi not in states(), "the temporary one is there")
        refused("six", host.pair, ESTABLISHED)
        equal(CLIENT.flush(impi=IMPI), 13, "flushed")
        check(pair[0].spi not in states(), "not flushed")


@case("temporary for so many seconds, and then expired")
def too_late():
    with Pcscf() as host:
        events = LAB.host.make(sipsec.Events)
        one, two = host.pair(**{"temporary-seconds": 1})
        in_time = host.pair(impi="user2@home1.example", **{
            "temporary-seconds": 1})
        CLIENT.set_in(in_time[0].spi, state=ESTABLISHED)
        hard = set()
        while len(hard) < 2:
            name, sa, event = events.next()
            if name == "sa-expired":
                equal(sipsec.REASONS[event["reason"]], "hard", "reason")
                hard.add(sa["spi"])
        equal(hard, {one.spi, two.spi}, "expired")
        host.hear(one, sip.request("REGISTER"), "expired")
        equal(host.say(sip.response(200, "REGISTER")), in_time[1].spi, "signer")
        host.hear(in_time[0], sip.request("INVITE"))
        equal(states()[one.spi], TEMPORARY, "state")
        refused("temporary", host.pair, **{"temporary-seconds": 0})
        # longer for one is longer for both
        CLIENT.set_in(one.spi, **{"temporary-seconds": 600})
        for sa in (CLIENT.get_in(one.spi), CLIENT.get_out(two.spi, *UE)):
            check(not sa.get("expired"), f"still expired: {sa}")
        host.hear(one, sip.request("REGISTER"))
        # and none again, when that is over at once
        CLIENT.set_in(one.spi, **{"temporary-seconds": 1})
        hard = set()
        while len(hard) < 2:
            name, sa, _ = events.next()
            if name == "sa-expired":
                hard.add(sa["spi"])
        equal(hard, {one.spi, two.spi}, "expired again")
        # the command was late, but is one
        CLIENT.set_in(one.spi, state=ESTABLISHED)
        for sa in (CLIENT.get_in(one.spi), CLIENT.get_out(two.spi, *UE)):
            check(not sa.get("expired"), f"still expired: {sa}")
        host.hear(one, sip.request("INVITE"))
        # lifetimes given at the challenge are for later
        three = host.pair(impi="user3@home1.example",
                          **{"hard-seconds": 600000})[0]
        got = CLIENT.get_in(three.spi)
        equal((got["hard-seconds"], got["temporary-seconds"]), (600000, 240),
              "lifetimes")


#
# Clause 9
#

@case("a P-CSCF goes on with the predecessor until the UE is heard")
def predecessor():
    with Pcscf() as host:
        first = host.pair(ESTABLISHED)
        equal(host.say(sip.request("INVITE")), first[1].spi, "without another")
        second = host.pair()
        equal(host.say(sip.response(401, "REGISTER")), first[1].spi,
              "the challenge")
        equal(host.say(sip.request("INVITE")), first[1].spi, "INVITE")
        host.hear(second[0], sip.request("REGISTER"))
        equal(host.say(sip.request("INVITE")), first[1].spi, "INVITE")
        equal(host.ok(), second[1].spi, "the 2xx")
        equal(host.say(sip.request("INVITE")), first[1].spi, "INVITE")
        # the 2xx was lost: the REGISTER once more, and the 2xx
        host.hear(second[0], sip.request("REGISTER"))
        equal(host.ok(), second[1].spi, "the 2xx again")
        equal(host.say(sip.request("INVITE")), first[1].spi, "INVITE")
        host.hear(first[0], sip.request("INVITE"))
        equal(host.say(sip.request("INVITE")), first[1].spi, "INVITE")
        host.hear(second[0], sip.response(200, "INVITE"))
        equal(host.say(sip.request("INVITE")), second[1].spi, "INVITE")
        equal(host.say(sip.response(200, "INVITE")), second[1].spi, "200")
        # without the predecessor, at once
        third = host.pair(ESTABLISHED)
        equal(host.say(sip.request("INVITE")), second[1].spi, "INVITE")
        equal(CLIENT.flush(state=OLD), 4, "flushed")
        equal(host.say(sip.request("INVITE")), third[1].spi, "INVITE")


@case("a refresh on the pair before one that was given up is answered by that pair")
def given_up():
    with Pcscf() as host:
        first = host.pair(ESTABLISHED)
        second = host.pair()

        def register(pair, cseq):
            host.hear(pair[0], sip.request("REGISTER", call_id=b"reg@ue", cseq=cseq))

        def answer(status, cseq):
            return host.say(sip.response(status, "REGISTER", call_id=b"reg@ue", cseq=cseq))

        register(first, 1)
        register(second, 2)
        # the challenge once more, and the failure of the registration
        equal(answer(401, 1), first[1].spi, "the challenge")
        equal(answer(403, 2), second[1].spi, "the failure")
        register(first, 3)
        equal(answer(200, 3), first[1].spi, "the refresh")
        equal(states()[second[1].spi], TEMPORARY, "state of the pair given up")
        equal(states()[first[1].spi], ESTABLISHED, "state of the other one")
        # and where the UE has not got the 2xx
        register(second, 4)
        equal(answer(200, 4), second[1].spi, "the 2xx")
        register(first, 5)
        equal(answer(200, 5), first[1].spi, "the refresh")
        register(second, 6)
        equal(answer(200, 6), second[1].spi, "the other try")


@case("made as established, any message on it confirms it")
def confirmed():
    with Pcscf() as host:
        first = host.pair(ESTABLISHED)
        second = host.pair(ESTABLISHED)
        equal(host.say(sip.request("INVITE")), first[1].spi, "INVITE")
        host.hear(second[0], sip.request("REGISTER"))
        equal(host.say(sip.request("INVITE")), second[1].spi, "INVITE")


@case("a UE answers the challenge with the new pair, and all else with the old")
def ue_choice():
    with Pcscf(sip.DOWNLINK) as host:
        first = host.pair(ESTABLISHED)
        second = host.pair()
        equal(host.say(sip.request("INVITE")), first[1].spi, "INVITE")
        equal(host.say(sip.request("REGISTER")), second[1].spi, "REGISTER")
        host.hear(first[0], sip.response(200, "REGISTER"))
        equal(states()[second[0].spi], TEMPORARY, "state")
        host.hear(second[0], sip.response(200, "REGISTER"))
        equal(host.say(sip.request("INVITE")), second[1].spi, "INVITE")
        # what the P-CSCF sent before is taken
        host.hear(first[0], sip.request("INVITE"))


@case("old SAs sign where there is nothing else; one that waits for the UE does not")
def last_resort():
    with Pcscf() as host:
        first = host.pair(ESTABLISHED)
        CLIENT.set_in(first[0].spi, state=OLD)
        equal(host.say(sip.request("INVITE")), first[1].spi, "INVITE")
        second = host.pair()
        equal(host.say(sip.request("INVITE")), first[1].spi, "INVITE")
        equal(host.ok(), first[1].spi, "2xx")
        CLIENT.flush(state=OLD)
        equal(host.say(sip.request("INVITE")), None, "INVITE")
        equal(host.ok(), None, "2xx")
        equal(states()[second[1].spi], TEMPORARY, "state")
        host.hear(second[0], sip.request("REGISTER"))
        equal(host.say(sip.request("INVITE")), None, "INVITE")
        equal(host.ok(), second[1].spi, "2xx")


#
# What a challenge alone, which anyone can cause in the name of any address, must not do
#

@case("a challenge keeps nothing from its address, signs nothing, and ends no pair")
def challenge_alone():
    with Pcscf() as host:
        # of a user who is registered elsewhere
        users = CLIENT.new_pair(lab.PEER[4], 5999, state=ESTABLISHED, impi=IMPI)
        one, two = host.pair()
        before = CLIENT.stats()
        for message in OTHER_KIND + REGISTER_KIND + [b"\xf8compressed"]:
            equal(host.say(message), None, f"{message[:20]}")
        equal({name: CLIENT.stats()[name] - before[name]
               for name in ("signed", "unsigned", "tx-compressed")},
              {"signed": 0, "unsigned": 0, "tx-compressed": 0}, "statistics")
        want = {one.spi: TEMPORARY, two.spi: TEMPORARY,
                **{sa.spi: ESTABLISHED for sa in users}}
        equal(states(), want, "states")
        # by command there is no need to hear it
        CLIENT.set_in(one.spi, state=ESTABLISHED)
        equal(host.say(sip.request("INVITE")), two.spi, "INVITE")


@case("a crowd of challenges hides no SA of the address")
def challenge_crowd():
    with Pcscf() as host:
        first = host.pair(ESTABLISHED)
        second = host.pair()
        host.hear(second[0], sip.request("REGISTER"))
        for i in range(200):
            host.pair(impi=f"other{i}@h")
        equal(host.say(sip.request("INVITE")), first[1].spi, "INVITE")
        equal(host.ok(), second[1].spi, "2xx")
        host.hear(second[0], sip.request("INVITE"))
        equal(host.say(sip.request("INVITE")), second[1].spi, "INVITE")


@case("a mark whose SA waits for the UE does not fall back to another user's")
def challenge_mark():
    with Pcscf() as host:
        first = host.pair(ESTABLISHED, impi="user1@h", outbound={"mark": 1})
        second = host.pair(impi="user2@h", outbound={"mark": 2})
        equal(host.say(sip.response(401, "REGISTER"), mark=2), None, "401")
        equal(host.say(sip.request("INVITE"), mark=2), "dropped", "INVITE")
        equal(host.say(sip.request("INVITE"), mark=1), first[1].spi, "INVITE")
        # as it waits it gets another mark, and is found by that
        CLIENT.call("sa-set", sa={**out_name(second[1]), "mark": 3})
        host.hear(second[0], sip.request("REGISTER"))
        equal(host.say(sip.response(200, "REGISTER"), mark=3), second[1].spi, "2xx")
        equal(host.say(sip.request("INVITE"), mark=2), second[1].spi, "INVITE")


@case("two users behind one address and port are told apart by mark")
def marks():
    with Pcscf() as host:
        # however busy the machine is, the old ones are not drained before they go
        users = {mark: [host.pair(ESTABLISHED, impi=f"user{mark}@h",
                                  drain=3600, outbound={"mark": mark})]
                 for mark in (1, 2)}
        for mark, pairs in users.items():
            equal(host.say(sip.request("INVITE"), mark=mark),
                  pairs[0][1].spi, "established")
            # each goes through a re-registration of its own
            pairs.append(host.pair(impi=f"user{mark}@h",
                                   outbound={"mark": mark}))
        for mark, (first, second) in users.items():
            equal(host.say(sip.request("INVITE"), mark=mark), first[1].spi,
                  "challenged")
            host.hear(second[0], sip.request("REGISTER"))
            equal(host.say(sip.response(200, "REGISTER"), mark=mark),
                  second[1].spi, "2xx")
            equal(host.say(sip.request("INVITE"), mark=mark), first[1].spi,
                  "not heard")
            host.hear(second[0], sip.request("INVITE"))
            equal(host.say(sip.request("INVITE"), mark=mark), second[1].spi,
                  "heard")
            # the wheel's work sees to that
            sipsec.wait_for(lambda spi=first[1].spi: states()[spi] == OLD, "it to be old")
            equal(CLIENT.flush(impi=f"user{mark}@h", state=OLD), 2, "flushed")
        # a user whose SAs are gone is not given another's
        CLIENT.call("sa-set", sa={**out_name(users[1][1][1]),
                                  "hard-messages": 1})
        equal(host.say(sip.request("INVITE"), mark=1), "dropped", "spent")
        equal(host.say(sip.request("INVITE"), mark=2), users[2][1][1].spi,
              "the other user")


#
# Both ends
#

class Ends:
    """The UE in namespace peer, the P-CSCF in namespace host, both with the
    module; keys as a registration gives them."""

    def __init__(self):
        CLIENT.clear()
        self.sides = {"p": (CLIENT, lab.HOST[4], lab.PEER[4], LAB.host),
                      "u": (LAB.peer.make(sipsec.Client), lab.PEER[4],
                            lab.HOST[4], LAB.peer)}
        self.socks = {}
        for name, (client, own, _, where) in self.sides.items():
            client.clear()
            client.listen(own, lab.PORT, name == "u", preset=sipsec.IMS)
            self.socks[name] = where.udp(own, lab.PORT)
        self.before = {name: self.counts(name) for name in self.sides}

    def counts(self, name):
        """One end's counters, one beside the other."""
        stats = self.sides[name][0].stats()
        return {**stats["counters"], "unsigned": stats["unsigned"]}

    def counted(self, name):
        """What has been counted since, if anything has."""
        before = self.before[name]
        return {key: value - before[key] for key, value in
                self.counts(name).items() if value != before[key]}

    def close(self):
        """Nothing is left."""
        for name, (client, *_) in self.sides.items():
            client.clear()
            self.socks[name].close()

    def challenge(self, name, up, down):
        """One end makes its pair."""
        client, _, far, _ = self.sides[name]
        here, there = (up, down) if name == "p" else (down, up)
        client.call("sa-add",
                    sa=client.inbound(here, state=TEMPORARY, impi=IMPI,
                                      drain=1),
                    partner=client.outbound(there, far, lab.PORT, seq=1))

    def send(self, name, message):
        """From one end to the other."""
        self.socks[name].sendto(message, (self.sides[name][2], lab.PORT))


class Traffic:
    """Messages of one end, numbered, as fast as they go and no faster than
    they arrive: at most so many on their way."""

    def __init__(self, ends, name):
        self.ends, self.name = ends, name
        self.sent, self.arrived = 0, set()
        self.room = threading.Semaphore(8)
        self.stop = threading.Event()
        self.error = None
        self.registration = []
        self.arrival = threading.Event()
        other = "u" if name == "p" else "p"
        self.threads = [threading.Thread(target=self.guard, daemon=True,
                                         args=(run, who)) for run, who in
                        ((self.sending, name), (self.receiving, other))]

    def guard(self, run, who):
        """A thread's end is not lost."""
        try:
            run(who)
        except Exception as error:  # pylint: disable=broad-except
            self.error = self.error or error

    def sending(self, who):
        """All the time."""
        while not self.stop.is_set():
            if not self.room.acquire(timeout=tap.DEADLINE):
                raise tap.Failed(f"a message of {who} was lost: "
                                 f"{self.sent} sent, {len(self.arrived)} seen")
            self.ends.send(who, sip.request(
                "MESSAGE", call_id=b"%s-%d" % (who.encode(), self.sent)))
            self.sent += 1

    def receiving(self, who):
        """Until told by an empty datagram's look-alike."""
        sock = self.ends.socks[who]
        while True:
            one = lab.receive(sock, 1)[0]
            if not one.strip():
                return
            match = re.search(rb"Call-ID: [pu]-(\d+)\r", one)
            if not match:
                self.registration.append(one)
                self.arrival.set()
                continue
            check(int(match[1]) not in self.arrived, "a message came twice")
            self.arrived.add(int(match[1]))
            self.room.release()

    def wait_registration(self):
        """The next message of a registration."""
        check(self.arrival.wait(tap.DEADLINE), f"{self.name}: it did not come "
              f"({self.error})")
        self.arrival.clear()
        return self.registration.pop()


@case("re-registration with new keys under traffic loses no message")
def under_traffic():
    ends = Ends()

    def register(traffic=None):
        """What a registration sends, with or without traffic around it."""
        def deliver(name, message):
            ends.send(name, message)
            if traffic:
                traffic[name].wait_registration()
            else:
                lab.receive(ends.socks["u" if name == "p" else "p"], 1)

        up, down = sip.SA.new(), sip.SA.new(direction=sip.DOWNLINK)
        call_id = b"%x@ue.example" % up.spi
        deliver("u", sip.request("REGISTER", call_id=call_id))
        ends.challenge("p", up, down)
        deliver("p", sip.response(401, "REGISTER", call_id=call_id))
        ends.challenge("u", up, down)
        deliver("u", sip.request("REGISTER", cseq=2))
        deliver("p", sip.response(200, "REGISTER", cseq=2))
        return up, down

    register()
    traffic = {name: Traffic(ends, name) for name in "pu"}
    for one in traffic.values():
        for thread in one.threads:
            thread.start()
    made_pairs = []
    for _ in range(8):
        # six pairs are the most there can be: let older ones drain
        for client, *_ in ends.sides.values():
            sipsec.wait_for(lambda client=client: len(client.list()) <= 8,
                            "older pairs to drain")
        made_pairs.append(register(traffic))
    for name, one in traffic.items():
        # the last ones are signed with the last keys
        mark = one.sent
        sipsec.wait_for(lambda one=one, mark=mark: one.error or
                        len(one.arrived) > mark + 20, "the last messages")
        one.stop.set()
        one.threads[0].join()
        sipsec.wait_for(lambda one=one: one.error or
                        len(one.arrived) == one.sent, f"messages of {name}")
        ends.send(name, b"\r\n")
        one.threads[1].join()
        check(one.error is None, f"{one.error}")
        equal(one.arrived, set(range(one.sent)), f"messages of {name}")
        check(one.sent > 100, f"{one.sent} messages are no traffic")
        tap.diag(f"{name}: {one.sent} messages, {len(made_pairs)} "
                 "re-registrations")
    for name, (client, *_) in ends.sides.items():
        counts = ends.counted(name)
        equal(set(counts) - {"verified", "keepalive", "unprotected"}, set(),
              f"classes at {name}: {counts}")
        last = {sa.spi for sa in made_pairs[-1]}
        sipsec.wait_for(lambda client=client, last=last:
                        {one["spi"] for one in client.list()} == last,
                        "the older pairs to be gone")
        equal({one["state"] for one in client.list()}, {ESTABLISHED}, "state")
    ends.close()


class Race:
    """A challenge with the SPIs of the one before, while the 2xx to that one leaves."""

    def __init__(self, pcscf):
        self.pcscf = pcscf
        self.spis = sip.new_spi(), sip.new_spi()
        self.gate = threading.Barrier(2, timeout=tap.DEADLINE)
        self.answers = []
        self.outcomes = []

    def challenge(self):
        """A temporary pair with new keys; the sip.SAs, or None if it was refused."""
        one, two = (sip.SA(spi, os.urandom(20), sip.GMAC, direction)
                    for spi, direction in zip(self.spis, (sip.UPLINK, sip.DOWNLINK)))
        try:
            CLIENT.call("sa-add", sa=CLIENT.inbound(one, impi=IMPI, state=TEMPORARY),
                        partner=CLIENT.outbound(two, *UE, seq=1))
        except NlError as error:
            check("in use" in str(error), f"refused by {error}")
            return None
        return one, two

    def say(self, turns, spread):
        """From a thread of its own: the 2xx, some time after the gate."""
        for turn in range(turns):
            late = random.uniform(0, spread)
            answer = sip.response(200, "REGISTER", call_id=b"turn%d" % turn)
            self.answers.append(answer)
            self.gate.wait()
            begin = time.monotonic()
            while time.monotonic() < begin + late:
                pass
            try:
                self.pcscf.flow.server.sendto(answer, UE)
            except PermissionError:
                pass
            self.gate.wait()

    def look(self):
        """What has come: by the pair of its turn or, where a new challenge came
        first, by none."""
        for one in lab.pending(self.pcscf.flow.sender):
            # it may be late
            turn = int(re.search(rb"Call-ID: turn(\d+)", one)[1])
            first, second = self.outcomes[turn]
            if second:
                lab.same(one, self.answers[turn], "what left when there was a new challenge")
            else:
                equal(first[1].verify(one, self.answers[turn]), 1, "seq")

    def turn(self):
        """Was the challenge the first of the two?"""
        first = self.challenge()
        self.pcscf.flow.one(first[0].sign(sip.request("REGISTER"), 1), "verified")
        self.gate.wait()
        second = self.challenge()
        self.gate.wait()
        self.outcomes.append((first, second))
        self.look()
        CLIENT.flush()
        return second is not None


@case("the 2xx and the next challenge with its SPIs, both at once")
def at_once():
    with Pcscf() as pcscf:
        race = Race(pcscf)
        begin = time.monotonic()
        race.challenge()
        spread = 2 * (time.monotonic() - begin)
        CLIENT.flush()
        turns = 1000
        sender = threading.Thread(target=race.say, args=(turns, spread), daemon=True)
        sender.start()
        replaced = sum(race.turn() for _ in range(turns))
        sender.join()
        tap.diag(f"of {turns} challenges {replaced} came first")


if __name__ == "__main__":
    tap.run()
