// Model: config, tokenizer and tensors of an opened (or quantized) model. Immutable and shared.
#pragma once

#include "core/base/json.h"
#include "core/base/mappedfile.h"
#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/encodings/encodingregistry.h"
#include "core/formats/metadata.h"
#include "core/model/modelconfig.h"
#include "core/tokenizer/tokenizer.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

enum class TensorRole { Embedding, Output, AttnQ, AttnK, AttnV, AttnOut, FfnGate, FfnUp, FfnDown, Norm, Bias, Other, AttnQkv,
                        FfnGateUp, Router };
/// "attn_q", "ffn_down", "norm", ...: stable words for JSON and filters.
const char* tensorRoleName(TensorRole role) noexcept;

struct Tensor {
    std::string name;       ///< GGUF name: "blk.0.attn_q.weight", whatever the container
    std::string sourceName; ///< the name in the file
    std::int64_t rows = 1;  ///< output features; 1 for 1-D tensors
    std::int64_t cols = 0;  ///< input features
    int dimensions = 2;     ///< 1 or 2 (more: folded into rows)
    std::int64_t stack = 1; ///< how many matrices of rows / stack rows stand one after the other (experts)
    TensorRole role = TensorRole::Other;
    int layer = -1;         ///< block number, or -1
    int expert = -1;        ///< number of the expert it belongs to alone, or -1
    std::shared_ptr<const Encoding> encoding;
    std::span<const std::byte> bytes;        ///< encoding->sizeBytes(rows, cols)
    std::shared_ptr<const void> owner;       ///< keeps `bytes` alive
    std::uint64_t fileOffset = 0;            ///< in its file; 0 when the tensor lives in memory only

    std::int64_t count() const noexcept { return rows * cols; }
    /// A weight matrix of a block or the output: what a recipe may change.
    bool isQuantizable() const noexcept;
};

class Model {
public:
    /// What a loader or the quantizer hands over.
    struct Parts {
        std::string path;              ///< file or folder; empty for a model that was never on disk
        std::string container;         ///< "gguf", "safetensors", "memory"
        ModelConfig config;
        Metadata metadata;             ///< GGUF keys (made up from config.json for HF folders), ready to be written
        std::vector<Tensor> tensors;   ///< in file order
        std::shared_ptr<const Tokenizer> tokenizer; ///< null when there is none
        std::string tokenizerNote;     ///< why there is none
        std::vector<std::string> warnings;
        std::uint64_t fileBytes = 0;   ///< of all files; 0 in memory
        std::vector<std::shared_ptr<const MappedFile>> files; ///< that tensors lie in
    };
    explicit Model(Parts parts);

    const std::string& path() const { return m_parts.path; }
    const std::string& container() const { return m_parts.container; }
    const ModelConfig& config() const { return m_parts.config; }
    const Metadata& metadata() const { return m_parts.metadata; }
    const std::vector<Tensor>& tensors() const { return m_parts.tensors; }
    const Tensor* find(std::string_view name) const;
    const std::shared_ptr<const Tokenizer>& tokenizer() const { return m_parts.tokenizer; }
    const std::string& tokenizerNote() const { return m_parts.tokenizerNote; }
    const std::vector<std::string>& warnings() const { return m_parts.warnings; }
    std::uint64_t fileBytes() const { return m_parts.fileBytes; }
    /// The files that tensors lie in; none for a model that was never on disk.
    const std::vector<std::shared_ptr<const MappedFile>>& files() const { return m_parts.files; }
    /// The memory that reading `bytes` of a tensor took may be used for something else. Bytes in memory stay.
    void release(std::span<const std::byte> bytes) const noexcept;

    std::uint64_t parameterCount() const;  ///< values in all tensors
    std::uint64_t tensorBytes() const;
    double bitsPerWeight() const;          ///< tensorBytes * 8 / parameterCount

private:
    Parts m_parts;
    std::vector<std::size_t> m_byName; ///< tensor numbers, sorted by name
};

/// A GGUF file (any part of a split one), a .safetensors file (config.json beside it) or an HF folder.
/// Checks that every tensor the architecture needs is there with the right shape. Errors: Io; Format; Unsupported for an
/// architecture, encoding or tensor type this program does not run, naming it and what it would need.
Result<std::shared_ptr<const Model>> loadModel(const std::string& path, const EncodingRegistry& encodings);

/// SHA-256 over all tensors (name, shape, encoding id, bytes) and the config, the same for the same weights whatever the
/// file is called. Progress in bytes. Errors: Cancelled.
Result<std::string> weightsHash(const Model& model, RunControl& control);

/// Decodes a whole tensor (rows * cols floats). Progress is not reported; errors: Cancelled, OutOfMemory.
Result<std::vector<float>> decodeTensor(const Tensor& tensor, RunControl& control);

} // namespace trilobit
