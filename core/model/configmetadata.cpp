#include "core/model/configmetadata.h"

#include <string>

namespace trilobit {

Metadata metadataFromConfig(const ModelConfig& c) {
    Metadata m;
    const auto u32 = [](std::int64_t v) { return MetaValue::u32(static_cast<std::uint32_t>(v)); };
    const std::string prefix = c.architecture + ".";
    m.set("general.architecture", MetaValue::string(c.architecture));
    m.set("general.type", MetaValue::string("model"));
    m.set("general.name", MetaValue::string(c.name));
    m.set(prefix + "block_count", u32(c.layers));
    m.set(prefix + "context_length", u32(c.contextLength));
    m.set(prefix + "embedding_length", u32(c.hiddenSize));
    m.set(prefix + "feed_forward_length", u32(c.ffnSize));
    m.set(prefix + "attention.head_count", u32(c.heads));
    m.set(prefix + "attention.head_count_kv", u32(c.kvHeads));
    m.set(prefix + "attention.key_length", u32(c.headDim));
    m.set(prefix + "attention.value_length", u32(c.headDim));
    m.set(prefix + "rope.freq_base", MetaValue::f32(static_cast<float>(c.ropeBase)));
    m.set(prefix + "rope.dimension_count", u32(c.ropeDim));
    m.set(prefix + "attention.layer_norm_rms_epsilon", MetaValue::f32(static_cast<float>(c.rmsEps)));
    m.set(prefix + "vocab_size", u32(c.vocabSize));
    return m;
}

} // namespace trilobit
