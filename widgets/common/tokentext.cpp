#include "widgets/common/tokentext.h"

#include "widgets/common/format.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace trilobit {

namespace {
constexpr std::size_t kDetailCandidates = 4;
QString tr(const char* text) { return QCoreApplication::translate("trilobit", text); }
} // namespace

QString visibleText(const std::string& text) {
    QString out = qtext(text);
    out.replace(QLatin1Char('\n'), QStringLiteral("↵")).replace(QLatin1Char('\t'), QStringLiteral("⇥"));
    return QStringLiteral("“%1”").arg(out);
}

QString visibleToken(const Tokenizer& tokenizer, TokenId id) {
    return tokenizer.isEndOfGeneration(id) ? tr("[end]") : visibleText(tokenizer.pieceBytes(id, true));
}

QString percentText(double share) {
    return share > 0 && share < 1e-4 ? QStringLiteral("< 0.01") : QString::number(100 * share, 'f', 2);
}

QString candidatesText(const std::vector<CompareCandidate>& candidates, const Tokenizer& tokenizer, std::size_t limit) {
    QStringList out;
    for (std::size_t i = 0; i < std::min(limit, candidates.size()); ++i)
        out << tr("%1 %2 %").arg(visibleToken(tokenizer, candidates[i].id)).arg(100 * candidates[i].probability, 0, 'f', 0);
    return out.join(QStringLiteral(", "));
}

QString tokenDetail(const TextDiffToken& token, const Tokenizer& tokenizer, const QString& nameA, const QString& nameB) {
    const auto line = [&](const QString& name, double probability, const std::vector<CompareCandidate>& top) {
        return tr("%1 gives it %2 %. It would say: %3")
            .arg(name, percentText(probability), candidatesText(top, tokenizer, kDetailCandidates));
    };
    return QStringList{tr("%1: KL %2 nats").arg(visibleToken(tokenizer, token.id), numberText(token.kl)),
                       line(nameA, token.probabilityA, token.topA), line(nameB, token.probabilityB, token.topB)}
        .join(QLatin1Char('\n'));
}

QColor klColor(double kl, const ThemeColors& theme) {
    // The square root spreads the small values, where most tokens are.
    const double share = std::clamp(std::sqrt(std::max(kl, 0.0) / kKlStrong), 0.0, 1.0);
    const QColor end = theme.dark ? QColor("#8a4a1c") : QColor("#f6b26b");
    const auto mix = [share](int a, int b) { return static_cast<int>(std::lround(a + share * (b - a))); };
    return QColor(mix(theme.base.red(), end.red()), mix(theme.base.green(), end.green()),
                  mix(theme.base.blue(), end.blue()));
}

} // namespace trilobit
