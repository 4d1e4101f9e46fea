// The same words: one answer that the other models read along, where they would part from it, and going on from there.
#include "core/chat/divergence.h"
#include "widgets/common/format.h"
#include "widgets/common/tokentext.h"
#include "widgets/pages/chat/chatpage.h"
#include "widgets/pages/chat/chatpane.h"
#include "widgets/pages/chat/chattext.h"
#include "widgets/pages/chat/conversationkeeper.h"
#include "widgets/pages/chat/transcript.h"
#include "widgets/pages/chat/wordbar.h"

#include <algorithm>

namespace trilobit {

namespace {

std::ptrdiff_t firstParting(const std::vector<TextDiffToken>& words) {
    const auto found = std::find_if(words.begin(), words.end(), [](const TextDiffToken& word) { return !word.agree(); });
    return found == words.end() ? -1 : found - words.begin();
}

/// What the reader would have said in the word's place, as it stands in its pane.
QString ownText(const TextDiffToken& word, const Tokenizer& tokenizer) {
    if (word.agree() && !tokenizer.isEndOfGeneration(word.id))
        return qtext(word.text);
    const TokenId id = word.agree() ? word.id : word.topB.front().id;
    if (tokenizer.isEndOfGeneration(id))
        return visibleToken(tokenizer, id);
    QString text = qtext(tokenizer.pieceBytes(id, true));
    return text.replace(QLatin1Char('\n'), QStringLiteral("↵"));
}

} // namespace

ChatPage::Side* ChatPage::reader() const {
    if (!m_lockStep)
        return nullptr;
    const auto reads = [](const auto& side) { return side->reads && side->tookPart; };
    if (reads(m_sides[1]))
        return m_sides[1].get();
    const auto found = std::find_if(m_sides.begin(), m_sides.end(), reads);
    return found == m_sides.end() ? nullptr : found->get();
}

// ---- reading

void ChatPage::takeWords(Side& side, const std::vector<TextDiffToken>& words) {
    const Tokenizer& tokenizer = *side.runner->model()->tokenizer();
    QStringList texts;
    for (const TextDiffToken& word : words)
        texts << ownText(word, tokenizer);
    const bool known = firstParting(side.words) >= 0;
    side.words.insert(side.words.end(), words.begin(), words.end());
    side.pane->transcript().addWords(words); // the colours first, so that the text comes with them
    side.pane->transcript().addTokens(texts);
    if (&side == reader())
        original().pane->transcript().addWords(words);
    side.pane->setStatus(tr("reading along… %1").arg(tokensText(side.words.size())));
    if (!known)
        updateWordBar();
}

void ChatPage::takeRead(Side& side, const ReadAlong& read) {
    side.read = read;
    side.pane->transcript().endAnswer(readSummary(read));
    finishSide(side);
}

void ChatPage::settleReaders() {
    for (const auto& side : m_sides) {
        if (!side->reads || !side->read || !side->tookPart || side->given)
            continue;
        const std::string id = side->pane->id().toStdString();
        if (!original().given) { // nothing was written, so nothing was read
            if (!side->messages.empty() && side->messages.back().role == "user")
                side->messages.pop_back();
            m_keeper->append(Json::object({{"event", "failed"}, {"pane", id}, {"text", "the original gave no answer"}}));
            continue;
        }
        side->messages.push_back({"assistant", original().messages.back().text});
        side->given = original().given;
        m_keeper->append(Json::object({{"event", "answer"},
                                       {"pane", id},
                                       {"text", side->messages.back().text},
                                       {"words_of", original().pane->id().toStdString()},
                                       {"read_words", side->read->words},
                                       {"mean_kl", side->read->meanKl},
                                       {"agreement", side->read->agreement},
                                       {"first_divergence", side->read->firstDivergence},
                                       {"weights", side->hash.toStdString()},
                                       {"path", side->runner->facts() ? side->runner->facts()->path.toStdString() : ""}}));
    }
}

QString ChatPage::wordText(const Side& side, const TextDiffToken& word) const {
    const Side* other = &side == m_sides.front().get() ? reader() : &side;
    const auto& model = original().runner->model();
    return model && model->tokenizer()
               ? tokenDetail(word, *model->tokenizer(), original().pane->name(), other ? other->pane->name() : tr("The other model"))
               : QString();
}

// ---- the bar below the panes

std::ptrdiff_t ChatPage::readFork() const {
    const Side* with = reader();
    if (!with)
        return -1;
    std::ptrdiff_t chosen = -1;
    for (const Side* side : {static_cast<const Side*>(m_sides.front().get()), with}) { // the pane that a person is in, else whichever has such a caret
        const Transcript& view = side->pane->transcript();
        const int at = view.currentToken();
        if (at >= 0 && static_cast<std::size_t>(at) < with->words.size() && !with->words[static_cast<std::size_t>(at)].agree()
            && (chosen < 0 || view.hasFocus()))
            chosen = at;
    }
    return chosen >= 0 ? chosen : firstParting(with->words);
}

std::vector<ChatPage::Fork> ChatPage::forks() const {
    const auto& first = m_sides.front();
    if (!first->tookPart || !first->given)
        return {};
    const Tokenizer& tokenizer = *first->runner->model()->tokenizer();
    std::vector<Fork> out;
    // An end cannot be gone on from.
    const auto add = [&](const std::shared_ptr<Side>& side, std::size_t at, TokenId token, const QString& other) {
        if (!tokenizer.isEndOfGeneration(token))
            out.push_back({side, at, token, other});
    };
    if (m_lockStep) {
        const Side* with = reader();
        const std::ptrdiff_t at = readFork();
        if (with && at >= 0 && static_cast<std::size_t>(at) <= first->ids.size())
            add(first, static_cast<std::size_t>(at), with->words[static_cast<std::size_t>(at)].topB.front().id, with->pane->name());
        return out;
    }
    if (m_options.sampler.temperature > 0)
        return out;
    const auto parts = [&](const std::shared_ptr<Side>& side) {
        return side != first && side->tookPart && side->given && sameVocabulary(*side)
               && firstDifference(first->ids, first->ended, side->ids, side->ended);
    };
    const auto found = parts(m_sides[1]) ? m_sides.begin() + 1 : std::find_if(m_sides.begin(), m_sides.end(), parts);
    if (found == m_sides.end())
        return out;
    const std::shared_ptr<Side>& other = *found;
    const std::size_t at = *firstDifference(first->ids, first->ended, other->ids, other->ended);
    if (at < other->ids.size())
        add(first, at, other->ids[at], other->pane->name());
    if (at < first->ids.size())
        add(other, at, first->ids[at], first->pane->name());
    return out;
}

void ChatPage::updateWordBar() {
    std::vector<WordBar::Way> ways;
    for (const Fork& fork : forks())
        ways.push_back({tr("%1: go on with %2").arg(fork.side->pane->name(), visibleToken(*original().runner->model()->tokenizer(), fork.token)),
                        m_lockStep ? tr("The original says what %1 would have said here, and goes on from there; the others read along.").arg(fork.other)
                                   : tr("%1 says what %2 said at the first difference, and goes on from there.").arg(fork.side->pane->name(), fork.other)});
    m_words->setWays(ways, !isAnswering());
    const Side* with = reader();
    m_words->setCanShowFirst(with && firstParting(with->words) >= 0);
    if (!m_lockStep)
        return;
    QString detail;
    for (const auto& side : m_sides) // the pane that a person is in, else whichever has a word at its caret
        if (const QString text = side->pane->transcript().describeAt(side->pane->transcript().textCursor().selectionStart());
            !text.isEmpty() && (detail.isEmpty() || side->pane->transcript().hasFocus()))
            detail = text;
    m_words->setDetail(detail);
    if (!original().tookPart)
        return;
    QStringList parts;
    for (const auto& side : m_sides) {
        if (!side->reads || !side->tookPart || side->words.empty())
            continue;
        const std::ptrdiff_t first = firstParting(side->words);
        parts << (first == 0  ? tr("%1 would have begun with another word").arg(side->pane->name())
                  : first > 0 ? tr("%1 would have said the same for %2, then something else").arg(side->pane->name(), tokensText(static_cast<std::size_t>(first)))
                  : isAnswering() ? tr("%1 would have said the same so far").arg(side->pane->name())
                                  : tr("%1 would have said the same").arg(side->pane->name()));
    }
    if (!with)
        parts << tr("Nobody reads along: that takes a second model with the same vocabulary. Quantize this one, or add one.");
    showDifference(parts.join(QStringLiteral(" · ")));
}

void ChatPage::showFirstDifference() {
    const Side* with = reader();
    const std::ptrdiff_t first = with ? firstParting(with->words) : -1;
    if (first < 0)
        return;
    original().pane->transcript().setCurrentToken(static_cast<int>(first));
    with->pane->transcript().setCurrentToken(static_cast<int>(first));
    updateWordBar();
}

void ChatPage::goOn(int way) {
    const std::vector<Fork> all = forks();
    if (isAnswering() || way < 0 || static_cast<std::size_t>(way) >= all.size())
        return;
    const Fork& fork = all[static_cast<std::size_t>(way)];
    std::vector<TokenId> forced(fork.side->ids.begin(), fork.side->ids.begin() + static_cast<std::ptrdiff_t>(fork.at));
    forced.push_back(fork.token);
    Sides sides{fork.side};
    if (m_lockStep) {
        sides.clear();
        std::copy_if(m_sides.begin(), m_sides.end(), std::back_inserter(sides), [](const auto& side) { return side->tookPart; });
    }
    if (const QString prompt = takeBack(sides); !prompt.isEmpty())
        startTurn(prompt, sides, forced);
}

} // namespace trilobit
