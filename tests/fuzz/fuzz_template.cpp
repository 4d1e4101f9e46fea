// Chat templates: arbitrary source over a fixed context, within tight limits; errors must say something.
#include "core/template/chattemplate.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using trilobit::Json;
    static const Json kContext = Json::object({
        {"messages", Json(Json::Array{Json::object({{"role", "user"}, {"content", "Hi é"}})})},
        {"l", Json(Json::Array{3, 1, "x"})},
        {"n", 7},
        {"now", "2025-03-14T15:09:26"},
    });
    trilobit::TemplateLimits limits;
    limits.maxSteps = 20'000;
    limits.maxOutputBytes = 1u << 16;
    const auto parsed = trilobit::ChatTemplate::parse({reinterpret_cast<const char*>(data), size});
    if (!parsed) {
        if (parsed.error().message.empty())
            std::abort();
        return 0;
    }
    const auto text = parsed->render(kContext, limits);
    if (text && text->size() > limits.maxOutputBytes)
        std::abort();
    return 0;
}
