#include "core/quant/errortable.h"

#include "core/quant/tensorwork.h"

#include <algorithm>

namespace trilobit {

namespace {

constexpr const char* kRounding = "rtn";
constexpr double kWideBits = 32;

MeasuredOption keptOption(const Tensor& tensor, const Choice& choice) {
    MeasuredOption out;
    out.choice = choice;
    out.applied = tensor.encoding->info().id;
    out.bytes = tensor.bytes.size();
    out.error = computeError({}, {});
    out.rows = out.totalRows = tensor.rows;
    return out;
}

} // namespace

std::vector<Choice> candidateChoices(const QuantServices& services, bool allMethods) {
    std::vector<Choice> out;
    for (const auto& encoding : services.encodings->all()) {
        const EncodingInfo& info = encoding->info();
        if (info.bitsPerWeight >= kWideBits)
            continue;
        for (const auto& method : services.methods->all()) {
            const bool plain = method->info().id == kRounding;
            if (!plain && (!allMethods || method->info().needsCalibration))
                continue;
            // A shape that every block size divides: here only the pair matters.
            if (plain || method->accepts(info, {}, 4096, 4096))
                out.push_back({method->info().id, info.id, {}});
        }
    }
    return out;
}

std::int64_t rowsForSample(const Tensor& tensor, std::int64_t weights) noexcept {
    const std::int64_t rows = weights / std::max<std::int64_t>(1, tensor.cols);
    return std::clamp<std::int64_t>(rows, std::min<std::int64_t>(2, tensor.rows),
                                    std::max<std::int64_t>(1, tensor.rows));
}

Result<std::vector<MeasuredOption>> measureOptions(const Tensor& tensor, const std::vector<Choice>& choices,
                                                   std::uint64_t seed, std::int64_t maxRows,
                                                   const QuantServices& services, RunControl& control,
                                                   const std::function<void(const MeasuredOption&)>& onOption) {
    std::vector<MeasuredOption> out;
    out.reserve(choices.size());
    for (const Choice& choice : choices) {
        if (control.isCancelled())
            return cancelledError();
        control.progress(static_cast<double>(out.size()), static_cast<double>(choices.size()), tensor.name);
        MeasuredOption option = keptOption(tensor, choice);
        if (!choice.keeps()) {
            TRILOBIT_TRY(const ResolvedChoice resolved, resolveChoice(choice, services));
            AppliedChoice applied = applyChoice(resolved, choice.params, tensor, services);
            option.note = applied.note;
            option.refused = applied.refused || !isChangeable(tensor);
            if (!option.refused) {
                RunControl& inner = control;
                auto preview = previewTensor(tensor, choice, seed, maxRows, services, inner);
                if (preview) {
                    option.applied = preview->applied;
                    option.bytes = preview->bytesAfter;
                    option.error = preview->error;
                    option.rows = preview->rows;
                    option.squaredError =
                        preview->error.sumSquaredError
                        * (static_cast<double>(preview->totalRows) / static_cast<double>(preview->rows));
                } else if (preview.error().code == ErrorCode::Cancelled
                           || preview.error().code == ErrorCode::OutOfMemory) {
                    return std::move(preview).error();
                } else {
                    option.refused = true;
                    option.note = preview.error().message;
                }
            }
            if (option.refused) {
                option.applied.clear();
                option.bytes = 0;
            }
        }
        option.bitsPerWeight =
            tensor.count() > 0 ? 8.0 * static_cast<double>(option.bytes) / static_cast<double>(tensor.count()) : 0;
        if (onOption)
            onOption(option);
        out.push_back(std::move(option));
    }
    return out;
}

} // namespace trilobit
