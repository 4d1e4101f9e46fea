#include "core/model/syntheticmodel.h"

#include "core/base/alignedbuffer.h"
#include "core/base/half.h"
#include "core/base/rng.h"
#include "core/model/architecture.h"
#include "core/model/configmetadata.h"
#include "core/tokenizer/tokenizerfiles.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <new>

namespace trilobit {

namespace {

constexpr std::int64_t kContext = 8192, kTernaryBlock = 256, kTernaryBytes = 66, kOutputBlock = 256, kOutputBytes = 210;

using Bytes = std::shared_ptr<AlignedBuffer<std::byte>>;

/// Bytes whose four 2-bit fields are 0, 1 or 2, one for each of the 81 combinations.
std::array<std::uint8_t, 81> ternaryBytes() {
    std::array<std::uint8_t, 81> out{};
    for (unsigned i = 0; i < out.size(); ++i)
        out[i] = static_cast<std::uint8_t>(i % 3 | (i / 3 % 3) << 2 | (i / 9 % 3) << 4 | (i / 27 % 3) << 6);
    return out;
}

void fillTernary(Rng& rng, std::uint8_t* out, std::size_t count) {
    static const auto table = ternaryBytes();
    for (std::size_t i = 0; i < count;) {
        std::uint64_t bits = rng.next();
        for (int k = 0; k < 8 && i < count; ++k, bits >>= 8)
            out[i++] = table[(bits & 0xFF) * 81 >> 8];
    }
}

/// One scale that keeps the size of what flows through: 2/3 of the weights are not zero.
float scaleFor(std::int64_t cols) { return std::sqrt(1.5f / static_cast<float>(cols)); }

Result<Bytes> allocate(std::uint64_t size) {
    try {
        return std::make_shared<AlignedBuffer<std::byte>>(static_cast<std::size_t>(size));
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory for " + std::to_string(size) + " bytes of weights");
    }
}

class Builder {
public:
    Builder(const SyntheticShape& shape, const std::string& encoding, const EncodingRegistry& encodings, std::uint64_t seed)
        : m_shape(shape), m_encoding(encoding), m_encodings(encodings), m_seed(seed) {}

    Result<std::shared_ptr<const Model>> build(RunControl& control) {
        describe();
        addVocabulary();
        std::vector<std::string_view> block, outside;
        const Architecture* architecture = findArchitecture("llama");
        for (std::int64_t layer = -1; layer <= m_shape.layers; ++layer) {
            if (control.isCancelled())
                return cancelledError();
            control.progress(static_cast<double>(layer + 1), static_cast<double>(m_shape.layers + 2), "making weights");
            for (const TensorSpec& spec : architecture->tensors) {
                const bool perBlock = spec.name.find('%') != std::string_view::npos;
                const bool now = perBlock ? layer >= 0 && layer < m_shape.layers
                                          : spec.role == TensorRole::Embedding ? layer == -1 : layer == m_shape.layers;
                if (now && spec.need == Need::Required)
                    TRILOBIT_CHECK(add(spec, perBlock ? static_cast<int>(layer) : -1));
            }
        }
        m_parts.config.tiedOutput = true;
        return std::make_shared<const Model>(std::move(m_parts));
    }

private:
    void describe() {
        m_parts.container = "memory";
        ModelConfig& c = m_parts.config;
        c.architecture = "llama";
        c.name = "Synthetic " + m_shape.name + " (random ternary weights)";
        c.vocabSize = m_shape.vocabulary;
        c.contextLength = kContext;
        c.hiddenSize = m_shape.hidden;
        c.layers = m_shape.layers;
        c.ffnSize = m_shape.ffn;
        c.heads = m_shape.heads;
        c.kvHeads = m_shape.kvHeads;
        c.headDim = c.ropeDim = m_shape.headDim;
        c.activationQuant = ActivationQuant::Int8PerToken;
        m_parts.metadata = metadataFromConfig(c);
        m_parts.metadata.set("general.description",
                             MetaValue::string("Random weights in the shape of a real model, to measure speed with."));
    }

    void addVocabulary() {
        TokenizerData data;
        data.kind = TokenizerKind::SentencePiece;
        const auto add = [&](std::string text, TokenType type, float score) {
            data.tokens.push_back(std::move(text));
            data.types.push_back(type);
            data.scores.push_back(score);
        };
        add("<unk>", TokenType::Unknown, 0);
        add("<s>", TokenType::Control, 0);
        add("</s>", TokenType::Control, 0);
        constexpr std::string_view kHex = "0123456789ABCDEF";
        for (std::size_t i = 0; i < 256; ++i)
            add(std::string("<0x") + kHex[i / 16] + kHex[i % 16] + ">", TokenType::Byte, 0);
        for (std::int64_t i = static_cast<std::int64_t>(data.tokens.size()); i < m_shape.vocabulary; ++i)
            add("\u2581w" + std::to_string(i), TokenType::Normal, -static_cast<float>(i));
        data.unknown = 0;
        data.bos = 1;
        data.eos = 2;
        data.addBos = true;
        tokenizerDataToGguf(data, m_parts.metadata);
        setTokenizerOf(std::move(data));
    }
    void setTokenizerOf(TokenizerData data) {
        auto made = makeTokenizer(std::move(data));
        if (made)
            m_parts.tokenizer = *std::move(made);
        else
            m_parts.tokenizerNote = made.error().text();
    }

    Result<void> add(const TensorSpec& spec, int layer) {
        std::vector<std::int64_t> ne{extentOf(spec.cols, m_parts.config)};
        if (spec.rows != Extent::One)
            ne.push_back(extentOf(spec.rows, m_parts.config));
        TRILOBIT_TRY(Tensor tensor, placeTensor({&spec, layer}, tensorName(spec.name, layer), ne, m_parts.config));
        Rng rng(m_seed + 0x9E3779B97F4A7C15ull * (m_parts.tensors.size() + 1));
        if (tensor.dimensions == 1)
            TRILOBIT_CHECK(fillOnes(tensor));
        else if (tensor.role == TensorRole::Embedding)
            TRILOBIT_CHECK(fillOutput(tensor, rng));
        else
            TRILOBIT_CHECK(fillMatrix(tensor, rng));
        m_parts.tensors.push_back(std::move(tensor));
        return {};
    }

    Result<Bytes> storage(Tensor& tensor, const std::string& id) {
        TRILOBIT_TRY(tensor.encoding, m_encodings.find(id));
        TRILOBIT_TRY(const std::uint64_t size, tensor.encoding->sizeBytes(tensor.rows, tensor.cols));
        TRILOBIT_TRY(Bytes bytes, allocate(size));
        tensor.bytes = {bytes->data(), bytes->size()};
        tensor.owner = bytes;
        return bytes;
    }
    static std::uint8_t* raw(const Bytes& bytes) { return reinterpret_cast<std::uint8_t*>(bytes->data()); }

    Result<void> fillOnes(Tensor& tensor) {
        TRILOBIT_TRY(const Bytes bytes, storage(tensor, "F32"));
        std::fill_n(reinterpret_cast<float*>(bytes->data()), tensor.cols, 1.0f);
        return {};
    }

    Result<void> fillMatrix(Tensor& tensor, Rng& rng) {
        const bool blocks = m_encoding != "I2_S" && tensor.cols % kTernaryBlock == 0;
        TRILOBIT_TRY(const Bytes bytes, storage(tensor, blocks ? "TQ2_0" : "I2_S"));
        const float scale = scaleFor(tensor.cols);
        if (!blocks) { // codes in bytes, then the scale as F32 in the tail
            const auto codes = static_cast<std::size_t>(tensor.count() / 4);
            std::memset(bytes->data(), 0, bytes->size());
            fillTernary(rng, raw(bytes), codes);
            std::memcpy(bytes->data() + codes, &scale, sizeof scale);
            return {};
        }
        const std::uint16_t half = floatToHalf(scale);
        std::uint8_t* out = raw(bytes);
        for (std::int64_t block = 0; block < tensor.count() / kTernaryBlock; ++block, out += kTernaryBytes) {
            fillTernary(rng, out, kTernaryBytes - 2);
            std::memcpy(out + kTernaryBytes - 2, &half, 2);
        }
        return {};
    }

    Result<void> fillOutput(Tensor& tensor, Rng& rng) {
        const std::uint16_t half = floatToHalf(1.0f / 8192);
        const auto fill = [&](std::uint8_t* out, int count) { // count: a multiple of 8
            for (int i = 0; i < count; i += 8) {
                const std::uint64_t bits = rng.next();
                std::memcpy(out + i, &bits, 8);
            }
        };
        if (tensor.cols % kOutputBlock != 0) { // scale, then 32 codes
            TRILOBIT_TRY(const Bytes bytes, storage(tensor, "Q8_0"));
            std::uint8_t* out = raw(bytes);
            for (std::int64_t block = 0; block < tensor.count() / 32; ++block, out += 34) {
                std::memcpy(out, &half, 2);
                fill(out + 2, 32);
            }
            return {};
        }
        TRILOBIT_TRY(const Bytes bytes, storage(tensor, "Q6_K"));
        std::uint8_t* out = raw(bytes);
        for (std::int64_t block = 0; block < tensor.count() / kOutputBlock; ++block, out += kOutputBytes) {
            fill(out, 192);                            // low and high bits of the codes
            for (std::int64_t i = 192; i < 208; ++i) // scales of sixteen
                out[i] = static_cast<std::uint8_t>(8 + rng.below(8));
            std::memcpy(out + 208, &half, 2);
        }
        return {};
    }

    const SyntheticShape& m_shape;
    std::string m_encoding;
    const EncodingRegistry& m_encodings;
    std::uint64_t m_seed;
    Model::Parts m_parts;
};

} // namespace

const std::vector<SyntheticShape>& syntheticShapes() {
    static const std::vector<SyntheticShape> shapes{
        {"2b4t", "BitNet b1.58 2B4T", 30, 2560, 6912, 20, 5, 128, 32000},
        {"3b", "bitnet_b1_58-3B", 26, 3200, 8640, 32, 32, 100, 32000},
        {"8b", "Llama3-8B-1.58", 32, 4096, 14336, 32, 8, 128, 32000},
        {"tiny", "two blocks, for tests", 2, 256, 512, 4, 2, 64, 512},
    };
    return shapes;
}

Result<std::shared_ptr<const Model>> makeSyntheticModel(std::string_view shape, const std::string& encoding,
                                                        const EncodingRegistry& encodings, std::uint64_t seed,
                                                        RunControl& control) {
    std::string names;
    for (const SyntheticShape& s : syntheticShapes()) {
        if (s.name == shape)
            return Builder(s, encoding, encodings, seed).build(control);
        names += (names.empty() ? "" : ", ") + s.name;
    }
    return fail(ErrorCode::Usage, "there is no synthetic shape \"" + std::string(shape) + "\"; there are " + names);
}

} // namespace trilobit
