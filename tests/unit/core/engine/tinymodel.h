// A small random model in memory, and the same decoder written as plain loops in double precision.
#pragma once

#include "core/base/rng.h"
#include "core/model/model.h"

#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace trilobit::test {

/// Plain floats under any id: as "F32" the engine uses them in place, under another id it must decode.
class PlainEncoding final : public Encoding {
public:
    explicit PlainEncoding(std::string id) { m_info.id = std::move(id); }
    const EncodingInfo& info() const override { return m_info; }
    Result<std::uint64_t> sizeBytes(std::int64_t rows, std::int64_t cols) const override {
        return static_cast<std::uint64_t>(rows * cols) * sizeof(float);
    }
    void decodeRows(std::span<const std::byte> tensor, std::int64_t, std::int64_t cols, std::int64_t rowBegin,
                    std::int64_t rowCount, float* out) const override {
        std::memcpy(out, tensor.data() + static_cast<std::size_t>(rowBegin * cols) * sizeof(float),
                    static_cast<std::size_t>(rowCount * cols) * sizeof(float));
    }
    Result<void> encode(MatrixView, std::span<const float>, std::span<std::byte>, RunControl&) const override {
        return fail(ErrorCode::Unsupported, "not needed here");
    }

private:
    EncodingInfo m_info;
};

struct Matrix {
    std::int64_t rows = 1, cols = 0;
    std::vector<float> values;
};

struct TinyModel {
    ModelConfig config;
    std::map<std::string, Matrix> tensors;

    /// Random weights for `config`, large enough that wrong details show.
    static TinyModel random(const ModelConfig& config, std::uint64_t seed);
    /// Block matrices become trits times `scale(row, col)`.
    template <class Scale>
    void makeTernary(Rng& rng, Scale scale) {
        for (auto& [name, matrix] : tensors)
            if (isBlockMatrix(name))
                for (std::int64_t i = 0; i < matrix.rows * matrix.cols; ++i)
                    matrix.values[static_cast<std::size_t>(i)] =
                        (static_cast<float>(rng.below(3)) - 1.0f) * scale(i / matrix.cols, i % matrix.cols);
    }
    static bool isBlockMatrix(const std::string& name);
    std::shared_ptr<const Model> model(const std::string& encodingId = "F32",
                                       std::shared_ptr<const Tokenizer> tokenizer = nullptr) const;
    /// Logits of every position, [ids, vocabSize]. `int8`: BitNet's activation rounding before each block matrix.
    /// `watch` gets what goes into each matrix, before that rounding.
    std::vector<double> logits(const std::vector<std::int32_t>& ids, bool int8,
                               const std::function<void(const std::string& tensor, const std::vector<double>& x)>& watch = {}) const;
};

/// 2 layers, hidden 48, 4/2 heads of 12, ffn 80, vocabulary 50.
ModelConfig tinyConfig();

} // namespace trilobit::test
