#include "core/encodings/q1_0/q1_0.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/common/rounding.h"
#include "core/encodings/common/rowencoding.h"
#include "core/encodings/common/vectorize.h"
#include "core/encodings/common/weightreader.h"

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {

using namespace encodings;

constexpr int kBlock = 128, kBytes = 18;

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "Q1_0";
    info.title = "1-bit signs, blocks of 128";
    info.help = "Only the sign of each weight and one magnitude for every 128: a little over one bit. A third of the "
                "weights' energy is lost, so only models trained with signs speak in it.";
    info.blockSize = kBlock;
    info.bytesPerBlock = kBytes;
    info.bitsPerWeight = 1.125;
    info.ggmlType = 41;
    info.runsInStockLlamaCpp = true;
    info.grid.kind = GridKind::Levels;
    info.grid.groupSize = kBlock;
    info.grid.codeMin = 0;
    info.grid.codeMax = 1;
    info.grid.scaleType = ParameterType::F16;
    return info;
}

TRILOBIT_VECTOR_CLONES void decodeBlocks(const std::uint8_t* __restrict in, std::int64_t blocks,
                                         float* __restrict out) {
    for (std::int64_t b = 0; b < blocks; ++b, in += kBytes, out += kBlock) {
        const float d = loadHalf(in);
        for (int e = 0; e < kBlock; ++e)
            out[e] = ((in[2 + e / 8] >> (e % 8)) & 1) != 0 ? d : -d;
    }
}

void encodeBlock(const float* x, std::uint8_t* out) noexcept {
    float sum = 0;
    for (int i = 0; i < kBlock; ++i)
        sum += std::fabs(x[i]);
    std::fill_n(out, kBytes, static_cast<std::uint8_t>(0));
    storeHalf(out, withinHalf(sum / static_cast<float>(kBlock)));
    for (int e = 0; e < kBlock; ++e)
        if (x[e] >= 0)
            out[2 + e / 8] = static_cast<std::uint8_t>(out[2 + e / 8] | (1 << (e % 8)));
}

class Q1_0 final : public RowEncoding {
public:
    Q1_0() : RowEncoding(describe()) {}

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        decodeBlocks(row, cols / kBlock, out);
    }
    void readWeight(WeightReader& in, std::int64_t, std::int64_t col) const override {
        const int e = in.enterBlock(col, kBlock, kBytes);
        const float d = in.half(FieldRole::Scale, "d", 0);
        const int q = in.code({{2 + e / 8, e % 8, 1}});
        in.levels(q != 0 ? d : -d, static_cast<double>(d), q != 0 ? 1 : -1, "w = d where q is 1, else −d");
    }
    void encodeRow(const float* weight, std::int64_t cols, const float*, std::uint8_t* out) const noexcept override {
        for (std::int64_t c = 0; c < cols; c += kBlock, out += kBytes)
            encodeBlock(weight + c, out);
    }
};

} // namespace

std::shared_ptr<const Encoding> makeQ1_0() { return std::make_shared<Q1_0>(); }

} // namespace trilobit
