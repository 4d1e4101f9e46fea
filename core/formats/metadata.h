// Metadata: the ordered key-value pairs of a GGUF file, kept exactly as they were read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace trilobit {

/// GGUF value type numbers (on disk; never renumber).
enum class MetaType : std::uint32_t {
    U8 = 0, I8 = 1, U16 = 2, I16 = 3, U32 = 4, I32 = 5, F32 = 6, Bool = 7, String = 8, Array = 9, U64 = 10, I64 = 11,
    F64 = 12
};

/// One value with the type it has in the file. Numbers are widened; arrays hold one element type and do not nest.
struct MetaValue {
    MetaType type = MetaType::U32;
    MetaType elementType = MetaType::U32; ///< arrays only
    std::variant<std::uint64_t, std::int64_t, double, bool, std::string, std::vector<std::uint64_t>,
                 std::vector<std::int64_t>, std::vector<double>, std::vector<std::uint8_t>, std::vector<std::string>>
        value; ///< unsigned, signed, float, bool, string; the same for arrays (bool arrays as bytes)

    static MetaValue u32(std::uint32_t v) { return {MetaType::U32, {}, std::uint64_t{v}}; }
    static MetaValue i32(std::int32_t v) { return {MetaType::I32, {}, std::int64_t{v}}; }
    static MetaValue u64(std::uint64_t v) { return {MetaType::U64, {}, v}; }
    static MetaValue f32(float v) { return {MetaType::F32, {}, static_cast<double>(v)}; }
    static MetaValue boolean(bool v) { return {MetaType::Bool, {}, v}; }
    static MetaValue string(std::string v) { return {MetaType::String, {}, std::move(v)}; }
    static MetaValue strings(std::vector<std::string> v) { return {MetaType::Array, MetaType::String, std::move(v)}; }
    static MetaValue i32s(std::vector<std::int64_t> v) { return {MetaType::Array, MetaType::I32, std::move(v)}; }
    static MetaValue f32s(std::vector<double> v) { return {MetaType::Array, MetaType::F32, std::move(v)}; }

    bool operator==(const MetaValue&) const = default;
};

class Metadata {
public:
    using Entry = std::pair<std::string, MetaValue>;

    const std::vector<Entry>& entries() const { return m_entries; }
    const MetaValue* find(std::string_view key) const;
    void set(std::string_view key, MetaValue value); ///< replaces in place or appends
    void append(std::string key, MetaValue value);   ///< for a key that is known to be new; does not search
    void remove(std::string_view key);

    // Readers with a fallback; any integer type serves toInt/toDouble, any float serves toDouble.
    std::int64_t toInt(std::string_view key, std::int64_t fallback) const;
    double toDouble(std::string_view key, double fallback) const;
    bool toBool(std::string_view key, bool fallback) const;
    std::string toString(std::string_view key, std::string_view fallback = {}) const;
    const std::vector<std::string>* strings(std::string_view key) const; ///< null when absent or another type

private:
    std::vector<Entry> m_entries;
};

} // namespace trilobit
