// StreamBatches: the batches of a token stream, in the trainer's counting.
#pragma once

#include "core/corpus/tokenstream.h"
#include "core/train/trainer/trainer.h"

namespace trilobit {

class StreamBatches final : public BatchSource {
public:
    explicit StreamBatches(TokenStream stream) : m_stream(std::move(stream)) {}
    const TokenStream& stream() const { return m_stream; }
    /// `time` must be the stream's own. Steps count from 1.
    void batch(std::int64_t step, std::int64_t rows, std::int64_t time, std::int32_t* ids,
               std::int32_t* targets) const override {
        const auto count = static_cast<std::size_t>(rows * time);
        m_stream.batch(static_cast<std::uint64_t>(step - 1), static_cast<std::size_t>(rows), {ids, count}, {targets, count});
    }

private:
    TokenStream m_stream;
};

} // namespace trilobit
