#include "core/model/hfconfig.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace trilobit {

Result<void> wantHfActivation(const Json& config, std::initializer_list<std::string_view> allowed, std::string_view family,
                              bool mayBeAbsent) {
    const char* field = config["hidden_activation"].isString() ? "hidden_activation" : "hidden_act";
    const std::string act = config[field].toString();
    if ((act.empty() && mayBeAbsent) || std::find(allowed.begin(), allowed.end(), act) != allowed.end())
        return {};
    return Error{ErrorCode::Unsupported, "is \"" + act.substr(0, 60) + "\"; a " + std::string(family) + " model uses "
                 + std::string(*allowed.begin()) + " here", {}, field};
}

Result<double> hfPositive(const Json& config, const std::string& field, double fallback) {
    const Json& value = config[field];
    if (value.isNull() && fallback > 0)
        return fallback;
    const double number = value.toDouble(0);
    if (!std::isfinite(number) || number <= 0 || number > 1e30)
        return Error{ErrorCode::Format, value.isNull() ? std::string("is missing, but the model needs it")
                                                       : "expected a positive number, found " + value.dump().substr(0, 40),
                     {}, field};
    return number;
}

Result<std::uint32_t> hfSize(const Json& config, const std::string& field, std::int64_t fallback) {
    const Json& value = config[field];
    const std::int64_t number = value.isNull() ? fallback : value.toInt(-1);
    if (value.isNull() && fallback == 0)
        return Error{ErrorCode::Format, "is missing, but the model needs it", {}, field};
    if (number < 1 || number > std::numeric_limits<std::uint32_t>::max())
        return Error{ErrorCode::Format, "expected a positive integer, found " + value.dump().substr(0, 40), {}, field};
    return static_cast<std::uint32_t>(number);
}

Result<std::optional<std::vector<bool>>> hfSlidingLayers(const Json& config) {
    const Json& types = config["layer_types"];
    if (!types.isArray())
        return std::optional<std::vector<bool>>();
    std::vector<bool> sliding;
    for (const Json& type : types.items()) {
        const std::string& name = type.toString();
        if (name != "sliding_attention" && name != "full_attention")
            return Error{ErrorCode::Unsupported, "holds \"" + name.substr(0, 60)
                         + "\"; this program runs full_attention and sliding_attention", {}, "layer_types"};
        sliding.push_back(name == "sliding_attention");
    }
    if (static_cast<std::int64_t>(sliding.size()) != config["num_hidden_layers"].toInt(-1))
        return Error{ErrorCode::Format, "expected one entry for each of the num_hidden_layers blocks", {}, "layer_types"};
    return std::optional(std::move(sliding));
}

Json hfLayerTypes(const ModelConfig& config) {
    Json types = Json::array();
    for (const LayerTraits& layer : config.layerTraits)
        types.push(layer.sliding ? "sliding_attention" : "full_attention");
    return types;
}

void setLayerFlags(Metadata& metadata, const std::string& key, const std::vector<bool>& flags) {
    metadata.set(key, MetaValue{MetaType::Array, MetaType::Bool, std::vector<std::uint8_t>(flags.begin(), flags.end())});
}

double asWritten(double value) {
    char text[64];
    const auto [end, error] = std::to_chars(text, text + sizeof text, static_cast<float>(value));
    double out = value;
    if (error == std::errc())
        std::from_chars(text, end, out);
    return out;
}

} // namespace trilobit
