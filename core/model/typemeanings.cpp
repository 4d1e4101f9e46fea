#include "core/model/typemeanings.h"

#include "core/formats/gguf/ggmltypes.h"

#include <algorithm>

namespace trilobit {

namespace {

constexpr int kF32 = 0, kI2s = 36, kTl1 = 38, kTl2 = 39;
constexpr std::string_view kScale = "_scale";

/// Rows and columns of a tensor of any number of dimensions; the reader checked that the product does not overflow.
std::pair<std::int64_t, std::int64_t> matrixShape(const GgufTensor& tensor) {
    std::int64_t rows = 1;
    for (std::size_t i = 1; i < tensor.ne.size(); ++i)
        rows *= tensor.ne[i];
    return {rows, tensor.ne.front()};
}

std::string sizeText(const Encoding& encoding, const GgufTensor& tensor) {
    const auto [rows, cols] = matrixShape(tensor);
    const auto size = encoding.sizeBytes(rows, cols);
    return encoding.info().id + (size ? " (" + std::to_string(*size) + " bytes)" : " (" + size.error().message + ")");
}

} // namespace

TypeMeanings::TypeMeanings(const std::vector<GgufFile>& files, const Metadata& metadata,
                           const EncodingRegistry& encodings, bool bitnet) {
    std::map<int, std::vector<const GgufTensor*>> byType;
    const std::string hint = metadata.toString(kLayoutKey);
    for (const GgufFile& file : files) {
        m_alignment = file.alignment;
        std::map<std::string_view, const GgufTensor*> scales;
        for (const GgufTensor& tensor : file.tensors)
            if (tensor.type == kF32 && tensor.ne == std::vector<std::int64_t>{1} && tensor.name.ends_with(kScale))
                scales.emplace(std::string_view(tensor.name).substr(0, tensor.name.size() - kScale.size()), &tensor);
        for (const GgufTensor& tensor : file.tensors) {
            byType[tensor.type].push_back(&tensor);
            const auto scale = scales.find(tensor.name);
            if ((tensor.type != kTl1 && tensor.type != kTl2) || scale == scales.end())
                continue;
            // Right behind it, as the kernels expect; anything else is left to the check of the size.
            if (scale->second->fileOffset == tensor.fileOffset + tensor.rest.size())
                m_withScale.emplace(tensor.name, file.file->bytes().subspan(static_cast<std::size_t>(tensor.fileOffset),
                                                                            tensor.rest.size()
                                                                                + scale->second->rest.size()));
        }
    }
    for (const auto& [type, tensors] : byType)
        m_meanings.emplace(type, decide(type, tensors, encodings, hint, bitnet));
}

TypeMeanings::Meaning TypeMeanings::decide(int type, const std::vector<const GgufTensor*>& tensors,
                                           const EncodingRegistry& encodings, const std::string& hint, bool bitnet) {
    auto candidates = encodings.everyGgmlType(type);
    if (candidates.empty())
        return {};
    if (!hint.empty())
        if (const auto named = encodings.find(hint); named && (*named)->info().ggmlType == type)
            candidates.insert(candidates.begin() + (encodings.isPreferred(*candidates.front()) ? 1 : 0), *named);
    const auto fits = [&](const Encoding& encoding, bool exactly) {
        return std::all_of(tensors.begin(), tensors.end(), [&](const GgufTensor* tensor) {
            const auto [rows, cols] = matrixShape(*tensor);
            const auto size = encoding.sizeBytes(rows, cols);
            const std::uint64_t there = bytesOf(*tensor).size();
            return size && *size <= there && (!exactly || there - *size < m_alignment);
        });
    };
    Meaning meaning;
    const auto exact = std::find_if(candidates.begin(), candidates.end(), [&](const auto& c) { return fits(*c, true); });
    // The usual meaning is believed in files with gaps as well; its sizes are checked once more when bytes are attached.
    // The numbers of bitnet.cpp only in models of its kind: in old files they were something else.
    if (exact != candidates.end())
        meaning.encoding = *exact;
    else if (type != kI2s && type != kTl1 && !(type == kTl2 && bitnet))
        meaning.encoding = candidates.front();
    else if (bitnet && fits(*candidates.front(), false))
        meaning.encoding = candidates.front();
    if (!meaning.encoding) {
        const GgufTensor& first = *tensors.front();
        for (const auto& candidate : candidates)
            meaning.why += (meaning.why.empty() ? "" : ", ") + sizeText(*candidate, first);
        meaning.why = "its " + std::to_string(bytesOf(first).size()) + " bytes are not those of " + meaning.why;
    } else if (meaning.encoding->info().id == "Q2_0_G128") {
        m_notes.push_back(std::to_string(tensors.size()) + " tensors carry the type number 42 of Q2_0 but have blocks of 128 "
                          "weights instead of 64: an older file of the PrismML fork. It is read as it was meant; "
                          "converting to Q2_0 repairs it without loss.");
    }
    return meaning;
}

Result<std::shared_ptr<const Encoding>> TypeMeanings::of(const GgufTensor& tensor) const {
    const auto found = m_meanings.find(tensor.type);
    if (found != m_meanings.end() && found->second.encoding)
        return found->second.encoding;
    std::string text = "is stored as " + ggmlTypeText(tensor.type) + ", which this program does not read; expected a type that it knows";
    if (found != m_meanings.end() && !found->second.why.empty())
        text += " from this file: " + found->second.why;
    return Error{ErrorCode::Unsupported, text, {}, tensor.name};
}

std::span<const std::byte> TypeMeanings::bytesOf(const GgufTensor& tensor) const {
    const auto found = m_withScale.find(tensor.name);
    return found == m_withScale.end() ? tensor.rest : found->second;
}

bool TypeMeanings::isScaleOfAnother(const GgufTensor& tensor) const {
    return tensor.name.ends_with(kScale)
           && m_withScale.contains(std::string_view(tensor.name).substr(0, tensor.name.size() - kScale.size()));
}

} // namespace trilobit
