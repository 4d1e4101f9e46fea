#include "core/base/safefile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace trilobit {

namespace {

constexpr std::size_t kBufferBytes = 1u << 20;

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

} // namespace

Result<std::unique_ptr<SafeFile>> SafeFile::create(const std::string& finalPath) {
    std::unique_ptr<SafeFile> file(new SafeFile);
    file->m_finalPath = finalPath;
    if (finalPath.empty())
        return Error{ErrorCode::Io, "expected a file name to write to, found an empty one"};
    std::error_code ignored;
    if (std::filesystem::is_directory(finalPath, ignored))
        return Error{ErrorCode::Io, "is a folder, expected a file name", finalPath};
    std::string pattern = finalPath + ".part-XXXXXX";
    file->m_fd = ::mkostemp(pattern.data(), O_CLOEXEC);
    if (file->m_fd < 0)
        return writeError(finalPath, errno);
    file->m_temporaryPath = pattern;
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
    std::string folder = std::filesystem::path(m_finalPath).parent_path().string();
    if (folder.empty())
        folder = ".";
    const int folderFd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
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
