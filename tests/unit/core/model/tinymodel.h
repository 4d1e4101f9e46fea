// A very small llama model as GGUF that a test can damage before it is written.
#pragma once

#include "core/base/rng.h"
#include "core/formats/gguf/ggufwriter.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace trilobit::test {

/// 4 heads sharing 2 key/value heads, vocabulary 20, F32; by default two blocks, hidden 32 and ffn 48.
struct TinyModel {
    Metadata metadata;
    std::vector<GgufTensorOut> tensors;

    explicit TinyModel(const std::string& architecture = "llama", std::uint32_t hiddenSize = 32,
                       std::uint32_t ffnSize = 48, std::uint32_t blocks = 2) {
        const std::int64_t hidden = hiddenSize, ffn = ffnSize;
        const std::string a = architecture + ".";
        metadata.set("general.architecture", MetaValue::string(architecture));
        metadata.set("general.name", MetaValue::string("tiny"));
        metadata.set("general.file_type", MetaValue::u32(0));
        metadata.set("general.quantization_version", MetaValue::u32(2));
        metadata.set(a + "block_count", MetaValue::u32(blocks));
        metadata.set(a + "context_length", MetaValue::u32(64));
        metadata.set(a + "embedding_length", MetaValue::u32(hiddenSize));
        metadata.set(a + "feed_forward_length", MetaValue::u32(ffnSize));
        metadata.set(a + "attention.head_count", MetaValue::u32(4));
        metadata.set(a + "attention.head_count_kv", MetaValue::u32(2));
        metadata.set(a + "attention.layer_norm_rms_epsilon", MetaValue::f32(1e-5f));
        metadata.set(a + "rope.freq_base", MetaValue::f32(10000.0f));
        add("token_embd.weight", {hidden, 20});
        for (std::uint32_t layer = 0; layer < blocks; ++layer) {
            const std::string b = "blk." + std::to_string(layer) + ".";
            add(b + "attn_norm.weight", {hidden});
            add(b + "attn_q.weight", {hidden, hidden});
            add(b + "attn_k.weight", {hidden, hidden / 2});
            add(b + "attn_v.weight", {hidden, hidden / 2});
            add(b + "attn_output.weight", {hidden, hidden});
            add(b + "ffn_norm.weight", {hidden});
            add(b + "ffn_gate.weight", {hidden, ffn});
            add(b + "ffn_up.weight", {hidden, ffn});
            add(b + "ffn_down.weight", {ffn, hidden});
            if (architecture.starts_with("bitnet")) {
                add(b + "attn_sub_norm.weight", {hidden});
                add(b + "ffn_sub_norm.weight", {ffn});
            }
        }
        add("output_norm.weight", {hidden});
    }

    GgufTensorOut& add(const std::string& name, std::vector<std::int64_t> ne) {
        std::int64_t count = 1;
        for (const std::int64_t n : ne)
            count *= n;
        const auto values = std::make_shared<std::vector<float>>(static_cast<std::size_t>(count));
        Rng rng(tensors.size() + 1);
        for (float& v : *values)
            v = static_cast<float>(rng.normal());
        tensors.push_back({name, std::move(ne), 0, static_cast<std::uint64_t>(count) * 4,
                           [values](const auto& put, RunControl&) { return put(std::as_bytes(std::span(*values))); }});
        return tensors.back();
    }
    GgufTensorOut& find(const std::string& name) {
        return *std::find_if(tensors.begin(), tensors.end(), [&](const auto& t) { return t.name == name; });
    }
    void remove(const std::string& name) {
        std::erase_if(tensors, [&](const auto& t) { return t.name == name; });
    }
    Result<void> write(const std::string& path) const {
        RunControl control;
        return writeGguf(path, metadata, tensors, control);
    }
};

} // namespace trilobit::test
