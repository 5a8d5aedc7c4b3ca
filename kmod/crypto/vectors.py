#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Write vectors.h, what the self-test computes, out of tests/vectors/3gpp.

    kmod/crypto/vectors.py > kmod/crypto/vectors.h

The test sets of the specifications themselves, not the further ones.
"""

import importlib.util
import pathlib
import sys

sys.dont_write_bytecode = True
VECTORS = pathlib.Path(__file__).resolve().parents[2] / "tests/vectors/3gpp"


def flatten():
    """The module that reads the files."""
    spec = importlib.util.spec_from_file_location("flatten", VECTORS / "flatten.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def array(name, data):
    """Octets in C."""
    print(f"static const u8 {name}[] __initconst = {{")
    for start in range(0, len(data), 12):
        print("\t" + ", ".join(f"0x{one:02x}" for one in data[start:start + 12]) + ",")
    print("};\n")


def main():
    """The file."""
    print("/* SPDX-License-Identifier: GPL-2.0 */")
    print("/* Do not edit directly: written by vectors.py from tests/vectors/3gpp. */\n")
    rows = [one for one in flatten().rows() if one.own]
    for i, row in enumerate(rows):
        array(f"key{i}", row.key)
        array(f"data{i}", row.prefix + row.msg)
        array(f"mac{i}", row.mac)
    print("static const struct threegpp_vector threegpp_vectors[] __initconst = {")
    for i, row in enumerate(rows):
        print(f'\t{{ "{row.alg}", "{row.name}", key{i}, data{i}, mac{i},')
        print(f"\t  sizeof(data{i}) }},")
    print("};")


if __name__ == "__main__":
    main()
