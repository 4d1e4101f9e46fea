#include "core/model/architecture.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <unordered_set>

namespace trilobit {

const Architecture* findArchitecture(std::string_view ggufName) {
    for (const Architecture& a : architectures())
        if (std::find(a.names.begin(), a.names.end(), ggufName) != a.names.end())
            return &a;
    return nullptr;
}

const Architecture* findArchitectureForHf(const Json& hfConfig) {
    for (const Architecture& a : architectures())
        for (const Json& name : hfConfig["architectures"].items())
            if (!a.hfClass.empty() && name.toString() == a.hfClass)
                return &a;
    const std::string& type = hfConfig["model_type"].toString();
    for (const Architecture& a : architectures())
        if (std::find(a.hfModelTypes.begin(), a.hfModelTypes.end(), type) != a.hfModelTypes.end())
            return &a;
    return nullptr;
}

std::int64_t extentOf(Extent extent, const ModelConfig& config) noexcept {
    switch (extent) {
    case Extent::One: return 1;
    case Extent::Hidden: return config.hiddenSize;
    case Extent::Ffn: return config.ffnSize;
    case Extent::Vocab: return config.vocabSize;
    case Extent::Queries: return config.heads * config.headDim;
    case Extent::KeyValues: return config.kvHeads * config.headDim;
    case Extent::HalfRope: return config.ropeDim / 2;
    case Extent::HeadDim: return config.headDim;
    case Extent::Qkv: return (config.heads + 2 * config.kvHeads) * config.headDim;
    case Extent::TwoFfn: return 2 * config.ffnSize;
    case Extent::ExpertFfn: return config.experts.ffnSize;
    case Extent::ExpertCount: return config.experts.count;
    }
    return 1;
}

std::optional<TensorMatch> matchTensor(const Architecture& architecture, std::string_view name, Naming naming) {
    // The first part between dots that is a plain number is the block's, the second the expert's.
    if (name.find('%') != std::string_view::npos)
        return std::nullopt;
    int numbers[2] = {-1, -1};
    int found = 0;
    std::string pattern;
    for (std::size_t begin = 0; begin <= name.size();) {
        const std::size_t end = std::min(name.find('.', begin), name.size());
        const std::string_view part = name.substr(begin, end - begin);
        int number = 0;
        const auto parsed = std::from_chars(part.data(), part.data() + part.size(), number);
        const bool plain = !part.empty() && part.front() >= '0' && part.front() <= '9'
                           && (part.size() == 1 || part.front() != '0');
        const bool isNumber = plain && parsed.ec == std::errc() && parsed.ptr == part.data() + part.size();
        if (begin > 0)
            pattern += '.';
        if (isNumber && found < 2) {
            numbers[found++] = number;
            pattern += '%';
        } else {
            pattern += part;
        }
        begin = end + 1;
    }
    for (const TensorSpec& spec : architecture.tensors) {
        const std::string_view wanted = naming == Naming::Gguf ? spec.name : spec.hfName;
        if (!wanted.empty() && wanted == pattern)
            return TensorMatch{&spec, numbers[0], numbers[1]};
    }
    return std::nullopt;
}

std::string tensorName(std::string_view pattern, int layer, int expert) {
    std::string out;
    bool first = true;
    for (const char c : pattern) {
        if (c == '%') {
            out += std::to_string(first ? layer : expert);
            first = false;
        } else {
            out += c;
        }
    }
    return out;
}

namespace {

std::string shapeText(std::span<const std::int64_t> ne) {
    std::string text;
    for (const std::int64_t n : ne)
        text += (text.empty() ? "" : " x ") + std::to_string(n);
    return text.empty() ? "one number" : text;
}

} // namespace

Result<Tensor> placeTensor(const TensorMatch& match, std::string_view sourceName, std::span<const std::int64_t> ne,
                           const ModelConfig& config) {
    const TensorSpec& spec = *match.spec;
    Tensor tensor;
    tensor.name = tensorName(spec.name, match.layer, match.expert);
    tensor.sourceName = sourceName;
    tensor.role = spec.role;
    tensor.layer = match.layer;
    tensor.expert = match.expert;
    tensor.rows = extentOf(spec.rows, config);
    tensor.cols = extentOf(spec.cols, config);
    tensor.stack = extentOf(spec.stack, config);
    tensor.dimensions = spec.rows == Extent::One ? 1 : 2;
    if (match.expert >= config.experts.count && spec.perExpert())
        return Error{ErrorCode::Format, "belongs to expert " + std::to_string(match.expert) + ", expected one of the "
                     + std::to_string(config.experts.count) + " of the model", {}, std::string(sourceName)};
    if (match.layer >= config.layers)
        return Error{ErrorCode::Format, "belongs to block " + std::to_string(match.layer) + ", expected one of the "
                     + std::to_string(config.layers) + " of the model", {}, std::string(sourceName)};
    std::vector<std::int64_t> expected{tensor.cols};
    if (tensor.dimensions == 2)
        expected.push_back(tensor.rows);
    if (spec.stack != Extent::One)
        expected.push_back(tensor.stack);
    // Trailing dimensions of one say nothing.
    std::size_t count = ne.size();
    while (count > 1 && ne[count - 1] == 1)
        --count;
    std::size_t needed = expected.size();
    while (needed > 1 && expected[needed - 1] == 1)
        --needed;
    if (!std::equal(ne.begin(), ne.begin() + static_cast<std::ptrdiff_t>(count), expected.begin(),
                    expected.begin() + static_cast<std::ptrdiff_t>(needed)))
        return Error{ErrorCode::Format, "has the shape " + shapeText(ne) + " (input features first), expected "
                     + shapeText(expected), {}, std::string(sourceName)};
    tensor.rows *= tensor.stack;
    return tensor;
}

namespace {

const Tensor* findByName(const std::vector<Tensor>& tensors, std::string_view name) {
    const auto it = std::find_if(tensors.begin(), tensors.end(), [&](const Tensor& t) { return t.name == name; });
    return it == tensors.end() ? nullptr : &*it;
}

Result<void> readRopeFactors(const std::vector<Tensor>& tensors, std::string_view name, std::vector<float>& out) {
    const Tensor* factors = findByName(tensors, name);
    if (!factors)
        return {};
    RunControl control;
    TRILOBIT_TRY(out, decodeTensor(*factors, control));
    for (const float f : out)
        if (!(f > 0.0f) || f > 1e30f)
            return Error{ErrorCode::Format, "holds a factor that is no such number, expected positive ones", {}, factors->name};
    return {};
}

/// How many tensors of each name pattern there are.
std::map<std::string_view, std::int64_t> countByPattern(const Architecture& architecture,
                                                        const std::vector<Tensor>& tensors) {
    std::map<std::string_view, std::int64_t> counts;
    for (const Tensor& tensor : tensors)
        if (const auto match = matchTensor(architecture, tensor.name, Naming::Gguf))
            ++counts[match->spec->name];
    return counts;
}

/// The first tensor of the pattern that is not there; there is one.
std::string firstMissing(const TensorSpec& spec, const std::unordered_set<std::string_view>& names,
                         const ModelConfig& config) {
    const auto experts = static_cast<int>(spec.perExpert() ? config.experts.count : 1);
    for (int layer = 0; layer < config.layers; ++layer)
        for (int expert = 0; expert < experts; ++expert)
            if (const std::string name = tensorName(spec.name, layer, expert); !names.contains(name))
                return name;
    return std::string(spec.name);
}

Result<void> checkEither(const Architecture& architecture, std::map<std::string_view, std::int64_t>& counts,
                         const ModelConfig& config) {
    std::map<TensorRole, std::vector<std::string_view>> choices;
    std::map<TensorRole, int> chosen;
    for (const TensorSpec& spec : architecture.tensors) {
        if (spec.need != Need::Either || spec.name.empty())
            continue;
        auto& names = choices[spec.role];
        if (std::find(names.begin(), names.end(), spec.name) != names.end())
            continue;
        names.push_back(spec.name);
        chosen[spec.role] += counts[spec.name] > 0;
    }
    for (const auto& [role, names] : choices)
        if (chosen[role] != 1)
            return Error{ErrorCode::Format, chosen[role] == 0 ? "is missing, but the architecture " + config.architecture
                         + " needs it" : "is there in two forms, expected one", {}, std::string(names.front())};
    return {};
}

} // namespace

Result<void> completeConfig(const Architecture& architecture, const std::vector<Tensor>& tensors, ModelConfig& config) {
    std::unordered_set<std::string_view> names;
    for (const Tensor& tensor : tensors)
        if (!names.insert(tensor.name).second)
            return Error{ErrorCode::Format, "is in the model twice, expected once", {}, tensor.name};
    auto counts = countByPattern(architecture, tensors);
    for (const TensorSpec& spec : architecture.tensors) {
        if (spec.name.empty() || spec.need == Need::Ignored)
            continue;
        const std::int64_t wanted = (spec.perBlock() ? config.layers : 1) * (spec.perExpert() ? config.experts.count : 1);
        const std::int64_t found = counts[spec.name];
        if (found == wanted || (found == 0 && spec.need != Need::Required))
            continue;
        const std::string missing = firstMissing(spec, names, config);
        if (spec.need == Need::Optional)
            return Error{ErrorCode::Format, "is missing, but " + std::to_string(found) + " of " + std::to_string(wanted)
                         + " such tensors are there; expected all or none", {}, missing};
        return Error{ErrorCode::Format, "is missing, but the architecture " + config.architecture + " needs it", {},
                     missing};
    }
    TRILOBIT_CHECK(checkEither(architecture, counts, config));
    int biases = 0;
    for (const char* name : {"blk.%.attn_q.bias", "blk.%.attn_k.bias", "blk.%.attn_v.bias"})
        biases += counts[name] > 0;
    if (biases != 0 && biases != 3)
        return Error{ErrorCode::Format, "expected biases for q, k and v or for none of them", {}, "blk.%.attn_q.bias"};
    config.qkvBias = biases == 3;
    config.tiedOutput = !names.contains("output.weight");
    TRILOBIT_CHECK(readRopeFactors(tensors, "rope_freqs.weight", config.ropeFreqFactors));
    TRILOBIT_CHECK(readRopeFactors(tensors, "rope_factors_short.weight", config.ropeShortFactors));
    TRILOBIT_CHECK(readRopeFactors(tensors, "rope_factors_long.weight", config.ropeLongFactors));
    if (config.ropeShortFactors.size() != config.ropeLongFactors.size())
        return Error{ErrorCode::Format, "there are factors for short and none for long texts or the reverse, expected both or none", {},
                     "rope_factors_long.weight"};
    if (!config.ropeShortFactors.empty())
        config.ropeScaling.kind = RopeScaling::Kind::Longrope;
    else if (config.ropeScaling.kind == RopeScaling::Kind::Longrope)
        return Error{ErrorCode::Format, "is missing, but the rotary scaling \"longrope\" needs it", {},
                     "rope_factors_long.weight"};
    return {};
}

} // namespace trilobit
