#include "core/base/safefile.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace trilobit {

namespace {

constexpr std::size_t kBufferBytes = 1u << 20;
// "out.gguf.part-a1b2c3.trilobit": long enough that nothing a person made looks like it.
constexpr std::string_view kBeforeLetters = ".part-", kLetters = "XXXXXX", kAfterLetters = ".trilobit";

Error writeError(const std::string& path, int code) {
    return Error{ErrorCode::Io, std::string("cannot be written: ") + std::strerror(code), path};
}

Result<void> writeAll(int fd, const char* data, std::size_t size, const std::string& path) {
    while (size > 0) {
        // Bounded pieces: Linux writes at most 2 GiB - 4 KiB at once.
        const ssize_t written = ::write(fd, data, std::min<std::size_t>(size, 64u << 20));
        if (written < 0) {
            if (errno == EINTR)
                continue;
            return writeError(path, errno);
        }
        data += written;
        size -= static_cast<std::size_t>(written);
    }
    return {};
}

/// The file name that a temporary file is written for; empty for names of other files.
std::string_view finalName(std::string_view name) {
    const std::size_t tail = kBeforeLetters.size() + kLetters.size() + kAfterLetters.size();
    if (name.size() <= tail || !name.ends_with(kAfterLetters)
        || name.substr(name.size() - tail, kBeforeLetters.size()) != kBeforeLetters)
        return {};
    return name.substr(0, name.size() - tail);
}

/// A new temporary file, locked as long as it is open: that is how others see that somebody is writing it.
int createLocked(std::string& path, const std::string& pattern) {
    for (;;) {
        path = pattern;
        const int fd = ::mkostemps(path.data(), static_cast<int>(kAfterLetters.size()), O_CLOEXEC);
        // Somebody may have taken it for abandoned in the moment before it was locked, and be about to remove it.
        if (fd < 0 || ::flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
            return fd;
        ::close(fd);
    }
}

std::string folderOf(const std::string& path) {
    const std::string folder = std::filesystem::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

} // namespace

void removeAbandonedOf(const std::string& finalPath) {
    removeAbandoned(folderOf(finalPath), std::filesystem::path(finalPath).filename().string());
}

void removeAbandoned(const std::string& folder, std::string_view of) {
    std::error_code ignored;
    for (std::filesystem::directory_iterator entry(folder, ignored), end; !ignored && entry != end;
         entry.increment(ignored)) {
        const std::string name = entry->path().filename().string();
        const std::string_view written = finalName(name);
        if (written.empty() || (!of.empty() && written != of))
            continue;
        const int fd = ::open(entry->path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        if (fd < 0)
            continue;
        if (::flock(fd, LOCK_EX | LOCK_NB) == 0)
            ::unlink(entry->path().c_str());
        ::close(fd);
    }
}

Result<std::unique_ptr<SafeFile>> SafeFile::create(const std::string& finalPath) {
    std::unique_ptr<SafeFile> file(new SafeFile);
    file->m_finalPath = finalPath;
    if (finalPath.empty())
        return Error{ErrorCode::Io, "expected a file name to write to, found an empty one"};
    std::error_code ignored;
    if (std::filesystem::is_directory(finalPath, ignored))
        return Error{ErrorCode::Io, "is a folder, expected a file name", finalPath};
    std::string path;
    file->m_fd = createLocked(path, finalPath + std::string(kBeforeLetters) + std::string(kLetters)
                                        + std::string(kAfterLetters));
    if (file->m_fd < 0)
        return writeError(finalPath, errno);
    file->m_temporaryPath = path;
    // mkstemp makes it private; the finished file gets the permissions a new file of this user would have.
    const mode_t mask = ::umask(0);
    ::umask(mask);
    ::fchmod(file->m_fd, 0666 & ~mask);
    return file;
}

SafeFile::~SafeFile() {
    if (m_fd >= 0)
        ::close(m_fd);
    if (!m_temporaryPath.empty())
        ::unlink(m_temporaryPath.c_str());
}

Result<void> SafeFile::flush() {
    TRILOBIT_CHECK(writeAll(m_fd, m_buffer.data(), m_buffer.size(), m_finalPath));
    m_buffer.clear();
    return {};
}

Result<void> SafeFile::write(std::span<const std::byte> bytes) {
    return write(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

Result<void> SafeFile::write(std::string_view text) {
    m_position += text.size();
    if (m_buffer.size() + text.size() <= kBufferBytes) {
        m_buffer.append(text);
        return {};
    }
    TRILOBIT_CHECK(flush());
    if (text.size() <= kBufferBytes) {
        m_buffer.append(text);
        return {};
    }
    return writeAll(m_fd, text.data(), text.size(), m_finalPath);
}

Result<void> SafeFile::writeZeros(std::uint64_t count) {
    static constexpr char kZeros[4096] = {};
    while (count > 0) {
        const std::size_t piece = static_cast<std::size_t>(std::min<std::uint64_t>(count, sizeof kZeros));
        TRILOBIT_CHECK(write(std::string_view(kZeros, piece)));
        count -= piece;
    }
    return {};
}

Result<void> SafeFile::commit() {
    TRILOBIT_CHECK(flush());
    if (::fsync(m_fd) != 0)
        return writeError(m_finalPath, errno);
    if (::close(std::exchange(m_fd, -1)) != 0)
        return writeError(m_finalPath, errno);
    if (::rename(m_temporaryPath.c_str(), m_finalPath.c_str()) != 0)
        return writeError(m_finalPath, errno);
    m_temporaryPath.clear();
    const int folderFd = ::open(folderOf(m_finalPath).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folderFd >= 0) {
        ::fsync(folderFd); // some file systems refuse this; the rename itself is done
        ::close(folderFd);
    }
    return {};
}

Result<void> writeFileSafely(const std::string& path, std::string_view text) {
    TRILOBIT_TRY(const std::unique_ptr<SafeFile> file, SafeFile::create(path));
    TRILOBIT_CHECK(file->write(text));
    return file->commit();
}

} // namespace trilobit
