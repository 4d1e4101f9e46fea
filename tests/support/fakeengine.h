// FakeEngine: an Engine whose logits are a given function of the token, for tests of everything that stands on engines.
#pragma once

#include "core/engine/engine.h"

#include <functional>

namespace trilobit::test {

/// Tokens are the characters 'a' + id; no special tokens.
class LetterTokenizer : public Tokenizer {
public:
    explicit LetterTokenizer(int count) {
        for (int i = 0; i < count; ++i) {
            m_data.tokens.emplace_back(1, static_cast<char>('a' + i));
            m_data.types.push_back(TokenType::Normal);
        }
    }
    const TokenizerData& data() const override { return m_data; }
    TokenizerData& mutableData() { return m_data; }
    std::vector<TokenId> encode(std::string_view text, const EncodeOptions&) const override {
        std::vector<TokenId> ids;
        for (const char c : text)
            ids.push_back(c - 'a');
        return ids;
    }
    std::string pieceBytes(TokenId id, bool) const override { return m_data.tokens[static_cast<std::size_t>(id)]; }
    std::string decode(std::span<const TokenId> ids, bool special) const override {
        std::string out;
        for (const TokenId id : ids)
            out += pieceBytes(id, special);
        return out;
    }

private:
    TokenizerData m_data;
};

/// Fills the logits that follow `token`.
using LogitRule = std::function<void(TokenId token, std::span<float> logits)>;

class FakeEngine : public Engine {
public:
    FakeEngine(std::shared_ptr<const Tokenizer> tokenizer, LogitRule rule) : m_rule(std::move(rule)) {
        Model::Parts parts;
        parts.config.vocabSize = tokenizer->vocabSize();
        parts.config.contextLength = 1024;
        parts.tokenizer = std::move(tokenizer);
        m_model = std::make_shared<const Model>(std::move(parts));
    }
    const Model& model() const override { return *m_model; }
    std::shared_ptr<const Model> sharedModel() const override { return m_model; }
    int threads() const override { return 1; }
    const std::vector<KernelChoice>& kernels() const override { return m_kernels; }
    std::string pathDescription() const override { return "fake"; }
    const WeightBytes& weightBytes() const override { return m_bytes; }
    Result<std::unique_ptr<Session>> newSession(std::int64_t contextLength) const override {
        return std::unique_ptr<Session>(std::make_unique<FakeSession>(*this, contextLength));
    }

private:
    class FakeSession : public Session {
    public:
        FakeSession(const FakeEngine& engine, std::int64_t context) : m_engine(engine), m_context(context) {}
        const Engine& engine() const override { return m_engine; }
        std::int64_t contextLength() const override { return m_context; }
        std::int64_t position() const override { return m_position; }
        std::uint64_t cacheBytes() const override { return 0; }
        Result<void> evaluate(std::span<const TokenId> ids, Logits which, RunControl& control) override {
            return evaluateFrom(ids, which == Logits::All ? 0 : ids.size() - 1, control);
        }
        Result<void> evaluateFrom(std::span<const TokenId> ids, std::size_t firstKept, RunControl& control) override {
            if (control.isCancelled())
                return cancelledError();
            const auto vocabulary = static_cast<std::size_t>(m_engine.model().config().vocabSize);
            m_logits.assign((ids.size() - firstKept) * vocabulary, 0.0f);
            for (std::size_t i = firstKept; i < ids.size(); ++i)
                m_engine.m_rule(ids[i], std::span(m_logits).subspan((i - firstKept) * vocabulary, vocabulary));
            m_position += static_cast<std::int64_t>(ids.size());
            return {};
        }
        std::span<const float> logits() const override { return m_logits; }
        void truncate(std::int64_t position) override { m_position = position; }

    private:
        const FakeEngine& m_engine;
        std::int64_t m_context = 0, m_position = 0;
        std::vector<float> m_logits;
    };

    std::shared_ptr<const Model> m_model;
    LogitRule m_rule;
    WeightBytes m_bytes;
    std::vector<KernelChoice> m_kernels;
};

} // namespace trilobit::test
