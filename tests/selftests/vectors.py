#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The specification's signed messages through the hook, each against a fresh
SA whose window has seen nothing.

The topology is that of lib/lab.py; the direction of the SA chooses the
listener.
"""

from lib import lab, sip, sipsec, tap, vectors
from lib.tap import check, equal

sipsec.need_module()
LAB = lab.Lab()
CLIENT = LAB.client


def run_vectors(version, name):
    """All messages of one algorithm."""
    data = vectors.load("integrity.json")
    alg = sip.ALG_BY_NAME[name]
    sas = {row["spi"]: sip.SA(int(row["spi"], 16), bytes.fromhex(row["key"]),
                              alg, row["direction"])
           for row in data["sas"] if row["algorithm"] == name}
    messages = [one for one in data["messages"] if one["sa"] in sas]
    check(messages, f"no vectors of {name}")
    flows = [LAB.flow(version, port=5060 + 10 * way, sport=5060 + 10 * way,
                      direction=way, preset=sipsec.STRICT) for way in (0, 1)]
    wrong = []
    expected = [[], []]
    try:
        for one in messages:
            sa = sas[one["sa"]]
            flow = flows[sa.direction]
            CLIENT.flush()
            CLIENT.add_in(sa, seq=0)
            message = bytes.fromhex(one["message"])
            flow.send(message)
            got = flow.listener.which()
            if got not in one["class"].split("-or-"):
                wrong.append(f"{one['name']}: {got}, want {one['class']}")
            if one["class"] == "verified":
                expected[sa.direction].append(message)
                state = CLIENT.get_in(sa.spi)
                equal((state["seq"], state["messages"], state["octets"]),
                      (int(one["seq"], 16), 1, len(message)),
                      f"{one['name']}: seq, messages, octets of the SA")
        check(not wrong, "; ".join(wrong))
        for flow, some in zip(flows, expected):
            flow.exactly(*some)
        CLIENT.flush()
        for flow in flows:
            flow.close()
    finally:
        CLIENT.clear()
        for flow in flows:
            flow.server.close()
            flow.sender.close()
    tap.diag(f"{len(messages)} messages")


def md5(version, name):
    """hmac-md5-96 has to be allowed first."""
    with sipsec.Param([CLIENT], allow_md5="1"):
        run_vectors(version, name)


# uia1, uia2 and 128-eia3 have none: threegpp.py signs for them.
for _name, _alg in sip.ALG_BY_NAME.items():
    if _alg in (sip.UIA1, sip.UIA2, sip.EIA3):
        continue
    for _version in (4, 6):
        tap.case(f"integrity.json, {_name}, IPv{_version}", _version, _name)(
            md5 if _alg == sip.MD5 else run_vectors)

if __name__ == "__main__":
    tap.run()
