// Models that other programs have put on this computer: the Hugging Face cache and the folders of LM Studio.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace trilobit {

struct LocalModel {
    std::string name;   ///< "HuggingFaceTB/SmolLM2-135M", with the file's name behind it for GGUF files
    std::string path;   ///< what loadModel opens: a GGUF file (the first part of a split one) or a folder
    std::string source; ///< "Hugging Face cache", "LM Studio", or the folder that was named
    std::string kind;   ///< "gguf", "safetensors"
    std::uint64_t bytes = 0; ///< of the weights' files
};

struct ModelPlace {
    enum class Layout { HuggingFaceCache, Folders } layout = Layout::Folders;
    std::string path;
    std::string source;
};

/// The value of an environment variable, empty when it is not set.
using Environment = std::function<std::string(const std::string& name)>;
Environment processEnvironment();

/// Where programs keep models: HF_HUB_CACHE, else HF_HOME/hub, else the cache folder of the user; LM Studio's folder in the
/// user's home, wherever its pointer file says that is.
std::vector<ModelPlace> usualModelPlaces(const Environment& environment);

/// Models in these places, sorted by source and name. Folders that do not exist or cannot be read are empty; at most
/// kMaxEntriesLookedAt entries are looked at in each place. Only names and sizes are read, no file is opened but the small
/// ones that say which snapshot is current.
std::vector<LocalModel> findLocalModels(const std::vector<ModelPlace>& places);
inline constexpr int kMaxEntriesLookedAt = 50'000;

} // namespace trilobit
