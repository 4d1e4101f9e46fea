#include "core/quant/workfolder.h"

#include "core/base/safefile.h"
#include "core/base/sha256.h"
#include "core/model/tensorhash.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <limits>
#include <thread>

namespace trilobit {

namespace fs = std::filesystem;

namespace {

// On disk: a line of JSON padded with spaces to kHead bytes, the tensor's bytes, 64 hex digits. Changing it means a new kVersion.
constexpr int kVersion = 1;
constexpr std::size_t kHead = 4096, kDigits = 64, kMaxName = 200, kMaxJob = 64u << 20;
constexpr std::size_t kWritePiece = 16u << 20;
constexpr std::string_view kSuffix = ".tensor", kJob = "job.json", kLock = "lock", kVersionKey = "trilobit_work";
constexpr int kLockAttempts = 5;
constexpr std::chrono::milliseconds kLockPause(20); // somebody may only be looking whether we are there

std::string in(const std::string& folder, std::string_view name) { return (fs::path(folder) / name).string(); }

Error broken(const std::string& file, const std::string& what) { return Error{ErrorCode::Format, what, file}; }

Json errorToJson(const ErrorMetrics& error) {
    return Json::object({{"rmse", error.rmse},
                         {"sqnr_db", error.sqnrDb}, // infinite for no error: null
                         {"relative_squared", error.relativeSquared},
                         {"max_abs", error.maxAbs},
                         {"sum_squared_error", error.sumSquaredError},
                         {"sum_squared", error.sumSquared}});
}

ErrorMetrics errorFromJson(const Json& json) {
    ErrorMetrics error;
    error.rmse = json["rmse"].toDouble();
    error.sqnrDb = json["sqnr_db"].toDouble(std::numeric_limits<double>::infinity());
    error.relativeSquared = json["relative_squared"].toDouble();
    error.maxAbs = json["max_abs"].toDouble();
    error.sumSquaredError = json["sum_squared_error"].toDouble();
    error.sumSquared = json["sum_squared"].toDouble();
    return error;
}

Result<std::string> checksum(std::string_view head, std::span<const std::byte> bytes, RunControl& control) {
    TRILOBIT_TRY(const std::string data, piecewiseHash(bytes, control));
    Sha256 hash;
    hash.add(head);
    hash.add(data);
    return hash.finish();
}

bool isOurs(const fs::path& file) {
    const std::string name = file.filename().string();
    return name == kJob || name == kLock || name.ends_with(kSuffix);
}

/// The lock of another process is seen without waiting for it.
bool isLocked(const std::string& folder) {
    const int fd = ::open(in(folder, kLock).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    const bool taken = ::flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(fd);
    return taken;
}

template <class Visit>
void forEachFile(const std::string& folder, Visit visit) {
    std::error_code failed;
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed))
        visit(*entry);
}

void removeOurs(const std::string& folder) {
    removeAbandoned(folder);
    std::vector<fs::path> ours;
    forEachFile(folder, [&](const fs::directory_entry& entry) {
        if (isOurs(entry.path()))
            ours.push_back(entry.path());
    });
    // What makes it a work folder goes last: half removed, it can still be found and removed.
    std::sort(ours.begin(), ours.end(), [](const fs::path& a, const fs::path& b) {
        return (a.filename() == kJob) < (b.filename() == kJob);
    });
    std::error_code ignored;
    for (const fs::path& file : ours)
        fs::remove(file, ignored);
    fs::remove(folder, ignored); // only when it is empty
}

} // namespace

bool WorkFolder::exists(const std::string& path) {
    std::error_code ignored;
    return fs::is_regular_file(in(path, kJob), ignored);
}

Result<std::unique_ptr<WorkFolder>> WorkFolder::open(const std::string& path, const Json& job) {
    std::error_code failed;
    if (!exists(path)) {
        if (fs::create_directory(path, failed); failed)
            return Error{ErrorCode::Io, "cannot be made: " + failed.message(), path};
        removeAbandoned(path); // by somebody who was stopped while writing kJob
        bool foreign = false;
        forEachFile(path, [&](const fs::directory_entry& entry) { foreign = foreign || !isOurs(entry.path()); });
        if (foreign)
            return Error{ErrorCode::Unsupported, "holds other things; expected no such folder, or one of unfinished work", path};
    }
    std::unique_ptr<WorkFolder> folder(new WorkFolder(path));
    folder->m_lock = ::open(in(path, kLock).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (folder->m_lock < 0)
        return Error{ErrorCode::Io, std::string("cannot be written: ") + std::strerror(errno), in(path, kLock)};
    for (int attempt = 1; ::flock(folder->m_lock, LOCK_EX | LOCK_NB) != 0; ++attempt) {
        if (attempt == kLockAttempts)
            return Error{ErrorCode::Unsupported, "another process is at work there", path};
        std::this_thread::sleep_for(kLockPause);
    }
    removeAbandoned(path);
    Json said = Json::object({{kVersionKey.data(), kVersion}, {"job", job}});
    TRILOBIT_CHECK(writeFileSafely(in(path, kJob), said.dump(1)));
    return folder;
}

WorkFolder::~WorkFolder() {
    if (m_lock >= 0)
        ::close(m_lock);
}

std::string WorkFolder::filePath(const std::string& key) const { return in(m_path, key + std::string(kSuffix)); }

Result<std::optional<KeptTensor>> WorkFolder::find(const std::string& key, std::uint64_t sizeBytes,
                                                   RunControl& control) const {
    const std::string path = filePath(key);
    std::error_code ignored;
    if (!fs::exists(path, ignored))
        return std::optional<KeptTensor>();
    TRILOBIT_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path));
    const auto all = file->bytes();
    if (all.size() < kHead + kDigits || all.size() - kHead - kDigits != sizeBytes)
        return broken(path, "is " + std::to_string(all.size()) + " bytes long, expected "
                                + std::to_string(sizeBytes + kHead + kDigits));
    const std::string_view head(reinterpret_cast<const char*>(all.data()), kHead);
    const std::string_view digits(reinterpret_cast<const char*>(all.data()) + all.size() - kDigits, kDigits);
    const auto bytes = all.subspan(kHead, static_cast<std::size_t>(sizeBytes));
    TRILOBIT_TRY(const std::string found, checksum(head, bytes, control));
    if (found != digits)
        return broken(path, "its checksum does not fit its bytes");
    auto json = Json::parse(head.substr(0, head.find('\n')));
    if (!json || (*json)[kVersionKey] != Json(kVersion) || (*json)["key"].toString() != key)
        return broken(path, "belongs to other work");
    file->release(bytes);
    return std::optional(KeptTensor{file, bytes, errorFromJson((*json)["error"]), (*json)["seconds"].toDouble()});
}

Result<KeptTensor> WorkFolder::add(const std::string& key, const std::string& tensor, std::span<const std::byte> bytes,
                                   const ErrorMetrics& error, double seconds, RunControl& control) const {
    const Json json = Json::object({{kVersionKey.data(), kVersion},
                                    {"key", key},
                                    {"tensor", tensor.substr(0, kMaxName)},
                                    {"error", errorToJson(error)},
                                    {"seconds", seconds}});
    std::string head = json.dump() + "\n";
    head.resize(kHead, ' ');
    TRILOBIT_TRY(const std::string digits, checksum(head, bytes, control));
    const std::string path = filePath(key);
    TRILOBIT_TRY(const std::unique_ptr<SafeFile> file, SafeFile::create(path));
    TRILOBIT_CHECK(file->write(head));
    for (std::size_t begin = 0; begin < bytes.size(); begin += kWritePiece) {
        if (control.isCancelled())
            return cancelledError();
        TRILOBIT_CHECK(file->write(bytes.subspan(begin, std::min(kWritePiece, bytes.size() - begin))));
    }
    TRILOBIT_CHECK(file->write(digits));
    TRILOBIT_CHECK(file->commit());
    TRILOBIT_TRY(const std::shared_ptr<const MappedFile> mapped, MappedFile::open(path));
    if (mapped->bytes().size() != kHead + bytes.size() + kDigits)
        return broken(path, "was changed by somebody else");
    return KeptTensor{mapped, mapped->bytes().subspan(kHead, bytes.size()), error, seconds};
}

std::uint64_t WorkFolder::count() const {
    std::uint64_t count = 0;
    forEachFile(m_path, [&](const fs::directory_entry& entry) { count += entry.path().string().ends_with(kSuffix); });
    return count;
}

void WorkFolder::remove() { removeOurs(m_path); }

std::optional<UnfinishedWork> readWorkFolder(const std::string& path) {
    if (!WorkFolder::exists(path))
        return std::nullopt;
    UnfinishedWork work;
    work.folder = path;
    if (const auto text = readFile(in(path, kJob), kMaxJob))
        if (const auto json = Json::parse(*text); json && (*json)[kVersionKey] == Json(kVersion))
            work.job = (*json)["job"];
    forEachFile(path, [&](const fs::directory_entry& entry) {
        std::error_code ignored;
        if (!entry.path().string().ends_with(kSuffix))
            return;
        ++work.tensors;
        if (const auto size = entry.file_size(ignored); !ignored)
            work.bytes += size;
    });
    work.running = isLocked(path);
    return work;
}

std::vector<UnfinishedWork> findUnfinished(const std::string& place) {
    if (auto work = readWorkFolder(place))
        return {*std::move(work)};
    std::vector<UnfinishedWork> out;
    forEachFile(place, [&](const fs::directory_entry& entry) {
        std::error_code ignored;
        // job.json alone is a common name; only this program's says which version it has.
        if (!entry.is_directory(ignored))
            return;
        if (auto work = readWorkFolder(entry.path().string()); work && !work->job.isNull())
            out.push_back(*std::move(work));
    });
    std::sort(out.begin(), out.end(), [](const UnfinishedWork& a, const UnfinishedWork& b) { return a.folder < b.folder; });
    return out;
}

Result<void> discardUnfinished(const std::string& path) {
    const auto work = readWorkFolder(path);
    if (!work || work->job.isNull())
        return Error{ErrorCode::Usage, "is no folder of unfinished work", path};
    if (work->running)
        return Error{ErrorCode::Unsupported, "a process is at work there; end it first", path};
    removeOurs(path);
    return {};
}

} // namespace trilobit
