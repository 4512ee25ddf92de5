#!/usr/bin/env python3
"""Turns files into one C file, so that the program carries its shipped data.

    embed.py OUTPUT.c ROOT FILE...

Each FILE is named by its path below ROOT: that is the name shipped_file() knows it by, and the name
under which `share: DIR` overrides it. A file becomes string literals, one for each of its lines: a compiler
reads these many times faster than an array of numbers. Run by meson.
"""
import os
import sys

# Octal escapes have three digits, so that what follows is never taken for a part of them; '?' is escaped
# because of trigraphs.
escapes = [chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else f"\\{b:03o}" for b in range(256)]
WIDTH = 4000  # bytes of a literal at most: a C11 compiler takes 4095


def literals(data):
    pieces = []
    for line in data.splitlines(keepends=True):
        pieces += [line[at:at + WIDTH] for at in range(0, len(line), WIDTH)]
    return "\n".join('    "' + "".join(escapes[b] for b in piece) + '"' for piece in pieces or [b""])


output, root, files = sys.argv[1], sys.argv[2], sys.argv[3:]
names = [os.path.relpath(os.path.join(os.getcwd(), f), os.path.abspath(root)) for f in files]
with open(output, "w") as out:
    out.write("// Made by config/embed.py from the files it names.\n")
    out.write('#include "config/shipped.h"\n\n')
    for i, f in enumerate(files):
        with open(f, "rb") as read:
            out.write(f"static const char file_{i}[] =\n{literals(read.read())};\n")
    out.write("const struct shipped shipped_files[] = {\n")
    for i, name in enumerate(names):
        out.write(f'    {{"{name}", {{file_{i}, sizeof file_{i} - 1}}}},\n')
    out.write("    {0},\n};\n")
