// Builds GGUF bytes field by field, right or wrong, independent of the writer under test.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

namespace trilobit::test {

class GgufBuilder {
public:
    template <class T>
    GgufBuilder& number(T value) {
        m_bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
        return *this;
    }
    GgufBuilder& text(std::string_view value) {
        number<std::uint64_t>(value.size());
        m_bytes.append(value);
        return *this;
    }
    GgufBuilder& header(std::uint32_t version, std::uint64_t tensors, std::uint64_t keys) {
        m_bytes.append("GGUF");
        return number(version).number(tensors).number(keys);
    }
    GgufBuilder& stringKey(std::string_view key, std::string_view value) {
        return text(key).number<std::uint32_t>(8).text(value);
    }
    GgufBuilder& u32Key(std::string_view key, std::uint32_t value) {
        return text(key).number<std::uint32_t>(4).number(value);
    }
    GgufBuilder& arrayKey(std::string_view key, std::uint32_t elementType, std::uint64_t count) {
        return text(key).number<std::uint32_t>(9).number(elementType).number(count);
    }
    GgufBuilder& tensor(std::string_view name, std::initializer_list<std::int64_t> ne, std::int32_t type,
                        std::uint64_t offset) {
        text(name).number(static_cast<std::uint32_t>(ne.size()));
        for (const std::int64_t n : ne)
            number(n);
        return number(type).number(offset);
    }
    GgufBuilder& pad(std::size_t alignment = 32) { return zeros((alignment - m_bytes.size() % alignment) % alignment); }
    GgufBuilder& zeros(std::size_t count) {
        m_bytes.append(count, '\0');
        return *this;
    }
    const std::string& bytes() const { return m_bytes; }

private:
    std::string m_bytes;
};

inline void writeBytes(const std::string& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

} // namespace trilobit::test
