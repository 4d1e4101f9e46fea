#include "core/train/exporting/adapter.h"

#include "core/formats/gguf/ggufwriter.h"
#include "core/model/architecture.h"
#include "core/model/roperows.h"
#include "core/train/exporting/modelparts.h"

#include <algorithm>
#include <list>

namespace trilobit {

namespace {

constexpr int kF32 = 0;

/// Only files of the llama kind keep rotary pairs in adjacent rows while the decoder has them as halves.
bool needsRowOrder(const ModelConfig& config, const std::string& ggufName) {
    const Architecture* architecture = findArchitecture(config.architecture);
    return architecture && architecture->ggufRope == RopeKind::Interleaved && config.rope == RopeKind::SplitHalves
           && (ggufName.ends_with(".attn_q.weight") || ggufName.ends_with(".attn_k.weight"));
}

} // namespace

Result<void> writeLoraAdapter(const TrainDecoder<float>& decoder, const std::string& name, const std::string& path,
                              RunControl& control) {
    const auto alpha = decoder.scheme().adapterAlpha();
    if (!alpha)
        return fail(ErrorCode::Unsupported, "this training scheme has no adapters to write");
    const ModelConfig& config = decoder.config();
    Metadata metadata;
    metadata.set("general.architecture", MetaValue::string(config.architecture));
    metadata.set("general.type", MetaValue::string("adapter"));
    metadata.set("general.name", MetaValue::string(name));
    metadata.set("adapter.type", MetaValue::string("lora"));
    metadata.set("adapter.lora.alpha", MetaValue::f32(static_cast<float>(*alpha)));
    std::vector<GgufTensorOut> tensors;
    std::list<std::vector<float>> reordered; // stays where it is while the writer reads
    for (const LayerSlots& layer : decoder.layout().layers)
        for (const LinearSlot* slot : layer.matrices()) {
            const std::string base = ggufNameOf(config, decoder.layout().list[slot->weight].name);
            const ParameterInfo& a = decoder.layout().list[slot->extras[0]]; // [rank, in]
            const ParameterInfo& b = decoder.layout().list[slot->extras[1]]; // [out, rank]
            std::span<const float> rows = decoder.parameter(slot->extras[1]);
            if (needsRowOrder(config, base)) {
                const auto order = interleavedRowOrder(slot->out, config.headDim, config.ropeDim);
                std::vector<float>& sorted = reordered.emplace_back(rows.size());
                for (std::size_t r = 0; r < order.size(); ++r)
                    std::copy_n(rows.data() + order[r] * b.cols, b.cols, sorted.data() + static_cast<std::int64_t>(r) * b.cols);
                rows = sorted;
            }
            const std::span<const float> left = decoder.parameter(slot->extras[0]);
            tensors.push_back({base + ".lora_a", {a.cols, a.rows}, kF32, left.size_bytes(), produceBytes(std::as_bytes(left))});
            tensors.push_back({base + ".lora_b", {b.cols, b.rows}, kF32, rows.size_bytes(), produceBytes(std::as_bytes(rows))});
        }
    return writeGguf(path, metadata, tensors, control);
}

} // namespace trilobit
