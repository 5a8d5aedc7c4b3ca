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

import importlib.machinery
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading

from lib import netns, sipsec, tap
from lib.tap import Failed, case, check, equal

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLES = os.environ.get("SIPSEC_EXAMPLES") or os.path.join(
    HERE, "..", "..", "examples", "kamailio")
BUILT = os.path.join(HERE, "..", "..", "build", "userspace-ctl")
os.environ["PATH"] += os.pathsep + BUILT
MODULES = "/usr/lib/*/kamailio/modules"
for program in ("sipsec", "kamailio", "sipp", "nft"):
    if not shutil.which(program):
        tap.skip_all(f"no program {program}")
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

    def sipsec(self, *words):
        """sipsec -j; what it prints, decoded."""
        text = self.run("sipsec", "-j", *words)
        return json.loads(text) if text.strip() else None

    def sas(self, *words):
        """The SAs in it."""
        return self.sipsec("sa", "list", *words)

    def bound(self, addr, port):
        """Is a UDP socket bound there?"""
        want = f"{int.from_bytes(bytes(map(int, addr.split('.'))), 'little'):08X}:{port:04X}"
        return want in self.run("cat", "/proc/self/net/udp")


def tail(name, count=40):
    """The end of a file, for who looks for a failure."""
    try:
        with open(os.path.join(DIR.name, name), encoding="utf-8",
                  errors="replace") as file:
            tap.diag(f"{name}:\n" + "".join(file.readlines()[-count:]))
    except FileNotFoundError:
        pass


class Proxy:
    """A Kamailio."""

    def __init__(self, host, name, addr, defines, **environ):
        self.host, self.name, self.addr = host, name, addr
        self.environ = {**os.environ, **environ}
        self.dir = os.path.join(DIR.name, name)
        os.mkdir(self.dir)
        for one in (f"{name}.cfg", f"{name}.py"):
            shutil.copy(os.path.join(EXAMPLES, one), self.dir)
        defines = {"HELPER": f'"{self.dir}/{name}.py"', **defines}
        with open(f"{self.dir}/{name}-local.cfg", "w",
                  encoding="ascii") as file:
            file.writelines(f"#!define {key} {value}\n"
                            for key, value in defines.items())
        self.process = None

    def start(self):
        """Start it, and wait until it can be spoken to."""
        self.process = self.host.start(
            "kamailio", "-DD", "-E", "-m", "16", "-M", "4", "-Y", self.dir,
            "-w", self.dir, "-f", f"{self.dir}/{self.name}.cfg",
            log=f"{self.name}.log", env=self.environ)
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


class Ue(Host):
    """A terminal: an address, a user, an agent."""

    def __init__(self, name, number, agent=AGENT.Agent):
        super().__init__(name)
        self.name, self.addr = name, f"192.0.2.{number}"
        attach(self, f"{self.addr}/24", name)
        self.sipsec("listen", "add", "addr", self.addr, "port", str(PORT),
                    "dir", "downlink")
        self.agent = self.make(agent, USIM)
        self.stop, self.stopper = os.pipe()
        self.thread = threading.Thread(target=self.attend, daemon=True)
        self.thread.start()

    def attend(self):
        """The agent's thread."""
        self.enter()
        self.agent.run(self.stop)

    def sipp(self, scenario, *words, called="bob", port=PORT):
        """Start SIPp."""
        return Sipp(self, scenario, self.addr, port, "-key", "user", self.name,
                    "-key", "called", called, "-au",
                    f"{self.name}@home1.example", *words)

    def register(self, scenario="register", *words):
        """Register, or what the scenario is."""
        self.sipp(scenario, *words).done()


# What a case that failed has left behind; the others rest on it.
RUNNING = []
FAILED = []


class Sipp:
    """A run of SIPp."""

    count = 0

    def __init__(self, host, scenario, addr, port, *words):
        Sipp.count += 1
        self.log = f"sipp-{Sipp.count}-{scenario}"
        self.messages = os.path.join(DIR.name, self.log + ".messages")
        self.scenario = scenario
        patient = "-watchdog_minor_maxtriggers 1000000 " \
            "-watchdog_major_maxtriggers 1000000"
        words = list(words)
        if "-m" not in words:
            words += ["-m", "1"]
        self.process = host.start(
            "sipp", "-sf", f"{EXAMPLES}/sipp/{scenario}.xml", "-i", addr, "-p",
            str(port), "-l", "1", "-nostdin", "-timeout", "60s",
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
            tail(f"{self.log}.messages", 80)
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
            "annotate", "on", "action", "unknown-spi=answer,expired=answer"]
PROXY.sipsec(*LISTENER)
ALICE, BOB, CAROL = Ue("alice", 11), Ue("bob", 12), Ue("carol", 13)
TIMERS = {"FR_TIMER": 8000, "CHILDREN": 1}
P_CSCF = Proxy(PROXY, "pcscf", PCSCF, TIMERS)
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
            function()
            FAILED.clear()
        case(title)(clean)
        return clean
    return register


def call(caller, called):
    """A whole call."""
    answer = called.sipp("called").ready()
    caller.sipp("call", called=called.name).done()
    answer.done()


@scenario("registration: the pair is made of the 401, and established by the 200")
def registration():
    S_CSCF.start()
    P_CSCF.start()
    ALICE.register()
    BOB.register()


@scenario("a call, and one back")
def calls():
    call(ALICE, BOB)
    call(BOB, ALICE)


@scenario("re-registration with new keys under traffic")
def traffic():
    messages = "20"
    registering = ALICE.sipp("register", "-m", "4", "-oocsf",
                             f"{EXAMPLES}/sipp/messaged.xml").ready()
    sender = BOB.sipp("message", "-m", messages, called="alice").done()
    registering.done()
    print("#", re.findall(r"Retransmissions.*", sender.text()))


@scenario("the answer to the challenge is wrong, or AUTN is")
def wrong():
    ALICE.register("register-wrong")
    ALICE.register("register-no-autn")


@scenario("an emergency call without registration")
def emergency():
    psap = Sipp(HOME, "called", CORE, 5090).ready()
    CAROL.register("emergency")
    psap.done()


@scenario("resynchronisation: AUTS")
def resynchronisation():
    S_CSCF.stop()
    S_CSCF.environ["SQN"] = "0x10"
    S_CSCF.start()
    ALICE.register("register-resync")


@scenario("restart of the proxy: its SAs stay in the kernel")
def restart():
    P_CSCF.stop()
    P_CSCF.start()
    call(ALICE, BOB)


@scenario("de-registration")
def deregistration():
    BOB.register("deregister")


if __name__ == "__main__":
    tap.run()
