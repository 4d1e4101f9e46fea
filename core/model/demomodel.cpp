#include "core/model/demomodel.h"

#include "core/base/half.h"
#include "core/base/rng.h"
#include "core/formats/gguf/ggufwriter.h"
#include "core/model/demovocab.h"

#include <algorithm>
#include <vector>

namespace trilobit {

namespace {

constexpr std::int64_t kHidden = 256, kLayers = 4, kHeads = 4, kKvHeads = 2, kFfn = 768, kContext = 1024;
constexpr std::int64_t kHeadDim = kHidden / kHeads;
constexpr int kF32 = 0, kF16 = 1;
constexpr int kOutlierColumns = 3;

/// Nearly normal: twelve uniform numbers summed, so that no library function can change the bytes.
float bellShaped(Rng& rng) {
    std::uint64_t sum = 0;
    for (int i = 0; i < 3; ++i)
        for (std::uint64_t bits = rng.next(), j = 0; j < 4; ++j, bits >>= 16)
            sum += bits & 0xFFFF;
    return static_cast<float>(static_cast<double>(sum) / 65536.0 - 6.0 + 12.0 * 0.5 / 65536.0);
}

/// A bell-shaped matrix with a few columns far wider than the rest, as trained models have them.
std::vector<std::uint16_t> matrix(Rng& rng, std::int64_t rows, std::int64_t cols, float sigma) {
    std::vector<float> columnScale(static_cast<std::size_t>(cols), sigma);
    for (int i = 0; i < kOutlierColumns; ++i)
        columnScale[rng.below(static_cast<std::uint64_t>(cols))] *= 3.0f + 3.0f * static_cast<float>(rng.uniform());
    std::vector<std::uint16_t> values(static_cast<std::size_t>(rows * cols));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = floatToHalf(columnScale[i % static_cast<std::size_t>(cols)] * bellShaped(rng));
    return values;
}

std::vector<float> normWeights(Rng& rng, std::int64_t count, float mean) {
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& v : values)
        v = mean + 0.1f * bellShaped(rng);
    return values;
}

/// Tokens that are no text (bytes, control tokens) get small rows, so that a chat shows pieces of words.
std::vector<std::uint16_t> outputMatrix(Rng& rng, float sigma) {
    std::vector<std::uint16_t> values = matrix(rng, kDemoVocabSize, kHidden, sigma);
    for (std::size_t i = 0; i < static_cast<std::size_t>(kDemoFirstPiece * kHidden); ++i)
        values[i] = floatToHalf(0.3f * halfToFloat(values[i]));
    return values;
}

class DemoTensors {
public:
    explicit DemoTensors(std::uint64_t seed) : m_seed(seed) {}

    void addMatrix(const std::string& name, std::int64_t rows, std::int64_t cols, float sigma) {
        add(name, {cols, rows}, kF16, rows * cols * 2, [=](Rng& rng) { return matrix(rng, rows, cols, sigma); });
    }
    void addOutput(float sigma) {
        add("output.weight", {kHidden, kDemoVocabSize}, kF16, kDemoVocabSize * kHidden * 2,
            [=](Rng& rng) { return outputMatrix(rng, sigma); });
    }
    void addNorm(const std::string& name, float mean) {
        add(name, {kHidden}, kF32, kHidden * 4, [=](Rng& rng) { return normWeights(rng, kHidden, mean); });
    }
    const std::vector<GgufTensorOut>& tensors() const { return m_tensors; }

private:
    /// Each tensor has a generator of its own, so that one can change without the others.
    template <class Make>
    void add(const std::string& name, std::vector<std::int64_t> ne, int type, std::int64_t bytes, Make make) {
        const std::uint64_t seed = Rng(m_seed + 0x632BE59BD9B4E019ull * (m_tensors.size() + 1)).next();
        m_tensors.push_back({name, std::move(ne), type, static_cast<std::uint64_t>(bytes),
                             [make, seed](const auto& put, RunControl&) -> Result<void> {
                                 Rng rng(seed);
                                 const auto values = make(rng);
                                 return put(std::as_bytes(std::span(values)));
                             }});
    }
    std::uint64_t m_seed;
    std::vector<GgufTensorOut> m_tensors;
};

DemoTensors demoTensors(std::uint64_t seed) {
    DemoTensors out(seed);
    out.addMatrix("token_embd.weight", kDemoVocabSize, kHidden, 0.08f);
    for (std::int64_t layer = 0; layer < kLayers; ++layer) {
        const std::string blk = "blk." + std::to_string(layer) + ".";
        const float depth = 1.0f + 0.35f * static_cast<float>(layer);
        out.addNorm(blk + "attn_norm.weight", 0.5f + 0.1f * static_cast<float>(layer));
        out.addMatrix(blk + "attn_q.weight", kHeads * kHeadDim, kHidden, 0.045f * depth);
        out.addMatrix(blk + "attn_k.weight", kKvHeads * kHeadDim, kHidden, 0.055f * depth);
        out.addMatrix(blk + "attn_v.weight", kKvHeads * kHeadDim, kHidden, 0.030f * depth);
        out.addMatrix(blk + "attn_output.weight", kHidden, kHeads * kHeadDim, 0.025f * depth);
        out.addNorm(blk + "ffn_norm.weight", 0.7f + 0.1f * static_cast<float>(layer));
        out.addMatrix(blk + "ffn_gate.weight", kFfn, kHidden, 0.035f * depth);
        out.addMatrix(blk + "ffn_up.weight", kFfn, kHidden, 0.030f * depth);
        out.addMatrix(blk + "ffn_down.weight", kHidden, kFfn, 0.020f * depth);
    }
    out.addNorm("output_norm.weight", 1.0f);
    out.addOutput(0.08f);
    return out;
}

Metadata demoMetadata(std::uint64_t seed) {
    const auto u32 = [](std::int64_t v) { return MetaValue::u32(static_cast<std::uint32_t>(v)); };
    Metadata m;
    m.set("general.architecture", MetaValue::string("llama"));
    m.set("general.type", MetaValue::string("model"));
    m.set("general.name", MetaValue::string("Trilobit demo (untrained, random weights)"));
    m.set("general.description",
          MetaValue::string("Made by Trilobit from random numbers (seed " + std::to_string(seed)
                            + "). It was never trained: it shows the program, and what it writes has no meaning."));
    m.set("general.license", MetaValue::string("apache-2.0"));
    m.set("llama.block_count", u32(kLayers));
    m.set("llama.context_length", u32(kContext));
    m.set("llama.embedding_length", u32(kHidden));
    m.set("llama.feed_forward_length", u32(kFfn));
    m.set("llama.attention.head_count", u32(kHeads));
    m.set("llama.attention.head_count_kv", u32(kKvHeads));
    m.set("llama.rope.freq_base", MetaValue::f32(10000.0f));
    m.set("llama.attention.layer_norm_rms_epsilon", MetaValue::f32(1e-5f));
    m.set("llama.vocab_size", u32(kDemoVocabSize));
    m.set("llama.rope.dimension_count", u32(kHeadDim));
    m.set("general.file_type", MetaValue::u32(1));
    addDemoVocabulary(m);
    m.set("general.quantization_version", MetaValue::u32(2));
    return m;
}

} // namespace

Result<void> writeDemoModel(const std::string& path, std::uint64_t seed, RunControl& control) {
    return writeGguf(path, demoMetadata(seed), demoTensors(seed).tensors(), control);
}

} // namespace trilobit
