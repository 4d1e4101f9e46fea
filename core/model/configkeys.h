// ConfigKeys: the keys of one architecture in a GGUF file, each checked as it is read.
#pragma once

#include "core/base/result.h"
#include "core/formats/metadata.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

class ConfigKeys {
public:
    /// Keys are read as `architecture`.NAME. Both must outlive the reader.
    ConfigKeys(const Metadata& metadata, const std::string& architecture)
        : m_metadata(metadata), m_architecture(architecture) {}

    std::string key(std::string_view name) const { return m_architecture + "." + std::string(name); }
    bool has(std::string_view name) const { return m_metadata.find(key(name)) != nullptr; }
    std::string text(std::string_view name) const { return m_metadata.toString(key(name)); }

    /// An integer in [1, max]; `fallback` when the key is absent, an error when that is 0. Errors: Format; Unsupported when
    /// it differs from block to block.
    Result<std::int64_t> size(std::string_view name, std::int64_t max, std::int64_t fallback = 0) const;
    /// An integer in [0, max]; 0 when the key is absent.
    Result<std::int64_t> sizeOrNone(std::string_view name, std::int64_t max) const;
    /// A finite number above 0. Errors: Format.
    Result<double> positive(std::string_view name, double fallback) const;
    /// One flag per block from an array of bools or integers; none when the key is absent or a single value.
    Result<std::optional<std::vector<bool>>> flags(std::string_view name, std::int64_t layers) const;

private:
    const Metadata& m_metadata;
    const std::string& m_architecture;
};

/// One flag per block from an array of bools or integers under any key. Errors: Format when the count is another one.
Result<std::optional<std::vector<bool>>> readLayerFlags(const Metadata& metadata, const std::string& key,
                                                        std::int64_t layers);

} // namespace trilobit
