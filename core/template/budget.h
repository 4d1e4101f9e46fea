// Budget: what one rendering may still spend: steps, bytes in one text, depth.
#pragma once

#include "core/base/result.h"
#include "core/template/chattemplate.h"
#include "core/template/pytext.h"
#include "core/template/value.h"

#include <cstdint>
#include <string>

namespace trilobit::tmpl {

class Budget {
public:
    /// Bytes that one step pays for when texts are made or searched.
    static constexpr std::uint64_t kBytesPerStep = 64;

    explicit Budget(const TemplateLimits& limits) : m_limits(limits), m_heldBefore(heldBytes()) {}

    /// Errors of all: Unsupported, naming the limit.
    Result<void> spend(std::uint64_t steps) {
        if (steps > m_limits.maxSteps - m_steps)
            return fail(ErrorCode::Unsupported,
                        "the template takes more than " + std::to_string(m_limits.maxSteps) + " steps, expected at most so many");
        m_steps += steps;
        return checkMemory(steps);
    }
    /// So many values may be about to be made.
    Result<void> checkMemory(std::uint64_t values = 0) const {
        if (heldBytes() - m_heldBefore + values * HeldValue::kBytes > m_limits.maxMemoryBytes)
            return fail(ErrorCode::Unsupported, "the template holds more than " + std::to_string(m_limits.maxMemoryBytes >> 20)
                                                    + " MiB of values at a time, expected at most so much");
        return {};
    }
    Result<void> spendBytes(std::uint64_t bytes) { return spend(bytes / kBytesPerStep); }
    Result<void> checkSize(std::uint64_t bytes) const {
        if (bytes > m_limits.maxOutputBytes)
            return fail(ErrorCode::Unsupported,
                        "the template makes a text of more than " + std::to_string(m_limits.maxOutputBytes) + " bytes, expected at most so many");
        return {};
    }
    /// A text of this size is about to be made.
    Result<void> fits(std::uint64_t bytes) {
        if (Result<void> size = checkSize(bytes); !size)
            return size;
        return spendBytes(bytes);
    }
    /// `needle` is about to be looked for all over `text`.
    Result<void> spendSearch(std::uint64_t text, std::uint64_t needle) {
        return spend(text / kBytesPerStep * (1 + needle / 32));
    }

    /// A text was split into so many parts.
    static Result<void> checkParts(std::size_t parts) {
        if (parts > kMaxParts)
            return fail(ErrorCode::Unsupported,
                        "the template splits a text into more than " + std::to_string(kMaxParts) + " parts, expected at most so many");
        return {};
    }

    /// One level of nesting, for as long as the object lives.
    class Level {
    public:
        explicit Level(Budget& budget) : m_budget(budget) { ++m_budget.m_depth; }
        ~Level() { --m_budget.m_depth; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;
        Result<void> check() const {
            if (m_budget.m_depth > m_budget.m_limits.maxDepth)
                return fail(ErrorCode::Unsupported,
                            "the template nests deeper than " + std::to_string(m_budget.m_limits.maxDepth)
                                + " levels, expected at most so many");
            return {};
        }

    private:
        Budget& m_budget;
    };

    std::uint64_t steps() const { return m_steps; }

private:
    TemplateLimits m_limits;
    std::uint64_t m_steps = 0, m_heldBefore = 0;
    int m_depth = 0;
};

} // namespace trilobit::tmpl
