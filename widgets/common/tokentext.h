// Words of models for people: tokens that can be seen, what two models make of one, the colour of how far they are apart.
#pragma once

#include "core/eval/textdiff.h"
#include "widgets/common/theme.h"

#include <QString>

#include <cstddef>
#include <string>

namespace trilobit {

/// In quotes, with line breaks and tabs that can be seen.
QString visibleText(const std::string& text);
/// The same of a token; a token that ends answers is "[end]", without quotes.
QString visibleToken(const Tokenizer& tokenizer, TokenId id);
/// "12.34", "< 0.01": a share in percent, without the sign.
QString percentText(double share);
/// "“ river” 62 %, “ lake” 12 %": the first `limit`, best first.
QString candidatesText(const std::vector<CompareCandidate>& candidates, const Tokenizer& tokenizer, std::size_t limit);
/// Everything known of one token, a line each: what it is and its KL, the probability each model gives it, what each would
/// say. `nameA` and `nameB` head the lines of the two.
QString tokenDetail(const TextDiffToken& token, const Tokenizer& tokenizer, const QString& nameA, const QString& nameB);

/// Behind a token, for `kl` nats. One hue that only gets stronger, so that it reads the same for every eye.
QColor klColor(double kl, const ThemeColors& theme);
/// From here on klColor is full.
inline constexpr double kKlStrong = 2;

} // namespace trilobit
