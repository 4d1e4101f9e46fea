# Packed checkpoint matrices and what the libraries themselves make of them: AutoGPTQ (9f7d370), AutoAWQ (88e4c76),
# hqq (e0b1d00). Usage: gen_checkpoints.py FOLDER_WITH_THEIR_SOURCES OUT.safetensors
import importlib.util, os, sys, types
import numpy as np, torch, torch.nn as nn
from safetensors.torch import save_file

root, out = sys.argv[1:3]
sys.path.insert(0, root)
torch.manual_seed(7)


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, os.path.join(root, path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tensors = {}


def add(prefix, **parts):
    for key, value in parts.items():
        tensors[f"{prefix}.{key}"] = value.detach().contiguous().clone()


transformers = types.ModuleType("transformers")
transformers.pytorch_utils = types.SimpleNamespace(Conv1D=type("Conv1D", (), {}))
sys.modules["transformers"] = transformers
gptq = load("auto_gptq/nn_modules/qlinear/qlinear_cuda_old.py", "gptq")
for bits in (2, 3, 4, 8):
    rows, cols, group = 32, 64, 32
    linear = nn.Linear(cols, rows, bias=False)
    linear.weight.data.normal_(0, 0.02)
    w = linear.weight.data.reshape(rows, cols // group, group)
    low, high = w.amin(2).clamp(max=0), w.amax(2).clamp(min=0)
    scale = ((high - low) / (2**bits - 1)).half().float()
    zero = torch.round(-low / scale).clamp(1, 2**bits - 1)
    q = torch.clamp(torch.round(w / scale[..., None]) + zero[..., None], 0, 2**bits - 1)
    linear.weight.data = ((q - zero[..., None]) * scale[..., None]).reshape(rows, cols).contiguous()
    layer = gptq.QuantLinear(bits, group, cols, rows, False, use_cuda_fp16=False, weight_dtype=torch.float32)
    layer.pack(linear, scale, zero.clone(), None)
    identity = torch.eye(cols)
    expected = layer(identity).t()  # its own way back, in float32
    add(f"gptq{bits}", qweight=layer.qweight, qzeros=layer.qzeros, scales=layer.scales.half(), g_idx=layer.g_idx if hasattr(layer, "g_idx") else torch.arange(cols, dtype=torch.int32) // group, expected=expected)

packing = load("awq/utils/packing_utils.py", "awq_packing")
rows, cols, group = 16, 128, 64
q = torch.randint(0, 16, (cols, rows), dtype=torch.int32)
z = torch.randint(0, 16, (cols // group, rows), dtype=torch.int32)
scales = (torch.rand(cols // group, rows) * 0.01 + 0.001).half()
order = [0, 2, 4, 6, 1, 3, 5, 7]  # as WQLinear_GEMM.from_linear packs


def pack(x):
    words = torch.zeros(x.shape[0], x.shape[1] // 8, dtype=torch.int32)
    for col in range(x.shape[1] // 8):
        for i in range(8):
            words[:, col] |= x[:, col * 8 + order[i]] << (4 * i)
    return words


expected = packing.dequantize_gemm(pack(q), pack(z), scales.float(), 4, group).t()
add("awq4", qweight=pack(q), qzeros=pack(z), scales=scales, expected=expected)

bitpack = load("hqq/core/bitpack.py", "hqq_bitpack")
hqq_core = types.ModuleType("hqq"); hqq_core.__path__ = [os.path.join(root, "hqq")]
sys.modules["hqq"] = hqq_core
core = types.ModuleType("hqq.core"); core.__path__ = [os.path.join(root, "hqq/core")]
sys.modules["hqq.core"] = core
sys.modules["termcolor"] = types.SimpleNamespace(colored=lambda text, *a, **k: text)
sys.modules["hqq.models"] = types.ModuleType("hqq.models")
import hqq.core.quantize as hq
from hqq.core.utils import encode_safetensor_type
for bits, group, axis in ((8, 64, 1), (4, 64, 1), (4, 64, 0), (3, 64, 1), (3, 60, 0), (2, 16, 1), (1, 32, 1)):
    rows, cols = 16, (60 if group == 60 else 64)
    w = torch.randn(rows, cols) * 0.02
    W_q, meta = hq.Quantizer.quantize(w, nbits=bits, group_size=group, axis=axis, optimize=False, round_zero=False, device="cpu")
    meta["scale"], meta["zero"] = meta["scale"].half(), meta["zero"].half()
    meta["compute_dtype"] = torch.float32
    exact = dict(meta, scale=meta["scale"].float(), zero=meta["zero"].float())
    expected = hq.Quantizer.dequantize(W_q, exact)
    parts = {k: encode_safetensor_type(v) for k, v in meta.items() if k in ("nbits", "group_size", "axis", "shape", "packing", "view_as_float", "scale", "zero")}
    add(f"hqq{bits}-g{group}-a{axis}", W_q=W_q, expected=expected, **parts)
save_file(tensors, out)
for k, v in tensors.items():
    if k.endswith(("expected", "W_q", "qweight")): print(k, tuple(v.shape), v.dtype)
