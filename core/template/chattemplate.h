// ChatTemplate: renders a model's chat template with a bounded Jinja subset of our own.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace trilobit {

struct TemplateLimits {
    std::uint64_t maxSteps = 2'000'000;      ///< statements and expression nodes evaluated
    std::size_t maxOutputBytes = 16u << 20;  ///< also bounds every intermediate string
    std::uint64_t maxMemoryBytes = 16u << 20; ///< that its values hold at one time, roughly
    int maxDepth = 100;                      ///< nesting of blocks, expressions, macro calls
};

class ChatTemplate {
public:
    /// Errors: Format with line and column of what is not understood.
    static Result<ChatTemplate> parse(std::string_view source);
    ChatTemplate(ChatTemplate&&) noexcept;
    ChatTemplate& operator=(ChatTemplate&&) noexcept;
    ~ChatTemplate();

    /// `context` is an object: messages, tools, add_generation_prompt, bos_token, ..., any variable; "now" (ISO time)
    /// feeds strftime_now. Errors: Format for what the template itself raises (raise_exception) or cannot do,
    /// Unsupported when a limit is reached.
    Result<std::string> render(const Json& context, const TemplateLimits& limits = {}) const;

private:
    struct Program;
    explicit ChatTemplate(std::unique_ptr<Program> program);
    std::unique_ptr<Program> m_program;
};

} // namespace trilobit
