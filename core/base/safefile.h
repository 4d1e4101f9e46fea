// SafeFile: writes beside the final name and takes that name only when everything is on disk.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace trilobit {

/// The data goes to a temporary file in the same folder; commit() does fsync, rename, fsync of the folder.
/// Destruction without commit(), a failed commit() or the death of the process leave the final name untouched;
/// the first two also remove the temporary file.
class SafeFile {
public:
    /// Errors: Io.
    static Result<std::unique_ptr<SafeFile>> create(const std::string& finalPath);
    ~SafeFile();
    SafeFile(const SafeFile&) = delete;
    SafeFile& operator=(const SafeFile&) = delete;

    /// Appends. Errors: Io (disk full names the file and the missing space).
    Result<void> write(std::span<const std::byte> bytes);
    Result<void> write(std::string_view text);
    /// Appends `count` zero bytes.
    Result<void> writeZeros(std::uint64_t count);
    std::uint64_t position() const noexcept { return m_position; }
    /// Everything written so far is in the temporary file, where others may read it. Errors: Io.
    Result<void> flush();
    const std::string& temporaryPath() const noexcept { return m_temporaryPath; }
    Result<void> commit();

private:
    SafeFile() = default;
    std::string m_finalPath;
    std::string m_temporaryPath;
    int m_fd = -1;
    std::uint64_t m_position = 0;
    std::string m_buffer; ///< small writes are gathered here
};

/// Removes temporary files in `folder` that no living process writes: all of them, or only those for the file name `of`.
/// Reads the whole folder.
void removeAbandoned(const std::string& folder, std::string_view of = {});
/// Those that were to become `finalPath`: what a killed process left of a large file.
void removeAbandonedOf(const std::string& finalPath);

/// `text` as the whole content of `path`, through SafeFile.
Result<void> writeFileSafely(const std::string& path, std::string_view text);

} // namespace trilobit
