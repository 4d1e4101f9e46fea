// Texts of the chat: what was measured of an answer, and the settings it was made with.
#pragma once

#include "core/base/json.h"
#include "core/chat/chatsession.h"
#include "core/commands/command.h"

#include <QString>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace trilobit {

/// One line each, without repetitions.
QString distinctLines(const std::vector<std::string>& texts);
/// "1 token", "12 tokens".
QString tokensText(std::size_t count);
/// "48 tokens · 7.3 tokens/s · first token after 0.79 s · prompt of 44 at 56 tokens/s · stopped at the token limit".
QString replySummary(const ChatReply& reply);
/// "48 words read · mean KL 0.123 nats · the same best token at 91 % · first difference at token 7".
QString readSummary(const ReadAlong& read);
/// As written into the conversation's file.
Json samplingToJson(const GenerateOptions& options);
/// The command that gives this answer again; nothing for a model that is not on disk, or when the prompt's text alone
/// does not give its tokens.
std::optional<Command> repeatingCommand(const Model& model, const ChatReply& reply, const GenerateOptions& options,
                                        ActivationPath path);

} // namespace trilobit
