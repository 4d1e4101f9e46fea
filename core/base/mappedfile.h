// MappedFile: a whole file mapped read-only.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace trilobit {

class MappedFile {
public:
    /// Errors: Io (not found, not readable, a directory), with the path. An empty file maps to an empty span.
    static Result<std::shared_ptr<const MappedFile>> open(const std::string& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    /// Valid as long as the object lives. Another program truncating the file meanwhile makes reads fault, as with
    /// every mapping; Trilobit itself never writes to a file in place.
    std::span<const std::byte> bytes() const noexcept { return {m_data, m_size}; }
    const std::string& path() const noexcept { return m_path; }

    /// Tells the system that the pages wholly inside `part` are not needed for now: they stop counting as this
    /// program's memory and are read again when somebody looks. Bytes that are not this file's are left alone.
    void release(std::span<const std::byte> part) const noexcept;

private:
    MappedFile() = default;
    const std::byte* m_data = nullptr;
    std::size_t m_size = 0;
    std::string m_path;
};

/// A small text or binary file read whole. Errors: Io; Format when it is larger than `maxBytes`.
Result<std::string> readFile(const std::string& path, std::size_t maxBytes = 256u << 20);

} // namespace trilobit
