#include "core/encodings/nf4/nf4.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/common/rowencoding.h"
#include "core/encodings/common/vectorize.h"
#include "core/encodings/common/weightreader.h"

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {

using namespace encodings;

constexpr int kBlock = 64, kBytes = 36, kCodes = 4;
constexpr float kLevels[16] = {
    -1.0f,
    -0.6961928009986877f,
    -0.5250730514526367f,
    -0.39491748809814453f,
    -0.28444138169288635f,
    -0.18477343022823334f,
    -0.09105003625154495f,
    0.0f,
    0.07958029955625534f,
    0.16093020141124725f,
    0.24611230194568634f,
    0.33791524171829224f,
    0.44070982933044434f,
    0.5626170039176941f,
    0.7229568362236023f,
    1.0f,
};

EncodingInfo describe() {
    EncodingInfo info;
    info.id = "NF4";
    info.title = "4-bit normal floats, blocks of 64";
    info.help =
        "Sixteen levels that split a bell curve into equally likely parts, one scale for every 64 weights: the form "
        "in which QLoRA keeps the frozen weights while adapters are trained.";
    info.blockSize = kBlock;
    info.bytesPerBlock = kBytes;
    info.bitsPerWeight = 4.5;
    info.grid.kind = GridKind::Levels;
    info.grid.groupSize = kBlock;
    info.grid.codeMin = 0;
    info.grid.codeMax = 15;
    info.grid.scaleType = ParameterType::F32;
    return info;
}

TRILOBIT_VECTOR_CLONES void decodeBlocks(const std::uint8_t* __restrict in, std::int64_t blocks,
                                         float* __restrict out) {
    for (std::int64_t b = 0; b < blocks; ++b, in += kBytes, out += kBlock) {
        const float scale = loadFloat(in);
        for (int i = 0; i < kBlock / 2; ++i) {
            out[2 * i] = scale * kLevels[in[kCodes + i] >> 4];
            out[2 * i + 1] = scale * kLevels[in[kCodes + i] & 15];
        }
    }
}

int nearestLevel(float value) noexcept {
    int level = 0;
    while (level < 15 && value > 0.5f * (kLevels[level] + kLevels[level + 1]))
        ++level;
    return level;
}

void encodeBlock(const float* x, std::uint8_t* out) noexcept {
    float largest = 0;
    for (int i = 0; i < kBlock; ++i)
        largest = std::max(largest, std::fabs(x[i]));
    storeFloat(out, largest);
    const auto code = [&](float value) { return nearestLevel(largest > 0 ? value / largest : 0.0f); };
    for (int i = 0; i < kBlock / 2; ++i)
        out[kCodes + i] = static_cast<std::uint8_t>((code(x[2 * i]) << 4) | code(x[2 * i + 1]));
}

class Nf4 final : public RowEncoding {
public:
    Nf4() : RowEncoding(describe()) {}

protected:
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        decodeBlocks(row, cols / kBlock, out);
    }
    void readWeight(WeightReader& in, std::int64_t, std::int64_t col) const override {
        const int e = in.enterBlock(col, kBlock, kBytes);
        const float c = in.single(FieldRole::Scale, "c", 0);
        const int q = in.code({{kCodes + e / 2, e % 2 == 0 ? 4 : 0, 4}});
        in.levels(c * kLevels[q], static_cast<double>(c), static_cast<double>(kLevels[q]), "w = c · level[q]");
    }
    void encodeRow(const float* weight, std::int64_t cols, const float*, std::uint8_t* out) const noexcept override {
        for (std::int64_t c = 0; c < cols; c += kBlock, out += kBytes)
            encodeBlock(weight + c, out);
    }
};

} // namespace

std::shared_ptr<const Encoding> makeNf4() { return std::make_shared<Nf4>(); }

} // namespace trilobit
