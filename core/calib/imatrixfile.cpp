#include "core/calib/imatrixfile.h"

#include "core/calib/legacyimatrix.h"
#include "core/formats/gguf/ggmltypes.h"
#include "core/formats/gguf/ggufreader.h"
#include "core/formats/gguf/ggufwriter.h"

#include <cmath>
#include <cstring>

namespace trilobit {

namespace {

constexpr int kF32 = 0;
constexpr std::string_view kSquares = ".in_sum2", kCounts = ".counts", kSums = ".in_sum", kMagnitudes = ".in_abs",
                           kLargest = ".in_max";
constexpr const char *kType = "general.type", *kDatasets = "imatrix.datasets", *kChunkCount = "imatrix.chunk_count",
                     *kChunkSize = "imatrix.chunk_size", *kModel = "trilobit.calibration.model";

Error about(const GgufFile& file, const GgufTensor& tensor, std::string message, std::uint64_t valueIndex = 0) {
    return Error{ErrorCode::Format, std::move(message), file.file->path(), tensor.name,
                 tensor.fileOffset + 4 * valueIndex};
}

/// The values of a float tensor, every one finite and, unless `anySign`, not below zero.
Result<std::vector<float>> valuesOf(const GgufFile& file, const GgufTensor& tensor, bool anySign) {
    if (tensor.type != kF32)
        return about(file, tensor, "is stored as " + ggmlTypeText(tensor.type) + ", expected F32");
    std::uint64_t count = 1;
    const std::uint64_t room = tensor.rest.size() / sizeof(float);
    for (const std::int64_t n : tensor.ne) {
        if (n < 1 || static_cast<std::uint64_t>(n) > room / count)
            return about(file, tensor, "its dimensions need more than the " + std::to_string(tensor.rest.size())
                                           + " bytes the file has for it");
        count *= static_cast<std::uint64_t>(n);
    }
    std::vector<float> values(static_cast<std::size_t>(count));
    std::memcpy(values.data(), tensor.rest.data(), values.size() * sizeof(float));
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!std::isfinite(values[i]) || (!anySign && values[i] < 0))
            return about(file, tensor, "value " + std::to_string(i) + " is " + std::to_string(values[i])
                                           + (anySign ? ", expected a finite number"
                                                      : ", expected a finite number of zero or more"), i);
    return values;
}

using ByName = std::map<std::string_view, const GgufTensor*>;

Result<InputStatistics> statisticsOf(const GgufFile& file, const GgufTensor& squares, const std::string& name,
                                     const ByName& tensors) {
    const auto find = [&](std::string_view suffix) -> const GgufTensor* {
        const auto found = tensors.find(name + std::string(suffix));
        return found == tensors.end() ? nullptr : found->second;
    };
    const GgufTensor* counts = find(kCounts);
    if (!counts)
        return about(file, squares, "has no counts: expected a tensor " + name + std::string(kCounts));
    InputStatistics out;
    TRILOBIT_TRY(out.sumSquares, valuesOf(file, squares, false));
    TRILOBIT_TRY(const std::vector<float> tokens, valuesOf(file, *counts, false));
    for (std::size_t i = 0; i < tokens.size(); ++i)
        if (tokens[i] != std::floor(tokens[i]))
            return about(file, *counts, "count " + std::to_string(i) + " is " + std::to_string(tokens[i])
                                            + ", expected a whole number", i);
    if (out.sumSquares.size() % tokens.size() != 0)
        return about(file, *counts, "holds " + std::to_string(tokens.size()) + " counts, expected a divisor of the "
                                        + std::to_string(out.sumSquares.size()) + " sums");
    out.parts = static_cast<std::int64_t>(tokens.size());
    out.tokens.assign(tokens.begin(), tokens.end());
    for (const auto& [suffix, values] : {std::pair(kSums, &out.sums), std::pair(kMagnitudes, &out.magnitudes),
                                         std::pair(kLargest, &out.largest)})
        if (const GgufTensor* tensor = find(suffix)) {
            TRILOBIT_TRY(*values, valuesOf(file, *tensor, suffix == kSums));
            if (values->size() != out.sumSquares.size())
                return about(file, *tensor, "holds " + std::to_string(values->size()) + " values, expected "
                                                + std::to_string(out.sumSquares.size()) + " as in " + squares.name);
        }
    return out;
}

Result<Calibration> fromGguf(const GgufFile& file) {
    const std::string type = file.metadata.toString(kType);
    if (type != "imatrix")
        return Error{ErrorCode::Format,
                     "is " + (type.empty() ? std::string("absent") : "\"" + type.substr(0, 40) + "\"")
                         + ", expected \"imatrix\": this GGUF file is no calibration",
                     file.file->path(), kType};
    Calibration out;
    out.form = "imatrix GGUF";
    out.model = file.metadata.toString(kModel);
    if (const auto* datasets = file.metadata.strings(kDatasets))
        out.datasets = *datasets;
    for (const auto& [key, field] : {std::pair(kChunkCount, &out.chunks), std::pair(kChunkSize, &out.chunkTokens)}) {
        *field = file.metadata.toInt(key, 0);
        if (*field < 0 || *field > INT32_MAX)
            return Error{ErrorCode::Format, "is " + std::to_string(*field) + ", expected 0 to " + std::to_string(INT32_MAX),
                         file.file->path(), key};
    }
    ByName tensors;
    for (const GgufTensor& tensor : file.tensors)
        tensors.emplace(tensor.name, &tensor);
    for (const GgufTensor& tensor : file.tensors) {
        const std::string_view name = tensor.name;
        if (name.ends_with(kSquares) && name.size() > kSquares.size()) {
            const std::string of(name.substr(0, name.size() - kSquares.size()));
            TRILOBIT_TRY(InputStatistics statistics, statisticsOf(file, tensor, of, tensors));
            out.tensors.emplace(of, std::move(statistics));
        }
        if (name.ends_with(kCounts) && !tensors.contains(std::string(name.substr(0, name.size() - kCounts.size())) + std::string(kSquares)))
            return about(file, tensor, "has no sums beside it, expected a tensor that ends in " + std::string(kSquares));
    }
    if (out.tensors.empty())
        return Error{ErrorCode::Format, "holds no statistics: expected tensors that end in .in_sum2", file.file->path(),
                     "tensors"};
    return out;
}

} // namespace

Result<Calibration> readCalibration(const std::string& path) {
    TRILOBIT_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path));
    const auto bytes = file->bytes();
    const bool gguf = bytes.size() >= 4 && std::memcmp(bytes.data(), "GGUF", 4) == 0;
    auto read = [&]() -> Result<Calibration> {
        if (!gguf)
            return readLegacyImatrix(*file);
        TRILOBIT_TRY(const GgufFile parsed, readGguf(path));
        return fromGguf(parsed);
    }();
    if (read)
        read->path = path;
    return read;
}

Result<void> writeCalibration(const Calibration& calibration, const std::string& path, RunControl& control) {
    Metadata metadata;
    metadata.set(kType, MetaValue::string("imatrix"));
    metadata.set(kDatasets, MetaValue::strings(calibration.datasets));
    metadata.set(kChunkCount, MetaValue::u32(static_cast<std::uint32_t>(calibration.chunks)));
    metadata.set(kChunkSize, MetaValue::u32(static_cast<std::uint32_t>(calibration.chunkTokens)));
    if (!calibration.model.empty())
        metadata.set(kModel, MetaValue::string(calibration.model));
    std::vector<std::vector<float>> counts;
    counts.reserve(calibration.tensors.size()); // spans point into them
    std::vector<GgufTensorOut> tensors;
    for (const auto& entry : calibration.tensors) {
        const std::string& name = entry.first;
        const InputStatistics& statistics = entry.second;
        const auto add = [&](std::string_view suffix, const std::vector<float>& values) {
            const std::int64_t channels = static_cast<std::int64_t>(values.size()) / statistics.parts;
            std::vector<std::int64_t> ne{channels};
            if (statistics.parts > 1)
                ne.push_back(statistics.parts);
            if (!values.empty())
                tensors.push_back({name + std::string(suffix), ne, kF32, values.size() * sizeof(float),
                                   produceBytes(std::as_bytes(std::span(values)))});
        };
        counts.emplace_back(statistics.tokens.begin(), statistics.tokens.end());
        add(kSquares, statistics.sumSquares);
        add(kCounts, counts.back());
        add(kSums, statistics.sums);
        add(kMagnitudes, statistics.magnitudes);
        add(kLargest, statistics.largest);
    }
    return writeGguf(path, metadata, tensors, control);
}

} // namespace trilobit
