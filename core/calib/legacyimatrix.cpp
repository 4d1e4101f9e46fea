#include "core/calib/legacyimatrix.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <string_view>

namespace trilobit {

namespace {

static_assert(std::endian::native == std::endian::little, "importance matrices are little-endian and read in place");

constexpr std::int32_t kMaxNameBytes = 1024;
constexpr std::uint64_t kEntryBytes = 4 + 1 + 4 + 4 + 4; ///< the smallest: one byte of name, one value

class Parser {
public:
    explicit Parser(const MappedFile& file) : m_bytes(file.bytes()), m_path(file.path()) {}

    Result<Calibration> parse() {
        TRILOBIT_TRY(const std::int32_t entries, number("entry count"));
        if (entries < 1 || static_cast<std::uint64_t>(entries) > remaining() / kEntryBytes)
            return error(0, "is " + std::to_string(entries) + ", which does not fit a file of "
                                + std::to_string(m_bytes.size())
                                + " bytes; expected an importance matrix, as GGUF or in llama.cpp's older form", "entry count");
        m_out.form = "imatrix .dat";
        m_out.countsTokens = false;
        for (std::int32_t i = 0; i < entries; ++i)
            TRILOBIT_CHECK(entry(i));
        TRILOBIT_CHECK(tail());
        return std::move(m_out);
    }

private:
    std::uint64_t remaining() const { return m_bytes.size() - m_position; }
    Error error(std::uint64_t offset, std::string message, std::string_view field) const {
        return Error{ErrorCode::Format, std::move(message), m_path, std::string(field), offset};
    }

    Result<std::int32_t> number(std::string_view field) {
        if (remaining() < sizeof(std::int32_t))
            return error(m_position, "the file ends here, expected 4 more bytes", field);
        std::int32_t value;
        std::memcpy(&value, m_bytes.data() + m_position, sizeof value);
        m_position += sizeof value;
        return value;
    }

    Result<std::string> text(std::string_view field, std::int32_t shortest, std::int32_t longest) {
        const std::uint64_t start = m_position;
        TRILOBIT_TRY(const std::int32_t length, number(field));
        if (length < shortest || length > longest)
            return error(start, "its length is " + std::to_string(length) + ", expected " + std::to_string(shortest) + " to "
                                    + std::to_string(longest), field);
        if (static_cast<std::uint64_t>(length) > remaining())
            return error(start, "a text of " + std::to_string(length) + " bytes does not fit in the "
                                    + std::to_string(remaining()) + " bytes left", field);
        std::string value(reinterpret_cast<const char*>(m_bytes.data() + m_position), static_cast<std::size_t>(length));
        m_position += static_cast<std::uint64_t>(length);
        return value;
    }

    Result<void> entry(std::int32_t index) {
        const std::string field = "name of entry " + std::to_string(index);
        const std::uint64_t start = m_position;
        TRILOBIT_TRY(const std::string name, text(field, 1, kMaxNameBytes));
        if (m_out.tensors.contains(name))
            return error(start, "\"" + name + "\" appears twice", field);
        TRILOBIT_TRY(const std::int32_t runs, number(name));
        const std::uint64_t countAt = m_position;
        TRILOBIT_TRY(const std::int32_t values, number(name));
        if (values < 1 || static_cast<std::uint64_t>(values) > remaining() / sizeof(float))
            return error(countAt, std::to_string(values) + " values do not fit in the " + std::to_string(remaining())
                                      + " bytes left", name);
        InputStatistics statistics;
        // Without a count the values are means already.
        statistics.tokens = {runs > 0 ? static_cast<double>(runs) : 1.0};
        statistics.sumSquares.resize(static_cast<std::size_t>(values));
        std::memcpy(statistics.sumSquares.data(), m_bytes.data() + m_position, statistics.sumSquares.size() * sizeof(float));
        for (std::size_t i = 0; i < statistics.sumSquares.size(); ++i)
            if (!std::isfinite(statistics.sumSquares[i]) || statistics.sumSquares[i] < 0)
                return error(m_position + 4 * i, "value " + std::to_string(i) + " is "
                                                     + std::to_string(statistics.sumSquares[i])
                                                     + ", expected a finite number of zero or more", name);
        m_position += statistics.sumSquares.size() * sizeof(float);
        m_out.tensors.emplace(name, std::move(statistics));
        return {};
    }

    /// Old files end before it.
    Result<void> tail() {
        if (remaining() == 0)
            return {};
        const std::uint64_t start = m_position;
        TRILOBIT_TRY(m_out.chunks, number("chunk count"));
        if (m_out.chunks < 0)
            return error(start, "is " + std::to_string(m_out.chunks) + ", expected 0 or more", "chunk count");
        if (remaining() == 0)
            return {};
        TRILOBIT_TRY(std::string dataset, text("data set", 0, 1 << 16));
        if (!dataset.empty())
            m_out.datasets.push_back(std::move(dataset));
        if (remaining() != 0)
            return error(m_position, std::to_string(remaining()) + " bytes follow, expected the end of the file", "end");
        return {};
    }

    std::span<const std::byte> m_bytes;
    std::string m_path;
    std::uint64_t m_position = 0;
    Calibration m_out;
};

} // namespace

Result<Calibration> readLegacyImatrix(const MappedFile& file) { return Parser(file).parse(); }

} // namespace trilobit
