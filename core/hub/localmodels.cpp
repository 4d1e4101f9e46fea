#include "core/hub/localmodels.h"

#include "core/base/mappedfile.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <tuple>

namespace trilobit {

namespace {

namespace fs = std::filesystem;

constexpr int kMaxDepth = 6;
constexpr std::size_t kMaxPointerBytes = 4096;

std::string trimmed(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
        text.pop_back();
    return text;
}

std::string smallFile(const fs::path& path) {
    std::error_code error;
    if (!fs::is_regular_file(path, error))
        return {};
    auto text = readFile(path.string(), kMaxPointerBytes);
    return text ? trimmed(*std::move(text)) : std::string();
}

/// The entries of a folder in the order of their names, as far as `budget` lasts.
std::vector<fs::path> entries(const fs::path& folder, int& budget) {
    std::vector<fs::path> out;
    std::error_code error;
    for (fs::directory_iterator it(folder, fs::directory_options::skip_permission_denied, error), end;
         !error && it != end && budget > 0; it.increment(error), --budget)
        out.push_back(it->path());
    std::sort(out.begin(), out.end());
    return out;
}

bool isFolder(const fs::path& path) {
    std::error_code error;
    return fs::is_directory(path, error);
}

std::uint64_t sizeOf(const fs::path& path) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    return error ? 0 : size;
}

/// "x-00002-of-00005.gguf": the number of the part; 0 for a whole file.
int partNumber(const std::string& name) {
    if (name.size() < 20 || name[name.size() - 20] != '-' || name.substr(name.size() - 14, 4) != "-of-")
        return 0;
    return std::atoi(name.substr(name.size() - 19, 5).c_str());
}

/// Weights in one folder: each GGUF file by itself, safetensors with their config.json as one.
void lookInto(const fs::path& folder, const std::string& name, const std::string& source, int& budget, int depth,
              std::vector<LocalModel>& out) {
    std::uint64_t weights = 0;
    bool config = false, safetensors = false;
    std::vector<fs::path> folders;
    LocalModel* split = nullptr;
    std::vector<LocalModel> found;
    found.reserve(16);
    for (const fs::path& path : entries(folder, budget)) {
        const std::string file = path.filename().string();
        if (isFolder(path)) {
            folders.push_back(path);
        } else if (file.ends_with(".gguf") && file.find("mmproj") == std::string::npos) {
            if (const int part = partNumber(file); part > 1) {
                if (split)
                    split->bytes += sizeOf(path);
                continue;
            } else if (found.size() == found.capacity()) {
                found.reserve(found.capacity() * 2); // `split` points into it
                split = nullptr;
            }
            found.push_back({name + "/" + file, path.string(), source, "gguf", sizeOf(path)});
            split = partNumber(file) == 1 ? &found.back() : nullptr;
        } else if (file == "config.json") {
            config = true;
        } else if (file.ends_with(".safetensors") && !file.starts_with("adapter")) {
            safetensors = true;
            weights += sizeOf(path);
        }
    }
    out.insert(out.end(), found.begin(), found.end());
    if (config && safetensors)
        out.push_back({name, folder.string(), source, "safetensors", weights});
    if (depth < kMaxDepth)
        for (const fs::path& inner : folders)
            if (inner.filename().string().front() != '.')
                lookInto(inner, name.empty() ? inner.filename().string() : name + "/" + inner.filename().string(), source,
                         budget, depth + 1, out);
}

/// models--ORG--NAME/snapshots/COMMIT; refs/main names the commit.
void lookIntoCache(const ModelPlace& place, int& budget, std::vector<LocalModel>& out) {
    for (const fs::path& repository : entries(place.path, budget)) {
        std::string name = repository.filename().string();
        if (!name.starts_with("models--") || !isFolder(repository))
            continue;
        name.erase(0, 8);
        if (const std::size_t at = name.find("--"); at != std::string::npos)
            name.replace(at, 2, "/");
        const std::string commit = smallFile(repository / "refs" / "main");
        fs::path snapshot = repository / "snapshots" / commit;
        const bool named = !commit.empty() && commit.find('/') == std::string::npos && commit.front() != '.';
        if (!named || !isFolder(snapshot)) {
            const auto all = entries(repository / "snapshots", budget);
            if (all.empty())
                continue;
            std::error_code error;
            snapshot = *std::max_element(all.begin(), all.end(), [&](const fs::path& a, const fs::path& b) {
                return fs::last_write_time(a, error) < fs::last_write_time(b, error);
            });
        }
        lookInto(snapshot, name, place.source, budget, 0, out);
    }
}

} // namespace

Environment processEnvironment() {
    return [](const std::string& name) {
        const char* value = std::getenv(name.c_str());
        return std::string(value ? value : "");
    };
}

std::vector<ModelPlace> usualModelPlaces(const Environment& environment) {
    std::vector<ModelPlace> places;
    const fs::path home(environment("HOME"));
    using Layout = ModelPlace::Layout;
    fs::path cache(environment("HF_HUB_CACHE"));
    if (cache.empty() && !environment("HF_HOME").empty())
        cache = fs::path(environment("HF_HOME")) / "hub";
    if (cache.empty() && !environment("XDG_CACHE_HOME").empty())
        cache = fs::path(environment("XDG_CACHE_HOME")) / "huggingface" / "hub";
    if (cache.empty() && !home.empty())
        cache = home / ".cache" / "huggingface" / "hub";
    if (!cache.empty())
        places.push_back({Layout::HuggingFaceCache, cache.string(), "Hugging Face cache"});
    if (home.empty())
        return places;
    const std::string pointed = smallFile(home / ".lmstudio-home-pointer");
    const fs::path studio = pointed.empty() ? home / ".lmstudio" : fs::path(pointed);
    places.push_back({Layout::Folders, (studio / "models").string(), "LM Studio"});
    places.push_back({Layout::Folders, (home / ".cache" / "lm-studio" / "models").string(), "LM Studio"});
    return places;
}

std::vector<LocalModel> findLocalModels(const std::vector<ModelPlace>& places) {
    std::vector<LocalModel> out;
    for (const ModelPlace& place : places) {
        int budget = kMaxEntriesLookedAt;
        if (place.layout == ModelPlace::Layout::HuggingFaceCache)
            lookIntoCache(place, budget, out);
        else
            lookInto(place.path, {}, place.source, budget, 0, out);
    }
    for (LocalModel& model : out)
        if (model.name.starts_with("/"))
            model.name.erase(0, 1);
    std::sort(out.begin(), out.end(), [](const LocalModel& a, const LocalModel& b) {
        return std::tie(a.source, a.name, a.path) < std::tie(b.source, b.name, b.path);
    });
    return out;
}

} // namespace trilobit
