#include "core/encodings/iq2_bn_r4/iq2_bn_r4.h"

#include "core/encodings/iq2_bn/iq2_bn.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace trilobit {

namespace {

constexpr std::int64_t kRows = 4, kBlock = 64, kRowBlockBytes = 16;
constexpr std::size_t kScale = 4;

/// Row k of four, block b: in IQ2_BN byte j holds columns j + {0, 16, 32, 48} of its block.
unsigned plainCode(const std::uint8_t* block, int column) noexcept {
    return (block[column % 16] >> (2 * (column / 16))) & 3u;
}
unsigned mixedCode(const std::uint8_t* block, int row, int column) noexcept {
    const int inside = column % 16;
    return (block[column / 16 * 16 + 4 * row + inside % 4] >> (2 * (inside / 4))) & 3u;
}

/// Everything about values is IQ2_BN's business; this layout only moves codes and scales of four rows about.
class Iq2_BnR4 final : public Encoding {
public:
    Iq2_BnR4() : m_plain(makeIq2_Bn()), m_info(m_plain->info()) {
        m_info.id = "IQ2_BN_R4";
        m_info.title = "Ternary in 2 bits, four rows together";
        m_info.help = "IQ2_BN with four rows interleaved, which is faster on some machines: a form that the ik_llama.cpp "
                      "fork makes of it. Stock llama.cpp does not read it.";
        m_info.ggmlType = 335;
        m_info.fallback = "IQ2_BN";
    }
    const EncodingInfo& info() const override { return m_info; }

    Result<std::uint64_t> sizeBytes(std::int64_t rows, std::int64_t cols) const override {
        TRILOBIT_TRY(const std::uint64_t size, m_plain->sizeBytes(rows, cols));
        if (rows % kRows != 0)
            return fail(ErrorCode::Unsupported, std::to_string(rows) + " rows are not a multiple of 4, and " + m_info.id
                                                    + " keeps four rows together");
        return size;
    }

    void decodeRows(std::span<const std::byte> tensor, std::int64_t, std::int64_t cols, std::int64_t rowBegin,
                    std::int64_t rowCount, float* out) const override {
        std::vector<std::byte> row(rowBytes(cols));
        for (std::int64_t r = rowBegin; r < rowBegin + rowCount; ++r, out += cols) {
            takeRow(tensor, cols, r, row);
            m_plain->decodeRows(row, 1, cols, 0, 1, out);
        }
    }

    Result<void> encode(MatrixView weight, std::span<const float> importance, std::span<std::byte> out,
                        RunControl& control) const override {
        TRILOBIT_CHECK(sizeBytes(weight.rows, weight.cols));
        std::vector<std::byte> plain(out.size());
        TRILOBIT_CHECK(m_plain->encode(weight, importance, plain, control));
        mix(plain, weight.rows, weight.cols, out);
        return {};
    }

    Result<void> pack(const GroupCodes& codes, std::span<std::byte> out) const override {
        TRILOBIT_CHECK(sizeBytes(codes.rows, codes.cols));
        std::vector<std::byte> plain(out.size());
        TRILOBIT_CHECK(m_plain->pack(codes, plain));
        mix(plain, codes.rows, codes.cols, out);
        return {};
    }

    Result<GroupCodes> unpack(std::span<const std::byte> tensor, std::int64_t rows, std::int64_t cols) const override {
        TRILOBIT_CHECK(sizeBytes(rows, cols));
        std::vector<std::byte> plain(tensor.size());
        const std::size_t stride = rowBytes(cols);
        for (std::int64_t r = 0; r < rows && cols > 0; ++r)
            takeRow(tensor, cols, r, std::span(plain).subspan(static_cast<std::size_t>(r) * stride, stride));
        return m_plain->unpack(plain, rows, cols);
    }

private:
    static std::size_t rowBytes(std::int64_t cols) noexcept {
        return kScale + static_cast<std::size_t>(cols / kBlock * kRowBlockBytes);
    }

    /// One row in the form of IQ2_BN.
    static void takeRow(std::span<const std::byte> tensor, std::int64_t cols, std::int64_t row,
                        std::span<std::byte> plain) noexcept {
        const auto* four = reinterpret_cast<const std::uint8_t*>(tensor.data())
                           + static_cast<std::size_t>(row / kRows) * kRows * rowBytes(cols);
        const int k = static_cast<int>(row % kRows);
        auto* out = reinterpret_cast<std::uint8_t*>(plain.data());
        std::memcpy(out, four + static_cast<std::size_t>(k) * kScale, kScale);
        const std::uint8_t* in = four + kRows * kScale;
        out += kScale;
        for (std::int64_t b = 0; b < cols / kBlock; ++b, in += kRows * kRowBlockBytes, out += kRowBlockBytes)
            for (int j = 0; j < kRowBlockBytes; ++j)
                out[j] = static_cast<std::uint8_t>(mixedCode(in, k, j) | (mixedCode(in, k, j + 16) << 2)
                                                   | (mixedCode(in, k, j + 32) << 4)
                                                   | (mixedCode(in, k, j + 48) << 6));
    }

    static void mix(std::span<const std::byte> plain, std::int64_t rows, std::int64_t cols,
                    std::span<std::byte> mixed) noexcept {
        const std::size_t stride = rowBytes(cols);
        std::fill(mixed.begin(), mixed.end(), std::byte{0});
        for (std::int64_t row = 0; row < rows; ++row) {
            const auto* in = reinterpret_cast<const std::uint8_t*>(plain.data()) + static_cast<std::size_t>(row) * stride;
            auto* four = reinterpret_cast<std::uint8_t*>(mixed.data())
                         + static_cast<std::size_t>(row / kRows) * kRows * stride;
            const int k = static_cast<int>(row % kRows);
            std::memcpy(four + static_cast<std::size_t>(k) * kScale, in, kScale);
            in += kScale;
            std::uint8_t* out = four + kRows * kScale;
            for (std::int64_t b = 0; b < cols / kBlock; ++b, in += kRowBlockBytes, out += kRows * kRowBlockBytes)
                for (int c = 0; c < kBlock; ++c) {
                    std::uint8_t& byte = out[c / 16 * 16 + 4 * k + c % 4];
                    byte = static_cast<std::uint8_t>(byte | (plainCode(in, c) << (2 * (c % 16 / 4))));
                }
        }
    }

    std::shared_ptr<const Encoding> m_plain;
    EncodingInfo m_info;
};

} // namespace

std::shared_ptr<const Encoding> makeIq2_BnR4() { return std::make_shared<Iq2_BnR4>(); }

} // namespace trilobit
