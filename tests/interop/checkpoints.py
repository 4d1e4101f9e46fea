#!/usr/bin/env python3
"""Weights of a folder in the AWQ or HQQ layout, read without Trilobit: checkpoints.py FOLDER OUT.safetensors

OUT holds every packed matrix as NAME.weight in float32. HQQ matrices are loaded by the hqq package itself. AWQ matrices
are unpacked from what its GEMM kernels read: eight 4-bit numbers in a word of 32 bits, of which the lowest belongs to
output 0, the next ones to 2, 4, 6, 1, 3, 5 and 7. Needs torch, safetensors and, for HQQ, hqq.
"""
import json
import os
import sys

import torch
from safetensors.torch import load_file, save_file


def awq_numbers(words):
    """[n, out / 8] words -> [n, out] numbers."""
    lanes = (words.to(torch.int64).unsqueeze(-1) >> torch.arange(0, 32, 4)) & 15
    out = torch.empty_like(lanes)
    for lane, output in enumerate((0, 2, 4, 6, 1, 3, 5, 7)):
        out[..., output] = lanes[..., lane]
    return out.reshape(words.shape[0], -1)


def awq(tensors, stem, config):
    group = config["group_size"]
    codes = awq_numbers(tensors[stem + ".qweight"]).float()
    zeros = awq_numbers(tensors[stem + ".qzeros"]).float().repeat_interleave(group, 0)
    scales = tensors[stem + ".scales"].float().repeat_interleave(group, 0)
    return ((codes - zeros) * scales).t()


def hqq(tensors, stem):
    from hqq.core.quantize import HQQLinear

    layer = HQQLinear(None, None, compute_dtype=torch.float32, device="cpu", initialize=False)
    state = {name[len(stem) + 1:]: value for name, value in tensors.items() if name.rpartition(".")[0] == stem}
    missing = []
    layer._load_from_state_dict({"." + k: v for k, v in state.items()}, ".", {}, True, missing, [], [])
    if missing:
        raise SystemExit(f"{stem}: hqq misses {missing}")
    layer.meta["compute_dtype"] = torch.float32
    return layer.dequantize()


folder, target = sys.argv[1:3]
with open(os.path.join(folder, "config.json")) as file:
    settings = json.load(file)["quantization_config"]
everything = load_file(os.path.join(folder, "model.safetensors"))
result = {}
for key in everything:
    name, _, last = key.rpartition(".")
    if last == "qweight" and settings["quant_method"] == "awq":
        result[name + ".weight"] = awq(everything, name, settings).contiguous()
    elif last == "W_q" and settings["quant_method"] == "hqq":
        result[name + ".weight"] = hqq(everything, name).float().contiguous()
save_file(result, target)
print(len(result))
