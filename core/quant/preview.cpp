// previewTensor: what a choice would do to one tensor, judged by some of its rows.
#include "core/quant/tensorwork.h"

#include <algorithm>

namespace trilobit {

namespace {

/// `count` rows of `total`, evenly spread, in order.
std::vector<std::int64_t> spreadRows(std::int64_t total, std::int64_t count) {
    std::vector<std::int64_t> rows(static_cast<std::size_t>(count));
    // The middle of each of `count` equal stretches; total / count first, so that nothing overflows.
    const std::int64_t whole = total / count, rest = total % count;
    for (std::int64_t i = 0; i < count; ++i)
        rows[static_cast<std::size_t>(i)] = i * whole + i * rest / count + whole / 2;
    return rows;
}

Result<std::vector<float>> decodeSample(const Tensor& tensor, const std::vector<std::int64_t>& rows,
                                        const RunControl& control) {
    const auto count = static_cast<std::uint64_t>(rows.size()) * static_cast<std::uint64_t>(tensor.cols);
    TRILOBIT_TRY(auto values, allocateFloats(count));
    if (static_cast<std::int64_t>(rows.size()) == tensor.rows) {
        TRILOBIT_CHECK(decodeRowsParallel(encodedMatrix(tensor), 0, tensor.rows, values.data(), control));
        return values;
    }
    const auto sampled = static_cast<std::int64_t>(rows.size());
#pragma omp parallel for schedule(static) if (sampled * tensor.cols >= kWorthThreads)
    for (std::int64_t i = 0; i < sampled; ++i)
        if (!control.isCancelled())
            tensor.encoding->decodeRows(tensor.bytes, tensor.rows, tensor.cols, rows[static_cast<std::size_t>(i)], 1,
                                        values.data() + i * tensor.cols);
    if (control.isCancelled())
        return cancelledError();
    return values;
}

void addNote(std::string& note, const std::string& more) { note += (note.empty() ? "" : "; ") + more; }

} // namespace

Result<Preview> previewTensor(const Tensor& tensor, const Choice& choice, std::uint64_t seed, std::int64_t maxRows,
                              const QuantServices& services, RunControl& control) {
    Preview out;
    out.totalRows = tensor.rows;
    out.cols = tensor.cols;
    out.rows = maxRows > 0 ? std::min(maxRows, tensor.rows) : tensor.rows;
    if (out.rows <= 0 || out.cols <= 0)
        return aboutTensor(fail(ErrorCode::Unsupported, "the tensor is empty"), tensor.name);
    TRILOBIT_TRY(out.original, decodeSample(tensor, spreadRows(tensor.rows, out.rows), control));

    if (choice.keeps() || !isChangeable(tensor)) {
        out.approximate = out.original;
        out.error = computeError({}, {});
        out.bytesAfter = tensor.bytes.size();
        out.applied = tensor.encoding->info().id;
        if (!choice.keeps())
            out.note = "norms, biases and other vectors always stay as they are";
        return out;
    }

    TRILOBIT_TRY(const ResolvedChoice resolved, resolveChoice(choice, services));
    AppliedChoice applied = applyChoice(resolved, choice.params, tensor, services);
    if (applied.refused)
        return aboutTensor(fail(ErrorCode::Unsupported, applied.note), tensor.name);
    out.applied = applied.encoding->info().id;
    out.note = std::move(applied.note);
    out.bytesAfter = applied.bytes;
    if (out.rows < out.totalRows)
        addNote(out.note, "estimated from " + std::to_string(out.rows) + " of " + std::to_string(out.totalRows)
                              + " rows, also what the whole tensor shares");

    MethodInput input;
    input.weight = {out.original.data(), out.rows, out.cols};
    input.target = &applied.encoding->info();
    input.params = choice.params;
    input.seed = tensorSeed(seed, tensor.name);
    TRILOBIT_TRY(const std::vector<float> importance, importanceOf(tensor, services));
    // Of a stack the sampled rows belong to several matrices: the first one's channels stand for all.
    input.importance = out.rows < out.totalRows && !importance.empty()
                           ? std::span(importance).first(static_cast<std::size_t>(out.cols))
                           : std::span(importance);
    auto encodedWeights = encodeWith(*resolved.method, *applied.encoding, input, control);
    if (!encodedWeights)
        return aboutTensor(std::move(encodedWeights).error(), tensor.name);
    const EncodedBytes& bytes = encodedWeights->bytes;
    TRILOBIT_TRY(out.approximate, allocateFloats(out.original.size()));
    const EncodedMatrix encoded{applied.encoding.get(), {bytes->data(), bytes->size()}, out.rows, out.cols};
    TRILOBIT_CHECK(decodeRowsParallel(encoded, 0, out.rows, out.approximate.data(), control));
    out.error = computeError(out.original, out.approximate);
    return out;
}

} // namespace trilobit
