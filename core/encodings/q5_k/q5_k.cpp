#include "core/encodings/q5_k/q5_k.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/common/minimumblock.h"
#include "core/encodings/common/rowencoding.h"
#include "core/encodings/common/vectorize.h"
#include "core/encodings/common/weightreader.h"

namespace trilobit {

namespace {

using namespace encodings;

constexpr int kBytes = 176, kPairs = 4, kHighBits = 16, kCodes = 48; // byte offsets
constexpr MinimumBlockShape kShape{32, 31, 63, {-0.5f, 0.1f, 15}};

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "Q5_K";
    info.title = "5-bit with minimums, super-blocks of 256";
    info.help = "32 values per 32 weights, whose scale and minimum are stored in 6 bits each under one pair for 256. "
                "Between Q4_K and Q6_K: for models that lose a little too much in four bits.";
    info.blockSize = kSuperBlock;
    info.bytesPerBlock = kBytes;
    info.bitsPerWeight = 5.5;
    info.ggmlType = 13;
    info.runsInStockLlamaCpp = true;
    info.fallback = "Q5_1";
    info.grid.kind = GridKind::Nested;
    info.grid.groupSize = kShape.subSize;
    info.grid.codeMin = 0;
    info.grid.codeMax = kShape.maxCode;
    info.grid.freeZero = true;
    info.grid.scaleType = ParameterType::F16;
    info.grid.zeroType = ParameterType::F16;
    info.grid.zeroIsMinimum = true;
    return info;
}

TRILOBIT_VECTOR_CLONES void decodeBlocks(const std::uint8_t* __restrict in, std::int64_t blocks,
                                         float* __restrict out) {
    for (std::int64_t b = 0; b < blocks; ++b, in += kBytes) {
        const float d = loadHalf(in), dmin = loadHalf(in + 2);
        std::uint8_t scales[8], minimums[8];
        loadSixBitPairs(in + kPairs, scales, minimums);
        for (int j = 0; j < 8; ++j, out += 32) {
            const float scale = d * static_cast<float>(scales[j]), minimum = dmin * static_cast<float>(minimums[j]);
            const std::uint8_t *codes = in + kCodes + 32 * (j / 2), *high = in + kHighBits;
            const int shift = 4 * (j & 1);
            for (int l = 0; l < 32; ++l)
                out[l] = scale * static_cast<float>(((codes[l] >> shift) & 15) | (((high[l] >> j) & 1) << 4)) - minimum;
        }
    }
}

void storeBlock(const MinimumBlock& block, std::uint8_t* out) noexcept {
    storeHalf(out, block.scale);
    storeHalf(out + 2, block.minimum);
    storeSixBitPairs(block.scales, block.minimums, out + kPairs);
    for (int l = 0; l < 32; ++l) {
        int high = 0;
        for (int j = 0; j < 8; ++j)
            high |= (block.codes[32 * j + l] >> 4) << j;
        out[kHighBits + l] = static_cast<std::uint8_t>(high);
        for (int pair = 0; pair < 4; ++pair) {
            const std::uint8_t* q = block.codes + 64 * pair + l;
            out[kCodes + 32 * pair + l] = static_cast<std::uint8_t>((q[0] & 15) | ((q[32] & 15) << 4));
        }
    }
}

class Q5_K final : public RowEncoding {
public:
    Q5_K() : RowEncoding(describe()) {}
    bool usesImportance() const override { return true; }

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        decodeBlocks(row, cols / kSuperBlock, out);
    }
    void readWeight(WeightReader& in, std::int64_t, std::int64_t col) const override {
        const int e = in.enterBlock(col, kSuperBlock, kBytes), j = e / 32, k = j % 4;
        const float d = in.half(FieldRole::Scale, "d", 0), dmin = in.half(FieldRole::Minimum, "dmin", 2);
        const auto s = j < 4 ? in.number(FieldRole::SubScale, "s", {{kPairs + k, 0, 6}})
                             : in.number(FieldRole::SubScale, "s", {{kPairs + 8 + k, 0, 4}, {kPairs + k, 6, 2}});
        const auto m = j < 4 ? in.number(FieldRole::SubMinimum, "m", {{kPairs + 4 + k, 0, 6}})
                             : in.number(FieldRole::SubMinimum, "m", {{kPairs + 8 + k, 4, 4}, {kPairs + 4 + k, 6, 2}});
        const int q = in.code({{kCodes + 32 * (j / 2) + e % 32, 4 * (j & 1), 4}, {kHighBits + e % 32, j, 1}});
        const float scale = d * static_cast<float>(s), minimum = dmin * static_cast<float>(m);
        in.withMinimum(scale * static_cast<float>(q) - minimum, static_cast<double>(scale),
                       static_cast<double>(minimum), "w = d · s · q − dmin · m");
    }
    void encodeRow(const float* weight, std::int64_t cols, const float* importance,
                   std::uint8_t* out) const noexcept override {
        for (std::int64_t c = 0; c < cols; c += kSuperBlock, out += kBytes) {
            MinimumBlock block;
            fitMinimumBlock(kShape, weight + c, importance ? importance + c : nullptr, block);
            storeBlock(block, out);
        }
    }
};

} // namespace

std::shared_ptr<const Encoding> makeQ5_K() { return std::make_shared<Q5_K>(); }

} // namespace trilobit
