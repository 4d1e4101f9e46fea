#include "core/train/trainer/trainestimate.h"

#include "core/train/exporting/modelparts.h"
#include "core/train/graph/parameters.h"

#include <algorithm>
#include <map>

namespace trilobit {

namespace {

constexpr std::uint64_t kFloat = sizeof(float);

/// A scheme's grid depends on the length of a row, not on its values: one row is asked.
std::optional<SchemeGrid> gridOfRow(const LinearScheme<float>& scheme, std::int64_t in) {
    Rng rng(1);
    std::vector<float> row(static_cast<std::size_t>(in));
    for (float& w : row)
        w = static_cast<float>(rng.normal() * 0.02);
    std::vector<std::vector<float>> values;
    for (const SchemeExtra& extra : scheme.extras(1, in))
        values.emplace_back(static_cast<std::size_t>(extra.rows * extra.cols));
    std::vector<float*> extras;
    std::vector<const float*> read;
    for (std::vector<float>& value : values) {
        extras.push_back(value.data());
        read.push_back(value.data());
    }
    scheme.initialize(1, in, row.data(), extras.data(), rng);
    return scheme.grid(1, in, row.data(), read.data(), 1);
}

/// The buffers of TrainDecoder, in values.
std::uint64_t activationValues(const ModelConfig& c, bool changesInput, std::int64_t rows) {
    const std::int64_t hidden = c.hiddenSize, wide = c.heads * c.headDim, kv = c.kvHeads * c.headDim, ffn = c.ffnSize;
    const std::int64_t perLayer = 4 * hidden + 2 * wide + 2 * kv + 3 * ffn + 4 + (c.subNorms ? wide + ffn + 4 : 0);
    const std::int64_t once = hidden /* last residual */ + hidden + 2 + c.vocabSize + 1 + 3 * hidden
                              + 3 * std::max(wide, ffn) + wide + 2 * kv
                              + (changesInput ? std::max({hidden, wide, ffn}) : 0);
    return static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(c.layers * perLayer + once);
}

} // namespace

Result<TrainEstimate> estimateTraining(const TrainPlan& plan, const ModelConfig& config, const EncodingRegistry& encodings) {
    TRILOBIT_TRY(const auto scheme, makeLinearScheme<float>(plan.scheme, plan.schemeSettings));
    TRILOBIT_TRY(const auto floats, encodings.find(plan.floatEncoding));
    TRILOBIT_TRY(const auto half, encodings.find("F16"));
    const ParameterLayout layout = makeLayout(config, *scheme);
    std::vector<const LinearSlot*> slots(layout.list.size(), nullptr);
    std::vector<bool> extra(layout.list.size(), false);
    std::int64_t largest = 0;
    for (const LayerSlots& layer : layout.layers)
        for (const LinearSlot* slot : layer.matrices()) {
            slots[slot->weight] = slot;
            largest = std::max(largest, slot->out * slot->in);
            for (const std::size_t index : slot->extras)
                extra[index] = true;
        }
    TrainEstimate e;
    std::map<std::int64_t, std::optional<SchemeGrid>> grids;
    std::map<std::string, std::uint64_t> shares;
    std::uint64_t trained = 0;
    for (std::size_t i = 0; i < layout.list.size(); ++i) {
        const ParameterInfo& info = layout.list[i];
        trained += info.trained ? info.count() : 0;
        if (extra[i])
            continue;
        e.parameters += info.count();
        if (info.rows == 1 && !info.decays) { // norms stay F32
            e.floatBytes += kFloat * info.count();
            e.resultBytes += kFloat * info.count();
            continue;
        }
        TRILOBIT_TRY(const std::uint64_t asHalf, half->sizeBytes(info.rows, info.cols));
        TRILOBIT_TRY(std::uint64_t size, floats->sizeBytes(info.rows, info.cols));
        e.floatBytes += asHalf;
        if (slots[i]) {
            std::string id = plan.floatEncoding;
            if (scheme->changesWeight()) {
                if (!grids.contains(info.cols))
                    grids[info.cols] = gridOfRow(*scheme, info.cols);
                if (const auto& grid = grids[info.cols]) {
                    Result<std::uint64_t> stored = fail(ErrorCode::Unsupported, "no encoding stores the codes of this scheme");
                    for (const std::string& wish : encodingWishes(*grid, info.cols, plan.ternaryEncoding)) {
                        const auto encoding = encodings.find(wish);
                        stored = encoding ? (*encoding)->sizeBytes(info.rows, info.cols) : Result<std::uint64_t>(encoding.error());
                        id = wish;
                        if (stored)
                            break;
                    }
                    if (!stored)
                        return located(std::move(stored).error(), {}, ggufNameOf(config, info.name));
                    size = *stored;
                }
            }
            shares[id] += info.count();
        }
        e.resultBytes += size;
    }
    for (const auto& [id, count] : shares)
        if (e.resultEncoding.empty() || count > shares[e.resultEncoding])
            e.resultEncoding = id;
    const std::int64_t rows = plan.batch * plan.time;
    const std::uint64_t activations = activationValues(config, scheme->changesInput(), rows);
    std::uint64_t values = 2 * layout.total + 2 * trained + activations;
    if (scheme->changesWeight())
        values += layout.total + static_cast<std::uint64_t>(largest);
    if (plan.distill.active()) // a decoder of its own, and gradients apart from the logits
        values += 2 * e.parameters + activations + static_cast<std::uint64_t>(rows * config.vocabSize);
    e.memoryBytes = values * kFloat;
    e.tokensPerStep = static_cast<std::uint64_t>(rows);
    return e;
}

} // namespace trilobit
