// Parameters: all trained tensors of a decoder in one array, by their Hugging Face names.
#pragma once

#include "core/base/alignedbuffer.h"
#include "core/base/result.h"
#include "core/base/rng.h"
#include "core/model/modelconfig.h"
#include "core/train/schemes/linearscheme.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

struct ParameterInfo {
    std::string name;
    std::int64_t rows = 0, cols = 0; ///< 1-D tensors: rows 1
    bool decays = false;             ///< weight decay applies: matrices of the model, not norms, scales or adapters
    bool trained = true;
    std::size_t offset = 0;
    std::size_t count() const { return static_cast<std::size_t>(rows * cols); }
};

/// A matrix used in a product: its parameter, its scheme's extras, and what the scheme makes of it.
struct LinearSlot {
    std::size_t weight = 0;              ///< index into the parameter list
    std::vector<std::size_t> extras;
    std::int64_t out = 0, in = 0;
    bool quantized = false;              ///< runs through the scheme; otherwise plain
};

struct LayerSlots {
    std::size_t attnNorm = 0, ffnNorm = 0, attnSubNorm = 0, ffnSubNorm = 0; ///< sub-norms only when the config has them
    LinearSlot q, k, v, o, gate, up, down;

    std::array<const LinearSlot*, 7> matrices() const { return {&q, &k, &v, &o, &gate, &up, &down}; }
};

/// Which tensors a config and scheme need, in file order. Not the values.
struct ParameterLayout {
    std::vector<ParameterInfo> list;
    std::vector<LayerSlots> layers;
    std::size_t embedding = 0, finalNorm = 0;
    LinearSlot output;                   ///< weight == embedding when tied
    std::size_t total = 0;               ///< values in all

    const ParameterInfo* find(std::string_view name) const;
};

/// Shapes follow `config`; extras follow `scheme` (see LinearScheme::extras).
template <class Real>
ParameterLayout makeLayout(const ModelConfig& config, const LinearScheme<Real>& scheme);

} // namespace trilobit
