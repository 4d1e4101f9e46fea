#include "core/encodings/q2_k/q2_k.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/common/minimumblock.h"
#include "core/encodings/common/rowencoding.h"
#include "core/encodings/common/vectorize.h"
#include "core/encodings/common/weightreader.h"

namespace trilobit {

namespace {

using namespace encodings;

constexpr int kBytes = 84, kCodes = 16, kScale = 80, kMinimum = 82; // byte offsets
constexpr MinimumBlockShape kShape{16, 3, 15, {-0.5f, 0.1f, 15, true}, true};

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "Q2_K";
    info.title = "2-bit with minimums, super-blocks of 256";
    info.help = "Four values per 16 weights, whose scale and minimum are stored in 4 bits each under one pair for 256. "
                "Visible damage in small models; importance from calibration helps much.";
    info.blockSize = kSuperBlock;
    info.bytesPerBlock = kBytes;
    info.bitsPerWeight = 2.625;
    info.ggmlType = 10;
    info.runsInStockLlamaCpp = true;
    info.fallback = "IQ4_NL";
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
        const float d = loadHalf(in + kScale), dmin = loadHalf(in + kMinimum);
        for (int sub = 0; sub < 16; ++sub, out += 16) {
            const float scale = d * static_cast<float>(in[sub] & 15), minimum = dmin * static_cast<float>(in[sub] >> 4);
            const std::uint8_t* codes = in + kCodes + 32 * (sub / 8) + 16 * (sub & 1);
            const int shift = 2 * (sub % 8 / 2);
            for (int l = 0; l < 16; ++l)
                out[l] = scale * static_cast<float>((codes[l] >> shift) & 3) - minimum;
        }
    }
}

void storeBlock(const MinimumBlock& block, std::uint8_t* out) noexcept {
    for (int sub = 0; sub < 16; ++sub)
        out[sub] = static_cast<std::uint8_t>(block.scales[sub] | (block.minimums[sub] << 4));
    for (int half = 0; half < 2; ++half)
        for (int l = 0; l < 32; ++l) {
            const std::uint8_t* q = block.codes + 128 * half + l;
            out[kCodes + 32 * half + l] = static_cast<std::uint8_t>(q[0] | (q[32] << 2) | (q[64] << 4) | (q[96] << 6));
        }
    storeHalf(out + kScale, block.scale);
    storeHalf(out + kMinimum, block.minimum);
}

class Q2_K final : public RowEncoding {
public:
    Q2_K() : RowEncoding(describe()) {}
    bool usesImportance() const override { return true; }

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        decodeBlocks(row, cols / kSuperBlock, out);
    }
    void readWeight(WeightReader& in, std::int64_t, std::int64_t col) const override {
        const int e = in.enterBlock(col, kSuperBlock, kBytes), sub = e / 16;
        const float d = in.half(FieldRole::Scale, "d", kScale), dmin = in.half(FieldRole::Minimum, "dmin", kMinimum);
        const auto s = in.number(FieldRole::SubScale, "s", {{sub, 0, 4}}),
                   m = in.number(FieldRole::SubMinimum, "m", {{sub, 4, 4}});
        const int q = in.code({{kCodes + 32 * (e / 128) + e % 32, 2 * (e % 128 / 32), 2}});
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

std::shared_ptr<const Encoding> makeQ2_K() { return std::make_shared<Q2_K>(); }

} // namespace trilobit
