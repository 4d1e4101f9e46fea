#include "core/encodings/affine/affine.h"

#include "core/encodings/affine/bitcodes.h"
#include "core/encodings/common/bytes.h"
#include "core/encodings/common/linearencoding.h"
#include "core/encodings/common/rounding.h"
#include "core/encodings/common/weightreader.h"
#include "core/tensor/shape.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

namespace trilobit {

namespace {

using namespace encodings;

constexpr int kHeader = 4; // scale and zero
constexpr int kMaxGroup = 65536, kMaxBits = 8;
constexpr double kWholeZeros = 2048; // up to here binary16 holds every whole number

std::int64_t groupBytes(std::int64_t length, int bits) noexcept { return kHeader + (length * bits + 7) / 8; }

EncodingInfo describe(AffineShape shape) {
    EncodingInfo info;
    const std::string group = std::to_string(shape.groupSize), bits = std::to_string(shape.bits);
    info.id = "affine-g" + group + "-b" + bits;
    info.title = bits + "-bit, groups of " + group + " with zero point";
    info.help =
        std::to_string(1 << shape.bits) + " evenly spaced values per group of " + group
        + " weights, with a scale and a free zero point each, as HQQ, GPTQ and AWQ use them. Runs in Trilobit only.";
    info.blockSize = 1;
    info.bitsPerWeight = 8.0 * static_cast<double>(groupBytes(shape.groupSize, shape.bits)) / shape.groupSize;
    info.grid.kind = GridKind::Linear;
    info.grid.groupSize = shape.groupSize;
    info.grid.codeMin = 0;
    info.grid.codeMax = (1 << shape.bits) - 1;
    info.grid.freeZero = true;
    info.grid.scaleType = ParameterType::F16;
    info.grid.zeroType = ParameterType::F16;
    return info;
}

struct GroupParameters {
    float scale = 0, zero = 0;
};

float asHalf(double value) noexcept { return halfToFloat(floatToHalf(withinHalf(static_cast<float>(value)))); }

/// Chooses scale and zero for weights between `low` and `high`; see the header for the cases.
GroupParameters chooseParameters(float low, float high, int maxCode) noexcept {
    if (low == high)
        return {asHalf(std::fabs(static_cast<double>(low))), low < 0 ? 1.0f : 0.0f};
    const double first = static_cast<double>(low), range = static_cast<double>(high) - first;
    const auto storable = [](double scale) { return std::max(asHalf(scale), 0x1p-24f); };
    float scale = storable(range / maxCode);
    if (std::fabs(first) > kWholeZeros * static_cast<double>(scale)) {
        const double largest = std::max(std::fabs(first), std::fabs(static_cast<double>(high)));
        scale = std::max(scale, storable(largest / kWholeZeros));
    }
    return {scale, asHalf(-first / static_cast<double>(scale))};
}

class Affine final : public LinearEncoding {
public:
    explicit Affine(AffineShape shape)
        : LinearEncoding(describe(shape)), m_group(shape.groupSize), m_bits(shape.bits),
          m_stride(groupBytes(shape.groupSize, shape.bits)) {}

protected:
    std::optional<std::uint64_t> rowBytes(std::int64_t cols) const noexcept override {
        const std::int64_t rest = cols % m_group;
        const auto full = checkedMul(static_cast<std::uint64_t>(cols / m_group), static_cast<std::uint64_t>(m_stride));
        return full ? checkedAdd(*full, rest > 0 ? static_cast<std::uint64_t>(groupBytes(rest, m_bits)) : 0)
                    : std::nullopt;
    }
    void decodeRow(const std::uint8_t* row, std::int64_t cols, float* out) const noexcept override {
        const BitDecoder decode = bitDecoder(m_bits);
        for (std::int64_t c = 0; c < cols; c += m_group, row += m_stride)
            decode(row + kHeader, std::min(m_group, cols - c), loadHalf(row), loadHalf(row + 2), out + c);
    }
    void readWeight(WeightReader& in, std::int64_t cols, std::int64_t col) const override {
        const int e = in.enterBlock(col, m_group, m_stride);
        if (const std::int64_t length = cols - col / m_group * m_group; length < m_group)
            in.shortenBlock(static_cast<std::uint64_t>(groupBytes(length, m_bits)));
        const float scale = in.half(FieldRole::Scale, "scale", 0), zero = in.half(FieldRole::Zero, "zero", 2);
        const std::int64_t at = static_cast<std::int64_t>(e) * m_bits, byte = kHeader + at / 8;
        const int low = static_cast<int>(at % 8), first = std::min(m_bits, 8 - low);
        const int q = first == m_bits ? in.code({{byte, low, m_bits}})
                                      : in.code({{byte, low, first}, {byte + 1, 0, m_bits - first}});
        in.linear((static_cast<float>(q) - zero) * scale, static_cast<double>(scale), static_cast<double>(zero),
                  "w = (q − zero) · scale");
    }
    void encodeRow(const float* weight, std::int64_t cols, const float*, std::uint8_t* out) const noexcept override {
        for (std::int64_t c = 0; c < cols; c += m_group, out += m_stride)
            encodeGroup(weight + c, std::min(m_group, cols - c), out);
    }
    void storeGroup(std::uint8_t* row, std::int64_t group, int length, const std::int16_t* codes, float scale,
                    float zero) const noexcept override {
        std::uint8_t* out = row + group * m_stride;
        storeHalf(out, scale);
        storeHalf(out + 2, zero);
        BitWriter writer(out + kHeader, m_bits);
        for (int i = 0; i < length; ++i)
            writer.put(static_cast<unsigned>(codes[i]));
        writer.finish();
    }
    void loadGroup(const std::uint8_t* row, std::int64_t group, int length, std::int16_t* codes, float& scale,
                   float& zero) const noexcept override {
        const std::uint8_t* in = row + group * m_stride;
        scale = loadHalf(in);
        zero = loadHalf(in + 2);
        for (int i = 0; i < length; ++i)
            codes[i] = static_cast<std::int16_t>(bitCode(in + kHeader, i, m_bits));
    }

private:
    void encodeGroup(const float* x, std::int64_t length, std::uint8_t* out) const noexcept {
        const auto [low, high] = std::minmax_element(x, x + length);
        const int maxCode = info().grid.codeMax;
        const GroupParameters group = chooseParameters(*low, *high, maxCode);
        storeHalf(out, group.scale);
        storeHalf(out + 2, group.zero);
        BitWriter writer(out + kHeader, m_bits);
        for (std::int64_t i = 0; i < length; ++i) {
            const float position = group.scale > 0 ? x[i] / group.scale + group.zero : 0.0f;
            writer.put(static_cast<unsigned>(roundHalfEven(position, 0, maxCode)));
        }
        writer.finish();
    }

    std::int64_t m_group;
    int m_bits;
    std::int64_t m_stride; ///< bytes of a full group
};

/// Reads a number of 1..limit without leading zeros from the start of `text` and removes it.
std::optional<int> takeNumber(std::string_view& text, int limit) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || value < 1 || value > limit || text[0] == '0' || text[0] == '-')
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

bool takeWord(std::string_view& text, std::string_view word) {
    if (text.size() < word.size())
        return false;
    for (std::size_t i = 0; i < word.size(); ++i)
        if (std::tolower(static_cast<unsigned char>(text[i])) != word[i])
            return false;
    text.remove_prefix(word.size());
    return true;
}

} // namespace

std::optional<AffineShape> parseAffineId(std::string_view id) {
    if (!takeWord(id, "affine-g"))
        return std::nullopt;
    const auto group = takeNumber(id, kMaxGroup);
    if (!group || !takeWord(id, "-b"))
        return std::nullopt;
    const auto bits = takeNumber(id, kMaxBits);
    if (!bits || !id.empty())
        return std::nullopt;
    return AffineShape{*group, *bits};
}

std::shared_ptr<const Encoding> makeAffine(AffineShape shape) { return std::make_shared<Affine>(shape); }

} // namespace trilobit
