// Recipes: arbitrary text; what is accepted must survive being written and read again.
#include "core/base/json.h"
#include "core/quant/recipe.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trilobit;
    const auto json = Json::parse({reinterpret_cast<const char*>(data), size});
    if (!json)
        return 0;
    const auto recipe = Recipe::fromJson(*json);
    if (!recipe) {
        if (recipe.error().message.empty())
            std::abort();
        return 0;
    }
    const auto again = Recipe::fromJson(recipe->toJson());
    if (!again || again->toJson().dump() != recipe->toJson().dump())
        std::abort();
    return 0;
}
