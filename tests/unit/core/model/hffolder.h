// A very small Hugging Face model folder that a test can damage before it is written.
#pragma once

#include "core/base/half.h"
#include "core/base/json.h"
#include "core/base/rng.h"

#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

namespace trilobit::test {

/// hidden 32, 4 heads of 8 sharing 2 key/value heads, ffn 48, vocabulary 20, one block.
struct HfFolder {
    struct Entry {
        std::string name, dtype;
        std::vector<std::int64_t> shape;
        std::string bytes;
    };
    Json config;
    std::vector<Entry> tensors;

    explicit HfFolder(const std::string& modelType = "llama", bool packed = false) {
        config = Json::object({{"model_type", modelType}, {"hidden_size", 32}, {"intermediate_size", 48},
                               {"num_hidden_layers", 1}, {"num_attention_heads", 4}, {"num_key_value_heads", 2},
                               {"vocab_size", 20}, {"max_position_embeddings", 64}, {"rms_norm_eps", 1e-5},
                               {"rope_theta", 20000.0}, {"tie_word_embeddings", true}});
        config.set("hidden_act", modelType == "bitnet" ? "relu2" : "silu");
        const auto matrix = [&](const std::string& name, std::int64_t rows, std::int64_t cols) {
            packed ? addPacked(name, rows, cols, 0.5f) : addFloats(name, {rows, cols});
        };
        const std::string b = "model.layers.0.";
        addFloats("model.embed_tokens.weight", {20, 32});
        addFloats(b + "input_layernorm.weight", {32});
        matrix(b + "self_attn.q_proj.weight", 32, 32);
        matrix(b + "self_attn.k_proj.weight", 16, 32);
        matrix(b + "self_attn.v_proj.weight", 16, 32);
        matrix(b + "self_attn.o_proj.weight", 32, 32);
        addFloats(b + "post_attention_layernorm.weight", {32});
        matrix(b + "mlp.gate_proj.weight", 48, 32);
        matrix(b + "mlp.up_proj.weight", 48, 32);
        matrix(b + "mlp.down_proj.weight", 32, 48);
        if (modelType == "bitnet") {
            addFloats(b + "self_attn.attn_sub_norm.weight", {32});
            addFloats(b + "mlp.ffn_sub_norm.weight", {48});
        }
        addFloats("model.norm.weight", {32});
    }

    void addFloats(const std::string& name, std::vector<std::int64_t> shape) {
        std::int64_t count = 1;
        for (const std::int64_t n : shape)
            count *= n;
        Rng rng(tensors.size() + 1);
        std::string bytes;
        for (std::int64_t i = 0; i < count; ++i) {
            const auto value = static_cast<float>(rng.normal());
            bytes.append(reinterpret_cast<const char*>(&value), 4);
        }
        tensors.push_back({name, "F32", std::move(shape), std::move(bytes)});
    }
    void addPacked(const std::string& name, std::int64_t rows, std::int64_t cols, float scale) {
        Rng rng(tensors.size() + 1);
        std::string bytes;
        for (std::int64_t i = 0; i < rows / 4 * cols; ++i) {
            unsigned byte = 0;
            for (unsigned k = 0; k < 4; ++k)
                byte |= static_cast<unsigned>(rng.below(3)) << (2 * k);
            bytes += static_cast<char>(byte);
        }
        tensors.push_back({name, "U8", {rows / 4, cols}, std::move(bytes)});
        const std::uint16_t half = floatToBfloat16(scale);
        tensors.push_back({name + "_scale", "BF16", {1}, std::string(reinterpret_cast<const char*>(&half), 2)});
    }
    Entry& find(const std::string& name) {
        for (Entry& e : tensors)
            if (e.name == name)
                return e;
        std::abort();
    }
    void remove(const std::string& name) {
        std::erase_if(tensors, [&](const Entry& e) { return e.name == name; });
    }
    void quantized(const char* linearClass, const char* mode) {
        Json q = Json::object({{"quant_method", "bitnet"}});
        if (linearClass)
            q.set("linear_class", linearClass);
        if (mode)
            q.set("quantization_mode", mode);
        config.set("quantization_config", q);
    }

    /// `oddHeader` shifts the data to an odd address.
    void write(const std::string& folder, bool oddHeader = false) const {
        Json header = Json::object();
        std::string data;
        for (const Entry& e : tensors) {
            Json shape = Json::array();
            for (const std::int64_t n : e.shape)
                shape.push(n);
            Json offsets = Json::array();
            offsets.push(data.size()).push(data.size() + e.bytes.size());
            header.set(e.name, Json::object({{"dtype", e.dtype}, {"shape", shape}, {"data_offsets", offsets}}));
            data += e.bytes;
        }
        std::string text = header.dump();
        while (text.size() % 8 != (oddHeader ? 1u : 0u))
            text += ' ';
        const std::uint64_t length = text.size();
        put(folder + "/model.safetensors", std::string(reinterpret_cast<const char*>(&length), 8) + text + data);
        put(folder + "/config.json", config.dump(2));
    }

private:
    static void put(const std::string& path, const std::string& bytes) {
        std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }
};

} // namespace trilobit::test
