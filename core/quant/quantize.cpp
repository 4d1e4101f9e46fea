// quantizeModel: one tensor after the other through decode, method, encoding and back.
#include "core/quant/errorsum.h"
#include "core/quant/keptwork.h"
#include "core/quant/quantizetensor.h"
#include "core/quant/tensorwork.h"

#include <algorithm>
#include <chrono>

namespace trilobit {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Turns the progress of one tensor's work into bytes of the whole model.
class TensorControl : public RunControl {
public:
    TensorControl(RunControl& outer, double doneBefore, double bytes, double total, std::string_view name)
        : m_outer(outer), m_doneBefore(doneBefore), m_bytes(bytes), m_total(total), m_name(name) {}
    bool isCancelled() const noexcept override { return m_outer.isCancelled(); }
    void progress(double done, double total, std::string_view) override {
        if (total > 0)
            m_outer.progress(m_doneBefore + m_bytes * std::clamp(done / total, 0.0, 1.0), m_total, m_name);
    }

private:
    RunControl& m_outer;
    double m_doneBefore, m_bytes, m_total;
    std::string_view m_name;
};

TensorReport reportFor(const Tensor& tensor, const TensorPlan& plan) {
    TensorReport report;
    report.name = tensor.name;
    report.method = plan.choice.keeps() ? "" : plan.choice.method;
    report.requested = plan.requested;
    report.applied = plan.applied;
    report.note = plan.note;
    report.bytesBefore = plan.bytesBefore;
    report.bytesAfter = plan.bytesAfter;
    report.error = computeError({}, {}); // no error, until something changes
    return report;
}

struct Changed {
    Tensor tensor;
    ErrorMetrics error;
    bool calibrated = false;
};

Result<Changed> changeTensor(const Tensor& tensor, const Method& method, std::shared_ptr<const Encoding> encoding,
                             const ParamValues& params, std::uint64_t seed, const QuantServices& services,
                             RunControl& control) {
    TRILOBIT_TRY(const std::vector<float> importance, importanceOf(tensor, services));
    TRILOBIT_TRY(auto weights, uninitializedFloats(static_cast<std::uint64_t>(tensor.count())));
    TRILOBIT_CHECK(decodeRowsParallel(encodedMatrix(tensor), 0, tensor.rows, weights.data(), control));

    MethodInput input;
    input.weight = {weights.data(), tensor.rows, tensor.cols};
    input.target = &encoding->info();
    input.params = params;
    input.importance = importance;
    input.seed = tensorSeed(seed, tensor.name);
    TRILOBIT_TRY(const EncodedWeights encoded, encodeWith(method, *encoding, input, control));
    const EncodedBytes& bytes = encoded.bytes;

    Changed out;
    out.calibrated = encoded.calibrated;
    out.tensor = tensor;
    out.tensor.encoding = std::move(encoding);
    out.tensor.bytes = {bytes->data(), bytes->size()};
    out.tensor.owner = bytes;
    out.tensor.fileOffset = 0;
    // The error is that of the stored bytes, read back the way the engine reads them.
    ErrorSum error;
    TRILOBIT_CHECK(forEachPiece(encodedMatrix(out.tensor), control,
                                [&](std::span<const float> values, std::int64_t row) -> Result<void> {
                                    error.add({weights.data() + row * tensor.cols, values.size()}, values);
                                    return {};
                                }));
    out.error = error.metrics();
    return out;
}

Result<Changed> changeTensor(const Tensor& tensor, const TensorPlan& plan, std::uint64_t seed,
                             const QuantServices& services, RunControl& control) {
    TRILOBIT_TRY(const auto method, services.methods->find(plan.choice.method));
    TRILOBIT_TRY(auto encoding, services.encodings->find(plan.applied));
    return changeTensor(tensor, *method, std::move(encoding), plan.choice.params, seed, services, control);
}

Result<void> checkPlan(const Model& model, const Plan& plan) {
    for (const TensorPlan& row : plan.tensors)
        if (row.refused)
            return aboutTensor(fail(ErrorCode::Unsupported, row.note), model.tensors()[row.tensor].name);
    return {};
}

/// Takes the tensor from an earlier run. False: there is none.
Result<bool> takeKept(KeptWork* kept, const Tensor& tensor, const TensorPlan& plan, std::uint64_t seed,
                      const QuantServices& services, Changed& out, TensorReport& report, RunControl& control) {
    if (!kept)
        return false;
    TRILOBIT_TRY(const std::optional<KeptTensor> found, kept->find(tensor, plan, seed, control));
    if (!found)
        return false;
    out.tensor = tensor;
    TRILOBIT_TRY(out.tensor.encoding, services.encodings->find(plan.applied));
    out.tensor.bytes = found->bytes;
    out.tensor.owner = found->file;
    out.tensor.fileOffset = 0;
    out.error = found->error;
    report.reused = true;
    report.calibrated = plan.importance;
    report.seconds = found->seconds;
    return true;
}

/// In the keys that llama.cpp's own quantizer writes.
void describeCalibration(const Calibration& calibration, Metadata& metadata) {
    metadata.set("quantize.imatrix.file", MetaValue::string(calibration.path));
    if (!calibration.datasets.empty())
        metadata.set("quantize.imatrix.dataset", MetaValue::string(calibration.datasets.front()));
    metadata.set("quantize.imatrix.entries_count", MetaValue::u32(static_cast<std::uint32_t>(calibration.tensors.size())));
    metadata.set("quantize.imatrix.chunks_count", MetaValue::u32(static_cast<std::uint32_t>(calibration.chunks)));
}

/// The finished parts as a model that was never on disk. It says in its metadata how it came to be.
std::shared_ptr<const Model> assemble(const Model& source, std::vector<Tensor> tensors, const Recipe& recipe,
                                      const KeptWork* kept, const Calibration* calibration) {
    Model::Parts parts;
    parts.container = "memory";
    parts.config = source.config();
    parts.metadata = source.metadata();
    parts.metadata.set("trilobit.recipe", MetaValue::string(recipe.toJson().dump()));
    parts.metadata.set("trilobit.recipe_hash", MetaValue::string(recipe.hash()));
    if (calibration)
        describeCalibration(*calibration, parts.metadata);
    parts.tensors = std::move(tensors);
    parts.tokenizer = source.tokenizer();
    parts.tokenizerNote = source.tokenizerNote();
    parts.warnings = source.warnings();
    parts.files = source.files();
    if (kept)
        parts.files.insert(parts.files.end(), kept->files().begin(), kept->files().end());
    return std::make_shared<const Model>(std::move(parts));
}

} // namespace

Result<QuantizedModel> quantizeModel(std::shared_ptr<const Model> model, const Recipe& recipe,
                                     const QuantServices& services, RunControl& control,
                                     const std::function<void(const TensorReport&)>& onTensor, KeptWork* kept) {
    const auto start = Clock::now();
    if (!model)
        return fail(ErrorCode::Internal, "there is no model to quantize");
    TRILOBIT_TRY(const Plan plan, planQuantization(*model, recipe, services));
    TRILOBIT_CHECK(checkPlan(*model, plan));

    double total = 0, done = 0;
    for (const TensorPlan& row : plan.tensors)
        total += row.choice.keeps() ? 0.0 : static_cast<double>(row.bytesBefore);
    total = std::max(total, 1.0);

    QuantizedModel out;
    out.recipe = recipe;
    out.expectations = plan.expectations;
    out.calibration = services.calibration;
    std::vector<Tensor> tensors;
    tensors.reserve(plan.tensors.size());
    for (const TensorPlan& row : plan.tensors) {
        if (control.isCancelled())
            return cancelledError();
        const Tensor& tensor = model->tensors()[row.tensor];
        const auto tensorStart = Clock::now();
        TensorReport report = reportFor(tensor, row);
        if (row.choice.keeps())
            tensors.push_back(tensor);
        else {
            const auto bytes = static_cast<double>(row.bytesBefore);
            control.progress(done, total, tensor.name);
            Changed changed;
            TRILOBIT_TRY(const bool reused,
                         takeKept(kept, tensor, row, recipe.seed, services, changed, report, control));
            if (!reused) {
                TensorControl inner(control, done, bytes, total, tensor.name);
                auto computed = changeTensor(tensor, row, recipe.seed, services, inner);
                if (!computed)
                    return aboutTensor(std::move(computed).error(), tensor.name);
                changed = *std::move(computed);
                report.seconds = secondsSince(tensorStart);
                report.calibrated = changed.calibrated;
            }
            report.error = changed.error;
            tensors.push_back(std::move(changed.tensor));
            if (kept && !reused)
                TRILOBIT_CHECK(kept->finished(tensor, row, recipe.seed, tensors.back(), report.error, report.seconds, control));
            model->release(tensor.bytes);
            done += bytes;
        }
        if (onTensor)
            onTensor(report);
        out.tensors.push_back(std::move(report));
    }
    control.progress(total, total, "done");
    const bool used = std::any_of(out.tensors.begin(), out.tensors.end(),
                                  [](const TensorReport& report) { return report.calibrated; });
    out.model = assemble(*model, std::move(tensors), recipe, kept, used ? services.calibration.get() : nullptr);
    out.bytesBefore = plan.bytesBefore;
    out.bytesAfter = plan.bytesAfter;
    out.bitsPerWeight = plan.bitsPerWeightAfter;
    out.seconds = secondsSince(start);
    return out;
}

Result<QuantizedTensor> quantizeTensor(const Tensor& tensor, const Choice& choice, std::uint64_t recipeSeed,
                                       const QuantServices& services, RunControl& control) {
    if (choice.keeps() || !isChangeable(tensor))
        return aboutTensor(fail(ErrorCode::Unsupported, "this tensor stays as it is"), tensor.name);
    TRILOBIT_TRY(const ResolvedChoice resolved, resolveChoice(choice, services));
    AppliedChoice applied = applyChoice(resolved, choice.params, tensor, services);
    if (applied.refused)
        return aboutTensor(fail(ErrorCode::Unsupported, applied.note), tensor.name);
    auto changed = changeTensor(tensor, *resolved.method, applied.encoding, choice.params, recipeSeed, services, control);
    if (!changed)
        return aboutTensor(std::move(changed).error(), tensor.name);
    return QuantizedTensor{std::move(changed->tensor), changed->error, std::move(applied.note)};
}

double meanRelativeError(const Model& source, const std::vector<TensorReport>& reports) {
    double error = 0, weights = 0;
    for (const TensorReport& report : reports) {
        const Tensor* tensor = source.find(report.name);
        if (!tensor || !isChangeable(*tensor))
            continue;
        weights += static_cast<double>(tensor->count());
        if (!report.method.empty())
            error += weightedRelativeError(report.error, *tensor);
    }
    return weights > 0 ? error / weights : 0.0;
}

} // namespace trilobit
