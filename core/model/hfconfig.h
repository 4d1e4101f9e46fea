// Reading config.json fields that several architectures share.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/formats/metadata.h"
#include "core/model/modelconfig.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

/// `hidden_activation` or `hidden_act` must be one of `allowed` (or absent when `mayBeAbsent`). Errors: Unsupported.
Result<void> wantHfActivation(const Json& config, std::initializer_list<std::string_view> allowed, std::string_view family,
                              bool mayBeAbsent = true);
/// A positive number; `fallback` when the field is absent or null (an error when that is 0). Errors: Format.
Result<double> hfPositive(const Json& config, const std::string& field, double fallback);
/// A positive integer; `fallback` as above. Errors: Format.
Result<std::uint32_t> hfSize(const Json& config, const std::string& field, std::int64_t fallback = 0);
/// From "layer_types": true where a block has a sliding window; none when the field is absent. Errors: Format when the count
/// is another one than num_hidden_layers; Unsupported for other kinds of blocks.
Result<std::optional<std::vector<bool>>> hfSlidingLayers(const Json& config);
/// The same the other way: one entry of "layer_types" per block.
Json hfLayerTypes(const ModelConfig& config);
/// Sets `key` to one 0 or 1 per block.
void setLayerFlags(Metadata& metadata, const std::string& key, const std::vector<bool>& flags);
/// Numbers that were kept as float32, as a person wrote them: 1e-05, not 9.99999974e-06.
double asWritten(double value);

} // namespace trilobit
