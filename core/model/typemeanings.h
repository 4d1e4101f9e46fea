// TypeMeanings: what a tensor type number stands for in the files of one model. Forks of llama.cpp gave one number to
// several layouts; the sizes of the tensors tell most of them apart.
#pragma once

#include "core/encodings/encodingregistry.h"
#include "core/formats/gguf/ggufreader.h"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

/// Key of our own: the encoding that the ternary type number of this file stands for, where sizes cannot say it.
constexpr std::string_view kLayoutKey = "trilobit.ternary_layout";

class TypeMeanings {
public:
    /// `files` must outlive this; `metadata` are the keys of the first. A layout that fits all tensors of a type to the byte wins; among several
    /// the preferred one of the registry, the one that kLayoutKey names, the commonest.
    /// `bitnet`: the architecture is BitNet's, so that its numbers are believed even in files with gaps.
    TypeMeanings(const std::vector<GgufFile>& files, const Metadata& metadata, const EncodingRegistry& encodings,
                 bool bitnet);

    /// Errors: Unsupported for a number without a meaning here, naming it and what writes it.
    Result<std::shared_ptr<const Encoding>> of(const GgufTensor& tensor) const;

    /// The bytes that may belong to the tensor: up to the next one, or up to the end of the scale that bitnet.cpp's
    /// converter stores behind it as a tensor of its own.
    std::span<const std::byte> bytesOf(const GgufTensor& tensor) const;
    /// Whether this tensor is such a scale.
    bool isScaleOfAnother(const GgufTensor& tensor) const;

    /// Sentences for a person about numbers that do not mean the usual.
    const std::vector<std::string>& notes() const { return m_notes; }

private:
    struct Meaning {
        std::shared_ptr<const Encoding> encoding; ///< null: nothing fits
        std::string why;                          ///< what was expected
    };
    Meaning decide(int type, const std::vector<const GgufTensor*>& tensors, const EncodingRegistry& encodings,
                   const std::string& hint, bool bitnet);

    std::map<int, Meaning> m_meanings;
    std::map<std::string, std::span<const std::byte>, std::less<>> m_withScale; ///< tensor -> its bytes and the scale's
    std::vector<std::string> m_notes;
    std::uint64_t m_alignment = 32;
};

} // namespace trilobit
