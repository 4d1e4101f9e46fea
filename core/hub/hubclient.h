// HubClient: lists and fetches the files of a Hugging Face repository, or of a mirror that speaks the same paths. The only
// part of the program that opens a connection, and only when it is asked to.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

struct HubOptions {
    std::string endpoint = "https://huggingface.co"; ///< http only for mirrors in the own network
    std::string token;                               ///< sent to the endpoint's host alone
    std::string revision = "main";                   ///< branch, tag or commit
};

struct HubFile {
    std::string path; ///< within the repository, checked: no way out of the target folder
    std::uint64_t bytes = 0;
    std::string sha256; ///< of large files
    std::string gitSha; ///< of small ones: SHA-1 over "blob SIZE\0" and the content
};

/// "ORG/NAME" or "NAME". Errors: Usage.
Result<void> checkRepositoryName(std::string_view repository);
/// Errors: Usage for something that is no http(s) address.
Result<void> checkEndpoint(std::string_view endpoint);

/// All files of the repository, sorted by path. Blocks; asks `control` while it waits. Errors: Usage, Io (no such
/// repository, no access, no connection, each named), Format (an answer that makes no sense), Cancelled.
Result<std::vector<HubFile>> listHubFiles(const std::string& repository, const HubOptions& options, RunControl& control);

/// What a model needs of these: `globs` when there are any, else weights in safetensors with config and tokenizer. Errors:
/// Usage when nothing matches, or when a choice must be made (several GGUF files), naming what there is.
Result<std::vector<HubFile>> chooseHubFiles(const std::vector<HubFile>& all, const std::vector<std::string>& globs);

struct HubFetched {
    std::uint64_t bytes = 0;   ///< that came over the wire
    std::uint64_t resumed = 0; ///< that were there from an earlier try
    int files = 0, alreadyThere = 0;
};

/// Writes the files below `folder`. Each arrives under its name with ".part" behind it, goes on where an earlier try
/// stopped, is compared with its checksum and takes its name only then. A file that is there already with the right
/// checksum is left alone. Progress in bytes over all files. Errors: Io, Format (checksum, size), Cancelled (what has
/// arrived stays as .part).
Result<HubFetched> fetchHubFiles(const std::string& repository, const std::vector<HubFile>& files, const std::string& folder,
                                 const HubOptions& options, RunControl& control);

} // namespace trilobit
