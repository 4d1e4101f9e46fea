// WorkFolder: finished tensors of a quantization that has not ended, on disk, for whoever carries it on.
#pragma once

#include "core/base/json.h"
#include "core/base/mappedfile.h"
#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/quant/weightstats.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace trilobit {

/// A tensor that was finished, in this run or an earlier one.
struct KeptTensor {
    std::shared_ptr<const MappedFile> file; ///< keeps `bytes` readable, even when the folder is gone
    std::span<const std::byte> bytes;       ///< encoded; 64-byte aligned
    ErrorMetrics error;
    double seconds = 0;                     ///< that computing it took
};

/// What a work folder says of itself.
struct UnfinishedWork {
    std::string folder;
    Json job;                  ///< as it was given to WorkFolder::open; null when it cannot be read
    std::uint64_t tensors = 0; ///< how many are kept; they are checked when they are used
    std::uint64_t bytes = 0;   ///< of their files
    bool running = false;      ///< a process is at it
};

/// One file for each tensor, `job.json` and a lock. A tensor's file takes its name when all of it is on disk; the name is the
/// key (64 hex digits), and a checksum covers every byte. One process at a time; the lock ends with the process.
class WorkFolder {
public:
    /// Makes the folder, in one that exists, when it is not there. `job` is put in place of what it said. Errors: Io; Unsupported when another
    /// process is at it, or when it holds other things.
    static Result<std::unique_ptr<WorkFolder>> open(const std::string& path, const Json& job);
    static bool exists(const std::string& path);
    ~WorkFolder();
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;

    const std::string& path() const noexcept { return m_path; }
    /// The tensor kept under `key`; nothing when there is none. Errors: Format, naming the file and what is wrong with it,
    /// when it is damaged or not `sizeBytes` long (add() replaces it); Cancelled; Io.
    Result<std::optional<KeptTensor>> find(const std::string& key, std::uint64_t sizeBytes, RunControl& control) const;
    /// Errors: Io, Cancelled.
    Result<KeptTensor> add(const std::string& key, const std::string& tensor, std::span<const std::byte> bytes,
                           const ErrorMetrics& error, double seconds, RunControl& control) const;
    std::uint64_t count() const;
    /// Removes what is ours, and the folder when nothing else is in it. The object must not be used afterwards.
    void remove();

private:
    explicit WorkFolder(std::string path) : m_path(std::move(path)) {}
    std::string filePath(const std::string& key) const;

    std::string m_path;
    int m_lock = -1;
};

/// What the folder at `path` says; nothing when it is no work folder.
std::optional<UnfinishedWork> readWorkFolder(const std::string& path);
/// `place` itself when it is a work folder, else those right inside of it, by name.
std::vector<UnfinishedWork> findUnfinished(const std::string& place);
/// Errors: Usage when there is no work folder; Unsupported when a process is at it.
Result<void> discardUnfinished(const std::string& path);

} // namespace trilobit
