// Another encoding for the same values, or a refusal that names the first value that would change.
#include "core/quant/ternarygroups.h"
#include "core/quant/tensorwork.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <new>

namespace trilobit {

namespace {

constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();

std::string valueText(float value) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    return {text, end};
}

bool isTernary(const Grid& grid) { return grid.kind == GridKind::Linear && !grid.freeZero && grid.levels() <= 4; }

/// The same number: the same bits, or NaN on both sides. Zeros may lose their sign only where codes hold them.
bool sameFloat(float a, float b) {
    return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b) || (std::isnan(a) && std::isnan(b));
}

Result<EncodedBytes> allocateFor(const Encoding& encoding, std::int64_t rows, std::int64_t cols) {
    TRILOBIT_TRY(const std::uint64_t size, encoding.sizeBytes(rows, cols));
    try {
        return std::make_shared<AlignedBuffer<std::byte>>(static_cast<std::size_t>(size));
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory for " + std::to_string(size) + " bytes");
    }
}

Error doesNotSurvive(const Tensor& tensor, const Encoding& target, std::int64_t row, std::int64_t index, float value) {
    return fail(ErrorCode::Unsupported, "the value " + valueText(value) + " at row "
                                            + std::to_string(row + index / tensor.cols)
                                            + ", column " + std::to_string(index % tensor.cols) + " does not fit "
                                            + target.info().id + " without loss; quantize would round it");
}

/// Reads the new bytes back and compares every value with the source.
template <class Same>
Result<void> checkSame(const Tensor& tensor, const Encoding& target, const EncodedBytes& bytes, const Same& same,
                       std::int64_t firstRow, const RunControl& control) {
    const EncodedMatrix after{&target, {bytes->data(), bytes->size()}, tensor.rows, tensor.cols};
    std::vector<float> back;
    return forEachPiece(
        encodedMatrix(tensor), control, [&](std::span<const float> values, std::int64_t row) -> Result<void> {
            const auto count = static_cast<std::int64_t>(values.size());
            if (back.size() < values.size()) {
                TRILOBIT_TRY(back, allocateFloats(values.size()));
            }
            TRILOBIT_CHECK(decodeRowsParallel(after, row, count / tensor.cols, back.data(), control));
            std::int64_t first = kNone;
#pragma omp parallel for schedule(static) reduction(min : first) if (count >= kWorthThreads)
            for (std::int64_t i = 0; i < count; ++i)
                if (!same(values[static_cast<std::size_t>(i)], back[static_cast<std::size_t>(i)]))
                    first = std::min(first, i);
            if (first != kNone)
                return doesNotSurvive(tensor, target, firstRow + row, first, values[static_cast<std::size_t>(first)]);
            return {};
        });
}

Result<EncodedBytes> toFloat(const Tensor& tensor, const Encoding& target, std::int64_t firstRow, RunControl& control) {
    TRILOBIT_TRY(EncodedBytes bytes, allocateFor(target, tensor.rows, tensor.cols));
    TRILOBIT_TRY(const std::uint64_t rowBytes, target.sizeBytes(1, tensor.cols));
    const std::span<std::byte> out{bytes->data(), bytes->size()};
    TRILOBIT_CHECK(forEachPiece(
        encodedMatrix(tensor), control, [&](std::span<const float> values, std::int64_t row) -> Result<void> {
            const MatrixView piece{values.data(), static_cast<std::int64_t>(values.size()) / tensor.cols, tensor.cols};
            return target.encode(piece, {},
                                 out.subspan(static_cast<std::size_t>(row) * rowBytes,
                                             static_cast<std::size_t>(piece.rows) * rowBytes),
                                 control);
        }));
    TRILOBIT_CHECK(checkSame(tensor, target, bytes, sameFloat, firstRow, control));
    return bytes;
}

/// Codes and scales as they are stored, moved into the groups of the target.
Result<EncodedBytes> moveCodes(const Tensor& tensor, GroupCodes codes, const Encoding& target, std::int64_t firstRow,
                               RunControl& control) {
    TRILOBIT_TRY(EncodedBytes bytes, allocateFor(target, tensor.rows, tensor.cols));
    TRILOBIT_CHECK(regroupTernary(codes, tensor.encoding->info(), target.info(), firstRow));
    TRILOBIT_CHECK(target.pack(codes, {bytes->data(), bytes->size()}));
    const auto same = [](float a, float b) { return a == b; }; // a code has no negative zero
    TRILOBIT_CHECK(checkSame(tensor, target, bytes, same, firstRow, control));
    return bytes;
}

/// The largest magnitude of each group becomes its scale; that every value is 0 or plus or minus the scale shows when the
/// stored codes are read back and compared.
Result<EncodedBytes> toTernary(const Tensor& tensor, const Encoding& target, std::int64_t firstRow, RunControl& control) {
    if (isTernary(tensor.encoding->info().grid))
        if (auto codes = tensor.encoding->unpack(tensor.bytes, tensor.rows, tensor.cols))
            return moveCodes(tensor, *std::move(codes), target, firstRow, control);
    TRILOBIT_TRY(EncodedBytes bytes, allocateFor(target, tensor.rows, tensor.cols));
    TRILOBIT_TRY(auto weights, uninitializedFloats(static_cast<std::uint64_t>(tensor.count())));
    TRILOBIT_CHECK(decodeRowsParallel(encodedMatrix(tensor), 0, tensor.rows, weights.data(), control));
    const Grid& grid = target.info().grid;
    GroupCodes codes;
    codes.rows = tensor.rows;
    codes.cols = tensor.cols;
    const bool whole = grid.groupSize == kGroupIsTensor;
    codes.groupSize = whole ? tensor.count() : grid.groupSize == kGroupIsRow ? tensor.cols : grid.groupSize;
    const std::int64_t perRow = whole ? 1 : (tensor.cols + codes.groupSize - 1) / codes.groupSize;
    const std::int64_t groups = whole ? 1 : tensor.rows * perRow;
    codes.scale.assign(static_cast<std::size_t>(groups), 0.0f);
    codes.zero.assign(static_cast<std::size_t>(groups), static_cast<float>(grid.fixedZero));
    codes.codes.resize(weights.size());
    const auto zeroCode = static_cast<int>(grid.fixedZero);
    for (std::int64_t group = 0; group < groups; ++group) {
        if (control.isCancelled())
            return cancelledError();
        const std::int64_t begin = whole ? 0 : group / perRow * tensor.cols + group % perRow * codes.groupSize;
        const std::int64_t length = whole ? tensor.count() : std::min(codes.groupSize, tensor.cols - group % perRow * codes.groupSize);
        float scale = 0;
        for (std::int64_t i = begin; i < begin + length; ++i)
            scale = std::max(scale, std::fabs(weights[static_cast<std::size_t>(i)]));
        codes.scale[static_cast<std::size_t>(group)] = scale;
        for (std::int64_t i = begin; i < begin + length; ++i) {
            const float w = weights[static_cast<std::size_t>(i)];
            codes.codes[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(zeroCode + (w > 0) - (w < 0));
        }
    }
    if (const auto packed = target.pack(codes, {bytes->data(), bytes->size()}); !packed)
        return fail(ErrorCode::Unsupported,
                    "its values are not ternary in the way " + target.info().id + " stores them: " + packed.error().message);
    const auto same = [](float a, float b) { return a == b; }; // a code has no negative zero
    TRILOBIT_CHECK(checkSame(tensor, target, bytes, same, firstRow, control));
    return bytes;
}

/// Codes into another form of codes, each as it is: GPTQ with the zero 8 becomes Q4_0, with any zero affine groups.
Result<EncodedBytes> toCodes(const Tensor& tensor, const Encoding& target, std::int64_t firstRow, RunControl& control) {
    TRILOBIT_TRY(const GroupCodes codes, tensor.encoding->unpack(tensor.bytes, tensor.rows, tensor.cols));
    TRILOBIT_TRY(EncodedBytes bytes, allocateFor(target, tensor.rows, tensor.cols));
    TRILOBIT_CHECK(target.pack(codes, {bytes->data(), bytes->size()}));
    const auto same = [](float a, float b) { return a == b; };
    TRILOBIT_CHECK(checkSame(tensor, target, bytes, same, firstRow, control));
    return bytes;
}

/// Which encoding a tensor gets when the model is converted to `target`; null: it stays.
std::shared_ptr<const Encoding> targetFor(const Tensor& tensor, const std::shared_ptr<const Encoding>& target,
                                          const std::shared_ptr<const Encoding>& f32) {
    const Grid& grid = target->info().grid;
    if (!isChangeable(tensor)) // norms and biases are F32 in every GGUF file; widening them loses nothing
        return tensor.dimensions == 1 && tensor.encoding->info().grid.kind == GridKind::Float ? f32 : nullptr;
    const bool outsideBlocks = tensor.role == TensorRole::Embedding || tensor.role == TensorRole::Output;
    return isTernary(grid) && outsideBlocks ? nullptr : target;
}

} // namespace

Result<std::vector<std::shared_ptr<const Encoding>>> planConversion(const Model& model, const std::string& encoding,
                                                                    const QuantServices& services) {
    if (!services.encodings)
        return fail(ErrorCode::Internal, "converting needs the registry of encodings");
    TRILOBIT_TRY(const auto target, services.encodings->find(encoding));
    TRILOBIT_TRY(const auto f32, services.encodings->find("F32"));
    std::vector<std::shared_ptr<const Encoding>> plan;
    for (const Tensor& tensor : model.tensors()) {
        auto wanted = targetFor(tensor, target, f32);
        if (wanted && wanted->info().id == tensor.encoding->info().id)
            wanted = nullptr;
        const bool codes = wanted && wanted->info().grid.kind == GridKind::Linear && !isTernary(wanted->info().grid);
        // Codes can move into another form of codes; what is stored as plain numbers stays.
        const bool outsideBlocks = tensor.role == TensorRole::Embedding || tensor.role == TensorRole::Output;
        if (codes && outsideBlocks && tensor.encoding->info().grid.kind == GridKind::Float)
            wanted = nullptr;
        if (wanted) {
            const bool fromCodes = codes && tensor.encoding->info().grid.kind == GridKind::Linear;
            if (wanted->info().grid.kind != GridKind::Float && !isTernary(wanted->info().grid) && !fromCodes)
                return aboutTensor(fail(ErrorCode::Unsupported,
                                        "storing " + tensor.encoding->info().id + " as " + wanted->info().id
                                            + " rounds the weights; that is quantizing, not converting"),
                                   tensor.name);
            if (auto size = wanted->sizeBytes(tensor.rows, tensor.cols); !size)
                return aboutTensor(std::move(size).error(), tensor.name);
        }
        plan.push_back(std::move(wanted));
    }
    return plan;
}

Result<Tensor> convertTensor(const Tensor& tensor, const std::shared_ptr<const Encoding>& target, std::int64_t firstRow,
                             RunControl& control) {
    const Grid& grid = target->info().grid;
    auto bytes = grid.kind == GridKind::Float ? toFloat(tensor, *target, firstRow, control)
                 : isTernary(grid)            ? toTernary(tensor, *target, firstRow, control)
                                              : toCodes(tensor, *target, firstRow, control);
    if (!bytes)
        return aboutTensor(std::move(bytes).error(), tensor.name);
    Tensor out = tensor;
    out.encoding = target;
    out.bytes = {(*bytes)->data(), (*bytes)->size()};
    out.owner = *bytes;
    out.fileOffset = 0;
    return out;
}

Result<std::shared_ptr<const Model>> convertLossless(std::shared_ptr<const Model> model, const std::string& encoding,
                                                     const QuantServices& services, RunControl& control) {
    if (!model)
        return fail(ErrorCode::Internal, "converting needs a model");
    TRILOBIT_TRY(const auto plan, planConversion(*model, encoding, services));
    Model::Parts parts;
    parts.container = "memory";
    parts.config = model->config();
    parts.metadata = model->metadata();
    parts.tokenizer = model->tokenizer();
    parts.tokenizerNote = model->tokenizerNote();
    parts.warnings = model->warnings();
    parts.tensors.reserve(model->tensors().size());
    const auto total = static_cast<double>(std::max<std::uint64_t>(1, model->tensorBytes()));
    double done = 0;
    for (std::size_t i = 0; i < plan.size(); ++i) {
        const Tensor& tensor = model->tensors()[i];
        if (control.isCancelled())
            return cancelledError();
        control.progress(done, total, tensor.name);
        if (!plan[i]) {
            parts.tensors.push_back(tensor);
        } else {
            TRILOBIT_TRY(Tensor converted, convertTensor(tensor, plan[i], 0, control));
            parts.tensors.push_back(std::move(converted));
        }
        done += static_cast<double>(tensor.bytes.size());
    }
    control.progress(total, total, "done");
    return std::make_shared<const Model>(std::move(parts));
}

} // namespace trilobit
