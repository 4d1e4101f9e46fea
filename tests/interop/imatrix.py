"""Stock llama.cpp quantizes a model with an importance matrix: python imatrix.py LIBRARIES MODEL IMATRIX OUT FTYPE

LIBRARIES is a folder with libllama*.so; FTYPE a number of enum llama_ftype. The importance matrix is read by the rules of
llama.cpp's own reader (sum of squares over counts) with the gguf package. All matrices get the one type (pure)."""
import ctypes
import glob
import sys

import gguf
import numpy as np

libraries, model, imatrix, out, ftype = sys.argv[1:]


class Entry(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("data", ctypes.c_void_p), ("size", ctypes.c_size_t)]


class Params(ctypes.Structure):
    _fields_ = ([("threads", ctypes.c_int32), ("ftype", ctypes.c_int), ("output_type", ctypes.c_int),
                 ("embedding_type", ctypes.c_int)]
                + [(name, ctypes.c_bool) for name in ("requantize", "quantize_output", "only_copy", "pure", "keep_split",
                                                      "dry_run")]
                + [("imatrix", ctypes.POINTER(Entry)), ("room", ctypes.c_void_p * 12)])


reader = gguf.GGUFReader(imatrix)
assert reader.fields["general.type"].contents() == "imatrix"
assert isinstance(reader.fields["imatrix.datasets"].contents(), list)
assert reader.fields["imatrix.chunk_count"].contents() > 0 and reader.fields["imatrix.chunk_size"].contents() > 0
tensors = {tensor.name: np.array(tensor.data, dtype=np.float32) for tensor in reader.tensors}
values = {}
for name, sums in tensors.items():
    if name.endswith(".in_sum2"):
        stem = name[: -len(".in_sum2")]
        values[stem] = np.ascontiguousarray(sums.reshape(-1) / tensors[stem + ".counts"].reshape(-1)[0], dtype=np.float32)
entries = (Entry * (len(values) + 1))()  # a null name ends the list
for entry, (name, data) in zip(entries, values.items()):
    entry.name, entry.data, entry.size = name.encode(), data.ctypes.data, data.size

for name in ("libggml-base", "libggml.", "libllama."):
    library = ctypes.CDLL(sorted(glob.glob(libraries + "/" + name + "*so"))[0], mode=ctypes.RTLD_GLOBAL)
library.llama_model_quantize_default_params.restype = Params
library.llama_model_quantize.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.POINTER(Params)]
params = library.llama_model_quantize_default_params()
assert params.quantize_output and not params.pure and not params.imatrix, "another version of llama.cpp"
params.threads, params.ftype, params.pure, params.requantize = 2, int(ftype), True, True
params.imatrix = ctypes.cast(entries, ctypes.POINTER(Entry))
sys.exit(library.llama_model_quantize(model.encode(), out.encode(), ctypes.byref(params)))
