#include "core/encodings/checkpoint/packedmatrix.h"

#include "core/base/half.h"
#include "core/encodings/common/bytes.h"
#include "core/encodings/common/rowloop.h"
#include "core/tensor/shape.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <new>

namespace trilobit {

namespace {

using namespace encodings;

const char* nameOf(CheckpointPacking packing) {
    return packing == CheckpointPacking::Gptq ? "GPTQ" : packing == CheckpointPacking::Awq ? "AWQ" : "HQQ";
}

std::uint32_t word(const std::uint8_t* in, std::int64_t index) noexcept {
    std::uint32_t value;
    std::memcpy(&value, in + index * 4, sizeof value);
    return value;
}

/// Whether groups run along rows, one after the other.
bool inOrder(const PackedMatrix& m) {
    return m.groupOf.empty() && (m.packing != CheckpointPacking::Hqq || (m.hqq.axis == 1 && m.cols % m.groupSize == 0));
}

EncodingInfo describe(const PackedMatrix& m) {
    EncodingInfo info;
    info.id = std::string(nameOf(m.packing)) + "-g" + std::to_string(m.groupSize) + "-b" + std::to_string(m.bits)
              + (inOrder(m) ? "" : "-act");
    info.title = std::to_string(m.bits) + " bits in groups of " + std::to_string(m.groupSize) + ", " + nameOf(m.packing)
                 + " checkpoint";
    info.help = "A matrix of a Hugging Face checkpoint: codes in one tensor, a scale and a zero for each group beside it. It "
                "can be read and converted, not chosen.";
    info.bitsPerWeight = m.bits + 32.0 / static_cast<double>(m.groupSize);
    info.grid.kind = inOrder(m) ? GridKind::Linear : GridKind::Nested;
    info.grid.groupSize = m.groupSize;
    info.grid.codeMax = (1 << m.bits) - 1;
    info.grid.freeZero = true;
    info.grid.scaleType = m.halfParameters ? ParameterType::F16 : ParameterType::F32;
    info.grid.zeroType = info.grid.scaleType;
    return info;
}

class PackedEncoding final : public Encoding {
public:
    explicit PackedEncoding(PackedMatrix matrix) : m_matrix(std::move(matrix)), m_info(describe(m_matrix)) {}

    const EncodingInfo& info() const override { return m_info; }

    Result<std::uint64_t> sizeBytes(std::int64_t rows, std::int64_t cols) const override {
        if (rows != m_matrix.rows || cols != m_matrix.cols)
            return fail(ErrorCode::Unsupported, m_info.id + " here is a matrix of " + std::to_string(m_matrix.rows) + " x "
                                                    + std::to_string(m_matrix.cols) + ", not of " + std::to_string(rows)
                                                    + " x " + std::to_string(cols));
        return packedBytes();
    }

    void decodeRows(std::span<const std::byte> tensor, std::int64_t, std::int64_t, std::int64_t rowBegin,
                    std::int64_t rowCount, float* out) const override {
        const std::uint8_t* in = bytePointer(tensor);
        // Inputs outside: neighbouring outputs share cache lines of codes and parameters.
        for (std::int64_t col = 0; col < m_matrix.cols; ++col)
            for (std::int64_t r = 0; r < rowCount; ++r) {
                const std::int64_t row = rowBegin + r;
                const std::size_t group = groupIndex(row, col);
                out[r * m_matrix.cols + col] =
                    (static_cast<float>(codeAt(in, row, col)) - m_matrix.zero[group]) * m_matrix.scale[group];
            }
    }

    Result<void> encode(MatrixView, std::span<const float>, std::span<std::byte>, RunControl&) const override {
        return fail(ErrorCode::Unsupported, m_info.id + " is read from checkpoints and cannot be chosen");
    }

    Result<GroupCodes> unpack(std::span<const std::byte> tensor, std::int64_t rows, std::int64_t cols) const override {
        TRILOBIT_CHECK(sizeBytes(rows, cols));
        if (!inOrder(m_matrix))
            return fail(ErrorCode::Unsupported, "the groups of " + m_info.id + " do not run along rows in order");
        const std::uint8_t* in = bytePointer(tensor);
        GroupCodes codes;
        codes.rows = rows;
        codes.cols = cols;
        codes.groupSize = std::min(m_matrix.groupSize, cols);
        const std::int64_t perRow = (cols + codes.groupSize - 1) / codes.groupSize;
        try {
            codes.codes.resize(static_cast<std::size_t>(rows * cols));
            codes.scale.resize(static_cast<std::size_t>(rows * perRow));
            codes.zero.resize(codes.scale.size());
        } catch (const std::bad_alloc&) {
            return fail(ErrorCode::OutOfMemory, "not enough memory for the codes of " + std::to_string(rows) + " x "
                                                    + std::to_string(cols) + " weights");
        }
        constexpr std::int64_t kTogether = 16; // outputs in one cache line
        (void)parallelRows((rows + kTogether - 1) / kTogether, cols * kTogether, nullptr, [&](std::int64_t task) noexcept {
            const std::int64_t end = std::min(rows, (task + 1) * kTogether);
            for (std::int64_t col = 0; col < cols; ++col)
                for (std::int64_t row = task * kTogether; row < end; ++row) {
                    codes.codes[static_cast<std::size_t>(row * cols + col)] =
                        static_cast<std::int16_t>(codeAt(in, row, col));
                    const auto group = static_cast<std::size_t>(row * perRow + col / codes.groupSize);
                    codes.scale[group] = m_matrix.scale[groupIndex(row, col)];
                    codes.zero[group] = m_matrix.zero[groupIndex(row, col)];
                }
            return true;
        });
        return codes;
    }

    std::uint64_t packedBytes() const noexcept {
        const auto count = static_cast<std::uint64_t>(m_matrix.rows) * static_cast<std::uint64_t>(m_matrix.cols);
        if (m_matrix.packing == CheckpointPacking::Hqq) {
            const std::uint64_t height = hqqHeight(), width = count / height;
            return m_matrix.bits == 3 ? (height + 9) / 10 * width * 4
                                      : m_matrix.bits > 4 ? count : count * static_cast<std::uint64_t>(m_matrix.bits) / 8;
        }
        return count * static_cast<std::uint64_t>(m_matrix.bits) / 8;
    }

private:
    /// Rows of the matrix of groups.
    std::uint64_t hqqHeight() const noexcept {
        const auto count = static_cast<std::uint64_t>(m_matrix.rows) * static_cast<std::uint64_t>(m_matrix.cols);
        const auto group = static_cast<std::uint64_t>(m_matrix.groupSize);
        return m_matrix.hqq.axis == 1 ? count / group : group;
    }

    std::size_t groupIndex(std::int64_t row, std::int64_t col) const noexcept {
        if (m_matrix.packing == CheckpointPacking::Hqq) {
            const std::int64_t element = row * m_matrix.cols + col, groups = m_matrix.rows * m_matrix.cols / m_matrix.groupSize;
            return static_cast<std::size_t>(m_matrix.hqq.axis == 1 ? element / m_matrix.groupSize : element % groups);
        }
        const std::int64_t group = m_matrix.groupOf.empty() ? col / m_matrix.groupSize
                                                            : m_matrix.groupOf[static_cast<std::size_t>(col)];
        return static_cast<std::size_t>(group * m_matrix.rows + row);
    }

    unsigned codeAt(const std::uint8_t* in, std::int64_t row, std::int64_t col) const noexcept {
        const int bits = m_matrix.bits;
        const unsigned mask = (1u << bits) - 1;
        switch (m_matrix.packing) {
        case CheckpointPacking::Gptq: {
            const std::int64_t at = col * bits, index = at / 32;
            const int shift = static_cast<int>(at % 32);
            std::uint64_t value = word(in, index * m_matrix.rows + row);
            if (shift + bits > 32)
                value |= static_cast<std::uint64_t>(word(in, (index + 1) * m_matrix.rows + row)) << 32;
            return static_cast<unsigned>(value >> shift) & mask;
        }
        case CheckpointPacking::Awq: {
            const int inside = static_cast<int>(row % 8), nibble = inside % 2 == 0 ? inside / 2 : 4 + inside / 2;
            return (word(in, col * (m_matrix.rows / 8) + row / 8) >> (4 * nibble)) & mask;
        }
        case CheckpointPacking::Hqq: break;
        }
        const std::int64_t element = row * m_matrix.cols + col;
        const auto height = static_cast<std::int64_t>(hqqHeight()), width = m_matrix.rows * m_matrix.cols / height;
        const std::int64_t r = element / width, c = element % width;
        if (bits == 3) {
            const std::int64_t step = (height + 9) / 10;
            return (word(in, r % step * width + c) >> (27 - 3 * (r / step))) & mask;
        }
        if (bits > 4)
            return in[r * width + c];
        const std::int64_t parts = 8 / bits, step = height / parts;
        return (static_cast<unsigned>(in[r % step * width + c]) >> (8 - bits - bits * (r / step))) & mask;
    }

    PackedMatrix m_matrix;
    EncodingInfo m_info;
};

Error wrong(std::string message) { return fail(ErrorCode::Format, std::move(message)); }

} // namespace

Result<std::shared_ptr<const Encoding>> makePackedMatrix(PackedMatrix m) {
    if (m.rows < 1 || m.cols < 1 || !checkedMul(static_cast<std::uint64_t>(m.rows), static_cast<std::uint64_t>(m.cols))
        || m.rows > (std::int64_t{1} << 32) || m.cols > (std::int64_t{1} << 24))
        return wrong("a packed matrix of " + std::to_string(m.rows) + " x " + std::to_string(m.cols));
    if (m.groupSize < 1)
        return wrong("groups of " + std::to_string(m.groupSize) + " weights");
    const std::int64_t count = m.rows * m.cols;
    std::int64_t groups = 0;
    if (m.packing == CheckpointPacking::Hqq) {
        if (m.bits < 1 || m.bits > 8 || m.hqq.axis < 0 || m.hqq.axis > 1)
            return wrong("HQQ with " + std::to_string(m.bits) + " bits along axis " + std::to_string(m.hqq.axis));
        if (count % m.groupSize != 0)
            return wrong(std::to_string(count) + " weights are not whole groups of " + std::to_string(m.groupSize));
        groups = count / m.groupSize;
        const std::int64_t height = m.hqq.axis == 1 ? groups : m.groupSize, parts = m.bits > 4 || m.bits == 3 ? 1 : 8 / m.bits;
        if (height % parts != 0)
            return wrong(std::to_string(height) + " rows of groups do not fill bytes of " + std::to_string(parts) + " codes");
    } else {
        const bool bitsFit = m.packing == CheckpointPacking::Awq ? m.bits == 4
                                                                 : m.bits == 2 || m.bits == 3 || m.bits == 4 || m.bits == 8;
        if (!bitsFit)
            return fail(ErrorCode::Unsupported, std::string(nameOf(m.packing)) + " with " + std::to_string(m.bits)
                                                    + " bits, which this program does not read");
        if (m.packing == CheckpointPacking::Awq ? m.rows % 8 != 0 : m.cols * m.bits % 32 != 0)
            return wrong("a matrix of " + std::to_string(m.rows) + " x " + std::to_string(m.cols) + " does not fill words");
        const std::int64_t perInput = (m.cols + m.groupSize - 1) / m.groupSize;
        groups = perInput * m.rows;
        if (!m.groupOf.empty()) {
            if (m.groupOf.size() != static_cast<std::size_t>(m.cols))
                return wrong("the list of groups does not have one entry for each input");
            bool ordered = true;
            for (std::size_t c = 0; c < m.groupOf.size(); ++c) {
                if (m.groupOf[c] < 0 || m.groupOf[c] >= perInput)
                    return wrong("input " + std::to_string(c) + " belongs to group " + std::to_string(m.groupOf[c])
                                 + ", but there are " + std::to_string(perInput));
                ordered = ordered && m.groupOf[c] == static_cast<std::int64_t>(c) / m.groupSize;
            }
            if (ordered)
                m.groupOf.clear();
        }
    }
    if (m.scale.size() != static_cast<std::size_t>(groups) || m.zero.size() != m.scale.size())
        return wrong("expected " + std::to_string(groups) + " scales and zeros, found " + std::to_string(m.scale.size())
                     + " and " + std::to_string(m.zero.size()));
    const auto half = [](float v) { return halfToFloat(floatToHalf(v)) == v; };
    m.halfParameters = std::all_of(m.scale.begin(), m.scale.end(), half) && std::all_of(m.zero.begin(), m.zero.end(), half);
    return std::shared_ptr<const Encoding>(std::make_shared<PackedEncoding>(std::move(m)));
}

Result<GptqTensors> packGptq(const GroupCodes& codes, int bits, std::int64_t groupSize) {
    const auto refuse = [](std::string why) { return fail(ErrorCode::Unsupported, "the GPTQ layout " + std::move(why)); };
    if (bits != 2 && bits != 4 && bits != 8)
        return refuse("is written with 2, 4 or 8 bits");
    if (codes.wholeTensor() || groupSize < 1 || codes.groupSize % groupSize != 0 || codes.cols % groupSize != 0)
        return refuse("needs whole groups of " + std::to_string(groupSize) + " along rows of " + std::to_string(codes.cols));
    const std::int64_t perWord = 32 / bits, groups = codes.cols / groupSize;
    if (codes.cols % perWord != 0 || codes.rows % perWord != 0)
        return refuse("packs " + std::to_string(perWord) + " codes in a word; " + std::to_string(codes.rows) + " x "
                      + std::to_string(codes.cols) + " does not fill words");
    const auto rows = static_cast<std::size_t>(codes.rows);
    GptqTensors out;
    out.qweight.assign(static_cast<std::size_t>(codes.cols / perWord) * rows, 0);
    out.qzeros.assign(static_cast<std::size_t>(groups) * rows / static_cast<std::size_t>(perWord), 0);
    out.scales.resize(static_cast<std::size_t>(groups) * rows);
    for (std::int64_t col = 0; col < codes.cols; ++col)
        out.groupOf.push_back(static_cast<std::int32_t>(col / groupSize));
    const int top = (1 << bits) - 1;
    for (std::int64_t row = 0; row < codes.rows; ++row) {
        const std::int16_t* source = codes.codes.data() + row * codes.cols;
        const auto where = [&](std::int64_t col) {
            return " (row " + std::to_string(row) + ", column " + std::to_string(col) + ")";
        };
        for (std::int64_t group = 0; group < groups; ++group) {
            const std::size_t from = codes.groupOf(row, group * groupSize);
            const float scale = codes.scale[from], zero = codes.zero[from];
            if (!(zero >= 1 && zero <= static_cast<float>(top)) || std::floor(zero) != zero)
                return refuse("stores whole zeros from 1 to " + std::to_string(top) + ", not " + std::to_string(zero)
                              + where(group * groupSize));
            if (!std::isfinite(scale) || halfToFloat(floatToHalf(scale)) != scale)
                return refuse("stores binary16 scales, not " + std::to_string(scale) + where(group * groupSize));
            const auto at = static_cast<std::size_t>(group) * rows + static_cast<std::size_t>(row);
            out.scales[at] = floatToHalf(scale);
            out.qzeros[at / static_cast<std::size_t>(perWord)] |= static_cast<std::uint32_t>(static_cast<int>(zero) - 1)
                                                                  << (bits * (row % perWord));
        }
        for (std::int64_t col = 0; col < codes.cols; ++col) {
            if (source[col] < 0 || source[col] > top)
                return refuse("holds codes from 0 to " + std::to_string(top) + ", not " + std::to_string(source[col])
                              + where(col));
            out.qweight[static_cast<std::size_t>(col / perWord) * rows + static_cast<std::size_t>(row)] |=
                static_cast<std::uint32_t>(source[col]) << (bits * (col % perWord));
        }
    }
    return out;
}

Result<AwqTensors> packAwq(const GroupCodes& codes, std::int64_t groupSize) {
    const auto refuse = [](std::string why) { return fail(ErrorCode::Unsupported, "the AWQ layout " + std::move(why)); };
    if (codes.wholeTensor() || groupSize < 1 || codes.groupSize % groupSize != 0 || codes.cols % groupSize != 0)
        return refuse("needs whole groups of " + std::to_string(groupSize) + " along rows of " + std::to_string(codes.cols));
    if (codes.rows % 8 != 0)
        return refuse("packs 8 codes of a column in a word; " + std::to_string(codes.rows) + " rows do not fill words");
    const std::int64_t groups = codes.cols / groupSize, words = codes.rows / 8;
    const auto rows = static_cast<std::size_t>(codes.rows);
    AwqTensors out;
    out.qweight.assign(static_cast<std::size_t>(codes.cols * words), 0);
    out.qzeros.assign(static_cast<std::size_t>(groups * words), 0);
    out.scales.resize(static_cast<std::size_t>(groups) * rows);
    constexpr int kTop = 15;
    for (std::int64_t row = 0; row < codes.rows; ++row) {
        const int inside = static_cast<int>(row % 8), nibble = inside % 2 == 0 ? inside / 2 : 4 + inside / 2;
        const auto put = [&](std::vector<std::uint32_t>& all, std::int64_t line, int value) {
            all[static_cast<std::size_t>(line * words + row / 8)] |= static_cast<std::uint32_t>(value) << (4 * nibble);
        };
        const auto where = [&](std::int64_t col) {
            return " (row " + std::to_string(row) + ", column " + std::to_string(col) + ")";
        };
        for (std::int64_t group = 0; group < groups; ++group) {
            const std::size_t from = codes.groupOf(row, group * groupSize);
            const float scale = codes.scale[from], zero = codes.zero[from];
            if (!(zero >= 0 && zero <= static_cast<float>(kTop)) || std::floor(zero) != zero)
                return refuse("stores whole zeros from 0 to 15, not " + std::to_string(zero) + where(group * groupSize));
            if (!std::isfinite(scale) || halfToFloat(floatToHalf(scale)) != scale)
                return refuse("stores binary16 scales, not " + std::to_string(scale) + where(group * groupSize));
            out.scales[static_cast<std::size_t>(group) * rows + static_cast<std::size_t>(row)] = floatToHalf(scale);
            put(out.qzeros, group, static_cast<int>(zero));
        }
        const std::int16_t* source = codes.codes.data() + row * codes.cols;
        for (std::int64_t col = 0; col < codes.cols; ++col) {
            if (source[col] < 0 || source[col] > kTop)
                return refuse("holds codes from 0 to 15, not " + std::to_string(source[col]) + where(col));
            put(out.qweight, col, source[col]);
        }
    }
    return out;
}

Result<HqqTensors> packHqq(const GroupCodes& codes, int bits) {
    const auto refuse = [](std::string why) { return fail(ErrorCode::Unsupported, "the HQQ layout " + std::move(why)); };
    if (bits != 1 && bits != 2 && bits != 3 && bits != 4 && bits != 8)
        return refuse("is written with 1, 2, 3, 4 or 8 bits");
    if (codes.wholeTensor() || codes.groupSize < 1 || codes.cols % codes.groupSize != 0)
        return refuse("needs whole groups of " + std::to_string(codes.groupSize) + " along rows of " + std::to_string(codes.cols));
    const std::int64_t groups = codes.rows * (codes.cols / codes.groupSize);
    const std::int64_t parts = bits == 3 ? 10 : 8 / bits;
    if (bits != 3 && groups % parts != 0)
        return refuse("packs " + std::to_string(parts) + " groups in one row of bytes; " + std::to_string(groups)
                      + " groups do not fill them");
    HqqTensors out;
    out.groups = static_cast<std::size_t>(groups);
    out.width = codes.groupSize;
    out.height = (groups + parts - 1) / parts;
    const std::size_t wordBytes = bits == 3 ? 4 : 1;
    out.codes.assign(static_cast<std::size_t>(out.height * out.width) * wordBytes, std::byte{0});
    const int top = (1 << bits) - 1;
    bool half = true;
    for (std::int64_t group = 0; group < groups; ++group) {
        const std::int64_t first = group * codes.groupSize;
        const std::size_t from = codes.groupOf(first / codes.cols, first % codes.cols);
        const float scale = codes.scale[from], zero = codes.zero[from];
        if (!std::isfinite(scale) || !std::isfinite(zero))
            return refuse("holds finite scales and zeros, not " + std::to_string(scale) + " and " + std::to_string(zero));
        out.scale.push_back(scale);
        out.zero.push_back(zero);
        half = half && halfToFloat(floatToHalf(scale)) == scale && halfToFloat(floatToHalf(zero)) == zero;
        const int shift = bits == 3 ? static_cast<int>(27 - 3 * (group / out.height))
                                    : static_cast<int>(8 - bits - bits * (group / out.height));
        for (std::int64_t i = 0; i < out.width; ++i) {
            const std::int16_t code = codes.codes[static_cast<std::size_t>(first + i)];
            if (code < 0 || code > top)
                return refuse("holds codes from 0 to " + std::to_string(top) + ", not " + std::to_string(code) + " (element "
                              + std::to_string(first + i) + ")");
            const auto at = static_cast<std::size_t>(group % out.height * out.width + i) * wordBytes;
            std::uint32_t word = 0;
            std::memcpy(&word, out.codes.data() + at, wordBytes);
            word |= static_cast<std::uint32_t>(code) << shift;
            std::memcpy(out.codes.data() + at, &word, wordBytes);
        }
    }
    for (std::size_t i = 0; half && i < out.scale.size(); ++i) {
        out.halfScale.push_back(floatToHalf(out.scale[i]));
        out.halfZero.push_back(floatToHalf(out.zero[i]));
    }
    return out;
}

} // namespace trilobit
