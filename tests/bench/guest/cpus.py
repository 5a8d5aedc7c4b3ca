#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Two CPUs: run as root where sipsec and the bench module are loaded.

    tests/bench/guest/cpus.py [--rounds N] [--batch N]

Prints "cpus WHAT best median": how many times faster two CPUs at once are than one of
them with all, for flows of their own and for one SA that both have messages of.
The median is of all rounds; best is the best of one CPU over the best of two.
"""

import argparse
import sys

import rows


def took(first, second, batch, cpus):
    """Ticks until all have arrived; of one lane, batch in all."""
    ticks, arrived = map(int, rows.ask(f"both {first.lane} {second.lane} {batch} {cpus}"))
    wanted = batch if first is second else 2 * batch
    if arrived != wanted:
        sys.exit(f"{first.name}: {arrived} of {wanted} arrived")
    return ticks


def main():
    """Rows take turns."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--batch", type=int, default=512)
    args = parser.parse_args()
    message = (rows.HERE / "messages/800.sip").read_bytes()
    plain = [rows.Row(f"plain-{i}", rows.Path(f"plain{i}"), 5060) for i in range(2)]
    path = rows.Path("sipsec")
    ours = []
    for i in range(2):
        port = 5060 + i
        path.proxy.enter()
        rows.sh("sipsec", "listen", "add", "addr", rows.PROXY, "port", str(port),
                "dir", "uplink", "preset", "strict")
        # one of the CPUs may stand still for a while
        rows.sipsec_sa(path, "hmac-sha-256-128", port, 0x4f1a2200 + i, f"{i + 1:02x}" * 32,
                       window=1024)
        ours.append(rows.Row(f"sipsec-{i}", path, port))
    cases = {"plain-two-flows": plain, "sipsec-two-flows": ours, "sipsec-one-sa": [ours[0]] * 2}
    rows.ask(b"message " + message)
    one = {name: [] for name in cases}
    two = {name: [] for name in cases}
    for _ in range(args.rounds):
        for name, (first, second) in cases.items():
            one[name].append(took(first, second, args.batch, 1))
            two[name].append(took(first, second, args.batch, 2))
    for name in cases:
        ratios = sorted(a / b for a, b in zip(one[name], two[name]))
        print("cpus", name, f"{min(one[name]) / min(two[name]):.2f}",
              f"{ratios[len(ratios) // 2]:.2f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
