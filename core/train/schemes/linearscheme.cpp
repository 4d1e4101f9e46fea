// The list of schemes: adding one is a folder and a line here.
#include "core/train/schemes/linearscheme.h"

#include "core/train/schemes/b1/b1.h"
#include "core/train/schemes/bitnet/bitnet.h"
#include "core/train/schemes/dlt/dlt.h"
#include "core/train/schemes/lora/lora.h"
#include "core/train/schemes/lrqat/lrqat.h"
#include "core/train/schemes/lsq/lsq.h"

#include <algorithm>

namespace trilobit {

namespace {

Result<std::int64_t> integerIn(const Json& settings, std::string_view key, std::int64_t fallback, std::int64_t low,
                               std::int64_t high) {
    const Json* value = settings.find(key);
    if (!value)
        return fallback;
    if (!value->isInteger() || value->toInt() < low || value->toInt() > high) {
        Error error = fail(ErrorCode::Usage, "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
        error.field = std::string(key);
        return error;
    }
    return value->toInt();
}

Result<void> onlyKeys(std::string_view name, const Json& settings, std::initializer_list<std::string_view> keys) {
    for (const auto& [key, value] : settings.members())
        if (std::find(keys.begin(), keys.end(), key) == keys.end())
            return fail(ErrorCode::Usage, "the scheme \"" + std::string(name) + "\" has no setting \"" + key + "\"");
    return {};
}

} // namespace

template <class Real>
Result<std::shared_ptr<const LinearScheme<Real>>> makeLinearScheme(std::string_view name, const Json& settings) {
    using Made = std::shared_ptr<const LinearScheme<Real>>;
    if (name == "plain") {
        TRILOBIT_CHECK(onlyKeys(name, settings, {}));
        return Made(std::make_shared<LinearScheme<Real>>());
    }
    if (name == "bitnet" || name == "b1") {
        TRILOBIT_CHECK(onlyKeys(name, settings, {"activations"}));
        const bool activations = settings["activations"].toBool(true);
        if (name == "bitnet")
            return Made(std::make_shared<BitNetScheme<Real>>(activations));
        return Made(std::make_shared<B1Scheme<Real>>(activations));
    }
    if (name == "dlt") {
        TRILOBIT_CHECK(onlyKeys(name, settings, {"group", "centred"}));
        TRILOBIT_TRY(const std::int64_t group, integerIn(settings, "group", 32, 1, 65536));
        return Made(std::make_shared<DltScheme<Real>>(group, settings["centred"].toBool()));
    }
    if (name == "lsq") {
        TRILOBIT_CHECK(onlyKeys(name, settings, {"bits", "group", "gradient_scale"}));
        TRILOBIT_TRY(const std::int64_t bits, integerIn(settings, "bits", 4, 2, 8));
        TRILOBIT_TRY(const std::int64_t group, integerIn(settings, "group", 0, 0, 65536));
        return Made(std::make_shared<LsqScheme<Real>>(static_cast<int>(bits), group, settings["gradient_scale"].toBool(true)));
    }
    if (name == "lrqat" || name == "lora") {
        TRILOBIT_CHECK(name == "lora" ? onlyKeys(name, settings, {"rank", "alpha"})
                                      : onlyKeys(name, settings, {"bits", "rank", "alpha"}));
        TRILOBIT_TRY(const std::int64_t rank, integerIn(settings, "rank", name == "lora" ? 8 : 32, 1, 4096));
        const double alpha = settings["alpha"].toDouble(name == "lora" ? static_cast<double>(2 * rank) : 1.0);
        if (!(alpha > 0 && alpha < 1e6))
            return fail(ErrorCode::Usage, "alpha must be above 0");
        if (name == "lora")
            return Made(std::make_shared<LoraScheme<Real>>(rank, alpha));
        TRILOBIT_TRY(const std::int64_t bits, integerIn(settings, "bits", 4, 2, 8));
        return Made(std::make_shared<LrQatScheme<Real>>(static_cast<int>(bits), rank, alpha));
    }
    return fail(ErrorCode::Usage, "there is no training scheme \"" + std::string(name)
                                      + "\"; there are plain, bitnet, b1, dlt, lsq, lrqat and lora");
}

template Result<std::shared_ptr<const LinearScheme<float>>> makeLinearScheme(std::string_view, const Json&);
template Result<std::shared_ptr<const LinearScheme<double>>> makeLinearScheme(std::string_view, const Json&);

} // namespace trilobit
