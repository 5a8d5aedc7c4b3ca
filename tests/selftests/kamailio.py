#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""An IMS access of programs that are not of this project: Kamailio as P-CSCF
(examples/kamailio) and as home network, SIPp and baresip as UEs.

      alice 192.0.2.11   bob .12   carol .13 ...
             \\            |         /
              lan (a bridge)  192.0.2.0/24
                           |
                   eth0 192.0.2.1 pcscf 198.51.100.1 eth1
                                                |
                                  198.51.100.2 core

Each is a network namespace; the module is active in all but core.  Beside each
UE stands an agent (examples/kamailio/ue-agent), which is its USIM.
"""

import collections
import hashlib
import importlib.machinery
import importlib.util
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import types

from lib import lab, netns, sipsec, tap
from lib.tap import Failed, case, check, equal

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLES = os.environ.get("SIPSEC_EXAMPLES") or os.path.join(
    HERE, "..", "..", "examples", "kamailio")
BUILT = os.path.join(HERE, "..", "..", "build", "userspace-ctl")
os.environ["PATH"] += os.pathsep + BUILT
for program in ("sipsec", "kamailio", "sipp", "nft"):
    if not shutil.which(program):
        tap.skip_all(f"no program {program}")
for topic, word in (("sa add", "temporary-seconds"),
                    ("sa from-challenge", "impi")):
    if word not in subprocess.run(["sipsec", "help", *topic.split()], text=True,
                                  capture_output=True, check=False).stdout:
        tap.skip_all(f"sipsec {topic} does not know {word}")
if not os.path.isdir(EXAMPLES):
    tap.skip_all("no examples/kamailio (set SIPSEC_EXAMPLES)")
sipsec.need_module()

DIR = tempfile.TemporaryDirectory()
PCSCF, PCSCF_CORE, CORE = "192.0.2.1", "198.51.100.1", "198.51.100.2"
PORT = 5060
# TS 35.208, test set 9 (see tests/demo)
USIM = os.path.join(DIR.name, "usim")
with open(USIM, "w", encoding="ascii",
          opener=lambda p, f: os.open(p, f, 0o600)) as usim_file:
    usim_file.write("k = d9151cf04896e25830bf2e08267b8360\n"
                    "op = 75fc2233a44294ee8e6de25c4353d26b\n")


def example(name):
    """A program of examples/kamailio as a module."""
    loader = importlib.machinery.SourceFileLoader(
        name.replace("-", "_"), os.path.join(EXAMPLES, name))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


AGENT = example("ue-agent")


class Host(netns.Netns):
    """A namespace with programs in it."""

    def start(self, *command, log, **more):
        """Start a program; its output goes to a file."""
        with open(os.path.join(DIR.name, log), "ab") as file, self.inside():
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                cwd=DIR.name, start_new_session=True, **more)

    def sipsec(self, *words, data=""):
        """sipsec -j; what it prints, decoded."""
        text = self.run("sipsec", "-j", *words, input=data)
        return json.loads(text) if text.strip() else None

    def sas(self, *words):
        """The SAs in it."""
        return self.sipsec("sa", "list", *words)

    def bound(self, addr, port):
        """Is a UDP socket bound there?"""
        want = f"{int.from_bytes(bytes(map(int, addr.split('.'))), 'little'):08X}:{port:04X}"
        return want in self.run("cat", "/proc/self/net/udp")


def tail(name, count=40):
    """The end of a file of DIR."""
    tap.tail(os.path.join(DIR.name, name), count)


class Proxy:
    """A Kamailio."""

    def __init__(self, host, name, addr, defines, **environ):
        self.host, self.name, self.addr = host, name, addr
        self.environ = {**os.environ, **environ}
        self.dir = os.path.join(DIR.name, name)
        os.mkdir(self.dir)
        for one in (f"{name}.cfg", f"{name}.py"):
            shutil.copy(os.path.join(EXAMPLES, one), self.dir)
        self.define(HELPER=f'"{self.dir}/{name}.py"', **defines)
        self.process = None

    def define(self, **values):
        """What is different here."""
        with open(f"{self.dir}/{self.name}-local.cfg", "a",
                  encoding="ascii") as file:
            file.writelines(f"#!define {key} {value}\n"
                            for key, value in values.items())

    def start(self):
        """Start it, and wait until it can be spoken to."""
        self.begin()
        self.ready()

    def begin(self):
        """Start it."""
        self.process = self.host.start(
            "kamailio", "-DD", "-E", "-m", "16", "-M", "4", "-Y", self.dir,
            "-w", self.dir, "-f", f"{self.dir}/{self.name}.cfg",
            log=f"{self.name}.log", env=self.environ)

    def ready(self):
        """Wait until it can be spoken to."""
        sipsec.wait_for(
            lambda: self.host.bound(self.addr, PORT)
            or self.process.poll() is not None, f"{self.name} to start")
        if self.process.poll() is not None:
            tail(f"{self.name}.log")
            raise Failed(f"{self.name} has ended")

    def stop(self, number=signal.SIGKILL):
        """End all its processes."""
        os.killpg(self.process.pid, number)
        self.process.wait()

    def log(self):
        """What it has said."""
        with open(os.path.join(DIR.name, f"{self.name}.log"),
                  encoding="utf-8", errors="replace") as file:
            return file.read()

    def calls(self):
        """How often it has called sipsec(8), by command."""
        return collections.Counter(re.findall(r"calls sipsec (.*)", self.log()))


class Ue(Host):
    """A terminal: an address, a user, an agent."""

    def __init__(self, name, number, agent=AGENT.Agent):
        super().__init__(name)
        self.name, self.addr = name, f"192.0.2.{number}"
        attach(self, f"{self.addr}/24", name)
        self.sipsec("listen", "add", "addr", self.addr, "port", str(PORT),
                    "dir", "downlink")
        if agent is None:
            return
        self.agent = self.make(agent, USIM)
        self.stop, self.stopper = os.pipe()
        self.thread = threading.Thread(target=self.attend, daemon=True)
        self.thread.start()

    def attend(self):
        """The agent's thread."""
        self.enter()
        self.agent.run(self.stop)

    def sipp(self, scenario, *words, called="bob", user=None):
        """Start SIPp."""
        user = user or self.name
        return Sipp(self, scenario, self.addr, PORT, "-key", "user", user,
                    "-key", "called", called, "-au", f"{user}@home1.example",
                    *words)

    def register(self, scenario="register", *words):
        """Register, or what the scenario is."""
        return self.sipp(scenario, *words).done()


# What a case that failed has left behind; the others rest on it.
RUNNING = []
FAILED = []


class Sipp:
    """A run of SIPp."""

    logs = []

    def __init__(self, host, scenario, addr, port, *words):
        self.log = f"sipp-{len(Sipp.logs) + 1}-{scenario}"
        Sipp.logs.append(self.log)
        self.messages = os.path.join(DIR.name, self.log + ".messages")
        self.scenario = scenario
        # what is sent again is signed anew, so differs
        patient = "-rtcheck loose -watchdog_minor_maxtriggers 1000000 " \
            "-watchdog_major_maxtriggers 1000000"
        words = list(words)
        if "-m" not in words:
            words += ["-m", "1"]
        # an answer may be late, and the deadline says how late
        if "-max_retrans" not in words:
            for one in ("", "invite_", "non_invite_"):
                words += [f"-max_{one}retrans", f"{tap.DEADLINE:.0f}"]
        self.process = host.start(
            "sipp", "-sf", f"{EXAMPLES}/sipp/{scenario}.xml", "-i", addr, "-p",
            str(port), "-l", "1", "-nostdin", "-timeout", f"{tap.DEADLINE:.0f}s",
            "-timeout_error", "-trace_msg", "-message_file", self.messages,
            "-trace_err", "-error_file", f"{self.log}.errors",
            *patient.split(), *words,
            f"{PCSCF if addr.startswith('192.0.2.') else PCSCF_CORE}:{PORT}",
            log=f"{self.log}.out", env={**os.environ, "TERM": "dumb"})
        self.host, self.addr, self.port = host, addr, port
        RUNNING.append(self.process)

    def ready(self):
        """Wait until it can be called."""
        sipsec.wait_for(lambda: self.host.bound(self.addr, self.port)
                        or self.process.poll() is not None, "SIPp's socket")
        return self

    def done(self, status=0):
        """Wait for its end."""
        try:
            got = self.process.wait(tap.DEADLINE * 2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            got = "none: it did not end"
        if got != status:
            tail(f"{self.log}.errors")
            for log in Sipp.logs[-2:]:
                tail(f"{log}.messages", 80)
            for name, host in (("P-CSCF", PROXY), ("alice", ALICE), ("bob", BOB)):
                tap.diag(f"{name}: {counters(host)} {host.sipsec('stats')}")
            tail("pcscf.log")
            tail("scscf.log")
            raise Failed(f"SIPp {self.scenario}: exit status {got}")
        return self

    def text(self):
        """All messages it sent and received."""
        with open(self.messages, encoding="utf-8") as file:
            return file.read()


LAN = netns.Netns("lan")
LAN.ip("link add lan type bridge mcast_snooping 0", "link set lan up")


def attach(host, addr, name):
    """eth0 on the LAN."""
    LAN.ip(f"link add {name} type veth peer name eth0 netns "
           f"/proc/{os.getpid()}/fd/{host.fd}",
           f"link set {name} master lan up")
    host.ip(f"addr add {addr} dev eth0", "link set eth0 up")


PROXY, HOME = Host("pcscf"), Host("core")
attach(PROXY, f"{PCSCF}/24", "pcscf")
PROXY.ip(f"link add eth1 type veth peer name eth0 netns "
         f"/proc/{os.getpid()}/fd/{HOME.fd}",
         f"addr add {PCSCF_CORE}/24 dev eth1", "link set eth1 up")
HOME.ip(f"addr add {CORE}/24 dev eth0", "link set eth0 up")
LISTENER = ["listen", "add", "addr", PCSCF, "port", str(PORT), "dir", "uplink",
            "annotate", "on", "identity", "on", "action", "unknown-spi=answer,expired=answer"]
PROXY.sipsec(*LISTENER)
ALICE, BOB, EVE = Ue("alice", 11), Ue("bob", 12), Ue("eve", 13)
CAROL = Ue("carol", 14, agent=None)
#: A proxy gives up after 8 s, or as much later as all of it is slower.
TIMERS = {"FR_TIMER": int(8000 * tap.DEADLINE / 60), "CHILDREN": 1}
P_CSCF = Proxy(PROXY, "pcscf", PCSCF, {**TIMERS, "DEBUG": 2})
S_CSCF = Proxy(HOME, "scscf", CORE, TIMERS, SECRETS=USIM)


def scenario(title):
    """A case, before which nothing of the last one is left."""
    def register(function):
        def clean():
            while RUNNING:
                process = RUNNING.pop()
                if process.poll() is None:
                    process.kill()
                    process.wait()
            if FAILED:
                raise tap.Skip(f"after {FAILED[0]}")
            FAILED.append(title)
            try:
                function()
            except tap.Skip:
                FAILED.clear()
                raise
            FAILED.clear()
        case(title)(clean)
        return clean
    return register


def call(caller, called):
    """A whole call."""
    answer = called.sipp("called").ready()
    caller.sipp("call", called=called.name).done()
    answer.done()


def pairs(ue, state=None):
    """(uplink, downlink) SPIs of the pairs at the proxy of a UE's."""
    return [(one["spi"], one["pair"]) for one in PROXY.sas("in")
            if one.get("impi", "").startswith(ue.name + "@")
            and state in (None, one["state"])]


def counters(host):
    """The classes of all datagrams to the listeners of a namespace."""
    total = {}
    for one in host.sipsec("listen", "list"):
        for name, count in one["counters"].items():
            if count:
                total[name] = total.get(name, 0) + count
    return total


@scenario("registration: a pair out of the 401, established by the 200")
def registration():
    S_CSCF.begin()
    P_CSCF.begin()
    S_CSCF.ready()
    P_CSCF.ready()
    for ue in (ALICE, BOB):
        text = ue.register().text()
        # not the end of a nonce, which may be "ik=" too
        check("integrity-protected" in text and not re.search(
            r"^WWW-Authenticate.*[ ,](ik|ck)=", text, re.M),
              f"what the UE saw: {text}")
        equal(len(pairs(ue, "established")), 1, "established pairs")
        equal([one["state"] for one in ue.sas("out")], ["established"],
              "the UE's SAs")
    for name in ("unknown-spi", "bad-mac", "mismatch"):
        check(name not in counters(PROXY), f"{name} at the proxy")
    # one call makes the SAs, and one compares what was agreed
    equal(P_CSCF.calls(), {"listen list": 1, "sa from-challenge": 2,
                           "agree check": 2}, "the proxy's calls of sipsec")


@scenario("a call, and one back, all protected")
def calls():
    before = counters(PROXY), counters(ALICE)
    call(ALICE, BOB)
    call(BOB, ALICE)
    for host, was in zip((PROXY, ALICE), before):
        now = counters(host)
        equal({name for name in now if now[name] != was.get(name, 0)},
              {"verified"}, f"classes at {host.label}")


@scenario("what is not protected is refused, and what is another user's")
def pretended():
    for ue, user, name in ((EVE, "eve", "unprotected"),
                           (BOB, "alice", "identity")):
        before = counters(PROXY).get(name, 0)
        ue.sipp("message", "-max_retrans", "1", called="alice",
                user=user).done(1)
        check(counters(PROXY)[name] > before, f"no {name} was counted")


@scenario("a To tag and a Route of the UE's own lead to nobody, by nobody's name")
def made_up_dialog():
    # where it wants to go, past the core
    sink = EVE.udp(EVE.addr, 5070)
    phone = BOB.udp(BOB.addr, PORT)
    message = "\r\n".join([
        f"MESSAGE sip:eve@{EVE.addr}:5070 SIP/2.0",
        f"Via: SIP/2.0/UDP {BOB.addr}:{PORT};branch=z9hG4bKmadeup;rport",
        f"Route: <sip:{PCSCF}:{PORT};lr>", f"Route: <sip:{EVE.addr}:5070;lr>",
        "Max-Forwards: 70", "From: <sip:bank@home1.example>;tag=1",
        "To: <sip:eve@home1.example>;tag=2", "Call-ID: madeup",
        "CSeq: 1 MESSAGE", "Content-Length: 0", "", ""])
    before = counters(PROXY).get("verified", 0)
    phone.sendto(message.encode(), (PCSCF, PORT))
    answer = lab.receive(phone, 1)[0]
    check(answer.startswith(b"SIP/2.0 481 "), f"{answer}")
    equal(counters(PROXY)["verified"], before + 1, "verified")
    equal(lab.pending(sink), [], "what went past the core")
    for sock in (sink, phone):
        sock.close()


@scenario("the core's socket is the core's, and a response to nothing goes nowhere")
def not_the_core():
    # A route to the core's address, as of any host that has the proxy for a router.
    EVE.ip(f"route add {PCSCF_CORE} via {PCSCF}")
    sink, core = EVE.udp(EVE.addr, 5070), HOME.udp(CORE, 5072)
    eve = EVE.udp(EVE.addr, 5072)
    request = "\r\n".join([
        f"MESSAGE sip:eve@{EVE.addr}:5070 SIP/2.0",
        "Via: SIP/2.0/UDP %s:5072;branch=z9hG4bK%s;rport",
        f"Route: <sip:{PCSCF_CORE};lr;ue={EVE.addr}:5070%s>", "Max-Forwards: 70",
        "From: <sip:bank@home1.example>;tag=1", "To: <sip:eve@home1.example>",
        "Call-ID: %s", "CSeq: 1 MESSAGE", "Content-Length: 0", "", ""])
    response = "\r\n".join([
        "SIP/2.0 401 Unauthorized", f"Via: SIP/2.0/UDP {PCSCF_CORE}:{PORT};branch=z9hG4bKnone.0",
        f"Via: SIP/2.0/UDP {EVE.addr}:5070;branch=z9hG4bKnone",
        "From: <sip:eve@home1.example>;tag=1", "To: <sip:eve@home1.example>;tag=2",
        "Call-ID: none", "CSeq: 1 REGISTER",
        'WWW-Authenticate: Digest realm="a", nonce="b", ck="00", ik="00"',
        "Content-Length: 0", "", ""])
    word = PROXY.sipsec("listen", "list")[0]["word"]
    seal = ";mac=" + hashlib.md5(f"{word}ue={EVE.addr}:5070{word}".encode()).hexdigest()
    eve.sendto((request % (EVE.addr, "eve", seal, "eve")).encode(), (PCSCF_CORE, PORT))
    for sock in (eve, core):
        sock.sendto(response.encode(), (PCSCF_CORE, PORT))
    # where a UE has written itself in the Route that the core follows
    for name, mac in (("bare", ""), ("wrong", seal[:-1])):
        core.sendto((request % (CORE, name, mac, name)).encode(), (PCSCF_CORE, PORT))
        got = lab.receive(core, 1)[0]
        check(got.startswith(b"SIP/2.0 404 "), f"the answer: {got}")
    # behind these, by whom it may come
    core.sendto((request % (CORE, "core", seal, "core")).encode(), (PCSCF_CORE, PORT))
    got = lab.receive(sink, 1)[0]
    check(b"Call-ID: core\r\n" in got, f"what eve got: {got}")
    sipsec.wait_for(lambda: "at the core's socket" in P_CSCF.log(), "the warning")
    equal(lab.pending(sink), [], "what eve got besides")
    for sock in (sink, core, eve):
        sock.close()


def wait_message(sock, start, call_id):
    """The next message of a call that begins so."""
    while True:
        got = lab.receive(sock, 1)[0]
        if got.startswith(start) and call_id in got:
            return got


def lines_of(message, name):
    """All lines of a header field."""
    return [line for line in message.decode().split("\r\n")
            if line.lower().startswith(name + ":")]


class Signer:
    """A socket that signs what it sends."""

    def __init__(self, sock, sa):
        self.sock, self.sa, self.seq = sock, sa, 0

    def sendto(self, message, to):
        """As of a socket."""
        self.seq += 1
        self.sock.sendto(self.sa.sign(message, self.seq), to)


@scenario("another user's SA does not answer, cancel or end a call")
def of_another():
    alice, bob = (ue.udp(ue.addr, PORT) for ue in (ALICE, BOB))
    call_id = f"another-{os.getpid()}"

    def ask(sock, method, who, *more, tag="a", to_tag="", cseq=1):
        """In alice's name and with her branch, whoever sends it."""
        sock.sendto("\r\n".join([
            f"{method} sip:bob@home1.example SIP/2.0",
            f"Via: SIP/2.0/UDP {who.addr}:{PORT};branch=z9hG4bK{call_id}{cseq};rport",
            *more, "Max-Forwards: 70", f"From: <sip:alice@home1.example>;tag={tag}",
            f"To: <sip:bob@home1.example>{to_tag}", f"Call-ID: {call_id}",
            f"CSeq: {cseq} {method}", f"Contact: <sip:{who.addr}:{PORT}>",
            "Content-Length: 0", "", ""]).encode(), (PCSCF, PORT))

    def answer(sock, invite, status, *more):
        """To the INVITE as bob has got it."""
        sock.sendto("\r\n".join([
            f"SIP/2.0 {status}", *lines_of(invite, "via"), *lines_of(invite, "record-route"),
            "From: <sip:alice@home1.example>;tag=a", "To: <sip:bob@home1.example>;tag=b",
            f"Call-ID: {call_id}", "CSeq: 1 INVITE", f"Contact: <sip:{BOB.addr}:{PORT}>",
            *more, "Content-Length: 0", "", ""]).encode(), (PCSCF, PORT))

    def refused(call, *args, **more):
        before = counters(PROXY).get("verified", 0)
        call(*args, **more)
        sipsec.wait_for(lambda: counters(PROXY)["verified"] > before, "it to verify")

    key = call_id.encode()
    ask(alice, "INVITE", ALICE)
    invite = wait_message(bob, b"INVITE ", key)
    # by alice's SA: neither is hers
    refused(answer, alice, invite, "200 Forged")
    # by bob's, but what stands behind X! Kamailio cannot read
    refused(answer, bob, invite, "183 Unread", "P-Asserted-Identity: <sip:bank@home1.example>",
            "X!: y")
    # by an SA of eve's, who has named bob's address when she registered
    client = PROXY.make(sipsec.Client)
    eves, _ = client.new_pair(BOB.addr, PORT, state=sipsec.ESTABLISHED,
                              impi="eve@home1.example")
    eve = Signer(EVE.udp(EVE.addr, 5071), eves)
    refused(answer, eve, invite, "200 Forged")
    refused(ask, eve, "INVITE", BOB, cseq=9)
    equal(client.flush(impi="eve@home1.example"), 2, "eve's SAs")
    for tag in ("a", "his-own"):
        ask(bob, "CANCEL", ALICE, tag=tag)
        check(wait_message(bob, b"SIP/2.0 ", key).startswith(b"SIP/2.0 403 "),
              f"CANCEL by bob, tag {tag}")
    equal(lab.pending(eve.sock), [], "what eve got")
    eve.sock.close()
    answer(bob, invite, "200 OK")
    # all that has come of it till then
    got = wait_message(alice, b"SIP/2.0 ", key)
    while not got.startswith(b"SIP/2.0 200 "):
        check(got.startswith(b"SIP/2.0 100 "), f"alice got {got}")
        got = wait_message(alice, b"SIP/2.0 ", key)
    check(got.startswith(b"SIP/2.0 200 OK"), f"alice got {got}")
    route = "Route: " + ", ".join(line.split(":", 1)[1].strip() for line in
                                  reversed(lines_of(got, "record-route")))
    ask(alice, "ACK", ALICE, route, to_tag=";tag=b")
    wait_message(bob, b"ACK ", key)
    ask(bob, "BYE", BOB, route, to_tag=";tag=b", cseq=2)
    check(wait_message(bob, b"SIP/2.0 ", key).startswith(b"SIP/2.0 403 "), "BYE by bob")
    ask(alice, "BYE", ALICE, route, to_tag=";tag=b", cseq=3)
    bye = wait_message(bob, b"BYE ", key)
    bob.sendto("\r\n".join([
        "SIP/2.0 200 Bye", *lines_of(bye, "via"), "From: <sip:alice@home1.example>;tag=a",
        "To: <sip:bob@home1.example>;tag=b", f"Call-ID: {call_id}", "CSeq: 3 BYE",
        "Content-Length: 0", "", ""]).encode(), (PCSCF, PORT))
    wait_message(alice, b"SIP/2.0 200 Bye", key)
    for sock in (alice, bob):
        sock.close()


@scenario("re-registration with new keys under traffic loses nothing")
def traffic():
    before = counters(ALICE), counters(PROXY), PROXY.sipsec("stats")
    count = len(ALICE.agent.log)
    registering = ALICE.sipp("register", "-m", "100", "-oocsf",
                             f"{EXAMPLES}/sipp/messaged.xml").ready()
    sending = BOB.sipp("message", "-m", "10000", called="alice")
    sipsec.wait_for(lambda: len(ALICE.agent.log) >= count + 3
                    or registering.process.poll() is not None
                    or sending.process.poll() is not None,
                    "three new pairs", tap.DEADLINE * 2)
    # each ends the calls it has begun
    sending.process.send_signal(signal.SIGUSR1)
    sending.done()
    registering.process.send_signal(signal.SIGUSR1)
    registering.done()
    check(set(ALICE.agent.log[count:]) == {"pair"}, ALICE.agent.log)
    for host, was in zip((ALICE, PROXY), before):
        now = counters(host)
        equal({name for name in now if now[name] != was.get(name, 0)},
              {"verified"}, f"classes at {host.label}")
    equal(PROXY.sipsec("stats")["unsigned"], before[2]["unsigned"],
          "messages dropped as unsigned")
    sent = len(re.findall(r"^MESSAGE ", sending.text(), re.M))
    tap.diag(f"{sent} requests, {len(ALICE.agent.log) - count} new pairs")
    check(sent >= 3, f"{sent} requests are no traffic")
    equal(len(pairs(ALICE, "established")), 1, "established pairs")


@scenario("a wrong answer to the challenge, and a network not believed")
def wrong():
    for name in ("register-wrong", "register-no-autn"):
        ALICE.register(name)
        equal(len(pairs(ALICE, "established")), 1, "established pairs")
    call(ALICE, BOB)


@scenario("a registration given up after its challenge, and another one")
def given_up():
    for ue in (BOB, ALICE):
        ue.register("register-given-up")
        ue.register()
        equal(len(pairs(ue, "established")), 1, "established pairs")
    call(ALICE, BOB)


@scenario("resynchronisation: AUTS")
def resynchronisation():
    # on a fast machine those before would make it a seventh pair
    for host in (PROXY, ALICE):
        host.sipsec("sa", "flush", "state", "old")
    S_CSCF.stop()
    S_CSCF.environ["SQN"] = "0x10"
    S_CSCF.start()
    count = len(ALICE.agent.log)
    ALICE.register("register-resync")
    equal(ALICE.agent.log[count:], ["auts", "pair"], "what the USIM did")
    BOB.register()


@scenario("an emergency call without registration")
def emergency():
    psap = Sipp(HOME, "called", CORE, 5090).ready()
    EVE.register("emergency")
    psap.done()
    check(counters(PROXY).get("emergency"), "no emergency was counted")


@scenario("an emergency call of a UE that is registered goes to the E-CSCF too, by its name")
def registered_emergency():
    before = counters(PROXY).get("emergency", 0)
    psap = Sipp(HOME, "called", CORE, 5090).ready()
    ALICE.register("emergency")
    text = psap.done().text()
    check(re.search(r"^Record-Route: .*;sos;mac=", text, re.M) and
          "P-Asserted-Identity: <sip:alice@home1.example>" in text and
          "orig@" not in text, f"what the PSAP got: {text}")
    equal(counters(PROXY).get("emergency", 0), before, "emergencies, unprotected")


@scenario("what is the agreement's, and what is not a UE's to say, ends at the proxy")
def not_of_a_ue():
    alice, bob = (ue.udp(ue.addr, PORT) for ue in (ALICE, BOB))
    key = f"fields-{os.getpid()}"
    alice.sendto("\r\n".join([
        "MESSAGE sip:bob@home1.example SIP/2.0",
        f"Via: SIP/2.0/UDP {ALICE.addr}:{PORT};branch=z9hG4bK{key};rport", "Max-Forwards: 70",
        "From: <sip:alice@home1.example>;tag=a", "To: <sip:bob@home1.example>",
        f"Call-ID: {key}", "CSeq: 1 MESSAGE", "Security-Verify: x;q=0.1",
        "Security-Client: x", "Require: sec-agree", "Proxy-Require: foo, sec-agree",
        "P-Access-Network-Info: IEEE-802.11, 3GPP-UTRAN-TDD;Network-Provided",
        "Feature-Caps: *;+g.x", "P-Served-User: <sip:bank@home1.example>",
        "Content-Length: 0", "", ""]).encode(), (PCSCF, PORT))
    got = wait_message(bob, b"MESSAGE ", key.encode())
    # it would come again, to whoever has the port next
    bob.sendto("\r\n".join([
        "SIP/2.0 200 OK", *lines_of(got, "via"), "From: <sip:alice@home1.example>;tag=a",
        "To: <sip:bob@home1.example>;tag=b", f"Call-ID: {key}", "CSeq: 1 MESSAGE",
        "Content-Length: 0", "", ""]).encode(), (PCSCF, PORT))
    wait_message(alice, b"SIP/2.0 200 ", key.encode())
    got = got.lower()
    for text in (b"security-", b"sec-agree", b"\nrequire", b"p-access-network-info",
                 b"feature-caps", b"p-served-user"):
        check(text not in got, f"{text} came through: {got}")
    check(b"\r\nproxy-require: foo\r\n" in got, f"foo has not come through: {got}")
    for sock in (alice, bob):
        sock.close()


@scenario("the home network believes no AUTS without a challenge")
def no_challenge():
    # as the P-CSCF would hand it on, behind somebody's 200
    proxy = PROXY.udp(PCSCF_CORE, 5071)
    proxy.sendto("\r\n".join([
        "REGISTER sip:home1.example SIP/2.0",
        f"Via: SIP/2.0/UDP {PCSCF_CORE}:5071;branch=z9hG4bKauts",
        "From: <sip:victim@home1.example>;tag=1", "To: <sip:victim@home1.example>",
        "Call-ID: auts", "CSeq: 1 REGISTER", "Max-Forwards: 70",
        "Contact: <sip:eve@192.0.2.13>", "Authorization: Digest "
        'username="victim@home1.example",auts="x",integrity-protected="no"',
        "Content-Length: 0", "", ""]).encode(), (CORE, PORT))
    got = lab.receive(proxy, 1)[0]
    check(got.startswith(b"SIP/2.0 401 "), f"the answer: {got}")
    proxy.close()


@case("the time that a registration has got is that of its own contact")
def own_contact():
    said = {}
    fake = sys.modules["KSR"] = types.ModuleType("KSR")
    fake.pv = types.SimpleNamespace(get=said.get)
    pcscf = example("pcscf.py")
    own, other = "<sip:a@192.0.2.1:5060>", "<sip:a@192.0.2.2:5060>"
    for contact, expires, answer, default, want in (
            (own, None, [f"{own};expires=60, {other};expires=3600"], None, 60),
            (own, "0", [f"{other};expires=3600"], None, 0),
            (f"{own};expires=0", "600", [f'"x;expires=9" {other};expires=3600'], None, 0),
            (f"{own};q=0.5", "600", ['"a, b;expires=9999" <SIP:a@192.0.2.1:5060>', other], "77", 77),
            ("*", "0", [f"{other};expires=5"], None, 0), (own, "0", [], None, 0),
            # as some registrar writes it
            (own, "600", ["<sip:a@b.example>;expires=600"], None, 600)):
        said.clear()
        said.update({"$avp(contact)": contact, "$avp(expires)": expires,
                     "$hdr(Expires)": default,
                     **{f"$(hdr(Contact)[{i}])": one for i, one in enumerate(answer)}})
        equal(pcscf.PCscf.expires(), want, f"{contact}: {answer}")


@scenario("restart of the proxy: the SAs are in the kernel, and serve on")
def restart():
    P_CSCF.stop()
    P_CSCF.start()
    call(ALICE, BOB)
    call(BOB, ALICE)


@scenario("the SAs are lost: 494, and the UE registers again")
def lost():
    # a request that has begun, and a registration that is renewed
    for ue, name, then in ((ALICE, "lost", {"494"}),
                           (BOB, "register-again", {"494", "pair"})):
        PROXY.sipsec("sa", "flush", "impi", f"{ue.name}@home1.example")
        count = len(ue.agent.log)
        ue.register(name)
        equal(set(ue.agent.log[count:]), then, "what the agent saw")
    ALICE.register()
    call(ALICE, BOB)


@scenario("de-registration: the SAs end with it")
def deregistration():
    ALICE.register("deregister")
    for one in PROXY.sas("state", "established", "impi",
                         "alice@home1.example"):
        check(0 < one["hard-seconds"] - one["age"] <= 32,
              f"{one} lives on")
    BOB.sipp("message", "-max_retrans", "1", called="alice").done(1)


@scenario("loss of the UE: a call to it fails, its SAs end, and it comes back")
def lost_ue():
    BOB.ip("link set eth0 down")
    events = PROXY.make(sipsec.Events)
    ALICE.register()
    ALICE.sipp("message", called="bob").done(1)
    for one in PROXY.sas("state", "established", "impi",
                         "bob@home1.example"):
        where = [] if one["type"] == "in" else [
            "peer", one["addr"], "port", str(one["port"])]
        PROXY.sipsec("sa", "set", one["type"], "spi", one["spi"], *where,
                     "hard-seconds", str(one["age"] + 1))
    while events.next()[0] != "sa-expired":
        pass
    BOB.ip("link set eth0 up")
    BOB.sipsec("sa", "flush")
    BOB.register()
    call(ALICE, BOB)


def pair_by_command(ue, name, *more):
    """Give both sides a pair of SAs, as an operator does; their SPIs."""
    up, down = (f"{random.randrange(256, 1 << 32):#x}" for _ in range(2))
    keys = [os.urandom(32).hex() for _ in range(2)]
    user = ["impi", f"{name}@home1.example", "impu",
            f"sip:{name}@home1.example", "key-file", "-"]
    peer = ["peer", ue.addr, "port", str(PORT)]
    PROXY.sipsec("sa", "add", "in", "spi", up, "dir", "uplink", *user,
                 data=keys[0])
    PROXY.sipsec("sa", "add", "out", "spi", down, *peer, "dir", "downlink",
                 "pair", up, "seq", "1", *more, "key-file", "-", data=keys[1])
    ue.sipsec("sa", "add", "in", "spi", down, "dir", "downlink", *user,
              data=keys[1])
    ue.sipsec("sa", "add", "out", "spi", up, "peer", PCSCF, "port", str(PORT),
              "dir", "uplink", "pair", down, "seq", "1", "key-file", "-",
              data=keys[0])
    return up, down


class Baresip:
    """baresip, by its control port."""

    CONFIG = """sip_listen {addr}:{port}
module_path {modules}
audio_source aubridge,x
audio_player aubridge,x
audio_alert aubridge,x
module g711.so
module aubridge.so
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:4444
"""
    ACCOUNT = "<sip:{user};transport=udp>;auth_user={user};auth_pass=secret;" \
        "outbound=\"sip:{proxy}:{port};transport=udp\";answermode=auto;" \
        "regint=600\n"

    def __init__(self, ue):
        folder = os.path.join(DIR.name, "baresip")
        os.mkdir(folder)
        for name, text in (("config", self.CONFIG), ("accounts", self.ACCOUNT),
                           ("contacts", "")):
            with open(os.path.join(folder, name), "w",
                      encoding="ascii") as file:
                file.write(text.format(
                    addr=ue.addr, port=PORT, proxy=PCSCF,
                    user=f"{ue.name}@home1.example",
                    modules="/usr/lib/baresip/modules"))
        self.process = ue.start("baresip", "-f", folder, log="baresip.log")
        RUNNING.append(self.process)
        self.data = b""

        def connect():
            sock = ue.socket(socket.AF_INET, socket.SOCK_STREAM)
            if sock.connect_ex(("127.0.0.1", 4444)) == 0:
                return sock
            sock.close()
            return None

        self.sock = sipsec.wait_for(connect, "baresip's control port")
        self.sock.settimeout(tap.DEADLINE)

    def command(self, name, params=""):
        """A command; its success is seen by the events."""
        text = json.dumps({"command": name, "params": params}).encode()
        self.sock.sendall(b"%d:%s," % (len(text), text))

    def event(self, kind):
        """Wait for an event."""
        while True:
            size, colon, rest = self.data.partition(b":")
            if colon and len(rest) > int(size):
                self.data = rest[int(size) + 1:]
                if json.loads(rest[:int(size)]).get("type") == kind:
                    return
            else:
                more = self.sock.recv(1 << 16)
                check(more, f"baresip has ended before {kind}")
                self.data += more


@scenario("baresip: registration by Digest, calls both ways, over SAs by command")
def baresip():
    if not shutil.which("baresip"):
        raise tap.Skip("no program baresip")
    pair_by_command(CAROL, "carol")
    phone = Baresip(CAROL)
    sipsec.wait_for(lambda: any(
        one["hard-seconds"] for one in PROXY.sas("impi", "carol@home1.example")
        if "hard-seconds" in one), lambda: tail("baresip.log")
        or tail("pcscf.log") or "baresip's registration: at the proxy "
        f"{counters(PROXY)}, at the UE {counters(CAROL)}")
    before = counters(PROXY)
    ALICE.register()
    ALICE.sipp("call", called="carol").done()
    phone.event("CALL_CLOSED")
    answer = ALICE.sipp("called").ready()
    phone.command("dial", "sip:alice@home1.example")
    phone.event("CALL_ESTABLISHED")
    phone.command("hangup")
    answer.done()
    now = counters(PROXY)
    equal({name for name in now if now[name] != before.get(name, 0)}
          - {"unprotected"}, {"verified"}, "classes at the proxy")


SLOTS = """table ip slots {
	chain output {
		type filter hook output priority raw;
		ip saddr 192.0.2.1 udp sport 5061 meta mark set 1 udp sport set 5060 notrack
		ip saddr 192.0.2.1 udp sport 5062 meta mark set 2 udp sport set 5060 notrack
	}
}
"""


@scenario("two users behind one address and port: the proxy names the SA by mark")
def slots():
    PROXY.run("nft", "-f", "-", input=SLOTS)
    P_CSCF.stop()
    P_CSCF.define(SLOTS=2, SLOT_ADVERTISE=f"{PCSCF}:{PORT}",
                  SLOT1_SOCKET=f"udp:{PCSCF}:5061",
                  SLOT2_SOCKET=f"udp:{PCSCF}:5062")
    P_CSCF.start()
    ALICE.register()
    BOB.register()
    equal({int(one["mark"], 0) for one in PROXY.sas("out", "addr", BOB.addr)
           if one["state"] == "established"}, {1}, "mark of the first user")
    _, down = pair_by_command(BOB, "erin", "mark", "2")

    def signed():
        return {one["impi"]: one["messages"] for one in
                PROXY.sas("out", "addr", BOB.addr, "state", "established")}

    before = signed()
    listening = Sipp(BOB, "messaged", BOB.addr, PORT).ready()
    ALICE.sipp("message", called="bob").done()
    listening.done()
    now = signed()
    check(now["bob@home1.example"] > before["bob@home1.example"],
          "not signed with the SA of whom it is for")
    equal(now["erin@home1.example"], before["erin@home1.example"],
          f"signed with {down}, the other user's")


if __name__ == "__main__":
    tap.run()
