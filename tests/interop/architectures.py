#!/usr/bin/env python3
"""Tiny random models of every family and their logits, computed by transformers in float32.

    architectures.py make FOLDER          FOLDER/NAME with config.json, model.safetensors, ids.txt, logits.f32 for each
    architectures.py check FOLDER         FOLDER/NAME/back.f32: logits of FOLDER/NAME/back, which Trilobit wrote
    architectures.py list

Needs torch and transformers. Weights are random with a fixed seed and large enough that wrong details show; norm
weights spread by 0.2, biases by 0.5.
"""
import os
import sys

import numpy
import torch
import transformers

VOCABULARY = 512
COMMON = dict(vocab_size=VOCABULARY, hidden_size=256, intermediate_size=384, num_hidden_layers=3, num_attention_heads=8,
              num_key_value_heads=2, max_position_embeddings=512, rms_norm_eps=1e-5, bos_token_id=1, eos_token_id=2,
              pad_token_id=None, tie_word_embeddings=False)


def llama3(factor):
    return dict(rope_type="llama3", factor=factor, low_freq_factor=1.0, high_freq_factor=4.0,
                original_max_position_embeddings=64, rope_theta=1000.0)


def longrope(dim):
    return dict(rope_type="longrope", rope_theta=10000.0, short_factor=[1.0 + 0.01 * i for i in range(dim)],
                long_factor=[1.0 + 0.5 * i for i in range(dim)], original_max_position_embeddings=64)


CASES = {
    "llama-1": ("Llama", dict(num_key_value_heads=8)),
    "llama-biases": ("Llama", dict(attention_bias=True, mlp_bias=True)),
    "llama-linear": ("Llama", dict(rope_parameters=dict(rope_type="linear", factor=4.0, rope_theta=10000.0))),
    "llama-3.1": ("Llama", dict(rope_parameters=llama3(8.0), tie_word_embeddings=True)),
    "llama-3.2": ("Llama", dict(rope_parameters={**llama3(32.0), "original_max_position_embeddings": 8192,
                                                 "rope_theta": 500000.0})),
    "llama-yarn": ("Llama", dict(rope_parameters=dict(rope_type="yarn", factor=4.0, rope_theta=10000.0,
                                                      original_max_position_embeddings=128))),
    "mistral-window": ("Mistral", dict(sliding_window=24, head_dim=48)),
    "mistral-whole": ("Mistral", dict(sliding_window=None)),
    "qwen2-window": ("Qwen2", dict(use_sliding_window=True, sliding_window=20, max_window_layers=1)),
    "qwen3-yarn": ("Qwen3", dict(head_dim=64, rope_parameters=dict(rope_type="yarn", factor=2.0, rope_theta=1e6,
                                                                  original_max_position_embeddings=256))),
    "gemma2": ("Gemma2", dict(head_dim=64, query_pre_attn_scalar=100, sliding_window=32, tie_word_embeddings=True,
                              num_hidden_layers=4, attn_logit_softcapping=5.0, final_logit_softcapping=8.0)),
    "gemma3-linear": ("Gemma3Text", dict(head_dim=64, query_pre_attn_scalar=64, sliding_window=16, tie_word_embeddings=True,
                                         num_hidden_layers=7, rope_parameters=dict(
                                             full_attention=dict(rope_type="linear", factor=8.0, rope_theta=1e6),
                                             sliding_attention=dict(rope_type="default", rope_theta=1e4)))),
    "phi3": ("Phi3", dict(sliding_window=40)),
    "phi3-partial": ("Phi3", dict(rope_parameters=dict(rope_type="default", rope_theta=10000.0,
                                                       partial_rotary_factor=0.75))),
    "phi3-long": ("Phi3", dict(rope_parameters=longrope(16), original_max_position_embeddings=64)),
    "smollm3": ("SmolLM3", dict(num_hidden_layers=5)),
    "smollm3-list": ("SmolLM3", dict(no_rope_layers=[0, 1, 1])),
    "olmo2": ("Olmo2", dict()),
    "granite": ("Granite", dict(embedding_multiplier=6.0, residual_multiplier=0.4, attention_multiplier=0.09,
                                logits_scaling=3.0)),
    "qwen3moe-plain": ("Qwen3Moe", dict(num_experts=6, num_experts_per_tok=3, moe_intermediate_size=96, head_dim=32,
                                        norm_topk_prob=False, decoder_sparse_step=1, mlp_only_layers=[])),
}


def make(name, folder):
    torch.manual_seed(sum(name.encode()))
    family, settings = CASES[name]
    config = getattr(transformers, family + "Config")(**{**COMMON, **settings})
    kind = family.replace("Text", "")
    model = getattr(transformers, kind + "ForCausalLM")._from_config(config, attn_implementation="eager", dtype=torch.float32)
    one = 0.0 if family.startswith("Gemma") else 1.0
    with torch.no_grad():
        for key, value in model.named_parameters():
            if "norm" in key:
                value.copy_(one + 0.2 * torch.randn_like(value))
            elif key.endswith("bias"):
                value.copy_(0.5 * torch.randn_like(value))
            elif "embed_tokens" in key:
                value.copy_(torch.randn_like(value) * 0.15)
            else:
                value.copy_(torch.randn_like(value) * 1.3 / value.shape[-1] ** 0.5)
            value.copy_(value.to(torch.bfloat16))
    model.to(torch.bfloat16).save_pretrained(folder)
    generator = numpy.random.default_rng(7)
    rows = [generator.integers(3, VOCABULARY - 3, size=n).tolist() for n in (16, 96)]
    with open(os.path.join(folder, "ids.txt"), "w") as out:
        out.writelines(" ".join(map(str, row)) + "\n" for row in rows)
    logits(folder, os.path.join(folder, "ids.txt"), os.path.join(folder, "logits.f32"))


def logits(folder, ids, out):
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    with open(ids) as lines:
        rows = [[int(word) for word in line.split()] for line in lines]
    with torch.no_grad():
        parts = [model(torch.tensor([row]), use_cache=False).logits[0].float().numpy() for row in rows]
    numpy.concatenate(parts).astype("<f4").tofile(out)


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        for name in CASES:
            make(name, os.path.join(sys.argv[2], name))
    elif sys.argv[1:2] == ["check"]:
        for name in CASES:
            place = os.path.join(sys.argv[2], name)
            if os.path.exists(os.path.join(place, "back", "config.json")):
                logits(os.path.join(place, "back"), os.path.join(place, "ids.txt"), os.path.join(place, "back.f32"))
    else:
        print("\n".join(CASES))
