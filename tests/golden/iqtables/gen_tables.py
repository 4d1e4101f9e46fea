# Asks an independent decoder (gguf-py) for every entry of the codebooks of IQ1 to IQ3 and prints core/encodings/iq/tables.cpp.
# Usage: gen_tables.py > tables.cpp
import numpy as np
from gguf import GGMLQuantizationType as T
from gguf.quants import dequantize

HALF_ONE = np.frombuffer(np.float16(1).tobytes(), np.uint8)


def ask(kind, blocks, scale):
    return np.rint(dequantize(np.stack(blocks), kind).astype(np.float64) / scale).astype(int)


def iq2_xxs():
    blocks = []
    for index in range(256):  # four equal groups of eight in each 32; signs and scale 0
        groups = np.tile(np.array([index] * 4 + [0] * 4, np.uint8), 8)
        blocks.append(np.concatenate([HALF_ONE, groups]))
    return ask(T.IQ2_XXS, blocks, 0.125)[:, :8]


def iq2_xs():
    return ask(T.IQ2_XS, [np.concatenate([HALF_ONE, np.tile(np.array([i], "<u2"), 32).view(np.uint8), np.zeros(8, np.uint8)]) for i in range(512)], 0.125)[:, :8]


def iq2_s():
    return ask(T.IQ2_S, [np.concatenate([HALF_ONE, np.full(32, i & 255, np.uint8), np.zeros(32, np.uint8), np.full(8, (i >> 8) * 0x55, np.uint8), np.zeros(8, np.uint8)]) for i in range(1024)], 0.125)[:, :8]


def iq3_xxs():
    return ask(T.IQ3_XXS, [np.concatenate([HALF_ONE, np.full(64, i, np.uint8), np.zeros(32, np.uint8)]) for i in range(256)], 0.25)[:, :4]


def iq3_s():
    return ask(T.IQ3_S, [np.concatenate([HALF_ONE, np.full(64, i & 255, np.uint8), np.full(8, (i >> 8) * 0xFF, np.uint8), np.zeros(36, np.uint8)]) for i in range(512)], 1.0)[:, :4]


def iq1():
    high = lambda i: np.tile(np.array([(i >> 8) * 0o1111], "<u2"), 8).view(np.uint8)
    values = dequantize(np.stack([np.concatenate([HALF_ONE, np.full(32, i & 255, np.uint8), high(i)]) for i in range(2048)]), T.IQ1_S)
    return np.rint(values[:, :8].astype(np.float64) - 0.125).astype(int)


def packed(table, levels, bits):
    levels = list(levels)
    return [sum(levels.index(v) << (bits * k) for k, v in enumerate(row)) for row in table.tolist()]


def array(name, values):
    lines, line = [], "   "
    for v in values:
        word = f" {v},"
        if len(line) + len(word) > 118:
            lines.append(line)
            line = "   "
        line += word
    lines.append(line)
    return f"const std::array<std::uint16_t, {len(values)}> {name}{{\n" + "\n".join(lines) + "\n};\n"


print("// Made by tests/golden/iqtables/gen_tables.py; see tables.h.")
print('#include "core/encodings/iq/tables.h"\n\nnamespace trilobit::encodings {\n')
print(array("kIq2Xxs", packed(iq2_xxs(), (8, 25, 43), 2)))
print(array("kIq2Xs", packed(iq2_xs(), (8, 25, 43), 2)))
print(array("kIq2S", packed(iq2_s(), (8, 25, 43), 2)))
print(array("kIq3Xxs", packed(iq3_xxs(), (4, 12, 20, 28, 36, 44, 52, 62), 3)))
print(array("kIq3S", packed(iq3_s(), (1, 3, 5, 7, 9, 11, 13, 15), 3)))
print(array("kIq1", packed(iq1(), (-1, 0, 1), 2)))
print("} // namespace trilobit::encodings")
