// config.json: arbitrary text; what is accepted must be a configuration that fits itself.
#include "core/model/architecture.h"
#include "core/model/loaders.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trilobit;
    const auto json = Json::parse({reinterpret_cast<const char*>(data), size});
    if (!json || !json->isObject())
        return 0;
    const auto need = [](bool said) {
        if (!said)
            std::abort();
    };
    const auto quantization = readHfQuantization(*json);
    need(quantization || !quantization.error().message.empty());
    const Architecture* architecture = findArchitectureForHf(*json);
    if (!architecture)
        return 0;
    const auto metadata = metadataFromHf(*json, *architecture, "fuzz");
    if (!metadata) {
        need(!metadata.error().message.empty());
        return 0;
    }
    std::vector<std::string> warnings;
    auto config = readConfig(*architecture, *metadata, (*json)["vocab_size"].toInt(), warnings);
    if (!config)
        return 0;
    need(config->layerTraits.empty() || static_cast<std::int64_t>(config->layerTraits.size()) == config->layers);
    need(config->experts.used <= config->experts.count && config->heads % config->kvHeads == 0);
    if (const auto scaling = ropeScalingFromHf(*json)) {
        config->ropeScaling = *scaling;
        if (readRopeFactorsFromHf(*json, *config))
            need(config->ropeShortFactors.size() == config->ropeLongFactors.size());
    }
    return 0;
}
