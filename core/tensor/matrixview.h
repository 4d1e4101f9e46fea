// MatrixView: a row-major float matrix that somebody else owns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace trilobit {

/// rows = output features, cols = input features; row r starts at data + r * cols.
struct MatrixView {
    const float* data = nullptr;
    std::int64_t rows = 0;
    std::int64_t cols = 0;

    const float* row(std::int64_t r) const noexcept { return data + r * cols; }
    std::int64_t count() const noexcept { return rows * cols; }
    std::span<const float> values() const noexcept { return {data, static_cast<std::size_t>(count())}; }
};

} // namespace trilobit
