#include "core/encodings/iq/iq.h"

#include "core/encodings/common/bytes.h"
#include "core/encodings/iq/tables.h"
#include "core/tensor/shape.h"

#include <bit>

namespace trilobit {

namespace {

using namespace encodings;

constexpr std::int64_t kBlock = 256;
constexpr float kIq2Levels[4] = {8, 25, 43, 0};
constexpr float kIq3XxsLevels[8] = {4, 12, 20, 28, 36, 44, 52, 62};
constexpr float kDelta = 0.125f;

/// One block: bytes in, 256 weights out.
using DecodeBlock = void (*)(const std::uint8_t* in, float* out);

std::uint32_t loadU32(const std::uint8_t* p) noexcept {
    return static_cast<std::uint32_t>(loadU16(p)) | static_cast<std::uint32_t>(loadU16(p + 2)) << 16;
}

/// Seven signs; the eighth makes their number even.
unsigned evenSigns(unsigned seven) noexcept { return seven | ((std::popcount(seven) & 1u) << 7); }

void putEight(std::uint16_t entry, unsigned signs, float scale, float* out) noexcept {
    for (int k = 0; k < 8; ++k) {
        const float w = scale * kIq2Levels[(entry >> (2 * k)) & 3];
        out[k] = (signs >> k) & 1 ? -w : w;
    }
}

template <class Level>
void putFour(std::uint16_t entry, unsigned signs, float scale, const Level& level, float* out) noexcept {
    for (int k = 0; k < 4; ++k) {
        const float w = scale * level((entry >> (3 * k)) & 7);
        out[k] = (signs >> k) & 1 ? -w : w;
    }
}

/// d; for each 32 weights four indices and a word of four times seven signs and a scale.
void decodeIq2Xxs(const std::uint8_t* in, float* out) {
    const float d = loadHalf(in);
    for (int g = 0; g < 8; ++g) {
        const std::uint8_t* group = in + 2 + 8 * g;
        const std::uint32_t word = loadU32(group + 4);
        const float scale = d * (0.5f + static_cast<float>(word >> 28)) * 0.25f;
        for (int l = 0; l < 4; ++l, out += 8)
            putEight(kIq2Xxs[group[l]], evenSigns((word >> (7 * l)) & 127), scale, out);
    }
}

/// d; 32 words of nine bits index and seven signs; eight bytes of two scales for 16 weights each.
void decodeIq2Xs(const std::uint8_t* in, float* out) {
    const float d = loadHalf(in);
    for (int j = 0; j < 32; ++j, out += 8) {
        const unsigned word = loadU16(in + 2 + 2 * j);
        const unsigned s = (in[66 + j / 4] >> (4 * (j / 2 % 2))) & 15u;
        putEight(kIq2Xs[word & 511], evenSigns(word >> 9), d * (0.5f + static_cast<float>(s)) * 0.25f, out);
    }
}

/// d; low bytes of 32 indices; 32 bytes of signs; two high bits of each index; scales as IQ2_XS.
void decodeIq2S(const std::uint8_t* in, float* out) {
    const float d = loadHalf(in);
    for (int j = 0; j < 32; ++j, out += 8) {
        const unsigned index = in[2 + j] | ((in[66 + j / 4] >> (2 * (j % 4))) & 3u) << 8;
        const unsigned s = (in[74 + j / 4] >> (4 * (j / 2 % 2))) & 15u;
        putEight(kIq2S[index], in[34 + j], d * (0.5f + static_cast<float>(s)) * 0.25f, out);
    }
}

/// d; 64 indices of four weights; for each 32 weights a word of four times seven signs and a scale.
void decodeIq3Xxs(const std::uint8_t* in, float* out) {
    const float d = loadHalf(in);
    for (int g = 0; g < 8; ++g) {
        const std::uint32_t word = loadU32(in + 66 + 4 * g);
        const float scale = d * (0.5f + static_cast<float>(word >> 28)) * 0.5f;
        for (int k = 0; k < 8; ++k, out += 4)
            putFour(kIq3Xxs[in[2 + 8 * g + k]], evenSigns((word >> (7 * (k / 2))) & 127) >> (4 * (k % 2)), scale,
                    [](unsigned code) { return kIq3XxsLevels[code]; }, out);
    }
}

/// d; low bytes of 64 indices; their ninth bits; 32 bytes of signs; four bytes of two scales for 32 weights each.
void decodeIq3S(const std::uint8_t* in, float* out) {
    const float d = loadHalf(in);
    for (int k = 0; k < 64; ++k, out += 4) {
        const unsigned index = in[2 + k] | ((in[66 + k / 8] >> (k % 8)) & 1u) << 8;
        const unsigned s = (in[106 + k / 16] >> (4 * (k / 8 % 2))) & 15u;
        putFour(kIq3S[index], static_cast<unsigned>(in[74 + k / 2]) >> (4 * (k % 2)), d * static_cast<float>(1 + 2 * s),
                [](unsigned code) { return static_cast<float>(2 * code + 1); }, out);
    }
}

void putIq1(unsigned index, float scale, bool minus, float* out) noexcept {
    const std::uint16_t entry = kIq1[index];
    for (int k = 0; k < 8; ++k)
        out[k] = scale * (static_cast<float>((entry >> (2 * k)) & 3) - 1.0f + (minus ? -kDelta : kDelta));
}

/// d; low bytes of 32 indices; for each 32 weights a word of four times three high bits, a scale and the sign of the shift.
void decodeIq1S(const std::uint8_t* in, float* out) {
    const float d = loadHalf(in);
    for (int g = 0; g < 8; ++g) {
        const unsigned word = loadU16(in + 34 + 2 * g);
        const float scale = d * static_cast<float>(2 * ((word >> 12) & 7) + 1);
        for (int l = 0; l < 4; ++l, out += 8)
            putIq1(in[2 + 4 * g + l] | ((word >> (3 * l)) & 7u) << 8, scale, (word & 0x8000) != 0, out);
    }
}

/// Low bytes of 32 indices; for each a nibble of three high bits and the sign of the shift; four words of four scales of
/// three bits (for 16 weights each) whose upper four bits together are d.
void decodeIq1M(const std::uint8_t* in, float* out) {
    const std::uint8_t* words = in + 48;
    std::uint16_t bits = 0;
    for (int i = 0; i < 4; ++i)
        bits = static_cast<std::uint16_t>(bits | (loadU16(words + 2 * i) >> 12) << (4 * i));
    const float d = halfToFloat(bits);
    for (int j = 0; j < 32; ++j, out += 8) {
        const unsigned high = (in[32 + j / 2] >> (4 * (j % 2))) & 15u;
        const unsigned s = (loadU16(words + 2 * (j / 8)) >> (3 * (j / 2 % 4))) & 7u;
        putIq1(in[j] | (high & 7u) << 8, d * static_cast<float>(2 * s + 1), (high & 8) != 0, out);
    }
}

class CodebookEncoding final : public Encoding {
public:
    CodebookEncoding(const char* id, int ggmlType, std::int64_t bytes, DecodeBlock decode) : m_decode(decode) {
        m_info.id = id;
        m_info.title = std::string("Codebook of ") + (id[2] == '3' ? "four" : "eight") + " weights, read only";
        m_info.help = "Groups of weights are entries of a fixed codebook. Files of llama.cpp in this form can be read, run and "
                      "turned into others; choosing entries is left to llama.cpp's own tools.";
        m_info.blockSize = kBlock;
        m_info.bytesPerBlock = bytes;
        m_info.bitsPerWeight = 8.0 * static_cast<double>(bytes) / static_cast<double>(kBlock);
        m_info.ggmlType = ggmlType;
        m_info.runsInStockLlamaCpp = true;
        m_info.fallback = "IQ4_NL";
        m_info.grid.kind = GridKind::Levels;
    }
    const EncodingInfo& info() const override { return m_info; }

    Result<std::uint64_t> sizeBytes(std::int64_t rows, std::int64_t cols) const override {
        if (rows < 0 || cols < 0)
            return fail(ErrorCode::Format, "a tensor cannot have a negative number of rows or columns");
        if (cols % kBlock != 0)
            return fail(ErrorCode::Unsupported, "rows of " + std::to_string(cols)
                                                    + " are not a multiple of 256, the block of " + m_info.id);
        const auto count = checkedMul(static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(cols));
        if (!count || *count > static_cast<std::uint64_t>(INT64_MAX) / sizeof(float))
            return fail(ErrorCode::Format, "a tensor of " + std::to_string(rows) + " x " + std::to_string(cols)
                                               + " is larger than any computer can hold");
        return *count / kBlock * static_cast<std::uint64_t>(m_info.bytesPerBlock);
    }

    void decodeRows(std::span<const std::byte> tensor, std::int64_t, std::int64_t cols, std::int64_t rowBegin,
                    std::int64_t rowCount, float* out) const override {
        const std::int64_t perRow = cols / kBlock;
        const std::uint8_t* in = bytePointer(tensor) + rowBegin * perRow * m_info.bytesPerBlock;
        for (std::int64_t b = 0; b < rowCount * perRow; ++b, in += m_info.bytesPerBlock, out += kBlock)
            m_decode(in, out);
    }

    Result<void> encode(MatrixView, std::span<const float>, std::span<std::byte>, RunControl&) const override {
        return fail(ErrorCode::Unsupported, m_info.id + " can be read here but not written; llama.cpp's own tools write it");
    }

private:
    EncodingInfo m_info;
    DecodeBlock m_decode;
};

} // namespace

std::shared_ptr<const Encoding> makeIq1_S() { return std::make_shared<CodebookEncoding>("IQ1_S", 19, 50, decodeIq1S); }
std::shared_ptr<const Encoding> makeIq1_M() { return std::make_shared<CodebookEncoding>("IQ1_M", 29, 56, decodeIq1M); }
std::shared_ptr<const Encoding> makeIq2_Xxs() { return std::make_shared<CodebookEncoding>("IQ2_XXS", 16, 66, decodeIq2Xxs); }
std::shared_ptr<const Encoding> makeIq2_Xs() { return std::make_shared<CodebookEncoding>("IQ2_XS", 17, 74, decodeIq2Xs); }
std::shared_ptr<const Encoding> makeIq2_S() { return std::make_shared<CodebookEncoding>("IQ2_S", 22, 82, decodeIq2S); }
std::shared_ptr<const Encoding> makeIq3_Xxs() { return std::make_shared<CodebookEncoding>("IQ3_XXS", 18, 98, decodeIq3Xxs); }
std::shared_ptr<const Encoding> makeIq3_S() { return std::make_shared<CodebookEncoding>("IQ3_S", 21, 110, decodeIq3S); }

} // namespace trilobit
