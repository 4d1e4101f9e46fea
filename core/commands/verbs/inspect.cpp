// inspect: what a model is made of; stats: what its weights look like.
#include "core/base/glob.h"
#include "core/commands/support.h"
#include "core/commands/verbs.h"
#include "core/model/ternaryform.h"
#include "core/quant/weightstats.h"

#include <algorithm>
#include <tuple>

namespace trilobit {

namespace {

Json shapeOf(const Tensor& tensor) {
    Json shape = Json::array();
    if (tensor.dimensions > 1)
        shape.push(tensor.rows);
    shape.push(tensor.dimensions > 1 ? tensor.cols : tensor.count());
    return shape;
}

Json configToJson(const ModelConfig& config) {
    return Json::object({{"vocab_size", config.vocabSize},
                         {"context_length", config.contextLength},
                         {"hidden_size", config.hiddenSize},
                         {"layers", config.layers},
                         {"ffn_size", config.ffnSize},
                         {"heads", config.heads},
                         {"kv_heads", config.kvHeads},
                         {"head_dim", config.headDim},
                         {"rms_eps", config.rmsEps},
                         {"rope_base", config.ropeBase},
                         {"rope", config.rope == RopeKind::Interleaved ? "interleaved" : "split halves"},
                         {"activation", config.activation == Activation::Silu    ? "silu"
                                        : config.activation == Activation::Relu2 ? "relu2"
                                                                                 : "gelu"},
                         {"sub_norms", config.subNorms},
                         {"tied_output", config.tiedOutput},
                         {"activation_quantization",
                          config.activationQuant == ActivationQuant::None ? "none" : "int8 per token"}});
}

std::string groupText(std::int64_t size) {
    return size == kGroupIsTensor ? "tensor" : size == kGroupIsRow ? "row" : std::to_string(size);
}

Json ternaryToJson(const TernaryForm& form, const std::string& encoding) {
    Json json = Json::object({{"written_by", form.program.empty() ? Json() : Json(form.program)},
                              {"encoding", encoding},
                              {"group", groupText(form.groupSize)},
                              {"scale_min", form.scaleMin},
                              {"scale_max", form.scaleMax},
                              {"sampled", form.sampled}});
    if (!form.alsoCalled.empty())
        json.set("or", form.alsoCalled);
    return json;
}

/// One entry per encoding and group size, over all tensors that have them.
class TernarySummary {
public:
    void add(const TernaryForm& form, const std::string& encoding) {
        for (auto& [known, name, count] : m_forms)
            if (name == encoding && known.groupSize == form.groupSize) {
                known.scaleMin = known.scaleMin == 0 ? form.scaleMin : std::min(known.scaleMin, form.scaleMin);
                known.scaleMax = std::max(known.scaleMax, form.scaleMax);
                known.sampled = known.sampled || form.sampled;
                ++count;
                return;
            }
        m_forms.emplace_back(form, encoding, 1);
    }
    Json toJson() const {
        Json out = Json::array();
        for (const auto& [form, name, count] : m_forms) {
            Json json = ternaryToJson(form, name);
            json.set("tensors", count);
            out.push(std::move(json));
        }
        return out;
    }

private:
    std::vector<std::tuple<TernaryForm, std::string, int>> m_forms;
};

Result<Json> inspect(Workspace& workspace, const Json& args, RunControl&, const EventSink&) {
    TRILOBIT_TRY(const std::shared_ptr<const Model> model, modelFrom(workspace, args));
    Json tensors = Json::array();
    TernarySummary ternary;
    for (const Tensor& tensor : model->tensors()) {
        Json row = Json::object({{"name", tensor.name},
                                 {"shape", shapeOf(tensor)},
                                 {"encoding", tensor.encoding->info().id},
                                 {"bytes", static_cast<std::uint64_t>(tensor.bytes.size())},
                                 {"role", tensorRoleName(tensor.role)},
                                 {"layer", tensor.layer}});
        if (tensor.sourceName != tensor.name)
            row.set("source_name", tensor.sourceName);
        if (const auto form = ternaryForm(tensor)) {
            row.set("ternary", ternaryToJson(*form, tensor.encoding->info().id));
            ternary.add(*form, tensor.encoding->info().id);
        }
        tensors.push(std::move(row));
    }
    Json warnings = Json::array();
    for (const std::string& warning : model->warnings())
        warnings.push(warning);
    Json tokenizer;
    if (model->tokenizer()) {
        const TokenizerData& data = model->tokenizer()->data();
        tokenizer = Json::object(
            {{"kind", tokenizerKindName(data.kind)},
             {"tokens", static_cast<std::uint64_t>(data.tokens.size())},
             {"pre_tokenizer", data.preTokenizer},
             {"bos", data.bos},
             {"eos", data.eos},
             {"chat_template", !data.chatTemplate.empty()}});
    } else {
        warnings.push("no tokenizer: " + model->tokenizerNote());
    }
    return Json::object({{"architecture", model->config().architecture},
                         {"name", model->config().name},
                         {"container", model->container()},
                         {"parameters", model->parameterCount()},
                         {"bytes", model->tensorBytes()},
                         {"file_bytes", model->fileBytes()},
                         {"bits_per_weight", model->bitsPerWeight()},
                         {"config", configToJson(model->config())},
                         {"tokenizer", tokenizer},
                         {"ternary", ternary.toJson()},
                         {"warnings", warnings},
                         {"tensors", tensors}});
}

std::string inspectText(const Json& result) {
    std::string out = result["name"].toString() + "\n" + result["architecture"].toString() + ", "
                      + result["parameters"].dump() + " weights, " + bytesText(result["bytes"].toUInt()) + ", "
                      + numberText(result["bits_per_weight"].toDouble(), 3) + " bits per weight\n\n";
    std::vector<std::vector<std::string>> rows{{"tensor", "shape", "encoding", "bytes"}};
    for (const Json& tensor : result["tensors"].items()) {
        std::string shape;
        for (const Json& size : tensor["shape"].items())
            shape += (shape.empty() ? "" : " x ") + size.dump();
        rows.push_back({tensor["name"].toString(), shape, tensor["encoding"].toString(), tensor["bytes"].dump()});
    }
    out += textTable(rows);
    for (const Json& form : result["ternary"].items()) {
        const std::string group = form["group"].toString();
        out += "ternary: " + form["tensors"].dump() + " tensors as " + form["encoding"].toString();
        if (form["written_by"].isString())
            out += ", the form of " + form["written_by"].toString();
        out += "; one scale for each " + (group == "tensor" || group == "row" ? group : group + " weights") + ", "
               + form["scale_min"].dump() + " to " + form["scale_max"].dump()
               + (form["sampled"].toBool() ? " in the rows looked at" : "") + "\n";
        if (form["or"].isString())
            out += "  " + form["or"].toString() + " have the same size and number; --read-as tries another\n";
    }
    for (const Json& warning : result["warnings"].items())
        out += "warning: " + warning.toString() + "\n";
    return out;
}

Result<Json> stats(Workspace& workspace, const Json& args, RunControl& control, const EventSink&) {
    TRILOBIT_TRY(const std::shared_ptr<const Model> model, modelFrom(workspace, args));
    const std::string pattern = args["tensor"].toString("*");
    TRILOBIT_CHECK(globCheck(pattern));
    const std::int64_t bins = args["bins"].toInt(64);
    if (bins < 1 || bins > 100'000)
        return fail(ErrorCode::Usage, "--bins is between 1 and 100000");
    Json rows = Json::array();
    double done = 0;
    for (const Tensor& tensor : model->tensors()) {
        control.progress(done, static_cast<double>(model->tensorBytes()), tensor.name);
        done += static_cast<double>(tensor.bytes.size());
        if (!globMatch(pattern, tensor.name))
            continue;
        TRILOBIT_TRY(const WeightStats stats, tensorStats(tensor, static_cast<int>(bins), control));
        Json counts = Json::array();
        for (const std::uint64_t count : stats.histogram.counts)
            counts.push(count);
        rows.push(Json::object({{"name", tensor.name},
                                {"encoding", tensor.encoding->info().id},
                                {"count", stats.count},
                                {"non_finite", stats.nonFinite},
                                {"mean", stats.mean},
                                {"std", stats.std},
                                {"min", stats.min},
                                {"max", stats.max},
                                {"absmax", stats.absmax},
                                {"absmean", stats.absmean},
                                {"kurtosis", stats.kurtosis},
                                {"outlier_fraction", stats.outlierFraction},
                                {"zero_fraction", stats.zeroFraction},
                                {"histogram", Json::object({{"low", stats.histogram.low},
                                                            {"high", stats.histogram.high},
                                                            {"counts", counts}})}}));
    }
    if (rows.items().empty())
        return fail(ErrorCode::Usage, "no tensor matches \"" + pattern + "\"");
    return Json::object({{"tensors", rows}});
}

std::string statsText(const Json& result) {
    std::vector<std::vector<std::string>> rows{{"tensor", "mean", "std", "min", "max", "kurtosis", "outliers"}};
    for (const Json& tensor : result["tensors"].items())
        rows.push_back({tensor["name"].toString(), numberText(tensor["mean"].toDouble(), 6),
                        numberText(tensor["std"].toDouble(), 6), numberText(tensor["min"].toDouble(), 4),
                        numberText(tensor["max"].toDouble(), 4), numberText(tensor["kurtosis"].toDouble(), 2),
                        numberText(tensor["outlier_fraction"].toDouble() * 100, 4) + " %"});
    return textTable(rows);
}

} // namespace

std::vector<CommandSpec> inspectVerbs() {
    return {
        {"inspect", "configuration, tensors, sizes and warnings of a model", {modelArg(), readAsArg()}, inspect, inspectText},
        {"stats",
         "weight statistics and histograms, tensor by tensor",
         {modelArg(),
          {"tensor", {"--tensor"}, ArgType::Text, false, "only tensors whose name matches this pattern", {}},
          {"bins", {"--bins"}, ArgType::Integer, false, "bins of the histogram (64)", {}}},
         stats,
         statsText},
    };
}

} // namespace trilobit
