#include "core/model/otherfiles.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <vector>

namespace trilobit {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxEntries = 10'000; ///< of a folder that are looked at
constexpr std::size_t kMaxListed = 8;

struct Signature {
    std::size_t at;
    std::string_view bytes;
    const char* what;
};

/// In the order in which they are tried.
constexpr std::array kSignatures = {
    Signature{0, "lmgg", "an old GGML file, from before GGUF; expected one that was converted to GGUF"},
    Signature{0, "fmgg", "an old GGMF file, from before GGUF; expected one that was converted to GGUF"},
    Signature{0, "tjgg", "an old GGJT file, from before GGUF; expected one that was converted to GGUF"},
    Signature{0, "algg", "an old GGLA file with low-rank additions (LoRA), not a whole model; expected a GGUF or safetensors model"},
    Signature{0, std::string_view("PK\x03\x04", 4),
              "a zip archive, as PyTorch writes its checkpoints; they can run code when they are opened. Expected the same model "
              "as safetensors or GGUF"},
    Signature{0, std::string_view("\x80\x02", 2),
              "a Python pickle, as PyTorch wrote its checkpoints; such files can run code when they are opened. Expected the same "
              "model as safetensors or GGUF"},
    Signature{0, "SQLite format 3", "an SQLite database, perhaps an experiment store; expected a GGUF or safetensors model"},
    Signature{4, "TFL3", "a TensorFlow Lite model; expected a GGUF or safetensors model"},
    Signature{0, "\x89HDF", "an HDF5 file, as Keras writes its models; expected a GGUF or safetensors model"},
    Signature{0, "\x93NUMPY", "a NumPy array; expected a GGUF or safetensors model"},
    Signature{0, "\x7F" "ELF", "a program or a library; expected a GGUF or safetensors model"},
    Signature{0, "MZ", "a program for Windows, perhaps with a model inside (llamafile); expected the GGUF file itself"},
    Signature{0, "\x1F\x8B", "compressed with gzip; expected the model unpacked"},
    Signature{0, "\x28\xB5\x2F\xFD", "compressed with zstd; expected the model unpacked"},
    Signature{0, "\x89PNG", "a picture; expected a GGUF or safetensors model"},
    Signature{0, "\xFF\xD8\xFF", "a picture; expected a GGUF or safetensors model"},
    Signature{0, "%PDF", "a PDF document; expected a GGUF or safetensors model"},
    Signature{0, "version https://git-lfs",
              "a Git LFS pointer: the few lines that stand for a large file that was not downloaded. Expected the file itself"},
    Signature{0, "<!DOCTYPE", "a web page, as a download that needs a log-in or an accepted licence gives; expected the model itself"},
    Signature{0, "<html", "a web page, as a download that needs a log-in or an accepted licence gives; expected the model itself"},
};

std::string_view headOf(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), std::min<std::size_t>(bytes.size(), 4096)};
}

/// A JSON file by the names in its beginning.
const char* jsonKind(std::string_view head) {
    const auto has = [&](std::string_view name) { return head.find(name) != std::string_view::npos; };
    if (has("\"trilobit_recipe\""))
        return "a recipe; open a model first, and load the recipe then. Expected a GGUF or safetensors model";
    if (has("\"peft_type\"") || has("\"base_model_name_or_path\""))
        return "the description of a low-rank adapter (LoRA), not a whole model; expected the model that it belongs to";
    if (has("\"added_tokens\"") || has("\"truncation\"") || has("\"tokenizer_class\"") || has("\"bos_token\""))
        return "part of a tokenizer; expected a model, or the folder that it lies in";
    return "a JSON text; expected a GGUF or safetensors model";
}

/// llama2.c: seven numbers that fit one another, then floats.
bool looksLikeLlama2c(std::span<const std::byte> bytes) {
    std::array<std::int32_t, 7> n{};
    if (bytes.size() < 1024)
        return false;
    std::memcpy(n.data(), bytes.data(), sizeof n);
    const auto [dim, hidden, layers, heads, kvHeads, vocabulary, context] = n;
    return dim >= 8 && dim <= 65'536 && hidden >= dim && hidden <= 1 << 20 && layers >= 1 && layers <= 512 && heads >= 1
           && heads <= 1024 && dim % heads == 0 && kvHeads >= 1 && heads % kvHeads == 0 && std::abs(vocabulary) >= 2
           && std::abs(vocabulary) <= 1 << 22 && context >= 1 && context <= 1 << 24;
}

/// A vocabulary of pieces: a length-delimited field 1 that holds a length-delimited field 1.
bool looksLikeSentencePiece(std::string_view head) {
    return head.size() > 16 && head[0] == '\x0A' && static_cast<unsigned char>(head[1]) < 0x80 && head[2] == '\x0A'
           && head[3] < head[1];
}

/// "model-00002-of-00005.gguf" without its number: parts of one model have one name.
std::string withoutPart(const std::string& name) {
    constexpr std::size_t kTail = 20; // "-00001-of-00005.gguf"
    if (name.size() > kTail && name.compare(name.size() - 14, 4, "-of-") == 0)
        return name.substr(0, name.size() - kTail) + name.substr(name.size() - 14);
    return name;
}

struct Contents {
    std::vector<std::string> gguf; ///< one name for each model, in order
    std::string safetensors, pickle, onnx, adapter, tokenizer, other;
    bool config = false, snapshots = false;
};

Contents look(const std::string& folder) {
    Contents out;
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator it(folder, fs::directory_options::skip_permission_denied, error), end;
         !error && it != end && names.size() < kMaxEntries; it.increment(error))
        names.push_back(it->path().filename().string());
    std::sort(names.begin(), names.end());
    std::vector<std::string> seen;
    for (const std::string& name : names) {
        const std::string extension = fs::path(name).extension().string();
        if (name == "config.json")
            out.config = true;
        else if (name == "snapshots")
            out.snapshots = true;
        else if (name == "adapter_config.json" || name.starts_with("adapter_model."))
            out.adapter = name;
        else if (extension == ".safetensors")
            out.safetensors = name;
        else if (extension == ".bin" || extension == ".pt" || extension == ".pth" || extension == ".ckpt")
            out.pickle = name;
        else if (extension == ".onnx")
            out.onnx = name;
        else if (name == "tokenizer.json" || name == "tokenizer.model" || name == "vocab.json")
            out.tokenizer = name;
        else if (extension != ".gguf")
            out.other = name;
        // Companions of a model are no models.
        else if (!name.starts_with("mmproj") && name.find("imatrix") == std::string::npos
                 && std::find(seen.begin(), seen.end(), withoutPart(name)) == seen.end()) {
            seen.push_back(withoutPart(name));
            out.gguf.push_back(name);
        }
    }
    return out;
}

Result<std::string> onlySnapshot(const std::string& folder) {
    std::vector<std::string> found;
    std::error_code error;
    for (fs::directory_iterator it(fs::path(folder) / "snapshots", fs::directory_options::skip_permission_denied, error), end;
         !error && it != end && found.size() < 2; it.increment(error))
        found.push_back(it->path().string());
    if (found.size() == 1)
        return found.front();
    return Error{ErrorCode::Format, found.empty() ? "holds no snapshot: nothing of the repository was downloaded. Expected one"
                                                  : "holds several snapshots of a repository; expected one of them by its name",
                 folder, "snapshots"};
}

} // namespace

Error explainFile(const std::string& path, std::span<const std::byte> bytes) {
    const auto is = [&](std::string what) { return Error{ErrorCode::Format, "is " + std::move(what), path, "file", 0}; };
    if (bytes.empty())
        return is("empty; expected a GGUF or safetensors model");
    const std::string_view head = headOf(bytes);
    for (const Signature& signature : kSignatures)
        if (head.size() >= signature.at && head.substr(signature.at).starts_with(signature.bytes))
            return is(signature.what);
    const std::string extension = fs::path(path).extension().string();
    const std::size_t first = head.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return is("nothing but white space; expected a GGUF or safetensors model");
    if (head[first] == '{' || head[first] == '[')
        return is(jsonKind(head));
    if (extension == ".onnx")
        return is("an ONNX model; expected a GGUF or safetensors model");
    if (looksLikeSentencePiece(head))
        return is("a SentencePiece vocabulary without a model; expected a GGUF or safetensors model");
    if (looksLikeLlama2c(bytes))
        return is("a checkpoint of llama2.c; expected the same model as GGUF or safetensors");
    if (std::all_of(head.begin(), head.end(), [](char c) { return c == 0; }))
        return is("nothing but zeros at its start, as a download that was broken off leaves it; expected a GGUF or safetensors model");
    return is("neither a GGUF file nor a safetensors file nor a model folder; expected one of them");
}

Result<std::string> modelInFolder(const std::string& folder) {
    const Contents found = look(folder);
    const auto lacks = [&](std::string what, const char* field, ErrorCode code = ErrorCode::Format) {
        return Error{code, std::move(what), folder, field};
    };
    if (found.gguf.size() == 1)
        return (fs::path(folder) / found.gguf.front()).string();
    if (!found.gguf.empty()) {
        std::string names;
        for (std::size_t i = 0; i < std::min(kMaxListed, found.gguf.size()); ++i)
            names += (names.empty() ? "" : ", ") + found.gguf[i];
        return lacks("holds several models (" + names + (found.gguf.size() > kMaxListed ? ", ..." : "")
                         + "); expected one of them by its name", "folder");
    }
    if (found.snapshots)
        return onlySnapshot(folder);
    if (!found.adapter.empty())
        return lacks("holds a low-rank adapter (LoRA), not a whole model; expected the model that it belongs to", "folder");
    if (!found.safetensors.empty() && !found.config)
        return lacks("is missing, but it says what kind of model the tensors are", "config.json", ErrorCode::Io);
    if (!found.safetensors.empty())
        return lacks("is missing, and so is model.safetensors; expected one of them beside " + found.safetensors,
                     "model.safetensors.index.json", ErrorCode::Io);
    if (!found.pickle.empty())
        return lacks("holds a checkpoint of PyTorch (" + found.pickle + "), which can run code when it is opened; expected "
                     "safetensors or GGUF", "folder");
    if (!found.onnx.empty())
        return lacks("holds an ONNX model (" + found.onnx + "); expected safetensors or GGUF", "folder");
    if (!found.tokenizer.empty())
        return lacks("holds a tokenizer and no weights; expected model.safetensors beside it", "folder");
    if (found.config)
        return lacks("is missing, and so is model.safetensors.index.json: there is config.json and no weights; expected one of them",
                     "model.safetensors", ErrorCode::Io);
    return lacks(found.other.empty() ? "is empty; expected a model folder: config.json and safetensors, or a GGUF file"
                                     : "holds no model; expected config.json and safetensors, or a GGUF file", "folder");
}

} // namespace trilobit
