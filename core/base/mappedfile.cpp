#include "core/base/mappedfile.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

namespace trilobit {

namespace {

Error ioError(const std::string& path, int code) {
    return Error{ErrorCode::Io, std::string("cannot be read: ") + std::strerror(code), path};
}

struct Descriptor {
    int fd;
    ~Descriptor() {
        if (fd >= 0)
            ::close(fd);
    }
};

} // namespace

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::string& path) {
    // O_NONBLOCK: opening a named pipe must not hang; a regular file ignores it.
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (file.fd < 0)
        return ioError(path, errno);
    struct stat info {};
    if (::fstat(file.fd, &info) != 0)
        return ioError(path, errno);
    if (!S_ISREG(info.st_mode))
        return Error{ErrorCode::Io, S_ISDIR(info.st_mode) ? "is a folder, expected a file" : "is not a regular file",
                     path};
    std::shared_ptr<MappedFile> mapped(new MappedFile);
    mapped->m_path = path;
    mapped->m_size = static_cast<std::size_t>(info.st_size);
    if (mapped->m_size > 0) {
        void* address = ::mmap(nullptr, mapped->m_size, PROT_READ, MAP_PRIVATE, file.fd, 0);
        if (address == MAP_FAILED) {
            mapped->m_size = 0;
            return ioError(path, errno);
        }
        mapped->m_data = static_cast<const std::byte*>(address);
    }
    return std::shared_ptr<const MappedFile>(std::move(mapped));
}

MappedFile::~MappedFile() {
    if (m_data)
        ::munmap(const_cast<std::byte*>(m_data), m_size);
}

void MappedFile::release(std::span<const std::byte> part) const noexcept {
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto first = reinterpret_cast<std::uintptr_t>(m_data);
    const auto begin = reinterpret_cast<std::uintptr_t>(part.data()), end = begin + part.size();
    if (part.empty() || begin < first || end > first + m_size)
        return;
    const std::uintptr_t from = (begin + page - 1) / page * page, to = end / page * page;
    if (from < to)
        ::madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);
}

Result<std::string> readFile(const std::string& path, std::size_t maxBytes) {
    TRILOBIT_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path));
    if (file->bytes().size() > maxBytes)
        return Error{ErrorCode::Format, "has " + std::to_string(file->bytes().size()) + " bytes, expected at most "
                     + std::to_string(maxBytes), path, "size"};
    return std::string(reinterpret_cast<const char*>(file->bytes().data()), file->bytes().size());
}

} // namespace trilobit
