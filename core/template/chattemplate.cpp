#include "core/template/chattemplate.h"

#include "core/template/interpreter.h"
#include "core/template/parser.h"

namespace trilobit {

struct ChatTemplate::Program {
    tmpl::Block block;
};

ChatTemplate::ChatTemplate(std::unique_ptr<Program> program) : m_program(std::move(program)) {}
ChatTemplate::ChatTemplate(ChatTemplate&&) noexcept = default;
ChatTemplate& ChatTemplate::operator=(ChatTemplate&&) noexcept = default;
ChatTemplate::~ChatTemplate() = default;

Result<ChatTemplate> ChatTemplate::parse(std::string_view source) {
    TRILOBIT_TRY(tmpl::Block block, tmpl::parseTemplate(source));
    return ChatTemplate(std::make_unique<Program>(Program{std::move(block)}));
}

Result<std::string> ChatTemplate::render(const Json& context, const TemplateLimits& limits) const {
    return tmpl::Interpreter(context, limits).render(m_program->block);
}

} // namespace trilobit
