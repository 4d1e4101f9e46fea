#include "core/base/jsonfile.h"

#include "core/base/mappedfile.h"

#include <new>

namespace trilobit {

Result<Json> readJsonFile(const std::string& path, std::size_t maxBytes, bool joinPairs, std::size_t freeBytes) {
    TRILOBIT_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path));
    const auto bytes = file->bytes();
    if (bytes.size() > maxBytes)
        return Error{ErrorCode::Format, "has " + std::to_string(bytes.size()) + " bytes, expected at most "
                     + std::to_string(maxBytes), path, "size"};
    Json::Limits limits = Json::Limits::forFile(bytes.size(), freeBytes);
    limits.joinPairs = joinPairs;
    try {
        auto json = Json::parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, limits);
        if (!json)
            return located(std::move(json).error(), path);
        return json;
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, "there is not enough memory to read it", path};
    }
}

} // namespace trilobit
