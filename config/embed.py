#!/usr/bin/env python3
"""Turns files into one C file, so that the program carries its shipped data.

    embed.py OUTPUT.c ROOT FILE...

Each FILE is named by its path below ROOT: that is the name shipped_file() knows it by, and the name
under which `share: DIR` overrides it. Run by meson.
"""
import os
import sys

output, root, files = sys.argv[1], sys.argv[2], sys.argv[3:]
names = [os.path.relpath(os.path.join(os.getcwd(), f), os.path.abspath(root)) for f in files]
with open(output, "w") as out:
    out.write("// Made by config/embed.py from the files it names.\n")
    out.write('#include "config/shipped.h"\n\n')
    for i, f in enumerate(files):
        data = open(f, "rb").read()
        out.write(f"static const char file_{i}[] = {{\n")
        for at in range(0, len(data), 20):
            out.write("    " + " ".join(f"'\\x{b:02x}'," for b in data[at:at + 20]) + "\n")
        out.write("    '\\0'};\n")
    out.write("const struct shipped shipped_files[] = {\n")
    for i, name in enumerate(names):
        out.write(f'    {{"{name}", {{file_{i}, sizeof file_{i} - 1}}}},\n')
    out.write("    {0},\n};\n")
