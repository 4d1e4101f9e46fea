// Choosing the encoding for one tensor's shape, and running a method onto it.
#include "core/quant/tensorwork.h"

#include "core/encodings/encodingregistry.h"

#include <cmath>
#include <new>

namespace trilobit {

namespace {

/// Longer chains than this are circles that a plugin's encodings made.
constexpr int kMaxFallbacks = 8;

/// What a ternary wish keeps when its own blocks do not fit: the values, but not the size.
std::string ternaryHint(const Encoding& wished, const Encoding& applied, std::int64_t rows, std::int64_t cols,
                        const EncodingRegistry& encodings) {
    const Grid& grid = wished.info().grid;
    const bool ternary = grid.kind == GridKind::Linear && grid.levels() == 3;
    if (!ternary || applied.info().bitsPerWeight < 4)
        return {};
    const auto other = encodings.find("I2_S");
    if (!other || !(*other)->sizeBytes(rows, cols))
        return " (the file does not shrink to two bits)";
    return " (the file does not shrink to two bits; I2_S takes these rows, but stock llama.cpp does not read it)";
}

Result<EncodedBytes> allocateBytes(std::uint64_t count) {
    try {
        return std::make_shared<AlignedBuffer<std::byte>>(static_cast<std::size_t>(count));
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory for " + std::to_string(count) + " bytes");
    }
}

Result<void> store(const MethodOutput& output, const Encoding& encoding, const MethodInput& input,
                   std::span<std::byte> bytes, RunControl& control) {
    if (const auto* codes = std::get_if<GroupCodes>(&output)) {
        const auto count = static_cast<std::size_t>(input.weight.count());
        if (codes->rows != input.weight.rows || codes->cols != input.weight.cols || codes->codes.size() != count)
            return fail(ErrorCode::Plugin, "the method returned codes of another shape than the tensor's");
        return encoding.pack(*codes, bytes);
    }
    const auto& given = std::get<WeightsAsGiven>(output);
    MatrixView weight = input.weight;
    if (!given.values.empty()) {
        if (given.values.size() != static_cast<std::size_t>(weight.count()))
            return fail(ErrorCode::Plugin, "the method returned another number of weights than the tensor has");
        weight.data = given.values.data();
    }
    return encoding.encode(weight, input.importance, bytes, control);
}

/// Whether the importance had a say.
Result<bool> encodePart(const Method& method, const Encoding& encoding, const MethodInput& input,
                        std::span<std::byte> bytes, RunControl& control) {
    TRILOBIT_TRY(const MethodOutput output, method.quantize(input, control));
    if (control.isCancelled())
        return cancelledError();
    TRILOBIT_CHECK(store(output, encoding, input, bytes, control));
    const bool roundedHere = std::holds_alternative<WeightsAsGiven>(output) && encoding.usesImportance();
    return !input.importance.empty() && (roundedHere || method.info().needsCalibration);
}

} // namespace

Result<ResolvedChoice> resolveChoice(const Choice& choice, const QuantServices& services) {
    if (!services.encodings || !services.methods)
        return fail(ErrorCode::Internal, "quantizing needs a registry of encodings and one of methods");
    ResolvedChoice resolved;
    TRILOBIT_TRY(resolved.encoding, services.encodings->find(choice.encoding));
    TRILOBIT_TRY(resolved.method, services.methods->find(choice.method));
    TRILOBIT_CHECK(checkParams(choice.params, resolved.method->info()));
    return resolved;
}

AppliedChoice applyChoice(const ResolvedChoice& resolved, const ParamValues& params, const Tensor& tensor,
                          const QuantServices& services) {
    const std::int64_t rows = tensor.rows, cols = tensor.cols;
    AppliedChoice applied;
    applied.encoding = resolved.encoding;
    const auto refuse = [&](const std::string& reason) {
        applied.refused = true;
        applied.note += (applied.note.empty() ? "" : "; ") + reason;
        return applied;
    };
    std::string firstReason;
    for (int step = 0;; ++step) {
        const auto size = applied.encoding->sizeBytes(rows, cols);
        if (size) {
            applied.bytes = *size;
            break;
        }
        if (firstReason.empty())
            firstReason = size.error().message;
        const std::string next = applied.encoding->info().fallback;
        if (size.error().code != ErrorCode::Unsupported || next.empty() || step == kMaxFallbacks)
            return refuse(size.error().message);
        auto found = services.encodings->find(next);
        if (!found)
            return refuse(size.error().message + ", and " + next + " is not there to take its place");
        applied.encoding = *std::move(found);
    }
    if (applied.encoding != resolved.encoding)
        applied.note =
            firstReason + ": " + applied.encoding->info().id + " instead of " + resolved.encoding->info().id +
            ternaryHint(*resolved.encoding, *applied.encoding, rows, cols, *services.encodings);
    const Method& method = *resolved.method;
    if (method.info().needsCalibration && !(services.calibration && services.calibration->find(tensor.name)))
        return refuse(method.info().id + " needs calibration data, and none is given"
                      + (services.calibration ? " for this tensor" : ""));
    if (const auto accepted = method.accepts(applied.encoding->info(), params, rows, cols); !accepted)
        return refuse(accepted.error().message);
    return applied;
}

bool isChangeable(const Tensor& tensor) noexcept {
    return tensor.isQuantizable() || (tensor.role == TensorRole::Embedding && tensor.dimensions == 2);
}

double weightedRelativeError(const ErrorMetrics& error, const Tensor& tensor) noexcept {
    const double count = static_cast<double>(tensor.count());
    return std::isfinite(error.relativeSquared) ? error.relativeSquared * count : count;
}

Result<std::vector<float>> importanceOf(const Tensor& tensor, const QuantServices& services) {
    const InputStatistics* statistics = services.calibration ? services.calibration->find(tensor.name) : nullptr;
    if (!statistics)
        return std::vector<float>();
    auto importance = importanceOf(*statistics, tensor.cols, tensor.stack);
    if (!importance)
        return aboutTensor(std::move(importance).error(), tensor.name);
    return importance;
}

Result<EncodedWeights> encodeWith(const Method& method, const Encoding& encoding, const MethodInput& input,
                                  RunControl& control) {
    const std::int64_t rows = input.weight.rows, cols = input.weight.cols;
    TRILOBIT_TRY(const std::uint64_t size, encoding.sizeBytes(rows, cols));
    EncodedWeights out;
    TRILOBIT_TRY(out.bytes, allocateBytes(size));
    const std::span<std::byte> bytes(out.bytes->data(), out.bytes->size());
    const std::int64_t parts = cols > 0 ? static_cast<std::int64_t>(input.importance.size()) / cols : 0;
    if (parts <= 1) {
        TRILOBIT_TRY(out.calibrated, encodePart(method, encoding, input, bytes, control));
        return out;
    }
    MethodInput part = input;
    const auto each = rows % parts == 0 ? encoding.sizeBytes(rows / parts, cols) : Result<std::uint64_t>(0);
    const bool apart = each && *each * static_cast<std::uint64_t>(parts) == size && looksAtImportance(method, encoding);
    if (!apart) { // what all matrices of the stack share cannot be chosen for each of them
        part.importance = {};
        TRILOBIT_TRY(out.calibrated, encodePart(method, encoding, part, bytes, control));
        return out;
    }
    for (std::int64_t i = 0; i < parts; ++i) {
        control.progress(static_cast<double>(i), static_cast<double>(parts), {});
        part.weight = {input.weight.data + i * (rows / parts) * cols, rows / parts, cols};
        part.importance = input.importance.subspan(static_cast<std::size_t>(i * cols), static_cast<std::size_t>(cols));
        const auto place = bytes.subspan(static_cast<std::size_t>(i) * static_cast<std::size_t>(*each),
                                         static_cast<std::size_t>(*each));
        TRILOBIT_TRY(out.calibrated, encodePart(method, encoding, part, place, control));
    }
    return out;
}

bool looksAtImportance(const Method& method, const Encoding& encoding) {
    if (method.info().needsCalibration)
        return true;
    // Only an encoding's own encoder fits a nested grid: a method that takes one hands weights over, here too.
    EncodingInfo nested;
    nested.grid.kind = GridKind::Nested;
    return encoding.usesImportance()
           && (encoding.info().grid.kind != GridKind::Linear || method.accepts(nested, {}, 1, 1).has_value());
}

std::uint64_t tensorSeed(std::uint64_t recipeSeed, std::string_view tensorName) noexcept {
    std::uint64_t hash = 0xCBF29CE484222325ull; // FNV-1a: small, and the same everywhere
    for (const char c : tensorName)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
    return hash ^ recipeSeed;
}

Error aboutTensor(Error error, const std::string& name) {
    if (error.code != ErrorCode::Cancelled)
        error.field = name;
    return error;
}

EncodedMatrix encodedMatrix(const Tensor& tensor) {
    return {tensor.encoding.get(), tensor.bytes, tensor.rows, tensor.cols};
}

} // namespace trilobit
