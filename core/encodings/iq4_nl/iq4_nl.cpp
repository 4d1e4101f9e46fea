#include "core/encodings/iq4_nl/iq4_nl.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/common/levelsearch.h"
#include "core/encodings/common/nibbles.h"
#include "core/encodings/common/rounding.h"
#include "core/encodings/common/rowencoding.h"
#include "core/encodings/common/vectorize.h"
#include "core/encodings/common/weightreader.h"

#include <cmath>

namespace trilobit {

namespace {

using namespace encodings;

constexpr int kBlock = kNibbleBlock, kBytes = 18;

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "IQ4_NL";
    info.title = "4-bit with uneven levels, blocks of 32";
    info.help =
        "Sixteen fixed levels, close together near zero and wide apart outside, as weights are spread; one scale "
        "for every 32. More exact than Q4_0 at the same size, a little slower.";
    info.blockSize = kBlock;
    info.bytesPerBlock = kBytes;
    info.bitsPerWeight = 4.5;
    info.ggmlType = 20;
    info.runsInStockLlamaCpp = true;
    info.grid.kind = GridKind::Levels;
    info.grid.groupSize = kBlock;
    info.grid.codeMin = 0;
    info.grid.codeMax = 15;
    info.grid.scaleType = ParameterType::F16;
    return info;
}

TRILOBIT_VECTOR_CLONES void decodeBlocks(const std::uint8_t* __restrict in, std::int64_t blocks,
                                         float* __restrict out) {
    for (std::int64_t b = 0; b < blocks; ++b, in += kBytes, out += kBlock) {
        const float d = loadHalf(in);
        std::uint8_t codes[kBlock];
        loadNibbles(in + 2, codes);
        for (int i = 0; i < kBlock; ++i)
            out[i] = d * static_cast<float>(kIq4Levels[codes[i]]);
    }
}

void encodeBlock(const float* x, const float* importance, std::uint8_t* out) noexcept {
    float weight[kBlock];
    const float smoothing = importance ? 2 * meanSquare(x, kBlock) : 0.0f;
    for (int i = 0; i < kBlock && importance; ++i)
        weight[i] = importance[i] * std::sqrt(smoothing + x[i] * x[i]);
    const float scale = withinHalf(iq4Search(x, importance ? weight : nullptr));
    std::uint8_t codes[kBlock];
    assignIq4Codes(x, scale, codes);
    storeHalf(out, scale);
    storeNibbles(codes, out + 2);
}

class IQ4_NL final : public RowEncoding {
public:
    IQ4_NL() : RowEncoding(describe()) {}
    bool usesImportance() const override { return true; }

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        decodeBlocks(row, cols / kBlock, out);
    }
    void readWeight(WeightReader& in, std::int64_t, std::int64_t col) const override {
        const int e = in.enterBlock(col, kBlock, kBytes);
        const float d = in.half(FieldRole::Scale, "d", 0);
        const int q = in.code({{2 + e % 16, 4 * (e / 16), 4}});
        const auto level = static_cast<float>(kIq4Levels[q]);
        in.levels(d * level, static_cast<double>(d), static_cast<double>(level), "w = d · level[q]");
    }
    void encodeRow(const float* weight, std::int64_t cols, const float* importance,
                   std::uint8_t* out) const noexcept override {
        for (std::int64_t c = 0; c < cols; c += kBlock, out += kBytes)
            encodeBlock(weight + c, importance ? importance + c : nullptr, out);
    }
};

} // namespace

std::shared_ptr<const Encoding> makeIQ4_NL() { return std::make_shared<IQ4_NL>(); }

} // namespace trilobit
