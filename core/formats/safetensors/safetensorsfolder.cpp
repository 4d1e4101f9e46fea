// A model folder: one safetensors file, or several that an index holds together.
#include "core/formats/safetensors/safetensorsreader.h"

#include "core/base/jsonfile.h"

#include <filesystem>
#include <map>
#include <string_view>
#include <unordered_set>

namespace trilobit {

namespace {

constexpr std::size_t kMaxShards = 1000;
constexpr std::size_t kMaxIndexBytes = 64u << 20;

bool isThere(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

/// A name that cannot lead out of the folder.
bool staysInside(const std::string& name) {
    const std::filesystem::path path(name);
    if (name.empty() || path.is_absolute() || name.find('\0') != std::string::npos)
        return false;
    for (const auto& part : path)
        if (part == "..")
            return false;
    return true;
}

using Shards = std::map<std::string, std::vector<std::string>>; ///< file -> its tensors

Result<Shards> readIndex(const std::string& path) {
    TRILOBIT_TRY(const Json index, readJsonFile(path, kMaxIndexBytes));
    const auto error = [&](std::string message, std::string field) {
        return Error{ErrorCode::Format, std::move(message), path, std::move(field)};
    };
    const Json& map = index["weight_map"];
    if (!map.isObject() || map.members().empty())
        return error("expected an object that maps tensors to files", "weight_map");
    Shards shards;
    for (const auto& [tensor, file] : map.members()) {
        if (!file.isString() || !staysInside(file.toString()))
            return error("expected the name of a file inside the folder, found " + file.dump().substr(0, 200), tensor);
        shards[file.toString()].push_back(tensor);
        if (shards.size() > kMaxShards)
            return error("names more than " + std::to_string(kMaxShards) + " files, expected at most so many", "weight_map");
    }
    return shards;
}

/// Adds one shard; every name of `expected` must be in it and none may have been seen in another.
Result<void> addShard(SafetensorsFile& all, const std::string& path, const std::vector<std::string>& expected,
                      std::unordered_set<std::string>& seen) {
    TRILOBIT_TRY(SafetensorsFile shard, readSafetensors(path));
    const std::size_t number = all.files.size();
    std::unordered_set<std::string_view> here;
    for (const SafetensorsTensor& tensor : shard.tensors) {
        here.insert(tensor.name);
        if (!seen.insert(tensor.name).second)
            return Error{ErrorCode::Format, "is in more than one file of the model, expected in one", path, tensor.name,
                         tensor.fileOffset};
    }
    for (const std::string& name : expected)
        if (!here.contains(name))
            return Error{ErrorCode::Format, "should be here according to the index, but is missing", path, name};
    for (SafetensorsTensor& tensor : shard.tensors) {
        tensor.shard = number;
        all.tensors.push_back(std::move(tensor));
    }
    all.files.push_back(shard.files.front());
    if (number == 0)
        all.metadata = std::move(shard.metadata);
    return {};
}

} // namespace

Result<SafetensorsFile> readSafetensorsFolder(const std::string& folder) {
    const std::filesystem::path base(folder);
    const std::filesystem::path single = base / "model.safetensors";
    if (isThere(single))
        return readSafetensors(single.string());
    const std::filesystem::path index = base / "model.safetensors.index.json";
    if (!isThere(index))
        return Error{ErrorCode::Io, "is missing, and so is model.safetensors.index.json; expected one of them in a model folder",
                     folder, "model.safetensors"};
    TRILOBIT_TRY(const Shards shards, readIndex(index.string()));
    SafetensorsFile all;
    std::unordered_set<std::string> seen;
    for (const auto& [name, tensors] : shards)
        TRILOBIT_CHECK(addShard(all, (base / name).string(), tensors, seen));
    return all;
}

} // namespace trilobit
